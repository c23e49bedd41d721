"""Three networks: rest, scipy's integrator, and that more than one setting draws the same picture."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from model_checks import check_refusals, check_result, settings_of
from scipy.integrate import solve_ivp

from earned_security import models
from earned_security.models.three_networks import (
    END,
    EVENTS,
    LASTING,
    STANDING,
    event_at,
    rest,
    right_hand_side,
    run,
)

MODEL = models.get("three-networks")
START: dict[str, Any] = {"switching": 2, "threshold": 0.3, "rivalry": 0.8, "task": 0.3}
SETTINGS = settings_of(MODEL)


def simulated(**changed: Any) -> models.Result:
    return MODEL.simulate({**START, **changed})


@given(st.floats(0, 2), st.floats(0, 1))
def test_at_rest_nothing_moves(rivalry: float, task: float) -> None:
    state = rest(rivalry, task)
    assert right_hand_side(state, 0, 3, 0.2, rivalry, task) == pytest.approx((0, 0, 0), abs=1e-9)
    assert all(0 <= value <= 1 for value in state)


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"switching": 0.5},
        {"threshold": 0.05},
        {"rivalry": 1.5, "task": 0.6},
        {"rivalry": 0, "task": 0.9, "switching": 3},
        {"task": 0.9},
    ],
)
def test_the_run_is_what_scipy_finds(changed: dict[str, float]) -> None:
    values = {**START, **changed}
    states = np.array(run(**values))
    ends = sorted({0, END} | {edge for begin, _ in EVENTS for edge in (begin, begin + LASTING)})
    state = states[0]
    for begin, end in pairwise(ends):
        event = event_at(10 * begin)
        solved = solve_ivp(
            lambda _, y, event=event: right_hand_side(tuple(y), event, **values),
            (begin, end), state, rtol=1e-9, atol=1e-11, max_step=0.01, dense_output=True,
        )  # fmt: skip
        times = np.arange(begin, end + 0.05, 0.1)
        found = states[10 * begin : 10 * end + 1]
        assert found == pytest.approx(solved.sol(np.clip(times, begin, end)).T, abs=1e-4)
        state = solved.y[:, -1]


def test_salience_has_its_exact_course() -> None:
    """S rises to what is above the threshold, with a time constant of 1."""
    salience = [state[0] for state in run(**START)]
    begin, size = EVENTS[0]
    for tenth in range(10 * LASTING + 1):
        exact = (size - 0.3) * (1 - math.exp(-tenth / 10))
        assert salience[10 * begin + tenth] == pytest.approx(exact, rel=1e-6, abs=1e-12)


def test_two_settings_draw_the_same_two_lines() -> None:
    """The lesson: no switching, and nothing salient, are one picture but for the salience network itself."""
    weak, deaf = simulated(switching=0)["series"], simulated(threshold=1)["series"]
    assert weak["default"] == deaf["default"]
    assert weak["executive"] == deaf["executive"]
    assert max(value for value in weak["salience"] if value is not None) > 0.6
    assert set(deaf["salience"]) == {0.0}


def test_the_stories_of_the_presets() -> None:
    assert simulated()["quantities"]["handed"] == 2
    assert simulated(threshold=0.05)["quantities"]["handed"] == 3
    stuck = simulated(rivalry=1.5, task=0.6)
    assert 25 < stuck["quantities"]["first_leads"] < 33
    assert set(stuck["series"]["leads"][33 * 5 :]) == {1.0}
    assert stuck["series"]["salience"][40 * 5] == pytest.approx(0, abs=1e-3)
    assert set(simulated(task=0.9)["series"]["leads"]) == {1.0}


@pytest.mark.parametrize(
    ("changed", "regime"),
    [
        ({}, "some-events"),
        ({"switching": 0}, "never"),
        ({"threshold": 1}, "never"),
        ({"threshold": 0.05}, "every-event"),
        ({"rivalry": 1.5, "task": 0.6}, "stays"),
        ({"task": 0.9}, "executive-throughout"),
    ],
)
def test_every_regime_can_be_reached(changed: dict[str, Any], regime: str) -> None:
    assert simulated(**changed)["regime"] == regime


@given(SETTINGS)
def test_results_are_bounded_finite_and_named(values: dict[str, Any]) -> None:
    result = check_result(MODEL, values, 100)
    for name in ("salience", "default", "executive"):
        drawn = result["series"][name]
        assert all(value is not None and -1e-12 <= value <= 1 + 1e-12 for value in drawn)
    led = ("first_leads" in result["quantities"], "last_leads" in result["quantities"])
    assert led == (result["regime"] != "never",) * 2


@settings(max_examples=30)
@given(SETTINGS)
def test_what_the_salience_network_does_depends_on_its_threshold_alone(values: dict[str, Any]) -> None:
    other = {**START, "threshold": values["threshold"]}
    assert MODEL.simulate(values)["series"]["salience"] == MODEL.simulate(other)["series"]["salience"]


@settings(max_examples=30)
@given(SETTINGS)
def test_before_anything_happens_all_is_at_rest(values: dict[str, Any]) -> None:
    """Where D can hold E down alone, D has its own drive and E nothing."""
    series = MODEL.simulate(values)["series"]
    if values["task"] <= values["rivalry"] * STANDING:
        assert (series["default"][0], series["executive"][0]) == (STANDING, 0)
    for name in ("salience", "default", "executive"):
        assert series[name][:25] == pytest.approx([series[name][0]] * 25, abs=1e-9)


def test_outside_the_domain_is_refused_with_the_range() -> None:
    check_refusals(MODEL, START)
