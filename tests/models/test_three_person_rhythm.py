"""The three-person rhythm: reference values by group, its features, scipy's integrators, and every setting."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from model_checks import check_refusals, check_result, settings_of
from scipy.integrate import solve_ivp

from earned_security import models
from earned_security.curriculum import source
from earned_security.models.peaks import peaks
from earned_security.models.three_person_rhythm import (
    FORGOTTEN,
    GROUPS,
    STUDIES,
    period,
    run,
    slopes,
)
from earned_security.models.three_person_rhythm import (
    START as FIRST,
)

MODEL = models.get("three-person-rhythm")
START: dict[str, Any] = {"kstress": 17.5, "ki": 1.17, "clearance": 100, "days": 0, "sample": 12}
REFERENCE = {
    "normal": (24.08, (1.70, 22.67), (0.07, 10.29)),
    "depressed": (24.34, (4.75, 22.34), (1.20, 9.64)),
    "PTSD": (23.32, (0.63, 16.86), (0.01, 8.04)),
}


SETTINGS = settings_of(MODEL)


def set_to(group: str, **more: Any) -> dict[str, Any]:
    kstress, ki = GROUPS[group]
    return {**START, "kstress": kstress, "ki": ki, **more}


@pytest.mark.parametrize("group", GROUPS)
def test_reference_values(group: str) -> None:
    hours, cortisol_between, acth_between = REFERENCE[group]
    states = run(FORGOTTEN + 100, *GROUPS[group])
    settled = states[FORGOTTEN * 10 :]
    acth, cortisol = [state[1] for state in settled], [state[2] for state in settled]
    assert period(cortisol, 0) == pytest.approx(hours, abs=0.005)
    assert (min(cortisol), max(cortisol)) == pytest.approx(cortisol_between, abs=0.005)
    assert (min(acth), max(acth)) == pytest.approx(acth_between, abs=0.005)


def test_the_low_points_are_ordered_ptsd_normal_depressed() -> None:
    lows = [
        MODEL.simulate(set_to(group))["quantities"]["lowest"] for group in ("PTSD", "normal", "depressed")
    ]
    assert lows == sorted(lows)


def test_the_rhythm_lies_between_two_hopf_points() -> None:
    """As the drive rises: steady, a rhythm that grows from small, one that shrinks, steady again."""

    def swing(kstress: float) -> float:
        tail = [state[2] for state in run(800, kstress, 1.51)][-600:]
        return max(tail) - min(tail)

    swings = [swing(kstress) for kstress in (0.2, 0.35, 0.5, 2, 10.1, 25, 35, 38, 45)]
    assert swings[0] < 0.01 and swings[-1] < 0.1
    assert swings[:5] == sorted(swings[:5])
    assert swings[4:] == sorted(swings[4:], reverse=True)
    assert swings[4] > 15


@pytest.mark.parametrize(
    ("kstress", "ki", "clearance"), [*((*pair, 1.0) for pair in GROUPS.values()), (20, 0.9, 0.5), (5, 1.6, 1.5)]
)  # fmt: skip
def test_scipy_finds_the_same_three_days(kstress: float, ki: float, clearance: float) -> None:
    states = run(72, kstress, ki, clearance)
    found = solve_ivp(
        lambda _, state: slopes(tuple(state), kstress, ki, clearance), (0, 72), FIRST, method="LSODA",
        rtol=1e-10, atol=1e-12, max_step=1, t_eval=np.arange(len(states)) / 10,
    )  # fmt: skip
    assert np.array(states) == pytest.approx(found.y.T, abs=1e-3)


def test_a_peak_between_the_points() -> None:
    values = [math.cos(2 * math.pi * (place / 10 - 3.33) / 24) for place in range(600)]
    assert peaks(values, 0) == pytest.approx([33.3, 273.3, 513.3], abs=0.01)
    assert period(values, 0) == pytest.approx(24, abs=0.001)
    assert period(values[:200], 0) is None


def test_both_curves_peak_together_on_day_0_and_drift_apart() -> None:
    together = MODEL.simulate(START)
    for name in ("cortisol", "cortisol_normal"):
        series = together["series"][name]
        assert series[0] == pytest.approx(max(v for v in series if v is not None), rel=1e-3)
    apart = MODEL.simulate({**START, "days": 14})["quantities"]
    assert together["quantities"]["apart"] == 0
    cycles = 336 / apart["period"] - 336 / apart["period_normal"]
    assert apart["apart"] == pytest.approx(24 * cycles, abs=1e-9)
    assert 10 < apart["apart"] < 12
    # At one hour the order of the two curves has turned round.
    assert together["quantities"]["sampled"] < together["quantities"]["sampled_normal"]
    assert apart["sampled"] > 2 * apart["sampled_normal"]


def test_more_than_one_setting_leads_to_a_lower_low() -> None:
    normal = MODEL.simulate(set_to("normal"))["quantities"]["lowest"]
    assert MODEL.simulate(set_to("normal", ki=1.17))["quantities"]["lowest"] < normal
    assert MODEL.simulate(set_to("normal", kstress=6))["quantities"]["lowest"] < normal
    assert MODEL.simulate(set_to("normal", kstress=17.5))["quantities"]["lowest"] > normal


def test_the_studies_drawn_are_those_of_the_ledger() -> None:
    """Each number stands in a claim that cites the study and whose numbers were seen in its abstract."""
    for work, *numbers in STUDIES:
        stated = [
            [float(number) for number in re.findall(r"-?\d+\.\d+", claim["statement"].replace("95% CI", ""))]
            for claim in source.read("claims")
            if work in claim["citations"] and claim["figures"] == "seen-in-abstract"
        ]
        assert numbers in stated


@pytest.mark.parametrize(
    ("changed", "regime"),
    [
        ({}, "lower-low"),
        ({"kstress": 13.7, "ki": 1.6}, "higher-low"),
        ({"kstress": 10.1, "ki": 1.51}, "same-low"),
        ({"ki": 1.7}, "no-rhythm"),
    ],
)
def test_every_regime_can_be_reached(changed: dict[str, Any], regime: str) -> None:
    assert MODEL.simulate({**START, **changed})["regime"] == regime


@settings(max_examples=40)
@given(SETTINGS)
def test_results_are_bounded_finite_named_and_repeatable(values: dict[str, Any]) -> None:
    result = check_result(MODEL, values, 100)
    assert set(MODEL.quantities) - set(result["quantities"]) <= {"period", "period_normal", "apart"}
    for name in ("hour", "cortisol", "cortisol_normal", "acth", "acth_normal"):
        series = result["series"][name]
        assert len(series) == 241
        assert all(number is not None and 0 <= number < 100 for number in series)


def test_outside_the_domain_is_refused_with_the_range() -> None:
    check_refusals(MODEL, START)
