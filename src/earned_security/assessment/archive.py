"""The one file that is handed in: ``<assignment>.earned.zip`` with the notebook, the answers and whose they are.

It goes into nbgrader's exchange, a learning management system or a mail. Making and reading it needs the standard
library only, so the browser's notebook makes the same file.
"""

from __future__ import annotations

import io
import json
import os
import re
import stat
import struct
import time
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from earned_security import __version__
from earned_security.assessment.responses import READING
from earned_security.locale import words

SUFFIX = ".earned.zip"
PATTERN = "*.earned*.zip"  # as browsers and learning management systems number a second one
ANSWERS = "responses.json"
ABOUT = "submission.json"
SCHEMA_VERSION = 1
LARGEST_NOTEBOOK = 20_000_000  # bytes
LARGEST_ANSWERS = 5_000_000
LARGEST_ABOUT = 10_000
LARGEST_ARCHIVE = LARGEST_NOTEBOOK + LARGEST_ANSWERS + LARGEST_ABOUT + 10_000
_LARGEST_LIST = 2_000  # bytes of the list of contents; three names take under 400

_ASSIGNMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")
_END_OF_LIST = struct.Struct("<4s4H2LH")
_NO_ANSWERS = b'{"schema_version": 1, "assignment": null, "course_version": "", "entries": {}}\n'


class ArchiveError(Exception):
    """The archive cannot be made or read. The message says why, and what to do."""


@dataclass(frozen=True)
class Submission:
    """What an archive holds. ``made``: when, by the learner's own clock. ``learner``: None where not known."""

    assignment: str
    course_version: str
    bank_version: str
    learner: str | None
    made: datetime
    files: Mapping[str, bytes]


def name(assignment: str) -> str:
    """The archive's file name."""
    return f"{assignment}{SUFFIX}"


def make(folder: Path, assignment: str, learner: str | None = None) -> bytes:
    """The archive of an assignment's folder. Answers that are not there yet are an empty list.

    Args:
        learner: who hands in; by default the name that a class server gives, and None elsewhere.

    Raises:
        ArchiveError: the notebook is missing, or a file is too large, unreadable or a link.
    """
    if not _ASSIGNMENT.fullmatch(assignment):
        raise ArchiveError(f"{assignment!a} is not the name of an assignment.")
    notebook = _file(folder / f"{assignment}.ipynb", LARGEST_NOTEBOOK)
    if notebook is None:
        raise ArchiveError(words("kernel.submission.noNotebook", file=f"{assignment}.ipynb"))
    about = {
        "schema_version": SCHEMA_VERSION,
        "assignment": assignment,
        "course_version": __version__,
        "bank_version": _bank_version(folder),
        "learner": learner or os.environ.get("JUPYTERHUB_USER") or None,
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    files = {
        ABOUT: json.dumps(about, indent=1).encode(),
        f"{assignment}.ipynb": notebook,
        ANSWERS: _file(folder / ANSWERS, LARGEST_ANSWERS) or _NO_ANSWERS,
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, data in files.items():
            entry = zipfile.ZipInfo(file, time.gmtime()[:6])
            entry.external_attr = (stat.S_IFREG | 0o644) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return target.getvalue()


def read(data: bytes) -> Submission:
    """What an archive holds, if it is exactly what :func:`make` makes. Nothing is written anywhere.

    Raises:
        ArchiveError: it is damaged, too large, or holds anything else: further files, links, folders.
    """
    if len(data) > LARGEST_ARCHIVE:
        raise ArchiveError(f"The archive is larger than {LARGEST_ARCHIVE // 1_000_000} megabytes.")
    _require_short_list(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = {entry.filename: entry for entry in archive.infolist()}
            if len(entries) != len(archive.infolist()) or ABOUT not in entries:
                raise ArchiveError(_not_ours("a file stands twice in it, or submission.json is missing"))
            about = _about(_member(archive, entries[ABOUT], LARGEST_ABOUT))
            assignment = about["assignment"]
            limits = {f"{assignment}.ipynb": LARGEST_NOTEBOOK, ANSWERS: LARGEST_ANSWERS}
            if extra := sorted(set(entries) - set(limits) - {ABOUT}):
                raise ArchiveError(_not_ours(f"it holds {extra[0][:80]!a}, which does not belong in it"))
            if missing := sorted(set(limits) - set(entries)):
                raise ArchiveError(_not_ours(f"it holds no {missing[0]}"))
            files = {file: _member(archive, entries[file], limit) for file, limit in limits.items()}
    except (zipfile.BadZipFile, zlib.error, EOFError, struct.error) as error:
        raise ArchiveError(_not_ours("it is damaged or cut off")) from error
    except (NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise ArchiveError(_not_ours("it is packed in another way, or with a password")) from error
    return Submission(
        assignment=assignment,
        course_version=about["course_version"],
        bank_version=about["bank_version"],
        learner=about["learner"],
        made=_moment(about["made"]),
        files=files,
    )


def _require_short_list(data: bytes) -> None:
    """A list of contents with a million entries would fill the memory before anything could be checked."""
    if len(data) < _END_OF_LIST.size or not data.startswith(b"PK\x03\x04"):
        raise ArchiveError(_not_ours("it is no zip file, or an empty one"))
    signature, *_, size, _start, comment = _END_OF_LIST.unpack(data[-_END_OF_LIST.size :])
    if signature != b"PK\x05\x06" or comment:
        raise ArchiveError(_not_ours("it is damaged or cut off"))
    if size > _LARGEST_LIST or data[-42:-38] == b"PK\x06\x07":
        raise ArchiveError(_not_ours("it holds too many files"))


def _member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limit: int) -> bytes:
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG) or entry.is_dir():
        raise ArchiveError(_not_ours(f"{entry.filename[:80]!a} in it is a link or a folder, not a file"))
    with archive.open(entry) as member:
        data = member.read(limit + 1)  # whatever size the entry claims
    if len(data) > limit:
        raise ArchiveError(_not_ours(f"{entry.filename[:80]!a} in it is larger than {limit:,} bytes"))
    return data


def _about(data: bytes) -> dict[str, Any]:
    try:
        about = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ArchiveError(_not_ours("its submission.json cannot be read")) from error
    texts = ("assignment", "course_version", "bank_version", "made")
    if not isinstance(about, dict) or not all(_short_text(about.get(field)) for field in texts):
        raise ArchiveError(_not_ours("its submission.json is not complete"))
    if not (about.get("learner") is None or _short_text(about["learner"])):
        raise ArchiveError(_not_ours("its submission.json does not name the learner properly"))
    if about.get("schema_version") != SCHEMA_VERSION or not _ASSIGNMENT.fullmatch(about["assignment"]):
        raise ArchiveError(_not_ours("another version of the course made it"))
    return {**about, "learner": about.get("learner")}


def _short_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= 100 and value.isprintable()


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ArchiveError(_not_ours("the time at which it was made cannot be read")) from error


def _not_ours(reason: str) -> str:
    return (
        f"The archive cannot be used: {reason}. Make it again with the button at the end of the notebook, and "
        "hand in that file as it is."
    )


def _file(path: Path, limit: int) -> bytes | None:
    """A plain file; None where there is none."""
    try:
        if path.is_symlink():
            raise ArchiveError(words("kernel.submission.link", file=path.name))
        with os.fdopen(os.open(path, READING), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise ArchiveError(words("kernel.submission.noFile", file=path.name))
            data = file.read(limit + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        said = words("kernel.submission.unreadable", file=path.name, reason=error.strerror)
        raise ArchiveError(said) from error
    if len(data) > limit:
        said = words("kernel.submission.tooLarge", file=path.name, megabytes=limit // 1_000_000)
        advice = f" {words('kernel.submission.clearOutputs')}" if path.suffix == ".ipynb" else ""
        raise ArchiveError(f"{said}{advice}")
    return data


def _bank_version(folder: Path) -> str:
    try:
        version = json.loads(_file(folder / "items.json", LARGEST_ANSWERS) or b"{}").get("bank_version", "")
    except (ArchiveError, ValueError, RecursionError, AttributeError):
        return ""
    return version if _short_text(version) else ""
