"""Graded exercises in a notebook: the public part of an item, and the answer on the disk. No key is here."""

from __future__ import annotations

import getpass
import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from earned_security.assessment.items import from_public
from earned_security.assessment.responses import Responses, ResponsesError
from earned_security.curriculum import ContentError
from earned_security.interactive import case_exercise
from earned_security.interactive.piece import Message, Piece
from earned_security.locale import words

ITEMS = "items.json"
RESPONSES = "responses.json"


class ExercisesError(Exception):
    """The exercises of a folder cannot be shown. The message says why, and what to do."""


class Exercises:
    """The exercises of one assignment, read from ``items.json`` in its folder.

    Args:
        learner: whose order of options it is; :func:`learner_name` where nothing is said.

    Attributes:
        assignment: its name, kept with the answers; None where the file names none.
        bank_version: which items these are, kept with the answers; empty where the file does not say.
        items: the public part of every item, by id, in order; options in the learner's own order where the
            course wants that.

    Raises:
        ExercisesError: the file is missing or damaged.
    """

    def __init__(self, folder: Path, learner: str | None = None) -> None:
        self.folder = folder
        data = _read(folder / ITEMS)
        assignment = data.get("assignment")
        self.assignment: str | None = assignment if isinstance(assignment, str) else None
        bank_version = data.get("bank_version")
        self.bank_version = bank_version if isinstance(bank_version, str) else ""
        try:
            # Through Item, so that nothing but an item's public part can reach the page.
            self.items = {entry["id"]: from_public(entry).public() for entry in data["items"]}
            if data.get("shuffle_options") is True:
                seed = f"{self.assignment}/{learner_name() if learner is None else learner}"
                self.items = {name: shuffled(item, seed) for name, item in self.items.items()}
        except (KeyError, TypeError, AttributeError) as error:
            raise ExercisesError(_damaged("item")) from error

    def content(self, item_id: str) -> dict[str, Any]:
        """What the page shows of one item, as JSON.

        Raises:
            ExercisesError: the assignment has no such item.
        """
        if item_id not in self.items:
            raise ExercisesError(words("kernel.exercise.unknown", name=item_id))
        number = list(self.items).index(item_id) + 1
        item = self.items[item_id]
        title = words("kernel.exercise.title", number=number, count=len(self.items), title=item["title"])
        return {**item, "kind": "exercise", "title": title}

    def exercise(self, item_id: str) -> Piece:
        """One exercise to show; its answer is kept as ``<item id>/answer`` in ``responses.json``.

        Raises:
            ExercisesError: the assignment has no such item.
        """
        content = self.content(item_id)
        responses = Responses(self.folder / RESPONSES, self.assignment, self.bank_version)
        if content["type"] != "play-case":
            return Piece(content, responses)
        try:
            return case_exercise.CaseExercise(content, responses)
        except (KeyError, ContentError) as error:
            raise ExercisesError(words("kernel.exercise.noCase", case=content.get("case"))) from error


SHUFFLED = ("choose-one", "choose-many", "match")


def shuffled(item: Mapping[str, Any], seed: str) -> dict[str, Any]:
    """An item with its options in an order that depends on the seed and the item alone.

    Answers are stored as ids, so marks do not depend on the order. The order of categories, of passages and of
    steps to be put in order carries meaning or was chosen by the writer; it stays.
    """
    if item["type"] not in SHUFFLED:
        return dict(item)

    def place(option: Mapping[str, str]) -> str:
        return hashlib.sha256(f"{seed}/{item['id']}/{option['id']}".encode()).hexdigest()

    return {**item, "options": sorted(item["options"], key=place)}


def learner_name() -> str:
    """Who works here: the name in JupyterHub, else the account of the operating system; empty if neither is known."""
    try:
        return os.environ.get("JUPYTERHUB_USER") or getpass.getuser()
    except (OSError, ImportError, KeyError):  # an account without a name; a browser's notebook
        return ""


def exercise(item_id: str) -> Piece | Message:
    """An exercise of the assignment in the working folder; where it cannot be shown, what to do in words."""
    try:
        return Exercises(Path.cwd()).exercise(item_id)
    except (ExercisesError, ResponsesError) as error:
        return Message(str(error))


def _read(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ExercisesError(words("kernel.exercise.missing", file=ITEMS)) from error
    except OSError as error:
        said = words("kernel.exercise.unreadable", file=ITEMS, reason=error.strerror)
        raise ExercisesError(said) from error
    except (ValueError, RecursionError) as error:
        raise ExercisesError(_damaged("json")) from error
    if not isinstance(data, dict) or not isinstance(data.get("items"), list):
        raise ExercisesError(_damaged("list"))
    return data


def _damaged(reason: str) -> str:
    said = words(f"kernel.exercise.reasons.{reason}")
    return words("kernel.exercise.damaged", file=ITEMS, reason=said, answers=RESPONSES)
