"""One correlation and one person: against scipy's bivariate normal, against large samples, at every setting."""

from __future__ import annotations

import math
from itertools import islice, pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from model_checks import check_refusals, check_result, settings_of
from scipy import stats

from earned_security import models
from earned_security.models.one_correlation import above_of_100, below, correlation, people, spread, uniforms

MODEL = models.get("one-correlation")
START: dict[str, Any] = {"r": 0.17, "place": 1, "group": 200, "count": 200, "sample": 22}


SETTINGS = settings_of(MODEL)


def test_numbers_that_the_words_of_the_explorer_give() -> None:
    assert above_of_100(0.17) == pytest.approx(55.4, abs=0.05)
    assert above_of_100(0.5) == pytest.approx(66.7, abs=0.05)
    assert above_of_100(0.86) == pytest.approx(83, abs=0.5)
    assert 100 - above_of_100(0.49) == pytest.approx(33.7, abs=0.05)
    assert 100 - above_of_100(0.95) == pytest.approx(10.1, abs=0.05)
    assert 1000 * (1 - below(2.5)) == pytest.approx(6.2, abs=0.05)
    assert spread(0.17) == pytest.approx(0.985, abs=5e-4)


@pytest.mark.parametrize("r", [-0.9, -0.17, 0.0, 0.17, 0.278, 0.49, 0.9])
def test_quadrants_are_those_of_the_bivariate_normal(r: float) -> None:
    both = stats.multivariate_normal(cov=[[1, r], [r, 1]]).cdf([0, 0])
    assert above_of_100(r) == pytest.approx(100 * both / 0.5, abs=1e-6)


@given(st.floats(-12, 12))
def test_the_normal_distribution_is_scipys(z: float) -> None:
    assert below(z) == pytest.approx(float(stats.norm.cdf(z)), abs=1e-14)


@given(st.floats(-0.95, 0.95), st.floats(-3, 3))
def test_ranges_hold_95_of_100_people_and_of_100_means(r: float, place: float) -> None:
    result = MODEL.simulate({**START, "r": r, "place": place})
    quantities = result["quantities"]
    one = stats.norm(r * place, math.sqrt(1 - r * r))
    held = one.cdf(quantities["person_high"]) - one.cdf(quantities["person_low"])
    assert held == pytest.approx(0.95, abs=5e-5)
    means = stats.norm(r * place, math.sqrt((1 - r * r) / 200))
    assert means.cdf(quantities["group_high"]) - means.cdf(quantities["group_low"]) == pytest.approx(
        0.95, abs=5e-5
    )
    assert quantities["likely_above"] == pytest.approx(100 * float(one.sf(0)), abs=1e-9)


def test_bins_are_those_of_three_normal_distributions() -> None:
    result = MODEL.simulate({**START, "r": 0.5, "place": 2, "group": 9})
    edges = np.array([-4 + 0.5 * step for step in range(17)])
    left = math.sqrt(0.75)
    for name, mean, deviation in [("everyone", 0, 1), ("alike", 1, left), ("means", 1, left / 3)]:
        exact = 100 * np.diff(stats.norm(mean, deviation).cdf(edges))
        assert result["series"][f"bin_{name}"] == pytest.approx(list(exact), abs=1e-10)


def test_the_generator_is_park_and_millers() -> None:
    """Each number is 16807 times the one before, modulo 2^31 - 1; the ten-thousandth from 1 is 1043618065."""
    states = [round(number * 2147483647) for number in islice(uniforms(1), 4)]
    assert all(later == earlier * 16807 % 2147483647 for earlier, later in pairwise(states))
    assert pow(16807, 10_000, 2147483647) == 1043618065


def test_no_sample_starts_at_the_generators_zero() -> None:
    assert all(next(uniforms(sample)) > 0 for sample in range(1, 1001))


def test_drawn_people_are_normal_and_correlated_as_set() -> None:
    points = [point for sample in range(1, 101) for point in people(0.49, 500, sample)]
    assert correlation(points) == pytest.approx(0.49, abs=0.01)
    for side in (0, 1):
        assert stats.kstest([point[side] for point in points], "norm").pvalue > 0.001
    above = [second > 0 for first, second in points if first > 0]
    assert 100 * sum(above) / len(above) == pytest.approx(above_of_100(0.49), abs=1)


def test_samples_differ_from_each_other_as_chance_says() -> None:
    found = [correlation(people(0.17, 200, sample)) for sample in range(1, 301)]
    assert float(np.mean(found)) == pytest.approx(0.17, abs=0.015)
    assert float(np.std(found)) == pytest.approx((1 - 0.17**2) / math.sqrt(200), rel=0.12)
    assert abs(float(np.corrcoef(found[:-1], found[1:])[0, 1])) < 0.2


def test_the_correlation_of_points_is_numpys() -> None:
    points = people(0.3, 100, 5)
    assert correlation(points) == pytest.approx(float(np.corrcoef(np.array(points).T)[0, 1]), abs=1e-12)


@pytest.mark.parametrize("r", [-0.6, 0.6])
def test_wrong_guesses_are_counted_in_the_direction_of_r(r: float) -> None:
    result = MODEL.simulate({**START, "r": r, "count": 500})
    sign = math.copysign(1, r)
    points = people(r, 500, 22)
    expected = sum((sign * x > 0) != (y > 0) for x, y in points)
    assert result["quantities"]["wrong"] == expected == len(result["series"]["wrong_first"])
    assert expected < 0.4 * 500
    assert sorted(points) == sorted(
        (x, y)
        for side in ("right", "wrong")
        for x, y in zip(result["series"][f"{side}_first"], result["series"][f"{side}_second"], strict=True)
    )


@pytest.mark.parametrize(
    ("changed", "regime"),
    [
        ({"r": 0}, "neither"),
        ({"place": 0}, "neither"),
        ({"group": 50}, "neither"),
        ({}, "group-only"),
        ({"r": 0.88}, "group-only"),
        ({"r": 0.95}, "person-too"),
        ({"r": -0.95}, "person-too"),
    ],
)
def test_every_regime_can_be_reached(changed: dict[str, Any], regime: str) -> None:
    assert MODEL.simulate({**START, **changed})["regime"] == regime


@given(SETTINGS)
def test_results_are_bounded_finite_and_named(settings: dict[str, Any]) -> None:
    result = check_result(MODEL, settings, 1000)
    assert set(result["quantities"]) == set(MODEL.quantities)
    assert len(result["series"]["right_first"]) + len(result["series"]["wrong_first"]) == settings["count"]
    assert all(abs(number) < 10 for number in result["series"]["right_second"] if number is not None)


def test_outside_the_domain_is_refused_with_the_range() -> None:
    check_refusals(MODEL, START)
