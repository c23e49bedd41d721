"""Scoring questionnaires: the exact vectors, what is refused, and that nothing but numbers comes out."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earned_security.assessment import scoring
from earned_security.assessment.scoring import AnswersError, Instrument

INSTRUMENTS = scoring.instruments()
ECR_R = INSTRUMENTS["ecr-r"]

# The same answer to every item, and the means it gives; fractions as they are worked out by hand.
VECTORS = [
    ("ecr-r", 4, {"anxiety": 4, "avoidance": 4}),
    ("ecr-r", 7, {"anxiety": (16 * 7 + 2 * 1) / 18, "avoidance": (6 * 7 + 12 * 1) / 18}),
    ("ecr-r", 1, {"anxiety": (16 * 1 + 2 * 7) / 18, "avoidance": 5}),
    ("ecr", 7, {"avoidance": (9 * 7 + 9 * 1) / 18, "anxiety": (17 * 7 + 1) / 18}),
    ("ecr", 1, {"avoidance": 4, "anxiety": (17 * 1 + 7) / 18}),
    ("ecr-rs", 7, {"avoidance": (2 * 7 + 4 * 1) / 6, "anxiety": 7}),
    ("ecr-rs", 1, {"avoidance": 5, "anxiety": 1}),
    ("ecr-s", 7, {"anxiety": (5 * 7 + 1) / 6, "avoidance": (3 * 7 + 3 * 1) / 6}),
    ("ecr-s", 1, {"anxiety": 2, "avoidance": 4}),
    (
        "rsq",
        5,
        {"secure": (3 * 5 + 2 * 1) / 5, "fearful": 5, "preoccupied": (3 * 5 + 1) / 4, "dismissing": 5},
    ),
]
ROUNDED = {
    ("ecr-r", 7): {"anxiety": 6.333, "avoidance": 3.0},
    ("ecr-r", 1): {"anxiety": 1.667, "avoidance": 5.0},
    ("ecr", 7): {"avoidance": 4.0, "anxiety": 6.667},
    ("ecr", 1): {"avoidance": 4.0, "anxiety": 1.333},
    ("rsq", 5): {"secure": 3.4, "fearful": 5.0, "preoccupied": 4.0, "dismissing": 5.0},
}


def every(instrument: Instrument, answer: int) -> dict[int, int]:
    return dict.fromkeys(range(1, instrument.items + 1), answer)


def rows(instrument: Instrument) -> st.SearchStrategy[dict[int, int]]:
    answer = st.integers(instrument.lowest, instrument.highest)
    return st.fixed_dictionaries(dict.fromkeys(range(1, instrument.items + 1), answer))


@pytest.mark.parametrize(("name", "answer", "expected"), VECTORS)
def test_the_same_answer_to_every_item_gives_the_published_key_s_means_exactly(
    name: str, answer: int, expected: dict[str, float]
) -> None:
    means = {
        one.scale: one.mean for one in scoring.score(INSTRUMENTS[name], every(INSTRUMENTS[name], answer))
    }
    assert means == expected
    if (name, answer) in ROUNDED:
        assert {scale: round(mean, 3) for scale, mean in means.items()} == ROUNDED[name, answer]


def test_a_row_by_hand() -> None:
    """Rafael's answers in the module: avoidance 21/6, anxiety 15/3."""
    answers = dict(enumerate([5, 4, 5, 4, 3, 4, 5, 6, 4], start=1))
    anxiety, avoidance = scoring.score(INSTRUMENTS["ecr-rs"], answers)
    assert (anxiety.mean, anxiety.low, anxiety.high) == (5.0, 13 / 3, 17 / 3)
    assert (avoidance.mean, avoidance.low, avoidance.high) == (3.5, 19 / 6, 23 / 6)


@pytest.mark.parametrize("instrument", INSTRUMENTS.values(), ids=lambda one: one.id)
def test_every_row_stays_in_range_and_the_band_is_what_two_answers_can_do(instrument: Instrument) -> None:
    @given(rows(instrument), st.data())
    def holds(answers: dict[int, int], data: st.DataObject) -> None:
        scores = scoring.score(instrument, answers)
        for one, scale in zip(scores, instrument.scales, strict=True):
            assert instrument.lowest <= one.low <= one.mean <= one.high <= instrument.highest
            moved = data.draw(st.lists(st.sampled_from(scale.items), min_size=2, max_size=2, unique=True))
            changed = dict(answers)
            for item in moved:
                step = data.draw(st.sampled_from([-1, 0, 1]))
                changed[item] = min(max(answers[item] + step, instrument.lowest), instrument.highest)
            mean = next(new.mean for new in scoring.score(instrument, changed) if new.scale == one.scale)
            assert one.low <= mean <= one.high

    holds()


@pytest.mark.parametrize("instrument", INSTRUMENTS.values(), ids=lambda one: one.id)
def test_the_other_way_round_turns_every_mean_round(instrument: Instrument) -> None:
    """A row and its mirror lie equally far from the middle: reversal is its own opposite."""
    ends = instrument.lowest + instrument.highest

    @given(rows(instrument))
    def holds(answers: dict[int, int]) -> None:
        mirrored = {item: ends - answer for item, answer in answers.items()}
        pairs = zip(scoring.score(instrument, answers), scoring.score(instrument, mirrored), strict=True)
        for one, other in pairs:
            assert one.mean + other.mean == pytest.approx(ends)
            assert one.low + other.high == pytest.approx(ends)

    holds()


@pytest.mark.parametrize("item", [5, 11, 19, 36])
@pytest.mark.parametrize("answer", [0, 8, -1, 4.5, 4.0, True, "4", float("nan")])
def test_an_answer_out_of_range_is_refused_by_its_number(item: int, answer: Any) -> None:
    with pytest.raises(AnswersError, match=rf"Not a whole number from 1 to 7: item {item}\.") as refused:
        scoring.score(ECR_R, {**every(ECR_R, 4), item: answer})
    assert (refused.value.missing, refused.value.outside) == ([], [item])


def test_missing_answers_are_named_and_no_part_of_a_score_is_given() -> None:
    answers: dict[int, Any] = {**every(ECR_R, 4), 3: None}
    del answers[17]
    with pytest.raises(AnswersError, match=r"No score. Without an answer: items 3, 17\.") as refused:
        scoring.score(ECR_R, answers)
    assert refused.value.missing == [3, 17]


def test_an_item_that_the_form_does_not_have_is_refused() -> None:
    short = INSTRUMENTS["ecr-s"]
    with pytest.raises(AnswersError, match=r"Not in the ECR-S: items 13, 0\."):
        scoring.score(short, {**every(short, 4), 13: 4, 0: 4})


def test_items_that_no_scale_uses_may_be_left_out_but_not_be_wrong() -> None:
    rsq = INSTRUMENTS["rsq"]
    used = {item for scale in rsq.scales for item in scale.items}
    assert len(used) == 17
    whole = scoring.score(rsq, every(rsq, 5))
    assert scoring.score(rsq, dict.fromkeys(used, 5)) == whole
    with pytest.raises(AnswersError, match="item 4"):
        scoring.score(rsq, {**every(rsq, 5), 4: 6})


def test_item_6_of_the_rsq_counts_twice_with_opposite_sign() -> None:
    rsq = INSTRUMENTS["rsq"]
    before, after = (scoring.score(rsq, {**every(rsq, 3), 6: answer}) for answer in (3, 4))
    moved = {one.scale: two.mean - one.mean for one, two in zip(before, after, strict=True)}
    assert moved["preoccupied"] == pytest.approx(-1 / 4) and moved["dismissing"] == pytest.approx(1 / 5)
    assert moved["secure"] == moved["fearful"] == 0


def test_a_score_is_a_scale_and_three_numbers() -> None:
    assert [field.name for field in dataclasses.fields(scoring.ScaleScore)] == [
        "scale",
        "mean",
        "low",
        "high",
    ]
    for instrument in INSTRUMENTS.values():
        for one in scoring.score(instrument, every(instrument, instrument.highest)):
            assert {type(value) for value in (one.mean, one.low, one.high)} == {float}


@pytest.mark.parametrize(
    ("name", "items", "reversed_"), [("ecr", 36, 10), ("ecr-r", 36, 14), ("ecr-rs", 9, 4), ("ecr-12", 12, 5)]
)
def test_the_two_scales_of_the_family_share_no_item_and_leave_none_out(
    name: str, items: int, reversed_: int
) -> None:
    scales = INSTRUMENTS[name].scales
    assert sorted(item for scale in scales for item in scale.items) == list(range(1, items + 1))
    assert sum(len(scale.reversed) for scale in scales) == reversed_


def test_the_short_form_and_the_ecr_agree_where_an_independent_list_maps_them() -> None:
    """Items 6, 9, 10, 11, 12 of the ECR-12 are 15, 25, 27, 29, 31 of the ECR; item 4 is 9; six more are anxiety."""
    long, short = ({scale.id: scale for scale in INSTRUMENTS[name].scales} for name in ("ecr", "ecr-12"))
    avoidance = dict(zip([4, 6, 9, 10, 11, 12], [9, 15, 25, 27, 29, 31], strict=True))
    anxiety = dict(zip([1, 2, 3, 5, 7, 8], [2, 6, 8, 14, 18, 24], strict=True))
    for name, same in (("avoidance", avoidance), ("anxiety", anxiety)):
        assert set(short[name].items) == set(same)
        assert set(same.values()) <= set(long[name].items)
        for item, other in same.items():
            assert (item in short[name].reversed) == (other in long[name].reversed)
