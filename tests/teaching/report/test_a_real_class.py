"""The report on real nbgrader classes: the numbers are those of the gradebook."""

from __future__ import annotations

import csv
import random
import shutil
from pathlib import Path
from typing import Any

import pytest

from earned_security import cli
from earned_security.assessment.marking import BY_HAND
from earned_security.curriculum import completion
from earned_security.teaching import course_folder
from earned_security.teaching.bank import OPEN_BANK, course_bank
from earned_security.teaching.bulk import mark_course
from earned_security.teaching.course_settings import read
from earned_security.teaching.report import gathering, results
from earned_security.teaching.report.report_command import PAGE, write
from earned_security.teaching.synthetic import hand_mark, trainees

from ..a_course import ACourse
from ..conftest import DATA, answers_file
from .planted import KINDS, planted_class

RULE = completion.load()
LAST = RULE.capstone.assignment


def take_part(course: ACourse, assignment: str, people: Any, day: Any) -> None:
    for number, person in enumerate(people):
        course.hand_in(person.id, person.answers, f"2027-03-{day(number):02} 12:00:00 UTC", assignment)
    course.mark(assignment)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> ACourse:
    """Twelve learners, small forms and a last assignment with a case; two texts wait for a marker."""
    course = ACourse.make(tmp_path_factory.mktemp("report") / "course")
    shutil.copytree(DATA / "completion", course.folder / "bank", dirs_exist_ok=True)
    roster = course.folder.parent / "roster.csv"
    people = [f"trainee{number:02}" for number in range(1, 13)]
    lines = [f"{name},Zenobia,Example-{name[-2:]}" for name in [*people, "absent"]]
    roster.write_text("\n".join(["id,first_name,last_name", *lines]), "utf-8")
    course_folder.enrol(course.folder, roster)
    for count, name in enumerate((*RULE.forms, LAST)):
        course_folder.assemble(course.folder, name)
        bank = course_bank(read(course.folder), name)
        first = count  # form A first for the odd, form B first for the even
        take_part(course, name, trainees(bank, 12, count), lambda n, f=first: 1 if n % 2 == f else 20)
        for person in trainees(bank, 10, count):
            for item, key in bank.items:
                if item.type in BY_HAND and item.id in person.answers:
                    points, comment = hand_mark(key, person.answers[item.id])
                    course.mark_by_hand(person.id, item.id, points, comment, name)
    return course


def test_marks_are_those_that_nbgrader_counts(course: ACourse) -> None:
    cohort = gathering.of_course(course.folder)
    found = results.of_cohort(cohort)
    assert len(cohort.learners) == 13 and cohort.learners["trainee03"] == "Zenobia Example-03"
    module = next(w.bank.module or LAST for w in cohort.modules if w.bank.assignment == LAST)
    with course.api.gradebook as gradebook:
        for learner in cohort.learners:
            mark = found.modules[learner][module]
            if learner == "absent":
                assert mark.state == "not handed in"
                continue
            submission = gradebook.find_submission(LAST, learner)
            if mark.state == "marked":
                assert mark.earned == pytest.approx(submission.score)
                assert mark.possible == pytest.approx(submission.max_score)
            else:
                assert mark.state == "waits" and submission.needs_manual_grade
        states = {learner: found.modules[learner][module].state for learner in ("trainee01", "trainee12")}
        assert states == {"trainee01": "marked", "trainee12": "waits"}
        for pair in found.gains.pairs:
            other = next(name for name in RULE.forms if name != pair.first_form)
            for form, percent in ((pair.first_form, pair.before), (other, pair.after)):
                submission = gradebook.find_submission(form, pair.learner)
                assert percent == pytest.approx(100 * submission.score / submission.max_score)
    assert len(found.gains.pairs) == 12 and found.gains.gain is not None
    (paths,) = found.paths
    assert paths.learners >= 10 and paths.flows


def test_the_command_writes_a_page_and_tables(
    course: ACourse, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["report", str(course.folder)]) == 0
    shown = capsys.readouterr().out
    into = course.folder / "reports" / "report"
    assert f"The report: {into / PAGE}" in shown and "Analysing the items of" in shown
    assert into.stat().st_mode & 0o77 == 0, "only for its owner"
    text = (into / PAGE).read_text("utf-8")
    assert "Zenobia" not in text and "13</strong> learners" in text
    assert cli.main(["report", str(course.folder), "--names", "--folder", str(tmp_path / "named")]) == 0
    rows = list(csv.DictReader((tmp_path / "named" / "marks-by-module.csv").open(encoding="utf-8-sig")))
    assert any(row["learner"] == "Zenobia Example-03 (trainee03)" for row in rows)
    (tmp_path / "a file").write_text("")
    capsys.readouterr()
    assert cli.main(["report", str(course.folder), "--folder", str(tmp_path / "a file" / "x")]) == 1
    assert "cannot be written" in capsys.readouterr().err
    assert cli.main(["report", str(tmp_path)]) == 1
    assert "holds no course" in capsys.readouterr().err


def test_an_answer_that_was_handed_in_after_the_marking_is_not_held_against_the_marks(
    course: ACourse,
) -> None:
    form = RULE.forms[0]
    place = course.folder / "submitted" / "trainee01" / form / "responses.json"
    before = place.read_text("utf-8")
    bank = course_bank(read(course.folder), form)
    sheet = next(w for w in gathering.of_course(course.folder).works if w.bank.assignment == form).sheets[
        "trainee01"
    ]
    wrong = {item.id: -12345 if sheet.points[item.id] else key.value["value"] for item, key in bank.items}
    place.write_text(answers_file(wrong, form), "utf-8")
    changed = next(w for w in gathering.of_course(course.folder).works if w.bank.assignment == form).sheets[
        "trainee01"
    ]
    assert changed.unlike == set(wrong) and not changed.answers
    assert changed.points == sheet.points
    place.unlink()
    place.symlink_to("/etc/passwd")
    gone = next(w for w in gathering.of_course(course.folder).works if w.bank.assignment == form).sheets[
        "trainee01"
    ]
    assert not gone.answers and gone.points == sheet.points
    place.unlink()
    place.write_text(before, "utf-8")


def test_a_course_without_learners_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = course_folder.new(tmp_path / "course")
    assert cli.main(["report", str(folder)]) == 1
    assert "no learners yet" in capsys.readouterr().err


def test_without_its_libraries_it_says_what_to_install(
    course: ACourse, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pingouin", None)
    assert cli.main(["report", str(course.folder)]) == 1
    assert "pip install 'earned-security[report]'" in capsys.readouterr().err


@pytest.mark.slow
def test_sixty_learners_with_planted_items_through_nbgrader(tmp_path: Path) -> None:
    """The course's own test, through assembling, marking and the report: the same flags as without nbgrader."""
    course = ACourse(course_folder.new(tmp_path / "course"))
    private = course.folder / "bank"
    private.mkdir(mode=0o700)
    planted = planted_class(next(b for b in [course_bank(read(course.folder), RULE.forms[0])]), 4)
    text = (OPEN_BANK / f"{RULE.forms[0]}.yaml").read_text("utf-8")
    for item, key in planted.bank.items:  # the wrong key goes into a private bank
        if planted.bad.get(item.id) == "miskeyed":
            start = text.index(f"- id: {item.id}\n")
            head, tail = text[:start], text[start:]
            right = next(line for line in tail.split("\n") if line.startswith("    key: "))
            text = head + tail.replace(right, f"    key: {key.value}", 1)
    (private / "form.yaml").write_text(text, "utf-8")
    course.set(private_bank="bank", open_bank=False)
    form = RULE.forms[0]
    course_folder.assemble(course.folder, form)
    source = random.Random(0)
    for person in planted.people:
        course.hand_in(person.id, person.answers, f"2027-03-{source.randint(1, 9):02} 12:00:00 UTC", form)
    assert {outcome.state for outcome in mark_course(course.folder, form)} == {"marked"}
    into = tmp_path / "out"
    write(course.folder, into)
    rows = {row["item"]: row for row in csv.DictReader((into / "items.csv").open(encoding="utf-8-sig"))}
    from earned_security.teaching.report.item_analysis import analyse

    directly = analyse(planted.bank.items, planted.sheets.values())
    assert {name for name, row in rows.items() if row["review"]} == {a.item.id for a in directly if a.flags}
    for each in directly:
        row = rows[each.item.id]
        assert float(row["difficulty"]) == pytest.approx(each.difficulty, rel=1e-5)
        assert (each.discrimination is None) == (row["discrimination"] == "")
        if each.discrimination is not None:
            assert float(row["discrimination"]) == pytest.approx(each.discrimination, rel=1e-4)
    assert sum(bool(rows[name]["review"]) for name in planted.bad) >= len(KINDS) - 1
