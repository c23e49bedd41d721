"""Answers as data: one file beside the notebook, written whole, never half, never lost.

The file is ``{"schema_version": 1, "assignment": str | null, "course_version": str, "entries": {...}}``, an
entry ``{"value": JSON, "time": milliseconds since 1970}`` under the name ``<piece id>/<name>``. A value of
``null`` is an erased answer. Of two entries with one name the later time wins, so several open pages do
not lose each other's answers.
"""

from __future__ import annotations

import contextlib
import errno
import json
import math
import os
import re
import stat
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from earned_security import __version__
from earned_security.locale import words

BROWSER = sys.platform == "emscripten"  # the browser's Python: no links, no pipes, and nothing to lock with
if not BROWSER:
    from filelock import FileLock, Timeout

Entry = dict[str, Any]

SCHEMA_VERSION = 1
LONGEST_TEXT = 200_000  # bytes of UTF-8 in one text
DEEPEST = 20  # lists or mappings inside one another
MOST_ENTRIES = 5_000
LARGEST_FILE = 5_000_000  # bytes
LATEST_TIME = 10**14  # milliseconds: the year 5138
LARGEST_WHOLE_NUMBER = 2**53  # what a page can hold exactly

# Where JupyterLite shows the browser's own storage; what is written elsewhere is gone with the page.
BROWSER_FILES = "/drive"

# How a plain file is opened to be read: not to follow a link that appears in between, and not to wait for a pipe.
# JupyterLite writes a file back that was opened with a flag it does not know.
READING = os.O_RDONLY | getattr(os, "O_BINARY", 0)
if not BROWSER:
    READING |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,99}(/[A-Za-z0-9][\w:. -]{0,149}){1,3}")


class ResponsesError(Exception):
    """Answers could not be read or stored. The message says so in words for the person who answered."""


class DamagedError(ResponsesError):
    """The answers file is there but is not an answers file."""


@dataclass(frozen=True)
class Contents:
    """What an answers file holds. ``refused`` says, per entry, why it is not among ``entries``."""

    entries: dict[str, Entry]
    refused: tuple[str, ...] = ()
    assignment: str | None = None
    course_version: str = ""
    bank_version: str = ""


def value_problem(value: Any) -> str | None:
    """Why a value may not be stored, or None."""
    waiting: list[tuple[Any, int]] = [(value, 0)]
    while waiting:
        part, depth = waiting.pop()
        if depth > DEEPEST:
            return words("kernel.answers.value.deep")
        if isinstance(part, str):
            problem = _text_problem(part)
            if problem:
                return problem
        elif isinstance(part, bool) or part is None:
            pass
        elif isinstance(part, int):
            if abs(part) > LARGEST_WHOLE_NUMBER:
                return words("kernel.answers.value.large")
        elif isinstance(part, float):
            if not math.isfinite(part):
                return words("kernel.answers.value.infinite")
        elif isinstance(part, list):
            waiting.extend((inner, depth + 1) for inner in part)
        elif isinstance(part, dict):
            for name in part:
                if not isinstance(name, str):
                    return words("kernel.answers.value.notData")
                waiting.append((name, depth))
            waiting.extend((inner, depth + 1) for inner in part.values())
        else:
            return words("kernel.answers.value.notData")
    return None


def _text_problem(text: str) -> str | None:
    try:
        size = len(text.encode("utf-8"))
    except UnicodeEncodeError:
        return words("kernel.answers.value.halfCharacter")
    if size > LONGEST_TEXT:
        return words("kernel.answers.value.long", kilobytes=LONGEST_TEXT // 1000)
    return None


def entry_problem(name: Any, entry: Any) -> str | None:
    """Why an entry may not be stored, or None."""
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        return words("kernel.answers.value.name")
    if not isinstance(entry, dict) or set(entry) != {"value", "time"}:
        return words("kernel.answers.value.form")
    moment = entry["time"]
    if isinstance(moment, bool) or not isinstance(moment, int) or not 0 <= moment <= LATEST_TIME:
        return words("kernel.answers.value.time")
    return value_problem(entry["value"])


def _shown(name: Any) -> str:
    return ascii(name)[:60]


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a name stands twice")
    return result


def parse(text: bytes) -> Contents:
    """Read the bytes of an answers file; entries that cannot be used are left out, each with a reason.

    Raises:
        DamagedError: this is no answers file at all.
        ResponsesError: a newer version of the course wrote it.
    """
    if len(text) > LARGEST_FILE:
        raise DamagedError(words("kernel.answers.damaged.size", megabytes=LARGEST_FILE // 1_000_000))
    try:
        data = json.loads(text.decode("utf-8-sig"), object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        reason = "twice" if "stands twice" in str(error) else "json"
        raise DamagedError(words(f"kernel.answers.damaged.{reason}")) from error
    if not isinstance(data, dict) or not isinstance(data.get("entries"), dict):
        raise DamagedError(words("kernel.answers.damaged.list"))
    version = data.get("schema_version")
    if isinstance(version, int) and version > SCHEMA_VERSION:
        raise ResponsesError(words("kernel.answers.newer"))
    if version != SCHEMA_VERSION or isinstance(version, bool):
        raise DamagedError(words("kernel.answers.damaged.version"))
    if len(data["entries"]) > MOST_ENTRIES:
        raise DamagedError(words("kernel.answers.damaged.count", most=MOST_ENTRIES))
    entries, refused = {}, []
    for name, entry in data["entries"].items():
        problem = entry_problem(name, entry)
        if problem:
            refused.append(words("kernel.answers.leftOut", name=_shown(name), reason=problem))
        else:
            entries[name] = entry
    assignment, versions = data.get("assignment"), (data.get("course_version"), data.get("bank_version"))
    return Contents(
        entries,
        tuple(refused),
        assignment if isinstance(assignment, str) else None,
        *(version if isinstance(version, str) else "" for version in versions),
    )


def inspect(path: Path) -> Contents:
    """Read an answers file without changing anything; a file that is not there is empty.

    Raises:
        DamagedError: the file is there but is not an answers file.
        ResponsesError: it is a link or a folder, may not be read, or a newer version of the course wrote it.
    """
    return parse(_read_bytes(path))


_EMPTY = b'{"schema_version": 1, "entries": {}}'


def _read_bytes(path: Path) -> bytes:
    try:
        if path.is_symlink():
            raise ResponsesError(_not_a_file(path))
        with os.fdopen(os.open(path, READING), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise ResponsesError(_not_a_file(path))
            return file.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        return _EMPTY
    except (OSError, ValueError) as error:
        if path.is_dir() or getattr(error, "errno", None) == errno.ELOOP:
            raise ResponsesError(_not_a_file(path)) from error
        said = words("kernel.answers.unreadable", file=path.name, reason=_plain(error))
        raise ResponsesError(said) from error


def _not_a_file(path: Path) -> str:
    return words("kernel.answers.noFile", file=path.name)


def _plain(error: Exception) -> str:
    """An operating system's error as a sentence that says what to do."""
    number = getattr(error, "errno", None)
    if number in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
        return words("kernel.answers.disk.full")
    if number in (errno.EACCES, errno.EPERM, errno.EROFS):
        return words("kernel.answers.disk.notAllowed")
    if number == errno.ENOENT:
        return words("kernel.answers.disk.gone")
    return f"{getattr(error, 'strerror', None) or error}."


class Responses:
    """The answers of one person in one folder.

    Args:
        path: the file; it need not exist yet, its folder must.
        assignment: the assignment that the answers belong to, or None for formative pieces.
        bank_version: the version of the items that are answered; kept in the file where it is known.

    Attributes:
        notice: what happened to the file that its owner should know; empty as a rule.
    """

    def __init__(self, path: Path, assignment: str | None = None, bank_version: str = "") -> None:
        self.path = path
        self.assignment = assignment
        self.bank_version = bank_version
        self.notice = ""

    def read(self) -> dict[str, Entry]:
        """All entries. A damaged file is set aside under a dated name, ``notice`` says so, and work goes on.

        Raises:
            ResponsesError: the file is a link or may not be read.
        """
        try:
            contents = inspect(self.path)
        except DamagedError:
            with self._lock():
                contents = self._usable()
        return contents.entries

    def merge(self, entries: Mapping[str, Any]) -> dict[str, Entry]:
        """Add entries, the later time winning per name, and return what was then read back from the disk.

        Raises:
            ResponsesError: an entry cannot be stored, or the disk does not take it; the file is as it was.
        """
        _require_all_storable(entries)
        with self._lock():
            before = self._usable(keep_refused=True)
            merged = dict(before.entries)
            for name, entry in entries.items():
                if name not in merged or entry["time"] >= merged[name]["time"]:
                    merged[name] = entry
            data = {
                "schema_version": SCHEMA_VERSION,
                "assignment": self.assignment if self.assignment is not None else before.assignment,
                "course_version": __version__,
                "entries": merged,
            }
            if bank_version := self.bank_version or before.bank_version:
                data["bank_version"] = bank_version
            self._write(json.dumps(data, ensure_ascii=False, allow_nan=False, indent=1).encode("utf-8"))
            return inspect(self.path).entries

    def _lock(self) -> contextlib.AbstractContextManager[None]:
        # Of two tabs of a browser each reads the file before it adds to it; nothing there locks it meanwhile.
        return contextlib.nullcontext() if BROWSER else _Lock(self.path)

    def _usable(self, keep_refused: bool = False) -> Contents:
        """The contents, after setting a damaged file aside. Called under the lock."""
        try:
            contents = inspect(self.path)
        except DamagedError as error:
            aside = self._dated_name()
            try:
                self.path.replace(aside)
            except OSError as failure:
                said = words("kernel.answers.cannotSetAside", reason=_plain(failure))
                raise ResponsesError(said) from failure
            self.notice = words("kernel.answers.setAside", reason=error, file=aside.name)
            return Contents({})
        if contents.refused and keep_refused:
            aside = self._dated_name()
            self._write(_read_bytes(self.path), aside)
            refused = len(contents.refused)
            self.notice = words("kernel.answers.someRefused", count=refused, file=aside.name)
        return contents

    def _dated_name(self) -> Path:
        date = time.strftime("%Y-%m-%dT%H%M%S", time.gmtime())
        for count in range(1, 1000):
            suffix = f"-{count}" if count > 1 else ""
            path = self.path.with_name(f"{self.path.stem}.damaged-{date}{suffix}{self.path.suffix}")
            if not os.path.lexists(path):
                return path
        raise ResponsesError(words("kernel.answers.tooManyDamaged"))

    def _write(self, content: bytes, path: Path | None = None) -> None:
        """Write a file whole: to a neighbour first, to the disk, then under its name, then the folder."""
        path = path or self.path
        if BROWSER and not path.is_relative_to(BROWSER_FILES):
            raise ResponsesError(words("kernel.answers.notKept"))
        if len(content) > LARGEST_FILE:
            raise ResponsesError(words("kernel.answers.tooLong"))
        neighbour = path.with_name(f".{path.name}.new")
        try:
            neighbour.unlink(missing_ok=True)
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
            with os.fdopen(os.open(neighbour, flags, 0o666), "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            _replace(neighbour, path)
            _sync_folder(path.parent)
        except OSError as error:
            _forget(neighbour)
            raise ResponsesError(words("kernel.answers.notSaved", reason=_plain(error))) from error


def _require_all_storable(entries: Any) -> None:
    if not isinstance(entries, Mapping):
        raise ResponsesError(words("kernel.answers.notAnswers"))
    for name, entry in entries.items():
        problem = entry_problem(name, entry)
        if problem:
            raise ResponsesError(words("kernel.answers.entryNotSaved", name=_shown(name), reason=problem))


def _replace(source: Path, target: Path) -> None:
    for patience in (0.05, 0.1, 0.2, 0.4, None):
        try:
            source.replace(target)
            return
        except PermissionError:  # Windows, while another program reads the file
            if os.name != "nt" or patience is None:
                raise
            time.sleep(patience)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # a folder cannot be opened there
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # some network folders do not offer it
            raise
    finally:
        os.close(descriptor)


def _forget(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)


class _Lock:
    """One writer at a time, over all processes."""

    def __init__(self, path: Path) -> None:
        self._folder = path.parent
        self._lock = FileLock(path.with_name(f".{path.name}.lock"), timeout=10)

    def __enter__(self) -> None:
        try:
            self._folder.stat()  # a lock would make a folder that was moved away anew
            self._lock.acquire()
        except Timeout as error:
            raise ResponsesError(words("kernel.answers.otherWindow")) from error
        except (OSError, NotImplementedError) as error:
            raise ResponsesError(words("kernel.answers.notSaved", reason=_plain(error))) from error

    def __exit__(self, *_: object) -> None:
        self._lock.release()


def answers(entries: Mapping[str, Entry], item_ids: Iterable[str]) -> dict[str, Any]:
    """Answers to graded items: ``{item id: value}``; erased and missing ones are left out."""
    found = {item_id: entries.get(f"{item_id}/answer", {}).get("value") for item_id in item_ids}
    return {item_id: value for item_id, value in found.items() if value is not None}
