"""Which ways a class took through a played case: how many passed from scene to scene, and what they chose there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from earned_security import cases
from earned_security.assessment.items import Item
from earned_security.cases import drawing
from earned_security.teaching.report import thresholds
from earned_security.teaching.report.gathering import Cohort, Work

BRANCH = "the safety branch"
SAFETY = "safety"  # in place of an option's quality: a step into the safety branch or out of it


@dataclass(frozen=True)
class Flow:
    """So many passages from one scene to another by options of one quality (preferred, defensible, poor, safety)."""

    source: str
    target: str
    quality: str
    count: int


@dataclass(frozen=True)
class Chosen:
    """An option and how many learners chose it at least once. ``failed_safety``: it stopped the scene."""

    scene: str
    option: str
    quality: str
    learners: int
    failed_safety: bool


@dataclass(frozen=True)
class Paths:
    """A class in one case. ``rows``: the scenes that somebody came to, in the order of the story, by their ids.

    ``written``: how many took the written route; ``note`` says why nothing is drawn, and there are no flows then.
    """

    assignment: str
    item: Item
    case: cases.Case
    learners: int
    written: int
    rows: tuple[tuple[str, ...], ...] = ()
    flows: tuple[Flow, ...] = ()
    endings: tuple[tuple[str, int], ...] = ()
    choices: tuple[Chosen, ...] = ()
    note: str = ""

    def title(self, scene: str) -> str:
        return "The safety branch" if scene == BRANCH else self.case.scenes[scene].title


def of_cohort(cohort: Cohort) -> list[Paths]:
    """Every played case of a course that somebody handed in."""
    found = []
    for work in cohort.works:
        for item, _ in work.counted:
            if item.type == "play-case" and work.sheets:
                found.append(_paths(work, item))
    return found


@lru_cache(maxsize=16)
def _case(case_id: str) -> cases.Case:
    return cases.load(case_id)


def _paths(work: Work, item: Item) -> Paths:
    case = _case(item.content["case"])
    answers = [sheet.answers[item.id] for sheet in work.sheets.values() if item.id in sheet.answers]
    written = sum(isinstance(answer, dict) and "alternative" in answer for answer in answers)
    plays = [
        play for play in (cases.from_stored(case, answer)[0] for answer in answers) if play and play.steps
    ]
    known = (work.bank.assignment, item, case, len(plays), written)
    if len(plays) < thresholds.FOR_PATHS:
        note = thresholds.too_few(len(plays), thresholds.FOR_PATHS, "the ways through a case")
        return Paths(*known, note=f"{note} A single path would point to a person.")
    flows = Counter(passage for play in plays for passage in _passages(case, play))
    endings = Counter(play.scene for play in plays if case.scenes[play.scene].ending)
    met = {case.first_scene} | {scene for source, target, _ in flows for scene in (source, target)}
    rows: list[tuple[str, ...]] = []
    for row in drawing.rows(case):
        if BRANCH in met and any(case.scenes[scene].safety for scene in row):
            rows.append((BRANCH,))
        if own := tuple(scene for scene in row if scene in met):
            rows.append(own)
    if BRANCH in met and (BRANCH,) not in rows:
        rows.append((BRANCH,))
    return Paths(
        *known,
        tuple(rows),
        tuple(Flow(*passage, count) for passage, count in sorted(flows.items())),
        tuple(sorted(endings.items())),
        tuple(_choices(case, plays)),
    )


def _passages(case: cases.Case, play: cases.Play) -> Iterator[tuple[str, str, str]]:
    """From scene to scene; the safety branch is one, and a choice after which the scene stayed is no passage."""
    for step in play.steps:
        source, target = _place(case, step.scene), _place(case, step.leads_to)
        if source == target:
            continue
        by_hand = BRANCH in (source, target) or step.option in (cases.SAFETY, cases.RETURN)
        yield source, target, SAFETY if by_hand else _option(case, step).quality


def _place(case: cases.Case, scene: str) -> str:
    return BRANCH if case.scenes[scene].safety else scene


def _option(case: cases.Case, step: cases.Step) -> cases.Option:
    return next(option for option in case.scenes[step.scene].options if option.id == step.option)


def _choices(case: cases.Case, plays: list[cases.Play]) -> Iterator[Chosen]:
    counted = Counter(choice for play in plays for choice in set(play.path))
    for scene in case.scenes.values():
        for option in scene.options:
            if count := counted[scene.id, option.id]:
                yield Chosen(scene.id, option.text, option.quality, count, option.safety_failure is not None)
