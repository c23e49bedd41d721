"""The glossary and the self-checks as a deck for Anki, a program for learning with cards.

Each card says on what it rests, with the grade of each claim. A card keeps its identity from edition to edition, so a deck that is
imported again brings texts up to date and leaves what was learned. Only what is public is in it.
"""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from earned_security import curriculum
from earned_security.assessment.items import Item, Key, split
from earned_security.curriculum import Curriculum, source
from earned_security.teaching import TeachingError
from earned_security.teaching.export.qti import an_order, number
from earned_security.teaching.export.qti_package import archive
from earned_security.teaching.export.wording import html, html_line, html_list

# Fixed for good: Anki knows a deck and a kind of note by these.
_DECK, _GLOSSARY, _SELF_CHECKS, _NOTE = 1_746_200_301, 1_746_200_302, 1_746_200_303, 1_746_200_304
_STYLE = (
    ".card { font-family: sans-serif; font-size: 20px; max-width: 40em; margin: 0 auto; text-align: left; }\n"
    ".basis { font-size: 15px; }"
)


@dataclass(frozen=True)
class Card:
    """One card in HTML. ``id``: stays the same when its text changes. ``basis``: the claims, with their grades."""

    id: str
    front: str
    back: str
    basis: str
    tags: tuple[str, ...] = ()


def glossary(known: Curriculum) -> Iterator[Card]:
    """A card for each term."""
    for term in known.glossary.values():
        see = f"<p>See also: {escape(', '.join(term.see))}.</p>" if term.see else ""
        back = html(term.definition) + see
        yield Card(
            f"term/{term.term}",
            f"<p>{escape(term.term)}</p>",
            back,
            _basis(known, term.claims),
            ("glossary",),
        )


def self_checks(known: Curriculum) -> Iterator[Card]:
    """A card for each self-check that a card can ask: no played case and no text of one's own."""
    for name in source.names("self-checks"):
        for entry in source.read(name):
            item, key = split(entry)
            if item.type in ("play-case", "free-text"):
                continue
            tag = f"module-{item.objective.removeprefix('M').split('.')[0]}"
            yield Card(
                f"self-check/{item.id}",
                html(item.prompt) + _asked(item),
                _answer(item, key),
                _basis(known, item.claims),
                ("self-check", tag),
            )


def _basis(known: Curriculum, claims: Iterable[str]) -> str:
    lines = []
    for name in claims:
        claim = known.claims[name]
        unread = "" if claim.figures_checked else " <b>Numbers to be re-read at source.</b>"
        lines.append(f"<li><b>{escape(claim.grade)}</b>: {escape(claim.statement)}{unread}</li>")
    return f"<p>Rests on:</p><ul>{''.join(lines)}</ul>" if lines else ""


def _asked(item: Item) -> str:
    content = item.content
    if item.type == "mark-passages":
        return "".join(
            html(f"{part['speaker']}: {part['text']}" if part.get("speaker") else part["text"])
            for part in content["passages"]
        )
    if item.type in ("match", "classify"):
        return html_list(item.texts("entries").values()) + html_list(item.texts("options").values())
    if item.type == "scale":
        ends = content["scale"]
        return html(f"From {number(ends['min'])} ({ends['low']}) to {number(ends['max'])} ({ends['high']}).")
    if item.type == "numeric":
        return html(f"In {content['unit']}.") if content.get("unit") else ""
    return html_list(item.texts("options").values())


def _answer(item: Item, key: Key) -> str:
    if item.type == "choose-one":
        return _with_reason(item.texts("options")[key.value], key.rationales[key.value])
    if item.type in ("choose-many", "mark-passages"):
        texts = item.texts("options" if item.type == "choose-many" else "passages")
        return "".join(_with_reason(texts[part], key.rationales[part]) for part in texts if part in key.value)
    if item.type in ("match", "classify"):
        options = item.texts("options")
        return "".join(
            _with_reason(f"{text} → {options[key.value[entry]]}", key.rationales[entry])
            for entry, text in item.texts("entries").items()
        )
    if item.type == "order":
        texts = item.texts("options")
        steps = "".join(f"<li>{html_line(texts[step])}</li>" for step in an_order(texts, key.value["before"]))
        return f"<p>One order that fits:</p><ol>{steps}</ol>"
    value, tolerance = key.value["value"], key.value["tolerance"]
    within = f" (within {number(tolerance)})" if tolerance else ""
    return html(f"{number(value)}{within}") + html(key.rationales.get("", ""))


def _with_reason(text: str, reason: str) -> str:
    return f"<p><b>{html_line(text)}</b></p>{html(reason)}"


def deck(moment: float) -> bytes:
    """The deck as Anki's package.

    Args:
        moment: in seconds since 1970, as when Anki takes the cards to be changed: a later one brings texts up to date.
            The same gives the same bytes.

    Raises:
        TeachingError: genanki is not installed.
    """
    try:
        import genanki
    except ImportError as error:
        raise TeachingError("A deck for Anki needs more: pip install 'earned-security[export]'") from error
    known = curriculum.load()
    model = genanki.Model(
        _NOTE,
        "Earned Security",
        fields=[{"name": "Front"}, {"name": "Back"}, {"name": "Basis"}],
        templates=[
            {
                "name": "Card",
                "qfmt": "{{Front}}",
                "afmt": '{{FrontSide}}<hr id="answer">{{Back}}<div class="basis">{{Basis}}</div>',
            }
        ],
        css=_STYLE,
    )
    decks = []
    for number_, name, cards in (
        (_DECK, "Earned Security", iter(())),
        (_GLOSSARY, "Earned Security::Glossary", glossary(known)),
        (_SELF_CHECKS, "Earned Security::Self-checks", self_checks(known)),
    ):
        made = genanki.Deck(number_, name)
        for card in cards:
            made.add_note(
                genanki.Note(
                    model=model,
                    fields=[card.front, card.back, card.basis],
                    tags=list(card.tags),
                    guid=genanki.guid_for("earned-security", card.id),
                )
            )
        decks.append(made)
    return _packed(genanki.Package(decks), moment)


def _packed(package: Any, moment: float) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "deck.apkg"
        package.write_to_file(str(file), timestamp=moment)
        with zipfile.ZipFile(io.BytesIO(file.read_bytes())) as written:
            return archive({name: written.read(name) for name in written.namelist()})
