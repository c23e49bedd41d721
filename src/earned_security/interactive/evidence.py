"""What something rests on, for the page: a claim of the ledger and the works it cites."""

from __future__ import annotations

from typing import Any

from earned_security.curriculum import Curriculum, Reference


def claim(curriculum: Curriculum, claim_id: str) -> dict[str, Any]:
    """A claim with its works; where ``figures_checked`` is false, its numbers are marked wherever they stand.

    Raises:
        KeyError: there is no such claim, or it cites a work that is not in the bibliography.
    """
    found = curriculum.claims[claim_id]
    return {
        "id": found.id,
        "statement": found.statement,
        "grade": found.grade,
        "caveat": found.caveat,
        "figures_checked": found.figures_checked,
        "works": [work(curriculum.references[key]) for key in found.citations],
    }


def work(reference: Reference) -> dict[str, Any]:
    """A reference for the page: ``{label, title, address, from_memory}``; ``address`` may be None."""
    return {
        "label": reference.label,
        "title": reference.title,
        "address": reference.address,
        "from_memory": reference.from_memory,
    }
