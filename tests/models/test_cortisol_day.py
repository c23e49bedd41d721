"""A day of cortisol: reference values, the normaliser, scipy's integrators, and what holds at every setting."""

from __future__ import annotations

from collections.abc import Callable
from statistics import fmean, median
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from model_checks import check_refusals, check_result, settings_of
from scipy.integrate import solve_ivp

from earned_security import models
from earned_security.models.cortisol_day import (
    DAY,
    PUBLISHED_START,
    RISE,
    SETTLED,
    State,
    drive,
    drives,
    peaks,
    pulses,
    run,
    slopes,
)

MODEL = models.get("cortisol-day")
START: dict[str, Any] = {
    "sample": 8,
    "shift": 0,
    "swing": 100,
    "feedback": 100,
    "clearance": 100,
    "day": 4,
}


SETTINGS = settings_of(MODEL)


@pytest.fixture(scope="module")
def published() -> list[State]:
    """Four days from the published start, every minute."""
    return run(4, PUBLISHED_START, drives(0, 1))


def fourth_day(states: list[State], which: int) -> list[float]:
    return [state[which] for state in states[3 * DAY : 4 * DAY + 1]]


def clock(values: list[float], which: Callable[[list[float]], float]) -> float:
    """The hour of the largest or smallest, looking every tenth of an hour."""
    every = values[::6]
    return every.index(which(every)) / 10


def test_the_drive_is_largest_at_eight_eleven_where_it_is_one() -> None:
    day = [drive(minute) for minute in range(DAY)]
    assert day.index(max(day)) == 491
    # The published constants are rounded: 1.0000 here is 1.00003 unrounded.
    assert max(day) == pytest.approx(1.0, abs=0.5e-4)


def test_the_fourth_day_has_the_reference_values(published: list[State]) -> None:
    acth, cortisol = fourth_day(published, 1), fourth_day(published, 2)
    assert min(acth) == pytest.approx(8.7, abs=0.05)
    assert max(acth) == pytest.approx(30.9, abs=0.05)
    assert fmean(acth) == pytest.approx(16.5, abs=0.05)
    assert min(cortisol) == pytest.approx(1.69, abs=0.005)
    assert max(cortisol) == pytest.approx(15.3, abs=0.05)
    assert fmean(cortisol) == pytest.approx(6.15, abs=0.005)
    # The times are given on a grid of a tenth of an hour; the lowest whole minute is 01:59.
    assert clock(cortisol, max) == 7.4
    assert clock(cortisol, min) == 2.0
    assert cortisol.index(max(cortisol)) == 444
    assert cortisol.index(min(cortisol)) == 119


def test_the_fourth_day_has_eight_pulses(published: list[State]) -> None:
    found = peaks([state[2] for state in published], 3 * DAY, 4 * DAY)
    assert len(found) == 8
    assert median(np.diff(found)) == 171


def test_multiplying_by_the_normaliser_is_the_trap(published: list[State]) -> None:
    """The public re-implementation multiplies by 0.5217: the drive then peaks at 0.27, the day is low and late."""
    multiplied = run(4, PUBLISHED_START, [value * 0.5217**2 for value in drives(0, 1)])
    acth, cortisol = fourth_day(multiplied, 1), fourth_day(multiplied, 2)
    assert min(acth) == pytest.approx(6.4, abs=0.05)
    assert max(acth) == pytest.approx(22.6, abs=0.05)
    assert min(cortisol) == pytest.approx(0.89, abs=0.005)
    assert max(cortisol) == pytest.approx(8.35, abs=0.005)
    assert clock(cortisol, max) == 9.7
    assert max(fourth_day(published, 2)) > 1.8 * max(cortisol)


def scipy_days(
    days: int, start: State, shift: float, swing: float, feedback: float, clearance: float
) -> np.ndarray:
    mean = fmean(drive(place / 4) for place in range(4 * DAY))

    def right_hand_side(minute: float, state: Any) -> State:
        driven = mean + swing * (drive(minute - shift * 60) - mean)
        return slopes(tuple(state), driven, feedback, clearance)

    found = solve_ivp(
        right_hand_side, (0, days * DAY), start, method="LSODA", rtol=1e-10, atol=1e-12, max_step=10,
        t_eval=np.arange(days * DAY + 1),
    )  # fmt: skip
    return np.asarray(found.y.T)


def test_scipy_finds_the_same_four_days(published: list[State]) -> None:
    found = scipy_days(4, PUBLISHED_START, 0, 1, 1, 1)
    assert np.array(published) == pytest.approx(found, rel=1e-5, abs=1e-5)


@pytest.mark.parametrize(
    ("shift", "swing", "feedback", "clearance", "tolerance"),
    [(3, 1, 1, 1, 1e-5), (-3, 0.5, 2, 1, 1e-4), (0, 0, 1, 1, 1e-3), (6, 1, 0.5, 0.5, 1e-3), (0, 1, 2, 0.5, 1e-4)],
)  # fmt: skip
def test_scipy_finds_the_same_after_a_change(
    shift: float, swing: float, feedback: float, clearance: float, tolerance: float
) -> None:
    states = run(2, SETTLED, drives(shift, swing), feedback, clearance)
    found = scipy_days(2, SETTLED, shift, swing, feedback, clearance)
    assert np.array(states)[DAY:, 2] == pytest.approx(found[DAY:, 2], rel=tolerance, abs=tolerance)


def test_the_settled_day_repeats_and_is_where_the_published_start_leads() -> None:
    day = run(1, SETTLED, drives(0, 1))
    assert day[-1] == pytest.approx(SETTLED, rel=1e-6)
    assert run(30, PUBLISHED_START, drives(0, 1))[-1] == pytest.approx(SETTLED, rel=1e-4)


def test_one_day_shows_a_morning_peak_a_night_low_and_waves_between() -> None:
    quantities = MODEL.simulate(START)["quantities"]
    assert 6 < quantities["time_highest"] < 10
    assert quantities["time_lowest"] < 4
    assert quantities["pulses"] >= 2


@pytest.mark.parametrize("shift", [-6, -3, 3, 6])
def test_a_shift_moves_the_day_and_leaves_its_mean(shift: int) -> None:
    result = MODEL.simulate({**START, "shift": shift, "day": 10})
    before = [value for value in result["series"]["cortisol_published"] if value is not None][:-1]
    moved = [before[(place - 12 * shift) % 288] for place in range(288)]
    assert result["series"]["cortisol"][:-1] == pytest.approx(moved, abs=0.2)
    assert result["quantities"]["mean"] == pytest.approx(result["quantities"]["mean_published"], rel=0.002)


def test_three_hours_later_one_sample_at_eight_reads_near_half() -> None:
    quantities = MODEL.simulate({**START, "shift": 3})["quantities"]
    assert quantities["sampled"] / quantities["sampled_published"] == pytest.approx(0.5, abs=0.05)


def test_without_a_daily_drive_the_pulses_fade() -> None:
    swings = []
    for day in (2, 6, 10):
        quantities = MODEL.simulate({**START, "swing": 0, "day": day})["quantities"]
        swings.append(quantities["highest"] - quantities["lowest"])
    assert swings[0] > 2 * swings[1] > 4 * swings[2]


def test_stronger_restraint_lowers_the_day() -> None:
    means = [MODEL.simulate({**START, "feedback": share})["quantities"]["mean"] for share in (50, 100, 200)]
    assert means == sorted(means, reverse=True)


def test_a_pulse_is_a_peak_that_has_risen_enough() -> None:
    values = [2.0, 1.0, 1.0 + RISE, 1.0, 1.0 + RISE / 2, 1.0, 3.0, 0.0]
    assert peaks(values, 0, 7) == [2, 4, 6]
    assert pulses(values, 0, 7) == 2


@pytest.mark.parametrize(
    ("changed", "regime"),
    [
        ({}, "published"),
        ({"shift": 3}, "moved"),
        ({"swing": 0, "day": 8}, "level"),
        ({"clearance": 60}, "pulses"),
        ({"clearance": 200}, "hump"),
    ],
)
def test_every_regime_can_be_reached(changed: dict[str, Any], regime: str) -> None:
    assert MODEL.simulate({**START, **changed})["regime"] == regime


@settings(max_examples=25)
@given(SETTINGS)
def test_results_are_bounded_finite_named_and_repeatable(values: dict[str, Any]) -> None:
    result = check_result(MODEL, values, 300)
    assert set(result["quantities"]) == set(MODEL.quantities)
    assert [v for v in result["series"]["sample"] if v is not None] == [result["quantities"]["sampled"]]


def test_outside_the_domain_is_refused_with_the_range() -> None:
    check_refusals(MODEL, START)
