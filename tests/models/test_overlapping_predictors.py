"""Two predictors of one outcome: against ordinary least squares, against geometry, and at every setting."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from model_checks import check_refusals, check_result, settings_of

from earned_security import models
from earned_security.models.overlapping_predictors import explained, overlap_limits, own_part, possible

MODEL = models.get("overlapping-predictors")
CORRELATION = st.floats(-0.95, 0.95)
SETTINGS = settings_of(MODEL)


def run(first: float, second: float, overlap: float) -> models.Result:
    return MODEL.simulate({"first": first, "second": second, "overlap": overlap})


def determinant(first: float, second: float, overlap: float) -> float:
    matrix = [[1, first, second], [first, 1, overlap], [second, overlap, 1]]
    return float(np.linalg.det(np.array(matrix)))


def test_numbers_that_the_words_of_the_explorer_give() -> None:
    quantities = run(0.28, 0.28, 0.6)["quantities"]
    assert quantities["alone_first"] == pytest.approx(7.84, abs=5e-3)
    assert quantities["together"] == pytest.approx(9.8, abs=5e-3)
    assert quantities["own_second"] == pytest.approx(1.96, abs=5e-3)
    assert run(0.29, 0.24, 0.83)["quantities"]["own_second"] < 0.001


@given(CORRELATION, CORRELATION, CORRELATION)
def test_r_squared_is_that_of_least_squares(first: float, second: float, overlap: float) -> None:
    """R^2 = r' C^-1 r, with C the predictors' correlation matrix."""
    assume(possible(first, second, overlap))
    outcome = np.array([first, second])
    weights = np.linalg.solve(np.array([[1, overlap], [overlap, 1]]), outcome)
    assert explained(first, second, overlap) == pytest.approx(float(outcome @ weights), abs=1e-7)


def test_r_squared_is_that_of_a_regression_on_data() -> None:
    chance = np.random.default_rng(20261122)
    predictors = chance.normal(size=(300, 2)) @ np.array([[1, 0.6], [0, 0.8]])
    outcome = predictors @ np.array([0.4, -0.3]) + chance.normal(size=300)
    columns = np.column_stack([np.ones(300), predictors])
    left = outcome - columns @ np.linalg.lstsq(columns, outcome, rcond=None)[0]
    found = 1 - float(left @ left) / float(np.sum((outcome - outcome.mean()) ** 2))
    r = np.corrcoef(np.column_stack([predictors, outcome]).T)
    assert explained(float(r[0, 2]), float(r[1, 2]), float(r[0, 1])) == pytest.approx(found, abs=1e-12)


@given(CORRELATION, CORRELATION, CORRELATION)
def test_only_correlations_that_can_exist_together_are_possible(
    first: float, second: float, overlap: float
) -> None:
    value = determinant(first, second, overlap)
    assume(abs(value) > 1e-6)
    assert possible(first, second, overlap) == (value > 0)
    lowest, highest = overlap_limits(first, second)
    assert possible(first, second, overlap) == (lowest < overlap < highest)
    assert (run(first, second, overlap)["regime"] == "impossible") == (value < 0)


def test_what_cannot_exist_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="No such three correlations can exist together"):
        explained(0.8, 0.7, -0.3)


@given(CORRELATION, CORRELATION)
def test_without_overlap_squares_add_and_correlations_do_not(first: float, second: float) -> None:
    assume(possible(first, second, 0))
    assert explained(first, second, 0) == pytest.approx(first * first + second * second, abs=1e-8)


@given(SETTINGS)
def test_own_parts_and_the_shared_part_make_the_whole(settings: dict[str, float]) -> None:
    quantities = MODEL.simulate(settings)["quantities"]
    assume("together" in quantities and quantities["together"] < 100)
    parts = quantities["own_first"] + quantities["own_second"] + quantities["shared"]
    assert parts == pytest.approx(quantities["together"], abs=1e-6)
    assert quantities["together"] >= max(quantities["alone_first"], quantities["alone_second"]) - 1e-9
    assert own_part(settings["first"], settings["second"], settings["overlap"]) >= 0


@pytest.mark.parametrize(
    ("settings", "regime"),
    [
        ((0.8, 0.7, -0.3), "impossible"),
        ((0, 0, 0.5), "nothing"),
        ((0.28, 0.28, 0), "adds-up"),
        ((0.3, 0, 0.6), "more-together"),
        ((0.3, 0.3, -0.4), "more-together"),
        ((0.29, 0.24, 0.83), "adds-little"),
        ((0.28, 0.28, 0.6), "shares"),
        ((-0.28, 0.28, -0.6), "shares"),
    ],
)
def test_every_regime_can_be_reached(settings: tuple[float, float, float], regime: str) -> None:
    assert run(*settings)["regime"] == regime


def edges(result: models.Result, name: str) -> tuple[float, float]:
    across = [place for place in result["series"][f"{name}_across"] if place is not None]
    return min(across), max(across)


@pytest.mark.parametrize("overlap", [0.6, 0.2, -0.4])
def test_the_areas_lie_over_each_other_as_far_as_they_share(overlap: float) -> None:
    result = run(0.3, 0.25, overlap)
    quantities = result["quantities"]
    first, second, both = (edges(result, name) for name in ("first", "second", "together"))
    assert first == pytest.approx((0, 9))
    assert second[1] - second[0] == pytest.approx(6.25)
    assert both == pytest.approx((0, quantities["together"]))
    assert second[1] == pytest.approx(both[1])
    assert first[1] - second[0] == pytest.approx(quantities["shared"])
    shown = "shared" if quantities["shared"] > 0 else "gained"
    left, right = edges(result, shown)
    assert right - left == pytest.approx(abs(quantities["shared"]))


def test_the_curve_passes_through_what_is_set() -> None:
    result = run(0.3, 0.25, 0.4)
    at = result["series"]["curve_overlap"].index(0.4)
    assert result["series"]["curve_explained"][at] == result["series"]["now_explained"][0]


@given(SETTINGS)
def test_results_are_bounded_finite_and_named(settings: dict[str, Any]) -> None:
    result = check_result(MODEL, settings, 1000)
    for value in result["series"]["curve_explained"]:
        assert value is None or 0 <= value <= 100


def test_outside_the_domain_is_refused_with_the_range() -> None:
    check_refusals(MODEL, dict.fromkeys(MODEL.domain, 0.3))
