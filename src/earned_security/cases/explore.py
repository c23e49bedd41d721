"""What no play of a case reaches, and what leads nowhere.

Written walks and plays by chance reach nearly everything in moments. Only for what they leave over is every
state played that the case's conditions can still tell apart.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field

from earned_security.cases import conditions
from earned_security.cases.conditions import Condition
from earned_security.cases.graph import Case, Scene
from earned_security.cases.play import RETURN, Play, PlayError, available, choose, enter_safety, start
from earned_security.cases.walks import random_play
from earned_security.curriculum.source import Document, Problem

PLAYS_BY_CHANCE = 2000
MOST_STATES = 10_000
LEANINGS = (None, "preferred", "defensible", "poor")


@dataclass
class Explored:
    """What was reached. ``complete``: everything that can be reached was, so that the rest never is."""

    scenes: set[str] = field(default_factory=set)
    options: set[tuple[str, str]] = field(default_factory=set)
    dead_ends: set[str] = field(default_factory=set)
    complete: bool = False

    def add(self, play: Play) -> None:
        self.scenes |= {step.scene for step in play.steps} | {play.scene}
        self.options |= set(play.path)


def explore(case: Case, walked: Iterable[Play] = ()) -> Explored:
    """Reach what can be reached; ``walked`` are plays that are there already."""
    found = Explored()
    for play in walked:
        found.add(play)
    everything = {(scene.id, option.id) for scene in case.scenes.values() for option in scene.options}
    doubtful = [scene for scene in case.scenes.values() if _may_offer_nothing(scene)]
    for seed in range(PLAYS_BY_CHANCE):
        if everything <= found.options and case.scenes.keys() <= found.scenes:
            break
        try:
            found.add(random_play(case, seed, LEANINGS[seed % len(LEANINGS)]))
        except PlayError:  # a dead end; which one is found below
            break
    if doubtful or not (everything <= found.options and case.scenes.keys() <= found.scenes):
        _every_state(case, found)
    else:
        found.complete = True
    return found


def _may_offer_nothing(scene: Scene) -> bool:
    """Without an option that is always open, a scene may turn out to be a dead end."""
    always = any(option.when is None and option.safety_failure is None for option in scene.options)
    return not (always or scene.ending or scene.returns)


def _every_state(case: Case, found: Explored) -> None:
    """Play every path, meeting each state once that conditions still to come can tell from others."""
    asked_from = _asked_from(case)

    def state(play: Play) -> Hashable:
        asked = asked_from[play.scene] | (asked_from[play.return_to] if play.return_to else set())
        values = tuple(
            (name, getattr(play.values, name)) for name in sorted(asked) if hasattr(play.values, name)
        )
        open_now = tuple(option.id for option in available(case, play))
        return play.scene, play.return_to, values, play.chosen & asked, open_now

    waiting = [enter_safety(case, start(case)), start(case)]
    met = {state(play) for play in waiting}
    while waiting and len(met) <= MOST_STATES:
        play = waiting.pop()
        scene = case.scenes[play.scene]
        found.scenes.add(scene.id)
        choices = [RETURN] if scene.returns else [option.id for option in available(case, play)]
        if not choices and not scene.ending:
            found.dead_ends.add(scene.id)
        for choice in choices:
            found.options.add((scene.id, choice))
            after = choose(case, play, choice)
            if (reached := state(after)) not in met:
                met.add(reached)
                waiting.append(after)
    found.complete = not waiting


def _asked_from(case: Case) -> dict[str, set[str]]:
    """For every scene, the values and the choices that conditions from there on ask about."""
    asked = {scene.id: _asked_in(scene) for scene in case.scenes.values()}
    leads = {
        scene.id: {way.scene for option in scene.options for way in option.ways}
        | {case.safety_scene for option in scene.options if option.enters_safety}
        for scene in case.scenes.values()
    }
    changed = True
    while changed:
        changed = False
        for scene, ways in leads.items():
            more = set().union(*(asked[way] for way in ways)) - asked[scene]
            asked[scene] |= more
            changed = changed or bool(more)
    return asked


def _asked_in(scene: Scene) -> set[str]:
    asked: list[Condition | None] = [passage.when for passage in scene.passages]
    for option in scene.options:
        asked += [option.when, *(way.when for way in option.ways)]
    parts = [part for condition in asked for part in conditions.parts(condition)]
    values = {part["value"] for part in parts if "value" in part}
    return values | {choice for part in parts if "chosen" in part for choice in conditions.choices(part)}


def problems(case: Case, document: Document, branch: Document, walked: Iterable[Play] = ()) -> list[Problem]:
    """Dead ends, and scenes and options that no play reaches, in the case's file and the safety branch's."""
    explored = explore(case, walked)
    never = "can never be reached: the conditions on the way never hold."
    if not explored.complete:
        never = "is reached by no play that was tried; mend its condition, or write a walk that reaches it."
    found = []
    for file in (document, branch):
        for index, entry in enumerate(file.data["scenes"]):
            at = ("scenes", index)
            name = f"Scene '{entry['id']}'"
            if entry["id"] in explored.dead_ends:
                message = f"{name} is a dead end on some paths: no option is open there and it is no ending."
                found.append(file.problem(at, message))
            if entry["id"] not in explored.scenes:
                found.append(file.problem(at, f"{name} {never}"))
                continue
            for place, option in enumerate(entry.get("options", ())):
                if (entry["id"], option["id"]) not in explored.options:
                    message = f"Option '{option['id']}' of scene '{entry['id']}' {never}"
                    found.append(file.problem((*at, "options", place), message))
    if not any(case.scenes[scene].ending for scene in explored.scenes):
        found.append(document.problem(("scenes",), "No path through the case reaches an ending."))
    return found
