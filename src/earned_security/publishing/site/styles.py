"""The book's look as one style sheet, of the rules that its pages can use.

The theme and its extensions bring seven sheets, 0.4 MB, of which a page uses a tenth; a phone would wait for them all
before it shows a word. A rule stays unless it asks for a class or a place that no page and no script names.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import tinycss2
from sphinx.application import Sphinx

from earned_security.publishing import assets
from earned_security.publishing.site import built_pages
from earned_security.publishing.site.built_pages import BuiltPage

SHEET = "earned-security.css"

# The sheets of others, below ``_static``, in the theme's order. The course's own follow them, whole.
OTHERS = (
    "basic.css",
    "styles/pydata-sphinx-theme.css",
    "pygments.css",
    "styles/sphinx-book-theme.css",
    "mystnb.*.css",
    "sphinx-design.min.css",
)
OWN = ("book.css", "pieces.css")

_WORD = re.compile(r"[A-Za-z_][\w-]*")
_LINK = re.compile(rf"""(_static/{re.escape(SHEET)})(?:\?v=\w*)?(?=["'])""")
# Class names that a script puts together from parts.
_ASSEMBLED = re.compile(r"bs-tooltip-")
_NESTING = ("media", "supports", "layer", "container")


def _is_used(selector: Iterable[Any], used: set[str]) -> bool:
    """Whether something can match a selector. What stands in brackets, as in ``:not(.a)``, asks for nothing."""
    after_dot = False
    for token in selector:
        name = token.value if token.type == "hash" or (after_dot and token.type == "ident") else None
        if name and name not in used and not _ASSEMBLED.match(name):
            return False
        after_dot = token == "."
    return True


def _text(tokens: Iterable[Any]) -> str:
    """Tokens as text, without remarks, and with one space where there were many."""
    return "".join(
        " " if token.type == "whitespace" else token.serialize()
        for token in tokens
        if token.type != "comment"
    ).strip()


def _selectors(prelude: Iterable[Any]) -> list[list[Any]]:
    listed: list[list[Any]] = [[]]
    for token in prelude:
        if token == ",":
            listed.append([])
        else:
            listed[-1].append(token)
    return listed


def _kept(rules: Iterable[Any], used: set[str]) -> str:
    kept = []
    for rule in rules:
        if rule.type == "comment" and rule.value.startswith("!"):
            kept.append(rule.serialize())  # a licence
        elif rule.type == "qualified-rule":
            wanted = [_text(one) for one in _selectors(rule.prelude) if _is_used(one, used)]
            if wanted:
                kept.append(f"{','.join(wanted)}{{{_text(rule.content)}}}")
        elif rule.type == "at-rule" and rule.lower_at_keyword in _NESTING and rule.content is not None:
            inside = _kept(tinycss2.parse_rule_list(rule.content, skip_whitespace=True), used)
            if inside:
                kept.append(f"@{rule.at_keyword} {_text(rule.prelude)}{{{inside}}}")
        elif rule.type == "at-rule" and rule.lower_at_keyword not in ("charset", "import"):
            text = rule.serialize()
            if "Font Awesome" not in text.replace("\\", ""):  # book.css draws the icons
                kept.append(text)
    return "\n".join(kept)


def reduced(sheet: str, used: set[str]) -> str:
    """A style sheet without the rules for classes and places that are not among those ``used``."""
    return _kept(tinycss2.parse_stylesheet(sheet, skip_whitespace=True), used)


def gather(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object) -> None:
    """A page that is being written loads the one sheet in place of those that are in it."""
    merged = {f"_static/{name}" for name in OTHERS} | {
        f"_static/{assets.folder_name()}/{name}" for name in OWN
    }
    for sheet in list(context.get("css_files", ())):
        name = re.sub(r"mystnb\.\w+\.css", "mystnb.*.css", str(getattr(sheet, "filename", sheet)))
        if name in merged:
            context["css_files"].remove(sheet)


def names(folder: Path, pages: Mapping[str, BuiltPage]) -> set[str]:
    """The classes and places that a book's pages have, and every word of their scripts: any may become a class."""
    used: set[str] = set()
    scripts: set[Path] = set()
    for name, page in pages.items():
        used |= page.classes | set(page.ids)
        loaded = (folder / built_pages.target(name, mention.text)[0] for mention in page.loaded)
        scripts |= {path for path in loaded if path.suffix == ".js" and path.is_file()}
    own = assets.folder(folder)
    kinds = (".js", ".json", ".html")
    scripts |= {path for path in own.rglob("*") if path.suffix in kinds and "vendor" not in path.parts}
    for path in scripts:
        used |= set(_WORD.findall(path.read_text(encoding="utf-8")))
    return used


def write(app: Sphinx, pages: Mapping[str, BuiltPage]) -> str:
    """Write the sheet into a finished book; its version, which follows its content."""
    folder = Path(app.outdir)
    used = names(folder, pages)
    others = (path for name in OTHERS for path in sorted((folder / "_static").glob(name)))
    sheets = [reduced(path.read_text(encoding="utf-8"), used) for path in others]
    sheets += [(assets.folder(folder) / name).read_text(encoding="utf-8") for name in OWN]
    text = '@charset "UTF-8";\n' + "\n".join(sheets)
    (folder / "_static" / SHEET).write_text(text, encoding="utf-8")
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def with_version(html: str, version: str) -> str:
    """A page whose address of the sheet says its version, so that no browser shows a page in an old look."""
    return _LINK.sub(rf"\1?v={version}", html)


def _load(app: Sphinx) -> None:
    if app.builder.name == "html":
        app.add_css_file(SHEET)


def connect(app: Sphinx) -> None:
    """Add the sheet to every page of a Sphinx application."""
    app.connect("builder-inited", _load)
    app.connect("html-page-context", gather, priority=900)
