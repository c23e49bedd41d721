"""A learner's rows in nbgrader's gradebook: read, deleted, and no longer to be found in the file.

SQLite keeps deleted rows in free pages until they are overwritten; ``VACUUM`` writes the file anew without them.
PostgreSQL keeps them until ``VACUUM FULL`` does the same with the tables.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from earned_security.teaching import TeachingError
from earned_security.teaching.privacy.identity import Identity

MAGIC = b"SQLite format 3\0"
TABLES = ("grade", "comment", "submitted_notebook", "submitted_assignment", "student")

_SUBMISSIONS = "SELECT id FROM submitted_assignment WHERE student_id = :id"
_NOTEBOOKS = f"SELECT id FROM submitted_notebook WHERE assignment_id IN ({_SUBMISSIONS})"
_WHERE = {
    "grade": f"notebook_id IN ({_NOTEBOOKS})",
    "comment": f"notebook_id IN ({_NOTEBOOKS})",
    "submitted_notebook": f"assignment_id IN ({_SUBMISSIONS})",
    "submitted_assignment": "student_id = :id",
    "student": "id = :id",
}

Rows = dict[str, list[dict[str, Any]]]  # by table


class NoGradebook(Exception):
    """A database is no gradebook of nbgrader's, or damaged."""


@contextlib.contextmanager
def opened(api: Any) -> Iterator[Any]:
    """nbgrader's gradebook of a course.

    Raises:
        TeachingError: it cannot be opened or read now.
    """
    from sqlalchemy.exc import OperationalError

    try:
        with api.gradebook as book:
            yield book
    except OperationalError as error:
        raise TeachingError(
            f"The gradebook could not be opened; perhaps formgrader or another command is using it ({error.orig}). "
            "Close it and run the same command again."
        ) from error


def assignments(book: Any) -> tuple[str, ...]:
    """The names of all assignments."""
    from sqlalchemy import text

    with book.engine.connect() as connection:
        return tuple(connection.execute(text("SELECT name FROM assignment ORDER BY name")).scalars())


def rows(book: Any, learner: str) -> Rows:
    """Every row of a learner in nbgrader's gradebook, by table; comments with them."""
    from sqlalchemy import text

    with book.engine.connect() as connection:
        return {
            table: [dict(row) for row in connection.execute(text(_select(table)), {"id": learner}).mappings()]
            for table in TABLES
        }


def _select(table: str) -> str:
    return f"SELECT * FROM {table} WHERE {_WHERE[table]}"


def students(book: Any) -> list[dict[str, Any]]:
    """Everybody's own row."""
    from sqlalchemy import text

    with book.engine.connect() as connection:
        return [dict(row) for row in connection.execute(text("SELECT * FROM student")).mappings()]


def answers_table(book: Any, learner: str) -> list[dict[str, Any]]:
    """Marks and comments in words, one row for each graded part of what was handed in."""
    from sqlalchemy import text

    statement = """
        SELECT a.name AS assignment, s.timestamp AS handed_in, s.extension AS extension, b.name AS item,
               g.auto_score AS points_by_marking, g.manual_score AS points_by_hand, g.extra_credit AS extra_points,
               g.needs_manual_grade AS waits_for_a_person, c.auto_comment AS comment_by_marking,
               c.manual_comment AS comment_by_hand, n.late_submission_penalty AS taken_off_for_lateness
        FROM submitted_assignment s
        JOIN assignment a ON a.id = s.assignment_id
        LEFT JOIN submitted_notebook n ON n.assignment_id = s.id
        LEFT JOIN grade g ON g.notebook_id = n.id
        LEFT JOIN base_cell b ON b.id = g.cell_id
        LEFT JOIN base_cell d ON d.notebook_id = b.notebook_id AND d.name = b.name AND d.type = 'SolutionCell'
        LEFT JOIN comment c ON c.notebook_id = n.id AND c.cell_id = d.id
        WHERE s.student_id = :id
        ORDER BY a.name, b.name
    """
    with book.engine.connect() as connection:
        return [dict(row) for row in connection.execute(text(statement), {"id": learner}).mappings()]


def mentions(book: Any, who: Identity) -> int:
    """How many comments to other learners name this one; a person has to look at them."""
    from sqlalchemy import text

    statement = text(f"SELECT manual_comment FROM comment WHERE NOT ({_WHERE['comment']})")
    with book.engine.connect() as connection:
        found = connection.execute(statement, {"id": who.id}).scalars()
        return sum(bool(comment) and who.named_in(comment) for comment in found)


def delete(book: Any, learner: str) -> None:
    """Delete a learner's rows, all or none, then write file or tables anew without them.

    Raises:
        TeachingError: somebody is using the gradebook. What was deleted stays so; the same again does the rest.
    """
    from sqlalchemy import text
    from sqlalchemy.exc import OperationalError, ProgrammingError

    sqlite = book.engine.dialect.name == "sqlite"
    try:
        with book.engine.connect() as connection:
            if sqlite:
                connection.execute(text("PRAGMA secure_delete = ON"))
            for table in TABLES:
                connection.execute(text(f"DELETE FROM {table} WHERE {_WHERE[table]}"), {"id": learner})
            connection.commit()
        with book.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            if sqlite:
                connection.execute(text("VACUUM"))
                connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
            else:
                for table in TABLES:
                    connection.execute(text(f"VACUUM (FULL) {table}"))
    except (OperationalError, ProgrammingError) as error:
        raise TeachingError(
            f"The gradebook could not be cleared; perhaps formgrader or another command is using it ({error.orig}). "
            "Close it and run the same command again: it goes on from here."
        ) from error


def part_file(data: bytes, who: Identity) -> tuple[bytes, bytes, int] | None:
    """The same for the bytes of a SQLite file, for instance of a backup: their rows as JSON, the rest, how many.

    Raises:
        NoGradebook: it is another kind of database, or damaged.
    """
    with tempfile.TemporaryDirectory(prefix="earned-") as place:
        path = Path(place, "gradebook.db")
        path.write_bytes(data)
        connection = sqlite3.connect(path)
        connection.row_factory = sqlite3.Row
        try:
            found = {
                table: [dict(row) for row in connection.execute(_select(table), {"id": who.id})]
                for table in TABLES
            }
            for table in TABLES:
                connection.execute(f"DELETE FROM {table} WHERE {_WHERE[table]}", {"id": who.id})
            connection.commit()
            connection.execute("VACUUM")
        except sqlite3.Error as error:
            raise NoGradebook(f"It is a database of another kind, or damaged ({error}).") from error
        finally:
            connection.close()
        left = path.read_bytes()
    count = sum(map(len, found.values()))
    if not count and not any(needle in data and needle not in left for needle in who.needles):
        return None
    return as_json(found), left, max(count, 1)


def as_json(found: Mapping[str, Iterable[Mapping[str, Any]]]) -> bytes:
    """Rows as JSON; what is no number or text, such as a date, as text."""
    return json.dumps(found, indent=1, ensure_ascii=False, default=str).encode() + b"\n"


def has_free_pages(path: Path) -> bool:
    """Whether a SQLite file may still have deleted rows in it, or beside it."""
    beside = (path.with_name(f"{path.name}{end}") for end in ("-wal", "-journal"))
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
    try:
        (free,) = connection.execute("PRAGMA freelist_count").fetchone()
    finally:
        connection.close()
    return free > 0 or any(each.exists() and each.stat().st_size for each in beside)
