"""A small bank and a class that has gone through nbgrader once, for all tests that look at the result."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest

from earned_security.teaching.assemble import assemble
from earned_security.teaching.bank import Bank, read_bank
from earned_security.teaching.course import Course
from earned_security.teaching.demonstration import Demonstration, run

DATA = Path(__file__).parent / "data"


@pytest.fixture(scope="package")
def bank() -> Bank:
    return read_bank(DATA / "99-shapes.yaml")


@pytest.fixture(scope="package", autouse=True)
def a_home_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No kernel or nbgrader setting of the person who runs the tests."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(home))
        patch.setenv("JUPYTER_CONFIG_DIR", str(home / "jupyter"))
        patch.setenv("JUPYTER_DATA_DIR", str(home / "data"))
        patch.setenv("IPYTHONDIR", str(home / "ipython"))
        for name in ("PATH", "PYTHONSAFEPATH"):  # nbgrader's configuration sets these; put back afterwards
            patch.setenv(name, os.environ.get(name, ""))
        yield


@pytest.fixture(scope="package")
def shown(tmp_path_factory: pytest.TempPathFactory, bank: Bank) -> tuple[Demonstration, list[str]]:
    """The whole demonstration with two trainees, and what it printed."""
    lines: list[str] = []
    folder = tmp_path_factory.mktemp("class")
    return run(students=2, seed=3, folder=folder, bank=bank, say=lines.append), lines


@dataclass
class Classroom:
    """A released assignment to which anything can be handed in; marked as nbgrader does it, by running cells."""

    course: Course
    bank: Bank

    def hand_in(self, student: str, prepare: Callable[[Path], None]) -> None:
        """Fetch, let ``prepare`` do what it likes to the folder, submit, collect."""
        home = self.course.fetch(self.bank.assignment, student)
        prepare(home)
        self.course.submit(self.bank.assignment, student)
        self.course.collect(self.bank.assignment)

    def marked(self, student: str) -> dict[str, float | None]:
        """Autograde one trainee; the automatic points by item."""
        name = self.bank.assignment
        self.course.autograde(name, student)
        with self.course.gradebook() as gradebook:
            return {
                item.id: gradebook.find_grade(item.id, name, name, student).auto_score
                for item, _ in self.bank.items
            }

    def notebook(self, student: str) -> Any:
        name = self.bank.assignment
        return nbformat.read(self.course.root / "autograded" / student / name / f"{name}.ipynb", as_version=4)

    def said(self, student: str, item: str) -> str:
        """What the grade cell of an item printed."""
        cell = next(cell for cell in self.notebook(student).cells if cell.id == item)
        return "".join(output.get("text", "") for output in cell.outputs)


@pytest.fixture(scope="package")
def classroom(tmp_path_factory: pytest.TempPathFactory, bank: Bank) -> Classroom:
    course = Course(tmp_path_factory.mktemp("classroom"), execute=True)
    assemble(bank, course.root)
    course.generate(bank.assignment)
    course.release(bank.assignment)
    return Classroom(course, bank)


def answers_file(answers: dict[str, Any], assignment: str = "shapes") -> str:
    """An answers file as text, whatever is in it."""
    entries = {f"{item}/answer": {"value": value, "time": 1} for item, value in answers.items()}
    return json.dumps(
        {"schema_version": 1, "assignment": assignment, "course_version": "1", "entries": entries}
    )
