"""`earned server`: a machine made ready for a class, and checked."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from earned_security.teaching.commands import NotAllWell, command

if TYPE_CHECKING:
    from earned_security.publishing.jupyterlab.learner import Material

# What a learner gets of this checkout, given the address of the book.
Materials = Callable[[str], "Material"]


def add(commands: Any, materials: Materials) -> None:
    """Add the command to the subparsers of `earned`."""
    parser = commands.add_parser(
        "server", help="A class server: prepare its folders, check who can reach what."
    )
    inner = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    words = "Write what every person's folder begins with: modules, practice, welcome; no key."
    _file(command(inner, "files", lambda arguments: _files(arguments, materials), words))
    words = "Make the courses' folders and the exchange with the permissions that they need; as root."
    added = _file(command(inner, "prepare", _prepare, words))
    words = "make an account, without a password, for everybody who has none"
    added.add_argument("--create-accounts", action="store_true", help=words)
    words = "Find what would let somebody reach what is not theirs, or keep the class from working."
    _file(command(inner, "check", _check, words))


def _file(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("file", type=Path, metavar="server.yaml", help="the description of the server")
    return parser


def _files(arguments: argparse.Namespace, materials: Materials) -> Iterable[str]:
    from earned_security.teaching.server import classes, setup
    from earned_security.teaching.server.welcome import welcome

    server = classes.read(arguments.file)
    found = materials(server.book)
    first = welcome(found.modules, found.exercises, server.book)
    setup.write_files(server.learners_files, {**found.files, "Welcome.md": first})
    yield f"Written: {server.learners_files}. People get it at the next start of their server."


def _prepare(arguments: argparse.Namespace) -> Iterable[str]:
    from earned_security.teaching.server import classes, setup

    said: list[str] = []
    try:
        setup.prepare(classes.read(arguments.file), arguments.create_accounts, said.append)
    finally:
        yield from said


def _check(arguments: argparse.Namespace) -> Iterable[str]:
    from earned_security.teaching.server import classes, setup

    found = list(setup.problems(classes.read(arguments.file)))
    if setup.reachable(arguments.file.expanduser()):
        folder = arguments.file.expanduser().resolve().parent
        found.append(f"Everybody on this machine can read who belongs to the courses: chmod 700 {folder}")
    yield from found
    yield f"{len(found)} problems." if len(found) != 1 else "1 problem."
    if found:
        raise NotAllWell
