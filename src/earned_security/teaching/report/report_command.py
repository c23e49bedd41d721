"""`earned report`: a course as one page and as tables."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

from earned_security.teaching import TeachingError
from earned_security.teaching.commands import command, in_course

PAGE = "report.html"


def add(commands: Any) -> None:
    """Add the command to the subparsers of `earned`."""
    words = "Report on a course: marks, gain in knowledge, items to review, ways through the cases; a page and CSV files."
    added = in_course(command(commands, "report", report, words))
    added.add_argument(
        "--names", action="store_true", help="show learners by their names (default: by codes such as T01)"
    )
    words = "where to put it (default: reports/report in the course's folder)"
    added.add_argument("--folder", dest="into", type=Path, metavar="FOLDER", help=words)


def report(arguments: argparse.Namespace) -> Iterable[str]:
    _require_libraries()
    folder: Path = arguments.folder.expanduser().resolve()
    into: Path = (arguments.into or folder / "reports" / "report").expanduser().resolve()
    files = write(folder, into, arguments.names, lambda line: print(line, flush=True))
    yield f"The report: {files[0]}"
    yield f"The same numbers as tables: {len(files) - 1} CSV files beside it."
    yield "These files are about people. Keep them where you keep the marks, and delete them when you delete those."


def write(
    folder: Path, into: Path, names: bool = False, say: Callable[[str], None] = lambda line: None
) -> list[Path]:
    """Write the report on a course; the page first, then the tables. Only their owner can open them.

    Args:
        folder: the course's folder.
        into: is made where it is missing, for its owner alone.
        names: show learners by their names.
        say: takes a line of progress.

    Raises:
        ContentError: the settings or a bank have mistakes.
        TeachingError: the folder holds no course, nobody is in it, or a file cannot be written.
    """
    from earned_security.teaching.report import gathering, page, results, tables

    say("Reading the gradebook and what was handed in")
    cohort = gathering.of_course(folder)
    found = results.of_cohort(cohort, names, say)
    say("Writing the page and the tables")
    try:
        into.mkdir(mode=0o700, parents=True, exist_ok=True)
        (into / PAGE).write_text(page.page(found, date.today()), encoding="utf-8")
        files = [into / PAGE, *tables.write(into, found)]
        for file in files:  # the folder may be an older one, which others can open
            file.chmod(0o600)
        return files
    except OSError as error:
        raise TeachingError(f"The report cannot be written into {into}: {error.strerror}.") from error


def _require_libraries() -> None:
    try:
        import pingouin  # noqa: F401
        import scipy  # noqa: F401
    except ImportError as error:
        raise TeachingError(
            "The report needs libraries for statistics that are not installed. Run: "
            "pip install 'earned-security[report]'"
        ) from error
