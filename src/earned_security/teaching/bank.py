"""The bank of graded items: the only place where their keys are read."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from earned_security.assessment.items import Item, Key, split
from earned_security.assessment.marking import DROPPED
from earned_security.curriculum import completion
from earned_security.curriculum.completion import CompletionRule
from earned_security.curriculum.source import ContentError, Problem, read_document
from earned_security.teaching import TeachingError
from earned_security.teaching.course_settings import CourseSettings

OPEN_BANK = Path(__file__).resolve().parents[3] / "exercises" / "bank"


@dataclass(frozen=True)
class Bank:
    """The items of one assignment, each with its key.

    ``assignment``: nbgrader's name for it. ``module``: the id of the module that it belongs to; None where it is
    about the whole course, as the observed tasks and the knowledge test are.
    """

    assignment: str
    module: str | None
    title: str
    introduction: str
    items: tuple[tuple[Item, Key], ...]

    @property
    def points(self) -> float:
        return sum(item.points for item, _ in self.items)

    @property
    def version(self) -> str:
        """A name for exactly these items and keys: it changes with each of them, and gives neither away."""
        entries = [[item.public(), dataclasses.asdict(key)] for item, key in self.items]
        text = json.dumps([self.assignment, self.title, self.introduction, entries], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def read_bank(path: Path, rule: CompletionRule | None = None) -> Bank:
    """One file of the bank.

    Args:
        rule: what ``{completion}`` in its introduction stands for; the course's own where None.

    Raises:
        ContentError: the file cannot be read or used; ``earned check`` names every problem.
    """
    document = read_document(path)
    try:
        data = document.data
        return Bank(
            assignment=data["assignment"],
            module=data.get("module"),
            title=data["title"],
            introduction=data["introduction"].replace("{completion}", (rule or completion.load()).in_words()),
            items=tuple(split(entry) for entry in data["items"]),
        )
    except (KeyError, TypeError, AttributeError) as error:
        message = f"This file cannot be used as a bank of items ({error}); run `earned check`."
        raise ContentError([Problem(path, 1, message)]) from error


def read_banks(folder: Path, rule: CompletionRule | None = None) -> list[Bank]:
    """Every file of the bank, in the order of the modules; what is about the whole course comes last.

    Raises:
        ContentError: a file cannot be read or used.
    """
    return [read_bank(path, rule) for path in sorted(folder.glob("*.yaml"))]


def merge(banks: Iterable[Bank], private: Iterable[Bank]) -> list[Bank]:
    """The banks of a course that has private ones.

    A private bank with a new assignment is added. Under a known assignment, an item with a known id takes that
    item's place, other items follow at the end, and the title and the introduction are the private ones.
    """
    merged = {bank.assignment: bank for bank in banks}
    for bank in private:
        items = (
            {item.id: (item, key) for item, key in merged[bank.assignment].items}
            if bank.assignment in merged
            else {}
        )
        items |= {item.id: (item, key) for item, key in bank.items}
        merged[bank.assignment] = dataclasses.replace(bank, items=tuple(items.values()))
    return list(merged.values())


def drop(bank: Bank, ids: Iterable[str], points: str) -> Bank:
    """A bank in which some items no longer ask anything of anybody.

    Args:
        points: what they are worth then: "full", their points for everybody who handed in; "removed", nothing.
    """
    ids = set(ids)
    items = tuple(
        (
            dataclasses.replace(item, points=item.points if points == "full" else 0),
            dataclasses.replace(key, value={DROPPED: points}),
        )
        if item.id in ids
        else (item, key)
        for item, key in bank.items
    )
    return dataclasses.replace(bank, items=items)


def course_banks(settings: CourseSettings, open_bank: Path = OPEN_BANK) -> list[Bank]:
    """The banks of a course, by its settings: the open ones, its private ones, or both.

    Raises:
        ContentError: a file cannot be read or used, or the private bank's folder is missing.
    """
    private: list[Bank] = []
    if settings.private_bank:
        private = read_banks(settings.private_bank, settings.completion)
        if not private:
            message = f"The private bank was not found: {settings.private_bank} holds no .yaml file."
            raise ContentError([Problem(settings.folder / "course.yaml", 1, message)])
    banks = merge(read_banks(open_bank, settings.completion) if settings.open_bank else [], private)
    return [drop(bank, settings.dropped.get(bank.assignment, ()), settings.dropped_points) for bank in banks]


def course_bank(settings: CourseSettings, assignment: str, open_bank: Path = OPEN_BANK) -> Bank:
    """The bank of one assignment of a course.

    Raises:
        ContentError: as :func:`course_banks`.
        TeachingError: no bank has this assignment.
    """
    banks = {bank.assignment: bank for bank in course_banks(settings, open_bank)}
    if assignment not in banks:
        raise TeachingError(
            f"No assignment is called '{assignment}'. There are: {', '.join(banks) or 'none'}."
        )
    return banks[assignment]
