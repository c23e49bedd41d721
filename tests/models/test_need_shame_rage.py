"""The loop of need, shame, rage and distance: its product, its regimes, and what holds at every setting."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from model_checks import check_refusals, check_result, settings_of

from earned_security import models
from earned_security.models.need_shame_rage import HUM, ROUNDS, START, TOP, round_factor, run, shares

MODEL = models.get("need-shame-rage")
LINKS = ("need_to_shame", "shame_to_rage", "rage_to_distance", "distance_to_need")
OPEN: dict[str, Any] = dict.fromkeys(LINKS, 100) | {"reply": 0, "repair": 0, "time": 0, "from_round": 1}


SETTINGS = settings_of(MODEL)


def test_a_loop_that_hands_on_what_it_is_given_hums_exactly() -> None:
    result = MODEL.simulate(OPEN)
    assert result["regime"] == "hums"
    assert result["quantities"] == {
        "factor_before": 1,
        "factor_after": 1,
        "highest": START,
        "last_need": START,
    }


def test_a_round_multiplies_by_the_product_of_its_links() -> None:
    result = MODEL.simulate({**OPEN, "need_to_shame": 80, "shame_to_rage": 90, "rage_to_distance": 110})
    need = result["series"]["need"]
    assert result["quantities"]["factor_after"] == pytest.approx(0.8 * 0.9 * 1.1, abs=1e-12)
    expected = [START * (0.8 * 0.9 * 1.1) ** number for number in range(ROUNDS)]
    assert need == pytest.approx(expected, rel=1e-12)
    assert result["quantities"]["last_need"] == pytest.approx(START * (0.8 * 0.9 * 1.1) ** ROUNDS, rel=1e-12)


@pytest.mark.parametrize("link", LINKS)
def test_the_same_share_off_any_link_changes_a_round_by_the_same(link: str) -> None:
    """What the prediction asks: a third off any one link is a third off the round."""
    growing = {**OPEN, **dict.fromkeys(LINKS, 105)}
    before = MODEL.simulate(growing)
    after = MODEL.simulate({**growing, link: 70})
    assert before["regime"] == "grows"
    assert after["quantities"]["factor_after"] / before["quantities"]["factor_after"] == pytest.approx(2 / 3)
    assert after["regime"] == "dies-down"


def test_what_interrupts_acts_where_it_is_said_to() -> None:
    links = (100, 100, 100, 100)
    assert shares(links, reply=40) == pytest.approx((1, 1, 0.6, 1))
    assert shares(links, repair=30) == pytest.approx((1, 1, 1, 0.7))
    assert shares(links, time=10) == pytest.approx((0.9, 0.9, 0.9, 0.9))
    assert round_factor(shares(links, 40, 30, 10)) == pytest.approx(0.6 * 0.7 * 0.9**4)


def test_nothing_changes_before_the_round_in_which_it_is_interrupted() -> None:
    alone = MODEL.simulate({**OPEN, "need_to_shame": 120})
    helped = MODEL.simulate({**OPEN, "need_to_shame": 120, "reply": 50, "from_round": 5})
    for node in ("need", "shame", "rage", "distance"):
        assert helped["series"][node][:4] == alone["series"][node][:4]
    assert helped["series"]["rage"][4] == alone["series"]["rage"][4]
    fifth, fifth_alone = helped["series"]["distance"][4], alone["series"]["distance"][4]
    assert fifth is not None and fifth_alone is not None
    assert fifth == pytest.approx(fifth_alone / 2)
    assert (alone["regime"], helped["regime"]) == ("grows", "dies-down")


def test_an_earlier_exit_has_a_lower_peak() -> None:
    growing = {**OPEN, **dict.fromkeys(LINKS, 105), "repair": 60}
    peaks = [MODEL.simulate({**growing, "from_round": k})["quantities"]["highest"] for k in (1, 3, 5)]
    assert peaks == sorted(peaks) and len(set(peaks)) == 3


@pytest.mark.parametrize("cut", [*LINKS, "reply", "repair", "time"])
def test_a_loop_with_one_link_cut_is_open(cut: str) -> None:
    result = MODEL.simulate({**OPEN, cut: 0 if cut in LINKS else 100})
    assert result["regime"] == "open"
    assert result["quantities"]["last_need"] == 0
    assert result["series"]["need"][1:] == [0.0] * (ROUNDS - 1)


def test_the_path_shows_each_level_in_its_own_direction() -> None:
    result = MODEL.simulate({**OPEN, "need_to_shame": 90, "from_round": 3})
    path = [
        (x, y)
        for half in ("before", "after")
        for x, y in zip(result["series"][f"{half}_across"], result["series"][f"{half}_up"], strict=True)
        if x is not None and y is not None
    ]
    levels = [result["series"][node][0] for node in ("need", "shame", "rage", "distance")]
    quarter = len(result["series"]["ring_up"]) // 4
    for number, (across, up) in enumerate([(0, 1), (1, 0), (0, -1), (-1, 0)]):
        level = levels[number]
        assert level is not None
        assert path[number * quarter] == pytest.approx((across * level, up * level), abs=1e-12)


def test_rounds_stop_at_the_top() -> None:
    rounds = run((1.5, 1.5, 1.5, 1.5), (1.5, 1.5, 1.5, 1.5), 1)
    assert rounds[5] == (TOP, TOP, TOP, TOP)


@given(SETTINGS)
def test_results_are_bounded_finite_and_named(settings: dict[str, Any]) -> None:
    result = check_result(MODEL, settings, 100)
    assert set(result["quantities"]) == set(MODEL.quantities)
    for node in ("need", "shame", "rage", "distance"):
        levels = result["series"][node]
        assert len(levels) == ROUNDS
        assert all(level is not None and 0 <= level <= TOP for level in levels)


@given(SETTINGS)
def test_the_regime_says_what_the_rounds_do(settings: dict[str, Any]) -> None:
    result = MODEL.simulate(settings)
    levels = result["series"]["need"] + [result["quantities"]["last_need"]]
    first = settings["from_round"] - 1
    start, end = levels[first], levels[-1]
    assert start is not None and end is not None
    if result["regime"] == "open":
        assert end == 0
    elif result["regime"] == "dies-down":
        assert end <= start
    elif result["regime"] == "grows":
        links = shares(
            tuple(settings[link] for link in LINKS), *(settings[n] for n in ("reply", "repair", "time"))
        )
        assert round_factor(links) > HUM[1]


def test_outside_the_domain_is_refused_with_the_range() -> None:
    check_refusals(MODEL, OPEN)
