"""Retention: what is past the date until which ``course.yaml`` lets it be kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from earned_security.teaching.privacy import deletion
from earned_security.teaching.privacy.holdings import KINDS, Kind, find
from earned_security.teaching.privacy.place import Place

IN_WORDS: dict[Kind, str] = {
    "submissions": "what was handed in, marked copies and feedback",
    "marks": "the gradebook, the roster, reports and tables",
    "certificates": "certificates",
}


@dataclass(frozen=True)
class Due:
    """One kind of data past its date. ``learners``: on whom something of it is held."""

    kind: Kind
    until: datetime
    learners: tuple[str, ...]


def dates(place: Place) -> dict[Kind, datetime | None]:
    """Until when each kind is kept; None: no date is set."""
    own = place.settings.retention
    return {"submissions": own.submissions, "marks": own.marks, "certificates": own.certificates}


def due(place: Place, now: datetime | None = None) -> list[Due]:
    """What is past its date; a kind of which nothing is left is not in it."""
    past = {
        kind: until for kind, until in dates(place).items() if until and until < (now or datetime.now(UTC))
    }
    held: dict[Kind, list[str]] = {kind: [] for kind in KINDS}
    for learner in place.learners() if past else ():
        found = find(place, place.identity(learner), mentions=False)
        for kind in past:
            rows = kind == "marks" and any(found.rows.values())
            if rows or any(holding.kind == kind for holding in found.holdings):
                held[kind].append(learner)
    return [Due(kind, until, tuple(held[kind])) for kind, until in past.items() if held[kind]]


def delete(place: Place, found: list[Due], say: Callable[[str], None]) -> int:
    """Delete what is due, learner by learner; of how many learners."""
    learners = sorted({name for each in found for name in each.learners})
    for learner in learners:
        kinds = [each.kind for each in found if learner in each.learners]
        deletion.delete(place, place.identity(learner), kinds, mentions=False)
        say(learner)
    return len(learners)
