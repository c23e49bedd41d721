"""The first gate of a submission: what may come in, decided before anything of nbgrader reads it.

Everything is read once, without following a link or waiting for a pipe, and only what was read is passed on; what
a learner changes in the folder afterwards has no effect.
"""

from __future__ import annotations

import contextlib
import fnmatch
import json
import os
import re
import stat
import unicodedata
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from earned_security.assessment import archive, responses

TIMESTAMP, SECRET, ITEMS = "timestamp.txt", "submission_secret.txt", "items.json"
# What nbgrader leaves out of every copy that it makes, whatever kind of thing bears the name.
IGNORED = (".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback", ".responses.*", archive.PATTERN)
_LONGEST_NAME = 100
_MOST_FILES = 1_000
_SMALL = 1_000  # bytes

_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:\.\d{1,6})?)(?: ?(Z|[+-]\d\d:?\d\d|[A-Za-z]{2,5}))?"
)


@dataclass(frozen=True)
class Accepted:
    """A submission that may come in.

    Attributes:
        files: the bytes of each file, by name; the notebook and the timestamp as UTF-8.
        left_out: names of what lay there besides and does not come in.
        moment: what ``timestamp.txt`` says; None where there is none.
    """

    files: Mapping[str, bytes]
    left_out: tuple[str, ...] = ()
    moment: datetime | None = None


@dataclass(frozen=True)
class Quarantined:
    """A submission that may not come in; ``reason`` is for the instructor."""

    reason: str


def inspect(folder: Path, assignment: str, learner: str, owner: int | None = None) -> Accepted | Quarantined:
    """Whether what lies in a folder may come in as this learner's submission of this assignment.

    A folder that holds an archive instead of a notebook is taken for what the archive holds.

    Args:
        owner: the user id that must own the folder and each file; None: anybody.
    """
    try:
        return _inspect(folder, assignment, learner, owner)
    except _Refused as refused:
        return Quarantined(str(refused))
    except OSError as error:
        return Quarantined(f"It cannot be read ({error.strerror}).")


def inspect_archive(data: bytes, assignment: str, learner: str) -> Accepted | Quarantined:
    """The same for the bytes of one archive."""
    try:
        return Accepted(*_unpacked(data, assignment, learner))
    except _Refused as refused:
        return Quarantined(str(refused))


def inspect_archive_file(path: Path, assignment: str, learner: str) -> Accepted | Quarantined:
    """The same for an archive on the disk."""
    try:
        place = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            data = _read(place, path.name, archive.LARGEST_ARCHIVE, None)
        finally:
            os.close(place)
    except _Refused as refused:
        return Quarantined(str(refused))
    except OSError as error:
        return Quarantined(f"It cannot be read ({error.strerror}).")
    return inspect_archive(data, assignment, learner)


def name_problem(learner: str) -> str | None:
    """Why a text cannot be the id of a learner, or None. Ids become names of folders."""
    if not learner or len(learner) > _LONGEST_NAME:
        return "the learner's name is empty or too long"
    if any(unicodedata.category(character)[0] == "C" for character in learner):
        return "the learner's name holds a character that cannot be seen"
    if learner[0] in ".- " or learner[-1] in ". " or set(learner) & set("/\\*?[]{}+:\"'<>|$`!;,"):
        return "the learner's name holds a character that a name cannot have"
    if unicodedata.normalize("NFC", learner) != learner:
        return "the learner's name is written in an unusual form that looks like another name"
    return None


def shown(text: str, longest: int = 200) -> str:
    """A name from outside, fit for a line of a report: what cannot be seen or printed is spelled out."""
    spelled = "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in text
    )
    return spelled if len(spelled) <= longest else f"{spelled[: longest - 1]}…"


def moment(text: str) -> datetime | None:
    """A time as nbgrader writes it, in UTC; None where the text is not one."""
    found = _TIME.fullmatch(text.strip()) if len(text) <= _SMALL else None
    if found is None:
        return None
    date, clock, zone = found[1], found[2], (found[3] or "").strip()
    try:
        if zone[:1] in ("+", "-"):
            return datetime.fromisoformat(f"{date}T{clock}{zone}").astimezone(UTC)
        local = datetime.fromisoformat(f"{date}T{clock}")
        return local.replace(tzinfo=_zone(zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _zone(name: str) -> tzinfo:
    """A zone by its short name; one that is not known is taken for UTC, as nbgrader takes it."""
    try:
        return UTC if name in ("", "Z", "UTC", "GMT") else ZoneInfo(name.upper())
    except (KeyError, ValueError, OSError):
        return UTC


class _Refused(Exception):
    """The reason for which a submission may not come in."""


def _inspect(folder: Path, assignment: str, learner: str, owner: int | None) -> Accepted:
    if problem := name_problem(learner):
        raise _Refused(f"Its name cannot be used: {problem}.")
    try:
        place = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError as error:
        if folder.is_symlink():
            raise _Refused("It is a link, and links are not followed.") from error
        if not folder.is_dir():
            raise _Refused("It is not a folder.") from error
        raise
    try:
        if owner is not None and os.fstat(place).st_uid != owner:
            raise _Refused(f"It says that it is by {shown(learner)}, but it belongs to {_user(place)}.")
        with os.scandir(place) as listed:
            names = [entry.name for entry in islice(listed, _MOST_FILES + 1)]
        if len(names) > _MOST_FILES:
            raise _Refused(f"It holds more than {_MOST_FILES} files.")
        archives = fnmatch.filter(names, archive.PATTERN)
        notebook = f"{assignment}.ipynb"
        limits = _limits(notebook)
        packed: tuple[dict[str, bytes], tuple[str, ...], datetime | None] | None = None
        if notebook not in names and len(archives) == 1:
            data = _read(place, archives[0], archive.LARGEST_ARCHIVE, owner)
            packed = _unpacked(data, assignment, learner)
            limits = {TIMESTAMP: _SMALL, SECRET: _SMALL}
        files = {name: _read(place, name, limit, owner) for name, limit in limits.items() if name in names}
    finally:
        os.close(place)
    left_out = tuple(sorted(name for name in names if name not in limits and not _is_ignored(name)))
    when = _checked(files)
    if packed:
        return Accepted({**packed[0], **files}, left_out, when or packed[2])
    _require_this_assignment(files, assignment, learner)
    return Accepted(files, left_out, when)


def _limits(notebook: str) -> dict[str, int]:
    return {
        notebook: archive.LARGEST_NOTEBOOK,
        archive.ANSWERS: archive.LARGEST_ANSWERS,
        archive.ABOUT: archive.LARGEST_ABOUT,
        ITEMS: archive.LARGEST_ANSWERS,
        TIMESTAMP: _SMALL,
        SECRET: _SMALL,
    }


def _is_ignored(name: str) -> bool:
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in IGNORED)


def _user(place: int) -> str:
    import pwd

    number = os.fstat(place).st_uid
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"the unknown user {number}"


def _read(place: int, name: str, limit: int, owner: int | None) -> bytes:
    """One file of an open folder, whatever somebody does to the folder meanwhile."""
    kind = os.lstat(name, dir_fd=place).st_mode
    if stat.S_ISLNK(kind):
        raise _Refused(f"{name} in it is a link, and links are not followed.")
    if not stat.S_ISREG(kind):
        raise _Refused(f"{name} in it is not a file but {_kind(kind)}.")
    descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=place)
    with os.fdopen(descriptor, "rb") as file:
        state = os.fstat(descriptor)
        if not stat.S_ISREG(state.st_mode):
            raise _Refused(f"{name} in it is not a file but {_kind(state.st_mode)}.")
        if owner is not None and state.st_uid != owner:
            raise _Refused(f"{name} in it belongs to {_user(descriptor)}, who is somebody else.")
        data = b"" if state.st_size > limit else file.read(limit + 1)
        if state.st_size > limit or len(data) > limit:
            size = max(state.st_size, len(data))
            raise _Refused(f"{name} in it is too large: {size:,} bytes; {limit:,} are allowed.")
    return data


def _kind(mode: int) -> str:
    if stat.S_ISDIR(mode):
        return "a folder"
    return "a pipe" if stat.S_ISFIFO(mode) else "a device or a socket"


def _checked(files: Mapping[str, bytes]) -> datetime | None:
    """What ``timestamp.txt`` says; refuses it, and the secret, where nbgrader could not read them."""
    when = None
    if TIMESTAMP in files:
        text = files[TIMESTAMP].decode("utf-8", "replace").strip()
        when = moment(text)
        if when is None and text:
            raise _Refused(f"Its timestamp.txt holds no date and time: “{shown(text, 40)}”.")
    if SECRET in files and not re.fullmatch(rb"[A-Za-z0-9_-]{16,256}\s*", files[SECRET]):
        raise _Refused("Its submission_secret.txt is not one that nbgrader wrote.")
    return when


def _require_this_assignment(files: dict[str, bytes], assignment: str, learner: str) -> None:
    """Refuse what belongs to another assignment or learner; bring the notebook to plain UTF-8."""
    notebook = f"{assignment}.ipynb"
    if notebook not in files:
        raise _Refused(f"It holds no notebook {notebook}.")
    parsed, files[notebook] = _notebook(files[notebook])
    named = parsed["metadata"].get("earned_security")
    _require_assignment(named.get("assignment") if isinstance(named, dict) else None, assignment)
    if archive.ANSWERS in files:
        # Of answers that cannot be used, marking says so for each exercise.
        with contextlib.suppress(responses.ResponsesError):
            _require_assignment(responses.parse(files[archive.ANSWERS]).assignment, assignment)
    if archive.ABOUT in files:
        about = _json(files[archive.ABOUT], archive.ABOUT)
        if isinstance(about, dict):
            _require_assignment(about.get("assignment"), assignment)
            _require_learner(about.get("learner"), learner)


def _require_assignment(named: Any, assignment: str) -> None:
    if named is not None and named != assignment:
        other = shown(str(named)[:100], 60)
        raise _Refused(f"It is another assignment, “{other}”, handed in as “{assignment}”.")


def _require_learner(named: Any, learner: str) -> None:
    if named is not None and named != learner:
        raise _Refused(
            f"It was made by “{shown(str(named)[:100], 60)}” and handed in as {shown(learner)}. If they are the "
            "same person, give them one name in both places (lms_user_id in the roster)."
        )


def _notebook(data: bytes) -> tuple[dict[str, Any], bytes]:
    """A notebook that nbgrader can open, and its bytes in UTF-8 without a byte-order mark."""
    parsed = _json(data, "The notebook")
    cells = parsed.get("cells") if isinstance(parsed, dict) else None
    if (
        not isinstance(cells, list)
        or parsed.get("nbformat") != 4
        or not isinstance(parsed.get("nbformat_minor"), int)
        or not isinstance(parsed.get("metadata"), dict)
    ):
        raise _Refused("The notebook is not a Jupyter notebook of the present format.")
    if not all(map(_is_cell, cells)):
        raise _Refused("The notebook is not a Jupyter notebook: one of its cells has an unknown shape.")
    import nbformat

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of cells without an id: nbformat gives them one
            nbformat.reads(json.dumps(parsed), as_version=4)
        json.dumps(parsed, ensure_ascii=False).encode("utf-8")
    except Exception as error:  # a reader has many ways to fail on what it does not expect
        raise _Refused(f"The notebook cannot be opened ({type(error).__name__}).") from error
    return parsed, data.decode(json.detect_encoding(data)).encode("utf-8")


def _is_cell(cell: Any) -> bool:
    if not isinstance(cell, dict) or cell.get("cell_type") not in ("code", "markdown", "raw"):
        return False
    source = cell.get("source")
    if isinstance(source, list):
        return all(isinstance(line, str) for line in source) and isinstance(cell.get("metadata"), dict)
    return isinstance(source, str) and isinstance(cell.get("metadata"), dict)


def _json(data: bytes, what: str) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise _Refused(f"{what} cannot be read: it is damaged, cut off or not JSON.") from error


def _unpacked(
    data: bytes, assignment: str, learner: str
) -> tuple[dict[str, bytes], tuple[str, ...], datetime | None]:
    try:
        submission = archive.read(data)
    except archive.ArchiveError as error:
        raise _Refused(str(error)) from error
    _require_assignment(submission.assignment, assignment)
    _require_learner(submission.learner, learner)
    about = {
        "schema_version": archive.SCHEMA_VERSION,
        "assignment": submission.assignment,
        "course_version": submission.course_version,
        "bank_version": submission.bank_version,
        "learner": submission.learner,
        "made": submission.made.isoformat(),
    }
    files = {**submission.files, archive.ABOUT: json.dumps(about, indent=1).encode()}
    _require_this_assignment(files, assignment, learner)
    return files, (), submission.made
