"""`earned privacy delete`: nothing of theirs is left anywhere, nothing of others' is gone, and a stop does no harm."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from earned_security import cli
from earned_security.teaching import TeachingError
from earned_security.teaching.privacy import deletion, holdings
from earned_security.teaching.privacy.export import export
from earned_security.teaching.privacy.holdings import find
from earned_security.teaching.privacy.place import Place
from earned_security.teaching.roster import pseudonym

from ..a_course import ASSIGNMENT, ACourse
from .conftest import LEARNER, OTHERS, TEXT, WORDS, contents_of, copied

# Her id where it is not part of another's.
_ID = re.compile(rb"(?<![a-z])annohara(?!-b)")
# What another person wrote about her stays, and is named for a person to look at.
MENTIONS = ("notes.md", f"{ASSIGNMENT}.html")


def traces(folder: Path) -> list[str]:
    """Where her id, name, address, number or made-up name is still to be found, by a plain search of bytes."""
    words = [word.encode() for word in WORDS if word != LEARNER] + [pseudonym(LEARNER, "course").encode()]
    found = []
    for name, data in contents_of(folder).items():
        if name.endswith("points.csv"):
            continue
        where = name.encode() + b"\n" + data
        if _ID.search(where) or any(word in where for word in words):
            found.append(name)
    return found


def delete(course: ACourse) -> deletion.Deleted:
    place = Place.of(course.folder)
    return deletion.delete(place, place.identity(LEARNER))


def test_nothing_is_left_of_one_and_all_of_the_others(course: ACourse) -> None:
    above = course.folder.parent
    before = contents_of(above)
    others = {name: value for name, value in course.standings.items() if name[0] != LEARNER}
    assert len(traces(above)) > 30, "she is in all these files"

    done = delete(course)

    left = traces(above)
    comment = "You took this from annohara."
    assert {name for name in left if not name.endswith("notes.md")} == {
        name
        for name, data in contents_of(above).items()
        if comment.encode() in data  # given to somebody else
    }
    assert any("comments to other learners" in notice for notice in done.left)
    assert any("notes.md" in notice for notice in done.left)
    assert course.standings == others

    after = contents_of(above)
    gone = set(before) - set(after)
    assert not [
        name for name in gone if any(f"/{other}/" in name or f"/{other}+" in name for other in OTHERS)
    ]
    pages = [name for name in before if name.startswith("exchange/course/feedback/")]
    assert len(pages) == 4 and len([name for name in pages if name in after]) == 3
    assert (course.folder / "certificates" / "annohara-b.pdf").exists()
    assert not (course.folder / "reports" / "report").exists(), "codes such as T01 stand for somebody"
    assert (
        "course/downloaded/shapes/archive/whole-download.zip/Annabel Bee_770013_assignsubmission_file_/shapes.earned.zip"
        in after
    )
    assert (course.folder / "points.csv").read_text() == "learner;points\nben;770012\n", "a number of points"
    assert json.loads((course.folder / "certificates" / "issued.json").read_text()) == {
        "issued": [{"learner": "ben", "code": "c2"}]
    }
    sign_ins = json.loads((above / "launches.json").read_text())
    assert sign_ins == {"line_items_url": None, "people": {"ben": "sub-2"}}
    sent = json.loads((course.folder / "lti-sent.json").read_text())
    assert sent == {ASSIGNMENT: {"line-1": {"marks": {"ben": ["sub-2", 1.0, 5.0]}}}}
    assert (course.folder / "roster.csv").read_text("utf-8").splitlines()[1].startswith("annohara-b,")
    assert yaml.safe_load((course.folder / "course.yaml").read_text())["learners"] == {
        "ben": {"extra_days": 1}
    }
    assert not (course.folder / "privacy").exists()
    backup = sqlite3.connect(course.folder / "gradebook.db.2027-03-02")
    assert {name for (name,) in backup.execute("SELECT id FROM student")} == set(OTHERS)
    backup.close()
    course.api.autograde(ASSIGNMENT, "*", force=True)
    assert {name for name, _ in course.standings} == set(OTHERS), "marking does not bring her back"


def test_what_the_class_server_keeps_is_named_and_stops_nothing(
    course: ACourse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On Kubernetes the account that marks may read the sign-ins and not change them."""
    sign_ins = course.folder.parent / "launches.json"
    monkeypatch.setattr(holdings, "_may_replace", lambda path: path != sign_ins)
    before = sign_ins.read_bytes()
    place = Place.of(course.folder)
    with zipfile.ZipFile(export(place, place.identity(LEARNER), tmp_path / "copy.zip")) as copy:
        assert json.loads(copy.read("elsewhere/launches.json")) == [{LEARNER: "sub-1"}]
    done = delete(course)
    assert any(str(sign_ins) in each and "administrator" in each for each in done.left)
    assert sign_ins.read_bytes() == before
    place = Place.of(course.folder)
    assert not find(place, place.identity(LEARNER)).holdings


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can work in a folder of somebody else")
def test_an_administrator_leaves_nothing_that_keeps_the_owner_from_marking(course: ACourse) -> None:
    os.chown(course.folder, 65534, 65534)
    delete(course)
    assert (course.folder / ".marking.lock").stat().st_uid == 65534


def test_free_pages_of_the_database_keep_nothing(course: ACourse) -> None:
    file = course.folder / "gradebook.db"
    with sqlite3.connect(file) as connection:
        (free,) = connection.execute("PRAGMA freelist_count").fetchone()
    connection.close()
    assert free > 0 and _ID.search(file.read_bytes())
    delete(course)
    data = file.read_bytes().replace(b"You took this from annohara.", b"")
    assert not _ID.search(data)
    assert b"what I would not tell" not in data and b"for her alone" not in data


def test_a_stop_anywhere_is_continued_by_the_same_command(
    course: ACourse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped before each single step in turn, in the same course: what knows her goes last."""
    take, steps = deletion._take, []

    def stopped(holding: Any, who: Any) -> None:
        steps.append(holding.path)
        if len(steps) % 2:
            raise KeyboardInterrupt
        take(holding, who)

    monkeypatch.setattr(deletion, "_take", stopped)
    count = 0
    while True:
        count += 1
        place = deletion.begun(Place.of(course.folder), LEARNER)
        who = place.identity(LEARNER)
        assert who.names == (("Ann", "O'Hara"),) and who.lms == ("770012",), "still known"
        try:
            deletion.delete(place, who, mentions=False)
            break
        except KeyboardInterrupt:
            # Each run stops at its first or second step, so takes one at most.
            assert deletion.unfinished(Place.of(course.folder)) == [LEARNER]
            if len(steps) % 2:
                continue
        assert count < 100
    assert count > 15
    left = [name for name in traces(tmp_path) if not name.endswith("notes.md")]
    assert all(b"You took this from" in contents_of(tmp_path)[name] for name in left)
    assert not (course.folder / "privacy").exists()


def test_a_gradebook_in_use_is_said_and_continued(course: ACourse) -> None:
    other = sqlite3.connect(course.folder / "gradebook.db", isolation_level=None)
    other.execute("BEGIN")
    other.execute("SELECT * FROM student").fetchall()  # somebody looks at the list of learners
    with pytest.raises(TeachingError, match="could not be cleared"):
        delete(course)
    other.execute("ROLLBACK")
    assert deletion.unfinished(Place.of(course.folder)) == [LEARNER]
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(TeachingError, match="could not be opened"):
        delete(course)
    other.execute("ROLLBACK")
    other.close()
    place = deletion.begun(Place.of(course.folder), LEARNER)
    deletion.delete(place, place.identity(LEARNER), mentions=False)
    assert not [name for name, _ in course.standings if name == LEARNER]
    assert not (course.folder / "privacy").exists()


def test_the_command_shows_first_and_asks(
    course: ACourse, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents_of(course.folder.parent)
    answers = iter(["yes", LEARNER])
    monkeypatch.setattr("builtins.input", lambda question: next(answers))
    assert cli.main(["privacy", "delete", str(course.folder), LEARNER]) == 1
    said = capsys.readouterr().out
    assert "Nothing was deleted." in said and contents_of(course.folder.parent) == before
    for words in (
        "handed in, as collected",
        "feedback page in the exchange",
        "certificate",
        "rows with marks",
    ):
        assert words in said
    assert cli.main(["privacy", "delete", str(course.folder), LEARNER]) == 0
    said = capsys.readouterr().out
    assert "found nothing more of theirs" in said and "take annohara off it" in said
    assert cli.main(["privacy", "delete", str(course.folder), LEARNER, "--yes"]) == 1
    assert "Nothing is held here on anybody with the id annohara" in capsys.readouterr().err


def test_blind_marking_hides_no_name_from_deletion(made_blind: ACourse, tmp_path: Path) -> None:
    course = copied(made_blind, tmp_path)
    who = Place.of(course.folder).identity(LEARNER)
    assert who.names == (("Ann", "O'Hara"),), "the roster knows it; the gradebook has a made-up one"
    delete(course)
    assert not (course.folder / "reports" / "class.html").exists()
    assert pseudonym(LEARNER, "course").encode() not in (course.folder / "gradebook.db").read_bytes()


def test_a_shared_name_decides_nothing(course: ACourse) -> None:
    roster = course.folder / "roster.csv"
    roster.write_text(roster.read_text("utf-8").replace("Ben,Özil", "Ann,O'Hara"), "utf-8")
    (course.folder / "seats.csv").write_text('name,seat\n"O\'Hara, Ann",4\n', "utf-8")
    place = Place.of(course.folder)
    found = find(place, place.identity(LEARNER))
    assert course.folder / "seats.csv" not in [each.path for each in found.holdings]


@pytest.mark.parametrize("learner", ["marking", "shapes", "reports", "course", "a", "1"])
def test_an_id_that_is_a_word_takes_nothing_else_along(course: ACourse, learner: str) -> None:
    place = Place.of(course.folder)
    found = find(place, place.identity(learner), mentions=False)
    wholes = {each.path.name for each in found.holdings if each.whole}
    assert wholes <= {"marking.log"}, wholes
    assert {"roster.csv", "course.yaml", "nbgrader_config.py", "points.csv"}.isdisjoint(
        each.path.name for each in found.holdings
    )


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can play another account")
def test_what_may_not_be_deleted_is_said_before_anything_is(
    made: ACourse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As an instructor whose learner's folder in the exchange is closed to them."""
    folder = Path(tempfile.mkdtemp(prefix="earned-"))
    try:
        folder.chmod(0o755)
        monkeypatch.setenv("JUPYTER_DATA_DIR", str(folder))
        course = copied(made, folder)
        for path in (folder, *folder.rglob("*")):
            os.chown(path, 65534, 65534, follow_symlinks=False)
        (mine,) = [
            path
            for path in (folder / "class/exchange/course/inbound").iterdir()
            if path.name.startswith(f"{LEARNER}+{ASSIGNMENT}")
        ]
        inner = mine / "kept"
        inner.mkdir(mode=0o755)
        (inner / "file").write_text("hers")
        assert cli.main(["privacy", "due", str(course.folder)]) == 0  # everything is imported
        before = contents_of(folder)
        os.seteuid(65534)
        try:
            with pytest.raises(TeachingError, match="nothing was deleted") as caught:
                delete(course)
        finally:
            os.seteuid(0)
        assert str(mine) in str(caught.value)
        assert contents_of(folder) == before
    finally:
        shutil.rmtree(folder)


def test_text_of_theirs_is_in_no_other_place(course: ACourse) -> None:
    delete(course)
    for name, data in contents_of(course.folder.parent).items():
        assert b"what I would not tell anybody" not in data, name
    assert TEXT
