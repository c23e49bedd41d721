"""The window of tolerance: the exact spread, the same chance everywhere, and lines that move no path."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from model_checks import check_refusals, check_result, settings_of
from scipy.integrate import solve_ivp

from earned_security import models
from earned_security.models.arousal_window import (
    MODULUS,
    MULTIPLIER,
    STEP,
    draw,
    exact_step,
    pull,
    run,
    stationary_sd,
    uniforms,
)

MODEL = models.get("arousal-window")
START: dict[str, Any] = {
    "event": "letter-lifts",
    "answer": -1.5,
    "client_upper": 1.5,
    "client_lower": -1.5,
    "therapist_upper": 2.5,
    "therapist_lower": -2.5,
    "half_life": 6,
    "jitter": 0.4,
    "seed": 1,
}
SETTINGS = settings_of(MODEL)
RATES = st.floats(0.04, 0.7)
JITTERS = st.floats(0.01, 1)


def quantities(**changed: Any) -> dict[str, float]:
    return MODEL.simulate({**START, **changed})["quantities"]


@given(RATES, JITTERS, st.floats(0.01, 20))
def test_the_step_keeps_the_exact_stationary_sd(k: float, s: float, step: float) -> None:
    """Any number of steps of any length leaves the variance s^2 / (2 k) as it is."""
    left, spread = exact_step(k, s, step)
    variance = s * s / (2 * k)
    assert left * left * variance + spread * spread == pytest.approx(variance, rel=1e-12)
    assert stationary_sd(k, s) == pytest.approx(math.sqrt(variance), rel=1e-12)


@given(RATES, JITTERS)
def test_from_rest_the_variance_grows_as_the_equation_says(k: float, s: float) -> None:
    """d Var / dt = s^2 - 2 k Var, integrated by scipy to 30 minutes."""
    left, spread = exact_step(k, s)
    variance = 0.0
    for _ in range(round(30 / STEP)):
        variance = left * left * variance + spread * spread
    found = solve_ivp(lambda _, v: s * s - 2 * k * v, (0, 30), [0.0], rtol=1e-10, atol=1e-13)
    assert variance == pytest.approx(found.y[0, -1], rel=1e-7)


def test_a_long_run_has_the_exact_sd() -> None:
    k, s = pull(2), 0.4
    client, therapist = run(k, s, {}, seed=3, moments=60_000)
    for path in (client, therapist):
        assert np.std(path) == pytest.approx(s / math.sqrt(2 * k), rel=0.03)
        assert abs(np.mean(path)) < 0.05
    assert abs(np.corrcoef(client, therapist)[0, 1]) < 0.05


def test_a_jump_decays_as_the_equation_says() -> None:
    """Without jitter, da/dt = -k a from the jump on, against scipy; half is gone after one half-life."""
    result = MODEL.simulate({**START, "jitter": 0, "answer": 0})
    client = result["series"]["client"]
    assert set(client[:75]) == {0.0}
    assert client[75] == 4.0
    found = solve_ivp(lambda _, a: -pull(6) * a, (0, 35), [4.0], rtol=1e-11, atol=1e-13, dense_output=True)
    times = np.arange(0, 35.1, STEP)
    assert client[75:] == pytest.approx(found.sol(times)[0], rel=1e-8)
    assert client[75 + 30] == pytest.approx(2.0, rel=1e-12)


def test_the_generator_is_lehmers() -> None:
    """Park and Miller's test of a full-period generator with this modulus: known values after ten thousand calls."""
    state = 1
    for _ in range(10_000):
        state = state * MULTIPLIER % MODULUS
    assert (MODULUS, MULTIPLIER, state) == (2147483647, 48271, 399268537)
    first, second = itertools.islice(uniforms(1), 2)
    assert second == first * MULTIPLIER % MODULUS


def test_a_draw_has_mean_nought_and_variance_one() -> None:
    numbers = uniforms(5)
    drawn = np.array([draw(numbers) for _ in range(40_000)])
    assert abs(drawn.mean()) < 0.02
    assert drawn.var() == pytest.approx(1, abs=0.03)
    assert abs(drawn).max() < 6
    # One draw says nothing about the next.
    assert abs(np.corrcoef(drawn[:-1], drawn[1:])[0, 1]) < 0.02


def test_neighbouring_hours_are_not_alike() -> None:
    hours = []
    for seed in range(1, 61):
        numbers = uniforms(seed)
        hours.append([draw(numbers) for _ in range(500)])
    alike = np.corrcoef(hours) - np.eye(len(hours))
    assert np.abs(alike).max() < 0.25
    assert np.std(alike) == pytest.approx(1 / math.sqrt(500), rel=0.1)


def test_the_lines_move_no_path() -> None:
    """The lesson: closer lines, more time outside, and the same hour point for point."""
    wide, close = MODEL.simulate(START), MODEL.simulate({**START, "client_upper": 0.5, "client_lower": -0.5})
    assert wide["series"]["client"] == close["series"]["client"]
    assert wide["series"]["therapist"] == close["series"]["therapist"]
    assert wide["quantities"]["client_outside"] == pytest.approx(12.7, abs=0.05)
    assert close["quantities"]["client_outside"] == pytest.approx(54.6, abs=0.05)


@given(SETTINGS, st.floats(0.5, 6), st.floats(-6, -0.5))
def test_lines_further_apart_never_count_more(settings: dict[str, Any], upper: float, lower: float) -> None:
    before = MODEL.simulate(settings)
    wider = {
        **settings,
        "client_upper": max(upper, settings["client_upper"]),
        "client_lower": min(lower, settings["client_lower"]),
    }
    after = MODEL.simulate(wider)
    assert after["series"]["client"] == before["series"]["client"]
    assert after["quantities"]["client_outside"] <= before["quantities"]["client_outside"]


def test_a_touch_of_the_line_is_inside() -> None:
    """The jump ends exactly on the line; one half-life later it would be exactly on another."""
    assert quantities(jitter=0, answer=0, client_upper=4)["client_above"] == 0
    on = MODEL.simulate({**START, "jitter": 0, "answer": 0, "client_upper": 2})["series"]["client_out"]
    assert on[75 + 29] is not None and on[75 + 30] is None


def test_the_stories_of_the_presets() -> None:
    nothing = quantities(event="no-event", answer=0)
    assert nothing["client_below"] > 0 == nothing["client_above"]
    letter, alone = quantities(), quantities(answer=0)
    assert 1.5 < letter["client_before"] == alone["client_before"] and letter["client_after"] < 1.5
    assert alone["client_after"] < alone["client_before"]
    quiet = {answer: quantities(event="letter-lowers", answer=answer) for answer in (-2, 0, 2)}
    assert quiet[-2]["client_lowest"] < quiet[0]["client_lowest"]
    assert quiet[-2]["client_outside"] > quiet[0]["client_outside"] > quiet[2]["client_outside"]
    assert quiet[2]["client_before"] < -1.5 < quiet[2]["client_after"]
    sharp = quantities(event="sharp-word", answer=0)
    assert 0 < sharp["both_outside"] <= sharp["therapist_above"]


def test_nothing_passes_from_one_person_to_the_other() -> None:
    series = [MODEL.simulate({**START, "answer": answer})["series"]["therapist"] for answer in (-4, 4)]
    assert series[0] == series[1]


@pytest.mark.parametrize(
    ("changed", "regime"),
    [
        ({}, "client-outside"),
        ({"event": "no-event", "jitter": 0, "answer": 0}, "both-inside"),
        ({"event": "sharp-word", "jitter": 0, "answer": 0, "client_upper": 6}, "therapist-outside"),
        ({"event": "sharp-word"}, "both-outside"),
        (
            {"event": "sharp-word", "jitter": 0, "answer": -4, "client_upper": 6, "half_life": 2},
            "both-in-turn",
        ),
    ],
)
def test_every_regime_can_be_reached(changed: dict[str, Any], regime: str) -> None:
    assert MODEL.simulate({**START, **changed})["regime"] == regime


@given(SETTINGS)
def test_results_are_finite_named_and_counted(settings: dict[str, Any]) -> None:
    result = check_result(MODEL, settings, 60)
    found = result["quantities"]
    assert set(found) == set(MODEL.quantities)
    assert all(abs(number) < 40 for number in result["series"]["client"] + result["series"]["therapist"])
    for who in ("client", "therapist"):
        assert found[f"{who}_outside"] == pytest.approx(found[f"{who}_above"] + found[f"{who}_below"])
        outside = [value for value in result["series"][f"{who}_out"] if value is not None]
        assert 100 * len(outside) / 251 == pytest.approx(found[f"{who}_outside"])
    assert found["both_outside"] <= min(found["client_outside"], found["therapist_outside"])


def test_another_seed_gives_another_hour() -> None:
    hours = {tuple(MODEL.simulate({**START, "seed": seed})["series"]["client"]) for seed in range(1, 101)}
    assert len(hours) == 100


def test_outside_the_domain_is_refused_with_the_range() -> None:
    check_refusals(MODEL, START)
