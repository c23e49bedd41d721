"""The commands of `earned` for teaching. Each imports what it needs, so that `earned --help` is instant."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from earned_security.teaching import TeachingError

Act = Callable[[argparse.Namespace], Iterable[str]]


class NotAllWell(Exception):
    """Everything was said, and something in it needs a person: the command's status is 1."""


def add(commands: Any) -> None:
    """Add the commands to the subparsers of `earned`."""
    _in_a_course(commands)
    words = "Demonstrate a class: synthetic trainees go through a whole nbgrader cycle. Linux and macOS."
    added = command(commands, "class", demonstrate_class, words)
    added.add_argument(
        "--students", type=int, default=12, metavar="N", help="how many trainees (default: %(default)s)"
    )
    added.add_argument("--seed", type=int, default=0, metavar="S", help="the same seed gives the same class")
    added.add_argument("--folder", type=Path, help="where to put the course (default: a temporary folder)")

    parser = commands.add_parser("course", help="A real course: make, check and fill its folder.")
    inner = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    in_course(command(inner, "new", course_new, "Make the folder of a new course, with its settings."))
    words = "Import learners from a CSV file with the columns id, first_name, last_name, email; only id is needed."
    added = in_course(command(inner, "roster", course_roster, words))
    added.add_argument("roster", type=Path, metavar="ROSTER.csv")
    words = "Make an assignment from the banks: the instructor's source and the version for learners."
    _assignment(command(inner, "assemble", course_assemble, words))
    words = "Find what would go wrong later: settings, banks, keys, exchange, gradebook."
    in_course(command(inner, "check", course_check, words))


def _in_a_course(commands: Any) -> None:
    words = "Check what was handed in before it is marked; list what is in quarantine, and why."
    added = in_course(command(commands, "intake", intake, words))
    added.add_argument("--assignment", metavar="ASSIGNMENT", help="only this one (default: all)")
    words = "Mark what was handed in for an assignment, a whole class at once; no code of a trainee runs."
    added = _assignment(command(commands, "mark", mark, words))
    added.add_argument("--students", nargs="+", metavar="ID", help="only these (default: everybody)")
    added.add_argument(
        "--force", action="store_true", help="also what is marked already and not handed in again"
    )
    words = "Mark everybody again after a corrected key or a dropped item, and say what changed."
    _assignment(command(commands, "regrade", regrade, words))
    words = "Draw a sample for a second marker, or read the second marks back and say how far both agree."
    added = _assignment(command(commands, "second-marking", second_marking, words))
    added.add_argument("--share", type=_share, help="of those who handed in (default: as course.yaml says)")
    added.add_argument("--seed", type=int, default=0, help="the same seed draws the same sample")
    added.add_argument("--read", type=Path, metavar="FORM", help="the filled-in form")


def command(commands: Any, name: str, act: Act, words: str) -> argparse.ArgumentParser:
    """Add a command whose lines are printed and whose failures are said in words."""
    added: argparse.ArgumentParser = commands.add_parser(name, help=words, description=words)
    added.set_defaults(act=lambda arguments: _run(act, arguments))
    return added


def in_course(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """Let a command take the folder of a course."""
    parser.add_argument("folder", type=Path, metavar="COURSE", help="the course's folder")
    return parser


def _assignment(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    in_course(parser).add_argument("assignment", metavar="ASSIGNMENT")
    return parser


def _share(text: str) -> float:
    if not 0 < float(text) <= 1:
        raise argparse.ArgumentTypeError("must be above 0 and at most 1")
    return float(text)


def _run(act: Act, arguments: argparse.Namespace) -> int:
    """Print what a step of teaching says; its failure in words."""
    if sys.platform == "win32":
        print(
            "Teaching needs Linux or macOS, because nbgrader's exchange does. Reading and learning work here."
        )
        return 1
    from earned_security.curriculum import ContentError

    try:
        for line in act(arguments):
            print(line)
    except NotAllWell:
        return 1
    except (TeachingError, ContentError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def demonstrate_class(arguments: argparse.Namespace) -> Iterable[str]:
    from earned_security.teaching import demonstration

    demonstration.run(students=arguments.students, seed=arguments.seed, folder=arguments.folder)
    return ()


def course_new(arguments: argparse.Namespace) -> Iterable[str]:
    from earned_security.teaching import course_folder

    folder = course_folder.new(arguments.folder)
    yield f"The course is in {folder}. Its settings are in course.yaml; read them through first. Then:"
    yield f"  earned course roster {folder} ROSTER.csv"
    yield f"  earned course assemble {folder} ASSIGNMENT"
    yield f"  earned course check {folder}"


def course_roster(arguments: argparse.Namespace) -> Iterable[str]:
    from earned_security.teaching import course_folder

    count = course_folder.enrol(arguments.folder, arguments.roster)
    yield f"{count} learners are in the gradebook, with their names as the settings say. Nobody was removed."


def course_assemble(arguments: argparse.Namespace) -> Iterable[str]:
    from earned_security.teaching import course_folder

    released = course_folder.assemble(arguments.folder, arguments.assignment)
    yield f"What learners will get: {released}"
    if (sheets := course_folder.sheets_of(arguments.folder, arguments.assignment)).exists():
        yield f"For those who observe: {sheets}"
    yield f"Release it in formgrader, or in the course's folder: nbgrader release_assignment {arguments.assignment}"


def course_check(arguments: argparse.Namespace) -> Iterable[str]:
    from earned_security.teaching import course_check as checking

    problems = checking.problems(arguments.folder)
    yield from map(str, problems)
    yield f"{len(problems)} problems." if len(problems) != 1 else "1 problem."
    if problems:
        raise NotAllWell


def intake(arguments: argparse.Namespace) -> Iterable[str]:
    from earned_security.teaching import placed

    return placed.report(arguments.folder.expanduser().resolve(), arguments.assignment)


def mark(arguments: argparse.Namespace) -> Iterable[str]:
    from earned_security.teaching import bulk

    outcomes = bulk.mark_course(
        arguments.folder,
        arguments.assignment,
        arguments.students,
        arguments.force,
        say=lambda line: print(f"Marked {line}", flush=True),
    )
    yield from bulk.report(outcomes)
    if any(outcome.state == "could not be marked" for outcome in outcomes):
        raise NotAllWell


def regrade(arguments: argparse.Namespace) -> Iterable[str]:
    from earned_security.teaching import repair

    report = repair.regrade(arguments.folder, arguments.assignment, say=print)
    yield from report.lines()
    yield f"The same as a table: {report.file}"
    yield "Generate and release feedback again where points changed."


def second_marking(arguments: argparse.Namespace) -> Iterable[str]:
    from earned_security.teaching import second_marking as second

    folder, assignment = arguments.folder, arguments.assignment
    if arguments.read:
        yield from second.read_form(folder, assignment, arguments.read)
        return
    form = second.write_form(folder, assignment, arguments.share, arguments.seed)
    yield f"{form.rows} texts of {form.submissions} submissions. For the second marker: {form.file}"
    yield f"The mark schemes: {form.schemes}"
    yield f"Afterwards: earned second-marking {folder} {assignment} --read {form.file}"
