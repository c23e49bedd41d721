"""Latent causes: reference values, the return of fear, and what holds at every setting."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from model_checks import check_refusals, check_result, settings_of
from scipy.stats import norm

from earned_security import models
from earned_security.models.latent_causes import THRESHOLD, companion, protocol, response, run

MODEL = models.get("latent-causes")
START: dict[str, Any] = {
    "interval": 3,
    "extinction_trials": 18,
    "test_delay": 200,
    "acquisition_trials": 3,
    "alpha": 0.1,
    "spread": 0.01,
}
HALF = 0.5e-3  # half a unit of the last digit given


def quantities(**changed: Any) -> dict[str, float]:
    return MODEL.simulate({**START, **changed})["quantities"]


@pytest.mark.parametrize(
    ("interval", "end", "test", "raw", "causes"),
    [
        (0, 0.204, 0.991, 0.044, [1, 2, 2, 2]),
        (3, 0.033, 0.067, 0.005, [1, 1, 1, 1]),
        (100, 0.048, 0.847, 0.030, [1, 1, 2, 2]),
    ],
)
def test_the_three_orders_of_trials(
    interval: int, end: float, test: float, raw: float, causes: list[int]
) -> None:
    """Fear returns after ordinary extinction and after a long pause; after a short one it does not."""
    steps = run(*protocol(3, interval, 18, 200), alpha=0.1, spread=0.01)
    assert steps[-2].response == pytest.approx(end, abs=HALF)
    assert steps[-1].response == pytest.approx(test, abs=HALF)
    assert steps[-1].value == pytest.approx(raw, abs=HALF)
    assert [steps[place].cause for place in (2, 3, -2, -1)] == causes
    assert quantities(interval=interval)["test_response"] == steps[-1].response


def test_the_response_at_the_test_over_pauses() -> None:
    pauses = [1, 5, 10, 20, 50, 100, 200]
    found = [quantities(interval=pause)["test_response"] for pause in pauses]
    assert found == pytest.approx([0.078, 0.066, 0.065, 0.063, 0.890, 0.847, 0.698], abs=HALF)


def test_the_protocol() -> None:
    times, outcomes = protocol(3, 3, 18, 200)
    assert outcomes == [1, 1, 1] + [0] * 20
    assert times[:6] == [1, 2, 3, 24, 28, 29]
    assert times[-1] - times[-2] == 201


def test_one_cause_is_rescorla_and_wagner() -> None:
    """Where no new cause is ever likely, each pass takes the same share of the surprise."""
    steps = run([1, 2, 3, 4, 5], [1, 1, 1, 0, 0], alpha=1e-12, spread=0.01)
    assert [step.cause for step in steps] == [1] * 5
    assert [step.value for step in steps] == pytest.approx([0, 0.3, 0.51, 0.657, 0.4599], abs=1e-9)


def test_a_pause_gives_at_most_three_passes() -> None:
    for pause, passes in [(1, 1), (2, 2), (3, 3), (500, 3)]:
        expected = run([0, pause], [1, 1], alpha=1e-12, spread=0.01)[1].value
        assert expected == pytest.approx(1 - 0.7**passes, abs=1e-9)


@given(st.floats(-1, 2), st.floats(0.005, 0.2))
def test_the_response_is_the_normal_distribution_above_the_threshold(value: float, spread: float) -> None:
    assert response(value, spread) == pytest.approx(1 - norm.cdf(THRESHOLD, value, spread), abs=1e-12)


def test_the_threshold_enlarges_small_differences() -> None:
    plain, pause = quantities(), quantities(spread=0.1)
    assert plain["test_value"] == pause["test_value"]
    assert plain["test_value_plain"] - plain["test_value"] < 0.05
    assert plain["test_response_plain"] - plain["test_response"] > 0.9
    assert pause["test_response_plain"] - pause["test_response"] < 0.2


def test_without_a_pause_both_orders_are_one() -> None:
    series = MODEL.simulate({**START, "interval": 0})["series"]
    for name in ("response", "value", "first_cause", "cause"):
        assert series[name] == series[f"{name}_plain"]


def test_the_companion_with_one_cause_counts() -> None:
    expected = companion([[1]] * 21, [1] * 10 + [0] * 11, alpha=0)
    assert expected[20] == pytest.approx((10 + 1) / (20 + 2), abs=1e-12)
    assert expected[0] == 0.5
    assert expected[10] == pytest.approx(11 / 12, abs=1e-12)


def test_the_companion_keeps_what_it_learned_in_another_context() -> None:
    """Extinction among other features goes to a second cause; back among the first ones, harm is expected."""
    cues = [[1, 0]] * 10 + [[0, 1]] * 10 + [[1, 0]]
    outcomes = [1] * 10 + [0] * 11
    split = companion(cues, outcomes, alpha=1.0)
    whole = companion(cues, outcomes, alpha=0)
    assert split[19] < 0.2 < 0.8 < split[20]
    assert whole[20] == pytest.approx(0.5, abs=1e-12)


@given(
    st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1), st.integers(0, 1)), max_size=40),
    st.just(0) | st.floats(1e-6, 10),
)
def test_the_companions_expectation_is_a_probability(
    trials: list[tuple[int, int, int]], alpha: float
) -> None:
    expected = companion([[one, other] for one, other, _ in trials], [r for _, _, r in trials], alpha)
    assert len(expected) == len(trials)
    assert all(0 < value < 1 for value in expected)


@pytest.mark.parametrize(
    ("changed", "regime"),
    [
        ({"extinction_trials": 3}, "not-extinguished"),
        ({"interval": 0}, "plain-returns"),
        ({"interval": 0, "alpha": 0.01}, "plain-stays-low"),
        ({}, "less-returns"),
        ({"interval": 100}, "both-return"),
        ({"alpha": 0.01}, "neither-returns"),
        (
            {"interval": 180, "extinction_trials": 21, "test_delay": 250, "acquisition_trials": 8}
            | {"alpha": 0.12, "spread": 0.06},
            "only-with-pause",
        ),
    ],
)
def test_every_regime_can_be_reached(changed: dict[str, Any], regime: str) -> None:
    assert MODEL.simulate({**START, **changed})["regime"] == regime


@given(settings_of(MODEL))
def test_results_at_every_setting(chosen: dict[str, Any]) -> None:
    series = check_result(MODEL, chosen, size=1000)["series"]
    for name in ("response", "value", "first_cause"):
        for values in (series[name], series[f"{name}_plain"]):
            assert len(values) == len(series["trial"])
            assert all(value is not None and 0 <= value <= 1 for value in values)


def test_outside_the_domain_is_refused() -> None:
    check_refusals(MODEL, START)
