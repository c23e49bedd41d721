"""Which courses a class server has and who belongs to them: ``server.yaml``, in one place for every way to run it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from earned_security.curriculum.source import ContentError, Document, Problem, read_document, validate
from earned_security.teaching.roster import read_roster

Role = Literal["grader", "instructor", "trainee"]

# What is the name of an account, of a folder and of a part of an address alike.
_NAME = re.compile(r"[a-z][a-z0-9._-]{0,30}")


@dataclass(frozen=True)
class ServerCourse:
    """One course. ``grader``: the account that owns ``folder`` and marks; nobody signs in with it."""

    id: str
    folder: Path
    grader: str
    instructors: tuple[str, ...]
    trainees: tuple[str, ...]


@dataclass(frozen=True)
class ClassServer:
    """All courses of a server. ``book``: the book's address; ``learners_files``: what each person's folder begins with."""

    address: str
    book: str
    exchange: Path
    learners_files: Path
    courses: tuple[ServerCourse, ...]
    admins: tuple[str, ...] = ()
    concurrent_starts: int = 4

    @cached_property
    def graders(self) -> dict[str, ServerCourse]:
        return {course.grader: course for course in self.courses}

    @cached_property
    def people(self) -> frozenset[str]:
        """Everybody who may sign in; no grader account is among them."""
        members = (name for course in self.courses for name in (*course.instructors, *course.trainees))
        return frozenset([*members, *self.admins]) - frozenset(self.graders)

    def role_of(self, name: str) -> Role | None:
        """An instructor of one course who is a trainee of another is an instructor here; None: a stranger."""
        if name in self.graders:
            return "grader"
        if any(name in course.instructors for course in self.courses) or name in self.admins:
            return "instructor"
        return "trainee" if name in self.people else None

    def taught_by(self, name: str) -> tuple[ServerCourse, ...]:
        """The courses in which somebody is an instructor."""
        return tuple(course for course in self.courses if name in course.instructors)

    def courses_of(self, name: str) -> tuple[ServerCourse, ...]:
        """The courses to which somebody belongs, in whatever role."""
        return tuple(
            course
            for course in self.courses
            if name in (course.grader, *course.instructors, *course.trainees)
        )


def read(path: Path) -> ClassServer:
    """The class server that a file describes; folders in it are taken from the file's own folder.

    Raises:
        ContentError: the file has mistakes; each is named with its line.
    """
    document = read_document(path.expanduser().resolve())
    if found := validate(document, "server"):
        raise ContentError(found)
    server, found = _server(document)
    if found:
        raise ContentError(found)
    return server


def _cannot_be(person: str) -> str:
    return (
        f"'{person}' cannot be the name of an account: up to 31 small letters, digits, dots, hyphens and underscores, "
        "beginning with a letter."
    )


def _server(document: Document) -> tuple[ClassServer, list[Problem]]:
    data: dict[str, Any] = document.data
    base = document.path.parent
    found: list[Problem] = []
    courses = []
    for name, own in data["courses"].items():
        trainees = list(own.get("trainees", []))
        if "roster" in own:
            trainees += [person.id for person in read_roster(base / own["roster"])]
        course = ServerCourse(
            name,
            base / own["folder"],
            own.get("grader", f"grader-{name}"),
            tuple(own["instructors"]),
            tuple(dict.fromkeys(trainees)),
        )
        courses.append(course)
        for person in (course.grader, *course.instructors, *course.trainees):
            if not _NAME.fullmatch(person):
                found.append(document.problem(("courses", name), _cannot_be(person)))
        for both in sorted({*course.instructors} & {*course.trainees}):
            message = f"'{both}' is an instructor and a trainee of this course; choose one."
            found.append(document.problem(("courses", name), message))
    server = ClassServer(
        data["address"].rstrip("/"),
        data["book"].rstrip("/") + "/",
        base / data["exchange"],
        base / data["learners_files"],
        tuple(courses),
        tuple(data.get("admins", ())),
        data.get("concurrent_starts", 4),
    )
    members = {name for course in courses for name in (*course.instructors, *course.trainees)} | {
        *server.admins
    }
    for name in server.admins:
        if not _NAME.fullmatch(name):
            found.append(document.problem(("admins",), _cannot_be(name)))
    for course in courses:
        if course.grader in members or [each.grader for each in courses].count(course.grader) > 1:
            message = f"'{course.grader}' marks this course, so it can be nobody else's account."
            found.append(document.problem(("courses", course.id), message))
    return server, found
