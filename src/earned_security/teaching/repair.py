"""Repairing a mistake: after a corrected key or a dropped item, everybody is marked again, and what changed is said."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from earned_security.assessment.marking import BY_HAND
from earned_security.teaching import TeachingError
from earned_security.teaching.bank import Bank, course_bank
from earned_security.teaching.bulk import Outcome, Say, mark_course
from earned_security.teaching.course_folder import assemble, open_course

REPORTS = "reports"
LATE = "(late)"  # the name of a row for points taken off by lateness


@dataclass(frozen=True)
class Standing:
    """What one learner has for one item. ``automatic`` None: not marked; ``by_hand`` None: no mark by hand."""

    automatic: float | None
    by_hand: float | None = None
    extra: float = 0.0
    waiting: bool = False

    @property
    def points(self) -> float:
        """As nbgrader counts: a mark given by hand goes before the automatic one."""
        return ((self.automatic or 0.0) if self.by_hand is None else self.by_hand) + self.extra


Standings = Mapping[tuple[str, str], Standing]


@dataclass(frozen=True)
class Change:
    """One learner's points for one item, before and after; ``note``: what an instructor should know."""

    learner: str
    item: str
    before: float
    after: float
    note: str = ""


@dataclass(frozen=True)
class Report:
    """What marking again changed. ``learners``: how many were marked. ``file``: the same as CSV."""

    learners: int
    changes: tuple[Change, ...]
    not_marked: tuple[Outcome, ...]
    file: Path

    def lines(self) -> list[str]:
        """In words."""
        moved = [change for change in self.changes if change.before != change.after]
        people = sorted({change.learner for change in moved})
        result = [f"{self.learners} learners were marked again; the points of {len(people)} changed."]
        for item in dict.fromkeys(change.item for change in self.changes):
            those = [change for change in self.changes if change.item == item]
            up = sum(change.after > change.before for change in those)
            down = sum(change.after < change.before for change in those)
            kept = sum(change.before == change.after for change in those)
            result.append(
                f"  {item}: {up} up, {down} down" + (f", {kept} marked by hand and kept" if kept else "")
            )
        result += [f"  {c.learner}, {c.item}: {c.before:g} -> {c.after:g}" for c in moved]
        result += [f"  {one.student} could not be marked: {one.reason}" for one in self.not_marked]
        return result


def regrade(folder: Path, assignment: str, say: Say = lambda line: None) -> Report:
    """Assemble an assignment from the bank as it is now, and mark everybody who handed in again.

    Marks and comments given by hand are kept; where one stands in the way of a changed automatic mark, the report
    says so and formgrader shows it as waiting for a person. The version that learners have is not touched.

    Raises:
        TeachingError: nothing was marked before, items were added or taken away, or nbgrader refuses.
        ContentError: the settings or a bank have mistakes.
    """
    settings, api = open_course(folder)
    bank = course_bank(settings, assignment)
    _require_droppable(bank, settings.dropped.get(assignment, ()))
    reports = settings.folder / REPORTS
    pending = reports / f"{assignment}.before.json"
    with api.gradebook as gradebook:
        before = _load(pending) if pending.exists() else standings(gradebook, assignment)
    if not before:
        raise TeachingError(
            f"Nobody has been marked for {assignment} yet, so there is nothing to mark again."
        )
    _require_same_items({item.id for item, _ in bank.items}, {item for _, item in before if item != LATE})
    reports.mkdir(mode=0o700, exist_ok=True)
    _store(
        pending, before
    )  # what was there before an interrupted run is still the comparison of the next one
    assemble(settings.folder, assignment)
    outcomes = mark_course(settings.folder, assignment, force=True, say=say)
    with api.gradebook as gradebook:
        after = standings(gradebook, assignment)
        _settle(gradebook, assignment, before, after)
    found = tuple(compare(before, after))
    file = reports / f"regrade-{assignment}-{datetime.now():%Y-%m-%dT%H-%M-%S}.csv"
    write(file, found)
    pending.unlink()
    refused = tuple(one for one in outcomes if one.state == "could not be marked")
    return Report(len(outcomes) - len(refused), found, refused, file)


def _require_droppable(bank: Bank, dropped: Iterable[str]) -> None:
    types = {item.id: item.type for item, _ in bank.items}
    for name in dropped:
        if name not in types:
            raise TeachingError(
                f"'{name}', named under 'dropped' in course.yaml, is no item of {bank.assignment}."
            )
        if types[name] in BY_HAND:
            raise TeachingError(
                f"'{name}' is marked by hand, and marks given by hand are never changed here. Take it out of "
                "'dropped' in course.yaml, and give everybody the same points in formgrader."
            )


def _require_same_items(bank: set[str], marked: set[str]) -> None:
    if bank == marked:
        return
    more, less = sorted(bank - marked), sorted(marked - bank)
    said = [f"{', '.join(more)} came in" if more else "", f"{', '.join(less)} went out" if less else ""]
    raise TeachingError(
        f"Since this was handed in, items of the bank changed: {'; '.join(filter(None, said))}. Put them back as "
        "they were. To take an item out for everybody, leave it in the bank and name it under 'dropped' in course.yaml."
    )


def standings(gradebook: Any, assignment: str) -> dict[tuple[str, str], Standing]:
    """What each learner has for each item of an assignment, by (learner, item); and for lateness."""
    from nbgrader.api import SubmittedNotebook

    found = {}
    for row in gradebook.db.execute(_grades(assignment)):
        found[row.student_id, row.name] = Standing(
            row.auto_score, row.manual_score, row.extra_credit or 0.0, bool(row.needs_manual_grade)
        )
    for notebook in gradebook.db.query(SubmittedNotebook).all():
        if notebook.assignment.assignment.name == assignment and notebook.late_submission_penalty:
            found[notebook.student.id, LATE] = Standing(-notebook.late_submission_penalty)
    return found


def _grades(assignment: str) -> Any:
    from nbgrader.api import Assignment, Grade, GradeCell, SubmittedAssignment, SubmittedNotebook
    from sqlalchemy import select

    return (
        select(
            SubmittedAssignment.student_id,
            GradeCell.name,
            Grade.id,
            Grade.auto_score,
            Grade.manual_score,
            Grade.extra_credit,
            Grade.needs_manual_grade,
        )
        .join(GradeCell, Grade.cell_id == GradeCell.id)
        .join(SubmittedNotebook, Grade.notebook_id == SubmittedNotebook.id)
        .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
        .where(Assignment.name == assignment)
        .order_by(SubmittedAssignment.student_id)
    )


def _settle(gradebook: Any, assignment: str, before: Standings, after: Standings) -> None:
    """A mark given by hand needs no second look where the automatic mark beside it is what it was."""
    from nbgrader.api import Grade
    from sqlalchemy import update

    for row in gradebook.db.execute(_grades(assignment)).all():
        old, new = before.get((row.student_id, row.name)), after[row.student_id, row.name]
        if old and new.waiting and not old.waiting and old.automatic == new.automatic:
            gradebook.db.execute(update(Grade).where(Grade.id == row.id).values(needs_manual_grade=False))
    gradebook.db.commit()


def compare(before: Standings, after: Standings) -> Iterable[Change]:
    """What differs, by learner and item; a changed automatic mark that one by hand outweighs is named as well."""
    none = Standing(None)
    for learner, item in sorted({*before, *after}):
        old, new = before.get((learner, item), none), after.get((learner, item), none)
        note = ""
        if new.by_hand is not None and old.automatic != new.automatic:
            note = f"The mark given by hand was kept; the automatic one would be {_shown(new.automatic)}."
        elif item != LATE and new.automatic is None and new.by_hand is None and old.automatic is not None:
            note = "This waits for a person."
        if old.points != new.points or note:
            yield Change(learner, item, old.points, new.points, note)


def _shown(points: float | None) -> str:
    return "none" if points is None else f"{points:g}"


def write(file: Path, changes: Iterable[Change]) -> None:
    """The changes as CSV for a spreadsheet."""
    with file.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(["learner", "item", "points_before", "points_after", "difference", "note"])
        for one in changes:
            difference = round(one.after - one.before, 2)
            rows.writerow(
                [one.learner, one.item, f"{one.before:g}", f"{one.after:g}", f"{difference:g}", one.note]
            )


def _store(path: Path, found: Standings) -> None:
    rows = [[*place, one.automatic, one.by_hand, one.extra, one.waiting] for place, one in found.items()]
    new = path.with_suffix(".new")
    new.write_text(json.dumps(rows), encoding="utf-8")
    new.replace(path)


def _load(path: Path) -> dict[tuple[str, str], Standing]:
    rows = json.loads(path.read_text(encoding="utf-8"))
    return {(learner, item): Standing(*values) for learner, item, *values in rows}
