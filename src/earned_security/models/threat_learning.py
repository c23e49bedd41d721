"""Learning to expect danger, and learning what is safe: Rescorla-Wagner and the Pearce-Hall hybrid.

Rescorla and Wagner (1972): every cue that is present changes by one share of one surprise,
``V_i <- V_i + rate (outcome - sum V)``. The hybrid (Pearce and Hall, 1980, joined with it by Li et al.,
2011) lets recent surprise set how much the next trial teaches: ``V <- V + kappa a surprise``, then
``a <- eta |surprise| + (1 - eta) a``, at most 1.

Limits: trial by trial, with no time and no context. Nothing changes between trials, so neither form can show
spontaneous recovery, renewal or reinstatement. A model of conditioning, not of therapy.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from earned_security.models.model import Choice, Model, Range, Result

LOW = 0.2
"""Below this, expected threat counts as low. A line drawn for teaching; nothing in nature stands there."""


@dataclass(frozen=True)
class Trial:
    """One meeting with the cues. ``outcome``: 1 danger followed, 0 safety followed."""

    outcome: float
    cues: tuple[str, ...] = ("cue",)


@dataclass(frozen=True)
class State:
    """After a trial, by cue: expected threat (``value``, 0 to 1 for one cue) and associability (0 to 1)."""

    value: dict[str, float]
    associability: dict[str, float]


def pearce_hall(trials: Iterable[Trial], kappa: float, eta: float, start: float = 1.0) -> list[State]:
    """The hybrid, one state per trial. A cue is met with expectation 0 and associability ``start``.

    Args:
        kappa: learning rate, 0 to 1.
        eta: how fast associability follows surprise, 0 to 1.
        start: first associability, 0 to 1.
    """
    value: dict[str, float] = {}
    associability: dict[str, float] = {}
    states = []
    for trial in trials:
        surprise = trial.outcome - sum(value.get(cue, 0.0) for cue in trial.cues)
        for cue in trial.cues:
            before = associability.get(cue, start)
            value[cue] = value.get(cue, 0.0) + kappa * before * surprise
            associability[cue] = min(1.0, eta * abs(surprise) + (1 - eta) * before)
        states.append(State(dict(value), dict(associability)))
    return states


def rescorla_wagner(trials: Iterable[Trial], rate: float) -> list[State]:
    """Rescorla-Wagner, one rate (alpha times beta) for all cues: the hybrid with associability kept at 1."""
    return pearce_hall(trials, kappa=rate, eta=0.0, start=1.0)


def lapses(safe_trials: int, consistency: int) -> list[bool]:
    """On which safe-phase trials the frame is not kept: as many as the percentage says, evenly spread.

    Whole-number arithmetic, so that every implementation agrees exactly.
    """
    missed = [(trial * (100 - consistency) + 50) // 100 for trial in range(safe_trials + 1)]
    return [later > earlier for earlier, later in pairwise(missed)]


def simulate(
    model: str,
    learning_rate: float,
    eta: float,
    start_associability: float,
    danger_trials: int,
    safe_trials: int,
    consistency: int,
    pause: int,
) -> Result:
    """A cue for danger is reinforced; then safety follows, always or in ``consistency`` percent of trials.

    ``pause`` is time, in trials, in which nothing happens before the cue is met once more.
    """
    danger, safe, pause = int(danger_trials), int(safe_trials), int(pause)
    missed = lapses(safe, int(consistency))

    def run(lapse: list[bool]) -> tuple[list[float], list[float]]:
        trials = [Trial(1.0)] * danger + [Trial(1.0 if one else 0.0) for one in lapse]
        if model == "rescorla-wagner":
            states, start = rescorla_wagner(trials, learning_rate), 1.0
        else:
            states, start = pearce_hall(trials, learning_rate, eta, start_associability), start_associability
        expected = [0.0] + [state.value["cue"] for state in states]
        attention = [float(start)] + [state.associability["cue"] for state in states]
        # No trial, no change: the model has nothing to say about time.
        return expected + expected[-1:] * pause, attention + attention[-1:] * pause

    kept, kept_associability = run([False] * safe)
    mixed, mixed_associability = run(missed)
    last = danger + safe
    lapse_trials = [danger + trial for trial, lapse in enumerate(missed, start=1) if lapse]
    nothing: list[float | None] = [None]
    ends = [danger + 0.5, *([last + 0.5] if pause else [])]
    middles = [(danger + 0.5) / 2, danger + 0.5 + safe / 2, *([last + 0.5 + pause / 2] if pause else [])]

    quantities = {
        "after_danger": kept[danger],
        "end_kept": kept[last],
        "end_mixed": mixed[last],
        "lapses": float(len(lapse_trials)),
        "lowest_late_mixed": min(mixed[danger + (safe + 1) // 2 : last + 1]),
        "highest_late_mixed": max(mixed[danger + (safe + 1) // 2 : last + 1]),
        "after_pause": mixed[last + pause],
    }
    settled_kept = _settled(kept[danger : last + 1])
    settled_mixed = _settled(mixed[danger : last + 1])
    if settled_kept is not None:
        quantities["trials_kept"] = float(settled_kept)
    if settled_mixed is not None:
        quantities["trials_mixed"] = float(settled_mixed)

    return {
        "series": {
            "trial": [float(trial) for trial in range(last + pause + 1)],
            "danger_followed": nothing
            + [1.0] * danger
            + [float(lapse) for lapse in missed]
            + nothing * pause,
            "expected_kept": list(kept),
            "expected_mixed": list(mixed),
            "associability_kept": list(kept_associability),
            "associability_mixed": list(mixed_associability),
            "lapse_trial": [float(trial) for trial in lapse_trials],
            "lapse_expected": [mixed[trial] for trial in lapse_trials],
            "phase_trial": [place for end in ends for place in (end, end, None)],
            "phase_height": [place for _ in ends for place in (0.0, 1.0, None)],
            "label_trial": list(middles),
            "label_height": [1.1 for _ in middles],
        },
        "quantities": quantities,
        "regime": _regime(quantities, settled_kept, pause),
    }


def _settled(values: list[float]) -> int | None:
    """After how many trials expected threat is low and stays so to the end; None if it does not."""
    if values[-1] >= LOW:
        return None
    high = [trial for trial, value in enumerate(values) if value >= LOW]
    return high[-1] + 1 if high else 0


def _regime(quantities: dict[str, float], kept: int | None, pause: int) -> str:
    """``late`` is the second half of the safe phase."""
    if quantities["after_danger"] < LOW:
        return "little-learned"
    if pause:
        return "nothing-returns"
    if not quantities["lapses"]:
        return "kept-settles" if kept is not None else "kept-needs-longer"
    if kept is None:
        return "mixed-needs-longer"
    if quantities["highest_late_mixed"] < LOW:
        return "mixed-settles"
    return "mixed-lifted" if quantities["lowest_late_mixed"] < LOW else "mixed-unsettled"


MODEL = Model(
    equations=simulate,
    domain={
        "model": Choice(("pearce-hall", "rescorla-wagner")),
        "learning_rate": Range(0, 1),
        "eta": Range(0, 1),
        "start_associability": Range(0, 1),
        "danger_trials": Range(1, 200, whole=True),
        "safe_trials": Range(1, 200, whole=True),
        "consistency": Range(0, 100, whole=True),
        "pause": Range(0, 100, whole=True),
    },
    series=(
        "trial",
        "danger_followed",
        "expected_kept",
        "expected_mixed",
        "associability_kept",
        "associability_mixed",
        "lapse_trial",
        "lapse_expected",
        "phase_trial",
        "phase_height",
        "label_trial",
        "label_height",
    ),
    quantities=(
        "after_danger",
        "end_kept",
        "end_mixed",
        "lapses",
        "lowest_late_mixed",
        "highest_late_mixed",
        "after_pause",
        "trials_kept",
        "trials_mixed",
    ),
    regimes=(
        "little-learned",
        "nothing-returns",
        "kept-settles",
        "kept-needs-longer",
        "mixed-settles",
        "mixed-lifted",
        "mixed-unsettled",
        "mixed-needs-longer",
    ),
    source=("rescorla1972theory", "pearce1980model", "li2011differential"),
)
