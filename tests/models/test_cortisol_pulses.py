"""Pulses from a delay: reference values, scipy's integrator step by step of the delay, and every setting."""

from __future__ import annotations

import cmath
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from model_checks import check_refusals, check_result, settings_of
from scipy.integrate import solve_ivp

from earned_security import models
from earned_security.models.cortisol_pulses import (
    CEILING,
    P5,
    P6,
    START,
    STEPS,
    UNIT,
    edges,
    right_hand_side,
    run,
    steady,
    threshold,
    thresholds,
)

MODEL = models.get("cortisol-pulses")
DEFAULT: dict[str, Any] = {"drive": 20, "delay": 15, "feedback": 15, "hours": 12, "removal": "7.2"}
SETTINGS = settings_of(MODEL)


def tail(drive: float, delay: int) -> list[float]:
    """Corticosterone in the last 40 % of 80 units of time, as the reference values were taken."""
    values = run(drive, delay, round(80 * UNIT)).corticosterone
    return values[int(len(values) * 0.6) :]


def swing(values: list[float]) -> float:
    return max(values) - min(values)


def period(values: list[float]) -> float:
    """Mean time between peaks, in minutes."""
    tops = []
    for index in range(1, len(values) - 1):
        before, here, after = values[index - 1 : index + 2]
        if before < here >= after:
            tops.append(index + (before - after) / (2 * (before - 2 * here + after)))
    gaps = [later - earlier for earlier, later in pairwise(tops)]
    return sum(gaps) / len(gaps) / STEPS


def test_the_unit_of_time() -> None:
    assert pytest.approx(10.39, abs=0.5e-2) == UNIT


@pytest.mark.parametrize("drive", [10, 14, 16, 20, 30, 40, 60, 100])
def test_without_delay_never_a_pulse(drive: float) -> None:
    assert swing(tail(drive, 0)) < 1e-6


@pytest.mark.parametrize(
    ("drive", "amplitude"),
    [(10, 0), (14, 0.01), (16, 0.76), (20, 1.09), (30, 1.50), (40, 1.55), (60, 0.05), (100, 0)],
)
def test_amplitude_at_fifteen_minutes(drive: float, amplitude: float) -> None:
    assert swing(tail(drive, 15)) == pytest.approx(amplitude, abs=0.5e-2)


@pytest.mark.parametrize(
    ("drive", "minutes", "half"),
    [(14, 63, 0.5), (16, 66.4, 0.05), (20, 63.5, 0.05), (30, 61.7, 0.05), (40, 60.6, 0.05), (60, 53.5, 0.05)],
)
def test_period_at_fifteen_minutes(drive: float, minutes: float, half: float) -> None:
    assert period(tail(drive, 15)) == pytest.approx(minutes, abs=half)


def test_more_drive_can_abolish_pulses() -> None:
    """The two-sided boundary, between the drives at which the reference run pulses and those at which it fades."""
    found = edges(15)
    assert found is not None
    low, high = found
    assert 14 < low < 16 and 40 < high < 60
    assert edges(0) is None


@pytest.mark.parametrize("delay", [8, 10, 12, 15])
def test_the_edges_are_where_the_run_begins_and_ceases_to_pulse(delay: int) -> None:
    found = edges(delay)
    assert found is not None
    for edge, outwards in zip(found, (-1, 1), strict=True):
        inside = run(edge - outwards, delay, 4000).corticosterone
        outside = run(edge + 2 * outwards, delay, 4000).corticosterone
        assert swing(inside[-4 * 60 * STEPS :]) > 0.1
        assert swing(outside[-4 * 60 * STEPS :]) < 0.5 * swing(outside[60 * STEPS : 5 * 60 * STEPS])
        assert swing(outside[-4 * 60 * STEPS :]) < 0.1


@given(st.floats(0.01, 1), st.floats(5, 30), st.sampled_from([7.2, 7.5]))
def test_the_steady_level_is_steady(product: float, feedback: float, removal: float) -> None:
    drive, r, o = steady(product, feedback, removal)
    assert o * r == pytest.approx(product)
    change = right_hand_side(o, r, o, o, drive, feedback, removal)
    assert change == pytest.approx((0, 0, 0), abs=1e-9)


@given(st.floats(5, 30), st.sampled_from([7.2, 7.5]))
def test_each_drive_has_one_steady_level(feedback: float, removal: float) -> None:
    drives = [drive for _, drive, _ in thresholds(feedback, removal)]
    assert all(later > earlier for earlier, later in pairwise(drives))
    assert drives[0] == pytest.approx(5, rel=1e-9) and drives[-1] == pytest.approx(130, rel=1e-9)


@given(st.floats(0.04, 0.6), st.floats(5, 30), st.sampled_from([7.2, 7.5]))
def test_at_its_threshold_a_steady_level_has_a_root_on_the_imaginary_axis(
    product: float, feedback: float, removal: float
) -> None:
    """Against a Jacobian by differences, so that threshold's algebra is tested and not repeated."""
    drive, delay = threshold(product, feedback, removal)
    if delay is None or delay > 8 * CEILING:
        return  # so long a delay belongs to a root so near 0 that differences do not find it
    _, r, o = steady(product, feedback, removal)
    place = [o, r, o, o]

    def slope(row: int, column: int) -> float:
        ends = []
        for sign in (1, -1):
            moved = list(place)
            moved[column] += sign * 1e-6
            ends.append(right_hand_side(*moved, drive, feedback, removal)[row])
        return (ends[0] - ends[1]) / 2e-6

    jacobian = [[slope(row, column) for column in range(4)] for row in range(3)]

    def determinant(root: complex) -> complex:
        late = cmath.exp(-root * delay / UNIT)
        (aa, ar, ao, al), (ra, rr, ro, rl), (oa, on_r, oo, ol) = jacobian
        a, b, c = aa + al * late - root, ar, ao
        d, e, f = ra + rl * late, rr - root, ro
        g, h, i = oa + ol * late, on_r, oo - root
        return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)

    root = min((complex(0, w / 500) for w in range(1, 2000)), key=lambda place: abs(determinant(place)))
    for _ in range(8):  # Newton's method, free to leave the axis
        root -= determinant(root) * 2e-6 / (determinant(root + 1e-6) - determinant(root - 1e-6))
    assert root.real == pytest.approx(0, abs=1e-5)
    assert root.imag > 0


@pytest.mark.parametrize(("drive", "delay"), [(10, 15), (20, 15), (40, 7), (60, 20)])
def test_the_integrator_agrees_with_scipy(drive: float, delay: int) -> None:
    """scipy from delay to delay: within each, a(t - tau) is what the stretch before it found."""
    lag = delay / UNIT
    minutes = 8 * delay
    course = run(drive, delay, minutes)
    state, before = [START, START, START], lambda t: START
    for stretch in range(8):

        def change(t: float, y: Any, known: Any = before) -> tuple[float, float, float]:
            return right_hand_side(*y, known(t - lag), drive)

        span = (stretch * lag, (stretch + 1) * lag)
        found = solve_ivp(change, span, state, rtol=1e-10, atol=1e-12, dense_output=True)
        state = [values[-1] for values in found.y]

        def before(t: float, known: Any = found.sol) -> float:
            return float(known(t)[0])

        for minute in range(stretch * delay, (stretch + 1) * delay + 1):
            here = found.sol(minute / UNIT)
            index = minute * STEPS
            mine = course.acth[index], course.receptor[index], course.corticosterone[index]
            assert mine == pytest.approx(tuple(here), rel=1e-4, abs=1e-5)


def test_without_delay_the_integrator_agrees_with_scipy() -> None:
    def change(_: float, y: Any) -> tuple[float, float, float]:
        return right_hand_side(*y, y[0], 20)

    found = solve_ivp(change, (0, 240 / UNIT), [START] * 3, rtol=1e-10, atol=1e-12, dense_output=True)
    course = run(20, 0, 240)
    for minute in range(241):
        assert course.corticosterone[minute * STEPS] == pytest.approx(found.sol(minute / UNIT)[2], rel=1e-5)


def test_the_explorers_run_pulses_about_hourly() -> None:
    result = MODEL.simulate(DEFAULT)
    assert result["quantities"]["period"] == pytest.approx(63.5, abs=0.05)
    assert result["quantities"]["late_swing"] == pytest.approx(1.09, abs=0.5e-2)
    assert set(result["series"]["drive"]) == {20.0}


@pytest.mark.parametrize(
    ("changed", "regime"),
    [
        ({"delay": 0}, "no-delay"),
        ({"delay": 6}, "delay-too-short"),
        ({"drive": 10}, "drive-too-low"),
        ({}, "pulses"),
        ({"drive": 60}, "drive-too-high"),
        ({"feedback": 5}, "drive-too-high"),
        ({"drive": 60, "delay": 20}, "carried-on"),
    ],
)
def test_every_regime_can_be_reached(changed: dict[str, Any], regime: str) -> None:
    assert MODEL.simulate({**DEFAULT, **changed})["regime"] == regime


@given(SETTINGS)
def test_results_are_bounded_finite_and_named(values: dict[str, Any]) -> None:
    result = check_result(MODEL, values, 1500)
    assert ("period" in result["quantities"]) == (result["regime"] == "pulses")
    # What is made is bounded: a by p1 / p3, o by the largest a, r by (1 + p5) / p6.
    most = max(START, values["drive"] / float(values["removal"]))
    for name, ceiling in (("acth", most), ("corticosterone", most), ("receptor", max(START, (1 + P5) / P6))):
        numbers = [number for number in result["series"][name] if number is not None]
        assert len(numbers) == len(result["series"]["hour"]) <= 1500
        assert min(numbers) > 0 and max(numbers) <= ceiling


@given(SETTINGS)
def test_pulses_are_within_the_edges_and_only_there(values: dict[str, Any]) -> None:
    result = MODEL.simulate(values)
    found = edges(values["delay"], values["feedback"], float(values["removal"]))
    inside = found is not None and found[0] <= values["drive"] <= found[1]
    assert (result["regime"] == "pulses") == inside


def test_outside_the_domain_is_refused_with_the_range() -> None:
    check_refusals(MODEL, DEFAULT)
