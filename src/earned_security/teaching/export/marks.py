"""The gradebook's marks as CSV, in the columns that Moodle's and Canvas's import ask for, or plainly.

Moodle (*Grades → Import → CSV file*) finds a person by one column that the instructor chooses, and makes a grade item out of 100
from a column that it does not know; so marks are percent there, and "-" stands for no mark. Canvas (*Grades → Import*) needs
its own columns first, in its order, and takes the maximum from a row called Points Possible.

The form of the knowledge test that was taken before the course is no mark, and what nobody has observed is no 0: both are
left out unless asked for.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from earned_security.teaching.completion import Plan, form_after_the_course, read
from earned_security.teaching.course_folder import open_course
from earned_security.teaching.spreadsheet import harmless

System = Literal["moodle", "canvas", "generic"]
SYSTEMS: tuple[System, ...] = ("moodle", "canvas", "generic")
KNOWLEDGE_TEST = "knowledge-test"
BEFORE = "knowledge-test-before-the-course"


@dataclass(frozen=True)
class Mark:
    """What one learner has in one column: points from 0 to ``maximum``; ``waits``: a person has still to mark."""

    points: float
    maximum: float
    waits: bool = False

    @property
    def percent(self) -> float:
        return round(100 * self.points / self.maximum, 2) if self.maximum else 0.0


@dataclass(frozen=True)
class Learner:
    """A row: who it is, as the roster says, and the marks by column."""

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_user_id: str = ""
    marks: Mapping[str, Mark] = field(default_factory=dict)


@dataclass(frozen=True)
class Marks:
    """All rows, the columns' maximum by name, and what was left out, in sentences."""

    learners: tuple[Learner, ...]
    columns: Mapping[str, float]
    left_out: tuple[str, ...] = ()


def of_course(folder: Path, before: bool = False, observed: bool = False) -> Marks:
    """Everybody's marks, by their ids, lateness taken off as the gradebook has it.

    Args:
        before: also the form of the knowledge test taken before the course.
        observed: also the observed tasks.

    Raises:
        ContentError: the settings have mistakes.
        TeachingError: the folder holds no course.
    """
    settings, api = open_course(folder)
    rule = settings.completion
    plan = Plan(rule, post_test_from=settings.post_test_from)
    learners, left_out = [], []
    with api.gradebook as gradebook:
        found = _marks(gradebook)
        submissions = read(gradebook, rule)
        assignments = sorted(assignment.name for assignment in gradebook.assignments)
        maxima = {
            assignment.name: float(assignment.max_score)
            for assignment in gradebook.assignments
            if assignment.name not in rule.forms
        }
        for person in sorted(gradebook.students, key=lambda each: str(each.id)):
            marks = dict(found.get(person.id, {}))
            forms = {name: marks.pop(name) for name in rule.forms if name in marks}
            after = form_after_the_course(submissions.get(person.id, {}), plan)
            for name, mark in forms.items():
                column = KNOWLEDGE_TEST if name == after else BEFORE
                marks[column] = Mark(mark.percent, 100.0, mark.waits)
            learners.append(
                Learner(
                    str(person.id),
                    person.first_name or "",
                    person.last_name or "",
                    person.email or "",
                    person.lms_user_id or "",
                    marks,
                )
            )
    if any(name in assignments for name in rule.forms):
        maxima[KNOWLEDGE_TEST] = 100.0
        if before:
            maxima[BEFORE] = 100.0
        else:
            left_out.append("The knowledge test before the course is no mark and was left out.")
    if rule.observed_tasks in maxima and not observed:
        del maxima[rule.observed_tasks]
        left_out.append("The observed tasks stand beside the marks and were left out.")
    if settings.blind_marking:
        left_out.append("The names are made up, because of blind_marking: yes in course.yaml.")
    waiting = sum(mark.waits for one in learners for name, mark in one.marks.items() if name in maxima)
    if waiting:
        left_out.append(f"{waiting} marks wait for a person and are empty.")
    return Marks(tuple(learners), dict(sorted(maxima.items())), tuple(left_out))


def _marks(gradebook: Any) -> dict[str, dict[str, Mark]]:
    """By learner and assignment; what was collected and not marked has no mark."""
    found: dict[str, dict[str, Mark]] = {}
    for assignment in gradebook.assignments:
        for submission in assignment.submissions:
            penalty = submission.late_submission_penalty or 0.0
            points = max(0.0, float(submission.score) - float(penalty))
            found.setdefault(submission.student.id, {})[assignment.name] = Mark(
                round(points, 2), float(assignment.max_score), bool(submission.needs_manual_grade)
            )
    return found


def table(marks: Marks, system: System) -> str:
    """The CSV's text."""
    rows = {"moodle": _moodle, "canvas": _canvas, "generic": _generic}[system](marks)
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\r\n").writerows(rows)
    return stream.getvalue()


Rows = Iterable[Sequence[str]]


def _moodle(marks: Marks) -> Rows:
    yield [
        *("First name", "Last name", "ID number", "Username", "Email address"),
        *(harmless(name) for name in marks.columns),
    ]
    for one in marks.learners:
        cells = (one.first_name, one.last_name, one.lms_user_id, one.id, one.email)
        yield [*map(harmless, cells), *(_cell(one, name, "-", percent=True) for name in marks.columns)]


def _canvas(marks: Marks) -> Rows:
    yield [
        *("Student", "ID", "SIS User ID", "SIS Login ID", "Section"),
        *(harmless(name) for name in marks.columns),
    ]
    yield ["    Points Possible", "", "", "", "", *(f"{most:g}" for most in marks.columns.values())]
    for one in marks.learners:
        name = ", ".join(filter(None, (one.last_name, one.first_name))) or one.id
        # The number in the names of Canvas's downloads is a person's ID there.
        number, other = (
            (one.lms_user_id, "") if one.lms_user_id.isdecimal() else ("", harmless(one.lms_user_id))
        )
        yield [
            *(harmless(name), number, other, one.id, ""),
            *(_cell(one, column, "") for column in marks.columns),
        ]


def _generic(marks: Marks) -> Rows:
    heads = [
        head
        for name in marks.columns
        for head in (f"{name} (points)", f"{name} (maximum)", f"{name} (percent)")
    ]
    yield ["id", "first_name", "last_name", "email", "lms_user_id", *map(harmless, heads)]
    for one in marks.learners:
        row = [*map(harmless, (one.id, one.first_name, one.last_name, one.email, one.lms_user_id))]
        for name, most in marks.columns.items():
            row += [_cell(one, name, ""), f"{most:g}", _cell(one, name, "", percent=True)]
        yield row


def _cell(one: Learner, column: str, none: str, percent: bool = False) -> str:
    mark = one.marks.get(column)
    if mark is None or mark.waits:
        return none
    return f"{mark.percent if percent else mark.points:.10g}"
