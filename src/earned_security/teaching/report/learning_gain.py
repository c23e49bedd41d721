"""The gain in knowledge from the test before the course to the test after it, in learners who took both.

The *normalised gain* is that of a class: the mean gain over the most that could be gained, (after - before) / (100 -
before), of the class's mean percentages. The *effect size* is Cohen's d: the mean gain over the root of the mean of both
variances (as pingouin computes it for paired scores). Both have bootstrap intervals (scipy, bias-corrected and
accelerated, learners drawn anew with both their scores, the same draws in every report).
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np

from earned_security.teaching.report import thresholds
from earned_security.teaching.report.gathering import Cohort, Sheet, Work

DRAWS = 4999

Interval = tuple[float, float]


@dataclass(frozen=True)
class Pair:
    """One learner's two results, in percent of the points. ``first_form``: the assignment taken before the course."""

    learner: str
    before: float
    after: float
    first_form: str


@dataclass(frozen=True)
class Gain:
    """``before``, ``after`` and ``gain`` are means in percent or percentage points; each interval is at 95 %."""

    learners: int
    before: float
    after: float
    gain: float
    gain_interval: Interval
    normalised: float | None
    normalised_interval: Interval | None
    effect: float | None
    effect_interval: Interval | None
    by_first_form: tuple[tuple[str, int, float | None], ...]


@dataclass(frozen=True)
class Gains:
    """``left_out``: why learners who took something have no pair, and how many. ``gain`` None: ``note`` says why."""

    pairs: tuple[Pair, ...]
    left_out: tuple[tuple[str, int], ...]
    gain: Gain | None
    note: str = ""


def gains(cohort: Cohort) -> Gains:
    """Of a course. Which form was the one before the course is read as for completing it (``completion.py``)."""
    pairs, left_out = [], Counter[str]()
    for learner in cohort.learners:
        pair = _pair(cohort, learner)
        if isinstance(pair, Pair):
            pairs.append(pair)
        elif pair:
            left_out[pair] += 1
    if len(pairs) < thresholds.FOR_A_GAIN:
        note = thresholds.too_few(len(pairs), thresholds.FOR_A_GAIN, "a gain, with both tests of each,")
        return Gains(tuple(pairs), tuple(sorted(left_out.items())), None, note)
    return Gains(tuple(pairs), tuple(sorted(left_out.items())), of_pairs(pairs))


def _pair(cohort: Cohort, learner: str) -> Pair | str:
    """The pair; or why there is none; or "" where nothing was handed in."""
    taken = [(work, work.sheets[learner]) for work in cohort.forms if learner in work.sheets]
    if not taken:
        return ""
    if len(taken) < 2:
        return "only one form was handed in"
    times = [sheet.when for _, sheet in taken]
    if None in times or len(set(times)) < len(times):
        return "the gradebook does not say which form was handed in when"
    if any(sheet.waiting or _possible(work) <= 0 for work, sheet in taken):
        return "a form is not marked yet"
    taken.sort(key=lambda each: each[1].when or datetime.min)
    (first, before), (last, after) = taken[0], taken[-1]
    if since := cohort.post_test_from and cohort.post_test_from.astimezone(UTC).replace(tzinfo=None):
        if (after.when or since) < since:
            return "both forms were handed in before the course ended"
        if (before.when or since) >= since:
            return "both forms were handed in after the course (a retake takes the first result's place)"
    return Pair(learner, _percent(before, first), _percent(after, last), first.bank.assignment)


def _percent(sheet: Sheet, work: Work) -> float:
    """Lateness costs no knowledge, so it is not taken off here; points given to everybody for a dropped item are none."""
    return 100 * sum(sheet.points.get(item.id) or 0.0 for item, _ in work.counted) / _possible(work)


def _possible(work: Work) -> float:
    return float(sum(item.points for item, _ in work.counted))


def of_pairs(pairs: Sequence[Pair]) -> Gain:
    """The numbers of a class of two or more."""
    import pingouin
    from scipy import stats

    before = np.array([pair.before for pair in pairs])
    after = np.array([pair.after for pair in pairs])
    interval = stats.ttest_rel(after, before).confidence_interval(thresholds.CONFIDENCE)
    with np.errstate(divide="ignore", invalid="ignore"):  # where nothing varies, there is no effect size
        effect = float(pingouin.compute_effsize(after, before, paired=True, eftype="cohen"))
    normalised = normalised_gain(before, after)
    orders = sorted({pair.first_form for pair in pairs})
    by_order = []
    for form in orders:
        own = [pair.after - pair.before for pair in pairs if pair.first_form == form]
        mean = float(np.mean(own)) if len(own) >= thresholds.FOR_A_SUMMARY else None
        by_order.append((form, len(own), mean))
    return Gain(
        len(pairs),
        float(before.mean()),
        float(after.mean()),
        float((after - before).mean()),
        (float(interval.low), float(interval.high)),
        normalised,
        None if normalised is None else bootstrap(before, after, normalised_gain),
        effect if np.isfinite(effect) else None,
        bootstrap(before, after, cohens_d) if np.isfinite(effect) else None,
        tuple(by_order),
    )


def normalised_gain(before: Any, after: Any, axis: int = -1) -> Any:
    """(after - before) / (100 - before) of the means; None where everybody had everything right before."""
    room = 100 - np.mean(before, axis=axis)
    gained = np.mean(after, axis=axis) - np.mean(before, axis=axis)
    if np.ndim(room) == 0:
        return None if room <= 0 else float(gained / room)
    return gained / np.where(room > 0, room, np.nan)


def cohens_d(before: Any, after: Any, axis: int = -1) -> Any:
    """The mean gain over the root of the mean of both variances, as pingouin has it for paired scores."""
    variance = (np.var(before, axis=axis, ddof=1) + np.var(after, axis=axis, ddof=1)) / 2
    return (np.mean(after, axis=axis) - np.mean(before, axis=axis)) / np.sqrt(variance)


def bootstrap(before: Any, after: Any, statistic: Any) -> Interval | None:
    """The bootstrap interval of a statistic of both results; None where it cannot be had."""
    from scipy import stats

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a class in which nothing varies; the limits are then no numbers
        found = stats.bootstrap(
            (before, after),
            statistic,
            paired=True,
            vectorized=True,
            n_resamples=DRAWS,
            confidence_level=thresholds.CONFIDENCE,
            method="BCa",
            rng=np.random.default_rng(0),
        ).confidence_interval
    if not np.isfinite([found.low, found.high]).all():
        return None
    return float(found.low), float(found.high)
