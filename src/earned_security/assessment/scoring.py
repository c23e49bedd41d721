"""Scoring attachment questionnaires by their published keys: numbers in, means out, never a type or a diagnosis.

The keys are ``curriculum/data/instruments.yaml``: item numbers only. A scale's score is the mean of its answers, of
which a reversed one counts as lowest + highest - answer. The band round it is where the mean would lie had
:data:`MOVED` of its answers been one point lower or higher, as far as the range of answers allows. It is no
confidence interval: that takes a standard deviation and a reliability, which the keys do not come with.

The page has the same rule in ``interactive/static/models/scoring.js``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from earned_security.curriculum import source

MOVED = 2
"""How many answers of a scale the band moves by one point."""


@dataclass(frozen=True)
class Scale:
    """``items``: the item numbers whose mean it is; ``reversed``: those of them that count the other way round."""

    id: str
    name: str
    items: tuple[int, ...]
    reversed: tuple[int, ...]


@dataclass(frozen=True)
class Instrument:
    """A questionnaire of ``items`` items, numbered from 1, answered in whole numbers from ``lowest`` to ``highest``."""

    id: str
    name: str
    items: int
    lowest: int
    highest: int
    scales: tuple[Scale, ...]


@dataclass(frozen=True)
class ScaleScore:
    """The mean of one scale, in points of an answer, and the band ``low`` to ``high`` round it."""

    scale: str
    mean: float
    low: float
    high: float


class AnswersError(ValueError):
    """Answers that cannot be scored. Item numbers: ``missing``, ``outside`` the range, ``unknown`` to the form."""

    def __init__(
        self, instrument: Instrument, missing: list[int], outside: list[int], unknown: list[int]
    ) -> None:
        self.missing, self.outside, self.unknown = missing, outside, unknown
        allowed = f"a whole number from {instrument.lowest} to {instrument.highest}"
        reasons = {
            f"Without an answer: {_items(missing)}.": missing,
            f"Not {allowed}: {_items(outside)}.": outside,
            f"Not in the {instrument.name}: {_items(unknown)}.": unknown,
        }
        super().__init__(" ".join(["No score.", *(reason for reason, items in reasons.items() if items)]))


def _items(numbers: list[int]) -> str:
    return f"item{'s' if len(numbers) > 1 else ''} {', '.join(map(str, numbers))}"


def instruments() -> dict[str, Instrument]:
    """Every questionnaire with a key, by id.

    Raises:
        ContentError: the file of keys cannot be read.
    """
    return {entry["id"]: _instrument(entry) for entry in source.read("instruments")["instruments"]}


def _instrument(entry: Mapping[str, Any]) -> Instrument:
    scales = (
        Scale(scale["id"], scale["name"], tuple(scale["items"]), tuple(scale["reversed"]))
        for scale in entry["scales"]
    )
    return Instrument(
        entry["id"], entry["name"], entry["items"], entry["lowest"], entry["highest"], tuple(scales)
    )


def score(instrument: Instrument, answers: Mapping[int, int]) -> tuple[ScaleScore, ...]:
    """The mean of every scale, with its band, in the order of the key.

    Args:
        answers: a whole number by item number. Items that no scale uses may be left out.

    Raises:
        AnswersError: an answer is missing, out of range, or to an item that the questionnaire does not have.
    """
    needed = sorted({item for scale in instrument.scales for item in scale.items})
    missing = [item for item in needed if answers.get(item) is None]
    known = range(1, instrument.items + 1)
    unknown = [item for item in answers if item not in known]
    outside = [
        item for item in known if answers.get(item) is not None and not _fits(instrument, answers[item])
    ]
    if missing or outside or unknown:
        raise AnswersError(instrument, missing, outside, unknown)
    return tuple(_score(instrument, scale, answers) for scale in instrument.scales)


def _fits(instrument: Instrument, answer: object) -> bool:
    whole = isinstance(answer, int) and not isinstance(answer, bool)
    return whole and instrument.lowest <= answer <= instrument.highest  # type: ignore[operator]


def _score(instrument: Instrument, scale: Scale, answers: Mapping[int, int]) -> ScaleScore:
    ends = instrument.lowest + instrument.highest
    counted = [ends - answers[item] if item in scale.reversed else answers[item] for item in scale.items]
    total, number = sum(counted), len(counted)
    down = min(MOVED, sum(answer > instrument.lowest for answer in counted))
    up = min(MOVED, sum(answer < instrument.highest for answer in counted))
    return ScaleScore(scale.id, total / number, (total - down) / number, (total + up) / number)
