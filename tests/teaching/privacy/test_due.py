"""`retention` in course.yaml and `earned privacy due`: what is past its date, and only that, goes."""

from __future__ import annotations

from pathlib import Path

import pytest

from earned_security import cli
from earned_security.teaching.course_settings import problems, read
from earned_security.teaching.privacy import due
from earned_security.teaching.privacy.place import Place

from ..a_course import ACourse
from .conftest import LEARNER, contents_of


def test_what_is_past_its_date_goes_and_the_rest_stays(
    course: ACourse, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(course.folder)
    assert cli.main(["privacy", "due", folder]) == 0
    said = capsys.readouterr().out
    assert "no date is set" in said and "Nothing is past its date." in said

    course.set(retention={"submissions": "2020-01-31", "marks": "2999-01-31"})
    marks = course.standings
    before = contents_of(course.folder.parent)
    assert cli.main(["privacy", "due", folder]) == 0
    said = capsys.readouterr().out
    assert "marked copies and feedback: until 2020-01-31" in said.replace("\n", " ")
    assert "marked copies and feedback, of 4 learners" in said and "--delete" in said
    assert contents_of(course.folder.parent) == before

    assert cli.main(["privacy", "due", folder, "--delete", "--yes"]) == 0
    assert "Deleted for 4 learners." in capsys.readouterr().out
    assert course.standings == marks
    for step in ("submitted", "autograded", "feedback"):
        assert list((course.folder / step).iterdir()) == []
    assert list((course.folder.parent / "exchange" / "course" / "inbound").iterdir()) == []
    assert (course.folder / "certificates" / f"{LEARNER}.pdf").exists()
    assert due.due(Place.of(course.folder)) == []

    course.set(retention={"submissions": "2020-01-31", "marks": "2020-02-28"})
    assert cli.main(["privacy", "due", folder, "--delete", "--yes"]) == 0
    assert course.standings == {}
    assert (course.folder / "certificates" / f"{LEARNER}.pdf").exists()
    assert (course.folder / "roster.csv").read_text().splitlines() == [
        "id,first_name,last_name,email,lms_user_id"
    ]


def test_asking_for_the_courses_name(
    course: ACourse, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    course.set(retention={"certificates": "2020-01-31"})
    monkeypatch.setattr("builtins.input", lambda question: "yes")
    assert cli.main(["privacy", "due", str(course.folder), "--delete"]) == 1
    assert "Nothing was deleted." in capsys.readouterr().out
    monkeypatch.setattr("builtins.input", lambda question: "course")
    assert cli.main(["privacy", "due", str(course.folder), "--delete"]) == 0
    assert not (course.folder / "certificates" / f"{LEARNER}.pdf").exists()
    assert (course.folder / "submitted" / LEARNER).exists()


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("retention:\n  marks: someday", 2, "is not a date"),
        ("retention:\n  submissions: null\n  marks: 2028-01-01", 3, "cannot be kept longer than marks"),
        ("retention:\n  submissions: 2028-02-01\n  marks: 2028-01-01", 3, "cannot be kept longer than marks"),
        ("retention:\n  photos: 2028-01-01", 1, "Not a known field"),
    ],
)
def test_dates_that_do_not_fit(tmp_path: Path, text: str, line: int, words: str) -> None:
    (tmp_path / "course.yaml").write_text(text, "utf-8")
    found = problems(tmp_path)
    assert (line, True) in [(problem.line, words in problem.message) for problem in found], found


def test_a_date_means_the_end_of_that_day(tmp_path: Path) -> None:
    (tmp_path / "course.yaml").write_text("retention: {submissions: 2028-01-01}", "utf-8")
    assert str(read(tmp_path).retention.submissions) == "2028-01-01 23:59:59+00:00"
