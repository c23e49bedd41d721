"""The case player: the whole graph of a case as JSON, which the page plays by itself."""

from __future__ import annotations

from typing import Any

from earned_security import cases
from earned_security.curriculum import Curriculum, load
from earned_security.interactive.checklist import work


def content(case_id: str) -> dict[str, Any]:
    """Everything the page needs to play a case and to look back on it.

    The fields are those of :class:`earned_security.cases.Case`; ``claims`` and ``works`` hold, by id, what the
    options and the debrief rest on.

    Raises:
        KeyError: there is no such case, or it names an unknown claim or reference.
        ContentError: a file cannot be read.
    """
    case = cases.load(case_id)
    curriculum = load()
    options = [option for scene in case.scenes.values() for option in scene.options]
    claims = {claim: _claim(curriculum, claim) for option in options for claim in option.claims}
    cited = [key for option in options for key in option.citations]
    works = {key: work(curriculum.references[key]) for key in (*cited, *case.references)}
    return {**case.public(), "kind": "case", "claims": claims, "works": works}


def _claim(curriculum: Curriculum, claim_id: str) -> dict[str, str]:
    claim = curriculum.claims[claim_id]
    return {"statement": claim.statement, "grade": claim.grade, "caveat": claim.caveat}
