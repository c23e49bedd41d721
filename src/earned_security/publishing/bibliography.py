"""How works are cited and listed: author and year, and a visible mark on a record that nobody has checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from pybtex.plugin import register_plugin as register_formatting
from pybtex.richtext import Tag, Text
from pybtex.style.formatting.unsrt import Style as PlainStyle
from pybtex.style.labels import BaseLabelStyle
from sphinxcontrib.bibtex.plugin import register_plugin as register_citing
from sphinxcontrib.bibtex.style.referencing import BracketStyle
from sphinxcontrib.bibtex.style.referencing.author_year import AuthorYearReferenceStyle

from earned_security.locale import words


class KeyLabels(BaseLabelStyle):
    """Labels are not shown; they only have to differ."""

    def format_labels(self, sorted_entries: Iterable[Any]) -> Iterator[str]:
        return (entry.key for entry in sorted_entries)


class ListStyle(PlainStyle):
    """One entry of the list of references. The fields ``checked`` and ``checknote`` are not printed."""

    default_sorting_style = "author_year_title"
    default_label_style = KeyLabels
    default_name_style = "lastfirst"

    def format_entry(self, label: str, entry: Any, bib_data: Any = None) -> Any:
        formatted = super().format_entry(label, entry, bib_data)
        if entry.fields.get("checked") == "memory":
            formatted.text = Text(
                formatted.text, " ", Tag("strong", words("pages.evidence.fromMemoryInList"))
            )
        return formatted


def _round() -> BracketStyle:
    return BracketStyle(left="(", right=")", sep="; ", sep2="; ", last_sep="; ")


@dataclass
class CitationStyle(AuthorYearReferenceStyle):
    """(Shenk and Fruzzetti, 2011)"""

    bracket_parenthetical: BracketStyle = field(default_factory=_round)
    bracket_textual: BracketStyle = field(default_factory=_round)


def register() -> None:
    """Make both styles known to sphinxcontrib-bibtex under the name ``earned_security``."""
    register_formatting("pybtex.style.formatting", "earned_security", ListStyle)
    register_citing("sphinxcontrib.bibtex.style.referencing", "earned_security", CitationStyle)
