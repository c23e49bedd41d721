"""Self-checks as pieces: public items, their answers and the reasons for every option included."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from earned_security.assessment.items import split
from earned_security.curriculum import Curriculum, load, source
from earned_security.interactive import case_player
from earned_security.interactive.evidence import claim
from earned_security.interactive.piece import UnknownPieceError
from earned_security.locale import words


def _entries() -> dict[str, dict[str, Any]]:
    return {entry["id"]: entry for name in source.names("self-checks") for entry in source.read(name)}


def self_check_ids() -> list[str]:
    """The ids of all self-checks, in the order of the modules."""
    return list(_entries())


def content(item_id: str) -> dict[str, Any]:
    """A self-check as JSON: see :func:`of_entry`.

    Raises:
        UnknownPieceError: there is no such self-check.
    """
    entries = _entries()
    if item_id not in entries:
        raise UnknownPieceError(f"There is no self-check called “{item_id}”.")
    return of_entry(entries[item_id], load())


def of_entry(entry: Mapping[str, Any], curriculum: Curriculum) -> dict[str, Any]:
    """An entry of any type as the page shows it, formative and public.

    The public item with its ``key``, the ``rationales`` by part (under "" for the whole item), its ``claims`` in
    full, and ``feedback``: "full", or "neutral" for reasons without a verdict. Free text has its ``rubric`` and
    ``model_answer``; a played case its whole graph as ``case_content``.
    """
    item, key = split(entry)
    content = {
        **item.public(),
        "kind": "self-check",
        "title": words("kernel.selfCheck", title=item.title),
        "feedback": entry.get("feedback", "full"),
        "key": key.value,
        "rationales": dict(key.rationales),
        "claims": [claim(curriculum, name) for name in item.claims],
    }
    if item.type == "free-text":
        content |= {"rubric": list(key.rubric), "model_answer": key.model_answer}
    if item.type == "play-case":
        content["case_content"] = case_player.content(item.content["case"])
    return content
