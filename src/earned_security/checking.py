"""`earned check`: the problems of every room, in one list."""

from __future__ import annotations

from pathlib import Path

from earned_security.assessment import blueprint
from earned_security.assessment import check as assessment
from earned_security.cases import check as cases
from earned_security.curriculum import Problem
from earned_security.curriculum import check as curriculum
from earned_security.interactive import check as interactive
from earned_security.publishing import check as publishing
from earned_security.publishing import coverage, translation
from earned_security.publishing.site import addresses


def problems(root: Path) -> list[Problem]:
    """Every content mistake in a checkout, sorted by file and line.

    Args:
        root: the checkout, which holds ``book/``, ``notebooks/`` and ``exercises/``.
    """
    found = [
        *curriculum.problems(),
        *cases.problems(),
        *assessment.problems(root / "exercises" / "bank"),
        *blueprint.problems(root / "exercises" / "bank"),
        *interactive.problems(),
        *publishing.problems(root),
        *coverage.problems(root),
        *translation.problems(),
        *addresses.redirect_problems(root),
    ]
    return sorted(set(found))
