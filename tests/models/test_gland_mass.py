"""The gland-mass model: reference values, scipy's integrator, and what holds at every setting."""

from __future__ import annotations

from dataclasses import astuple
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from model_checks import check_refusals, check_result, settings_of
from scipy.integrate import solve_ivp

from earned_security import models
from earned_security.models.gland_mass import (
    CLOSE,
    RATES,
    State,
    adapted,
    right_hand_side,
    run,
    settled,
)

MODEL = models.get("gland-mass")
START: dict[str, Any] = {
    "stress": 2,
    "days": 60,
    "glands": "changing",
    "rates": "karin-2020",
    "recovery": 120,
}
SETTINGS = settings_of(MODEL)


def integrated(start: State, stress: float, days: float, rates: tuple[float, float]) -> Any:
    """All five equations by scipy: a function from days to (CRH, ACTH, cortisol, P, A)."""

    def change(_: float, y: Any) -> tuple[float, ...]:
        return astuple(right_hand_side(State(*y), stress, *rates))

    found = solve_ivp(change, (0, days), astuple(start), "LSODA", rtol=1e-9, atol=1e-11, dense_output=True)
    assert found.success
    return found.sol


@pytest.fixture(scope="module", params=sorted(RATES))
def protocol(request: pytest.FixtureRequest) -> tuple[str, Any, Any]:
    """Stress 2 for 60 days, then 1: the name of the rates, and all five equations under stress and after it."""
    rates = RATES[request.param]
    under = integrated(adapted(1), 2, 60, rates)
    after = integrated(State(*under(60)), 1, 300, rates)
    return request.param, under, after


@pytest.mark.parametrize(
    ("stress", "expected"),
    [(1, (1, 1, 0.985, 1.015, 0.985)), (2, (1, 1, 1.826, 1.095, 1.826))],
)
def test_adapted_reference_values(stress: float, expected: tuple[float, ...]) -> None:
    assert astuple(adapted(stress)) == pytest.approx(expected, abs=0.5e-3)


def test_adapted_to_four() -> None:
    assert adapted(4).cortisol == pytest.approx(2.898, abs=0.5e-3)


@given(st.floats(0.5, 5))
def test_whatever_the_stress_crh_and_acth_return_to_one(stress: float) -> None:
    """The exact feature: at the adapted state nothing moves, and CRH and ACTH are 1."""
    state = adapted(stress)
    assert (state.crh, state.acth) == (1, 1)
    assert astuple(right_hand_side(state, stress, 0.049, 0.099)) == pytest.approx((0,) * 5, abs=1e-9)
    assert astuple(settled(stress, state.pituitary, state.adrenal)) == pytest.approx(
        astuple(state), rel=1e-12
    )


def test_frozen_glands_reference_values() -> None:
    rest = adapted(1)
    state = settled(2, rest.pituitary, rest.adrenal)
    assert (state.crh, state.acth, state.cortisol) == pytest.approx((1.414, 1.381, 1.361), abs=0.5e-3)


@given(st.floats(1, 5), st.floats(0.5, 4), st.floats(0.5, 4))
def test_settled_hormones_are_an_equilibrium(stress: float, pituitary: float, adrenal: float) -> None:
    state = settled(stress, pituitary, adrenal)
    change = right_hand_side(state, stress, 0.049, 0.099)
    assert (change.crh, change.acth, change.cortisol) == pytest.approx((0, 0, 0), abs=1e-9)


def test_sixty_days_reference_values() -> None:
    under = integrated(adapted(1), 2, 60, RATES["karin-2020"])
    after = integrated(State(*under(60)), 1, 300, RATES["karin-2020"])
    assert [under(day)[1] for day in (1, 30, 60)] == pytest.approx([1.37, 1.07, 1.00], abs=0.5e-2)
    assert [under(day)[2] for day in (1, 60)] == pytest.approx([1.40, 1.87], abs=0.5e-2)
    assert after(1)[1] == pytest.approx(0.75, abs=0.5e-2)
    days = np.arange(0, 300, 0.05)
    acth, cortisol = after(days)[1], after(days)[2]
    assert days[acth < 0.95][-1] == pytest.approx(43, abs=0.5)
    assert days[cortisol > 1.05 * adapted(1).cortisol][-1] == pytest.approx(24, abs=0.5)
    assert cortisol.min() == pytest.approx(0.948, abs=0.5e-3)
    assert days[cortisol.argmin()] == pytest.approx(55, abs=0.5)


def test_recovery_is_slower_with_the_rates_of_2025() -> None:
    under = integrated(adapted(1), 2, 60, RATES["milo-2025"])
    after = integrated(State(*under(60)), 1, 300, RATES["milo-2025"])
    days = np.arange(0, 300, 0.05)
    assert days[after(days)[1] < 0.95][-1] == pytest.approx(149, abs=0.5)


def test_hormones_at_equilibrium_are_true_to_all_five_equations(protocol: tuple[str, Any, Any]) -> None:
    """From a day after each change, to half a percent."""
    name, under, after = protocol
    strained = run(adapted(1), 2, 60, RATES[name])
    relieved = run(strained[-1], 1, 300, RATES[name])
    for states, whole in ((strained, under), (relieved, after)):
        for day in range(1, len(states)):
            assert astuple(states[day]) == pytest.approx(tuple(whole(day)), rel=5e-3)


@pytest.mark.parametrize("name", sorted(RATES))
@pytest.mark.parametrize("stress", [1.5, 5])
def test_the_integrator_agrees_with_scipy(name: str, stress: float) -> None:
    pituitary_rate, adrenal_rate = RATES[name]

    def change(_: float, glands: Any) -> tuple[float, float]:
        now = settled(stress, *glands)
        return pituitary_rate * glands[0] * (now.crh - 1), adrenal_rate * glands[1] * (now.acth - 1)

    rest = adapted(1)
    start = (rest.pituitary, rest.adrenal)
    found = solve_ivp(change, (0, 200), start, rtol=1e-11, atol=1e-12, t_eval=range(201))
    states = run(rest, stress, 200, RATES[name])
    assert [state.pituitary for state in states] == pytest.approx(found.y[0], rel=1e-5)
    assert [state.adrenal for state in states] == pytest.approx(found.y[1], rel=1e-5)


@pytest.mark.parametrize("name", sorted(RATES))
def test_cortisol_normalises_before_acth(name: str) -> None:
    result = MODEL.simulate({**START, "rates": name, "days": 180, "recovery": 200})
    quantities = result["quantities"]
    assert quantities["acth_end"] == pytest.approx(1, abs=0.01)
    assert quantities["cortisol_end"] > 1.8
    assert 0 < quantities["cortisol_high_days"] < quantities["acth_low_days"]


def test_the_explorers_run_is_the_same_protocol() -> None:
    """Days of return as models are read: the last whole day outside 5 %."""
    faster = MODEL.simulate(START)["quantities"]
    slower = MODEL.simulate({**START, "rates": "milo-2025", "recovery": 200})["quantities"]
    assert (faster["cortisol_high_days"], faster["acth_low_days"]) == (24, 43)
    assert slower["acth_low_days"] == 149
    rest = adapted(1).cortisol
    assert faster["cortisol_end"] * rest == pytest.approx(1.87, abs=0.5e-2)
    assert faster["cortisol_lowest"] * rest == pytest.approx(0.948, abs=0.5e-3)


@pytest.mark.parametrize(
    ("changed", "regime"),
    [
        ({"stress": 1}, "at-rest"),
        ({"glands": "frozen"}, "frozen"),
        ({"days": 1}, "hardly-moved"),
        ({}, "returned-recovered"),
        ({"recovery": 30}, "returned-waiting"),
        ({"rates": "milo-2025", "recovery": 200}, "up-recovered"),
        ({"rates": "milo-2025"}, "up-waiting"),
        ({"recovery": 5}, "neither-yet"),
    ],
)
def test_every_regime_can_be_reached(changed: dict[str, Any], regime: str) -> None:
    assert MODEL.simulate({**START, **changed})["regime"] == regime


@given(SETTINGS)
def test_results_are_bounded_finite_and_named(settings: dict[str, Any]) -> None:
    result = check_result(MODEL, settings, 800)
    for name in ("stress", "crh", "acth", "cortisol", "pituitary", "adrenal"):
        values = result["series"][name]
        assert len(values) == len(result["series"]["day"]) <= 1500
        assert all(value is not None and 0 < value < 10 for value in values)


@given(SETTINGS)
def test_days_of_return_are_the_last_outside(settings: dict[str, Any]) -> None:
    result = MODEL.simulate(settings)
    after = result["series"]["acth"][-settings["recovery"] - 1 :]
    low = result["quantities"].get("acth_low_days")
    outside = [day for day, value in enumerate(after) if value is not None and value < 1 - CLOSE]
    assert low == (None if settings["recovery"] in outside else max(outside, default=0))
    shown = result["series"]["acth_back_day"]
    assert shown == ([settings["days"] + low + 1] if low else [])


@given(SETTINGS)
def test_frozen_glands_stay_as_they_are(settings: dict[str, Any]) -> None:
    result = MODEL.simulate({**settings, "glands": "frozen"})
    assert set(result["series"]["pituitary"]) == set(result["series"]["adrenal"]) == {1.0}
    assert result["quantities"]["acth_last"] == pytest.approx(1, abs=1e-12)


def test_outside_the_domain_is_refused_with_the_range() -> None:
    check_refusals(MODEL, START)
