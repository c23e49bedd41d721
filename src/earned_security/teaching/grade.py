"""One answer to one item: its points, and what its learner reads about them.

:func:`grade` is what runs in a grade cell where nbgrader executes notebooks. nbgrader takes anything but a plain
number from 0 to the cell's points for full marks or for an error, and any text on stderr for nothing; so it
returns such a number and prints to stdout only, or raises where a person has to look. Marking without executing shares :func:`judged` with it.
"""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from earned_security import cases
from earned_security.assessment import responses
from earned_security.assessment.items import Item, Key, from_public
from earned_security.assessment.marking import Mark, mark
from earned_security.teaching import case_feedback

ANSWERS = "responses.json"


class CouldNotBeMarked(Exception):
    """There are no points yet: a person has to look. A marked notebook shows it as an error of this name.

    nbgrader never takes an error for points, and :class:`~.preprocessors.save_marks.SaveMarks` lets it wait.
    """

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows; IPython's own would quote the cell, and so the key."""
        return str(self).split("\n")


@dataclass(frozen=True)
class Answers:
    """What one person handed in.

    ``found``: ``{item id: answer}``. ``notice``: what the instructor should know. ``usable``: False where there
    is an answers file that could not be read, so that nothing in it can be marked, not even as blank.
    """

    found: Mapping[str, Any] = field(default_factory=dict)
    notice: str = ""
    usable: bool = True


def answers_in(contents: responses.Contents) -> Answers:
    """The answers to items among all entries of an answers file."""
    found = {
        name.removesuffix("/answer"): entry["value"]
        for name, entry in contents.entries.items()
        if name.endswith("/answer")
    }
    return Answers(found, " ".join(contents.refused))


def unusable(error: Exception) -> Answers:
    """In place of the answers, where their file could not be read."""
    return Answers({}, f"The answers file could not be used: {error}", usable=False)


def read_answers(folder: Path) -> Answers:
    """The answers in a folder; one without an answers file holds none."""
    try:
        answers = answers_in(responses.inspect(folder / ANSWERS))
    except responses.ResponsesError as error:
        return unusable(error)
    if not answers.found and any(folder.glob(f"{Path(ANSWERS).stem}.damaged-*")):
        return Answers({}, "There is a damaged answers file beside an empty one.", usable=False)
    return answers


def parse(item: str, key: str) -> tuple[Item, Key]:
    """The public item and its key, from the JSON texts in a grade cell.

    Raises:
        ValueError, TypeError, KeyError, AttributeError: they are not such texts.
    """
    public = from_public(json.loads(item))
    return public, Key(public.id, json.loads(key))


def judged(item: Item, key: Key, answers: Answers) -> tuple[float | None, str]:
    """The points of one item, from 0 to its points, and its feedback; None where a person has to look at it."""
    if not answers.usable:
        reason = f"This item could not be marked. {answers.notice}"
        return None, feedback(item, Mark(0.0, 0.0, reason, {"failed": True}))
    result = mark(item, key, answers.found.get(item.id))
    notice = answers.notice if result.points < result.maximum else ""
    text = feedback(item, result, notice, _debrief(item, answers.found.get(item.id)))
    if _waits(result):
        return None, text
    return min(max(float(result.points), 0.0), float(item.points)), text


def _waits(result: Mark) -> bool:
    """Whether there are no points yet: a broken key, or a written task in place of a played case."""
    return bool(result.details.get("failed") or result.details.get("by_hand"))


def _debrief(item: Item, response: Any) -> list[str]:
    """For a case that was played, the look back on it."""
    if item.type != "play-case" or (isinstance(response, dict) and "alternative" in response):
        return []
    return list(case_feedback.paragraphs(cases.load(item.content["case"]), response))


def feedback(item: Item, result: Mark, notice: str = "", debrief: Iterable[str] = ()) -> str:
    """What a learner reads about one item: question, answer, what it earned and why. Holds no key."""
    answered = result.details.get("answered", ())
    lines = [_filled(line, "- ") for line in answered] or ["- nothing that can be marked"]
    earned = f"Points: {result.points:g} of {result.maximum:g}. {result.reason}"
    if _waits(result):
        earned = result.reason  # no points, so no number that looks like a mark
    paragraphs = [
        item.title,
        *item.prompt.split("\n\n"),
        "You answered:",
        "\n".join(lines),
        earned,
        notice,
        *debrief,
    ]
    text = "\n\n".join(text if text.startswith("- ") else _filled(text) for text in paragraphs if text)
    return text.encode("utf-8", "replace").decode("utf-8")


@lru_cache(4096)  # a class is marked on the same few texts
def _filled(text: str, mark: str = "") -> str:
    return textwrap.fill(" ".join(text.split()), 95, initial_indent=mark, subsequent_indent=" " * len(mark))


def grade(item: str, key: str, folder: Path | None = None) -> float:
    """Mark the answer to one item in this folder, print the feedback, and return the points.

    Args:
        item: the public item as JSON.
        key: the key's value as JSON.

    Raises:
        CouldNotBeMarked: a person has to look; the message is the feedback.
    """
    try:
        points, text = judged(*parse(item, key), read_answers(folder or Path()))
    except Exception as error:
        points, text = (
            None,
            f"This item could not be marked ({type(error).__name__}). Tell your instructor.",
        )
    if points is None:
        raise CouldNotBeMarked(text) from None
    sys.stdout.write(text + "\n")
    return points
