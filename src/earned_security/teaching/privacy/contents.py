"""What in a file is about one learner, and what is left without it: tables, JSON, logs, archives, databases.

Each way takes the bytes of a file and gives :class:`Parted`. It changes nothing on the disk.
"""

from __future__ import annotations

import csv
import io
import json
import re
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from earned_security.assessment import archive
from earned_security.teaching.privacy import gradebook
from earned_security.teaching.privacy.identity import Identity, names_people

TABLES = (".csv", ".tsv")
LINES = (".log", ".jsonl", ".ndjson")
ARCHIVES = (".zip", ".tar", ".tgz", ".tar.gz", ".tar.bz2", ".tar.xz")
STEPS = ("submitted", "autograded", "feedback")
# Made from something else; what cannot be parted goes as a whole.
DERIVED = ("reports", "certificates", "privacy")
_FORMULA_MARK = "'"
_DEEPEST = 3  # archives within archives


@dataclass(frozen=True)
class Parted:
    """``theirs``: a copy of what is about the learner. ``rest``: the file without it; None: nothing is left.

    ``count``: how many rows, entries or members are theirs; ``named``: members that stay and name them.
    """

    theirs: bytes
    rest: bytes | None
    count: int
    named: int = 0


class Unreadable(Exception):
    """What is in a file cannot be seen; the message says why."""


def part(name: str, data: bytes, who: Identity, depth: int = 0) -> Parted | None:
    """Part what is about a learner from the rest of a file; None where nothing is, or it cannot be parted.

    Args:
        name: the file's name; only its end counts.

    Raises:
        Unreadable: a table, an archive or a database is damaged, locked with a password or too deep.
    """
    way = _way(name.lower(), data)
    if way is None or (way not in (_zip, _tar) and not _may_name(data, who)):
        return None
    return way(data, who, depth)


def _may_name(data: bytes, who: Identity) -> bool:
    lowered = data.lower()
    hints = (*who.needles, *(number.encode() for number in who.lms))
    return any(hint.lower() in lowered for hint in hints)


def _way(name: str, data: bytes) -> Callable[[bytes, Identity, int], Parted | None] | None:
    if data.startswith(gradebook.MAGIC):
        return _database
    if name.endswith(".zip"):
        return _zip
    if name.endswith(ARCHIVES):
        return _tar
    if name.endswith(TABLES):
        return _table
    if name.endswith(LINES):
        return _lines
    if name.endswith(".json"):
        return _json
    return None


def _table(data: bytes, who: Identity, depth: int) -> Parted | None:
    mark = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
    encoding = "utf-8"
    try:
        text = data[len(mark) :].decode(encoding)
    except UnicodeDecodeError:
        encoding = "latin-1"  # gives back the same bytes, whatever they are
        text = data.decode(encoding)
    records = _records(text)
    if not records:
        return None
    head = records[0][1]
    kept: list[str] = []
    taken: list[str] = []
    for number, (raw, values) in enumerate(records):
        cells = [value.removeprefix(_FORMULA_MARK) for value in values]
        is_theirs = number > 0 and who.is_row(head if _has_names(head) else ["id"] * len(cells), cells)
        (taken if is_theirs else kept).append(raw)
    if not taken and who.is_row(["name"] * len(head), head):  # a table without a head
        taken, kept = [records[0][0]], kept[1:]
    if not taken:
        return None
    top = records[0][0] if records[0][0] not in taken else ""
    theirs = mark + (top + "".join(taken)).encode(encoding)
    return Parted(theirs, mark + "".join(kept).encode(encoding), len(taken))


def _has_names(head: list[str]) -> bool:
    return any(names_people(name) for name in head)


def _records(text: str) -> list[tuple[str, list[str]]]:
    """The rows of a table as they stand, line ends and all, each with its cells."""
    lines = list(io.StringIO(text, newline=""))
    first = lines[0] if lines else ""
    taken: list[str] = []

    def feed() -> Any:
        for line in lines:
            taken.append(line)
            yield line

    found = []
    try:
        # Strictly: a quotation mark that is never closed would make the rest of the file one row.
        for row in csv.reader(feed(), delimiter=max(",;\t", key=first.count), strict=True):
            found.append(("".join(taken), row))
            taken.clear()
    except csv.Error as error:
        raise Unreadable(f"It is not a table that can be read: {error}.") from error
    return found


def _lines(data: bytes, who: Identity, depth: int) -> Parted | None:
    text = data.decode("utf-8", "surrogateescape")
    lines = list(io.StringIO(text, newline=""))
    taken = [line for line in lines if who.named_in(line, as_log=True)]
    if not taken:
        return None
    rest = "".join(line for line in lines if not who.named_in(line, as_log=True))
    return Parted(_encoded("".join(taken)), _encoded(rest), len(taken))


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _json(data: bytes, who: Identity, depth: int) -> Parted | None:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return None
    taken: list[Any] = []
    left = _pruned(value, who, taken)
    if not taken:
        return None
    theirs = json.dumps(taken, indent=1, ensure_ascii=False).encode()
    rest = None if left is _GONE else json.dumps(left, indent=1, ensure_ascii=False).encode() + b"\n"
    return Parted(theirs, rest, len(taken))


_GONE = object()


def _pruned(value: Any, who: Identity, taken: list[Any]) -> Any:
    """A value without what is about the learner: entries under their name, records and rows that name them."""
    if isinstance(value, dict):
        # A record of somebody is flat but for its own particulars; a record that only mentions a person keeps the rest.
        if who.is_row(value, value.values()) or _is_actor(value, who):
            taken.append(value)
            return _GONE
        left = {}
        for name, inner in value.items():
            if who.is_key(name):
                taken.append({name: inner})
            elif (kept := _pruned(inner, who, taken)) is not _GONE:
                left[name] = kept
        return left
    if isinstance(value, list):
        if value and isinstance(value[0], str) and not isinstance(value[-1], dict) and _is_row(value, who):
            taken.append(value)
            return _GONE
        kept_list = []
        for inner in value:
            if isinstance(inner, str) and who.is_key(inner):
                taken.append(inner)
            elif (kept := _pruned(inner, who, taken)) is not _GONE:
                kept_list.append(kept)
        return kept_list
    return value


def _is_row(value: list[Any], who: Identity) -> bool:
    """A list such as ``["ann", "shapes", 1.0]``; a list of names is none."""
    return who.is_key(value[0]) and not all(isinstance(v, str) for v in value)


def _is_actor(value: dict[str, Any], who: Identity) -> bool:
    """An xAPI statement, whose actor is the person."""
    actor = value.get("actor")
    if not isinstance(actor, dict):
        return False
    account = actor.get("account")
    account = account if isinstance(account, dict) else {}
    mail = str(actor.get("mbox", "")).removeprefix("mailto:")
    return any(who.is_cell(each) for each in (actor.get("name"), mail, account.get("name")) if each)


def _database(data: bytes, who: Identity, depth: int) -> Parted | None:
    try:
        parted = gradebook.part_file(data, who)
    except gradebook.NoGradebook as error:
        raise Unreadable(str(error)) from error
    return Parted(*parted) if parted else None


def _zip(data: bytes, who: Identity, depth: int) -> Parted | None:
    if depth > _DEEPEST:
        raise Unreadable("It is an archive within an archive within an archive.")
    theirs, rest, count, left, named = io.BytesIO(), io.BytesIO(), 0, 0, 0
    try:
        with (
            zipfile.ZipFile(io.BytesIO(data)) as source,
            zipfile.ZipFile(theirs, "w", zipfile.ZIP_DEFLATED) as taken,
            zipfile.ZipFile(rest, "w", zipfile.ZIP_DEFLATED) as kept,
        ):
            if _is_handed_in_by(source, who):
                return Parted(data, None, 1)
            for entry in source.infolist():
                if entry.is_dir():
                    if not is_member(entry.filename, who):
                        kept.writestr(entry, b"")
                    continue
                inner, outer, number, stays = _member(entry.filename, source.read(entry), who, depth)
                count += number
                named += stays
                if inner is not None:
                    taken.writestr(entry, inner)
                if outer is not None:
                    kept.writestr(entry, outer)
                    left += 1
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise Unreadable(f"It cannot be opened: {error}.") from error
    return _parted(theirs, rest if left or not count else None, count, named)


def _is_handed_in_by(source: zipfile.ZipFile, who: Identity) -> bool:
    """Whether it is one archive as learners make them, and says that it is this learner's."""
    if (
        archive.ABOUT not in source.namelist()
        or source.getinfo(archive.ABOUT).file_size > archive.LARGEST_ABOUT
    ):
        return False
    try:
        about = json.loads(source.read(archive.ABOUT))
    except ValueError:
        return False
    return isinstance(about, dict) and about.get("learner") == who.id


def _tar(data: bytes, who: Identity, depth: int) -> Parted | None:
    if depth > _DEEPEST:
        raise Unreadable("It is an archive within an archive within an archive.")
    kind = {b"\x1f\x8b": "gz", b"BZ": "bz2", b"\xfd7": "xz"}.get(data[:2], "")
    theirs, rest, count, left, named = io.BytesIO(), io.BytesIO(), 0, 0, 0
    try:
        with (
            tarfile.open(fileobj=io.BytesIO(data), mode="r:*") as source,
            tarfile.open(fileobj=theirs, mode=f"w:{kind}") as taken,  # type: ignore[call-overload]
            tarfile.open(fileobj=rest, mode=f"w:{kind}") as kept,  # type: ignore[call-overload]
        ):
            for entry in source.getmembers():
                if not entry.isfile():
                    if not is_member(entry.name, who):
                        kept.addfile(entry)
                    continue
                stream = source.extractfile(entry)
                inner, outer, number, stays = _member(
                    entry.name, stream.read() if stream else b"", who, depth
                )
                for place, found in ((taken, inner), (kept, outer)):
                    if found is not None:
                        entry.size = len(found)
                        place.addfile(entry, io.BytesIO(found))
                count += number
                named += stays
                left += outer is not None
    except (tarfile.TarError, EOFError, OSError, ValueError) as error:
        raise Unreadable(f"It cannot be opened: {error}.") from error
    return _parted(theirs, rest if left or not count else None, count, named)


def _parted(theirs: io.BytesIO, rest: io.BytesIO | None, count: int, named: int) -> Parted | None:
    if not count and not named:
        return None
    return Parted(theirs.getvalue(), rest.getvalue() if rest else None, count, named)


def _member(name: str, data: bytes, who: Identity, depth: int) -> tuple[bytes | None, bytes | None, int, int]:
    """What of an archive's member is theirs, what is left, how many, and how many name them and stay."""
    if is_member(name, who):
        return data, None, 1, 0
    try:
        parted = None if _is_of_somebody(name) else part(name, data, who, depth + 1)
    except Unreadable:  # another's damaged archive is no reason to keep this one's
        return None, data, 0, 0
    if parted:
        return parted.theirs if parted.count else None, parted.rest, parted.count, parted.named
    if any(needle in data for needle in who.needles) and who.named_in(data.decode("utf-8", "replace")):
        if set(PurePosixPath(name).parts[:-1]) & set(DERIVED):
            return None, None, 1, 0  # made from the rest, and can be made again
        return None, data, 0, 1
    return None, data, 0, 0


def _is_of_somebody(name: str) -> bool:
    """Whether a member is part of what one learner handed in, in a copy of a course's folder."""
    return bool(set(PurePosixPath(name).parts[:-1]) & set(STEPS))


def is_member(name: str, who: Identity) -> bool:
    """Whether an archive's member belongs to the learner, by any part of its path."""
    return any(is_theirs(each, who) for each in PurePosixPath(name).parts)


def is_theirs(name: str, who: Identity) -> bool:
    """Whether a file or folder is the learner's by its name, as people and learning management systems give them."""
    from earned_security.teaching.zip_collect import PATTERNS

    if who.owns(name):
        return True
    found = [match for pattern in PATTERNS if (match := re.fullmatch(pattern, name))]
    return bool(found) and min(found, key=lambda match: match.start("learner"))["learner"] in (
        who.id,
        *who.lms,
    )
