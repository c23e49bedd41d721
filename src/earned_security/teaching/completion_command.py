"""`earned completion`: who has completed the course, as a table in the terminal and as CSV."""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from earned_security.teaching import TeachingError
from earned_security.teaching.commands import command, in_course

if TYPE_CHECKING:
    from earned_security.teaching.completion import Completion


def add(commands: Any) -> None:
    """Add the command to the subparsers of `earned`."""
    words = "Say for each learner which parts of completing the course are met, and which objectives nobody observed."
    added = in_course(command(commands, "completion", report, words))
    added.add_argument("--csv", type=Path, metavar="FILE", help="write the same as a table for a spreadsheet")


def report(arguments: argparse.Namespace) -> Iterable[str]:
    from earned_security.teaching import completion

    found = completion.of_course(arguments.folder)
    if not found:
        yield "The gradebook has no learners yet: earned course roster imports them."
        return
    yield from table(found)
    yield ""
    yield f"{sum(each.complete for each in found)} of {len(found)} have completed the course."
    yield from unassessed(found)
    if arguments.csv:
        write(arguments.csv, found)
        yield f"The same as a table: {arguments.csv}"


def table(found: Sequence[Completion]) -> Iterable[str]:
    """One line for each learner, under a line of heads."""
    heads = ["", *(part.name for part in found[0].parts), "completed"]
    rows = [heads]
    for each in found:
        parts = [f"{part.state} ({part.reason})" for part in each.parts]
        rows.append([each.learner, *parts, "yes" if each.complete else "no"])
    widths = [max(len(row[column]) for row in rows) for column in range(len(heads))]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def unassessed(found: Sequence[Completion]) -> Iterable[str]:
    """Which objectives of performance stay unassessed, learner by learner; no other score stands in for them."""
    yield "Performance is observed by a person and is no part of this. Beside it:"
    for each in found:
        said = [
            f"{len(each.observed)} observed",
            f"no points yet: {', '.join(each.waiting)}" if each.waiting else "",
            f"unassessed: {', '.join(each.unobserved)}" if each.unobserved else "",
        ]
        yield f"  {each.learner}: {'; '.join(filter(None, said))}"


def write(file: Path, found: Sequence[Completion]) -> None:
    """The same as CSV: for each part its state and the reason; objectives parted by spaces.

    Raises:
        TeachingError: the file cannot be written.
    """
    names = [part.name for part in found[0].parts]
    heads = [head for name in names for head in (name, f"{name}: why")]
    rows = [["learner", "completed", *heads, "observed", "no points yet", "unassessed"]]
    for each in found:
        states = [cell for part in each.parts for cell in (part.state, part.reason)]
        objectives = [" ".join(names) for names in (each.observed, each.waiting, each.unobserved)]
        rows.append([each.learner, "yes" if each.complete else "no", *states, *objectives])
    try:
        with file.expanduser().open("w", encoding="utf-8-sig", newline="") as stream:
            csv.writer(stream).writerows(rows)
    except OSError as error:
        raise TeachingError(f"{file} cannot be written: {error.strerror}.") from error
