"""`earned class`: a whole class goes through nbgrader, from the bank to the marks, while somebody watches."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from earned_security.assessment.marking import BY_HAND, mark
from earned_security.assessment.responses import Responses
from earned_security.teaching import TeachingError
from earned_security.teaching.assemble import assemble
from earned_security.teaching.bank import OPEN_BANK, Bank, read_banks
from earned_security.teaching.course import Course
from earned_security.teaching.grade import ANSWERS
from earned_security.teaching.synthetic import Trainee, hand_mark, trainees

BANK = OPEN_BANK


@dataclass(frozen=True)
class Demonstration:
    """Where everything lies, and the points of each trainee by item.

    ``checked``: how many item marks were compared with marking the same answer directly; all were equal.
    """

    folder: Path
    gradebook: Path
    feedback: Path
    table: Path
    marks: dict[str, dict[str, float]]
    checked: int


def run(
    students: int = 12,
    seed: int = 0,
    folder: Path | None = None,
    bank: Bank | None = None,
    say: Callable[[str], None] = lambda line: print(line, flush=True),
) -> Demonstration:
    """Take a class of synthetic trainees through real nbgrader, from assembling to exported marks.

    Args:
        students: how many trainees, at least 1.
        seed: the same seed gives the same abilities, difficulties and answers.
        folder: a new or empty folder; a temporary one where None.
        bank: the assignment; the first of the course where None.
        say: takes one line of progress.

    Raises:
        TeachingError: a step failed; the message says which and what nbgrader said.
    """
    if students < 1:
        raise TeachingError("A class needs at least one trainee: earned class --students 1")
    folder = _empty(folder)
    bank = bank or _first_bank()
    name, people = bank.assignment, trainees(bank, students, seed)
    say(f"A class of {students} synthetic trainees (seed {seed}) in {folder}")
    course = Course(folder)

    say(f"1 of 9  Assembling “{bank.title}” from the bank: {len(bank.items)} items, {bank.points:g} points")
    assemble(bank, course.root)
    say("2 of 9  Generating the assignment and releasing it")
    course.generate(name)
    course.release(name)
    for count, person in enumerate(people, start=1):
        say(f"3 of 9  {person.id} fetches, answers and hands in ({count} of {students})")
        _take_part(course, bank, person)
    say("4 of 9  Collecting")
    course.collect(name)
    _enrol(course, people)
    for count, person in enumerate(people, start=1):
        say(f"5 of 9  Autograding {person.id} ({count} of {students})")
        course.autograde(name, person.id)
    say("6 of 9  Comparing every mark with marking the same answer directly")
    checked = _compare(course, bank, people)
    say(f"        {checked} of {checked} are equal.")
    say("7 of 9  Reading what was written: marks and comments by hand")
    comments = _mark_by_hand(course, bank, people)
    say("8 of 9  Generating feedback, releasing and fetching it")
    course.feedback(name)
    for person in people:
        _require_comment(course.fetch_feedback(name, person.id), person, comments.get(person.id))
    say("9 of 9  Exporting the marks")
    table = course.root / "grades.csv"
    course.export(table)

    result = Demonstration(
        folder=folder,
        gradebook=course.database,
        feedback=course.root / "feedback",
        table=table,
        marks=_marks(course, bank, people),
        checked=checked,
    )
    for line in _table(bank, result.marks):
        say(line)
    say(f"\nGradebook:      {result.gradebook}")
    say(f"Feedback pages: {result.feedback}")
    say(f"Marks as CSV:   {result.table}")
    return result


def _empty(folder: Path | None) -> Path:
    if folder is None:
        return Path(tempfile.mkdtemp(prefix="earned-class-"))
    folder = folder.expanduser().resolve()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise TeachingError(f"{folder} is not an empty folder. Choose another; nothing in it was changed.")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _first_bank() -> Bank:
    banks = read_banks(BANK) if BANK.is_dir() else []
    if not banks:
        raise TeachingError("The bank of items was not found. Run this from a clone of the course.")
    return banks[0]


def _enrol(course: Course, people: Iterable[Trainee]) -> None:
    """Names for formgrader and the exported marks, as an instructor imports them from a roster."""
    with course.gradebook() as gradebook:
        for number, person in enumerate(people, start=1):
            gradebook.update_or_create_student(
                person.id, first_name="Synthetic", last_name=f"Trainee {number}"
            )


def _take_part(course: Course, bank: Bank, person: Trainee) -> None:
    home = course.fetch(bank.assignment, person.id)
    answers = {f"{item}/answer": {"value": value, "time": 1} for item, value in person.answers.items()}
    Responses(home / ANSWERS, bank.assignment).merge(answers)
    course.submit(bank.assignment, person.id)


def _compare(course: Course, bank: Bank, people: Iterable[Trainee]) -> int:
    checked = 0
    differences = []
    with course.gradebook() as gradebook:
        for person in people:
            for item, key in bank.items:
                if item.type in BY_HAND:
                    continue
                grade = gradebook.find_grade(item.id, bank.assignment, bank.assignment, person.id)
                direct = mark(item, key, person.answers.get(item.id)).points
                checked += 1
                if grade.auto_score != direct:
                    differences.append(
                        f"{person.id}, {item.id}: nbgrader {grade.auto_score}, directly {direct}"
                    )
    if differences:
        raise TeachingError("These marks differ from marking directly:\n" + "\n".join(differences))
    return checked


def _mark_by_hand(course: Course, bank: Bank, people: Iterable[Trainee]) -> dict[str, str]:
    """As a marker does in formgrader; the comment given to each trainee."""
    comments = {}
    with course.gradebook() as gradebook:
        for person in people:
            for item, key in bank.items:
                text = person.answers.get(item.id)
                if item.type not in BY_HAND or not isinstance(text, str):
                    continue
                place = (item.id, bank.assignment, bank.assignment, person.id)
                points, comments[person.id] = hand_mark(key, text)
                grade = gradebook.find_grade(*place)
                grade.manual_score, grade.needs_manual_grade = points, False
                gradebook.find_comment(*place).manual_comment = comments[person.id]
        gradebook.db.commit()
    return comments


def _require_comment(pages: list[Path], person: Trainee, comment: str | None) -> None:
    if not pages:
        raise TeachingError(f"No feedback page came back to {person.id}.")
    if comment and comment not in pages[-1].read_text(encoding="utf-8"):
        raise TeachingError(f"The comment given to {person.id} is not in the feedback page {pages[-1]}.")


def _marks(course: Course, bank: Bank, people: Iterable[Trainee]) -> dict[str, dict[str, float]]:
    def points(gradebook: Any, person: Trainee, item_id: str) -> float:
        return float(gradebook.find_grade(item_id, bank.assignment, bank.assignment, person.id).score)

    with course.gradebook() as gradebook:
        return {
            person.id: {item.id: points(gradebook, person, item.id) for item, _ in bank.items}
            for person in people
        }


def _table(bank: Bank, marks: dict[str, dict[str, float]]) -> list[str]:
    heads = [f"Q{number}" for number in range(1, len(bank.items) + 1)]
    most = [f"{item.points:g}" for item, _ in bank.items]
    rows = [["", *heads, "Total"], ["of", *most, f"{bank.points:g}"]]
    for person, points in marks.items():
        rows.append([person, *(f"{value:g}" for value in points.values()), f"{sum(points.values()):.2f}"])
    width = max(len(row[0]) for row in rows)
    lines = [row[0].ljust(width) + "".join(cell.rjust(7) for cell in row[1:]) for row in rows]
    names = [f"{head}: {item.title} ({item.type})" for head, (item, _) in zip(heads, bank.items, strict=True)]
    return ["", *lines, "", *names]
