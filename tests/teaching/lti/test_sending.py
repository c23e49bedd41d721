"""Marks go from a real gradebook to a platform that is as strict as the specification."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earned_security import cli
from earned_security.teaching import course_folder
from earned_security.teaching.lti.scores import Mark, chosen
from earned_security.teaching.lti.service import scores_url

from ..a_course import ASSIGNMENT, ACourse
from ..conftest import DATA
from ..test_completion import FORM_A, FORM_B, sums
from .conftest import register
from .platform import Platform

RIGHT = {"shapes-three-sides": "triangle", "shapes-corners": ["cube", "brick", "dice"]}
ROSTER = "id,first_name,lms_user_id\nann,Ann,u-1\nben,Ben,u-2\ncem,Cem,u-3\ndee,Dee,\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> ACourse:
    """Ann and Ben are marked, Cem's text waits, nobody knows Dee's id."""
    course = ACourse.make(tmp_path_factory.mktemp("lti") / "course")
    (course.folder / "roster.csv").write_text(ROSTER, "utf-8")
    course_folder.enrol(course.folder, course.folder / "roster.csv")
    course.hand_in("ann", RIGHT)
    course.hand_in("ben", {"shapes-three-sides": "triangle"})
    course.hand_in("cem", {**RIGHT, "shapes-favourite": "The circle."})
    course.hand_in("dee", RIGHT)
    course.mark()
    return course


@pytest.fixture
def course(made: ACourse, tmp_path: Path, platform: Platform) -> ACourse:
    shutil.copytree(made.folder, tmp_path / "course")
    copy = ACourse(tmp_path / "course")
    register(copy, platform)
    platform.people = {"u-1", "u-2", "u-3"}
    return copy


def earned(capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> str:
    """What a command says, on either channel."""
    capsys.readouterr()
    assert cli.main(["lti", *words]) == status
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    return said.out + said.err


def send(capsys: pytest.CaptureFixture[str], course: ACourse, *more: str, status: int = 0) -> str:
    return earned(capsys, "send", str(course.folder), ASSIGNMENT, *more, status=status)


def points(platform: Platform) -> dict[str, list[float]]:
    """What the platform has, by person: every score that came in, in order."""
    found: dict[str, list[float]] = {}
    for scores in platform.scores.values():
        for one in scores:
            found.setdefault(one["userId"], []).append(one["scoreGiven"])
    return found


def test_a_dry_run_shows_and_sends_nothing(
    course: ACourse, platform: Platform, capsys: pytest.CaptureFixture[str]
) -> None:
    said = send(capsys, course)
    assert "A new column “Shapes”" in said and "out of 18" in said
    assert "ann  4 of 18  for the person with id u-1" in said
    assert "ben  1 of 18  for the person with id u-2" in said
    assert "cem: not sent, waits for a person to mark it." in said
    assert "dee: not sent, has no lms_user_id" in said
    assert "Nothing was sent." in said and "--now" in said
    assert not platform.columns and not platform.scores


def test_scores_land_once(course: ACourse, platform: Platform, capsys: pytest.CaptureFixture[str]) -> None:
    assert "2 marks were sent." in send(capsys, course, "--now")
    assert points(platform) == {"u-1": [4], "u-2": [1]}
    [column] = platform.columns.values()
    assert (column["label"], column["scoreMaximum"], column["resourceId"]) == ("Shapes", 18, ASSIGNMENT)
    [score, _] = platform.scores["1"]
    assert (score["activityProgress"], score["gradingProgress"]) == ("Completed", "FullyGraded")
    assert score["scoreMaximum"] == 18 and "comment" not in score

    assert "There was nothing new to send." in send(capsys, course, "--now")
    assert "sent before, unchanged" in send(capsys, course)
    assert points(platform) == {"u-1": [4], "u-2": [1]} and len(platform.columns) == 1

    course.mark_by_hand("cem", "shapes-favourite", 3)
    course.mark_by_hand("ben", "shapes-corners", 2)
    assert "2 marks were sent." in send(capsys, course, "--now")
    assert points(platform) == {"u-1": [4], "u-2": [1, 3], "u-3": [7]}
    sent = course.folder / "lti-sent.json"
    assert sent.stat().st_mode & 0o777 == 0o600


def test_the_column_of_the_assignment_is_found_on_any_page(
    course: ACourse, platform: Platform, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(4):
        platform.add_column(resourceId=f"other-{number}")
    ours = platform.add_column(resourceId=ASSIGNMENT, label="Shapes, by hand", scoreMaximum=100)
    said = send(capsys, course, "--now")
    assert "Column “Shapes, by hand”" in said and "out of 100" in said
    assert len(platform.columns) == 5 and list(platform.scores) == [ours]
    again = platform.add_column(resourceId=ASSIGNMENT, label="Twice")
    assert "has 2 columns for shapes" in send(capsys, course, status=1)
    # A column that was made anew gets the marks again.
    del platform.columns[ours]
    assert "2 marks were sent." in send(capsys, course, "--now")
    assert {each["userId"] for each in platform.scores[again]} == {"u-1", "u-2"}


def test_one_refused_person_stops_nobody(
    course: ACourse, platform: Platform, capsys: pytest.CaptureFixture[str]
) -> None:
    platform.people = {"u-2"}
    said = send(capsys, course, "--now", status=1)
    assert "ann: the learning management system refused it (404, no such user in this course)" in said
    assert "ben: sent" in said and "1 mark was sent." in said
    platform.people = {"u-1", "u-2"}
    assert "ann: sent" in send(capsys, course, "--now")
    assert points(platform) == {"u-1": [4], "u-2": [1]}


def test_whoever_opened_the_course_from_the_platform_is_known(
    course: ACourse, platform: Platform, capsys: pytest.CaptureFixture[str]
) -> None:
    noted = {"line_items_url": platform.line_items_url, "people": {"ann": "u-2", "dee": "u-3"}}
    (course.folder / "launches.json").write_text(json.dumps(noted), "utf-8")
    register(course, platform, user_ids="launch", launches="launches.json", line_items_url=None)
    said = send(capsys, course, "--now")
    assert points(platform) == {"u-2": [4], "u-3": [4]}  # not the ids of the roster
    assert "ben: not sent, has not yet opened the course" in said


def test_the_test_before_the_course_is_never_sent(
    tmp_path: Path, platform: Platform, capsys: pytest.CaptureFixture[str]
) -> None:
    course = ACourse.make(tmp_path / "course")
    shutil.copytree(DATA / "completion", course.folder / "bank", dirs_exist_ok=True)
    for form in (FORM_A, FORM_B):
        course_folder.assemble(course.folder, form)
    for learner, form, day in (
        ("ann", FORM_A, 1),
        ("ann", FORM_B, 30),
        ("ben", FORM_B, 1),
        ("ben", FORM_A, 30),
    ):
        course.hand_in(learner, sums(form, 4), f"2027-03-{day:02} 12:00:00 UTC", form)
    course.hand_in("cem", sums(FORM_A, 5), "2027-03-01 12:00:00 UTC", FORM_A)
    for form in (FORM_A, FORM_B):
        course.mark(form)
    (course.folder / "roster.csv").write_text(ROSTER, "utf-8")
    course_folder.enrol(course.folder, course.folder / "roster.csv")
    register(course, platform)
    platform.people = {"u-1", "u-2", "u-3"}
    said = earned(capsys, "send", str(course.folder), FORM_A, "--now")
    assert "ann: not sent, took this form before the course" in said
    assert f"cem: not sent, has no test after the course (only {FORM_A}, before the course)" in said
    assert points(platform) == {"u-2": [8]}
    earned(capsys, "send", str(course.folder), FORM_B, "--now")
    assert points(platform) == {"u-2": [8], "u-1": [8]}
    # With a date, the date decides: then nobody has a test after the course.
    course.set(completion={"post_test_from": "2027-05-01"})
    assert "Nothing is to be sent." in earned(capsys, "send", str(course.folder), FORM_A)


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ({"client_id": "PLEASE-FILL-IN"}, "Fill in what the learning management system gave you"),
        ({"token_url": "http://lms.example/token"}, "must be an address that begins with https://"),
        ({"line_items_url": "ftp://x"}, "must be an address that begins with https://"),
        ({"line_items_url": None}, "Where the columns of the learning management system are is not known"),
        ({"user_ids": "email"}, "'user_ids' is 'email'; it must be one of: launch, roster"),
        ({"colums": 1}, "Not a known field"),
        ({"token_url": "http://127.0.0.1:9/token"}, "127.0.0.1 could not be reached"),
        ({"token_audience": "another"}, "did not let this course in (401"),
        ({"client_id": "another"}, "did not let this course in (401"),
        ({"create_columns": False}, "has no column for shapes"),
    ],
)
def test_a_wrong_setting_is_said(
    course: ACourse,
    platform: Platform,
    capsys: pytest.CaptureFixture[str],
    setting: Mapping[str, Any],
    words: str,
) -> None:
    register(course, platform, **setting)
    assert words in send(capsys, course, "--now", status=1)
    assert not platform.scores


def test_a_key_that_others_can_read_or_that_is_another_is_refused(
    course: ACourse, platform: Platform, capsys: pytest.CaptureFixture[str]
) -> None:
    key = course.folder / "lti-private-key.pem"
    assert key.stat().st_mode & 0o777 == 0o600
    assert "PRIVATE" not in (course.folder / "lti-public-key.pem").read_text()
    assert set(json.loads((course.folder / "lti-public-keys.json").read_text())["keys"][0]) == {
        "alg", "e", "kid", "kty", "n", "use",
    }  # fmt: skip
    assert "has a key already" in earned(capsys, "new", str(course.folder), status=1)
    key.chmod(0o640)
    assert f"chmod 600 {key}" in send(capsys, course, status=1)
    key.chmod(0o600)
    key.write_text("no key")
    assert "holds no key that can be read" in send(capsys, course, status=1)
    key.unlink()
    assert "has no key" in send(capsys, course, status=1)
    earned(capsys, "new", str(course.folder))  # another one, that the platform does not know
    assert "did not let this course in (401" in send(capsys, course, status=1)
    assert not platform.scores


def test_what_the_platform_does_not_allow_is_said(
    course: ACourse, platform: Platform, capsys: pytest.CaptureFixture[str]
) -> None:
    platform.allowed = {"score"}
    assert "invalid_scope" in send(capsys, course, status=1)
    platform.allowed = {"lineitem", "score"}
    for fault, words in (
        (403, "does not allow this course to make columns"),
        (404, "Is their address right (line_items_url in lti.yaml"),
        (503, "busy or out of order (503, planted)"),
    ):
        platform.fault = fault
        assert words in send(capsys, course, status=1)
    platform.fault = None
    platform.add_column()
    platform.add_column()
    platform.add_column()
    platform.foreign = "https://elsewhere.example"
    assert "pointed to another host, elsewhere.example; nothing was sent there" in send(
        capsys, course, status=1
    )
    assert not platform.scores


def test_an_interruption_sends_nothing_twice(
    course: ACourse, platform: Platform, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    take = platform.score

    def fail_at_ben(number: str, sent: dict[str, Any], kind: str) -> tuple[int, Any]:
        return (502, None) if sent["userId"] == "u-2" else take(number, sent, kind)

    monkeypatch.setattr(platform, "score", fail_at_ben)
    said = send(capsys, course, "--now", status=1)
    assert "ann: sent" in said and "Try again later; what was sent is remembered" in said
    monkeypatch.undo()
    assert "1 mark was sent." in send(capsys, course, "--now")
    assert points(platform) == {"u-1": [4], "u-2": [1]}


def test_without_a_course_or_marks_it_says_what_to_do(
    course: ACourse, platform: Platform, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "holds no course" in earned(capsys, "new", str(tmp_path / "nowhere"), status=1)
    assert "does not know the assignment nothing" in earned(
        capsys, "send", str(course.folder), "nothing", status=1
    )
    (course.folder / "lti-sent.json").write_text("{")
    platform.add_column(resourceId=ASSIGNMENT)
    assert "where it is noted what was sent, cannot be read" in send(capsys, course, status=1)
    (course.folder / "lti.yaml").unlink()
    assert "`earned lti new" in send(capsys, course, status=1)


NAMES = st.sampled_from(["ann", "ben", "cem", "dee"])
MARKS = st.lists(
    st.builds(Mark, NAMES, st.floats(0, 18), st.sampled_from(["", "waits"])), unique_by=lambda m: m.learner
)


@given(MARKS, st.dictionaries(NAMES, st.sampled_from(["u-1", "u-2", "u-3"])))
def test_no_mark_goes_to_two_people_or_to_nobody(marks: list[Mark], people: dict[str, str]) -> None:
    scores, left_out = chosen(marks, people, 18, {}, "unknown")
    assert sorted([*(score.learner for score in scores), *left_out]) == sorted(mark.learner for mark in marks)
    for score in scores:
        assert [name for name, user_id in people.items() if user_id == score.user_id] == [score.learner]
    sent = {score.learner: [score.user_id, score.points, score.maximum] for score in scores}
    again, _ = chosen(marks, people, 18, sent, "unknown")
    assert all(score.sent for score in again)


def test_the_address_for_scores_keeps_what_follows_a_question_mark() -> None:
    assert (
        scores_url("https://m.example/17/LineItem?type_id=3")
        == "https://m.example/17/LineItem/scores?type_id=3"
    )
    assert scores_url("https://c.example/line_items/4/") == "https://c.example/line_items/4/scores"
