"""Everything that a report says, worked out once for the page and for the tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from earned_security.teaching.report import case_paths, learning_gain, marks
from earned_security.teaching.report.case_paths import Paths
from earned_security.teaching.report.gathering import Cohort, Work
from earned_security.teaching.report.item_analysis import Analysed, analyse, marked
from earned_security.teaching.report.learning_gain import Gains
from earned_security.teaching.report.marks import Marks
from earned_security.teaching.report.reliability import Reliability, reliability

Say = Callable[[str], None]


@dataclass(frozen=True)
class Analysis:
    """The items of one assignment. ``learners``: whose work is marked. ``unlike``: answers that do not go with the marks."""

    work: Work
    learners: int
    items: tuple[Analysed, ...]
    reliability: Reliability
    unlike: int

    @property
    def to_review(self) -> tuple[Analysed, ...]:
        return tuple(item for item in self.items if item.flags)


@dataclass(frozen=True)
class Results:
    """``labels``: what stands for each learner, a code or a name."""

    cohort: Cohort
    labels: Mapping[str, str]
    named: bool
    modules: Marks
    objectives: Marks
    gains: Gains
    analyses: tuple[Analysis, ...]
    paths: tuple[Paths, ...]


def of_cohort(cohort: Cohort, names: bool = False, say: Say = lambda line: None) -> Results:
    """Work everything out.

    Args:
        names: show learners by their names; otherwise by codes.
        say: takes a line of progress.
    """
    say("Working out marks and the gain from the first test to the second")
    labels = (
        {id_: f"{name} ({id_})" if name else id_ for id_, name in cohort.learners.items()}
        if names
        else cohort.codes()
    )
    modules, objectives = marks.by_module(cohort), marks.by_objective(cohort)
    gains = learning_gain.gains(cohort)
    analyses = []
    handed_in = [work for work in cohort.works if work.sheets]
    for count, work in enumerate(handed_in, start=1):
        say(f"Analysing the items of {work.bank.assignment} ({count} of {len(handed_in)})")
        if work.bank.assignment != cohort.rule.observed_tasks:
            analyses.append(_analysis(work))
    say("Following the ways through the cases")
    paths = tuple(case_paths.of_cohort(cohort))
    return Results(cohort, labels, names, modules, objectives, gains, tuple(analyses), paths)


def _analysis(work: Work) -> Analysis:
    sheets = list(work.sheets.values())
    items = tuple(analyse(work.bank.items, sheets))
    unlike = sum(len(sheet.unlike) for sheet in sheets)
    return Analysis(work, len(marked(sheets)), items, reliability(work.bank.items, sheets), unlike)
