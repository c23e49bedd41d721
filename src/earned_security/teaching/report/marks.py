"""Marks by learner, by module and by objective, in percent of the points that could be had."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from earned_security.assessment.marking import is_dropped
from earned_security.teaching.report import thresholds
from earned_security.teaching.report.gathering import Cohort, Sheet, Work

State = Literal["marked", "waits", "not handed in", "not observed"]


@dataclass(frozen=True)
class Mark:
    """Points of those possible. ``state``: "waits" where a person has still to give some; there is no percentage then."""

    state: State
    earned: float = 0.0
    possible: float = 0.0

    @property
    def percent(self) -> float | None:
        return 100 * self.earned / self.possible if self.state == "marked" and self.possible > 0 else None


Marks = Mapping[str, Mapping[str, Mark]]  # by learner, then by module or objective


@dataclass(frozen=True)
class Summary:
    """Of a class, in percent. ``note`` says why there are no numbers, which are then None."""

    learners: int
    mean: float | None = None
    middle: float | None = None
    quartiles: tuple[float, float] | None = None
    note: str = ""


def by_module(cohort: Cohort) -> Marks:
    """Each learner's mark in each module that the gradebook knows; lateness is taken off. By the module's id.

    An assignment of a private bank that names no module stands under its own name.
    """
    modules: dict[str, list[Work]] = {}
    for work in cohort.modules:
        modules.setdefault(work.bank.module or work.bank.assignment, []).append(work)
    return {
        learner: {module: _of(learner, works) for module, works in modules.items()}
        for learner in cohort.learners
    }


def _of(learner: str, works: Iterable[Work]) -> Mark:
    handed_in = [(work, work.sheets[learner]) for work in works if learner in work.sheets]
    if not handed_in:
        return Mark("not handed in")
    if any(sheet.waiting for _, sheet in handed_in):
        return Mark("waits")
    return Mark(
        "marked",
        sum(sheet.total for _, sheet in handed_in),
        sum(work.bank.points for work, _ in handed_in),
    )


def by_objective(cohort: Cohort) -> Marks:
    """Each learner's mark for each objective that an item assesses.

    Knowledge comes from the modules' items, performance from the observed tasks alone: points there count once a
    person has entered them. An item that only asks for what a performance rests on (``prepares``) is in no objective. The knowledge
    test stands apart, because the result before the course is no mark; lateness costs a module points, no objective.
    """
    found: dict[str, dict[str, list[Mark]]] = {learner: {} for learner in cohort.learners}
    for work in cohort.works:
        if work in cohort.forms:
            continue
        observed = work.bank.assignment == cohort.rule.observed_tasks
        for item, key in work.counted:
            if key.prepares or item.points <= 0:
                continue
            for learner, marks in found.items():
                mark = _of_item(work.sheets.get(learner), item.id, item.points, observed)
                marks.setdefault(item.objective, []).append(mark)
    return {
        learner: {objective: _joined(parts) for objective, parts in marks.items()}
        for learner, marks in found.items()
    }


def prepared(cohort: Cohort) -> dict[str, int]:
    """How many items ask for what a performance rests on, by objective; they are in no objective's marks."""
    counted: dict[str, int] = {}
    for work in cohort.modules:
        for item, key in work.bank.items:
            if key.prepares and not is_dropped(key.value):
                counted[item.objective] = counted.get(item.objective, 0) + 1
    return counted


def _of_item(sheet: Sheet | None, item: str, maximum: float, observed: bool) -> Mark:
    if sheet is None or item not in sheet.points:
        return Mark("not observed" if observed else "not handed in")
    points = sheet.points[item]
    if observed and item not in sheet.by_hand:
        return Mark("waits" if points is None else "not observed")
    return Mark("waits") if points is None else Mark("marked", points, maximum)


def _joined(parts: list[Mark]) -> Mark:
    """One mark from those of several items: of what is there, and waiting where one of them waits."""
    there = [part for part in parts if part.state == "marked"]
    if any(part.state == "waits" for part in parts):
        return Mark("waits")
    if not there:
        return parts[0]
    return Mark("marked", sum(part.earned for part in there), sum(part.possible for part in there))


def summary(marks: Iterable[Mark]) -> Summary:
    """Of a class in one module or objective; no number below a certain size."""
    percents = sorted(mark.percent for mark in marks if mark.percent is not None)
    if len(percents) < thresholds.FOR_A_SUMMARY:
        return Summary(
            len(percents), note=thresholds.too_few(len(percents), thresholds.FOR_A_SUMMARY, "a summary")
        )
    low, middle, high = statistics.quantiles(percents, n=4, method="inclusive")
    return Summary(len(percents), statistics.fmean(percents), middle, (low, high))


def lowest(marks: Mapping[str, Mark], count: int = 3, below: float = 60.0) -> list[tuple[str, float]]:
    """The objectives in which a learner stands lowest, where that is below a percentage."""
    known = [(mark.percent, objective) for objective, mark in marks.items() if mark.percent is not None]
    return [(objective, percent) for percent, objective in sorted(known)[:count] if percent < below]
