"""Folders placed in ``submitted/`` by hand: checked by `earned intake`, and before nbgrader reads them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from earned_security.assessment import archive
from earned_security.cli import main
from earned_security.teaching import TeachingError, placed, quarantine
from earned_security.teaching.assemble import assemble
from earned_security.teaching.bank import Bank
from earned_security.teaching.course import Course

from .conftest import answers_file
from .test_hostile import RIGHT

Place = Callable[[str], Path]


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory, bank: Bank) -> Course:
    course = Course(tmp_path_factory.mktemp("by-hand"))
    assemble(bank, course.root)
    course.generate("shapes")
    return course


@pytest.fixture
def place(released: Course) -> Place:
    for name in ("submitted", "quarantine", "autograded"):
        quarantine.remove(released.root / name)

    def placed_by_hand(learner: str) -> Path:
        folder = released.root / "submitted" / learner / "shapes"
        folder.mkdir(parents=True)
        shutil.copy(released.root / "release" / "shapes" / "shapes.ipynb", folder)
        (folder / "responses.json").write_text(answers_file(RIGHT))
        return folder

    return placed_by_hand


def test_an_honest_folder_stays_and_gets_what_nbgrader_needs(released: Course, place: Place) -> None:
    folder = place("anna")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert placed.check(released.root) == placed.Checked(1, ())
    after = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert before.items() <= after.items()
    assert set(after) - set(before) == {"timestamp.txt", "submission_secret.txt"}
    placed.check(released.root)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == after


def test_what_lies_beside_a_submission_goes_and_the_submission_stays(released: Course, place: Place) -> None:
    folder = place("anna")
    (folder / "json.py").write_text("raise SystemExit")
    (folder / "reason.txt").symlink_to(released.root / "gradebook.db")
    (folder / "nbgrader").mkdir()
    (folder / "nbgrader" / "__init__.py").write_text("raise SystemExit")
    os.mkfifo(folder / ".hidden")
    gradebook = (released.root / "gradebook.db").read_bytes()
    checked = placed.check(released.root)
    assert checked.accepted == 1
    (entry,) = checked.quarantined
    assert "json.py, nbgrader, reason.txt" in entry.reason and "The submission itself stays" in entry.reason
    assert {path.name for path in folder.iterdir()} == {
        "shapes.ipynb",
        "responses.json",
        "timestamp.txt",
        "submission_secret.txt",
    }
    assert {path.name for path in Path(entry.lies).iterdir()} == {
        "json.py",
        "nbgrader",
        "reason.txt",
        ".hidden",
    }
    assert (released.root / "gradebook.db").read_bytes() == gradebook
    assert placed.check(released.root).quarantined == ()


def test_an_archive_from_a_mail_is_unpacked_where_it_lies(released: Course, place: Place) -> None:
    folder = place("anna")
    (folder / "shapes.earned (1).zip").write_bytes(archive.make(folder, "shapes"))
    (folder / "shapes.ipynb").unlink()
    (folder / "responses.json").unlink()
    assert placed.check(released.root, "shapes").accepted == 1
    assert (folder / "responses.json").read_text() == answers_file(RIGHT)
    assert (folder / "shapes.earned (1).zip").exists()
    released.autograde("shapes", "anna")


def test_bad_folders_go_whole_links_as_links(released: Course, place: Place, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    shutil.rmtree(place("linked"))
    (released.root / "submitted" / "linked" / "shapes").symlink_to(tmp_path / "mine")
    (place("cut") / "shapes.ipynb").write_text('{"cells": [')
    (released.root / "submitted" / "a-link").symlink_to(tmp_path / "mine")
    (released.root / "submitted" / "a-file").write_text("x")
    (released.root / "submitted" / ".DS_Store").write_text("x")
    checked = placed.check(released.root)
    assert checked.accepted == 0
    reasons = {entry.learner: entry.reason for entry in checked.quarantined}
    assert set(reasons) == {"linked", "cut", "a-link", "a-file"}
    assert "It is a link" in reasons["linked"]
    assert "cut off" in reasons["cut"]
    assert (tmp_path / "mine").is_dir()
    assert not (released.root / "submitted" / "cut" / "shapes").exists()
    assert placed.check(released.root).quarantined == ()


def test_only_the_named_assignment_is_checked(released: Course, place: Place) -> None:
    folder = place("anna")
    folder.rename(folder.with_name("colours"))
    assert placed.check(released.root, "shapes") == placed.Checked()
    assert "no notebook colours.ipynb" in placed.check(released.root, "colours").quarantined[0].reason


def test_the_command_lists_what_is_in_quarantine_and_why(
    released: Course, place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    place("anna")
    (place("bob") / "timestamp.txt").write_text("never")
    for _ in range(2):
        assert main(["intake", str(released.root), "--assignment", "shapes"]) == 0
        said = capsys.readouterr().out
        assert "bob, shapes, 20" in said
        assert "timestamp.txt holds no date and time: “never”" in said
        assert str(released.root / "quarantine" / "shapes" / "bob") in said
    assert "New in quarantine: 0." in said
    assert main(["intake", str(released.root / "missing")]) == 1
    assert "There is no folder" in capsys.readouterr().err


def test_nbgrader_itself_meets_no_bad_folder(released: Course, place: Place) -> None:
    """Without `earned intake` before it: nbgrader names the bad ones and marks the others."""
    place("anna")
    for name, text in (("bad-time", "never"), ("zoe", "")):
        (place(name) / "timestamp.txt").write_text(text)
    (place("cut") / "shapes.ipynb").write_text("{")
    dangling = place("dangling") / "shapes.ipynb"
    dangling.unlink()
    dangling.symlink_to("/nowhere/at-all")
    with pytest.raises(TeachingError) as failed:
        released.autograde("shapes", "*")
    marked = {path.parts[-2] for path in (released.root / "autograded").glob("*/shapes")}
    assert marked == {"anna", "zoe"}, str(failed.value)
    assert {entry.learner for entry in quarantine.entries(released.root)} == {"bad-time", "cut", "dangling"}
