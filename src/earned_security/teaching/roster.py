"""The roster of a course: a CSV file of learners, and their names in nbgrader's gradebook."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from earned_security.curriculum.source import ContentError, Problem

COLUMNS = ("id", "first_name", "last_name", "email", "lms_user_id")
FILE = "roster.csv"

# What can be the name of a folder and a name in nbgrader's exchange, which joins names with "+".
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")
_BOM = "\ufeff"


@dataclass(frozen=True)
class Person:
    """One learner. ``id``: the name of their account; the rest may be empty.

    ``lms_user_id``: the number or name that a learning management system puts into the names of their files.
    """

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_user_id: str = ""


def read_roster(path: Path) -> list[Person]:
    """The learners of a CSV file with a header line; a column ``id`` is needed, order and case do not matter.

    Commas, semicolons and tabs are understood as what parts the columns.

    Raises:
        ContentError: the file has mistakes; each is named with its line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        message = "This file is not UTF-8 text. In a spreadsheet, save it as 'CSV UTF-8'."
        raise ContentError([Problem(path, 1, message)]) from None
    except OSError as error:
        raise ContentError([Problem(path, 1, f"This file cannot be read: {error.strerror}.")]) from error
    people, problems = _people(path, text)
    if problems:
        raise ContentError(problems)
    return people


def _people(path: Path, text: str) -> tuple[list[Person], list[Problem]]:
    header = text.splitlines()[0] if text.strip() else ""
    parted = max(",;\t", key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=parted, strict=True)
    names: list[str] = []
    people: dict[str, Person] = {}
    lines: dict[str, int] = {}
    known: dict[str, str] = {}  # learners by their lms_user_id
    problems: list[Problem] = []
    try:
        for row in reader:
            values = [value.strip() for value in row]
            if not any(values):
                continue
            if not names:
                names = [value.lower().replace(" ", "_") for value in values]
                if "id" not in names:
                    message = f"The first line must name the columns, one of them 'id': {', '.join(COLUMNS)}."
                    return [], [Problem(path, reader.line_num, message)]
                continue
            fault, person = _person(names, values)
            folded = person.id.casefold()
            if not fault and person.lms_user_id in known:
                fault = f"'{person.lms_user_id}' is the lms_user_id of {known[person.lms_user_id]} already."
            if not fault and folded in lines:
                fault = f"'{person.id}' stands in line {lines[folded]} already; each learner stands once."
            if fault:
                problems.append(Problem(path, reader.line_num, fault))
            else:
                people[person.id], lines[folded] = person, reader.line_num
                if person.lms_user_id:
                    known[person.lms_user_id] = person.id
    except csv.Error as error:
        problems.append(Problem(path, reader.line_num, f"This line cannot be read as CSV: {error}."))
    if not problems and not people:
        problems.append(Problem(path, 1, "This file names no learner."))
    return list(people.values()), problems


def _person(names: list[str], values: list[str]) -> tuple[str, Person]:
    if len(values) > len(names):
        return f"This line has {len(values)} columns, the first line {len(names)}.", Person("")
    row = dict(zip(names, values, strict=False))
    person = Person(*(row.get(name, "") for name in COLUMNS))
    if not person.id:
        return "This learner has no id.", person
    if not _ID.fullmatch(person.id):
        return (
            f"'{person.id}' cannot be an id: up to 64 letters, digits, dots, hyphens, underscores and @, "
            "beginning with a letter or a digit.",
            person,
        )
    return "", person


def pseudonym(person: str, course: str) -> str:
    """A made-up name that stays the same within a course, for instance ``K7QF-2M``; not a secret."""
    digest = hashlib.sha256(f"{course}/{person}".encode()).digest()
    letters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
    code = "".join(letters[byte % len(letters)] for byte in digest[:6])
    return f"{code[:4]}-{code[4:]}"


def enrol(gradebook: Any, people: Iterable[Person], course: str, blind: bool) -> int:
    """Write learners into nbgrader's gradebook, or correct their names there; how many.

    Nobody is removed, since that would delete their marks. Under blind marking the gradebook, and so formgrader,
    has a made-up name for each, and no address.
    """
    people = list(people)
    for person in people:
        shown = Person(person.id, "Learner", pseudonym(person.id, course)) if blind else person
        gradebook.update_or_create_student(
            person.id,
            first_name=shown.first_name or person.id,
            last_name=shown.last_name or shown.first_name or person.id,
            email=shown.email or None,
            lms_user_id=person.lms_user_id or None,
        )
    return len(people)
