"""What a report rests on: the gradebook's points and what was handed in, assignment by assignment."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from earned_security.assessment.items import Item, Key
from earned_security.assessment.marking import is_dropped, mark
from earned_security.curriculum.completion import CompletionRule
from earned_security.teaching import TeachingError
from earned_security.teaching.bank import Bank, course_banks
from earned_security.teaching.course_folder import open_course
from earned_security.teaching.grade import read_answers
from earned_security.teaching.repair import LATE, Standing, standings


@dataclass(frozen=True)
class Sheet:
    """What one learner handed in for one assignment.

    ``points``: by item; None where a person has still to give them. ``by_hand``: the items with points from a person.
    ``answers``: by item, as handed in; those left blank, and those that do not go with the marks, are not in it.
    ``when``: in UTC, None where the gradebook has no time. ``penalty``: points taken off for lateness, 0 or more.
    ``unlike``: items whose answer does not go with its marks, because it was handed in after the marking.
    """

    points: Mapping[str, float | None]
    answers: Mapping[str, Any] = field(default_factory=dict)
    when: datetime | None = None
    by_hand: frozenset[str] = frozenset()
    penalty: float = 0.0
    unlike: frozenset[str] = frozenset()

    @property
    def waiting(self) -> bool:
        return not self.points or None in self.points.values()

    @property
    def total(self) -> float:
        """Points so far, in points; lateness is taken off."""
        return max(0.0, sum(points or 0.0 for points in self.points.values()) - self.penalty)


@dataclass(frozen=True)
class Work:
    """One assignment and everybody's sheets for it, by learner."""

    bank: Bank
    sheets: Mapping[str, Sheet]

    @property
    def counted(self) -> tuple[tuple[Item, Key], ...]:
        """Its items but for those that were dropped, for which everybody has the same."""
        return tuple(pair for pair in self.bank.items if not is_dropped(pair[1].value))


@dataclass(frozen=True)
class Cohort:
    """A course as a report sees it. ``learners``: name by id, in the order of the ids."""

    course: str
    learners: Mapping[str, str]
    works: tuple[Work, ...]
    rule: CompletionRule
    post_test_from: datetime | None = None

    @property
    def forms(self) -> tuple[Work, ...]:
        return tuple(work for work in self.works if work.bank.assignment in self.rule.forms)

    @property
    def modules(self) -> tuple[Work, ...]:
        """The assignments of the modules: neither the knowledge test nor the observed tasks."""
        apart = (*self.rule.forms, self.rule.observed_tasks)
        return tuple(work for work in self.works if work.bank.assignment not in apart)

    def codes(self) -> dict[str, str]:
        """A code for each learner, in an order that says nothing about names; the same in every report of a course."""
        order = sorted(
            self.learners, key=lambda id_: hashlib.sha256(f"{self.course}/{id_}".encode()).digest()
        )
        width = max(2, len(str(len(order))))
        return {id_: f"T{number:0{width}}" for number, id_ in enumerate(order, start=1)}


def of_course(folder: Path) -> Cohort:
    """Read a course.

    Raises:
        ContentError: the settings or a bank have mistakes.
        TeachingError: the folder holds no course, or nobody is in it.
    """
    settings, api = open_course(folder)
    places = api.coursedir

    def handed_in(learner: str, assignment: str) -> Mapping[str, Any]:
        place = Path(places.format_path(places.submitted_directory, learner, assignment))
        return read_answers(place).found

    works = []
    with api.gradebook as gradebook:
        learners = {
            student.id: " ".join(filter(None, (student.first_name, student.last_name)))
            for student in gradebook.students
        }
        if not learners:
            raise TeachingError("The gradebook has no learners yet: earned course roster imports them.")
        for bank in course_banks(settings):
            times = _times(gradebook, bank.assignment)
            if times is None:
                continue
            rows: dict[str, dict[str, Standing]] = {learner: {} for learner in times}
            for (learner, item), standing in standings(gradebook, bank.assignment).items():
                rows[learner][item] = standing
            sheets = {
                learner: sheet(bank, rows[learner], handed_in(learner, bank.assignment), when)
                for learner, when in sorted(times.items())
            }
            works.append(Work(bank, sheets))
    ordered = dict(sorted(learners.items()))
    return Cohort(settings.course, ordered, tuple(works), settings.completion, settings.post_test_from)


def _times(gradebook: Any, assignment: str) -> dict[str, datetime | None] | None:
    """When each learner handed in; None: the gradebook does not know the assignment."""
    from nbgrader.api import Assignment, SubmittedAssignment
    from sqlalchemy import select

    known = gradebook.db.execute(select(Assignment.id).where(Assignment.name == assignment)).scalar()
    if known is None:
        return None
    rows = gradebook.db.execute(
        select(SubmittedAssignment.student_id, SubmittedAssignment.timestamp).where(
            SubmittedAssignment.assignment_id == known
        )
    )
    return {row.student_id: row.timestamp for row in rows}


def sheet(
    bank: Bank,
    rows: Mapping[str, Standing],
    answers: Mapping[str, Any],
    when: datetime | None = None,
) -> Sheet:
    """A learner's sheet from the gradebook's rows. An answer is kept where marking it gives the gradebook's points."""
    points: dict[str, float | None] = {}
    kept: dict[str, Any] = {}
    unlike = set()
    for item, key in bank.items:
        row = rows.get(item.id)
        if row is None:
            continue
        points[item.id] = _points(row)
        if (answer := answers.get(item.id)) is None:
            continue
        marked = mark(item, key, answer)
        if (
            marked.details.get("by_hand")
            or row.automatic is None
            or abs(marked.points - row.automatic) < 1e-6
        ):
            kept[item.id] = answer
        else:
            unlike.add(item.id)
    late = rows.get(LATE)
    return Sheet(
        points,
        kept,
        when if when is None or when.tzinfo is None else when.astimezone(UTC).replace(tzinfo=None),
        frozenset(name for name, row in rows.items() if row.by_hand is not None),
        -(late.automatic or 0.0) if late else 0.0,
        frozenset(unlike),
    )


def _points(row: Standing) -> float | None:
    if row.by_hand is None and (row.waiting or row.automatic is None):
        return None
    return row.points
