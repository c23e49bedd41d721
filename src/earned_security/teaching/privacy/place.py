"""A course that is searched: its settings, its folders, its gradebook, and whom it knows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from earned_security.teaching.course_folder import open_course
from earned_security.teaching.course_settings import CourseSettings
from earned_security.teaching.privacy import gradebook, identity
from earned_security.teaching.privacy.contents import STEPS
from earned_security.teaching.privacy.identity import Identity
from earned_security.teaching.roster import pseudonym

_SHORTEST = 4  # letters of an id: a shorter one is likely to be a word of some kind


@dataclass
class Place:
    """A course that is searched: its settings, its folders, its gradebook."""

    settings: CourseSettings
    api: Any
    known: tuple[Identity, ...] = field(default=())

    @classmethod
    def of(cls, folder: Path) -> Place:
        """
        Raises:
            TeachingError: the folder holds no course.
            ContentError: ``course.yaml`` has mistakes.
        """
        return cls(*open_course(folder))

    @property
    def folder(self) -> Path:
        return self.settings.folder

    @cached_property
    def exchange(self) -> Path:
        return Path(self.api.exchange_root) / self.settings.course

    @cached_property
    def cache(self) -> Path:
        from nbgrader.exchange.default import Exchange

        return Path(Exchange(config=self.api.config).cache) / self.settings.course

    @cached_property
    def gradebook_file(self) -> Path | None:
        """The gradebook, where it is a file."""
        address = str(self.api.coursedir.db_url)
        return Path(address.removeprefix("sqlite:///")).resolve() if address.startswith("sqlite") else None

    @cached_property
    def assignments(self) -> tuple[str, ...]:
        with gradebook.opened(self.api) as book:
            return gradebook.assignments(book)

    def learners(self) -> list[str]:
        """Everybody whom the gradebook knows or who has a folder here."""
        with gradebook.opened(self.api) as book:
            found = {row["id"] for row in gradebook.students(book)}
        for step in STEPS:
            found |= {path.name for path in inside(self.folder / step)}
        return sorted(found)

    def identity(self, learner: str) -> Identity:
        """What the gradebook and the rosters in the course's folder say about somebody.

        A name that two learners share says nothing about either, and is left out.
        """
        everybody = dict(self._everybody)
        who = everybody.pop(learner, None) or Identity(learner, self._made_up(learner))
        for known in self.known:
            who = who.merged(known)
        who = identity.without_shared(who, everybody.values())
        is_word = len(learner) < _SHORTEST or learner in self._words
        return replace(who, assignments=self.assignments, others=tuple(everybody), is_word=is_word)

    @cached_property
    def lines(self) -> frozenset[str]:
        """Lines of the assignments themselves: a word in them names nobody."""
        found: set[str] = set()
        for name in ("source", "release"):
            for path in (self.folder / name).rglob("*"):
                if path.is_file():
                    found |= {line.strip() for line in path.read_text("utf-8", "replace").splitlines()}
        return frozenset(found)

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(word for line in self.lines for word in re.findall(r"[\w.@-]+", line))

    @cached_property
    def _everybody(self) -> dict[str, Identity]:
        found = identity.in_rosters(self.folder, self._made_up)
        with gradebook.opened(self.api) as book:
            for row in gradebook.students(book):
                one = identity.of_row(row["id"], self._made_up(row["id"]), row)
                found[one.id] = found[one.id].merged(one) if one.id in found else one
        return found

    def _made_up(self, learner: str) -> str:
        return pseudonym(learner, self.settings.course)


def inside(folder: Path) -> list[Path]:
    """What lies in a folder; nothing where there is none."""
    try:
        return sorted(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []
