"""The bank of graded items: the only place where their keys are read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from earned_security.assessment.items import Item, Key, split
from earned_security.curriculum.source import ContentError, Problem, read_document


@dataclass(frozen=True)
class Bank:
    """The items of one assignment, each with its key.

    ``assignment``: nbgrader's name for it. ``module``: the id of the module that it belongs to.
    """

    assignment: str
    module: str
    title: str
    introduction: str
    items: tuple[tuple[Item, Key], ...]

    @property
    def points(self) -> float:
        return sum(item.points for item, _ in self.items)


def read_bank(path: Path) -> Bank:
    """One file of the bank.

    Raises:
        ContentError: the file cannot be read or used; ``earned check`` names every problem.
    """
    document = read_document(path)
    try:
        data = document.data
        return Bank(
            assignment=data["assignment"],
            module=data["module"],
            title=data["title"],
            introduction=data["introduction"],
            items=tuple(split(entry) for entry in data["items"]),
        )
    except (KeyError, TypeError, AttributeError) as error:
        message = f"This file cannot be used as a bank of items ({error}); run `earned check`."
        raise ContentError([Problem(path, 1, message)]) from error


def read_banks(folder: Path) -> list[Bank]:
    """Every file of the bank, in the order of the modules.

    Raises:
        ContentError: a file cannot be read or used.
    """
    return [read_bank(path) for path in sorted(folder.glob("*.yaml"))]
