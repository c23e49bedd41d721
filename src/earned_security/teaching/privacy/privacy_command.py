"""`earned privacy`: a copy of what is held on a learner, deleting it, and what is past its date."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from earned_security.teaching.commands import NotAllWell, command, in_course

if TYPE_CHECKING:
    from earned_security.teaching.privacy.holdings import Found
    from earned_security.teaching.privacy.place import Place


def add(commands: Any) -> None:
    """Add the commands to the subparsers of `earned`."""
    parser = commands.add_parser("privacy", help="Data protection: what is held on a learner; deleting it.")
    inner = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    words = "Write everything that is held on a learner into one zip file with an index in plain language."
    added = in_course(command(inner, "export", export, words))
    added.add_argument("learner", metavar="LEARNER", help="the learner's id")
    added.add_argument("--to", type=Path, metavar="FILE", help="the zip file (default: in COURSE/privacy)")
    words = "Delete a learner and everything of theirs. It shows first what will go, and asks."
    added = in_course(command(inner, "delete", delete, words))
    added.add_argument("learner", metavar="LEARNER", help="the learner's id")
    added.add_argument("--yes", action="store_true", help="do not ask")
    words = "List what is past the date until which course.yaml lets it be kept; with --delete, delete it."
    added = in_course(command(inner, "due", due, words))
    added.add_argument("--delete", action="store_true", help="delete it, after asking")
    added.add_argument("--yes", action="store_true", help="do not ask")


def export(arguments: argparse.Namespace) -> Iterable[str]:
    from earned_security.teaching.privacy import export as exporting
    from earned_security.teaching.privacy.place import Place

    place = Place.of(arguments.folder)
    path = exporting.export(place, place.identity(arguments.learner), arguments.to)
    yield f"Everything that is held here on {arguments.learner}: {path}"
    yield "Look through it before you hand it over: a comment or a file in quarantine may speak of somebody else."
    yield "Only your account can open it. Delete it when it has been handed over."


def delete(arguments: argparse.Namespace) -> Iterable[str]:
    from earned_security.teaching.privacy import deletion
    from earned_security.teaching.privacy.holdings import find, require_somebody
    from earned_security.teaching.privacy.place import Place

    learner = arguments.learner
    place = deletion.begun(Place.of(arguments.folder), learner)
    who = place.identity(learner)
    found = find(place, who)
    if not place.known:
        require_somebody(found, who, place)
    yield f"This is held on {learner}, and will be deleted:"
    yield from _listed(found, place)
    if found.notices:
        yield "\nThis will stay, and a person has to look at it:"
        yield from (f"  {notice}" for notice in found.notices)
    yield ""
    if not arguments.yes and not _agreed(
        f"It cannot be brought back. Type {learner} to delete it: ", learner
    ):
        yield "Nothing was deleted."
        raise NotAllWell
    done = deletion.delete(place, who)
    yield (
        f"Deleted: {done.wholes} files and folders, {done.parts} entries in files about others too, {done.rows} rows of "
        "the gradebook. A search afterwards found nothing more of theirs."
    )
    yield "\nWhat this could not reach:"
    yield from (f"  {each}" for each in done.left)


def due(arguments: argparse.Namespace) -> Iterable[str]:
    from earned_security.teaching.privacy import deletion
    from earned_security.teaching.privacy import due as dates
    from earned_security.teaching.privacy.place import Place

    place = Place.of(arguments.folder)
    for learner in deletion.unfinished(place):
        yield f"Deleting {learner} was begun and not finished: earned privacy delete {arguments.folder} {learner}"
    set_dates = dates.dates(place)
    for kind, until in set_dates.items():
        yield f"{dates.IN_WORDS[kind].capitalize()}: " + (
            f"until {until:%Y-%m-%d}" if until else "no date is set"
        )
    if not any(set_dates.values()):
        yield "Dates are set under `retention` in course.yaml."
    found = dates.due(place)
    if not found:
        yield "Nothing is past its date."
        return
    yield ""
    for each in found:
        yield f"Past its date: {dates.IN_WORDS[each.kind]}, of {len(each.learners)} learners."
    if not arguments.delete:
        yield f"To delete it: earned privacy due {arguments.folder} --delete"
        return
    name = place.settings.course
    if not arguments.yes and not _agreed(f"It cannot be brought back. Type {name} to delete it: ", name):
        yield "Nothing was deleted."
        raise NotAllWell
    count = dates.delete(place, found, lambda learner: print(f"Deleted: {learner}", flush=True))
    yield f"Deleted for {count} learners. What no command can reach: earned privacy delete --help, and the book."


def _agreed(question: str, word: str) -> bool:
    try:
        return input(question).strip() == word
    except EOFError:
        return False


def _listed(found: Found, place: Place) -> Iterator[str]:
    for holding in found.holdings:
        part = "" if holding.whole else f" ({holding.count} of theirs in it)"
        yield f"  {holding.what}: {holding.path}{part}"
    count = sum(found.rows.values())
    where = place.gradebook_file or "the database server"
    yield f"  gradebook: {count} rows with marks and comments in {where}"
