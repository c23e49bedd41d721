"""Self-checks as pieces: public items, their answers and the reasons for every option included."""

from __future__ import annotations

from typing import Any

from earned_security.assessment.items import split
from earned_security.curriculum import Curriculum, load, source
from earned_security.interactive.checklist import work
from earned_security.interactive.piece import UnknownPieceError


def _entries() -> dict[str, dict[str, Any]]:
    return {entry["id"]: entry for name in source.names("self-checks") for entry in source.read(name)}


def self_check_ids() -> list[str]:
    """The ids of all self-checks, in the order of the modules."""
    return list(_entries())


def content(item_id: str) -> dict[str, Any]:
    """A self-check as JSON: the public item, ``key``, ``rationales`` by option, and its ``claims`` in full.

    Raises:
        UnknownPieceError: there is no such self-check.
    """
    entries = _entries()
    if item_id not in entries:
        raise UnknownPieceError(f"There is no self-check called “{item_id}”.")
    item, key = split(entries[item_id])
    curriculum = load()
    return {
        **item.public(),
        "kind": "self-check",
        "title": f"Self-check: {item.title}",
        "key": key.value,
        "rationales": dict(key.rationales),
        "claims": [_claim(name, curriculum) for name in item.claims],
    }


def _claim(name: str, curriculum: Curriculum) -> dict[str, Any]:
    claim = curriculum.claims[name]
    return {
        "id": claim.id,
        "statement": claim.statement,
        "grade": claim.grade,
        "caveat": claim.caveat,
        "figures_checked": claim.figures_checked,
        "works": [work(curriculum.references[key]) for key in claim.citations],
    }
