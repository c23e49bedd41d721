"""`earned privacy export`: all that is theirs, nothing of others', no key, and an index that anybody can read."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

import pytest

from earned_security import cli
from earned_security.teaching.roster import pseudonym

from ..a_course import ACourse
from .conftest import LEARNER, TEXT, contents_of


@pytest.fixture
def copy(course: ACourse, capsys: pytest.CaptureFixture[str]) -> Path:
    before = contents_of(course.folder.parent)
    assert cli.main(["privacy", "export", str(course.folder), LEARNER]) == 0
    path = course.folder / "privacy" / f"held-on-{LEARNER}.zip"
    assert str(path) in capsys.readouterr().out
    assert path.stat().st_mode & 0o077 == 0
    after = {name: data for name, data in contents_of(course.folder.parent).items() if "privacy" not in name}
    assert after == before
    return path


def test_all_that_is_theirs_and_nothing_of_others(copy: Path) -> None:
    with zipfile.ZipFile(copy) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    marks = list(csv.DictReader(io.StringIO(files["gradebook/marks-and-comments.csv"].decode("utf-8-sig"))))
    (text,) = [row for row in marks if row["item"] == TEXT]
    assert (text["points_by_hand"], text["comment_by_hand"]) == ("3.0", "Ann, say why: for her alone.")
    assert json.loads(files["gradebook/rows.json"])["student"][0]["email"] == "ann.ohara@example.org"
    for name in (
        f"course/submitted/{LEARNER}/shapes/responses.json",
        f"course/autograded/{LEARNER}/shapes/shapes.ipynb",
        f"course/feedback/{LEARNER}/shapes/shapes.html",
        "course/downloaded/shapes/archive/whole-download.zip",
        "course/downloaded/shapes/archive/something.earned.zip",
        "course/reports/second-marking-shapes.csv",
        "course/reports/completion.csv",
        "course/roster.csv",
        "course/course.yaml",
        "course/certificates/issued.json",
        f"course/certificates/{LEARNER}.pdf",
        "course/gradebook.db.2027-03-02.json",
        "course/backup.tar.gz",
        "course/marking.log",
    ):
        assert name in files, name
    assert len([name for name in files if name.startswith("exchange/feedback/")]) == 1
    assert len([name for name in files if name.startswith("exchange/inbound/")]) >= 1
    assert len([name for name in files if name.startswith("course/quarantine/")]) >= 2
    assert pseudonym(LEARNER, "course") in files["course/reports/second-marking-shapes.csv"].decode()

    inner = contents_of(copy.parent)
    for other in (b"annohara-b", b"xannohara", b"bee@example.org", b"Annabel", b"A ring, says"):
        assert [name for name, data in inner.items() if other in data] == [], other


def test_no_key_is_in_it(copy: Path, course: ACourse) -> None:
    marked = course.folder / "autograded" / LEARNER / "shapes" / "shapes.ipynb"
    assert "BEGIN HIDDEN TESTS" in marked.read_text("utf-8"), "what is kept for marking has them"
    for name, data in contents_of(copy.parent).items():
        for secret in (
            b"HIDDEN TESTS",
            b"Secretrationale",
            b"Secretmodel",
            b"Secretlevel",
            b"Secretcriterion",
        ):
            # what the feedback says to learners is theirs
            assert secret not in data or name.endswith(".html"), (name, secret)


def test_the_index_says_in_words_what_there_is(copy: Path) -> None:
    with zipfile.ZipFile(copy) as archive:
        index = archive.read("index.html").decode()
        names = set(archive.namelist())
    for words in (
        "What the course course holds on you",
        "Ann O&#x27;Hara",
        "ann.ohara@example.org",
        "770012",
        pseudonym(LEARNER, "course"),
        "Handed in, as collected",
        "only what is about you",
        "What names you and is not copied",
        "course/reports/class.html",
        "course/reports/report: Report on the whole class",
    ):
        assert words in index, words
    assert not any(name.endswith("class.html") for name in names), "it is about others too"


def test_nobody_of_that_id(course: ACourse, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["privacy", "export", str(course.folder), "nobody"]) == 1
    assert "Nothing is held here on anybody with the id nobody" in capsys.readouterr().err
    assert cli.main(["privacy", "export", str(course.folder), LEARNER, "--to", "/nowhere/x.zip"]) == 1
    assert "cannot be written" in capsys.readouterr().err
