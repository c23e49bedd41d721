"""The scoring exercise as a piece: questionnaires as numbers, their keys, and what they rest on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from earned_security.curriculum import Curriculum, load, source
from earned_security.interactive.evidence import claim, work
from earned_security.interactive.piece import UnknownPieceError

EXERCISE = "scoring-exercise"


def exercise_ids() -> list[str]:
    """There is one scoring exercise, with every questionnaire in it."""
    return [EXERCISE]


def content(piece_id: str) -> dict[str, Any]:
    """The exercise as JSON: its texts, ``instruments`` as in ``instruments.yaml`` with ``works``, and ``claims``.

    Raises:
        UnknownPieceError: it is not the exercise's id.
        ContentError: the file of keys cannot be read.
    """
    if piece_id != EXERCISE:
        raise UnknownPieceError(f"There is no scoring exercise called “{piece_id}”.")
    data, curriculum = source.read("instruments"), load()
    return {
        **data["exercise"],
        "id": EXERCISE,
        "kind": "scoring",
        "instruments": [_instrument(entry, curriculum) for entry in data["instruments"]],
        "claims": [claim(curriculum, name) for name in data["exercise"]["claims"]],
    }


def _instrument(entry: Mapping[str, Any], curriculum: Curriculum) -> dict[str, Any]:
    works = [work(curriculum.references[key]) for key in entry["citations"]]
    return {"notes": [], "rows": [], **entry, "works": works}
