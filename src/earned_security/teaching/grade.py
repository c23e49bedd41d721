"""What runs in a grade cell: marks one answer and says why; nbgrader takes the number it returns as points.

nbgrader takes anything but a plain number from 0 to the cell's points for full marks or for an error, and any
text on stderr for nothing; so this function always returns such a number and prints to stdout only.
"""

from __future__ import annotations

import json
import sys
import textwrap
from pathlib import Path
from typing import Any

from earned_security.assessment import responses
from earned_security.assessment.items import Item, Key, from_public
from earned_security.assessment.marking import Mark, mark

ANSWERS = "responses.json"


def read_answers(folder: Path) -> tuple[dict[str, Any], str]:
    """The answers in a folder, ``{item id: answer}``, and what the instructor should know about them."""
    try:
        contents = responses.inspect(folder / ANSWERS)
    except responses.ResponsesError as error:
        return {}, f"The answers file could not be used: {error}"
    found = {
        name.removesuffix("/answer"): entry["value"]
        for name, entry in contents.entries.items()
        if name.endswith("/answer")
    }
    if not contents.entries and any(folder.glob(f"{Path(ANSWERS).stem}.damaged-*")):
        return found, "There is a damaged answers file beside an empty one."
    return found, " ".join(contents.refused)


def feedback(item: Item, result: Mark, notice: str = "") -> str:
    """What a learner reads about one item: question, answer, what it earned and why. Holds no key."""
    answered = result.details.get("answered", ())
    lines = [_filled(line, "- ") for line in answered] or ["- nothing that can be marked"]
    earned = f"Points: {result.points:g} of {result.maximum:g}. {result.reason}"
    paragraphs = [item.title, *item.prompt.split("\n\n"), "You answered:", "\n".join(lines), earned, notice]
    return "\n\n".join(text if text.startswith("- ") else _filled(text) for text in paragraphs if text)


def _filled(text: str, mark: str = "") -> str:
    return textwrap.fill(" ".join(text.split()), 95, initial_indent=mark, subsequent_indent=" " * len(mark))


def grade(item: str, key: str, folder: Path | None = None) -> float:
    """Mark the answer to one item in this folder, print the feedback, and return the points.

    Args:
        item: the public item as JSON.
        key: the key's value as JSON.
    """
    maximum = 0.0
    try:
        public = from_public(json.loads(item))
        maximum = float(public.points)
        answers, notice = read_answers(folder or Path())
        result = mark(public, Key(public.id, json.loads(key)), answers.get(public.id))
        own = notice if result.points < result.maximum else ""
        sys.stdout.write(feedback(public, result, own).encode("utf-8", "replace").decode("utf-8") + "\n")
        points = float(result.points)
    except Exception as error:
        sys.stdout.write(f"This item could not be marked ({type(error).__name__}). Tell your instructor.\n")
        points = 0.0
    return min(max(points, 0.0), maximum)
