"""Item analysis by classical test theory: how hard an item is, whether it tells learners apart, which options draw whom.

*Difficulty* is the mean share of an item's points, 0 to 1: the higher, the easier. *Discrimination* is the correlation
of an item's points with the points on the rest of the assignment (for an item that is right or wrong, the corrected
point-biserial), -1 to 1. Correlations and their limits are scipy's (Fisher's transformation), shares have Wilson's
limits. An item is flagged by limits, so chance alone seldom flags one; ``thresholds.py`` has the levels.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

from earned_security.assessment.items import PAIRINGS, Item, Key
from earned_security.assessment.marking import is_dropped
from earned_security.teaching.report import thresholds
from earned_security.teaching.report.gathering import Sheet

SEVERAL = ("choose-many", "mark-passages")
Numbers = Any  # a one-dimensional numpy array of numbers


@dataclass(frozen=True)
class Choice:
    """How one option was used. ``of``: the entry that it was given to, in matching and classifying.

    ``upper`` and ``lower``: how many chose it among those above and below the middle on the rest of the assignment.
    ``discrimination``: of having chosen it; None where nobody or everybody did, or too few answered.
    """

    of: str
    text: str
    key: bool
    chosen: int
    upper: int
    lower: int
    discrimination: float | None


@dataclass(frozen=True)
class Flag:
    """Why an item should be looked at. ``kind`` is a short name, ``reason`` a sentence or two."""

    kind: str
    reason: str


@dataclass(frozen=True)
class Analysed:
    """One item. ``answered`` of ``learners`` gave an answer. What cannot be said is None, and ``note`` says why.

    ``interval``: of the discrimination.
    """

    item: Item
    key: Key
    learners: int
    answered: int
    difficulty: float | None = None
    discrimination: float | None = None
    interval: tuple[float, float] | None = None
    choices: tuple[Choice, ...] = ()
    flags: tuple[Flag, ...] = ()
    note: str = ""

    @property
    def judged(self) -> bool:
        """Whether it was looked at for flags; an item that everybody has right is, and has no discrimination."""
        return self.difficulty is not None and self.learners >= thresholds.FOR_A_CORRELATION


def analyse(items: Sequence[tuple[Item, Key]], sheets: Iterable[Sheet]) -> list[Analysed]:
    """Every item of an assignment.

    Left out are sheets that could not be marked at all; and, of the rest of every other item, an item that waits for a
    marker on any sheet.
    """
    handed_in = marked(sheets)
    scores = matrix(items, handed_in)
    total = sum(scores.values(), np.zeros(len(handed_in)))
    usual = _usual(items, scores, total)
    return [_analyse(item, key, handed_in, scores.get(item.id), total, usual) for item, key in items]


def marked(sheets: Iterable[Sheet]) -> list[Sheet]:
    """The sheets that have points at all."""
    return [sheet for sheet in sheets if any(points is not None for points in sheet.points.values())]


def matrix(items: Sequence[tuple[Item, Key]], sheets: Sequence[Sheet]) -> dict[str, Numbers]:
    """Points by item, one for each sheet; only items that are marked for everybody, were not dropped and earn points."""
    found = {}
    for item, key in items:
        points = [sheet.points.get(item.id) for sheet in sheets]
        if item.points > 0 and not is_dropped(key.value) and None not in points:
            found[item.id] = np.array(points, dtype=float)
    return found


def _usual(items: Sequence[tuple[Item, Key]], scores: Mapping[str, Numbers], total: Numbers) -> float | None:
    """What the middle one of the items has for a discrimination, with :func:`_room` taken out; None where unknown."""
    ratios = []
    for item, _ in items:
        points = scores.get(item.id)
        found = None if points is None else correlation(points, total - points)
        if found is not None:
            ratios.append(float(found.statistic) / _room(points, item.points))
    middle = float(np.median(ratios)) if len(ratios) >= thresholds.ITEMS_FOR_THE_USUAL else 0.0
    return middle if middle > 0 else None


def _room(points: Numbers, maximum: float) -> float:
    """How much of a correlation an item of this difficulty leaves, 0 to 1.

    An item that nearly everybody gets right cannot correlate highly. For one that is right or wrong this is the point-biserial
    over the biserial correlation, the normal density at the cut over the standard deviation; with part points about 1.
    """
    share = float(np.mean(points)) / maximum
    if not np.isin(points, (0, maximum)).all() or not 0 < share < 1:
        return 1.0
    return float(stats.norm.pdf(stats.norm.ppf(share)) / np.sqrt(share * (1 - share)))


def _analyse(
    item: Item, key: Key, sheets: list[Sheet], scores: Numbers | None, total: Numbers, usual: float | None
) -> Analysed:
    learners = len(sheets)
    answered = [item.id in sheet.answers or item.id in sheet.unlike for sheet in sheets]
    known = (item, key, learners, sum(answered))
    if is_dropped(key.value):
        return Analysed(*known, note="Dropped in course.yaml.")
    if scores is None:
        return Analysed(*known, note="Some answers wait for a marker.")
    if learners < thresholds.FOR_A_SUMMARY:
        return Analysed(
            *known, note=thresholds.too_few(learners, thresholds.FOR_A_SUMMARY, "an item's difficulty")
        )
    difficulty = float(np.mean(scores) / item.points)
    rest = total - scores
    enough = learners >= thresholds.FOR_A_CORRELATION
    drawn = _choices(item, key, sheets, rest)
    choices = tuple(_choice(each, rest, enough) for each in drawn)
    if not enough:
        note = thresholds.too_few(
            learners, thresholds.FOR_A_CORRELATION, "whether an item tells learners apart"
        )
        return Analysed(*known, difficulty, choices=choices, note=note)
    flags = (
        *_flags_of_points(item, scores, rest, np.array(answered), usual),
        *_flags_of_choices(item, drawn, choices, rest),
    )
    found = correlation(scores, rest)
    if found is None:
        note = "Everybody has the same points here, or on everything else."
        return Analysed(*known, difficulty, choices=choices, flags=flags, note=note)
    low, high = found.confidence_interval(thresholds.CONFIDENCE)
    return Analysed(*known, difficulty, float(found.statistic), (float(low), float(high)), choices, flags)


def correlation(x: Numbers, y: Numbers, side: str = "two-sided") -> Any:
    """scipy's result of Pearson's correlation; None where one of the two does not vary."""
    if len(x) < 4 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return None
    return stats.pearsonr(x, y, alternative=side)


def _limit(x: Numbers, y: Numbers, side: str, confidence: float) -> float:
    """The one-sided limit of a correlation: the lower one for "greater", the upper one for "less"; 0 where there is none."""
    found = correlation(x, y, side)
    if found is None:
        return 0.0
    interval = found.confidence_interval(confidence)
    return float(interval.low if side == "greater" else interval.high)


def share_limit(count: int, of: int, side: str) -> float:
    """The one-sided limit of a share by Wilson's method."""
    interval = stats.binomtest(count, of, alternative=side).proportion_ci(thresholds.CONFIDENCE, "wilson")
    return float(interval.low if side == "greater" else interval.high)


@dataclass(frozen=True)
class _Drawn:
    """Who chose an option, one for each sheet."""

    of: str
    text: str
    key: bool
    by: Numbers


def _choices(item: Item, key: Key, sheets: Sequence[Sheet], rest: Numbers) -> list[_Drawn]:
    answers = [sheet.answers.get(item.id) for sheet in sheets]
    if item.type == "choose-one":
        texts = item.texts("options")
        return [_Drawn("", text, id_ == key.value, _who(answers, id_)) for id_, text in texts.items()]
    if item.type in SEVERAL:
        texts = item.texts("options" if item.type == "choose-many" else "passages")
        return [_Drawn("", text, id_ in key.value, _who(answers, id_)) for id_, text in texts.items()]
    if item.type in PAIRINGS:
        options = item.texts("options")
        return [
            _Drawn(entry, text, key.value.get(name) == id_, _who([_given(a, name) for a in answers], id_))
            for name, entry in item.texts("entries").items()
            for id_, text in options.items()
        ]
    return []


def _given(answer: Any, entry: str) -> Any:
    return answer.get(entry) if isinstance(answer, Mapping) else None


def _who(answers: Sequence[Any], option: str) -> Numbers:
    return np.array([a == option or (isinstance(a, list) and option in a) for a in answers], dtype=float)


def _choice(drawn: _Drawn, rest: Numbers, enough: bool) -> Choice:
    above, below = rest > np.median(rest), rest < np.median(rest)
    varies = enough and np.ptp(drawn.by) > 0 and np.ptp(rest) > 0
    return Choice(
        drawn.of,
        drawn.text,
        drawn.key,
        int(drawn.by.sum()),
        int(drawn.by[above].sum()),
        int(drawn.by[below].sum()),
        float(np.corrcoef(drawn.by, rest)[0, 1]) if varies else None,
    )


def _flags_of_points(
    item: Item, scores: Numbers, rest: Numbers, answered: Numbers, usual: float | None
) -> Iterable[Flag]:
    full = scores >= item.points - 1e-9
    given, right = int(answered.sum()), int((full & answered).sum())
    if given and share_limit(right, given, "greater") > thresholds.NEARLY_ALL:
        yield Flag(
            "nearly everybody right",
            f"{right} of the {given} who answered have all points, so it tells nobody apart. That may be what you want "
            "of something that everybody has to know; otherwise make the wrong options more plausible.",
        )
    options = len(item.texts("options")) if item.type == "choose-one" else 0
    count = int(full.sum())
    if options and share_limit(count, len(scores), "less") < 1 / options:
        yield Flag(
            "fewer right than by guessing",
            f"{count} of {len(scores)} chose the key; guessing among {options} would give about "
            f"{len(scores) / options:.0f}. Look at the key first, then for a wrong option that is right as well.",
        )
    earned = int((scores > 0).sum())
    if not options and share_limit(earned, len(scores), "less") < 1 - thresholds.NEARLY_ALL:
        yield Flag(
            "nearly nobody right", f"{earned} of {len(scores)} have any points. Look at the key first."
        )
    found = correlation(scores, rest)
    if found is None:
        return
    r = float(found.statistic)
    level = thresholds.DISCRIMINATION_CONFIDENCE
    expected = 1.0 if usual is None else usual * _room(scores, item.points)
    if _limit(scores, rest, "less", thresholds.CONFIDENCE) < 0:
        yield Flag(
            "the stronger do worse",
            f"Those who do well on the rest do worse on this one (discrimination {r:.2f}). Look at the key first.",
        )
    elif _limit(scores, rest, "greater", level) <= 0 and _limit(scores, rest, "less", level) < expected:
        than = (
            "" if usual is None else f"; an item as easy as this has about {expected:.2f} in this assignment"
        )
        yield Flag(
            "does not tell learners apart",
            f"Those who do well on the rest do hardly better here than the others (discrimination {r:.2f}{than}). "
            "Is the question clear, does the module teach it, and is one answer plainly the best?",
        )


def _flags_of_choices(
    item: Item, drawn: Sequence[_Drawn], choices: Sequence[Choice], rest: Numbers
) -> Iterable[Flag]:
    above = rest > np.median(rest)
    keyed = next((each for each in drawn if each.key), None)
    # So many looks at one item: together they go wrong as seldom as one.
    confidence = 1 - (1 - thresholds.CONFIDENCE) / max(1, sum(not each.key for each in drawn))
    for each, choice in zip(drawn, choices, strict=True):
        r = choice.discrimination or 0.0
        what = f"“{_short(each.text)}”" + (f" for “{_short(each.of)}”" if each.of else "")
        if each.key:
            if item.type in SEVERAL and r < 0 and _limit(each.by, rest, "less", confidence) < 0:
                yield Flag(
                    "a right option puts the stronger off",
                    f"{what} is part of the key, and those who do well on the rest choose it less. Is it right?",
                )
        elif r > 0 and _limit(each.by, rest, "greater", confidence) > 0:
            yield Flag(
                "a wrong option draws the stronger",
                f"{what} is not the key, and those who do well on the rest choose it more often than the others. "
                "It may be right as well, or better than the key.",
            )
        elif item.type == "choose-one" and keyed is not None:
            wrong, right = int(each.by[above].sum()), int(keyed.by[above].sum())
            if wrong > right:
                yield Flag(
                    "a wrong option beats the key",
                    f"In the stronger half of the class {wrong} chose {what}, and {right} the key. "
                    "Look at the key first.",
                )


def _short(text: str, most: int = 70) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
