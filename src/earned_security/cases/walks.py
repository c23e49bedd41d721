"""Walks: plays that a clinician writes down with what they should lead to; and random plays."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from earned_security.cases.graph import Case
from earned_security.cases.play import RETURN, Play, PlayError, available, choose, enter_safety, start

LONGEST_RANDOM_PLAY = 300
TO_SAFETY = 0.01
"""How often a play by chance leaves a scene for the safety branch where nothing asks for it."""


@dataclass(frozen=True)
class Failure:
    """Where a walk leaves what was expected. ``step`` counts from 0; ``None`` is the walk's end."""

    step: int | None
    message: str


def run(case: Case, walk: Mapping[str, Any]) -> tuple[Play, list[Failure]]:
    """Play one walk; every unmet expectation. A choice that cannot be made ends the run there."""
    play = start(case)
    failures: list[Failure] = []
    for index, step in enumerate(walk["steps"]):
        try:
            play = choose(case, play, step["choose"])
        except PlayError as error:
            return play, [*failures, Failure(index, str(error))]
        reached: dict[str, Any] = {"scene": play.scene, **asdict(play.values)}
        reached["saturated"] = list(play.steps[-1].saturated)
        for name, expected in step.get("expect", {}).items():
            if reached[name] != expected:
                message = (
                    f"After '{step['choose']}', {name} is {reached[name]!r}, where {expected!r} is expected."
                )
                failures.append(Failure(index, message))
    if play.scene != walk["ends"]:
        failures.append(Failure(None, f"It ends in '{play.scene}', where '{walk['ends']}' is expected."))
    return play, failures


def paths(case: Case, walks: Sequence[Mapping[str, Any]]) -> list[tuple[str, Play]]:
    """The name and the play of every walk."""
    return [(walk["name"], run(case, walk)[0]) for walk in walks]


def random_play(case: Case, seed: int, leaning: str | None = None) -> Play:
    """A play by chance until an ending: what is open has equal chances, the safety branch now and then.

    Args:
        leaning: a quality that is taken, where it is open, in seven of ten choices at least.

    Raises:
        PlayError: a scene that is no ending offers nothing, or the play does not end.
    """
    chance = random.Random(seed)
    play = start(case)
    while not case.scenes[play.scene].ending:
        scene = case.scenes[play.scene]
        options = available(case, play)
        if len(play.steps) >= LONGEST_RANDOM_PLAY:
            raise PlayError(f"After {LONGEST_RANDOM_PLAY} choices no ending is reached.")
        if scene.returns:
            play = choose(case, play, RETURN)
        elif not options:
            raise PlayError(f"Scene '{scene.id}' offers nothing to choose and is no ending.")
        elif not scene.safety and chance.random() < TO_SAFETY:
            play = enter_safety(case, play)
        else:
            fitting = [option for option in options if option.quality == leaning]
            leans = fitting and chance.random() < 0.7
            play = choose(case, play, chance.choice(fitting if leans else options).id)
    return play
