"""How far an assignment's total would come out the same again: Cronbach's alpha, of right-or-wrong items the KR-20."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from earned_security.assessment.items import Item, Key
from earned_security.teaching.report import thresholds
from earned_security.teaching.report.gathering import Sheet
from earned_security.teaching.report.item_analysis import marked, matrix


@dataclass(frozen=True)
class Reliability:
    """``name``: KR-20 or alpha. ``value`` at most 1, ``interval`` at 95 % (Feldt), None where ``note`` says why not.

    ``error``: the standard error of measurement, in points. ``items``: how many went in, worth ``points`` together.
    """

    name: str
    value: float | None
    interval: tuple[float, float] | None
    error: float | None
    items: int
    points: float
    learners: int
    note: str = ""


def reliability(items: Sequence[tuple[Item, Key]], sheets: Iterable[Sheet]) -> Reliability:
    """Of one assignment, by pingouin; items that wait for a marker are left out."""
    used = marked(sheets)
    return of_scores(matrix(items, used), {item.id: item.points for item, _ in items}, len(used))


def of_scores(scores: Mapping[str, Any], maxima: Mapping[str, float], learners: int) -> Reliability:
    """As :func:`reliability`, from points by item, one for each learner, and each item's maximum."""
    import pandas
    import pingouin

    right_or_wrong = len({maxima[name] for name in scores}) == 1 and all(
        np.isin(earned, (0, maxima[name])).all() for name, earned in scores.items()
    )
    name = "KR-20" if right_or_wrong else "alpha"
    count, points = len(scores), sum(maxima[item] for item in scores)
    if learners < thresholds.FOR_A_CORRELATION:
        note = thresholds.too_few(learners, thresholds.FOR_A_CORRELATION, "reliability")
        return Reliability(name, None, None, None, count, points, learners, note)
    total = sum(scores.values(), np.zeros(learners))
    if count < 2 or np.ptp(total) == 0:
        note = "There is no number, because everybody has the same total, or fewer than two items are marked."
        return Reliability(name, None, None, None, count, points, learners, note)
    value, interval = pingouin.cronbach_alpha(pandas.DataFrame(scores), ci=thresholds.CONFIDENCE)
    error = float(np.std(total, ddof=1) * np.sqrt(1 - max(0.0, min(1.0, value))))
    return Reliability(
        name, float(value), (float(interval[0]), float(interval[1])), error, count, points, learners
    )
