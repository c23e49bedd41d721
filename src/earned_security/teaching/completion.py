"""Who has completed the course: its rule (``curriculum/completion.py``) held against nbgrader's gradebook.

Two things have to be read out of points:

- **The test after the course** is the form that was handed in last, where both were. A gradebook keeps the latest
  submission of each form and nothing about why it was taken; but one form comes before the course, the other after
  it, and a retake is on the other form, so the latest of the two is never the first. A single form is the one before.
  Where ``course.yaml`` says from when on a form is one after the course, that date decides.
- **A safe path** is points above 0. Marking gives a played case nothing where a choice failed safety or where it did not
  come to an ending, and a person marks the written route to the same standard, so one rule serves both routes and
  respects what an instructor has put right by hand. A play with no failure of safety and no acceptable decision either
  earns nothing too, and is "not yet" as well: a gate errs on that side.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import floor
from pathlib import Path
from typing import Any, Literal

from earned_security import curriculum
from earned_security.curriculum.completion import CompletionRule, Place
from earned_security.teaching.bank import course_banks
from earned_security.teaching.course_folder import open_course
from earned_security.teaching.repair import Standing, standings

State = Literal["met", "not yet", "waits", "cannot be said"]

NOT_HANDED_IN = "not handed in"


@dataclass(frozen=True)
class Submission:
    """What one learner has handed in for one assignment. ``when``: in UTC; None where the gradebook has no time.

    ``maximum``: the points that the assignment has, as the gradebook counts them.
    """

    when: datetime | None
    maximum: float
    items: Mapping[str, Standing]


Submissions = Mapping[str, Submission]  # of one learner, by assignment


@dataclass(frozen=True)
class Part:
    """One part of the rule: whether it is met, and why one can say so."""

    name: str
    state: State
    reason: str


@dataclass(frozen=True)
class Completion:
    """Where one learner stands. The objectives of performance stand beside the rule and are no part of it.

    ``observed``: objectives for which a person has entered points. ``waiting``: handed in, and no points yet.
    ``unobserved``: nothing was handed in.
    """

    learner: str
    parts: tuple[Part, ...]
    observed: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    unobserved: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        return all(part.state == "met" for part in self.parts)


@dataclass(frozen=True)
class Plan:
    """What a course asks: its rule, the items that it has dropped by assignment, and its observed tasks.

    ``post_test_from``: from when on a form is one after the course; it knows its time zone. ``tasks``: objective by item. ``performances``: every objective that is to be observed, in order.
    """

    rule: CompletionRule
    dropped: Mapping[str, Sequence[str]] = field(default_factory=dict)
    tasks: Mapping[str, str] = field(default_factory=dict)
    performances: tuple[str, ...] = ()
    post_test_from: datetime | None = None


def of_course(folder: Path) -> list[Completion]:
    """Everybody in a course's gradebook, by their ids.

    Raises:
        ContentError: the settings or a bank have mistakes.
        TeachingError: the folder holds no course.
    """
    settings, api = open_course(folder)
    rule = settings.completion
    banks = [bank for bank in course_banks(settings) if bank.assignment == rule.observed_tasks]
    tasks = {item.id: item.objective for bank in banks for item, _ in bank.items}
    objectives = curriculum.load().objectives.values()
    performances = tuple(objective.id for objective in objectives if objective.kind == "performance")
    plan = Plan(rule, settings.dropped, tasks, performances, settings.post_test_from)
    with api.gradebook as gradebook:
        return [completion(learner, found, plan) for learner, found in read(gradebook, rule).items()]


def read(gradebook: Any, rule: CompletionRule) -> dict[str, dict[str, Submission]]:
    """What the rule looks at, for each learner of nbgrader's gradebook, in the order of their ids."""
    from nbgrader.api import MissingEntry

    found: dict[str, dict[str, Submission]] = {name: {} for name in sorted(s.id for s in gradebook.students)}
    for name in dict.fromkeys(
        [*rule.forms, rule.safe_path.assignment, rule.capstone.assignment, rule.observed_tasks]
    ):
        try:
            assignment = gradebook.find_assignment(name)
        except MissingEntry:
            continue
        items: dict[str, dict[str, Standing]] = {}
        for (learner, item), standing in standings(gradebook, name).items():
            items.setdefault(learner, {})[item] = standing
        for submission in assignment.submissions:
            learner = submission.student.id
            found[learner][name] = Submission(
                submission.timestamp, float(assignment.max_score), items.get(learner, {})
            )
    return found


def completion(learner: str, submissions: Submissions, plan: Plan) -> Completion:
    """Where a learner stands. Pure; what is missing is "not yet", never an error."""
    rule = plan.rule
    parts = (
        Part("knowledge test", *_knowledge_test(submissions, plan)),
        Part("safe path", *_safe_path(submissions, plan)),
        Part("capstone", *_capstone(submissions, plan)),
    )
    handed_in = submissions.get(rule.observed_tasks)
    by_objective: dict[str, list[Standing]] = {objective: [] for objective in plan.performances}
    for item, standing in handed_in.items.items() if handed_in else ():
        if item in plan.tasks:
            by_objective.setdefault(plan.tasks[item], []).append(standing)
    # Points entered by a person stay when the learner hands in again; what is blank has points from no person.
    observed = [name for name, found in by_objective.items() if any(one.by_hand is not None for one in found)]
    waiting = [
        name
        for name, found in by_objective.items()
        if name not in observed and any(one.waiting for one in found)
    ]
    unobserved = [name for name in by_objective if name not in observed and name not in waiting]
    return Completion(learner, parts, tuple(observed), tuple(waiting), tuple(unobserved))


def _points(standing: Standing | None) -> float | None:
    """What an item earned, without extra credit; None where a person has still to look at it."""
    if standing is None or standing.waiting:
        return None
    return standing.automatic if standing.by_hand is None else standing.by_hand


def form_after_the_course(submissions: Submissions, plan: Plan) -> str | tuple[State, str]:
    """The form of the knowledge test that is the one after the course; or, where there is none, what to say."""
    taken = [(name, submissions[name]) for name in plan.rule.forms if name in submissions]
    if not taken:
        return "not yet", NOT_HANDED_IN
    times = [submission.when for _, submission in taken]
    if None in times or len(set(times)) < len(times):
        return "cannot be said", "the gradebook does not say which form was handed in when"
    name, last = max(taken, key=lambda each: each[1].when or datetime.min)
    since = plan.post_test_from and plan.post_test_from.astimezone(UTC).replace(tzinfo=None)
    if (last.when is not None and last.when < since) if since else len(taken) < 2:
        return "not yet", f"only {name}, before the course"
    return name


def _knowledge_test(submissions: Submissions, plan: Plan) -> tuple[State, str]:
    name = form_after_the_course(submissions, plan)
    if not isinstance(name, str):
        return name
    last = submissions[name]
    earned = [_points(standing) for standing in last.items.values()]
    if not earned or None in earned or last.maximum <= 0:
        return "waits", f"{name} is not marked yet"
    percent = 100 * sum(points or 0.0 for points in earned) / last.maximum
    return _reached(percent, plan.rule.percent, f"{name}: {floor(10 * percent) / 10:g} %")


def _reached(value: float, needed: float, reason: str) -> tuple[State, str]:
    return ("met" if value >= needed - 1e-9 else "not yet"), reason


def _one(place: Place, submissions: Submissions, plan: Plan) -> tuple[State, str] | float:
    """The points of an item that the rule names; or, where there are none to go by, what to say."""
    if place.item in plan.dropped.get(place.assignment, ()):
        return "cannot be said", f"{place.item} was dropped in course.yaml"
    if place.assignment not in submissions:
        return "not yet", NOT_HANDED_IN
    points = _points(submissions[place.assignment].items.get(place.item))
    return ("waits", "for a marker") if points is None else points


def _safe_path(submissions: Submissions, plan: Plan) -> tuple[State, str]:
    points = _one(plan.rule.safe_path, submissions, plan)
    if not isinstance(points, float | int):
        return points
    return ("met", "safe") if points > 0 else ("not yet", "not safe, or not to an ending")


def _capstone(submissions: Submissions, plan: Plan) -> tuple[State, str]:
    points = _one(plan.rule.capstone, submissions, plan)
    if not isinstance(points, float | int):
        return points
    return _reached(points, plan.rule.capstone_points, f"{points:g} of {plan.rule.capstone_maximum:g}")
