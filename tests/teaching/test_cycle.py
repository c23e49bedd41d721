"""Real nbgrader from the bank to the exported marks, for two synthetic trainees."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import nbformat
import pytest

from earned_security.assessment.marking import BY_HAND, mark
from earned_security.teaching import TeachingError
from earned_security.teaching.bank import Bank
from earned_security.teaching.course import Course
from earned_security.teaching.demonstration import Demonstration, run
from earned_security.teaching.synthetic import hand_mark, trainees

Shown = tuple[Demonstration, list[str]]


def pages(result: Demonstration) -> dict[str, str]:
    """The feedback pages as trainees fetched them."""
    found = (result.folder / "trainees").glob("*/shapes/feedback/*/shapes.html")
    return {path.relative_to(result.folder / "trainees").parts[0]: path.read_text("utf-8") for path in found}


def test_each_mark_equals_marking_the_same_answer_directly(shown: Shown, bank: Bank) -> None:
    result, lines = shown
    assert result.checked == 2 * 8
    assert "        16 of 16 are equal." in lines
    for person in trainees(bank, 2, 3):
        for item, key in bank.items:
            if item.type in BY_HAND:
                expected = hand_mark(key, person.answers[item.id])[0]
            else:
                expected = mark(item, key, person.answers.get(item.id)).points
            assert result.marks[person.id][item.id] == expected


def test_the_answers_are_not_all_alike(shown: Shown) -> None:
    totals = {sum(points.values()) for points in shown[0].marks.values()}
    assert len(totals) == 2
    assert all(0 < total < 18 for total in totals)


def test_marks_and_comments_given_by_hand_are_in_the_feedback_pages(shown: Shown, bank: Bank) -> None:
    found = pages(shown[0])
    assert set(found) == {"trainee01", "trainee02"}
    for person in trainees(bank, 2, 3):
        points, comment = hand_mark(bank.items[-1][1], person.answers["shapes-favourite"])
        assert comment in found[person.id]
        assert re.search(rf"Written response</a> \(Score: {points} / 4.0\)", found[person.id])


def test_feedback_says_for_each_item_what_was_answered_and_why_it_earns_what_it_earns(
    shown: Shown, bank: Bank
) -> None:
    for page in pages(shown[0]).values():
        text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))
        for item, _ in bank.items:
            if item.type not in BY_HAND:
                assert item.prompt in text
        assert text.count("You answered: - ") == 8
        assert text.count("Points: ") == 8


def test_the_exported_marks_are_those_of_the_gradebook(shown: Shown) -> None:
    result, _ = shown
    with result.table.open(encoding="utf-8") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert {name: float(row["score"]) for name, row in rows.items()} == {
        name: pytest.approx(sum(points.values())) for name, points in result.marks.items()
    }
    assert {row["max_score"] for row in rows.values()} == {"18.0"}
    assert rows["trainee01"]["first_name"] == "Synthetic"


def test_what_is_printed_says_where_everything_lies(shown: Shown) -> None:
    result, lines = shown
    text = "\n".join(lines)
    for path in (result.gradebook, result.feedback, result.table):
        assert path.exists()
        assert str(path) in text
    for step in range(1, 10):
        assert f"{step} of 9" in text
    assert "Q1: Three sides (choose-one)" in text


def test_the_marker_sees_the_text_the_rubric_and_the_model_answer(shown: Shown) -> None:
    notebook = nbformat.read(
        shown[0].folder / "course" / "autograded" / "trainee01" / "shapes" / "shapes.ipynb", as_version=4
    )
    text = "\n".join(cell.source for cell in notebook.cells)
    assert "Secretcriterion" in text
    assert "Secretmodel" in text
    assert "This is a made&#45;up answer" in text


def test_a_step_that_fails_stops_with_what_nbgrader_said(tmp_path: Path) -> None:
    course = Course(tmp_path)
    with pytest.raises(TeachingError, match=r"generate_assignment.*(?s:.)*No notebooks were matched"):
        course.generate("nothing")


def test_a_mark_that_differs_is_said(bank: Bank) -> None:
    from earned_security.teaching import demonstration

    class Grade:
        auto_score = 99.0

    class Gradebook:
        def __enter__(self) -> Gradebook:
            return self

        def __exit__(self, *_: object) -> None: ...

        def find_grade(self, *_: object) -> Grade:
            return Grade()

    class Fake:
        gradebook = Gradebook

    with pytest.raises(TeachingError, match="nbgrader 99"):
        demonstration._compare(Fake(), bank, trainees(bank, 1, 0))  # type: ignore[arg-type]


def test_a_folder_in_use_is_left_alone(tmp_path: Path, bank: Bank) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(TeachingError, match="not an empty folder"):
        run(students=1, folder=tmp_path, bank=bank)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    with pytest.raises(TeachingError, match="at least one"):
        run(students=0, bank=bank)


def test_where_the_exchange_does_not_work_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    with pytest.raises(TeachingError, match="Linux or macOS"):
        Course(tmp_path)


@pytest.mark.slow
def test_a_dozen_trainees_with_the_courses_own_bank(tmp_path: Path) -> None:
    result = run(students=12, seed=0, folder=tmp_path)
    assert result.checked >= 12 * 8
    assert len(result.marks) == 12
