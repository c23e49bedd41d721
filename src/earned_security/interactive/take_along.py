"""Taking one's work along: all of ``progress.json`` as one file, and such a file, from here or from the book, brought in."""

from __future__ import annotations

from typing import Any

from earned_security.assessment.responses import MOST_ENTRIES, DamagedError, Responses, ResponsesError, parse
from earned_security.interactive.piece import Piece
from earned_security.locale import words

PIECE_ID = "take-along"
FILE = "earned-security-progress.json"


def ids() -> list[str]:
    """The one piece of this kind. The book has its own, on the page "What is stored on this device"."""
    return [PIECE_ID]


def content(piece_id: str) -> dict[str, Any]:
    """What the page shows besides its own words."""
    return {"id": piece_id, "kind": "take-along", "title": words("kernel.takeAlong.title")}


def bring_in(responses: Responses, text: str) -> dict[str, Any]:
    """Merge a saved file into what is stored, the later time winning for each entry.

    Returns:
        ``{"added", "newer", "kept"}``, how many entries were not there before, are newer than what was, and are
        not; with ``"left_out"``, sentences about entries that cannot be used.

    Raises:
        ResponsesError: the file is none of this course, or cannot be stored; nothing was changed.
    """
    try:
        contents = parse(text.encode("utf-8", "replace"))
    except DamagedError as error:
        raise ResponsesError(words("kernel.takeAlong.notOurs", reason=error)) from error
    if contents.assignment is not None:
        raise ResponsesError(words("kernel.takeAlong.graded"))
    before = responses.read()
    if len({*before, *contents.entries}) > MOST_ENTRIES:
        raise ResponsesError(words("kernel.takeAlong.tooMany", most=MOST_ENTRIES))
    responses.merge(contents.entries)
    new = [name for name in contents.entries if name not in before]
    newer = [
        name for name, entry in contents.entries.items() if entry["time"] > before.get(name, entry)["time"]
    ]
    kept = len(contents.entries) - len(new) - len(newer)
    return {"added": len(new), "newer": len(newer), "kept": kept, "left_out": list(contents.refused)}


class TakeAlong(Piece):
    """The piece in the learner's notebook; ``entries`` are those of all pieces.

    On ``{"type": "save"}`` it sends ``{"type": "save", "file": its name}`` with the bytes; on
    ``{"type": "bring-in", "text": a file}`` the counts of :func:`bring_in`, or ``{"problem": words}``.
    """

    def _name_of(self, stored: str) -> str | None:
        return stored

    def _answer(self, widget: Any, message: Any, buffers: Any) -> None:
        kind = message.get("type") if isinstance(message, dict) else None
        if kind not in ("save", "bring-in"):
            super()._answer(widget, message, buffers)
            return
        answer: dict[str, Any] = {"file": FILE}
        data: list[bytes] = []
        try:
            if kind == "bring-in":
                answer = bring_in(self._responses, str(message.get("text", "")))
                self._store({})  # every open piece shows what it now holds
            else:
                self._responses.merge({})  # so that there is a file, whole and of today's version
                data = [self._responses.path.read_bytes()]
        except (ResponsesError, OSError) as error:
            answer = {"problem": str(error)}
        self.send({"type": kind, **answer}, buffers=data)
