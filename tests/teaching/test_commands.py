"""nbgrader's own commands, with the course's configuration file as an instructor uses it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

from earned_security.teaching.assemble import assemble
from earned_security.teaching.bank import Bank

from .conftest import answers_file
from .test_hostile import RIGHT

CONFIGURATION = Path(__file__).parents[2] / "exercises" / "nbgrader_config.py"


def nbgrader(course: Path, *words: str) -> str:
    # Without this Python's folder on the path, as where nbgrader is called by its full name.
    environment = {**os.environ, "PATH": "/usr/bin:/bin"}
    command = [sys.executable, "-m", "nbgrader", *words]
    done = subprocess.run(
        command, cwd=course, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


def test_the_commands_grade_and_give_feedback(tmp_path: Path, bank: Bank) -> None:
    shutil.copy(CONFIGURATION, tmp_path)
    assemble(bank, tmp_path)
    nbgrader(tmp_path, "generate_assignment", "shapes")
    released = tmp_path / "release" / "shapes"
    assert "Secret" not in (released / "shapes.ipynb").read_text("utf-8")

    submitted = tmp_path / "submitted" / "ann" / "shapes"
    shutil.copytree(released, submitted)
    answers = {**RIGHT, "shapes-corners": ["cube"], "shapes-favourite": "A <b>circle</b>."}
    (submitted / "responses.json").write_text(answers_file(answers), "utf-8")
    nbgrader(tmp_path, "autograde", "shapes")
    with sqlite3.connect(tmp_path / "gradebook.db") as gradebook:
        scores = gradebook.execute("select auto_score from grade").fetchall()
    assert sorted(score for (score,) in scores if score is not None) == [1, 1, 1, 1, 2, 2, 2, 2]
    assert (None,) in scores, "the text waits for a person"

    nbgrader(tmp_path, "generate_feedback", "shapes")
    page = (tmp_path / "feedback" / "ann" / "shapes" / "shapes.html").read_text("utf-8")
    assert "HIDDEN TESTS" not in page
    assert "Secret" not in page
    assert "1 of 3 options looked for" in page
    assert "<b>circle</b>" not in page
