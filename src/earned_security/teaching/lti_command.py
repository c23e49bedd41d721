"""`earned lti`: marks for a learning management system, by LTI 1.3."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from earned_security.teaching import TeachingError
from earned_security.teaching.commands import NotAllWell, command, in_course

if TYPE_CHECKING:
    from earned_security.teaching.lti.scores import Scores


def add(commands: Any) -> None:
    """Add the commands to the subparsers of `earned`."""
    parser = commands.add_parser("lti", help="Send marks to a learning management system, by LTI 1.3.")
    inner = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    in_course(
        command(inner, "new", new, "Make the settings to fill in and the key that the system asks for.")
    )
    words = "Say which marks of an assignment would be sent; with --now, send them."
    added = in_course(command(inner, "send", send, words))
    added.add_argument("assignment", metavar="ASSIGNMENT")
    added.add_argument("--now", action="store_true", help="send them")


def new(arguments: argparse.Namespace) -> Iterable[str]:
    _require_extra()
    from earned_security.teaching.lti import settings

    folder = settings.new(arguments.folder)
    yield f"For whoever looks after the learning management system: {folder / settings.PUBLIC_KEY}"
    yield f"The same for a system that asks for a JSON Web Key Set: {folder / settings.PUBLIC_KEYS}"
    yield f"Keep to yourself: {folder / settings.PRIVATE_KEY}"
    yield f"Fill in {folder / settings.FILE}. Then: earned lti send {folder} ASSIGNMENT"


def send(arguments: argparse.Namespace) -> Iterable[str]:
    _require_extra()
    from earned_security.teaching.lti import scores

    found, platform = scores.ready(arguments.folder, arguments.assignment)
    yield from what_there_is(found)
    if not arguments.now:
        yield ""
        yield (
            "Nothing was sent. To send it, run the same command with --now."
            if found.new
            else "Nothing is to be sent."
        )
        return
    refused = 0
    for score, reason in scores.send(arguments.folder, found, platform):
        refused += bool(reason)
        yield f"{score.learner}: {reason}" if reason else f"{score.learner}: sent"
    sent = len(found.new) - refused
    if not found.new:
        yield "There was nothing new to send."
    else:
        yield "1 mark was sent." if sent == 1 else f"{sent} marks were sent."
    if refused:
        raise NotAllWell


def what_there_is(found: Scores) -> Iterable[str]:
    """Column, marks and what is left out, in words."""
    if found.line_item:
        yield f"Column “{found.line_item.label}” of the learning management system:"
        if found.line_item.maximum != found.maximum:
            yield (
                f"  It is out of {found.line_item.maximum:g}, the assignment out of {found.maximum:g}; the learning "
                "management system converts."
            )
    else:
        yield f"A new column “{found.label}” in the learning management system, out of {found.maximum:g}:"
    width = max((len(score.learner) for score in found.scores), default=0)
    for score in found.scores:
        said = "sent before, unchanged" if score.sent else f"for the person with id {score.user_id}"
        yield f"  {score.learner.ljust(width)}  {score.points:g} of {score.maximum:g}  {said}"
    for learner, reason in found.left_out.items():
        yield f"  {learner}: not sent, {reason}."


def _require_extra() -> None:
    try:
        import cryptography
        import jwt
        import requests
    except ImportError as error:
        raise TeachingError("Sending marks needs more: pip install 'earned-security[server]'") from error
    del cryptography, jwt, requests
