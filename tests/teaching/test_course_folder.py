"""`earned course`: a new course, its check, and the commands as an instructor types them."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from earned_security import cli
from earned_security.curriculum.source import Problem
from earned_security.teaching import TeachingError, course_folder
from earned_security.teaching.bulk import configuration
from earned_security.teaching.course_check import problems
from earned_security.teaching.course_settings import read

from .a_course import ASSIGNMENT, ACourse


@pytest.fixture
def course(tmp_path: Path) -> ACourse:
    # The claims of the bank about shapes are not in the ledger; the check of items says so, as it should.
    return ACourse.make(tmp_path / "course", assignments={ASSIGNMENT: {"due": "2027-03-01 18:00"}})


def found(course: ACourse) -> list[Problem]:
    return [problem for problem in problems(course.folder) if "example-claim" not in problem.message]


def test_a_new_course_is_closed_to_others_and_named_after_its_folder(tmp_path: Path) -> None:
    folder = course_folder.new(tmp_path / "Attachment 2027")
    assert sorted(path.name for path in folder.iterdir()) == ["course.yaml", "nbgrader_config.py"]
    assert folder.stat().st_mode & 0o077 == 0
    assert read(folder).course == "Attachment-2027"
    with pytest.raises(TeachingError, match="nothing was changed"):
        course_folder.new(folder)
    with pytest.raises(TeachingError, match="earned course new"):
        course_folder.open_course(tmp_path)


def test_a_course_in_order_has_no_problem(course: ACourse) -> None:
    assert found(course) == []
    _, api = course_folder.open_course(course.folder)
    with api.gradebook as gradebook:
        assert gradebook.find_assignment(ASSIGNMENT).duedate == datetime(2027, 3, 1, 18)


def test_an_older_source_or_release_is_found(course: ACourse) -> None:
    course.edit_bank("    key: triangle\n", "    key: square\n")
    stale = found(course)
    assert {problem.file.name for problem in stale} == {"shapes.ipynb", "items.json"}
    assert all("earned regrade" in problem.message for problem in stale)
    course_folder.write_source(  # as if somebody had assembled without generating
        course_folder.course_bank(read(course.folder), ASSIGNMENT), course.folder
    )
    (problem,) = found(course)
    assert problem.file.parent.parent.name == "release"
    assert "another version of the bank" in problem.message
    course_folder.assemble(course.folder, ASSIGNMENT)
    assert found(course) == []


@pytest.mark.parametrize("secret", ["### BEGIN HIDDEN TESTS", "Secretrationale square has four sides."])
def test_a_key_in_the_released_version_is_found(course: ACourse, secret: str) -> None:
    (course.folder / "release" / ASSIGNMENT / "more.json").write_text(json.dumps({"a": secret}), "utf-8")
    (problem,) = found(course)
    assert problem.file.name == "more.json"
    assert "holds a key or a rationale" in problem.message


def test_settings_that_do_not_fit_are_found(course: ACourse, tmp_path: Path) -> None:
    course.set(
        exchange=str(tmp_path / "nowhere"),
        assignments={ASSIGNMENT: {"due": "2027-03-02"}, "lines": {}},
        dropped={ASSIGNMENT: ["shapes-favourite", "shapes-none"]},
        learners={"ann": {}},
    )
    course.folder.chmod(0o755)
    (course.folder / "bank").chmod(0o755)
    said = "\n".join(map(str, found(course)))
    for words in (
        "chmod o-rwx",
        "chmod -R o-rwx",
        "nowhere is not a folder",
        "No bank has the assignment 'lines'",
        "'shapes-favourite' is marked by hand",
        "'shapes-none' is not an item",
        "'ann' is not in the roster",
        "another due date for shapes",
    ):
        assert words in said
    course.set(db_url="postgresql://127.0.0.1:1/none", learners={}, dropped={})
    assert "The gradebook cannot be opened" in "\n".join(map(str, found(course)))
    course.set(private_bank="none")
    assert "is not a folder" in "\n".join(map(str, found(course)))
    course.set(attempts="many")
    assert ["'attempts' must be" in problem.message for problem in found(course)] == [True]


def test_blind_marking_with_real_names_is_found(course: ACourse, tmp_path: Path) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text("id,first_name,last_name\nann,Ann,Oh\n", "utf-8")
    course_folder.enrol(course.folder, roster)
    assert found(course) == []
    course.set(blind_marking=True)
    (problem,) = found(course)
    assert "shows 1 real names" in problem.message
    course_folder.enrol(course.folder, roster)
    assert found(course) == []
    course.set(blind_marking=False)
    (problem,) = found(course)
    assert "still has made-up names" in problem.message


def test_the_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(tmp_path / "course")
    assert cli.main(["course", "new", folder]) == 0
    assert "earned course roster" in capsys.readouterr().out
    roster = tmp_path / "roster.csv"
    roster.write_text("id\nann\n+\n", "utf-8")
    assert cli.main(["course", "roster", folder, str(roster)]) == 1
    assert f"{roster}:3: '+' cannot be an id" in capsys.readouterr().err
    roster.write_text("id\nann\n", "utf-8")
    assert cli.main(["course", "roster", folder, str(roster)]) == 0
    assert "1 learners are in the gradebook" in capsys.readouterr().out
    assert cli.main(["course", "assemble", folder, "nothing"]) == 1
    assert "No assignment is called 'nothing'" in capsys.readouterr().err
    assert cli.main(["course", "check", folder]) == 1, "there is no exchange yet"
    assert "is not a folder. Make it" in capsys.readouterr().out
    for command in ("regrade", "second-marking"):
        assert cli.main([command, folder, "building-safety-and-trust"]) == 1
        assert (
            "Mark the assignment first" in (said := capsys.readouterr().err)
            or "nothing to mark again" in said
        )
    assert cli.main(["regrade", str(tmp_path), "shapes"]) == 1
    assert "holds no course" in capsys.readouterr().err


def test_nbgrader_itself_stops_at_settings_with_mistakes(course: ACourse) -> None:
    course.hand_in("ann", {})
    course.set(attempts="many")
    command = [sys.executable, "-m", "nbgrader", "autograde", ASSIGNMENT]
    done = subprocess.run(
        command, cwd=course.folder, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 1
    assert done.stderr.startswith("The settings of this course have mistakes:")
    assert "course.yaml" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (course.folder / "autograded").exists()


def test_formgrader_does_not_show_the_databases_password(course: ACourse) -> None:
    assert "FormgradeExtension" not in configuration(course.folder)
    course.set(db_url="postgresql+psycopg://marker:secret@127.0.0.1:1/none")
    assert configuration(course.folder).FormgradeExtension.debug is False
