"""Deliberate practice as pieces: client lines of rising difficulty, observable criteria, and one good reply each."""

from __future__ import annotations

from typing import Any

from earned_security.curriculum import source
from earned_security.interactive.piece import UnknownPieceError

FOLDER = "deliberate-practice"


def _entries() -> dict[str, dict[str, Any]]:
    return {entry["id"]: entry for name in source.names(FOLDER) for entry in source.read(name)}


def practice_ids() -> list[str]:
    """The ids of all practices, in the order of the modules."""
    return list(_entries())


def content(practice_id: str) -> dict[str, Any]:
    """A practice as JSON: ``title``, ``skill``, ``criteria`` and ``lines`` ({says, reply, setting?}).

    Raises:
        UnknownPieceError: there is no such practice.
    """
    entries = _entries()
    if practice_id not in entries:
        raise UnknownPieceError(f"There is no practice called “{practice_id}”.")
    return {**entries[practice_id], "kind": "deliberate-practice"}
