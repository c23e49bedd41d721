"""Every state of a case that its conditions can tell apart: what is never reached, and what leads nowhere."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

from earned_security.cases import conditions
from earned_security.cases.conditions import Condition
from earned_security.cases.graph import Case
from earned_security.cases.play import RETURN, Play, available, choose, enter_safety, start
from earned_security.curriculum.source import Document, Problem

MOST_STATES = 200_000


@dataclass
class Explored:
    """``complete`` is false where a case has more states than are looked at: then only finds count."""

    scenes: set[str] = field(default_factory=set)
    options: set[tuple[str, str]] = field(default_factory=set)
    dead_ends: set[str] = field(default_factory=set)
    complete: bool = True


def explore(case: Case) -> Explored:
    """Play every path, meeting each distinguishable state once; the safety branch is entered at the start."""
    values_used, choices_used = _used(case)

    def state(play: Play) -> Hashable:
        values = tuple(getattr(play.values, name) for name in values_used)
        open_now = tuple(option.id for option in available(case, play))
        return play.scene, play.return_to, values, play.chosen & choices_used, open_now

    found = Explored()
    begun = start(case)
    waiting = [begun, enter_safety(case, begun)]
    met = {state(play) for play in waiting}
    while waiting and found.complete:
        play = waiting.pop()
        scene = case.scenes[play.scene]
        found.scenes.add(scene.id)
        choices = [RETURN] if scene.returns else [option.id for option in available(case, play)]
        if not choices and not scene.ending:
            found.dead_ends.add(scene.id)
        for choice in choices:
            found.options.add((scene.id, choice))
            after = choose(case, play, choice)
            if state(after) not in met:
                met.add(state(after))
                waiting.append(after)
        found.complete = len(met) <= MOST_STATES
    return found


def problems(case: Case, document: Document, branch: Document) -> list[Problem]:
    """Dead ends, and scenes and options that no play reaches, in the case's file and the safety branch's."""
    explored = explore(case)
    found = []
    for file in (document, branch):
        for index, entry in enumerate(file.data["scenes"]):
            at = ("scenes", index)
            name = f"Scene '{entry['id']}'"
            if entry["id"] in explored.dead_ends:
                message = f"{name} is a dead end on some paths: no option is open there and it is no ending."
                found.append(file.problem(at, message))
            if not explored.complete:
                continue
            if entry["id"] not in explored.scenes:
                found.append(
                    file.problem(at, f"{name} can never be reached: the conditions on the way never hold.")
                )
                continue
            for place, option in enumerate(entry.get("options", ())):
                if (entry["id"], option["id"]) not in explored.options:
                    message = f"Option '{option['id']}' of scene '{entry['id']}' can never be offered."
                    found.append(file.problem((*at, "options", place), message))
    if not any(case.scenes[scene].ending for scene in explored.scenes) and explored.complete:
        found.append(document.problem(("scenes",), "No path through the case reaches an ending."))
    return found


def _used(case: Case) -> tuple[tuple[str, ...], frozenset[str]]:
    """The values and the choices that any condition of the case asks about."""
    asked: list[Condition | None] = []
    for scene in case.scenes.values():
        asked += [passage.when for passage in scene.passages]
        for option in scene.options:
            asked += [option.when, *(way.when for way in option.ways)]
    parts = [part for condition in asked for part in conditions.parts(condition)]
    values = sorted({part["value"] for part in parts if "value" in part})
    named = {choice for part in parts if "chosen" in part for choice in conditions.choices(part)}
    return tuple(values), frozenset(named)
