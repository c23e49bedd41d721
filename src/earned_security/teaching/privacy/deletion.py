"""Deleting what is held on one learner, so that a stop in the middle is continued by the same command.

What would bring the rest back goes first (the exchange, what was handed in), what is made from it next, what knows the
names last, and the gradebook at the very end. Until all is gone, and a search has found nothing, a file in ``privacy``
keeps id, names and addresses, so that a second run looks for the same.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import stat
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from earned_security.teaching import TeachingError, course_settings, quarantine
from earned_security.teaching.privacy import contents, gradebook, settings_file
from earned_security.teaching.privacy.holdings import KINDS, PRIVACY, Found, Holding, Kind, find
from earned_security.teaching.privacy.identity import Identity
from earned_security.teaching.privacy.place import Place


@dataclass(frozen=True)
class Deleted:
    """What was deleted: files and folders, rows in shared files, rows of the gradebook; and what is not reached."""

    wholes: int
    parts: int
    rows: int
    left: tuple[str, ...]


def unfinished(place: Place) -> list[str]:
    """Learners whose deletion was begun and not finished."""
    return sorted(_read(path).id for path in (place.folder / PRIVACY).glob("unfinished-*.json"))


def begun(place: Place, learner: str) -> Place:
    """The same course, which also knows what an interrupted deletion noted about a learner."""
    path = _note(place, learner)
    return Place(place.settings, place.api, (_read(path),)) if path.exists() else place


def delete(
    place: Place,
    who: Identity,
    kinds: Sequence[Kind] = KINDS,
    mentions: bool = True,
) -> Deleted:
    """Delete what is held on a learner, everywhere that this account reaches, and look again afterwards.

    Args:
        kinds: only what is of these kinds.
        mentions: also say where others' files name the learner.

    Raises:
        TeachingError: something may not be deleted by this account (nothing was deleted then), somebody is using the
            gradebook or marking, or something could not be deleted; the same command again does what is left.
    """
    found = find(place, who, mentions=False)
    wanted = [each for each in found.holdings if each.kind in kinds and each.path != _note(place, who.id)]
    _require_allowed(each.path for each in wanted)
    try:
        with FileLock(lock := place.folder / ".marking.lock", timeout=0):
            owner = place.folder.stat()
            with contextlib.suppress(PermissionError):
                os.chown(
                    lock, owner.st_uid, owner.st_gid
                )  # a lock of root's would keep the owner from marking
            return _delete(place, who, kinds, wanted, mentions)
    except Timeout as error:
        raise TeachingError(
            f"Somebody is marking in {place.folder} at this moment. Wait until that is done."
        ) from error


def _delete(
    place: Place, who: Identity, kinds: Sequence[Kind], wanted: Sequence[Holding], mentions: bool
) -> Deleted:
    everything = set(kinds) == set(KINDS)
    if everything:
        _begin(place, who)
    for holding in wanted:
        try:
            _take(holding, who)
        except OSError as error:
            raise TeachingError(
                f"{holding.path} could not be deleted: {error.strerror}. What comes after it is still there. Put that "
                "right, and run the same command again: it goes on from here."
            ) from error
    rows = 0
    if "marks" in kinds:
        with gradebook.opened(place.api) as book:
            rows = sum(map(len, gradebook.rows(book, who.id).values()))
            gradebook.delete(book, who.id)
    if isinstance(again := _still_there(place, who, kinds, mentions), str):
        raise TeachingError(again)
    if everything:
        _note(place, who.id).unlink()
    with contextlib.suppress(OSError):
        (place.folder / PRIVACY).rmdir()  # where it is empty
    wholes = sum(each.whole for each in wanted)
    parts = sum(each.count for each in wanted if not each.whole)
    return Deleted(wholes, parts, rows, (*again, *not_reached(place, who)))


def _take(holding: Holding, who: Identity) -> None:
    path = holding.path
    if holding.whole:
        _remove(path)
    elif path.name == course_settings.FILE:
        text = settings_file.without(path.read_text(encoding="utf-8"), who.id)
        replace_file(path, text.encode())
    elif path.exists() and (parted := contents.part(path.name, path.read_bytes(), who)):
        if not parted.count:
            return
        if parted.rest is None:
            _remove(path)
        else:
            replace_file(path, parted.rest)


def _remove(path: Path) -> None:
    """Remove a file, a link or a folder; folders that may not be written to are made so first."""
    if path.is_dir() and not path.is_symlink():
        for folder, _, _ in os.walk(path):
            with contextlib.suppress(OSError):
                Path(folder).chmod(0o700)
    quarantine.remove(path)
    above = path.parent
    if above.parent.name == quarantine.FOLDER or above.name in ("extracted", "archive"):
        return
    with contextlib.suppress(OSError):
        if above.parents[1].name == quarantine.FOLDER:  # an entry's learner, with nothing left
            above.rmdir()


def replace_file(path: Path, data: bytes) -> None:
    """Write a file anew, all of it or nothing, with the rights and the owner that it has."""
    before = path.stat()
    new = path.with_name(f".{path.name}.new")
    with new.open("wb") as stream:
        os.fchmod(stream.fileno(), stat.S_IMODE(before.st_mode))
        with contextlib.suppress(PermissionError):
            os.fchown(stream.fileno(), before.st_uid, before.st_gid)
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    new.replace(path)


def _require_allowed(paths: Iterable[Path]) -> None:
    """
    Raises:
        TeachingError: this account may not delete something; nothing was deleted.
    """
    refused = []
    for path in paths:
        places = [path.parent]
        if path.is_dir() and not path.is_symlink():
            # Somebody else's folder can only be emptied by whoever may write into each part of it.
            places += [Path(folder) for folder, folders, files in os.walk(path) if folders or files]
        closed = [each for each in places if not _may_change(each) and not _own(each)]
        if closed or _kept_by_sticky(path):
            refused.append(path)
    if refused:
        listed = "\n".join(f"  {path}" for path in refused[:10])
        raise TeachingError(
            f"This account may not delete these, so nothing was deleted:\n{listed}\nLet somebody run the same command "
            "who may, for instance the administrator of this computer with sudo."
        )


def _may_change(folder: Path) -> bool:
    effective = os.access in os.supports_effective_ids
    return os.access(folder, os.W_OK | os.X_OK, effective_ids=effective)


def _own(path: Path) -> bool:
    return path.lstat().st_uid == os.geteuid()


def _kept_by_sticky(path: Path) -> bool:
    above = path.parent.stat()
    sticky = bool(above.st_mode & stat.S_ISVTX)
    return sticky and os.geteuid() not in (0, above.st_uid, path.lstat().st_uid)


def _note(place: Place, learner: str) -> Path:
    """Where it is written that a deletion was begun. The name says nothing about whose."""
    code = hashlib.sha256(f"{place.settings.course}/{learner}".encode()).hexdigest()[:12]
    return place.folder / PRIVACY / f"unfinished-{code}.json"


def _begin(place: Place, who: Identity) -> None:
    path = _note(place, who.id)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    new = path.with_suffix(".new")
    new.touch(mode=0o600)
    new.write_text(json.dumps(asdict(who)), encoding="utf-8")
    new.replace(path)


def _read(path: Path) -> Identity:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return Identity(
            data["id"],
            data["pseudonym"],
            tuple((first, last) for first, last in data["names"]),
            tuple(data["emails"]),
            tuple(data["lms"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TeachingError(
            f"{path} says that a deletion was begun, and cannot be read. Delete the file and run the command again."
        ) from error


def _still_there(place: Place, who: Identity, kinds: Sequence[Kind], mentions: bool) -> str | tuple[str, ...]:
    """What a search afterwards finds: what should be gone, in a sentence; else the notices for a person."""
    found: Found = find(place, who, mentions)
    note = _note(place, who.id)
    left = [str(each.path) for each in found.holdings if each.kind in kinds and each.path != note]
    if "marks" in kinds:
        left += [f"{count} rows of the table {table}" for table, count in found.rows.items() if count]
        if place.gradebook_file and gradebook.has_free_pages(place.gradebook_file):
            left.append(f"pages of deleted rows in {place.gradebook_file}")
    if left:
        return (
            "Looking again found what should be gone; perhaps somebody handed in or marked meanwhile: "
            f"{', '.join(left)}. Run the same command again."
        )
    return found.notices


def not_reached(place: Place, who: Identity) -> tuple[str, ...]:
    """What no command can reach from here, in sentences."""
    said = [
        f"Your own list of learners, outside this folder: take {who.id} off it, or the next import brings them back.",
        "Tables, reports and certificates that were handed on, and marks in a learning management system or a "
        "register.",
        "What was handed in through a learning management system or by mail, where it still lies there.",
        "The learner's own folder and copies, and the storage of their browser.",
        "The account and its groups on a class server; its administrator removes them.",
        "Backups of the computer, snapshots and the waste bin. A deleted file can be on a disk until it is written "
        "over.",
    ]
    if place.gradebook_file is None:
        said.append("The database server's own logs and backups.")
    return tuple(said)
