"""Where blind marking holds, and where it does not: what the manual's table says."""

from __future__ import annotations

import csv
from pathlib import Path

from earned_security.teaching.roster import pseudonym

from ..a_course import ACourse
from .conftest import LEARNER

NAMES = (LEARNER, "O'Hara", "O&#39;Hara", "O&#x27;Hara", "ann.ohara@example.org", "770012")


def test_the_second_marker_is_given_no_name(made_blind: ACourse) -> None:
    reports = made_blind.folder / "reports"
    form = (reports / "second-marking-shapes.csv").read_text("utf-8")
    assert pseudonym(LEARNER, "course") in form
    for text in (form, (reports / "second-marking-shapes.md").read_text("utf-8")):
        assert not [name for name in NAMES if name in text]


def test_a_feedback_page_names_nobody(made_blind: ACourse) -> None:
    page = (made_blind.folder / "feedback" / LEARNER / "shapes" / "shapes.html").read_text("utf-8")
    assert not [name for name in NAMES if name in page]


def test_exported_marks_have_the_id_and_the_made_up_name(made_blind: ACourse, tmp_path: Path) -> None:
    from nbgrader.plugins import CsvExportPlugin

    plugin = CsvExportPlugin()
    plugin.to = str(tmp_path / "grades.csv")
    with made_blind.api.gradebook as gradebook:
        plugin.export(gradebook)
    with Path(plugin.to).open(encoding="utf-8") as file:
        row = next(row for row in csv.DictReader(file) if row["student_id"] == LEARNER)
    assert row["last_name"] == pseudonym(LEARNER, "course")
    assert not [name for name in NAMES[1:] if name in str(row)]
