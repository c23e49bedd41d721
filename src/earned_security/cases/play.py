"""Playing a case: pure steps from one frozen state to the next.

The page steps the same way (``interactive/static/models/case-play.js``); shared walks and random paths hold
the two equal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from earned_security.cases import conditions
from earned_security.cases.graph import Case, Option, Scene, Values

SAFETY = "safety"
"""In place of an option: leave this scene for the safety branch."""
RETURN = "return"
"""In place of an option, at the close of the safety branch: go back to the case."""

LONGEST = 1000
"""The most steps a stored play may have; no honest play comes near it."""


class PlayError(ValueError):
    """A step that cannot be taken, in plain words."""


@dataclass(frozen=True)
class Step:
    """One choice and what it did.

    ``saturated`` names the values that an end of the scale cut short. ``stopped``: the choice was a failure
    of safety, so the scene stopped and the decision stands.
    """

    scene: str
    option: str
    before: Values
    after: Values
    saturated: tuple[str, ...]
    leads_to: str
    stopped: bool = False


@dataclass(frozen=True)
class Play:
    """A play so far. ``return_to`` is where the safety branch goes back to; ``None`` outside the branch."""

    scene: str
    values: Values
    return_to: str | None = None
    steps: tuple[Step, ...] = ()

    @property
    def path(self) -> tuple[tuple[str, str], ...]:
        """What was chosen, in order: (scene, option). It is all that needs to be kept."""
        return tuple((step.scene, step.option) for step in self.steps)

    @property
    def chosen(self) -> frozenset[str]:
        """Every choice so far as ``"scene/option"``, for conditions."""
        return frozenset(f"{step.scene}/{step.option}" for step in self.steps)

    @property
    def saturations(self) -> tuple[tuple[int, str], ...]:
        """Where an end of the scale cut a value short: (number of the step from 1, name of the value)."""
        return tuple((number, name) for number, step in enumerate(self.steps, 1) for name in step.saturated)


def start(case: Case) -> Play:
    """A play before its first choice."""
    return Play(scene=case.first_scene, values=case.first_values)


def scene_text(case: Case, play: Play) -> str:
    """The text of the scene as this play meets it."""
    for passage in case.scenes[play.scene].passages:
        if _holds(passage.when, play):
            return passage.text
    return ""


def available(case: Case, play: Play) -> tuple[Option, ...]:
    """The options open now. One that stopped the scene is not offered again while its decision stands."""
    failed = set()
    for step in reversed(play.steps):
        if step.scene != play.scene or not step.stopped:
            break
        failed.add(step.option)
    options = case.scenes[play.scene].options
    return tuple(option for option in options if option.id not in failed and _holds(option.when, play))


def choose(case: Case, play: Play, option_id: str) -> Play:
    """The play after one choice; ``"safety"`` and ``"return"`` are choices too.

    Raises:
        PlayError: that choice is not open in this scene.
    """
    scene = case.scenes[play.scene]
    if option_id == SAFETY:
        return _enter_safety(case, play, scene)
    if option_id == RETURN:
        return _return(case, play, scene)
    option = next((option for option in available(case, play) if option.id == option_id), None)
    if option is None:
        known = any(option.id == option_id for option in scene.options)
        why = "is not open at this point" if known else "is not one of its options"
        raise PlayError(f"In scene '{scene.id}', '{option_id}' {why}.")
    values, saturated = play.values.moved(option.effects)
    step = Step(
        scene.id, option.id, play.values, values, saturated, scene.id, option.safety_failure is not None
    )
    after = Play(scene.id, values, play.return_to, (*play.steps, step))
    if step.stopped:
        return after
    way = next((way for way in option.ways if _holds(way.when, after)), None)
    if way is None:
        raise PlayError(f"In scene '{scene.id}', '{option_id}' leads nowhere at this point.")
    leads_to, return_to = way.scene, play.return_to
    if option.enters_safety:
        leads_to, return_to = case.safety_scene, way.scene
    moved = Step(step.scene, step.option, step.before, step.after, step.saturated, leads_to)
    return _arrive(case, leads_to, values, return_to, (*play.steps, moved))


def enter_safety(case: Case, play: Play) -> Play:
    """Leave this scene for the safety branch; its close returns here.

    Raises:
        PlayError: the play is in the safety branch already.
    """
    return choose(case, play, SAFETY)


def return_to_case(case: Case, play: Play) -> Play:
    """From the close of the safety branch back to the scene it was entered from.

    Raises:
        PlayError: the play is not at the close of the safety branch.
    """
    return choose(case, play, RETURN)


def undo(case: Case, play: Play) -> Play:
    """The play before its last choice; a play with none stays as it is."""
    return replay(case, play.path[:-1])


def replay(case: Case, path: Iterable[tuple[str, str]]) -> Play:
    """The play that a path of (scene, option) leads to, from the start.

    Raises:
        PlayError: the path cannot be walked in this case.
    """
    play = start(case)
    for number, (scene, option) in enumerate(path, 1):
        if scene != play.scene:
            raise PlayError(
                f"Step {number} was taken in scene '{scene}', but the path leads to '{play.scene}'."
            )
        play = choose(case, play, option)
    return play


def to_stored(case: Case, play: Play) -> dict[str, Any]:
    """What is kept of a play: ``{"version": n, "path": [{"scene": ..., "option": ...}, ...]}``."""
    return {
        "version": case.version,
        "path": [{"scene": scene, "option": option} for scene, option in play.path],
    }


def from_stored(case: Case, stored: Any) -> tuple[Play | None, str]:
    """The play that was stored, or ``None`` with the reason why it cannot be taken up again.

    Never raises, and changes nothing that is stored, whatever it is given.
    """
    if not isinstance(stored, Mapping) or not isinstance(stored.get("path"), list):
        return None, "What was saved is not a play of a case."
    version, path = stored.get("version"), stored["path"]
    if type(version) is not int or len(path) > LONGEST:
        return None, "What was saved is not a play of a case."
    if version < case.oldest_loadable_version:
        return None, f"This was played in version {version} of the case, which has changed too much since."
    if version > case.version:
        return None, f"This was played in version {version} of the case, which is newer than this course."
    steps = []
    for entry in path:
        pair = (entry.get("scene"), entry.get("option")) if isinstance(entry, Mapping) else (None, None)
        if not (isinstance(pair[0], str) and isinstance(pair[1], str)):
            return None, "What was saved is not a play of a case."
        steps.append((pair[0], pair[1]))
    try:
        return replay(case, steps), ""
    except PlayError as error:
        return None, f"The saved path cannot be followed in this version of the case. {error}"


def _holds(condition: conditions.Condition | None, play: Play) -> bool:
    return condition is None or conditions.holds(condition, vars(play.values), play.chosen)


def _enter_safety(case: Case, play: Play, scene: Scene) -> Play:
    if scene.safety:
        raise PlayError("This is the safety branch already.")
    step = Step(scene.id, SAFETY, play.values, play.values, (), case.safety_scene)
    return Play(case.safety_scene, play.values, scene.id, (*play.steps, step))


def _arrive(case: Case, scene: str, values: Values, return_to: str | None, steps: tuple[Step, ...]) -> Play:
    there = values.settled() if case.scenes[scene].time_passes else values
    return Play(scene, there, return_to, steps)


def _return(case: Case, play: Play, scene: Scene) -> Play:
    if not scene.returns or play.return_to is None:
        raise PlayError("There is a way back to the case only at the close of the safety branch.")
    step = Step(scene.id, RETURN, play.values, play.values, (), play.return_to)
    return _arrive(case, play.return_to, play.values, None, (*play.steps, step))
