"""What a certificate states, as data: what is signed, what is printed as a code, and what checking one says."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from datetime import date
from typing import Any

NO_CREDIT = "This certificate carries no continuing-education credit."


@dataclass(frozen=True)
class Statement:
    """Who completed what, when, and what that took.

    ``completed``: the day on which the last needed part was handed in. ``minutes``: the planned time of all modules.
    ``percent``, ``case``, ``points`` and ``maximum``: the rule of completion that was met, with the marks that the
    course had set. ``sponsor`` and ``sponsor_number``: an accredited sponsor as the provider has named it; empty: none.
    """

    title: str
    name: str
    completed: date
    minutes: int
    provider: str
    percent: float
    case: str
    points: float
    maximum: float
    sponsor: str = ""
    sponsor_number: str = ""

    def to_bytes(self) -> bytes:
        """The statement in the one form that is signed: a JSON list in UTF-8, with no space."""
        values = [
            value.isoformat() if isinstance(value, date) else value for value in dataclasses.astuple(self)
        ]
        return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> Statement:
        """
        Raises:
            ValueError: this is no statement.
        """
        values: Any = json.loads(data.decode())
        fields = dataclasses.fields(cls)
        if not isinstance(values, list) or len(values) != len(fields):
            raise ValueError("not a statement")
        given = dict(zip((field.name for field in fields), values, strict=True))
        try:
            statement = cls(**given | {"completed": date.fromisoformat(given["completed"])})
        except TypeError as error:
            raise ValueError("not a statement") from error
        for field in fields:
            value, numbers = getattr(statement, field.name), ("minutes", "percent", "points", "maximum")
            wanted = (int, float) if field.name in numbers else date if field.name == "completed" else str
            if isinstance(value, bool) or not isinstance(value, wanted):
                raise ValueError(f"{field.name} is not what it should be")
        return statement

    def met(self) -> tuple[str, ...]:
        """The rule of completion in plain words, a sentence for each part."""
        return (
            f"The knowledge test after the course, with {self.percent:g} % of its points or more.",
            f"A safe path through {self.case}, or its equal written route: a gate that no other result makes up for.",
            f"The capstone, with {self.points:g} of its {self.maximum:g} points or more.",
        )

    def credit(self) -> str:
        """What it says about continuing-education credit; a sponsor is named exactly as the provider has."""
        if not self.sponsor:
            return NO_CREDIT
        number = f", number {self.sponsor_number}" if self.sponsor_number else ""
        return (
            f"Continuing education: sponsored by {self.sponsor}{number}, as stated by {self.provider}, which is "
            "responsible for this statement. The course itself grants no credit."
        )

    def lines(self) -> tuple[tuple[str, str], ...]:
        """Everything in it, each with its name, for a reader to compare."""
        return (
            ("Name", self.name),
            ("Course", self.title),
            ("Completed on", in_words(self.completed)),
            ("Planned time", hours(self.minutes)),
            ("Provider", self.provider),
            *(("What was met", sentence) for sentence in self.met()),
            ("Credit", self.credit()),
        )


def in_words(day: date) -> str:
    """A day that reads the same in every country: ``1 April 2027``."""
    names = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ]
    return f"{day.day} {names[day.month - 1]} {day.year}"


def hours(minutes: int) -> str:
    """Minutes as hours, and minutes where some are left: ``18 hours``, ``1 hour 30 minutes``."""
    whole, rest = divmod(minutes, 60)
    parts = [f"{whole} hour{'s' * (whole != 1)}"] if whole else []
    if rest or not whole:
        parts.append(f"{rest} minute{'s' * (rest != 1)}")
    return " ".join(parts)
