"""Marking again after a mistake in the bank: what changes, what is kept, and what the report says."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from earned_security.teaching import TeachingError, repair
from earned_security.teaching.repair import LATE, Change, Standing, compare, regrade

from .a_course import ASSIGNMENT, ACourse
from .test_hostile import RIGHT

FIRST = "shapes-three-sides"
KEY = "    key: triangle\n"
TEXT = "shapes-favourite"


@pytest.fixture
def course(tmp_path: Path) -> ACourse:
    course = ACourse.make(tmp_path / "course")
    course.hand_in("ann", {**RIGHT, TEXT: "A star."})
    course.hand_in("ben", {**RIGHT, FIRST: "square"})
    course.hand_in("cem", {**RIGHT, FIRST: "square"})
    course.mark()
    course.mark_by_hand("ann", TEXT, 3.0, "Say why.")
    course.mark_by_hand("cem", FIRST, 0.5)
    return course


def comment(course: ACourse, learner: str, item: str) -> Any:
    with course.api.gradebook as gradebook:
        return gradebook.find_comment(item, ASSIGNMENT, ASSIGNMENT, learner).manual_comment


def said(course: ACourse, learner: str) -> str:
    path = course.folder / "autograded" / learner / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    return path.read_text("utf-8")


def test_a_corrected_key(course: ACourse) -> None:
    before = course.standings
    course.edit_bank(KEY, "    key: square\n")
    report = regrade(course.folder, ASSIGNMENT)
    kept = "The mark given by hand was kept; the automatic one would be 1."
    assert report.changes == (
        Change("ann", FIRST, 1, 0),
        Change("ben", FIRST, 0, 1),
        Change("cem", FIRST, 0.5, 0.5, kept),
    )
    assert report.lines() == [
        "3 learners were marked again; the points of 2 changed.",
        f"  {FIRST}: 1 up, 1 down, 1 marked by hand and kept",
        f"  ann, {FIRST}: 1 -> 0",
        f"  ben, {FIRST}: 0 -> 1",
    ]
    with report.file.open(encoding="utf-8") as file:
        rows = list(csv.reader(file))
    assert rows[1:] == [
        ["ann", FIRST, "1", "0", "-1", ""],
        ["ben", FIRST, "0", "1", "1", ""],
        ["cem", FIRST, "0.5", "0.5", "0", kept],
    ]
    after = course.standings
    assert after["ann", TEXT] == before["ann", TEXT], (
        "the hand-given mark, and that nobody needs to look again"
    )
    assert after["cem", FIRST] == Standing(1.0, 0.5, 0.0, waiting=True)
    assert comment(course, "ann", TEXT) == "Say why."
    changed = {place for place in after if after[place] != before[place]}
    assert changed == {("ann", FIRST), ("ben", FIRST), ("cem", FIRST)}

    again = regrade(course.folder, ASSIGNMENT)
    assert again.changes == ()
    assert again.lines() == ["3 learners were marked again; the points of 0 changed."]


def test_an_item_dropped_for_all(course: ACourse) -> None:
    course.set(dropped={ASSIGNMENT: [FIRST]})
    report = regrade(course.folder, ASSIGNMENT)
    assert [(one.learner, one.before, one.after) for one in report.changes] == [
        ("ben", 0, 1),
        ("cem", 0.5, 0.5),
    ]
    assert "This question was taken out. Everybody gets its points." in said(course, "ben").replace(
        "\\n", " "
    )

    course.set(dropped_points="removed")
    report = regrade(course.folder, ASSIGNMENT)
    assert [(one.learner, one.before, one.after) for one in report.changes] == [
        ("ann", 1, 0),
        ("ben", 1, 0),
        ("cem", 0.5, 0.5),
    ]
    with course.api.gradebook as gradebook:
        assert gradebook.find_assignment(ASSIGNMENT).max_score == 17
    course.set(dropped={})
    regrade(course.folder, ASSIGNMENT)
    assert [course.standings[learner, FIRST].automatic for learner in ("ann", "ben", "cem")] == [1, 0, 0]


def test_what_cannot_be_repaired_this_way_is_refused_before_anything_changes(course: ACourse) -> None:
    source = course.folder / "source" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    before, text = course.standings, source.read_bytes()
    for dropped, words in (([TEXT], "marked by hand"), (["shapes-none"], "no item of shapes")):
        course.set(dropped={ASSIGNMENT: dropped})
        with pytest.raises(TeachingError, match=words):
            regrade(course.folder, ASSIGNMENT)
    course.set(dropped={})
    course.edit_bank(f"  - id: {FIRST}", "  - id: shapes-other")
    with pytest.raises(TeachingError, match=f"shapes-other came in; {FIRST} went out"):
        regrade(course.folder, ASSIGNMENT)
    with pytest.raises(TeachingError, match="No assignment is called 'lines'"):
        regrade(course.folder, "lines")
    assert (course.standings, source.read_bytes()) == (before, text)


def test_an_interrupted_run_loses_nothing_of_the_report(
    course: ACourse, monkeypatch: pytest.MonkeyPatch
) -> None:
    course.edit_bank(KEY, "    key: square\n")
    real = repair.mark_course

    def stopped(*arguments: Any, **options: Any) -> Any:
        real(course.folder, ASSIGNMENT, ["ben"], force=True)
        raise KeyboardInterrupt

    monkeypatch.setattr(repair, "mark_course", stopped)
    with pytest.raises(KeyboardInterrupt):
        regrade(course.folder, ASSIGNMENT)
    monkeypatch.undo()
    report = regrade(course.folder, ASSIGNMENT)
    assert [one.learner for one in report.changes] == ["ann", "ben", "cem"]
    assert not list((course.folder / "reports").glob("*.json"))


def test_lateness_and_extensions_by_the_settings(tmp_path: Path) -> None:
    due = {"assignments": {ASSIGNMENT: {"due": "2027-03-01 10:00"}}, "late": {"per_day": 0.1}}
    course = ACourse.make(tmp_path / "course", **due)
    for learner in ("ann", "ben"):
        course.hand_in(learner, RIGHT, "2027-03-01 12:00:00 UTC")
    course.mark()
    assert course.standings["ann", LATE] == course.standings["ben", LATE] == Standing(-1.4), "a tenth of 14"

    assert course.api.autograde(ASSIGNMENT, "ben", force=True)["success"]
    assert course.standings["ben", LATE] == Standing(-1.4), "nbgrader's own command as well"

    course.set(learners={"ann": {"extra_days": 1}})
    report = regrade(course.folder, ASSIGNMENT)
    assert report.changes == (Change("ann", LATE, -1.4, 0),)
    course.set(assignments={ASSIGNMENT: {"due": "2027-03-02"}})
    regrade(course.folder, ASSIGNMENT)
    assert ("ben", LATE) not in course.standings


def test_nobody_marked_yet(tmp_path: Path) -> None:
    course = ACourse.make(tmp_path / "course")
    with pytest.raises(TeachingError, match="nothing to mark again"):
        regrade(course.folder, ASSIGNMENT)


def test_comparing() -> None:
    before = {("ann", "one"): Standing(1), ("ann", "two"): Standing(2), ("ben", "one"): Standing(1, 0.5, 0.5)}
    after = {
        ("ann", "one"): Standing(None, waiting=True),
        ("ann", "two"): Standing(2),
        ("ben", "one"): Standing(1, 0.5),
    }
    assert list(compare(before, after)) == [
        Change("ann", "one", 1, 0, "This waits for a person."),
        Change("ben", "one", 1, 0.5),
    ]
    assert list(compare(after, after)) == []
