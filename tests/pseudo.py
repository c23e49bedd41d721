"""A second language made by machine: accents, words longer by a third or more, and ⟦brackets⟧ around every text."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from earned_security import locale

NAME = "en_XA"  # what Android calls its pseudo-language; Sphinx takes its own words from English
_ACCENTS = str.maketrans("aeiouAEIOUcnsy", "áéíóúÁÉÍÓÚçñšý")
_PARTS = re.compile(r"(\{\w+\})")
# What opens a line of Markdown stays before the bracket.
_LINE = re.compile(r"^(?P<mark>\s*(?:\{\w+\})?(?:#+ |- )?)(?P<text>.*\S)", re.MULTILINE)
JOINT = "¦"  # between the parts of a sentence that stand in elements of their own
# Not words: how dates are written, and names of files.
_KEPT = re.compile(r"(^|\.)(locale|fileName)$")


def text(english: str) -> str:
    """A text in the pseudo-language; ``{places}`` stay as they are."""

    def longer(part: str) -> str:
        return re.sub(r"([aeiou])", r"\1\1", part).translate(_ACCENTS)

    def line(match: re.Match[str]) -> str:
        parts = _PARTS.split(match["text"])
        if not any(re.search(r"[A-Za-z]", part) for part in parts[::2]):
            return match[0]
        words = "".join(part if index % 2 else longer(part) for index, part in enumerate(parts))
        return f"{match['mark']}⟦{words}⟧"

    return _LINE.sub(line, english)


def translated(data: Any, at: str = "") -> Any:
    """A catalogue, or a part of one, in the pseudo-language."""
    if isinstance(data, dict):
        return {key: translated(value, f"{at}.{key}") for key, value in data.items()}
    if isinstance(data, list):
        return [translated(value, at) for value in data]
    return data if _KEPT.search(at) else text(data)


def write(root: Path, name: str = NAME) -> Path:
    """Make the folder of the language in an institution's folder; the language's folder."""
    folder = root / "locale" / name
    folder.mkdir(parents=True)
    for path in locale.files(locale.ENGLISH):
        made = yaml.safe_dump(
            translated(locale.read(path)), allow_unicode=True, sort_keys=False, width=10_000
        )
        (folder / path.name).write_text(made, encoding="utf-8")
    return folder


def outside_brackets(shown: str) -> str:
    """What of a text stands in no brackets."""
    while (less := re.sub(r"⟦[^⟦⟧]*⟧", " ", shown)) != shown:
        shown = less
    return " ".join(shown.split())


def corpus(*contents: Any) -> set[str]:
    """The texts of the curriculum in some JSON, whole and sentence by sentence; numbers are left open."""
    found: set[str] = set()
    waiting = list(contents)
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            waiting += part.values()
        elif isinstance(part, (list, tuple)):
            waiting += part
        elif isinstance(part, str):
            found |= {_open(text) for text in (part, *_sentences(part))}
    return found


def english_words(shown: list[str], known: set[str]) -> list[str]:
    """Texts of a page in which something is neither in brackets nor a text of the curriculum, or a part of one.

    ``shown``: where a sentence has parts in elements of their own, :data:`JOINT` between them. A part counts only
    where it is long: a short word would be found in any long text.
    """
    whole = "\n".join(known)

    def is_known(part: str) -> bool:
        left = _open(part)
        return not re.search(r"[a-z]{2}", left) or left in known or (len(left) >= 25 and left in whole)

    parts = (part for said in shown for part in outside_brackets(said).split(JOINT))
    # "Trust: high; Smith, 2010" is put together from names of the curriculum.
    return [part for part in parts if not (is_known(part) or all(map(is_known, _sentences(part))))]


def _sentences(text: str) -> list[str]:
    return re.split(r"\n\s*\n|\*|[.;:!?)…](?:\s|$)|\s(?:\(|/ )", text)


def _open(text: str) -> str:
    """A text with its numbers, and its places for numbers, as ``#``; no quotation marks and no capitals."""
    plain = re.sub("[*“”‘’\"']", "", text.casefold())
    return " ".join(re.sub(r"\{[^{}]*\}|-?\d+(?:[.,:]\d+)*", "#", plain).split()).strip(" #.,;:()[]/|·☐-–…")


# Every text and label that a page holds, hidden ones too; not what plotly draws, which comes with the figure.
SHOWN = """(within) => {
  const found = new Set(), apart = "script, style, noscript, .es-plot, .js-plotly-plot";
  const inline = /^(a|abbr|b|code|em|i|q|small|span|strong|sub|sup|tspan|time|u)$/i;
  const labels = ["aria-label", "aria-valuetext", "aria-description", "alt", "title", "placeholder"];
  let sentence = "";
  const end = () => { found.add(sentence); sentence = ""; };
  function walk(node) {
    if (node.nodeType === 3) sentence += node.data;
    if (node.nodeType !== 1 || node.matches(apart)) return;
    labels.forEach((name) => found.add(node.getAttribute(name) ?? ""));
    const part = inline.test(node.tagName) ? () => { sentence += "JOINT"; } : end;
    part();
    node.childNodes.forEach(walk);
    part();
  }
  document.querySelectorAll(within).forEach(walk);
  end();
  return [...found].map((text) => text.trim()).filter(Boolean);
}""".replace("JOINT", JOINT)

# Uses whatever stands in an element: fills fields, opens what is folded, presses each button; what was shown meanwhile.
USE = """async (within) => {
  const pause = () => new Promise((next) => setTimeout(next, 60));
  const shown = SHOWN, collected = new Set(), filled = new WeakSet(), pressed = new Map();
  const note = () => shown(within).forEach((text) => collected.add(text));
  const all = (what) => [...document.querySelectorAll(within)].flatMap((root) => [...root.querySelectorAll(what)]);
  const tell = (field) => ["input", "change"].forEach((name) => field.dispatchEvent(new Event(name, { bubbles: true })));
  const wide = () => document.scrollingElement.scrollWidth - innerWidth;
  window.print = () => {};
  let over = wide();
  for (let turn = 0; turn < 40; turn += 1) {
    all("details").forEach((part) => { part.open = true; });
    for (const field of all("input, textarea, select")) {
      if (filled.has(field) || field.disabled || field.type === "file") continue;
      filled.add(field);
      if (field.type === "radio" || field.type === "checkbox") { if (!field.checked) field.click(); continue; }
      if (field.tagName === "SELECT") field.selectedIndex = Math.min(1, field.options.length - 1);
      else field.value = field.type === "range" ? field.max : field.inputMode || field.type === "number" ? "3" : "12";
      tell(field);
    }
    await pause();
    note();
    over = Math.max(over, wide());
    const times = (button) => pressed.get(button.textContent) ?? 0;
    const [next] = all("button").filter((button) => !button.disabled && button.checkVisibility() && times(button) < 2)
      .sort((one, other) => times(one) - times(other));
    if (!next) break;
    pressed.set(next.textContent, times(next) + 1);
    next.click();
    await pause();
    note();
    over = Math.max(over, wide());
  }
  return { shown: [...collected], over };
}""".replace("SHOWN", SHOWN)
