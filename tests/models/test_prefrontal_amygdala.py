"""Two regions: the exact check, scipy's integrator, and what cannot be read from one region."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from model_checks import check_refusals, check_result, settings_of
from scipy.integrate import solve_ivp
from scipy.linalg import expm

from earned_security import models
from earned_security.models.prefrontal_amygdala import (
    END,
    OFF,
    ON,
    PLACES,
    STEP,
    propagator,
    right_hand_side,
    run,
    steady_state,
    wiring,
)

MODEL = models.get("prefrontal-amygdala")
START: dict[str, Any] = {"upward": 0.1, "downward": 0.4, "enters": "amygdala", "size": 1, "fade": 0.5}
SETTINGS = settings_of(MODEL)
WEIGHTS = st.floats(0, 1)
FADES = st.floats(0.3, 1)
TOP_DOWN = ((-0.5, 0.1), (-0.4, -0.5))
BOTTOM_UP = ((-0.5, 0.4), (-0.1, -0.5))
HALF = 0.5e-4  # half a unit of the last digit given


def test_the_two_matrices() -> None:
    assert wiring(upward=0.1, downward=0.4, fade=0.5) == TOP_DOWN
    assert wiring(upward=0.4, downward=0.1, fade=0.5) == BOTTOM_UP


def test_the_exact_check() -> None:
    """Unit input to the amygdala: z* = [.3448, 1.7241] and [1.3793, 1.7241]."""
    top_down, bottom_up = steady_state(TOP_DOWN, (0, 1)), steady_state(BOTTOM_UP, (0, 1))
    assert top_down == pytest.approx((0.3448, 1.7241), abs=HALF)
    assert bottom_up == pytest.approx((1.3793, 1.7241), abs=HALF)
    assert top_down[1] == bottom_up[1]
    assert top_down == pytest.approx((0.1 / 0.29, 0.5 / 0.29), rel=1e-14)


@given(WEIGHTS, WEIGHTS, FADES, st.sampled_from(sorted(PLACES)))
def test_nothing_moves_at_the_steady_state(upward: float, downward: float, fade: float, enters: str) -> None:
    matrix = wiring(upward, downward, fade)
    found = steady_state(matrix, PLACES[enters])
    assert right_hand_side(found, matrix, PLACES[enters]) == pytest.approx((0, 0), abs=1e-12)
    assert found == pytest.approx(-np.linalg.solve(matrix, PLACES[enters]), rel=1e-10, abs=1e-12)


@given(WEIGHTS, WEIGHTS, FADES, st.floats(0.01, 5))
def test_the_step_is_the_matrix_exponential(upward: float, downward: float, fade: float, step: float) -> None:
    matrix = wiring(upward, downward, fade)
    assert np.array(propagator(matrix, step)) == pytest.approx(
        expm(np.array(matrix) * step), rel=1e-9, abs=1e-12
    )


@pytest.mark.parametrize("matrix", [TOP_DOWN, BOTTOM_UP, wiring(1, 1, 0.3), wiring(0, 0.8, 0.5)])
@pytest.mark.parametrize("enters", sorted(PLACES))
def test_the_run_is_what_scipy_finds(matrix: Any, enters: str) -> None:
    times = np.arange(0, END + STEP / 2, STEP)
    found = np.zeros((2, len(times)))
    state = np.zeros(2)
    for begin, end, reached in [(0, ON, (0, 0)), (ON, OFF, PLACES[enters]), (OFF, END, (0, 0))]:
        inside = (times >= begin - 1e-9) & (times <= end + 1e-9)
        solved = solve_ivp(
            lambda _, z, reached=reached: right_hand_side((z[0], z[1]), matrix, reached),
            (begin, end), state, rtol=1e-11, atol=1e-13, dense_output=True,
        )  # fmt: skip
        found[:, inside] = solved.sol(np.clip(times[inside], begin, end))
        state = solved.y[:, -1]
    states = np.array(run(matrix, PLACES[enters])).T
    assert states == pytest.approx(found, rel=1e-8, abs=1e-9)


@given(WEIGHTS, WEIGHTS, FADES, st.floats(0.25, 2))
def test_the_arrow_cannot_be_read_from_the_amygdala(up: float, down: float, fade: float, size: float) -> None:
    """Input at the amygdala: the same activity at every moment, whichever way round the weights are."""
    result = MODEL.simulate(
        {"upward": up, "downward": down, "enters": "amygdala", "size": size, "fade": fade}
    )
    assert result["quantities"]["amygdala"] == result["quantities"]["mirror_amygdala"]
    assert result["series"]["amygdala"] == pytest.approx(
        result["series"]["mirror_amygdala"], rel=1e-9, abs=1e-12
    )
    # And the vmPFC tells them apart: its steady state is proportional to the weight upward.
    assert result["quantities"]["vmpfc"] * down == pytest.approx(result["quantities"]["mirror_vmpfc"] * up)


@given(WEIGHTS, WEIGHTS, FADES)
def test_with_the_input_at_the_vmpfc_it_is_the_vmpfc_that_is_alike(
    up: float, down: float, fade: float
) -> None:
    result = MODEL.simulate({"upward": up, "downward": down, "enters": "vmpfc", "size": 1, "fade": fade})
    assert result["series"]["vmpfc"] == pytest.approx(result["series"]["mirror_vmpfc"], rel=1e-9, abs=1e-12)
    assert result["quantities"]["amygdala"] * up == pytest.approx(
        result["quantities"]["mirror_amygdala"] * down
    )


def test_only_the_product_enters() -> None:
    first = MODEL.simulate(START)["series"]["amygdala"]
    other = MODEL.simulate({**START, "upward": 0.05, "downward": 0.8})["series"]["amygdala"]
    more = MODEL.simulate({**START, "upward": 0.1, "downward": 0.8})["series"]["amygdala"]
    assert first == pytest.approx(other, rel=1e-9, abs=1e-12)
    assert first != pytest.approx(more, rel=1e-3)


def test_a_brake_that_is_never_pressed() -> None:
    found = MODEL.simulate({**START, "upward": 0, "downward": 0.8})["quantities"]
    assert found["amygdala"] == found["mirror_amygdala"] == 2
    assert found["vmpfc"] == 0 < found["mirror_vmpfc"]


def test_with_the_input_at_both_the_two_wirings_differ_in_both_regions() -> None:
    found = MODEL.simulate({**START, "enters": "both"})["quantities"]
    assert abs(found["amygdala"] - found["mirror_amygdala"]) > 0.5
    assert abs(found["vmpfc"] - found["mirror_vmpfc"]) > 0.5


@pytest.mark.parametrize(
    ("changed", "regime"),
    [
        ({}, "amygdala-alike"),
        ({"enters": "vmpfc"}, "vmpfc-alike"),
        ({"enters": "both"}, "both-differ"),
        ({"upward": 0.4}, "same-wiring"),
    ],
)
def test_every_regime_can_be_reached(changed: dict[str, Any], regime: str) -> None:
    assert MODEL.simulate({**START, **changed})["regime"] == regime


@given(SETTINGS)
def test_results_are_bounded_finite_and_named(settings: dict[str, Any]) -> None:
    result = check_result(MODEL, settings, 100)
    assert set(result["quantities"]) == set(MODEL.quantities)
    assert all(number is not None for values in result["series"].values() for number in values)
    # Each region's input is at most its own and the other's, and the loop as a whole only damps.
    most = 2 * settings["size"] / settings["fade"] ** 2 * (settings["fade"] + 1)
    for name in ("amygdala", "mirror_amygdala", "vmpfc", "mirror_vmpfc"):
        assert max(abs(value) for value in result["series"][name] if value is not None) <= most


def test_outside_the_domain_is_refused_with_the_range() -> None:
    check_refusals(MODEL, START)
