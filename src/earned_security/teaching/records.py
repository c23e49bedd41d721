"""The gradebook's rows for many submissions at once, on nbgrader's own tables.

nbgrader looks each row up by itself, in a session of its own for each step, and its classes compute a score over the
whole table whenever a row is loaded. Here the same rows are written with a few statements for many submissions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.api import (
    Assignment,
    Comment,
    Grade,
    GradeCell,
    Notebook,
    SolutionCell,
    SourceCell,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    new_uuid,
)
from sqlalchemy import insert, select, update

from earned_security.teaching import TeachingError
from earned_security.teaching.marker import score

Late = Callable[[str, float, float], float | None]

NO_RESPONSE = "No response."  # nbgrader's own words


@dataclass(frozen=True)
class Result:
    """What marking one submission gives.

    ``scores``: points by grade cell, None where a person has to give them; None altogether where the submission
    could not be marked: its cells then wait for a person, and marks from before stay.
    ``blank``: the cells marked by hand that were left as they were. ``timestamp``: in UTC, without a zone; None
    keeps the one that the gradebook has.
    """

    student: str
    timestamp: datetime | None = None
    scores: Mapping[str, float | None] | None = None
    blank: frozenset[str] = frozenset()


class Records:
    """The rows of one assignment that has one notebook.

    Args:
        late: points taken off, from the learner, the points earned and the seconds late; None: none.

    Attributes:
        notebook: its name.
        checksums: of its source cells, by name.

    Raises:
        TeachingError: the gradebook does not know the assignment, or it has several notebooks.
    """

    def __init__(self, gradebook: Any, assignment: str, late: Late) -> None:
        self.gradebook = gradebook
        self._late = late
        row = gradebook.db.execute(
            select(Assignment.id, Assignment.duedate).where(Assignment.name == assignment)
        ).one_or_none()
        notebooks = row and self._rows(
            select(Notebook.id, Notebook.name).where(Notebook.assignment_id == row.id)
        )
        if not notebooks:
            raise TeachingError(
                f"The gradebook does not know the assignment {assignment}. Is its name right? If so, run "
                f"`nbgrader generate_assignment {assignment}` first."
            )
        if len(notebooks) > 1:
            raise TeachingError(
                f"The assignment {assignment} has several notebooks. Mark it with `nbgrader autograde`."
            )
        self._id, self._due = row.id, row.duedate
        self._notebook, self.notebook = notebooks[0]
        self._grade_cells = self._cells(GradeCell)
        self._solution_cells = self._cells(SolutionCell)
        sources = select(SourceCell.name, SourceCell.checksum).where(SourceCell.notebook_id == self._notebook)
        self.checksums = dict(map(tuple, self._rows(sources)))

    def _rows(self, statement: Any) -> Sequence[Any]:
        rows: Sequence[Any] = self.gradebook.db.execute(statement).all()
        return rows

    def _cells(self, kind: Any) -> dict[str, str]:
        return dict(
            map(tuple, self._rows(select(kind.name, kind.id).where(kind.notebook_id == self._notebook)))
        )

    def save(self, results: Sequence[Result]) -> None:
        """Record these results, all or none; marks and comments given by hand stay as they are."""
        try:
            self._save({result.student: result for result in results})
            self.gradebook.db.commit()
        except BaseException:
            self.gradebook.db.rollback()
            raise
        finally:
            self.gradebook.db.expunge_all()

    def _save(self, results: dict[str, Result]) -> None:
        db = self.gradebook.db
        students = {row.id for row in self._rows(select(Student.id).where(Student.id.in_(results)))}
        _insert(db, Student, ({"id": name} for name in results if name not in students))

        submissions = self._submissions(results)
        known = {row.student_id: row for row in submissions.values()}
        moments = {row.id: results[row.student_id].timestamp for row in submissions.values()}
        _update(
            db,
            SubmittedAssignment,
            ({"id": row, "timestamp": moment} for row, moment in moments.items() if moment is not None),
        )
        new = {name: new_uuid() for name in results if name not in known}
        entries = (
            {"id": row, "assignment_id": self._id, "student_id": name, "timestamp": results[name].timestamp}
            for name, row in new.items()
        )
        _insert(db, SubmittedAssignment, entries)

        notebooks = self._notebooks(submissions)
        owners = {row.id: row.student_id for row in submissions.values()} | {
            row: name for name, row in new.items()
        }
        missing = {row: new_uuid() for row in owners if row not in notebooks}
        entries = (
            {"id": notebook, "assignment_id": row, "notebook_id": self._notebook}
            for row, notebook in missing.items()
        )
        _insert(db, SubmittedNotebook, entries)
        places = {owners[row]: notebook for row, notebook in {**notebooks, **missing}.items()}
        totals = self._grades(results, places)
        self._comments(results, places)
        self._penalties(results, places, known, totals)

    def _submissions(self, students: Iterable[str]) -> dict[str, Any]:
        table = SubmittedAssignment
        rows = self._rows(
            select(table.id, table.student_id, table.extension, table.timestamp).where(
                table.assignment_id == self._id, table.student_id.in_(list(students))
            )
        )
        return {row.id: row for row in rows}

    def _notebooks(self, submissions: Iterable[str]) -> dict[str, str]:
        table = SubmittedNotebook
        rows = self._rows(
            select(table.assignment_id, table.id).where(
                table.notebook_id == self._notebook, table.assignment_id.in_(list(submissions))
            )
        )
        return dict(map(tuple, rows))

    def _grades(self, results: dict[str, Result], places: dict[str, str]) -> dict[str, float]:
        """Write the points; the sum for each student, as nbgrader counts it."""
        cells = self._grade_cells
        present = {
            (row.notebook_id, row.cell_id): row
            for row in self._rows(
                select(
                    Grade.id,
                    Grade.cell_id,
                    Grade.notebook_id,
                    Grade.manual_score,
                    Grade.extra_credit,
                ).where(Grade.cell_id.in_(cells.values()), Grade.notebook_id.in_(places.values()))
            )
        }
        new, changed, waiting, totals = [], [], [], {}
        for name, result in results.items():
            total = 0.0
            for cell, cell_id in cells.items():
                points = (result.scores or {}).get(cell)
                row = present.get((places[name], cell_id))
                by_hand = row.manual_score if row else None
                values = {"auto_score": points, "needs_manual_grade": by_hand is not None or points is None}
                if row and result.scores is None:
                    waiting.append({"id": row.id, "needs_manual_grade": True})
                elif row:
                    changed.append({"id": row.id, **values})
                else:
                    new.append({"cell_id": cell_id, "notebook_id": places[name], **values})
                total += (points or 0.0) if by_hand is None else by_hand
                total += (row.extra_credit if row else None) or 0.0
            totals[name] = total
        _insert(self.gradebook.db, Grade, new)
        _update(self.gradebook.db, Grade, changed)
        _update(self.gradebook.db, Grade, waiting)
        return totals

    def _comments(self, results: dict[str, Result], places: dict[str, str]) -> None:
        cells = self._solution_cells
        present = {
            (row.notebook_id, row.cell_id): row.id
            for row in self._rows(
                select(Comment.id, Comment.cell_id, Comment.notebook_id).where(
                    Comment.cell_id.in_(cells.values()), Comment.notebook_id.in_(places.values())
                )
            )
        }
        new, changed = [], []
        for name, result in results.items():
            for cell, cell_id in cells.items():
                if result.scores is None and (places[name], cell_id) in present:
                    continue
                words = {"auto_comment": NO_RESPONSE if cell in result.blank else None}
                row = present.get((places[name], cell_id))
                if row:
                    changed.append({"id": row, **words})
                else:
                    new.append({"cell_id": cell_id, "notebook_id": places[name], **words})
        _insert(self.gradebook.db, Comment, new)
        _update(self.gradebook.db, Comment, changed)

    def _penalties(
        self,
        results: dict[str, Result],
        places: dict[str, str],
        known: dict[str, Any],
        totals: dict[str, float],
    ) -> None:
        rows = []
        for name, result in results.items():
            if result.scores is None:
                continue
            penalty = None
            row = known.get(name)
            moment = result.timestamp or (row.timestamp if row else None)
            due = self._due and self._due + ((row.extension if row else None) or timedelta())
            if due and moment and moment > due:
                penalty = self._late(name, totals[name], (moment - due).total_seconds())
                penalty = penalty and min(max(penalty, 0.0), totals[name])
            rows.append({"id": places[name], "late_submission_penalty": penalty})
        _update(self.gradebook.db, SubmittedNotebook, rows)


def result_of(student: str, notebook: NotebookNode, timestamp: datetime | None = None) -> Result:
    """What a marked notebook says."""
    scores: dict[str, float | None] = {}
    blank = set()
    for cell in notebook.cells:
        if utils.is_grade(cell):
            name = cell.metadata.nbgrader.grade_id
            scores[name] = score(cell)
            if utils.is_solution(cell) and scores[name] is not None:
                blank.add(name)
    return Result(student, timestamp, scores, frozenset(blank))


def late_rule(config: Any, gradebook: Any, assignment: str) -> Late:
    """What ``AssignLatePenalties.plugin_class`` of nbgrader's configuration says about lateness."""

    def late(student: str, points: float, seconds: float) -> float | None:
        from nbgrader.preprocessors import AssignLatePenalties

        step = AssignLatePenalties(config=config)
        step.init_plugin()
        step.gradebook, step.assignment_id = gradebook, assignment
        penalty: float | None = step.plugin_inst.late_submission_penalty(student, points, seconds)
        return penalty

    return late


def _insert(db: Any, table: Any, rows: Iterable[Mapping[str, Any]]) -> None:
    if rows := list(rows):
        db.execute(insert(table), rows)


def _update(db: Any, table: Any, rows: Iterable[Mapping[str, Any]]) -> None:
    """By primary key."""
    if rows := list(rows):
        db.execute(update(table), rows)
