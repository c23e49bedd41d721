"""Rescorla-Wagner and the Pearce-Hall hybrid: reference values, and what holds at every setting."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from model_checks import check_refusals, check_result, settings_of

from earned_security import models
from earned_security.models.threat_learning import (
    LOW,
    Trial,
    lapses,
    pearce_hall,
    rescorla_wagner,
)

MODEL = models.get("threat-learning")
START: dict[str, Any] = {
    "model": "pearce-hall",
    "learning_rate": 0.3,
    "eta": 0.3,
    "start_associability": 1,
    "danger_trials": 10,
    "safe_trials": 20,
    "consistency": 100,
    "pause": 0,
}
HALF = 0.5e-4  # half a unit of the last digit given


SETTINGS = settings_of(MODEL)


def test_rescorla_wagner_acquisition() -> None:
    published = [0.3, 0.51, 0.657, 0.7599, 0.8319, 0.8824, 0.9176, 0.9424, 0.9596, 0.9718]
    values = [state.value["cue"] for state in rescorla_wagner([Trial(1.0)] * 10, rate=0.3)]
    assert values == pytest.approx(published, abs=HALF)


@given(st.floats(0, 1), st.integers(1, 100))
def test_rescorla_wagner_closed_form(rate: float, trials: int) -> None:
    value = rescorla_wagner([Trial(1.0)] * trials, rate)[-1].value["cue"]
    assert value == pytest.approx(1 - (1 - rate) ** trials, abs=1e-12)


def test_blocking() -> None:
    blocked = rescorla_wagner([Trial(1.0, ("A",))] * 20 + [Trial(1.0, ("A", "X"))] * 20, rate=0.3)[-1]
    assert blocked.value["A"] == pytest.approx(0.9996, abs=HALF)
    assert blocked.value["X"] == pytest.approx(0.0004, abs=HALF)
    control = rescorla_wagner([Trial(1.0, ("A", "X"))] * 20, rate=0.3)[-1]
    assert control.value == pytest.approx({"A": 0.5, "X": 0.5}, abs=1e-6)


def test_hybrid_reference_values() -> None:
    states = pearce_hall([Trial(1.0)] * 10 + [Trial(0.0)] * 20, kappa=0.3, eta=0.3)
    associability = [state.associability["cue"] for state in states]
    assert states[9].value["cue"] == pytest.approx(0.8813, abs=HALF)
    assert associability[9] == pytest.approx(0.2172, abs=HALF)
    assert states[29].value["cue"] == pytest.approx(0.1020, abs=HALF)
    # Extinction surprises: associability rises again, highest after trial 14.
    assert max(associability[10:]) == associability[13] == pytest.approx(0.5967, abs=HALF)


def test_the_explorers_run_is_the_same_hybrid() -> None:
    result = MODEL.simulate(START)
    assert result["series"]["expected_kept"][30] == pytest.approx(0.1020, abs=HALF)
    assert result["series"]["associability_kept"][14] == pytest.approx(0.5967, abs=HALF)
    assert result["quantities"]["after_danger"] == pytest.approx(0.8813, abs=HALF)


def test_associability_is_capped_and_changes_only_for_cues_that_are_present() -> None:
    first, second = pearce_hall([Trial(1.0, ("A",)), Trial(3.0, ("B",))], kappa=0.3, eta=1.0, start=0.5)
    assert second.associability["A"] == first.associability["A"]
    assert second.value["A"] == first.value["A"]
    assert second.associability["B"] == 1.0


@pytest.mark.parametrize("form", ["rescorla-wagner", "pearce-hall"])
def test_nothing_returns_after_a_pause(form: str) -> None:
    """The failure that is the lesson: no spontaneous recovery, in either form."""
    result = MODEL.simulate({**START, "model": form, "pause": 30})
    assert result["quantities"]["after_pause"] == result["quantities"]["end_mixed"]
    assert set(result["series"]["expected_mixed"][30:]) == {result["quantities"]["end_mixed"]}
    assert result["regime"] == "nothing-returns"


@pytest.mark.parametrize("form", ["rescorla-wagner", "pearce-hall"])
def test_inconsistent_safety_keeps_expected_threat_up(form: str) -> None:
    result = MODEL.simulate({**START, "model": form, "consistency": 50, "safe_trials": 40})
    assert result["regime"] == "mixed-unsettled"
    assert result["quantities"]["lowest_late_mixed"] > LOW > result["quantities"]["end_kept"]


@pytest.mark.parametrize(
    ("changed", "regime"),
    [
        ({"danger_trials": 1, "learning_rate": 0.1}, "little-learned"),
        ({}, "kept-settles"),
        ({"safe_trials": 5}, "kept-needs-longer"),
        ({"consistency": 90, "safe_trials": 40}, "mixed-settles"),
        ({"consistency": 90}, "mixed-lifted"),
        ({"consistency": 75}, "mixed-unsettled"),
        ({"consistency": 50, "safe_trials": 5}, "mixed-needs-longer"),
        ({"pause": 1}, "nothing-returns"),
    ],
)
def test_every_regime_can_be_reached(changed: dict[str, Any], regime: str) -> None:
    assert MODEL.simulate({**START, **changed})["regime"] == regime


def test_trials_until_low_is_the_first_trial_that_stays_low() -> None:
    result = MODEL.simulate({**START, "consistency": 90})
    expected = [value for value in result["series"]["expected_mixed"] if value is not None]
    reached = 10 + int(result["quantities"]["trials_mixed"])
    assert expected[reached - 1] >= LOW
    assert all(value < LOW for value in expected[reached:])


@given(st.integers(1, 200), st.integers(0, 100))
def test_lapses_are_as_many_as_said_and_evenly_spread(trials: int, consistency: int) -> None:
    schedule = lapses(trials, consistency)
    assert len(schedule) == trials
    assert abs(sum(schedule) - trials * (100 - consistency) / 100) <= 0.5
    places = [trial for trial, lapse in enumerate(schedule) if lapse]
    gaps = [later - earlier for earlier, later in pairwise(places)]
    assert not gaps or max(gaps) - min(gaps) <= 1


@given(SETTINGS)
def test_results_are_bounded_finite_and_named(settings: dict[str, Any]) -> None:
    result = check_result(MODEL, settings, 500)
    for name in ("expected_kept", "expected_mixed", "associability_kept", "associability_mixed"):
        values = result["series"][name]
        assert len(values) == len(result["series"]["trial"])
        assert all(value is not None and 0 <= value <= 1 for value in values)


def test_outside_the_domain_is_refused_with_the_range() -> None:
    check_refusals(MODEL, START)


def test_a_missing_or_unknown_parameter_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="eta is missing"):
        MODEL.simulate({name: value for name, value in START.items() if name != "eta"})
    with pytest.raises(ValueError, match="no parameter 'alpha'"):
        MODEL.simulate({**START, "alpha": 1})


def test_models_are_found_by_name() -> None:
    assert "threat-learning" in models.names()
    assert [models.get(name).regimes for name in models.names()]
    with pytest.raises(KeyError):
        models.get("no-such-model")
