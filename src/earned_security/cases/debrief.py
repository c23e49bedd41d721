"""What a play shows afterwards: a path laid against what else was open. Judgements are the writers'."""

from __future__ import annotations

from dataclasses import dataclass

from earned_security.cases.graph import WINDOW, Case, Option
from earned_security.cases.play import RETURN, SAFETY, Play, Step, available, choose, start


@dataclass(frozen=True)
class Decision:
    """One choice. It led to the scene ``leads_to``; ``others`` are the options that were open and not taken."""

    number: int
    scene: str
    option: str
    quality: str
    stopped: bool
    leads_to: str
    others: tuple[str, ...]


@dataclass(frozen=True)
class Rupture:
    """A rupture on the path, and what became of it: ``repaired``, ``repaired-later`` or ``missed``."""

    number: int
    scene: str
    outcome: str


@dataclass(frozen=True)
class OutsideWindow:
    """A moment outside the window of tolerance: ``who`` is client or therapist; flooding or shut-down."""

    number: int
    scene: str
    who: str
    direction: str


@dataclass(frozen=True)
class Debrief:
    """A play, looked at afterwards. ``number`` counts its steps from 1, the starting values being step 0.

    ``ending`` is good, mixed or poor, or ``None`` while the play goes on. ``safety_visits`` counts how often
    the safety branch was entered; ``not_met`` are the case's own decisions that this path never reached.
    """

    ending: str | None
    decisions: tuple[Decision, ...]
    ruptures: tuple[Rupture, ...]
    outside_window: tuple[OutsideWindow, ...]
    safety_visits: int
    not_met: tuple[str, ...]
    endings_not_met: tuple[str, ...]


def debrief(case: Case, play: Play) -> Debrief:
    """Look back on a play, finished or not."""
    decisions = []
    then = start(case)
    for number, step in enumerate(play.steps, 1):
        if step.option not in (SAFETY, RETURN):
            others = tuple(option.id for option in available(case, then) if option.id != step.option)
            quality = _option(case, step).quality
            decisions.append(
                Decision(number, step.scene, step.option, quality, step.stopped, step.leads_to, others)
            )
        then = choose(case, then, step.option)
    met = {step.scene for step in play.steps} | {play.scene}
    own = [scene for scene in case.scenes.values() if not scene.safety and scene.id not in met]
    return Debrief(
        ending=case.scenes[play.scene].ending,
        decisions=tuple(decisions),
        ruptures=_ruptures(case, play),
        outside_window=_outside_window(case, play),
        safety_visits=sum(_enters_safety(case, step) for step in play.steps),
        not_met=tuple(scene.id for scene in own if scene.options),
        endings_not_met=tuple(scene.id for scene in own if scene.ending),
    )


def _option(case: Case, step: Step) -> Option:
    return next(option for option in case.scenes[step.scene].options if option.id == step.option)


def _enters_safety(case: Case, step: Step) -> bool:
    return case.scenes[step.leads_to].safety and not case.scenes[step.scene].safety


def _ruptures(case: Case, play: Play) -> tuple[Rupture, ...]:
    """A rupture belongs to a scene or to an option; the first choice after it that repairs closes it."""
    found: list[Rupture] = []
    waiting: Rupture | None = None
    for number, step in enumerate(play.steps, 1):
        if step.option in (SAFETY, RETURN):
            continue
        marks = _option(case, step).marks
        new_here = "rupture" in case.scenes[step.scene].marks and (
            waiting is None or waiting.scene != step.scene
        )
        if new_here:
            found += [waiting] if waiting else []
            waiting = Rupture(number, step.scene, "missed")
        if waiting and "repair" in marks:
            outcome = "repaired" if waiting.number == number else "repaired-later"
            found.append(Rupture(waiting.number, waiting.scene, outcome))
            waiting = None
        if "rupture" in marks:
            found += [waiting] if waiting else []
            waiting = Rupture(number, step.scene, "missed")
    return tuple(found + ([waiting] if waiting else []))


def _outside_window(case: Case, play: Play) -> tuple[OutsideWindow, ...]:
    """Every moment outside a window, the start (number 0) among them; steps that change no value add none."""
    moments = [(0, case.first_scene, case.first_values)]
    for number, step in enumerate(play.steps, 1):
        if step.option not in (SAFETY, RETURN):
            moments.append((number, step.scene, step.after))
    low, high = WINDOW
    found = []
    for number, scene, values in moments:
        for who, arousal in (("client", values.client_arousal), ("therapist", values.therapist_arousal)):
            if not low <= arousal <= high:
                found.append(OutsideWindow(number, scene, who, "flooding" if arousal > high else "shut-down"))
    return tuple(found)
