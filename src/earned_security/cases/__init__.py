"""Branching cases: the graph, playing it, the debrief. Pure; imports curriculum."""

from earned_security.cases.debrief import Debrief, debrief
from earned_security.cases.graph import Case, Option, Scene, Values, case_ids, load
from earned_security.cases.play import (
    RETURN,
    SAFETY,
    Play,
    PlayError,
    Step,
    available,
    choose,
    enter_safety,
    from_stored,
    replay,
    return_to_case,
    scene_text,
    start,
    to_stored,
    undo,
)

__all__ = [
    "RETURN",
    "SAFETY",
    "Case",
    "Debrief",
    "Option",
    "Play",
    "PlayError",
    "Scene",
    "Step",
    "Values",
    "available",
    "case_ids",
    "choose",
    "debrief",
    "enter_safety",
    "from_stored",
    "load",
    "replay",
    "return_to_case",
    "scene_text",
    "start",
    "to_stored",
    "undo",
]
