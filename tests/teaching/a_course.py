"""A real course in a folder, with a private bank about shapes, for tests that change its settings and mark again."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from earned_security.teaching import course_folder
from earned_security.teaching.bulk import mark_course
from earned_security.teaching.repair import Standing, standings

from .conftest import DATA, answers_file

ASSIGNMENT = "shapes"


@dataclass
class ACourse:
    folder: Path

    @classmethod
    def make(cls, folder: Path, **settings: Any) -> ACourse:
        """A new course whose only assignment is that of its private bank, assembled."""
        course = cls(course_folder.new(folder))
        bank = course.folder / "bank"
        bank.mkdir(mode=0o700)
        shutil.copy(DATA / "99-shapes.yaml", bank)
        exchange = folder.parent / "exchange"
        exchange.mkdir(exist_ok=True)
        exchange.chmod(0o777)
        course.set(private_bank="bank", open_bank=False, exchange=str(exchange), **settings)
        course_folder.assemble(course.folder, ASSIGNMENT)
        return course

    def set(self, **settings: Any) -> None:
        path = self.folder / "course.yaml"
        data = yaml.safe_load(path.read_text("utf-8")) | settings
        path.write_text(yaml.safe_dump(data), "utf-8")

    def edit_bank(self, old: str, new: str) -> None:
        path = self.folder / "bank" / "99-shapes.yaml"
        text = path.read_text("utf-8")
        assert text.count(old) == 1
        path.write_text(text.replace(old, new), "utf-8")

    def hand_in(
        self,
        learner: str,
        answers: Mapping[str, Any],
        when: str = "2027-03-01 12:00:00 UTC",
        assignment: str = ASSIGNMENT,
    ) -> None:
        folder = self.folder / "submitted" / learner / assignment
        shutil.copytree(self.folder / "release" / assignment, folder, dirs_exist_ok=True)
        (folder / "responses.json").write_text(answers_file(dict(answers), assignment), "utf-8")
        (folder / "timestamp.txt").write_text(when, "utf-8")

    def mark(self, assignment: str = ASSIGNMENT) -> None:
        outcomes = mark_course(self.folder, assignment)
        assert {outcome.state for outcome in outcomes} == {"marked"}, outcomes

    @property
    def standings(self) -> dict[tuple[str, str], Standing]:
        with self.api.gradebook as gradebook:
            return standings(gradebook, ASSIGNMENT)

    @property
    def api(self) -> Any:
        return course_folder.open_course(self.folder)[1]

    def mark_by_hand(
        self, learner: str, item: str, points: float, comment: str = "", assignment: str = ASSIGNMENT
    ) -> None:
        """As formgrader does."""
        with self.api.gradebook as gradebook:
            grade = gradebook.find_grade(item, assignment, assignment, learner)
            grade.manual_score, grade.needs_manual_grade = points, False
            if comment:
                gradebook.find_comment(item, assignment, assignment, learner).manual_comment = comment
            gradebook.db.commit()
