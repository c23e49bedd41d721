"""The session planner: ten portions of a session, dealt to interventions by weights that a clinician can dispute.

The weights are data (``curriculum/data/session-planner.yaml``); they are the course's own and rest on no study. The page
deals by ``static/models/session-plan.js``, the twin of :func:`deal`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from earned_security.curriculum import load, source
from earned_security.interactive.evidence import claim
from earned_security.interactive.piece import UnknownPieceError

PLANNER = "session-planner"
PORTIONS = 10

Setting = Mapping[str, int | str]
"""A value for each input, by name: 0 to 2 for a capacity, a word for activation and obstacle."""


@dataclass(frozen=True)
class Share:
    """What one intervention gets: portions from 0 to 10, and the reason in words."""

    intervention: str
    portions: int
    because: str


def planner_ids() -> list[str]:
    """There is one planner."""
    return [PLANNER]


def content(piece_id: str) -> dict[str, Any]:
    """The planner as JSON: the fields of its file, each of its ``inputs`` with options, ``claims`` with their works.

    Raises:
        UnknownPieceError: it is not the planner's id.
    """
    if piece_id != PLANNER:
        raise UnknownPieceError(f"There is no planner called “{piece_id}”.")
    data, curriculum = source.read(PLANNER), load()
    return {
        **{name: value for name, value in data.items() if name != "levels"},
        "id": PLANNER,
        "kind": PLANNER,
        "inputs": inputs(data),
        "claims": [claim(curriculum, name) for name in data["claims"]],
    }


def inputs(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What can be set: an input without options of its own has the levels."""
    return [{"options": data["levels"], **entry} for entry in data["inputs"]]


def settings(data: Mapping[str, Any]) -> Iterator[dict[str, int | str]]:
    """Every setting that there is."""
    values = {entry["name"]: [option["value"] for option in entry["options"]] for entry in inputs(data)}
    for chosen in itertools.product(*values.values()):
        yield dict(zip(values, chosen, strict=True))


def line_of(intervention: Mapping[str, Any], setting: Setting) -> dict[str, Any]:
    """The line that weighs an intervention: the first whose ``when`` fits.

    Raises:
        ValueError: none fits; the last line of an intervention should have no ``when``.
    """
    for line in intervention["lines"]:
        if all(setting[name] in values for name, values in line.get("when", {}).items()):
            return dict(line)
    raise ValueError(f"No line of “{intervention['id']}” fits {dict(setting)}.")


def deal(interventions: Sequence[Mapping[str, Any]], setting: Setting) -> list[Share]:
    """Deal ten portions from the top: each intervention gets what its line gives, as long as some are left.

    Raises:
        ValueError: an intervention has no line that fits.
    """
    left, shares = PORTIONS, []
    for intervention in interventions:
        line = line_of(intervention, setting)
        portions = min(line["give"], left)
        left -= portions
        shares.append(Share(intervention["id"], portions, line["because"]))
    return shares
