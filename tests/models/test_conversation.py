"""The conversation: fixed points, basins, null-clines, repair, and what holds at every setting."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from model_checks import check_refusals, check_result, settings_of

from earned_security import models
from earned_security.models.conversation import (
    GRID,
    SET_POINT,
    THRESHOLD,
    Conversation,
    ending,
    influenced_steady_state,
    is_stable,
    null_cline,
)

MODEL = models.get("conversation")
START: dict[str, Any] = {
    "influence": "ojive",
    "rupture": 1,
    "repair": 0.2,
    "repair_below": -0.2,
    "hurt": 1.5,
    "inertia": 0.5,
}
HALF = 0.5e-3  # half a unit of the last digit given

TALKS = st.builds(
    lambda inertia, shape, hurt, repair, below: Conversation(
        (1 - inertia) * SET_POINT, inertia, shape, hurt, repair, below
    ),
    st.floats(0, 0.7),
    st.sampled_from(["ojive", "bilinear"]),
    st.floats(0, 2),
    st.floats(0, 0.6),
    st.floats(-1, 0),
)


def talk(**changed: Any) -> Conversation:
    values = {**START, **changed}
    return Conversation(
        (1 - values["inertia"]) * SET_POINT,
        values["inertia"],
        values["influence"],
        values["hurt"],
        values["repair"],
        values["repair_below"],
    )


@pytest.mark.parametrize(
    ("drift", "inertia", "slope", "alone", "influenced"),
    [
        ((0.2, 0.2), 0.5, 0.2, (0.4, 0.4), (0.667, 0.667)),
        ((0.3, -0.2), 0.3, 0.3, (0.429, -0.286), (0.375, -0.125)),
        ((0.1, 0.1), 0.4, 0.3, (0.167, 0.167), (0.333, 0.333)),
    ],
)
def test_set_points_and_influenced_steady_states(
    drift: tuple[float, float],
    inertia: float,
    slope: float,
    alone: tuple[float, float],
    influenced: tuple[float, float],
) -> None:
    both = (inertia, inertia)
    assert influenced_steady_state(drift, both, (0, 0)) == pytest.approx(alone, abs=HALF)
    assert influenced_steady_state(drift, both, (slope, slope)) == pytest.approx(influenced, abs=HALF)
    assert is_stable(both, (slope, slope))
    # One influence for both quadrants: it is the only place to end up.
    scores = np.array([-5.0, 3.0])
    for _ in range(400):
        scores = np.array(drift) + inertia * scores + slope * scores[::-1]
    assert scores == pytest.approx(influenced, abs=HALF)


@given(*[st.floats(0, 0.95)] * 2, *[st.floats(0.01, 1)] * 2)
def test_stable_exactly_where_a_conversation_is_drawn_in(
    first: float, second: float, hw: float, wh: float
) -> None:
    largest = max(abs(np.linalg.eigvals([[first, hw], [wh, second]])))
    if abs(largest - 1) > 1e-9:
        assert is_stable((first, second), (hw, wh)) == (largest < 1)


@given(TALKS, *[st.floats(-2, 1.5)] * 2)
def test_one_turn_is_inertia_influence_and_repair(
    conversation: Conversation, first: float, second: float
) -> None:
    repairs = [conversation.repair * (score < conversation.repair_below) for score in (first, second)]
    expected = [
        conversation.drift + conversation.inertia * own + conversation.influence(other) + repair
        for own, other, repair in zip((first, second), (second, first), repairs, strict=True)
    ]
    assert conversation.turn((first, second)) == pytest.approx(expected, abs=1e-12)


def test_influence() -> None:
    ojive, bilinear = talk(hurt=2), talk(hurt=2, influence="bilinear")
    assert [ojive.influence(x) for x in (-1, -0.2, 0, 0.2, 1)] == [-0.6, 0, 0, 0, 0.3]
    assert [bilinear.influence(x) for x in (-1, 0, 1)] == [-0.24, 0, 0.12]


@given(TALKS)
def test_on_the_null_cline_a_score_stays(conversation: Conversation) -> None:
    points = null_cline(conversation)
    assert points
    for start, end in zip(points[::3], points[1::3], strict=True):
        assert start and end
        # Between the ends: at the ends themselves influence or repair may just be changing.
        other, own = ((one + two) / 2 for one, two in zip(start, end, strict=True))
        if abs(own - conversation.repair_below) > 1e-6 and abs(start[0] - end[0]) > 1e-6:
            assert conversation.turn((own, other))[0] == pytest.approx(own, abs=1e-9)


@given(TALKS, *[st.floats(THRESHOLD + 1e-6, 1.5)] * 2)
def test_once_both_are_warm_they_stay_so(conversation: Conversation, first: float, second: float) -> None:
    """What lets `ending` stop early."""
    scores = (first, second)
    for _ in range(30):
        scores = conversation.turn(scores)
        assert min(scores) > THRESHOLD


@given(TALKS, *[st.sampled_from(GRID)] * 2)
def test_endings_are_what_a_much_longer_conversation_does(
    conversation: Conversation, first: float, second: float
) -> None:
    path = [(first, second)]
    for _ in range(340):
        path.append(conversation.turn(path[-1]))
    # On the very edge of a threshold the last digit would decide.
    edges = (THRESHOLD, -THRESHOLD, conversation.repair_below)
    assume(all(abs(score - edge) > 1e-6 for pair in path[1:] for score in pair for edge in edges))
    late = path[-40:]
    warm = all(min(pair) > THRESHOLD for pair in late)
    cold = all(max(pair) < -THRESHOLD for pair in late)
    expected = "warm" if warm else "cold" if cold else "swings"
    assert ending(conversation, (first, second)) == expected


@given(TALKS, *[st.sampled_from(GRID)] * 2)
def test_bilinear_influence_has_one_basin(conversation: Conversation, first: float, second: float) -> None:
    if conversation.shape == "bilinear":
        assert ending(conversation, (first, second)) == "warm"


def test_more_than_one_basin_takes_thresholds() -> None:
    ojive = MODEL.simulate({**START, "repair": 0})["series"]
    bilinear = MODEL.simulate({**START, "repair": 0, "influence": "bilinear"})["series"]
    assert ojive["warm_first"] and ojive["cold_first"]
    assert len(bilinear["warm_first"]) == len(GRID) ** 2
    places = zip(ojive["cold_first"], ojive["cold_second"], strict=True)
    assert all(ending(talk(repair=0), (first or 0.0, second or 0.0)) == "cold" for first, second in places)


@given(settings_of(MODEL))
def test_the_basins_cover_the_plane_and_are_mirrored(chosen: dict[str, Any]) -> None:
    series = MODEL.simulate(chosen)["series"]
    seen = []
    for name in ("warm", "cold", "swings"):
        places = list(zip(series[f"{name}_first"], series[f"{name}_second"], strict=True))
        assert {(second, first) for first, second in places} == set(places)
        seen += places
    assert len(seen) == len(set(seen)) == len(GRID) ** 2


def test_a_small_early_repair_does_what_a_strong_late_one_does_not() -> None:
    assert MODEL.simulate({**START, "repair": 0})["regime"] == "stuck"
    assert MODEL.simulate(START)["regime"] == "returns-with-repair"
    late = {"repair": 0.6, "repair_below": -0.5}
    assert MODEL.simulate({**START, **late})["regime"] == "swings-with-repair"


def test_the_prediction_s_answer() -> None:
    """Below -0.5 the cold goes back and forth; below -0.9 there is no repair at all."""
    result = MODEL.simulate({**START, "repair_below": -0.5})
    first, second = result["series"]["first"][-8:], result["series"]["second"][-8:]
    assert first[0::2] == pytest.approx(second[1::2], abs=1e-3)
    assert first[1::2] == pytest.approx(second[0::2], abs=1e-3)
    assert abs((first[0] or 0) - (second[0] or 0)) > 0.2
    assert MODEL.simulate({**START, "repair_below": -0.9})["regime"] == "stuck"


def test_turns_apart_counts_to_the_last_turn_out_of_touch() -> None:
    result = MODEL.simulate(START)
    back = 5 + int(result["quantities"]["turns_apart"])
    pairs = list(zip(result["series"]["first"], result["series"]["second"], strict=True))
    assert min(value or 0 for value in pairs[back - 1]) <= THRESHOLD
    assert all(min(value or 0 for value in pair) > THRESHOLD for pair in pairs[back:])


@given(settings_of(MODEL))
def test_an_ending_in_touch_is_seen_within_the_turns_drawn(chosen: dict[str, Any]) -> None:
    result = MODEL.simulate(chosen)
    if result["regime"].startswith("returns"):
        assert min(result["quantities"]["end_first"], result["quantities"]["end_second"]) > THRESHOLD


@pytest.mark.parametrize(
    ("changed", "regime"),
    [
        ({"rupture": 0.6, "repair": 0}, "returns-unaided"),
        ({"influence": "bilinear"}, "returns-sooner"),
        ({}, "returns-with-repair"),
        ({"rupture": 0.8, "repair": 0}, "swings"),
        ({"hurt": 2}, "swings-with-repair"),
        ({"repair": 0}, "stuck"),
        ({"repair": 0.05, "hurt": 2}, "stuck-despite-repair"),
    ],
)
def test_every_regime_can_be_reached(changed: dict[str, Any], regime: str) -> None:
    assert MODEL.simulate({**START, **changed})["regime"] == regime


@given(settings_of(MODEL))
def test_results_at_every_setting(chosen: dict[str, Any]) -> None:
    series = check_result(MODEL, chosen, size=30)["series"]
    # Within the plane that is drawn.
    assert all(-2.4 < (value or 0) < 1.7 for name in ("first", "second") for value in series[name])


def test_outside_the_domain_is_refused() -> None:
    check_refusals(MODEL, START)
