"""The gain in knowledge: which test came first, and numbers against published ones and a second calculation."""

from __future__ import annotations

import dataclasses
import random
import statistics
from datetime import UTC, datetime
from types import MappingProxyType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from earned_security.curriculum import completion
from earned_security.teaching.bank import Bank, drop
from earned_security.teaching.report import thresholds
from earned_security.teaching.report.gathering import Cohort, Sheet, Work
from earned_security.teaching.report.learning_gain import (
    Pair,
    bootstrap,
    cohens_d,
    gains,
    normalised_gain,
    of_pairs,
)

from .test_item_analysis import choose_one

RULE = completion.load()
FORM_A, FORM_B = RULE.forms


def pairs_of(count: int, seed: int = 0) -> list[Pair]:
    source = random.Random(seed)
    found = []
    for number in range(count):
        before = source.uniform(20, 60)
        found.append(
            Pair(f"t{number}", before, before + source.uniform(-5, 40), (FORM_A, FORM_B)[number % 2])
        )
    return found


def test_the_normalised_gain_of_a_published_class() -> None:
    """PMC8045292, table 1: a mean gain of 11.1 of 20 points, 225.8 % of the mean before; class average gain 0.73."""
    before = 11.1 / 2.258
    found = normalised_gain(np.array([5 * before]), np.array([5 * (before + 11.1)]))
    assert found == pytest.approx(0.73, abs=0.01)  # from the rounded means that the table gives


def test_the_numbers_by_a_second_calculation() -> None:
    pairs = pairs_of(24)
    found = of_pairs(pairs)
    before, after = [pair.before for pair in pairs], [pair.after for pair in pairs]
    changes = [b - a for a, b in zip(before, after, strict=True)]
    mean, error = statistics.fmean(changes), statistics.stdev(changes) / 24**0.5
    reach = float(stats.t.ppf(0.975, 23)) * error
    assert found.gain == pytest.approx(mean)
    assert found.gain_interval == pytest.approx((mean - reach, mean + reach))
    assert found.normalised == pytest.approx(mean / (100 - statistics.fmean(before)))
    spread = ((statistics.variance(before) + statistics.variance(after)) / 2) ** 0.5
    assert found.effect == pytest.approx(mean / spread)
    assert cohens_d(np.array(before), np.array(after)) == pytest.approx(found.effect)
    assert [(form, count) for form, count, _ in found.by_first_form] == [(FORM_A, 12), (FORM_B, 12)]


def test_the_bootstrap_interval_is_near_a_plain_one_drawn_by_other_means() -> None:
    pairs = pairs_of(60, seed=3)
    found = of_pairs(pairs)
    source = random.Random(5)
    drawn = []
    for _ in range(3000):
        some = source.choices(pairs, k=60)
        before, after = (
            statistics.fmean(values) for values in zip(*((p.before, p.after) for p in some), strict=True)
        )
        drawn.append((after - before) / (100 - before))
    drawn.sort()
    assert found.normalised_interval == pytest.approx((drawn[75], drawn[2924]), abs=0.02)
    assert of_pairs(pairs) == found, "the same draws every time"


def test_a_bootstrap_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    held = 0
    for seed in range(40):
        source = np.random.default_rng(seed)
        before = source.normal(45, 12, 40)
        after = before + source.normal(18, 10, 40)
        interval = bootstrap(before, after, normalised_gain)
        assert interval is not None
        held += interval[0] <= 18 / 55 <= interval[1]
    assert held >= 33  # of 40; fewer would come up once in a hundred such tests


def cohort(taken: dict[str, list[tuple[str, int, float | None]]], since: datetime | None = None) -> Cohort:
    """Learners with what they handed in: form, day of March and points of 10."""
    banks = {
        form: Bank(form, None, form, "", tuple(choose_one(f"{form}-{n}") for n in range(10)))
        for form in RULE.forms
    }
    works = []
    for form, bank in banks.items():
        sheets = {}
        for learner, own in taken.items():
            for name, day, points in own:
                if name == form:
                    each: dict[str, float | None] = dict.fromkeys((item.id for item, _ in bank.items), 0.0)
                    each[f"{form}-0"] = points
                    sheets[learner] = Sheet(each, when=datetime(2027, 3, day), penalty=1.0)
        works.append(Work(bank, MappingProxyType(sheets)))
    return Cohort("course", {learner: learner for learner in taken}, tuple(works), RULE, since)


def test_the_form_handed_in_last_is_the_one_after_the_course() -> None:
    found = gains(
        cohort(
            {
                "ann": [(FORM_A, 1, 4.0), (FORM_B, 20, 7.0)],
                "ben": [(FORM_A, 20, 8.0), (FORM_B, 1, 3.0)],
                "cem": [(FORM_A, 1, 5.0)],
                "dee": [(FORM_A, 1, 4.0), (FORM_B, 1, 7.0)],
                "eve": [(FORM_A, 1, None), (FORM_B, 20, 7.0)],
                "fay": [],
            }
        )
    )
    assert found.pairs == (Pair("ann", 40, 70, FORM_A), Pair("ben", 30, 80, FORM_B)), (
        "lateness costs no knowledge"
    )
    assert {count for _, count in found.left_out} == {1} and len(found.left_out) == 3
    assert found.gain is None and "takes 10 learners, and there are 2" in found.note


def test_points_for_a_dropped_item_are_no_knowledge() -> None:
    found = cohort({"ann": [(FORM_A, 1, 4.0), (FORM_B, 20, 7.0)]})
    first, last = found.works
    name = f"{FORM_A}-9"  # in which everybody has the full point now
    bank = drop(first.bank, [name], "full")
    sheet = first.sheets["ann"]
    given = {"ann": dataclasses.replace(sheet, points={**sheet.points, name: 1.0})}
    changed = dataclasses.replace(found, works=(Work(bank, given), last))
    assert gains(changed).pairs == (Pair("ann", pytest.approx(100 * 4 / 9), 70, FORM_A),)


def test_a_date_takes_out_what_was_not_before_and_after() -> None:
    taken = {
        "ann": [(FORM_A, 1, 4.0), (FORM_B, 20, 7.0)],
        "ben": [(FORM_A, 25, 4.0), (FORM_B, 20, 7.0)],
        "cem": [(FORM_A, 1, 4.0), (FORM_B, 2, 7.0)],
    }
    found = gains(cohort(taken, datetime(2027, 3, 10, tzinfo=UTC)))
    assert [pair.learner for pair in found.pairs] == ["ann"]
    assert any("retake" in why for why, _ in found.left_out)
    assert any("before the course ended" in why for why, _ in found.left_out)


def test_a_class_that_is_just_large_enough_gets_numbers() -> None:
    taken = {
        f"t{n}": [(FORM_A, 1, float(n % 5)), (FORM_B, 20, float(n % 5 + n % 3))]
        for n in range(thresholds.FOR_A_GAIN)
    }
    found = gains(cohort(taken))
    assert found.gain is not None and found.gain.learners == thresholds.FOR_A_GAIN
    assert found.gain.by_first_form == ((FORM_A, 10, pytest.approx(found.gain.gain)),)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0, 100)), min_size=10, max_size=14))
def test_any_class_has_a_gain_and_nothing_that_is_no_number(both: list[tuple[float, float]]) -> None:
    found = of_pairs([Pair(f"t{n}", before, after, FORM_A) for n, (before, after) in enumerate(both)])
    numbers = [
        found.gain,
        found.normalised,
        *(found.normalised_interval or ()),
        *(found.effect_interval or ()),
    ]
    assert all(value is None or np.isfinite(value) for value in numbers)


def test_a_class_in_which_nothing_varies() -> None:
    found = of_pairs([Pair(f"t{n}", 100.0, 100.0, FORM_A) for n in range(12)])
    assert (found.gain, found.normalised, found.effect) == (0.0, None, None)
