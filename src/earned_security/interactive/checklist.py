"""The strategy checklist as a piece: every strategy with every field."""

from __future__ import annotations

from typing import Any

from earned_security.curriculum import Curriculum, Strategy, load
from earned_security.interactive.evidence import work
from earned_security.interactive.piece import UnknownPieceError
from earned_security.locale import words

CHECKLIST = "strategy-checklist"


def checklist_ids() -> list[str]:
    """There is one checklist."""
    return [CHECKLIST]


def content(piece_id: str) -> dict[str, Any]:
    """The checklist as JSON: ``groups`` [{id, title}], ``patterns`` [str] and ``strategies``.

    A strategy has the fields of ``strategies.yaml``, its ``name``, its ``group`` by id, and its ``citations``
    as ``{label, title, address, from_memory}``.

    Raises:
        UnknownPieceError: it is not the checklist's id.
    """
    if piece_id != CHECKLIST:
        raise UnknownPieceError(f"There is no checklist called “{piece_id}”.")
    curriculum = load()
    strategies = list(curriculum.strategies.values())
    groups = dict.fromkeys(strategy.group for strategy in strategies)
    patterns = dict.fromkeys(pattern for strategy in strategies for pattern in strategy.fits_client_patterns)
    return {
        "id": CHECKLIST,
        "kind": "checklist",
        "title": words("kernel.checklist.title"),
        "intro": words("kernel.checklist.intro").strip(),
        "groups": [{"id": _group_id(group), "title": group} for group in groups],
        "patterns": sorted(patterns),
        "strategies": [_strategy(strategy, curriculum) for strategy in strategies],
    }


def _group_id(group: str) -> str:
    return group.split(" ", 1)[0]


def _strategy(strategy: Strategy, curriculum: Curriculum) -> dict[str, Any]:
    return {
        "id": strategy.id,
        "name": strategy.name,
        "group": _group_id(strategy.group),
        "sources": list(strategy.sources),
        "named_in_source_as": strategy.named_in_source_as,
        "what_it_looks_like": strategy.what_it_looks_like,
        "when_to_use": strategy.when_to_use,
        "when_not_to_use_or_cautions": strategy.when_not_to_use_or_cautions,
        "typical_errors": list(strategy.typical_errors),
        "observable_marker": strategy.observable_marker,
        "evidence_grade": strategy.evidence_grade,
        "grade_is_for": strategy.grade_is_for,
        "citations": [work(curriculum.references[key]) for key in strategy.citations],
        "fits_client_patterns": list(strategy.fits_client_patterns),
    }
