"""The debrief of a played case as text for a feedback page, where a trainee reads it once marks are released."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from earned_security import cases

QUALITY = {
    "preferred": "preferred",
    "defensible": "defensible, with a trade-off",
    "poor": "a poor path",
}
RUPTURE = {
    "repaired": "you repaired it then and there",
    "repaired-later": "it passed unrepaired at first, and you repaired it later",
    "missed": "it stayed unrepaired on this path",
}


def paragraphs(case: cases.Case, response: Any) -> Iterator[str]:
    """The path with what was thought of each choice and what else was open; nothing where it cannot be followed."""
    play, _ = cases.from_stored(case, response)
    if play is None or not play.steps:
        return
    looked_at = cases.debrief(case, play)
    yield "Looking back. " + case.review_note
    for decision in looked_at.decisions:
        scene = case.scenes[decision.scene]
        option = _option(scene, decision.option)
        yield f"{decision.number}. {scene.title}: {QUALITY[option.quality]}. {option.rationale}" + (
            f" The trade-off: {option.trade_off}" if option.trade_off else ""
        )
        others = [_option(scene, name) for name in decision.others]
        if others:
            yield "What else was open: " + " / ".join(
                f"{option.text.strip()} ({QUALITY[option.quality]})" for option in others
            )
    for rupture in looked_at.ruptures:
        yield f"Rupture in “{case.scenes[rupture.scene].title}”: {RUPTURE[rupture.outcome]}."
    outside = len({moment.number for moment in looked_at.outside_window})
    yield (
        f"At {outside} moments the client or the therapist was outside the window of tolerance. These are teaching "
        "values and not mistakes; what counts is noticing it and coming back."
        if outside
        else "Neither the client nor the therapist was outside the window of tolerance on this path."
    )
    yield "What goes wrong on poor paths: " + case.what_goes_wrong
    yield "To think about, alone or with a supervisor: " + " ".join(case.prompts)


def _option(scene: cases.Scene, name: str) -> cases.Option:
    return next(option for option in scene.options if option.id == name)
