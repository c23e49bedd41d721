"""The published rules of marking, in words for trainees: what an answer of each type earns.

The book's page on marking and the opening of every assignment are made from these texts; the functions of
``marking.py`` do what they say, and the tests of both hold them together.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """``share``: which share of the item's points is earned. ``example``: one answer and what it earns."""

    name: str
    share: str
    example: str


_PICKS = (
    "Each {part} that is looked for and chosen counts one up, each other one that is chosen takes one off. "
    "The sum is divided by the number looked for; it is never below nothing."
)
_PAIRS = "Entries placed as looked for, divided by all entries. A wrong place takes nothing off."

RULES: dict[str, Rule] = {
    "choose-one": Rule(
        "Choose one",
        "All points for the answer looked for, otherwise nothing.",
        "The answer looked for: all points.",
    ),
    "choose-many": Rule(
        "Choose many",
        _PICKS.format(part="option"),
        "Three are looked for; two of them and one other are chosen: (2 - 1) / 3, a third of the points.",
    ),
    "match": Rule("Match", _PAIRS, "Three of four pairs as looked for: three quarters of the points."),
    "classify": Rule("Classify", _PAIRS, "Two of six in the right group: a third of the points."),
    "order": Rule(
        "Put in order",
        "The key names pairs of steps of which one comes before the other; other steps may stand in any order. "
        "Pairs that stand in the right order, divided by all such pairs. Nothing if a step that keeps people "
        "safe is out of place.",
        "Four of five pairs in order, the step for safety among them: four fifths of the points.",
    ),
    "scale": Rule(
        "Place on a scale",
        "All points in the range looked for, half near it (within twice the tolerance), otherwise nothing.",
        "7 is looked for, 6 to 8 is the range; 9 earns half, 4 earns nothing.",
    ),
    "numeric": Rule(
        "A number",
        "All points for the number looked for, within its tolerance; otherwise nothing.",
        "168 is looked for, with no tolerance: 168 earns all points.",
    ),
    "mark-passages": Rule(
        "Mark passages",
        _PICKS.format(part="passage"),
        "Two are looked for; both and one other are marked: (2 - 1) / 2, half of the points.",
    ),
    "play-case": Rule(
        "Play a case",
        "Every scene in which you decide is one decision, and the least good choice made there counts. Decisions "
        "that were preferred or defensible, divided by all decisions on your path. The exercise says which "
        "share of its points is for repair instead: the ruptures on your path that were repaired, then or "
        "later, divided by all of them; on a path without a rupture, decisions earn everything. Nothing where "
        "a choice failed safety, and nothing before the case has come to an ending. A case that has ended can be "
        "played again from the start; the play that stands when you hand in counts. Where you take the "
        "written alternative, a person marks it, for the same points.",
        "A quarter is for repair; 8 of 10 decisions were preferred or defensible and one of two ruptures was "
        "repaired: three quarters of 8/10 and a quarter of 1/2, together 72.5 hundredths of the points.",
    ),
    "free-text": Rule(
        "Write",
        "A person reads it and gives points for each criterion of a rubric.",
        "Two criteria with two points each; one met in full and one in part: three of four points.",
    ),
}

GENERAL = (
    "No answer earns nothing, and no mark is ever below nothing.",
    "Points are rounded to the nearest hundredth.",
    "You can change every answer until you hand in, except the choices in a played case; the last one counts.",
    "The time that you take, and how often you change an answer, do not count.",
)


def in_words(types: Iterable[str]) -> str:
    """The rules of these types, and those for all, as a Markdown list; each type once, in the course's order."""
    wanted = set(types)
    lines = [f"- **{rule.name}.** {rule.share}" for type_, rule in RULES.items() if type_ in wanted]
    return "\n".join([*lines, *(f"- {sentence}" for sentence in GENERAL)])
