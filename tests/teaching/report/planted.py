"""Synthetic classes with planted bad items, for the item analysis; drawn by the generator of `earned class`.

The bad items are made of single-choice items, where bad ones are the hardest to tell from good ones:

- *miskeyed*: the key names another option than the right one;
- *no discrimination*: whether one is right has nothing to do with one's ability;
- *everybody right*: whoever answers is right;
- *a distractor better than the key*: of those who know, seven in ten choose a certain wrong option.
"""

from __future__ import annotations

import dataclasses
import math
import random
from dataclasses import dataclass

from earned_security.assessment.marking import mark
from earned_security.teaching.bank import Bank
from earned_security.teaching.report.gathering import Sheet
from earned_security.teaching.synthetic import BLANK, Trainee, answer, difficulties, trainees

KINDS = ("miskeyed", "no discrimination", "everybody right", "a better distractor")


@dataclass(frozen=True)
class PlantedClass:
    """``bank`` has the wrong keys; ``bad``: the kind by item."""

    bank: Bank
    people: list[Trainee]
    bad: dict[str, str]

    @property
    def sheets(self) -> dict[str, Sheet]:
        """As marking gives them, without nbgrader."""
        return {
            person.id: Sheet(
                {
                    item.id: mark(item, key, person.answers.get(item.id)).points
                    for item, key in self.bank.items
                },
                person.answers,
            )
            for person in self.people
        }


def planted_class(bank: Bank, seed: int, count: int = 60, each: int = 1) -> PlantedClass:
    """A class of ``count`` with ``each`` bad items of every kind; the same seed gives the same class."""
    source = random.Random(f"{seed}/planted")
    people, hard = trainees(bank, count, seed), difficulties(bank, seed)
    candidates = [item.id for item, _ in bank.items if item.type == "choose-one"]
    chosen = source.sample(candidates, each * len(KINDS))
    bad = {name: KINDS[number % len(KINDS)] for number, name in enumerate(chosen)}
    pairs = []
    for item, key in bank.items:
        kind = bad.get(item.id)
        wrong = [option for option in item.texts("options") if option != key.value] if kind else []
        lure = source.choice(wrong) if wrong else ""
        for person in people if kind else ():
            person.answers.pop(item.id, None)
            if source.random() < BLANK:
                continue
            ability = source.gauss(0, 1) if kind == "no discrimination" else person.ability
            chance = 1.0 if kind == "everybody right" else 1 / (1 + math.exp(hard[item.id] - ability))
            given = answer(item, key, chance, source)
            if kind == "a better distractor" and given == key.value and source.random() < 0.7:
                given = lure
            person.answers[item.id] = given
        pairs.append((item, dataclasses.replace(key, value=lure) if kind == "miskeyed" else key))
    return PlantedClass(dataclasses.replace(bank, items=tuple(pairs)), people, bad)
