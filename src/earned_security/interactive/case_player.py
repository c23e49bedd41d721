"""The case player: the whole graph of a case as JSON, which the page plays by itself."""

from __future__ import annotations

from typing import Any

from earned_security import cases
from earned_security.cases.drawing import rows
from earned_security.curriculum import load
from earned_security.interactive.evidence import claim, work


def content(case_id: str) -> dict[str, Any]:
    """Everything the page needs to play a case and to look back on it.

    The fields are those of :class:`earned_security.cases.Case`; ``claims`` and ``works`` hold, by id, what the
    options and the debrief rest on; ``map`` the scenes by row, as a drawing shows them.

    Raises:
        KeyError: there is no such case, or it names an unknown claim or reference.
        ContentError: a file cannot be read.
    """
    case = cases.load(case_id)
    curriculum = load()
    options = [option for scene in case.scenes.values() for option in scene.options]
    claims = {name: claim(curriculum, name) for option in options for name in option.claims}
    cited = [key for option in options for key in option.citations]
    works = {key: work(curriculum.references[key]) for key in (*cited, *case.references)}
    return {**case.public(), "kind": "case", "claims": claims, "works": works, "map": rows(case)}
