"""Coupled oscillators: exact eigenvalues, scipy's integrator, the threshold, and what holds at every setting."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from model_checks import check_refusals, check_result, settings_of
from scipy.integrate import solve_ivp
from scipy.linalg import expm

from earned_security import models
from earned_security.models.coupled_oscillators import (
    ETA,
    HIGHEST,
    STARTS,
    STEP,
    equations,
    growth,
    propagator,
)

MODEL = models.get("coupled-oscillators")
START: dict[str, Any] = {
    "pattern": "mutual",
    "rate": 0.03,
    "level": 0,
    "damping_a": 0.1,
    "damping_b": 0.1,
    "start": "one",
}
HALF = 0.5e-4  # half a unit of the last digit given

Coupling = tuple[float, float]


def eigenvalues(zeta: float, level: Coupling = (0, 0), rate: Coupling = (0, 0)) -> list[complex]:
    """Those above the real line, by frequency, then by real part."""
    found = np.linalg.eigvals(equations((zeta, zeta), level, rate))
    return sorted((value for value in found if value.imag > 0), key=lambda v: (round(v.imag, 6), v.real))


def test_the_frequency() -> None:
    assert pytest.approx(-0.3948, abs=HALF) == ETA


@pytest.mark.parametrize(
    ("zeta", "level", "expected"),
    [
        (0.0, 0.0, [0.6283j, 0.6283j]),
        (-0.2, 0.0, [-0.1 + 0.6203j, -0.1 + 0.6203j]),
        (-0.2, 0.1, [-0.1 + 0.5337j, -0.1 + 0.6963j]),  # in phase, in opposite phase
    ],
)
def test_eigenvalues(zeta: float, level: float, expected: list[complex]) -> None:
    found = eigenvalues(zeta, level=(level, level))
    assert [value.real for value in found] == pytest.approx([value.real for value in expected], abs=HALF)
    assert [value.imag for value in found] == pytest.approx([value.imag for value in expected], abs=HALF)


@pytest.mark.parametrize(
    ("zeta", "rate", "in_phase", "opposite"),
    [(-0.05, -0.04, -0.045, -0.005), (-0.05, 0.10, 0.025, -0.075)],
)
def test_coupling_to_rate_shares_damping_out(
    zeta: float, rate: float, in_phase: float, opposite: float
) -> None:
    matrix = np.array(equations((zeta, zeta), (0, 0), (rate, rate)))
    for sign, real in ((1, in_phase), (-1, opposite)):
        # Started in this mode, the pair stays in it; the sum or the difference obeys one equation.
        mode = np.array([[1, 0], [0, 1], [sign, 0], [0, sign]])
        alone = np.array([[0, 1], [ETA, zeta + sign * rate]])
        assert matrix @ mode == pytest.approx(mode @ alone, abs=1e-12)
        assert np.linalg.eigvals(alone).real == pytest.approx([real, real], abs=HALF)
    reals = [value.real for value in np.linalg.eigvals(equations((zeta, zeta), (0, 0), (rate, rate)))]
    assert sum(reals) == pytest.approx(2 * zeta, abs=1e-9), "none is created"


@given(st.floats(-0.2, 0.2), st.floats(-0.2, 0.3), st.floats(0.02, 0.3), st.floats(0.02, 0.3))
def test_one_way_influence_leaves_the_eigenvalues_of_the_uncoupled_pair(
    rate: float, level: float, damping_a: float, damping_b: float
) -> None:
    zeta = (-damping_a, -damping_b)
    coupled = np.poly(np.array(equations(zeta, (0, level), (0, rate))))
    assert coupled == pytest.approx(np.poly(np.array(equations(zeta, (0, 0), (0, 0)))), abs=1e-9)


@given(st.floats(-0.2, 0.2), st.floats(0.02, 0.3), st.floats(-0.2, 0.3))
def test_two_alike_are_unstable_exactly_beyond_their_damping(
    rate: float, damping: float, level: float
) -> None:
    grown = growth(propagator(equations((-damping, -damping), (level, level), (rate, rate))))
    assert grown == pytest.approx((abs(rate) - damping) / 2, abs=1e-6)


def test_at_the_threshold_they_neither_settle_nor_grow() -> None:
    for damping in (0.05, 0.1, 0.15, 0.2):
        for sign in (1, -1):
            changed = {"rate": sign * damping, "damping_a": damping, "damping_b": damping}
            result = MODEL.simulate({**START, **changed})
            assert result["regime"] == "neither"
            assert result["quantities"]["per_cycle"] == 100


@given(settings_of(MODEL))
def test_growth_is_the_largest_real_part(chosen: dict[str, Any]) -> None:
    back = chosen["pattern"] == "mutual"
    matrix = equations(
        (-chosen["damping_a"], -chosen["damping_b"]),
        (back * chosen["level"], chosen["level"]),
        (back * chosen["rate"], chosen["rate"]),
    )
    largest = max(np.linalg.eigvals(matrix).real)
    # Where two eigenvalues are one (B alike and led by A), numpy finds them only to about 1e-8.
    assert growth(propagator(matrix)) == pytest.approx(largest, abs=1e-6)
    assert propagator(matrix) == pytest.approx(expm(np.array(matrix) * STEP), abs=1e-13)


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("pattern", ["mutual", "one-way"])
def test_the_run_is_the_integrators(pattern: str, start: str) -> None:
    chosen = {**START, "pattern": pattern, "start": start, "rate": 0.07, "level": 0.1, "damping_b": 0.2}
    series = MODEL.simulate(chosen)["series"]
    back = 1.0 if pattern == "mutual" else 0.0
    matrix = np.array(equations((-0.1, -0.2), (back * 0.1, 0.1), (back * 0.07, 0.07)))
    first, second = STARTS[start]
    times = np.array(series["time"], dtype=float)
    solved = solve_ivp(
        lambda _, state: matrix @ state,
        (0, times[-1]),
        [first, 0, second, 0],
        method="DOP853",
        t_eval=times,
        rtol=1e-11,
        atol=1e-12,
    )
    assert series["a"] == pytest.approx(solved.y[0].tolist(), abs=1e-8)
    assert series["b"] == pytest.approx(solved.y[2].tolist(), abs=1e-8)


def test_one_way_coupling_shows_in_b_alone() -> None:
    alone = MODEL.simulate({**START, "rate": 0})["series"]
    led = MODEL.simulate({**START, "pattern": "one-way", "rate": 0.06, "level": 0.1})["series"]
    assert led["a"] == pytest.approx(alone["a"], abs=1e-12)
    assert led["b"] != alone["b"]


def test_co_dysregulation_though_each_alone_is_damped() -> None:
    together = {"rate": 0.1, "damping_a": 0.05, "damping_b": 0.05}
    found = MODEL.simulate({**START, **together})
    assert found["regime"] == "grows"
    assert found["quantities"]["per_cycle"] == pytest.approx(100 * math.exp(0.25), abs=0.01)
    assert found["quantities"]["a_alone_per_cycle"] < 100
    assert found["quantities"]["swing_shared"] > 1 > 0.1 > found["quantities"]["swing_parted"]


def test_a_steadier_other_helps_by_level_and_not_by_rate() -> None:
    pair = {"damping_a": 0.05, "damping_b": 0.3}
    drawn_to = MODEL.simulate({**START, **pair, "rate": 0, "level": 0.1})["quantities"]
    swept_along = MODEL.simulate({**START, **pair, "rate": 0.1})["quantities"]
    assert drawn_to["per_cycle"] < drawn_to["a_alone_per_cycle"] < swept_along["per_cycle"] < 100


def test_a_drawing_that_runs_away_ends_and_says_where() -> None:
    result = MODEL.simulate({**START, "rate": 0.2, "damping_a": 0.02, "damping_b": 0.02})
    series = result["series"]
    assert result["regime"] == "grows-beyond"
    assert len(series["time"]) < 301
    assert series["cut_time"] == [series["time"][-1]] == [result["quantities"]["end"]]
    assert abs(series["cut_height"][0] or 0) > HIGHEST
    assert all(abs(value or 0) <= HIGHEST for value in series["a"][:-1] + series["b"][:-1])


@pytest.mark.parametrize(
    ("changed", "regime"),
    [
        ({"rate": 0}, "each-alone"),
        ({"pattern": "one-way"}, "follows"),
        (
            {"pattern": "one-way", "rate": 0.2, "level": 0.3, "damping_a": 0.02, "damping_b": 0.02},
            "follows-far",
        ),
        ({}, "settles"),
        ({"rate": 0.1}, "neither"),
        ({"rate": 0.12}, "grows"),
        ({"rate": 0.2}, "grows-beyond"),
    ],
)
def test_every_regime_can_be_reached(changed: dict[str, Any], regime: str) -> None:
    assert MODEL.simulate({**START, **changed})["regime"] == regime


@given(settings_of(MODEL))
def test_results_at_every_setting(chosen: dict[str, Any]) -> None:
    result = check_result(MODEL, chosen, size=61)
    series = result["series"]
    for name in ("a", "b", "shared", "parted"):
        assert len(series[name]) == len(series["time"])
        assert all(abs(value or 0) < 2 * HIGHEST for value in series[name])
    if result["regime"] == "settles":
        assert not series["cut_time"], "the reading says nothing of a drawing that ends early"


def test_outside_the_domain_is_refused() -> None:
    check_refusals(MODEL, START)
