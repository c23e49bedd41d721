"""Marks as CSV: the columns of Moodle's and Canvas's import, the rule about the test before the course, and no formula."""

from __future__ import annotations

import csv
import io
import shutil
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earned_security import cli
from earned_security.curriculum import completion as rules
from earned_security.teaching import course_folder
from earned_security.teaching.bank import read_bank
from earned_security.teaching.export import export_command, marks
from earned_security.teaching.export.marks import Learner, Mark, Marks, table
from earned_security.teaching.spreadsheet import harmless

from ..a_course import ASSIGNMENT, ACourse
from ..conftest import DATA

RULE = rules.load()
FORM_A, FORM_B = RULE.forms


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> ACourse:
    """Ann took both forms, Ben only the first; both handed in the shapes, where a text waits; and one observed task."""
    course = ACourse.make(tmp_path_factory.mktemp("marks") / "course")
    shutil.copytree(DATA / "completion", course.folder / "bank", dirs_exist_ok=True)
    for name in (*RULE.forms, RULE.observed_tasks):
        course_folder.assemble(course.folder, name)
    roster = course.folder / "people.csv"
    roster.write_text(
        "id,first_name,last_name,email,lms_user_id\nann,=1+1,@SUM(A1),ann@example.org,4711\nben,Ben,Kaya,,b-2\n"
    )
    course_folder.enrol(course.folder, roster)

    def form(learner: str, name: str, right: int, day: int) -> None:
        bank = read_bank(DATA / "completion" / f"{name}.yaml")
        answers = {
            item.id: key.value["value"] if count < right else -1
            for count, (item, key) in enumerate(bank.items)
        }
        course.hand_in(learner, answers, f"2027-03-{day:02} 12:00:00 UTC", name)

    form("ann", FORM_A, 1, 1)
    form("ann", FORM_B, 4, 30)
    form("ben", FORM_B, 5, 1)
    for learner in ("ann", "ben"):
        course.hand_in(learner, {})
    course.hand_in("ann", {"asked": "3 May; supervisor."}, assignment=RULE.observed_tasks)
    for name in (*RULE.forms, RULE.observed_tasks, ASSIGNMENT):
        course.mark(name)
    return course


def test_the_test_before_the_course_is_no_mark_unless_asked_for(course: ACourse) -> None:
    found = marks.of_course(course.folder)
    assert marks.BEFORE not in found.columns and marks.KNOWLEDGE_TEST in found.columns
    ann, ben = found.learners
    assert ann.marks[marks.KNOWLEDGE_TEST].percent == 80
    assert marks.KNOWLEDGE_TEST not in ben.marks
    assert any("before the course" in line for line in found.left_out)
    for system in marks.SYSTEMS:
        text = table(found, system)
        assert "before-the-course" not in text
        head, *_, last = rows(text)
        columns = [
            at
            for at, name in enumerate(head)
            if name.startswith(marks.KNOWLEDGE_TEST) and "maximum" not in name
        ]
        assert columns and {last[at] for at in columns} <= {"", "-"}  # what Ben earned before the course
    asked = marks.of_course(course.folder, before=True)
    assert asked.learners[1].marks[marks.BEFORE].percent == 100
    assert "before-the-course" in table(asked, "moodle")


def test_observed_tasks_stand_beside_the_marks(course: ACourse) -> None:
    assert RULE.observed_tasks not in marks.of_course(course.folder).columns
    assert RULE.observed_tasks in marks.of_course(course.folder, observed=True).columns


def test_what_waits_for_a_person_is_empty_and_said(course: ACourse) -> None:
    found = marks.of_course(course.folder)
    waiting = [one.id for one in found.learners if one.marks[ASSIGNMENT].waits]
    if waiting:
        assert any("wait for a person" in line for line in found.left_out)
        head, *people = rows(table(found, "moodle"))
        assert {row[head.index(ASSIGNMENT)] for row in people if row[3] in waiting} == {"-"}


@pytest.mark.parametrize("system", marks.SYSTEMS)
def test_the_command_writes_a_file_that_only_its_owner_reads(
    course: ACourse, system: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "marks.csv"
    assert cli.main(["export", "marks", str(course.folder), "--for", system, "--to", str(file)]) == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "2 learners" in capsys.readouterr().out
    head, *people = rows(file.read_text("utf-8-sig"))
    assert all(len(row) == len(head) for row in people)
    assert file.read_bytes().startswith(b"\xef\xbb\xbf") == (system == "generic")


def test_a_course_that_is_none_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["export", "marks", str(tmp_path), "--for", "moodle"]) == 1
    assert "holds no course" in capsys.readouterr().err


CLASS = Marks(
    (
        Learner("ann", "Ann", "Öz", "ann@example.org", "4711", {"one": Mark(7.5, 10), "two": Mark(1, 3)}),
        Learner("ben", "", "", "", "b-2", {"one": Mark(0, 10, waits=True)}),
    ),
    {"one": 10.0, "two": 3.0},
)


def test_moodles_columns() -> None:
    head, ann, ben = rows(table(CLASS, "moodle"))
    assert head == ["First name", "Last name", "ID number", "Username", "Email address", "one", "two"]
    assert ann == [
        "Ann",
        "Öz",
        "4711",
        "ann",
        "ann@example.org",
        "75",
        "33.33",
    ]  # of 100, as Moodle makes an item
    assert ben[5:] == ["-", "-"]  # its import's word for no grade


def test_canvas_columns() -> None:
    """As its importer reads them: Student and ID first, the two of the SIS, Section last; then assignments."""
    head, possible, ann, ben = rows(table(CLASS, "canvas"))
    assert head == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "one", "two"]
    assert "Points Possible" in possible[0] and possible[1:] == ["", "", "", "", "10", "3"]
    assert ann == ["Öz, Ann", "4711", "", "ann", "", "7.5", "1"]
    assert ben == ["ben", "", "b-2", "ben", "", "", ""]


def test_plain_columns() -> None:
    head, ann, _ = rows(table(CLASS, "generic"))
    assert head[5:8] == ["one (points)", "one (maximum)", "one (percent)"]
    assert ann[5:8] == ["7.5", "10", "75"]


NASTY = st.text(max_size=12) | st.builds(
    str.__add__,
    st.sampled_from(["=", "+", "-", "@", "\t", "\r", "\n", " =", "＝", "＠"]),
    st.text(max_size=8),
)


@given(NASTY, NASTY, NASTY, NASTY, st.sampled_from(marks.SYSTEMS))
def test_no_name_is_a_formula_in_a_spreadsheet(
    first: str, last: str, mail: str, title: str, system: marks.System
) -> None:
    one = Learner("ann", first, last, mail, first, {title: Mark(1, 2)})
    for row in rows(table(Marks((one,), {title: 2.0}), system)):
        for cell in row:
            assert cell == "-" or not cell.lstrip(" ").startswith(tuple("=+-@\t\r\n＝＋－＠")), row


def test_a_harmless_text_stays_as_it_is() -> None:
    assert harmless("Ann-Marie O'Neill") == "Ann-Marie O'Neill"
    assert harmless("=HYPERLINK(1)") == "'=HYPERLINK(1)"


def test_systems_are_named_alike() -> None:
    assert export_command.SYSTEMS == marks.SYSTEMS
