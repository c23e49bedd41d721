"""Two stress loops: fixed points, half-lives, eigenvalues, returns, scipy's integrators, and every setting."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from model_checks import check_refusals, check_result, settings_of
from scipy.integrate import solve_ivp

from earned_security import models
from earned_security.models.stress_loop import Loop, hippocampal, minimal, rest, run, slopes

MODEL = models.get("stress-loop")
START: dict[str, Any] = {"push": 10, "pushes": 1, "xi": 2, "feedback": 50, "delay": 0, "clearance": 100}


SETTINGS = settings_of(MODEL)
LOOPS = st.builds(minimal, st.floats(0, 1), st.floats(0.5, 2)) | st.builds(
    hippocampal, st.floats(0, 1), st.floats(0.5, 2), st.floats(0, 3)
)


def eigenvalues(loop: Loop) -> np.ndarray:
    """Of the Jacobian at rest, by central differences; by real part, the fastest first."""
    at = np.array(rest(loop))
    columns = []
    for which in range(3):
        step = np.zeros(3)
        step[which] = 1e-5
        up, down = tuple(at + step), tuple(at - step)
        columns.append((np.array(slopes(loop, up, up[2])) - np.array(slopes(loop, down, down[2]))) / 2e-5)
    found = np.linalg.eigvals(np.array(columns).T)
    return np.array(sorted(found, key=lambda value: (value.real, value.imag)))


def test_minimal_fixed_point() -> None:
    assert rest(minimal()) == pytest.approx((7.659, 21.000, 3.055), abs=0.5e-3)


def test_hippocampal_fixed_point() -> None:
    """Given as (7.66, 20.99, 3.06); the last is 3.0545 with these rounded values."""
    crh, acth, cortisol = rest(hippocampal())
    assert (crh, acth) == pytest.approx((7.66, 20.99), abs=0.005)
    assert cortisol == pytest.approx(3.0545, abs=0.5e-4)


def test_the_two_hill_terms_the_other_way_round_would_not_fit() -> None:
    """xi with c3 and psi with c: CRH 12.73 (given as "about 12.8") instead of 7.66."""
    loop = hippocampal()
    swapped = replace(loop, c=loop.c3, c3=loop.c)
    # ACTH keeps its own c; only the line for CRH is swapped.
    low, high = 0.0, 100.0
    for _ in range(60):
        cortisol = (low + high) / 2
        made = slopes(swapped, (0.0, 0.0, cortisol), cortisol)[0]
        crh = made / loop.w1
        acth = slopes(loop, (crh, 0.0, cortisol), cortisol)[1] / loop.w2
        low, high = (cortisol, high) if loop.k2 * acth > loop.w3 * cortisol else (low, cortisol)
    assert crh == pytest.approx(12.73, abs=0.005)


def test_half_lives() -> None:
    loop = minimal()
    assert [math.log(2) / rate for rate in (loop.w1, loop.w2, loop.w3)] == pytest.approx(
        [4.0, 19.9, 76.4], abs=0.05
    )


def test_the_minimal_loop_is_a_stable_focus() -> None:
    assert eigenvalues(minimal()) == pytest.approx(
        np.array([-0.1745, -0.0214 - 0.0131j, -0.0214 + 0.0131j]), abs=0.5e-4
    )


def test_the_hippocampal_loop_does_not_ring_and_is_slow() -> None:
    found = eigenvalues(hippocampal())
    assert found == pytest.approx(np.array([-0.1708, -0.0414, -0.0047]), abs=0.5e-4)
    assert np.abs(found.imag).max() < 1e-9
    assert -1 / found[2].real / 60 == pytest.approx(3.5, abs=0.05)


def test_doubled_crh_reference_values() -> None:
    """Given as 3.06, 3.14, 3.14, 3.10, 3.06, with the minimal loop's values rounded as the hippocampal loop's are."""
    loop = Loop(1.77, 0.127, 0.00132, 0.173, 0.0348, 0.00907, 0.5, 0.5, 0.0, 3.06, 3.06)
    start = rest(loop)
    states = run(loop, start, 240, {0: start[0]})
    found = [states[minute][2] for minute in (0, 30, 60, 120, 240)]
    assert found == pytest.approx([3.06, 3.14, 3.14, 3.10, 3.06], abs=0.005)


@settings(max_examples=30)
@given(LOOPS)
def test_rest_is_the_only_fixed_point_and_stable(loop: Loop) -> None:
    state = rest(loop)
    assert slopes(loop, state, state[2]) == pytest.approx((0, 0, 0), abs=1e-9)
    assert eigenvalues(loop).real.max() < 0
    cortisol = np.linspace(0.01, 60, 6000)
    cube = cortisol**3
    high, held = cube / (cube + loop.c**3), cube / (cube + loop.c3**3)
    crh = loop.k0 * (1 + loop.xi * high - loop.restraint * held) / loop.w1
    gap = loop.k2 * loop.k1 * (1 - loop.rho * high) * crh / loop.w2 / loop.w3 - cortisol
    assert np.count_nonzero(np.diff(np.sign(gap))) == 1


@pytest.mark.parametrize("loop", [minimal(), hippocampal(), minimal(1, 0.5), hippocampal(0.5, 2, 3)])
@pytest.mark.parametrize("times", [2, 20])
def test_scipy_finds_the_same_return(loop: Loop, times: int) -> None:
    start = rest(loop)
    states = run(loop, start, 600, {0: (times - 1) * start[0]})
    found = solve_ivp(
        lambda _, state: slopes(loop, tuple(state), state[2]), (0, 600), states[0],
        rtol=1e-11, atol=1e-11, t_eval=np.arange(601),
    )  # fmt: skip
    assert np.array(states)[:, 2] == pytest.approx(found.y[2], rel=1e-5)


@pytest.mark.parametrize("delay", [1, 19, 60])
@pytest.mark.parametrize("feedback", [0.5, 1.0])
def test_scipy_finds_the_same_with_a_delay(delay: int, feedback: float) -> None:
    """Step by step: over one delay, what the feedback sees is already known."""
    loop = minimal(feedback)
    start = rest(loop)
    states = run(loop, start, 300, {0: 9 * start[0]}, delay)
    state: Any = states[0]
    known = [lambda _: start[2]]
    times, cortisol = [], []
    for begin in range(0, 300, delay):
        end = min(begin + delay, 300)
        seen = known[-1]
        found = solve_ivp(
            lambda t, y, seen=seen: slopes(loop, tuple(y), seen(t - delay)), (begin, end), state,
            rtol=1e-10, atol=1e-12, dense_output=True,
        )  # fmt: skip
        known.append(lambda t, found=found: float(found.sol(t)[2]))
        minutes = np.arange(begin, end)
        times += list(minutes)
        cortisol += [float(found.sol(minute)[2]) for minute in minutes]
        state = found.y[:, -1]
    assert [states[minute][2] for minute in times] == pytest.approx(cortisol, rel=1e-4)


@settings(max_examples=30)
@given(st.floats(0, 1), st.floats(0.5, 2), st.integers(0, 60))
def test_the_minimal_loop_makes_no_lasting_rhythm_with_or_without_a_delay(
    feedback: float, clearance: float, delay: int
) -> None:
    loop = minimal(feedback, clearance)
    start = rest(loop)
    cortisol = [state[2] for state in run(loop, start, 4320, {0: 9 * start[0]}, delay)]
    swings = [max(part) - min(part) for part in (cortisol[:1080], cortisol[1080:2160], cortisol[2160:])]
    assert swings[1] < 0.5 * swings[0]
    assert swings[2] < 0.5 * swings[1] + 1e-9
    assert cortisol[-1] == pytest.approx(start[2], rel=0.01)


def test_an_unpushed_loop_stays_at_rest() -> None:
    start = rest(minimal())
    assert run(minimal(), start, 600, {}, 30)[-1] == pytest.approx(start, rel=1e-9)


def test_the_encouraging_path_slows_recovery() -> None:
    quantities = MODEL.simulate(START)["quantities"]
    assert quantities["back_hippocampal"] > 2 * quantities["back_minimal"]
    assert quantities["rise_hippocampal"] < 1.2 * quantities["rise_minimal"]
    without = MODEL.simulate({**START, "xi": 0})["quantities"]
    assert without["back_hippocampal"] < without["back_minimal"] + 0.75


def test_pushes_an_hour_apart_add_up_where_recovery_is_slow() -> None:
    one, five = (MODEL.simulate({**START, "pushes": pushes})["quantities"] for pushes in (1, 5))
    grown = {name: five[f"rise_{name}"] / one[f"rise_{name}"] for name in ("minimal", "hippocampal")}
    assert grown["hippocampal"] > 1.3 * grown["minimal"]
    assert len(MODEL.simulate({**START, "pushes": 5})["series"]["push_hour"]) == 5


def test_a_late_answer_overshoots() -> None:
    dips = [
        MODEL.simulate({**START, "delay": delay})["quantities"]["dip_minimal"] for delay in (0, 20, 40, 60)
    ]
    assert dips == sorted(dips)
    assert dips[0] < 0.2 < 4 < dips[3]


@pytest.mark.parametrize(
    ("changed", "regime"),
    [
        ({}, "hippocampal-slower"),
        ({"xi": 0}, "not-slower"),
        ({"delay": 60}, "minimal-dips"),
        (
            {"push": 2, "pushes": 6, "xi": 2.7, "feedback": 40, "clearance": 145},
            "hippocampal-still-raised",
        ),
    ],
)
def test_every_regime_can_be_reached(changed: dict[str, Any], regime: str) -> None:
    assert MODEL.simulate({**START, **changed})["regime"] == regime


@given(SETTINGS)
def test_results_are_bounded_finite_named_and_repeatable(values: dict[str, Any]) -> None:
    quantities = check_result(MODEL, values, 2000)["quantities"]
    assert set(MODEL.quantities) - set(quantities) <= {"back_hippocampal"}
    assert min(quantities.values()) >= 0


def test_outside_the_domain_is_refused_with_the_range() -> None:
    check_refusals(MODEL, START)
