"""`earned export`: marks, bank, a finished module, a package and a deck, as files for other systems. Nothing is sent."""

from __future__ import annotations

import argparse
import getpass
import json
import re
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from earned_security.teaching import TeachingError
from earned_security.teaching.commands import Act, command, in_course

if TYPE_CHECKING:
    from earned_security.teaching.bank import Bank

SYSTEMS = ("moodle", "canvas", "generic")  # as in marks.py, which `earned --help` need not wait for
ROOT = Path(__file__).resolve().parents[4]
BUILT = ROOT / "_build" / "html"
_ADDRESS = re.compile(r"[^@\s<>\"]+@[^@\s<>\"]+")


def add(commands: Any) -> None:
    """Add the commands to the subparsers of `earned`."""
    parser = commands.add_parser("export", help="Write files for other systems; nothing is sent.")
    inner = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    words = "Write everybody's marks as CSV for a learning management system's import."
    added = in_course(command(inner, "marks", export_marks, words))
    added.add_argument("--for", dest="system", choices=SYSTEMS, required=True, help="whose columns")
    added.add_argument(
        "--with-test-before", action="store_true", help="also the knowledge test before the course"
    )
    added.add_argument("--with-observed-tasks", action="store_true", help="also the observed tasks")
    _to(added, "COURSE/reports/marks-SYSTEM.csv")

    words = "Write the bank with its keys for another system. For instructors only."
    added = command(inner, "bank", export_bank, words)
    added.add_argument("--for", dest="system", choices=("qti", "moodle"), required=True, help="which format")
    added.add_argument(
        "course",
        type=Path,
        nargs="?",
        metavar="COURSE",
        help="with its private bank (default: the open bank)",
    )
    added.add_argument("--assignment", metavar="ASSIGNMENT", help="only this one (default: all)")
    _to(added, "bank-qti.zip or bank-moodle.xml")

    words = "Write what was done in a module as xAPI statements, from a learner's own folder."
    added = _anywhere(inner, "xapi", export_xapi, words)
    added.add_argument(
        "folder", type=Path, metavar="FOLDER", help="the learner's folder, or the file taken along"
    )
    added.add_argument("module", metavar="MODULE", help="its number or its name")
    added.add_argument("--name", help="whose work it is (default: the name of this account)")
    added.add_argument("--mail", default="", metavar="ADDRESS", help="an address, where the system needs one")
    added.add_argument("--with-texts", action="store_true", help="also what was written freely")
    _to(added, "MODULE-xapi.json")

    words = "Write a module of the built book as a SCORM package; self-checks report their score."
    added = _anywhere(inner, "scorm", export_scorm, words)
    added.add_argument("module", metavar="MODULE", help="its number or its name")
    added.add_argument("--version", choices=("2004", "1.2"), default="2004", help="(default: %(default)s)")
    _to(added, "MODULE-scorm.zip")

    words = "Write the glossary and the self-checks as a deck of cards for Anki."
    added = _anywhere(inner, "anki", export_anki, words)
    added.add_argument("to", type=Path, metavar="FILE.apkg")


def _to(parser: argparse.ArgumentParser, default: str) -> None:
    parser.add_argument("--to", type=Path, metavar="FILE", help=f"(default: {default})")


def _anywhere(commands: Any, name: str, act: Act, words: str) -> argparse.ArgumentParser:
    """A command that needs no nbgrader, so that it works on Windows too."""
    added: argparse.ArgumentParser = commands.add_parser(name, help=words, description=words)
    added.set_defaults(act=lambda arguments: _run(act, arguments))
    return added


def _run(act: Act, arguments: argparse.Namespace) -> int:
    from earned_security.curriculum import ContentError

    try:
        for line in act(arguments):
            print(line)
    except (TeachingError, ContentError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def write(file: Path, content: bytes, private: bool = False) -> Path:
    """Write a file whole; ``private``: only its owner can read it.

    Raises:
        TeachingError: it cannot be written.
    """
    file = file.expanduser()
    part = file.with_name(f".{file.name}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        part.touch(mode=0o600 if private else 0o666)
        part.write_bytes(content)
        part.replace(file)
    except OSError as error:
        raise TeachingError(f"{file} cannot be written: {error.strerror}.") from error
    return file


def export_marks(arguments: argparse.Namespace) -> Iterable[str]:
    from earned_security.teaching.export import marks

    found = marks.of_course(arguments.folder, arguments.with_test_before, arguments.with_observed_tasks)
    if not found.learners:
        raise TeachingError("The gradebook has no learners yet: earned course roster imports them.")
    system = arguments.system
    default = arguments.folder / "reports" / f"marks-{system}.csv"
    # A spreadsheet needs the mark at the beginning to read letters right; an import may stumble over it.
    coding = "utf-8-sig" if system == "generic" else "utf-8"
    file = write(arguments.to or default, marks.table(found, system).encode(coding), private=True)
    yield f"{len(found.learners)} learners, {len(found.columns)} columns: {file}"
    yield from found.left_out
    if system == "moodle":
        yield "Marks are percent. In Moodle: Grades, Import, CSV file; identify people by Username or Email address."
    if system == "canvas":
        yield "In Canvas: Grades, Import. Compare the preview before you save."


def _banks(arguments: argparse.Namespace) -> list[Bank]:
    from earned_security.teaching import course_settings
    from earned_security.teaching.bank import OPEN_BANK, course_banks, read_banks

    if arguments.course is None:
        banks = read_banks(OPEN_BANK)
        if not banks:
            raise TeachingError("The open bank was not found. Run this from a clone of the course.")
    else:
        folder = arguments.course.expanduser()
        if not (folder / course_settings.FILE).is_file():
            raise TeachingError(f"{folder} holds no course. `earned course new` makes one.")
        banks = course_banks(course_settings.read(folder))
    wanted = arguments.assignment
    chosen = [bank for bank in banks if wanted in (None, bank.assignment)]
    if not chosen:
        names = ", ".join(bank.assignment for bank in banks)
        raise TeachingError(f"No assignment is called '{wanted}'. There are: {names or 'none'}.")
    return chosen


def export_bank(arguments: argparse.Namespace) -> Iterable[str]:
    from earned_security.teaching.export import moodle_xml, qti, qti_package

    banks = _banks(arguments)
    if arguments.system == "qti":
        why_not, content, default = qti.why_not, qti_package.package(banks), "bank-qti.zip"
        said = [
            "Valid QTI 2.1 by its schema; no learning management system was tried. Import it where no learner is first.",
            "QTI rounds nothing: a part of the points may differ from this course's by less than a hundredth.",
        ]
    else:
        why_not, content, default = moodle_xml.why_not, moodle_xml.quiz(banks), "bank-moodle.xml"
        said = [
            "No real Moodle was tried. Import it into a course of its own first, and look at each question.",
            *moodle_xml.differences(banks),
        ]
    items = [pair for bank in banks for pair in bank.items]
    left_out: dict[str, list[str]] = {}
    for item, key in items:
        if why := why_not(item, key):
            left_out.setdefault(why, []).append(item.id)
    file = write(arguments.to or Path(default), content, private=True)
    count = len(items) - sum(map(len, left_out.values()))
    yield f"{count} questions of {len(banks)} {'assignment' if len(banks) == 1 else 'assignments'}: {file}"
    yield "THE RIGHT ANSWERS ARE IN THIS FILE. Keep it from learners, and delete it when it is imported."
    for why, names in left_out.items():
        yield f"Left out, because {why}: {', '.join(names)}."
    yield from said


def export_xapi(arguments: argparse.Namespace) -> Iterable[str]:
    from earned_security.teaching.export import xapi

    if arguments.mail and not _ADDRESS.fullmatch(arguments.mail):
        raise TeachingError(f"'{arguments.mail}' is no mail address.")
    name = arguments.name or getpass.getuser()
    module = xapi.find_module(arguments.module)
    folder = arguments.folder.expanduser()
    progress = folder / "modules" / "progress.json" if folder.is_dir() else folder
    found = xapi.read(progress, module)
    statements = xapi.statements(module, found, xapi.Learner(name, arguments.mail), arguments.with_texts)
    if not statements:
        raise TeachingError(f"Nothing is answered yet in “{module.title}”, so there is nothing to hand in.")
    text = json.dumps(statements, ensure_ascii=False, indent=1)
    file = write(arguments.to or Path(f"{module.id}-xapi.json"), text.encode(), private=True)
    yield f"{len(statements)} statements about {name}: {file}"
    missing = [done.item.title for done in found if done.entry is None]
    if missing:
        yield f"Not answered yet, so the module is not said to be completed: {'; '.join(missing)}."
    if not arguments.with_texts:
        yield "What you wrote freely is not in it. To put it in: --with-texts."
    yield "Nothing was sent: read the file, and hand it in yourself."


def export_scorm(arguments: argparse.Namespace) -> Iterable[str]:
    from earned_security.teaching.export import scorm, xapi

    module = xapi.find_module(arguments.module)
    content = scorm.package(BUILT, module, arguments.version)
    file = write(arguments.to or Path(f"{module.id}-scorm.zip"), content)
    yield f"“{module.title}” as SCORM {arguments.version}, {len(content) / 1e6:.1f} MB: {file}"
    yield "It reports which self-checks have an answer, and their score. There is no pass mark, and no graded key in it."


def export_anki(arguments: argparse.Namespace) -> Iterable[str]:
    from earned_security.teaching.export import anki

    file = write(arguments.to, anki.deck(time.time()))
    yield f"Glossary and self-checks as a deck for Anki: {file}"
    yield "Import a later edition over it: texts are renewed, and what you learned stays."
