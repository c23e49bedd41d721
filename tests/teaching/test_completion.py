"""Completing the course: one rule, read off a real gradebook; performance stands beside it."""

from __future__ import annotations

import csv
import dataclasses
import html
import re
import shutil
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import best_play

from earned_security import cases, cli
from earned_security.cases.walks import random_play
from earned_security.curriculum import completion as rules
from earned_security.teaching import course_check, course_folder
from earned_security.teaching.bank import read_bank
from earned_security.teaching.completion import Completion, Plan, Submission, completion, of_course
from earned_security.teaching.course_settings import problems, read
from earned_security.teaching.repair import Standing, regrade

from .a_course import ACourse
from .conftest import DATA

RULE = rules.load()
FORM_A, FORM_B = RULE.forms
LAST = RULE.capstone.assignment
DANIEL = cases.load("daniel")
TEXT = {RULE.capstone.item: "One page on an invented adult."}


def sums(form: str, right: int) -> dict[str, Any]:
    """Answers to a form, of which so many are right."""
    bank = read_bank(DATA / "completion" / f"{form}.yaml")
    return {
        item.id: key.value["value"] if count < right else -1 for count, (item, key) in enumerate(bank.items)
    }


def unsafe_play() -> Any:
    """A play to an ending on which a choice failed safety."""
    for seed in range(500):
        play = random_play(DANIEL, seed)
        looked_at = cases.debrief(DANIEL, play)
        if looked_at.ending and any(decision.stopped for decision in looked_at.decisions):
            return cases.to_stored(DANIEL, play)
    raise AssertionError("no unsafe play was found")


PLAYS = {"safe": best_play(DANIEL), "unsafe": unsafe_play(), "written": {"alternative": "He asks him."}}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> ACourse:
    """Six learners who got differently far."""
    course = ACourse.make(tmp_path_factory.mktemp("completion") / "course")
    shutil.copytree(DATA / "completion", course.folder / "bank", dirs_exist_ok=True)
    for name in (*RULE.forms, LAST, RULE.observed_tasks):
        course_folder.assemble(course.folder, name)

    def form(learner: str, name: str, right: int, day: int) -> None:
        course.hand_in(learner, sums(name, right), f"2027-03-{day:02} 12:00:00 UTC", name)

    def rest(learner: str, play: str) -> None:
        answers = {RULE.safe_path.item: PLAYS[play], **TEXT}
        course.hand_in(learner, answers, "2027-04-01 12:00:00 UTC", LAST)

    form("ann", FORM_A, 1, 1)
    form("ann", FORM_B, 4, 30)
    rest("ann", "safe")
    form("ben", FORM_B, 5, 1)  # all right before the course, and less after it
    form("ben", FORM_A, 3, 30)
    rest("ben", "unsafe")
    form("cem", FORM_A, 5, 1)
    rest("cem", "written")
    form("dee", FORM_A, 5, 31)  # a retake, on the form with which she began
    form("dee", FORM_B, 3, 20)
    rest("dee", "written")
    course.hand_in("ann", {"asked": "3 May; supervisor."}, assignment=RULE.observed_tasks)
    course.hand_in(
        "ben", {"asked": "4 May; colleague.", "linked": "5 May; colleague."}, assignment=RULE.observed_tasks
    )
    course.hand_in("eve", {}, assignment=RULE.observed_tasks)
    for name in (*RULE.forms, LAST, RULE.observed_tasks):
        course.mark(name)
    for learner, points in (("ann", 12), ("ben", 11.5), ("dee", 20)):
        course.mark_by_hand(learner, RULE.capstone.item, points, assignment=LAST)
    course.mark_by_hand("dee", RULE.safe_path.item, 0, assignment=LAST)
    course.mark_by_hand("ann", "asked", 6, assignment=RULE.observed_tasks)
    return course


def by_learner(course: ACourse) -> dict[str, Completion]:
    return {each.learner: each for each in of_course(course.folder)}


def states(one: Completion) -> list[str]:
    return [part.state for part in one.parts]


def test_the_rule_read_off_a_real_gradebook(course: ACourse) -> None:
    found = by_learner(course)
    assert {name: states(one) for name, one in found.items()} == {
        "ann": ["met", "met", "met"],
        "ben": ["not yet", "not yet", "not yet"],
        "cem": ["not yet", "waits", "waits"],
        "dee": ["met", "not yet", "met"],
        "eve": ["not yet", "not yet", "not yet"],
    }
    assert [name for name, one in found.items() if one.complete] == ["ann"]
    reasons = [part.reason for part in found["ben"].parts]
    assert reasons == [f"{FORM_A}: 60 %", "not safe, or not to an ending", "11.5 of 20"]
    assert "before the course" in found["cem"].parts[0].reason


def test_the_written_route_passes_the_same_gate_once_a_person_has_marked_it(course: ACourse) -> None:
    course.mark_by_hand("dee", RULE.safe_path.item, 14, assignment=LAST)
    assert states(by_learner(course)["dee"]) == ["met", "met", "met"]
    course.mark_by_hand("dee", RULE.safe_path.item, 0, assignment=LAST)
    assert not by_learner(course)["dee"].complete


def test_performance_stands_beside_the_rule(course: ACourse) -> None:
    found = by_learner(course)
    assert (found["ann"].observed, found["ann"].waiting) == (("M1.7",), ())
    assert "M2.8" in found["ann"].unobserved and "M10.4" in found["ann"].unobserved
    assert (found["ben"].observed, found["ben"].waiting) == ((), ("M1.7", "M2.8"))
    assert "M1.7" in found["eve"].unobserved, "an empty task is unassessed, not 0"
    assert found["ann"].complete, "no observer, and yet complete"


def test_the_feedback_page_names_what_stays_unassessed(course: ACourse) -> None:
    done = course.api.generate_feedback(RULE.observed_tasks, force=True)
    assert done["success"], done
    place = course.folder / "feedback" / "ann" / RULE.observed_tasks / f"{RULE.observed_tasks}.html"
    text = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", place.read_text("utf-8"))).split())
    assert text.count("Not observed.") == 2
    assert "objective M2.8 (offer such a link to a client as a guess" in text
    assert "3 May" in text
    assert "Secret" not in text


def test_no_right_answer_of_a_form_is_ever_shown(course: ACourse) -> None:
    course.set(right_answers="yes")
    for name in (FORM_A, LAST):
        assert course.api.generate_feedback(name, force=True)["success"]
    pages = {
        name: (course.folder / "feedback" / "cem" / name / f"{name}.html").read_text("utf-8")
        for name in (FORM_A, LAST)
    }
    course.set(right_answers="no")
    assert "The answer looked for:" not in pages[FORM_A]
    assert "The answer looked for:" in pages[LAST], "elsewhere the setting holds"


def test_a_date_in_course_yaml_says_what_comes_after_the_course(course: ACourse) -> None:
    course.set(completion={"post_test_from": "2027-03-31"})
    found = by_learner(course)
    course.set(completion={})
    assert [name for name, one in found.items() if one.parts[0].state == "met"] == ["dee"]


def test_an_instructor_may_set_other_marks_and_the_assignment_says_them(course: ACourse) -> None:
    course.set(completion={"post_test_percent": 60, "capstone_points": 11})
    assert states(by_learner(course)["ben"]) == ["met", "not yet", "met"], "the safe path is no setting"
    course_folder.assemble(course.folder, FORM_A)
    released = (course.folder / "release" / FORM_A / f"{FORM_A}.ipynb").read_text("utf-8")
    assert "60 % of its points" in released and "11 of its 20 points" in released
    course.set(completion={"post_test_percent": None})
    course_folder.assemble(course.folder, FORM_A)
    released = (course.folder / "release" / FORM_A / f"{FORM_A}.ipynb").read_text("utf-8")
    assert f"{RULE.percent:g} % of its points" in released and "{completion}" not in released
    assert "easy" not in (course.folder / "release" / FORM_A / "items.json").read_text("utf-8")


def test_the_sheets_for_observers_hold_the_rubrics_and_nothing_of_the_markers(course: ACourse) -> None:
    text = course_folder.sheets_of(course.folder, RULE.observed_tasks).read_text("utf-8")
    assert "## Observed: linked (M2.8)" in text and "- 8: Seen in linked" in text
    assert "Secret" not in text
    assert not course_folder.sheets_of(course.folder, FORM_A).exists()


def test_a_mistake_in_the_marks_is_named(tmp_path: Path) -> None:
    (tmp_path / "course.yaml").write_text(
        "course: x\ncompletion:\n  capstone_points: 21\n  post_test_percent: 140\n"
    )
    assert [problem.line for problem in problems(tmp_path)] == [4]
    (tmp_path / "course.yaml").write_text("course: x\ncompletion:\n  capstone_points: 21\n", "utf-8")
    assert [(p.line, "it cannot need 21" in p.message) for p in problems(tmp_path)] == [(3, True)]
    (tmp_path / "course.yaml").write_text("course: x\ncompletion: {}\n", "utf-8")
    assert read(tmp_path).completion == RULE
    (tmp_path / "course.yaml").write_text("course: x\ncompletion: {post_test_from: 2027-05-01}\n", "utf-8")
    assert read(tmp_path).post_test_from == datetime(2027, 5, 1, tzinfo=UTC), "from the beginning of the day"
    (tmp_path / "course.yaml").write_text("course: x\ncompletion:\n  post_test_from: soon\n", "utf-8")
    assert [(p.line, "not a date" in p.message) for p in problems(tmp_path)] == [(3, True)]


def test_the_command_prints_and_writes_the_same(
    course: ACourse, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "completion.csv"
    assert cli.main(["completion", str(course.folder), "--csv", str(file)]) == 0
    shown = capsys.readouterr().out
    assert re.search(
        r"^ann +met \(knowledge-test-b: 80 %\) +met \(safe\) +met \(12 of 20\) +yes$", shown, re.M
    )
    assert "1 of 5 have completed the course." in shown
    assert re.search(r"^  ben: 0 observed; no points yet: M1\.7, M2\.8; unassessed: M3\.8, ", shown, re.M)
    rows = list(csv.DictReader(file.open(encoding="utf-8-sig")))
    assert [(row["learner"], row["completed"]) for row in rows][:2] == [("ann", "yes"), ("ben", "no")]
    assert rows[1]["no points yet"] == "M1.7 M2.8"
    assert rows[1]["knowledge test: why"] == f"{FORM_A}: 60 %"
    assert cli.main(["completion", str(course.folder), "--csv", str(tmp_path / "no" / "x.csv")]) == 1
    assert "cannot be written" in capsys.readouterr().err


def test_a_dropped_question_meets_nothing(course: ACourse) -> None:
    course.set(dropped={LAST: [RULE.safe_path.item]})
    regrade(course.folder, LAST)
    found = by_learner(course)
    assert {one.parts[1].state for one in found.values()} == {"cannot be said"}
    assert any(
        "keeps everybody from it" in problem.message for problem in course_check.problems(course.folder)
    )
    assert not found["ann"].complete
    course.set(dropped={})


def test_a_course_without_learners_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = course_folder.new(tmp_path / "course")
    assert cli.main(["completion", str(folder)]) == 0
    assert "no learners yet" in capsys.readouterr().out


# The pure function

PLAN = Plan(RULE, {}, {"asked": "M1.7"}, ("M1.7", "M2.8"))


def form_taken(percent: float, day: int | None) -> Submission:
    when = None if day is None else datetime(2027, 3, day)
    return Submission(when, 100, {"x": Standing(percent)})


def last_part(daniel: Standing, capstone: Standing) -> Submission:
    return Submission(None, 70, {RULE.safe_path.item: daniel, RULE.capstone.item: capstone})


DONE = {
    FORM_A: form_taken(10, 1),
    FORM_B: form_taken(RULE.percent, 9),
    LAST: last_part(Standing(0.01), Standing(None, RULE.capstone_points)),
}


def test_each_part_is_needed_and_its_edge_is_enough() -> None:
    assert completion("ann", DONE, PLAN).complete
    just_short: list[tuple[str, Submission]] = [
        (FORM_B, form_taken(RULE.percent - 0.01, 9)),
        (LAST, last_part(Standing(0.0), Standing(None, 20))),
        (LAST, last_part(Standing(20), Standing(None, RULE.capstone_points - 0.5))),
    ]
    for index, (name, worse) in enumerate(just_short):
        found = completion("ann", DONE | {name: worse}, PLAN)
        assert [part.state == "met" for part in found.parts].index(False) == index
        assert not found.complete
    assert "79.9 %" in completion("ann", DONE | dict([just_short[0]]), PLAN).parts[0].reason


@pytest.mark.parametrize(
    ("change", "states"),
    [
        ({FORM_A: form_taken(100, 20)}, ["met", "met", "met"]),
        ({FORM_A: form_taken(0, 20)}, ["not yet", "met", "met"]),
        ({FORM_A: form_taken(100, None)}, ["cannot be said", "met", "met"]),
        ({FORM_A: form_taken(100, 9)}, ["cannot be said", "met", "met"]),
        ({FORM_B: Submission(datetime(2027, 3, 9), 100, {})}, ["waits", "met", "met"]),
        (
            {FORM_B: Submission(datetime(2027, 3, 9), 100, {"x": Standing(None, waiting=True)})},
            ["waits", "met", "met"],
        ),
        ({LAST: last_part(Standing(20), Standing(None, waiting=True))}, ["met", "met", "waits"]),
        ({LAST: last_part(Standing(20), Standing(None, 20, waiting=True))}, ["met", "met", "waits"]),
        ({LAST: last_part(Standing(20, 0), Standing(None, 20))}, ["met", "not yet", "met"]),
        ({LAST: last_part(Standing(0, extra=5), Standing(None, 20))}, ["met", "not yet", "met"]),
        ({LAST: Submission(None, 70, {})}, ["met", "waits", "waits"]),
    ],
)
def test_what_is_not_certain_is_never_met(change: dict[str, Submission], states: list[str]) -> None:
    assert [part.state for part in completion("ann", DONE | change, PLAN).parts] == states


@pytest.mark.parametrize(
    ("found", "state"),
    [
        ({FORM_A: form_taken(90, 4)}, "not yet"),
        ({FORM_A: form_taken(90, 5)}, "met"),
        ({FORM_A: form_taken(90, 2), FORM_B: form_taken(90, 4)}, "not yet"),
        ({FORM_A: form_taken(90, 2), FORM_B: form_taken(70, 6)}, "not yet"),
        ({FORM_A: form_taken(90, 7), FORM_B: form_taken(70, 6)}, "met"),
        ({FORM_A: form_taken(90, None)}, "cannot be said"),
    ],
)
def test_a_date_says_which_form_is_one_after_the_course(found: dict[str, Submission], state: str) -> None:
    berlin = datetime(2027, 3, 5, tzinfo=timezone(timedelta(hours=1)))
    plan = dataclasses.replace(PLAN, post_test_from=berlin)
    assert completion("ann", found, plan).parts[0].state == state


def test_what_was_dropped_cannot_be_said() -> None:
    plan = dataclasses.replace(PLAN, dropped={LAST: [RULE.safe_path.item]})
    assert states(completion("ann", DONE, plan)) == ["met", "cannot be said", "met"]


standing = st.builds(
    Standing, st.none() | st.floats(0, 100), st.none() | st.floats(0, 100), st.just(0.0), st.booleans()
)


@given(
    st.dictionaries(
        st.sampled_from([*RULE.forms, LAST, RULE.observed_tasks]),
        st.builds(
            Submission,
            st.none() | st.datetimes(),
            st.floats(0, 200),
            st.dictionaries(
                st.sampled_from(["x", "asked", RULE.safe_path.item, RULE.capstone.item]), standing
            ),
        ),
    )
)
def test_any_gradebook_gives_an_answer_and_each_objective_stands_once(found: dict[str, Submission]) -> None:
    one = completion("ann", found, PLAN)
    assert len(one.parts) == 3
    assert sorted([*one.observed, *one.waiting, *one.unobserved]) == ["M1.7", "M2.8"]
    if one.complete:
        assert {*RULE.forms, LAST} <= set(found)
