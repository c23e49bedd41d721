"""A synthetic class that took part in all of a small course, without nbgrader."""

from __future__ import annotations

import dataclasses
from datetime import datetime

from earned_security.assessment.marking import mark
from earned_security.curriculum import completion
from earned_security.teaching.bank import OPEN_BANK, Bank, read_bank
from earned_security.teaching.report.gathering import Cohort, Sheet, Work
from earned_security.teaching.synthetic import Trainee, hand_mark, trainees

from .planted import planted_class

RULE = completion.load()
FORMS = tuple(read_bank(OPEN_BANK / f"{name}.yaml") for name in RULE.forms)
LAST = next(bank for bank in map(read_bank, sorted(OPEN_BANK.glob("10-*.yaml"))))
TASKS = read_bank(OPEN_BANK / f"{RULE.observed_tasks}.yaml")


def a_cohort(count: int, seed: int = 1) -> Cohort:
    """Both forms, half of the class with A first; the last module with its cases; observed tasks of every other learner."""
    planted = planted_class(FORMS[0], seed, count)
    works = [
        _work(planted.bank, planted.people, False),
        _work(FORMS[1], trainees(FORMS[1], count, seed), True),
        _work(LAST, trainees(LAST, count, seed), None),
    ]
    people = [person.id for person in planted.people]
    points = {item.id: 0.75 * item.points for item, _ in TASKS.items[:3]}
    observed = Sheet(
        {**dict.fromkeys((i.id for i, _ in TASKS.items), 0.0), **points}, by_hand=frozenset(points)
    )
    works.append(Work(TASKS, dict.fromkeys(people[::2], observed)))
    names = {id_: f"Zenobia Example-{id_[-2:]}" for id_ in people}
    return Cohort("attachment-2027", names, tuple(works), RULE)


def _work(bank: Bank, people: list[Trainee], even_first: bool | None) -> Work:
    sheets = {}
    for number, person in enumerate(people):
        points: dict[str, float | None] = {}
        by_hand = set()
        early = even_first is not None and (number % 2 == 0) is even_first
        for item, key in bank.items:
            marked = mark(item, key, person.answers.get(item.id))
            points[item.id] = marked.points
            if marked.details.get("by_hand"):
                points[item.id] = hand_mark(key, person.answers[item.id])[0]
                by_hand.add(item.id)
            elif early and (number * 31 + len(item.id)) % 3 == 0:
                points[item.id] = 0.0  # before the course a third is not known yet
        when = datetime(2027, 3, 1 if early else 28, 12, number % 60)
        sheets[person.id] = Sheet(points, person.answers, when, frozenset(by_hand))
    return Work(bank, sheets)


def renamed(cohort: Cohort, title: str) -> Cohort:
    """With another title for the first item of the first assignment."""
    (item, key), *others = cohort.works[0].bank.items
    bank = dataclasses.replace(
        cohort.works[0].bank, items=((dataclasses.replace(item, title=title), key), *others)
    )
    return dataclasses.replace(
        cohort, works=(dataclasses.replace(cohort.works[0], bank=bank), *cohort.works[1:])
    )
