"""Reliability against published examples and a second calculation."""

from __future__ import annotations

import dataclasses
import statistics

import numpy as np
import pingouin
import pytest
from scipy import stats

from earned_security.teaching.report.reliability import of_scores, reliability

from .test_item_analysis import a_class

# Ten students and ten questions, with the share right of each question and the variance of the totals, as printed by
# K. Wuensch, "The Kuder-Richardson 20" (core.ecu.edu/wuenschk/StatHelp/KR20.txt).
PUBLISHED = [
    "1111110110",
    "1011011101",
    "1111011001",
    "0010001000",
    "0000010010",
    "1110111111",
    "1101110111",
    "1111111101",
    "0101111101",
    "1101101110",
]
SHARES = [0.7, 0.7, 0.6, 0.7, 0.6, 0.8, 0.7, 0.7, 0.5, 0.6]
VARIANCE = 5.84


def test_kr_20_of_a_published_class() -> None:
    scores = {f"q{i}": np.array([float(row[i]) for row in PUBLISHED]) for i in range(10)}
    assert [float(own.mean()) for own in scores.values()] == pytest.approx(SHARES)
    expected = 10 / 9 * (1 - sum(p * (1 - p) for p in SHARES) / VARIANCE)
    # Three such classes together have the same shares and variance, and are enough to be given a number.
    found = of_scores({q: np.tile(own, 3) for q, own in scores.items()}, dict.fromkeys(scores, 1.0), 30)
    assert found.name == "KR-20" and found.value == pytest.approx(expected)
    assert (found.items, found.points) == (10, 10.0)
    assert of_scores(scores, dict.fromkeys(scores, 1.0), 10).value is None


def test_alpha_of_pingouins_documentation() -> None:
    """`pingouin.cronbach_alpha`: 0.5917 with 0.195 to 0.840 for its Likert-type data."""
    data = pingouin.read_dataset("cronbach_alpha").pivot(index="Subj", columns="Items", values="Scores")
    value, interval = pingouin.cronbach_alpha(data)
    assert (round(value, 4), list(interval)) == (0.5917, [0.195, 0.84])
    enough = {str(name): np.tile(data[name].to_numpy(float), 3) for name in data}
    people = len(data) * 3
    found = of_scores(enough, dict.fromkeys(enough, 5.0), people)
    assert found.name == "alpha"
    variances = sum(statistics.variance(map(float, own)) for own in enough.values())
    totals = [float(total) for total in sum(enough.values())]
    assert found.value == pytest.approx(
        len(enough) / (len(enough) - 1) * (1 - variances / statistics.variance(totals))
    )


def test_interval_and_error_by_a_second_calculation() -> None:
    items, sheets = a_class(40)
    found = reliability(items, sheets)
    assert (found.name, found.items, found.learners) == ("KR-20", 12, 40)
    assert found.value is not None and found.interval is not None
    low, high = (1 - (1 - found.value) * stats.f.isf(tail, 39, 39 * 11) for tail in (0.025, 0.975))
    assert found.interval == pytest.approx((low, high), abs=5.1e-4)  # pingouin rounds it
    totals = [sum(points or 0 for points in sheet.points.values()) for sheet in sheets]
    assert found.error == pytest.approx(statistics.stdev(totals) * (1 - found.value) ** 0.5)


def test_the_error_is_one_of_the_items_that_went_in() -> None:
    items, sheets = a_class(40)
    waiting = {"item-3": None}
    sheets[0] = dataclasses.replace(sheets[0], points={**sheets[0].points, **waiting})
    found = reliability(items, sheets)
    assert (found.items, found.points) == (11, 11.0)


def test_no_number_where_there_is_none() -> None:
    items, sheets = a_class(29)
    assert "takes 30 learners, and there are 29" in reliability(items, sheets).note
    same = of_scores({"a": np.ones(40), "b": np.ones(40)}, {"a": 1.0, "b": 1.0}, 40)
    assert same.value is None and "same total" in same.note
    assert of_scores({}, {}, 40).value is None
