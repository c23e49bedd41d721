"""Every formative piece of the course by its id. Graded exercises are in ``exercise.py``."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from earned_security.assessment.responses import Responses, ResponsesError
from earned_security.cases.graph import case_ids
from earned_security.curriculum import ContentError, Problem, source
from earned_security.interactive import (
    case_player,
    checklist,
    deliberate_practice,
    explorer,
    scoring,
    self_check,
    session_planner,
    take_along,
)
from earned_security.interactive.piece import Message, Piece, UnknownPieceError
from earned_security.locale import words


@dataclass(frozen=True)
class Kind:
    """One kind of piece: the ids of its pieces, what one of them shows, and its class in a notebook."""

    ids: Callable[[], list[str]]
    content: Callable[[str], dict[str, Any]]
    widget: type[Piece] = Piece


KINDS = {
    "explorer": Kind(explorer.explorer_ids, explorer.content, explorer.Explorer),
    "case": Kind(case_ids, case_player.content),
    "checklist": Kind(checklist.checklist_ids, checklist.content),
    "self-check": Kind(self_check.self_check_ids, self_check.content),
    "deliberate-practice": Kind(deliberate_practice.practice_ids, deliberate_practice.content),
    "scoring": Kind(scoring.exercise_ids, scoring.content),
    "session-planner": Kind(session_planner.planner_ids, session_planner.content),
    "take-along": Kind(take_along.ids, take_along.content, take_along.TakeAlong),
}


def piece_ids() -> dict[str, str]:
    """The kind of every piece, by id.

    Raises:
        ContentError: two pieces have one id, or a file of the curriculum cannot be read.
    """
    known: dict[str, str] = {}
    for name, kind in KINDS.items():
        for piece_id in kind.ids():
            if piece_id in known:
                message = f"'{piece_id}' is the id of two pieces ({known[piece_id]}, {name}); rename one."
                raise ContentError([Problem(source.DATA, 1, message)])
            known[piece_id] = name
    return known


def kind_of(piece_id: str) -> str:
    """The kind of a piece, one of :data:`KINDS`.

    Raises:
        UnknownPieceError: there is no such piece.
    """
    known = piece_ids()
    if piece_id in known:
        return known[piece_id]
    near = get_close_matches(str(piece_id), known, n=1)
    hint = f" {words('kernel.piece.near', name=near[0])}" if near else ""
    raise UnknownPieceError(f"{words('kernel.piece.unknown', name=piece_id)}{hint}")


def content(piece_id: str) -> dict[str, Any]:
    """What a piece shows, as public JSON.

    Raises:
        UnknownPieceError: there is no such piece.
        ContentError: its file cannot be read.
    """
    return KINDS[kind_of(piece_id)].content(piece_id)


def progress_file() -> Path:
    """Where formative work is kept: ``progress.json`` in the working folder, or EARNED_SECURITY_PROGRESS."""
    return Path(os.environ.get("EARNED_SECURITY_PROGRESS") or Path.cwd() / "progress.json")


def piece(piece_id: str) -> Piece | Message:
    """A piece to show in a notebook; where that is not possible, what to do about it in words."""
    try:
        kind = KINDS[kind_of(piece_id)]
        return kind.widget(kind.content(piece_id), Responses(progress_file()))
    except UnknownPieceError as error:
        return Message(f"{error} {words('kernel.piece.whatToDo')}")
    except (ContentError, ResponsesError) as error:
        return Message(words("kernel.piece.cannotShow", name=piece_id, problem=error))
