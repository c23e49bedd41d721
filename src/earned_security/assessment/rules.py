"""The published rules of marking, in words for trainees: what an answer of each type earns.

The book's page on marking and the opening of every assignment are made from these texts, which stand in the catalogue
of words (``locale/<language>/marking.yaml``); the functions of ``marking.py`` do what they say, and the tests of both
hold them together.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from earned_security.locale import listed, words

TYPES = (
    *("choose-one", "choose-many", "match", "classify", "order"),
    *("scale", "numeric", "mark-passages", "play-case", "free-text"),
)
"""The types of items that have a rule, in the order in which the course explains them."""


@dataclass(frozen=True)
class Rule:
    """``share``: which share of the item's points is earned. ``example``: one answer and what it earns."""

    name: str
    share: str
    example: str


def by_type() -> dict[str, Rule]:
    """The rule of each type, in the course's order."""
    return {
        kind: Rule(*(words(f"marking.rules.{kind}.{part}") for part in ("name", "share", "example")))
        for kind in TYPES
    }


def general() -> tuple[str, ...]:
    """The rules for all types, one sentence each."""
    return listed("marking.general")


def in_words(types: Iterable[str]) -> str:
    """The rules of these types, and those for all, as a Markdown list; each type once, in the course's order."""
    wanted = set(types)
    lines = [f"- **{rule.name}.** {rule.share}" for kind, rule in by_type().items() if kind in wanted]
    return "\n".join([*lines, *(f"- {sentence}" for sentence in general())])
