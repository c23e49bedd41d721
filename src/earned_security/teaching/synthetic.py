"""Synthetic trainees: answers drawn from an ability and the items' difficulties. No person is behind them.

The chance of each right decision is that of the Rasch model, 1 / (1 + exp(difficulty - ability)). An item of
several decisions (which options, which pairs) draws each of them by itself.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from typing import Any

from earned_security import cases
from earned_security.assessment.items import Item, Key
from earned_security.teaching.bank import Bank

BLANK = 0.02  # the chance that an item is left out

REFLECTIONS = (
    "This is a made-up answer, written by the demonstration so that there is something to read and to mark.",
    "A second made-up sentence: here would stand what a trainee has thought about the question.",
    "A third: it names an example, gives a reason, and says what the trainee would do differently next time.",
)


@dataclass(frozen=True)
class Trainee:
    """``ability`` on the Rasch scale: 0 is the middle of the class, most lie between -2 and 2."""

    id: str
    ability: float
    answers: dict[str, Any]


def difficulties(bank: Bank, seed: int) -> dict[str, float]:
    """A difficulty for each item, on the same scale as abilities."""
    source = random.Random(f"{seed}/difficulties")
    return {item.id: source.gauss(-0.7, 0.8) for item, _ in bank.items}


def trainees(bank: Bank, count: int, seed: int) -> list[Trainee]:
    """A class; the same seed gives the same class."""
    hard = difficulties(bank, seed)
    result = []
    for number in range(1, count + 1):
        source = random.Random(f"{seed}/trainee/{number}")
        ability = source.gauss(0.0, 1.0)
        answers = {}
        for item, key in bank.items:
            chance = 1 / (1 + math.exp(hard[item.id] - ability))
            if source.random() >= BLANK:
                answers[item.id] = answer(item, key, chance, source)
        result.append(Trainee(f"trainee{number:02}", ability, answers))
    return result


def answer(item: Item, key: Key, chance: float, source: random.Random) -> Any:
    """An answer to an item of any type; each decision in it is right with the given chance."""
    if item.type == "choose-one":
        return _option(list(item.texts("options")), key.value, chance, source)
    if item.type in ("choose-many", "mark-passages"):
        parts = item.texts("options" if item.type == "choose-many" else "passages")
        picked = [part for part in parts if (part in key.value) == (source.random() < chance)]
        return picked or [source.choice(list(parts))]
    if item.type in ("match", "classify"):
        options = list(item.texts("options"))
        return {entry: _option(options, key.value[entry], chance, source) for entry in item.texts("entries")}
    if item.type == "order":
        return _order(list(item.texts("options")), key.value["before"], chance, source)
    if item.type in ("scale", "numeric"):
        return _number(item, key.value, chance, source)
    if item.type == "play-case":
        return _play(cases.load(item.content["case"]), chance, source)
    if item.type == "free-text":
        return "\n\n".join(REFLECTIONS[: 1 + (source.random() < chance) + (source.random() < chance)])
    return None


def _play(case: cases.Case, chance: float, source: random.Random) -> dict[str, Any]:
    """A case played to an ending; each choice is a preferred one with the given chance, else any that is open."""
    play = cases.start(case)
    while case.scenes[play.scene].ending is None:
        if case.scenes[play.scene].returns:
            play = cases.return_to_case(case, play)
            continue
        options = cases.available(case, play)
        preferred = [option for option in options if option.quality == "preferred"]
        play = cases.choose(
            case, play, source.choice(preferred if preferred and source.random() < chance else options).id
        )
    return cases.to_stored(case, play)


def _option(options: list[str], right: str, chance: float, source: random.Random) -> str:
    others = [option for option in options if option != right]
    return right if not others or source.random() < chance else source.choice(others)


def _order(steps: list[str], before: list[list[str]], chance: float, source: random.Random) -> list[str]:
    source.shuffle(steps)
    ordered: list[str] = []
    while steps:
        ordered.append(next(s for s in steps if not any(b == s and a in steps for a, b in before)))
        steps.remove(ordered[-1])
    for first, later in before:
        if source.random() >= chance and ordered.index(first) < ordered.index(later):
            ordered.remove(later)
            ordered.insert(ordered.index(first), later)
    return ordered


def _number(item: Item, key: dict[str, float], chance: float, source: random.Random) -> float:
    if source.random() < chance:
        return key["value"]
    away = (key["tolerance"] or 1) * source.choice([-3.0, -1.5, 1.5, 3.0])
    ends = item.content.get("scale")
    return key["value"] + away if ends is None else min(max(key["value"] + away, ends["min"]), ends["max"])


def hand_mark(key: Key, text: str) -> tuple[float, str]:
    """Points from the rubric, one level up for each paragraph after the first, and a comment."""
    paragraphs = len([part for part in text.split("\n\n") if part.strip()])
    points = 0.0
    for criterion in key.rubric:
        levels = sorted(level["points"] for level in criterion["levels"])
        points += levels[min(paragraphs - 1, len(levels) - 1)] if paragraphs else 0.0
    return (
        points,
        f"Made-up comment by the demonstration: {points:g} points after reading {paragraphs} paragraphs.",
    )
