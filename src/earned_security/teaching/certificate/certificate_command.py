"""`earned certificate`, `earned verify` and `earned metadata`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from earned_security.teaching import TeachingError
from earned_security.teaching.commands import NotAllWell, command, in_course


def add(commands: Any) -> None:
    """Add the commands to the subparsers of `earned`."""
    words = "Write a signed certificate of completion for each learner who has completed the course."
    added = in_course(command(commands, "certificate", certificate, words))
    added.add_argument("--learner", nargs="+", metavar="ID", help="only these (default: everybody)")
    words = "take names from it; needed under blind marking and where the gradebook lacks a part of a name"
    added.add_argument("--roster", type=Path, metavar="ROSTER.csv", help=words)
    words = (
        "the day of completion to print, like 2027-04-01 (default: when the last needed part was handed in)"
    )
    added.add_argument("--date", type=_day, metavar="DAY", help=words)

    words = "Check a certificate, by its PDF or its printed code, with the provider's public key; needs no network."
    verifying = commands.add_parser("verify", help=words, description=words)
    verifying.set_defaults(act=_verify_anywhere)
    words = "the PDF as it was issued, or the code as it is printed"
    verifying.add_argument("what", nargs="+", metavar="CERTIFICATE.pdf or CODE", help=words)
    words = "the provider's public key; take it from the provider, never from whoever shows the certificate"
    verifying.add_argument("--key", type=Path, metavar="FILE", required=True, help=words)

    words = "Write what sponsors of continuing education ask for, and the form on which learners evaluate the course."
    in_course(command(commands, "metadata", metadata, words))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("must be a day like 2027-04-01") from None


def certificate(arguments: argparse.Namespace) -> Iterable[str]:
    from earned_security.teaching.certificate import issuing, signing

    folder = arguments.folder.expanduser().resolve()
    issued = issuing.issue(folder, arguments.learner, arguments.roster, arguments.date)
    if issued.key_made:
        yield f"The key with which this course signs: {folder / signing.PRIVATE_KEY}. Only you can open it. Keep a copy in"
        yield "a safe place; whoever has it can make certificates in your name, and it cannot be made again."
    done = [outcome for outcome in issued.outcomes if outcome.file]
    for outcome in issued.outcomes:
        yield f"{outcome.learner}: {outcome.file or outcome.reason}"
    yield f"{len(done)} of {len(issued.outcomes)} got a certificate."
    public = folder / signing.PUBLIC_KEY
    yield f"For whoever checks one, from you and not from the learner: {public}"
    yield f"  its fingerprint: {signing.fingerprint(signing.public_key(public))}"
    asked = [outcome for outcome in issued.outcomes if outcome.completed or arguments.learner]
    if len(done) < len(asked):
        raise NotAllWell


def _verify_anywhere(arguments: argparse.Namespace) -> int:
    """Not as the commands of teaching: it needs no nbgrader, and whoever checks may use any system."""
    try:
        for line in verify(arguments):
            print(line)
    except TeachingError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def verify(arguments: argparse.Namespace) -> Iterable[str]:
    """
    Raises:
        TeachingError: it is refused, or a file cannot be read.
    """
    from earned_security.teaching.certificate import signing

    key = signing.public_key(arguments.key)
    path = Path(" ".join(arguments.what)).expanduser()
    is_file = path.suffix.lower() == ".pdf" or (len(str(path)) < 200 and path.is_file())
    if is_file:
        statement = signing.check_pdf(signing.read_pdf(path), key)
        yield "Genuine. The file is exactly as it was issued: nothing on its pages or in its data has been changed."
    else:
        statement = signing.check_code(" ".join(arguments.what), key)
        yield "The code is genuine. The paper beside it may still say something else: compare every line with it."
    for name, value in statement.lines():
        yield f"  {name}: {value}"
    yield f"Signed with the key {signing.fingerprint(key)} in {arguments.key}."
    yield (
        "Not checked: whether this key is the provider's (compare its fingerprint with them), whether the person before "
        "you is the one named, and whether the provider has withdrawn the certificate since."
    )


def metadata(arguments: argparse.Namespace) -> Iterable[str]:
    from earned_security.teaching.certificate import packet

    written = packet.write(arguments.folder)
    yield f"For a sponsor: {written.page}"
    yield f"The same as data: {written.data}"
    yield f"For learners, to fill in on the screen or on paper: {written.form}"
    if written.unstated:
        yield f"Not stated by the provider yet, in course.yaml under certificate: {', '.join(written.unstated)}"
