"""A course whose assignment was generated, with submissions placed in it: what marking starts from."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from earned_security.teaching.assemble import assemble
from earned_security.teaching.bank import Bank
from earned_security.teaching.course import Course
from earned_security.teaching.synthetic import Trainee

CONFIGURATION = """from earned_security.teaching.configuration import configure

configure(get_config(), execute={execute})
"""


def answers_file(answers: Mapping[str, Any], assignment: str) -> str:
    """An answers file as text, whatever is in it."""
    entries = {f"{item}/answer": {"value": value, "time": 1} for item, value in answers.items()}
    return json.dumps(
        {"schema_version": 1, "assignment": assignment, "course_version": "1", "entries": entries}
    )


def course(folder: Path, bank: Bank, execute: bool = False) -> Course:
    """A course with the generated assignment, and the configuration file that `nbgrader` reads."""
    made = Course(folder, execute=execute)
    assemble(bank, made.root)
    made.generate(bank.assignment)
    (made.root / "nbgrader_config.py").write_text(CONFIGURATION.format(execute=execute), "utf-8")
    return made


def place(made: Course, bank: Bank, student: str, answers: Mapping[str, Any]) -> Path:
    """An honest submission as collecting leaves it; its folder."""
    folder = made.root / "submitted" / student / bank.assignment
    shutil.copytree(made.root / "release" / bank.assignment, folder)
    (folder / "responses.json").write_text(answers_file(answers, bank.assignment), "utf-8")
    (folder / "timestamp.txt").write_text("2027-03-01 10:00:00.000000 UTC", "utf-8")
    (folder / "submission_secret.txt").write_text(f"{student:x>32}", "utf-8")
    return folder


def place_all(made: Course, bank: Bank, people: Iterable[Trainee]) -> None:
    for person in people:
        place(made, bank, person.id, person.answers)


def rows(made: Course) -> dict[str, Any]:
    """Everything about marks in the gradebook, without the ids that it gives by itself."""
    import sqlite3

    with sqlite3.connect(made.database) as gradebook:

        def ask(statement: str) -> list[Any]:
            return sorted(gradebook.execute(statement).fetchall(), key=str)

        of = (
            "from {0} x join base_cell c on c.id = x.cell_id join submitted_notebook n on n.id = x.notebook_id "
            "join submitted_assignment s on s.id = n.assignment_id"
        )
        return {
            "students": ask("select id from student"),
            "submissions": ask("select student_id, timestamp, extension from submitted_assignment"),
            "notebooks": ask(
                "select s.student_id, n.flagged, n.late_submission_penalty from submitted_notebook n "
                "join submitted_assignment s on s.id = n.assignment_id"
            ),
            "grades": ask(
                "select s.student_id, c.name, x.auto_score, x.manual_score, x.extra_credit, x.needs_manual_grade "
                + of.format("grade")
            ),
            "comments": ask(
                "select s.student_id, c.name, x.auto_comment, x.manual_comment " + of.format("comment")
            ),
        }


def files(made: Course) -> dict[str, tuple[int, bytes]]:
    """Every file that marking left, by path: its permissions and content."""
    root = made.root / "autograded"
    return {
        str(path.relative_to(root)): (path.stat().st_mode & 0o777, path.read_bytes())
        for path in root.rglob("*")
        if path.is_file()
    }
