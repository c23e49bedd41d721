"""The report's numbers as CSV files for a spreadsheet, one a subject; the same labels as on the page."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from earned_security.teaching.report.marks import Mark
from earned_security.teaching.report.results import Results
from earned_security.teaching.spreadsheet import harmless

Rows = tuple[Sequence[str], Iterable[Sequence[Any]]]


def write(folder: Path, results: Results) -> list[Path]:
    """Write every table.

    Raises:
        OSError: a file cannot be written.
    """
    files = []
    for name, (heads, rows) in tables(results).items():
        files.append(folder / f"{name}.csv")
        with files[-1].open("w", encoding="utf-8-sig", newline="") as stream:
            lines = csv.writer(stream)
            lines.writerow(heads)
            lines.writerows([_cell(value) for value in row] for row in rows)
    return files


def _cell(value: Any) -> Any:
    """Numbers with six digits; a text that a spreadsheet would take for a formula is marked as a text."""
    if isinstance(value, float):
        return f"{value:.6g}"
    return "" if value is None else harmless(str(value))


def tables(results: Results) -> dict[str, Rows]:
    """Heads and rows by the name of the file."""
    labels = results.labels
    mark_heads = ("state", "points", "of", "percent")
    return {
        "marks-by-module": (
            ("learner", "module", *mark_heads),
            [
                (labels[learner], module, *_mark(mark))
                for learner, own in results.modules.items()
                for module, mark in own.items()
            ],
        ),
        "marks-by-objective": (
            ("learner", "objective", *mark_heads),
            [
                (labels[learner], objective, *_mark(mark))
                for learner, own in results.objectives.items()
                for objective, mark in own.items()
            ],
        ),
        "gain": (
            ("learner", "form taken before", "percent before", "percent after", "gain"),
            [
                (labels[pair.learner], pair.first_form, pair.before, pair.after, pair.after - pair.before)
                for pair in results.gains.pairs
            ],
        ),
        "gain-of-the-class": (
            ("what", "value", "95 % from", "to", "learners"),
            _gain(results),
        ),
        "items": (
            (
                "assignment", "item", "type", "objective", "points", "learners", "answered", "difficulty",
                "discrimination", "95 % from", "to", "review", "why", "note",
            ),
            _items(results),
        ),
        "options": (
            ("assignment", "item", "entry", "option", "key", "chosen", "stronger half", "weaker half", "discrimination"),
            [
                (
                    analysis.work.bank.assignment, each.item.id, choice.of, choice.text, "yes" if choice.key else "",
                    choice.chosen, choice.upper, choice.lower, choice.discrimination,
                )
                for analysis in results.analyses
                for each in analysis.items
                for choice in each.choices
            ],
        ),
        "reliability": (
            ("assignment", "which", "value", "95 % from", "to", "error in points", "items", "learners", "note"),
            [
                (
                    analysis.work.bank.assignment, found.name, found.value, *(found.interval or (None, None)),
                    found.error, found.items, found.learners, found.note,
                )
                for analysis in results.analyses
                for found in (analysis.reliability,)
            ],
        ),
        "case-passages": (
            ("case", "from", "to", "quality", "passages"),
            [
                (paths.case.id, paths.title(flow.source), paths.title(flow.target), flow.quality, flow.count)
                for paths in results.paths
                for flow in paths.flows
            ],
        ),
        "case-choices": (
            ("case", "scene", "option", "quality", "failed safety", "learners"),
            [
                (
                    paths.case.id, paths.title(each.scene), each.option, each.quality,
                    "yes" if each.failed_safety else "", each.learners,
                )
                for paths in results.paths
                for each in paths.choices
            ],
        ),
    }  # fmt: skip


def _mark(mark: Mark) -> tuple[Any, ...]:
    if mark.state != "marked":
        return mark.state, None, None, None
    return mark.state, mark.earned, mark.possible, mark.percent


def _gain(results: Results) -> Iterable[Sequence[Any]]:
    gain = results.gains.gain
    if gain is None:
        return [(results.gains.note, None, None, None, len(results.gains.pairs))]
    none = (None, None)
    return [
        ("mean before, percent", gain.before, *none, gain.learners),
        ("mean after, percent", gain.after, *none, gain.learners),
        ("mean gain, percentage points", gain.gain, *gain.gain_interval, gain.learners),
        ("normalised gain", gain.normalised, *(gain.normalised_interval or none), gain.learners),
        ("effect size, Cohen's d", gain.effect, *(gain.effect_interval or none), gain.learners),
    ]


def _items(results: Results) -> Iterable[Sequence[Any]]:
    for analysis in results.analyses:
        for each in analysis.items:
            yield (
                analysis.work.bank.assignment, each.item.id, each.item.type, each.item.objective, each.item.points,
                each.learners, each.answered, each.difficulty, each.discrimination, *(each.interval or (None, None)),
                "; ".join(flag.kind for flag in each.flags), " ".join(flag.reason for flag in each.flags), each.note,
            )  # fmt: skip
