"""Handing in: what is answered and what is not, and the one file that goes to the instructor."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from earned_security.assessment import archive
from earned_security.assessment.responses import Responses, ResponsesError
from earned_security.interactive.exercise import RESPONSES, Exercises, ExercisesError
from earned_security.interactive.piece import Message, Piece
from earned_security.locale import words

PIECE_ID = "submission"
PARTS = {"match": "entries", "classify": "entries"}


class Submission(Piece):
    """The piece at the end of an assignment's notebook; ``entries`` are the answers to all its questions.

    On the page's message ``{"type": "archive"}`` it writes the archive beside the notebook and sends it to the page:
    ``{"type": "archive", "file": its name, "written": bool}`` with the bytes, or ``{"type": "archive", "problem": words}``.
    """

    def __init__(self, exercises: Exercises) -> None:
        self._folder = exercises.folder
        self._assignment = exercises.assignment or ""
        responses = Responses(exercises.folder / RESPONSES, exercises.assignment, exercises.bank_version)
        super().__init__(content(exercises), responses)

    def _name_of(self, stored: str) -> str | None:
        return stored

    def _answer(self, widget: Any, message: Any, buffers: Any) -> None:
        if isinstance(message, dict) and message.get("type") == "archive":
            answer, data = self._archive()
            self.send({"type": "archive", **answer}, buffers=data)
        else:
            super()._answer(widget, message, buffers)

    def _archive(self) -> tuple[dict[str, Any], list[bytes]]:
        try:
            data = archive.make(self._folder, self._assignment)
        except archive.ArchiveError as error:
            return {"problem": str(error)}, []
        name = archive.name(self._assignment)
        return {"file": name, "written": _write(self._folder / name, data)}, [data]


def _write(path: Path, data: bytes) -> bool:
    """Write the archive whole; a disk that refuses does not keep it from the browser."""
    new = path.with_name(f".{path.name}.new")
    try:
        new.unlink(missing_ok=True)
        with new.open("xb") as file:
            file.write(data)
        new.replace(path)
        return True
    except OSError:
        return False


def content(exercises: Exercises) -> dict[str, Any]:
    """What the page shows: each question with its id and title, and how many parts an answer to it has."""
    questions = [
        {
            "id": item_id,
            "title": item["title"],
            "heading": exercises.content(item_id)["title"],
            "parts": len(item[PARTS[item["type"]]]) if item["type"] in PARTS else 1,
        }
        for item_id, item in exercises.items.items()
    ]
    return {
        "id": PIECE_ID,
        "kind": "submission",
        "title": words("kernel.submission.title"),
        "assignment": exercises.assignment,
        "questions": questions,
    }


def submission(assignment: str) -> Submission | Message:
    """The piece for handing in the assignment in the working folder; where that cannot be, what to do in words."""
    try:
        exercises = Exercises(Path.cwd())
        if exercises.assignment != assignment:
            said = words("kernel.submission.otherFolder", found=exercises.assignment, wanted=assignment)
            return Message(said)
        return Submission(exercises)
    except (ExercisesError, ResponsesError) as error:
        return Message(str(error))
