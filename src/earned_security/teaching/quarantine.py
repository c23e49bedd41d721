"""What may not come in, and why: ``quarantine/<assignment>/<learner>/<time>/`` in the course's folder.

Each such folder holds ``reason.txt``: the reason, an empty line, and where the submission lies. What was placed in
``submitted/`` by hand is moved there, into ``submission/``, as it is; what lies in the exchange or among the files of
a learning management system stays where it is.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from earned_security.teaching.intake import SECRET, TIMESTAMP, Accepted, name_problem, shown

FOLDER, REASON, MOVED = "quarantine", "reason.txt", "submission"
_LIES = "It lies in: "


@dataclass(frozen=True)
class Entry:
    """One thing in quarantine. ``lies``: where the submission itself is. ``folder``: the entry's own."""

    assignment: str
    learner: str
    time: str
    reason: str
    lies: str
    folder: Path


def put(course: Path, assignment: str, learner: str, reason: str, lies: Path) -> Entry:
    """Note what stays where it lies, and why it does not come in; the same is noted once."""
    where, reason = shown(str(lies), 1000), _line(reason)
    for path in sorted(_above(course, assignment, learner).glob(f"*/{REASON}")):
        entry = _read(path)
        if (entry.lies, entry.reason) == (where, reason):
            return entry
    return _write(_new_folder(course, assignment, learner), reason, where)


def move(course: Path, assignment: str, learner: str, reason: str, paths: Iterable[Path]) -> Entry:
    """Move things out of ``submitted/``, links as links and nothing opened, and note why."""
    folder = _new_folder(course, assignment, learner)
    moved = folder / MOVED  # apart, so that nothing that is moved can be taken for the reason
    moved.mkdir()
    for path in paths:
        path.rename(moved / path.name)
    return _write(folder, _line(reason), str(moved))


def entries(course: Path, assignment: str | None = None) -> list[Entry]:
    """All that is in quarantine, by assignment, learner and time."""
    paths = sorted((course / FOLDER).glob(f"*/*/*/{REASON}"))
    return [_read(path) for path in paths if assignment in (None, path.parts[-4])]


def _read(path: Path) -> Entry:
    assignment, learner, time = path.parts[-4:-1]
    reason, _, lies = path.read_text(encoding="utf-8").partition("\n\n")
    return Entry(assignment, learner, time, reason.strip(), lies.strip().removeprefix(_LIES), path.parent)


def store(accepted: Accepted, folder: Path, groupshared: bool = False) -> None:
    """Put an accepted submission into a folder of ``submitted/``, in place of what is there."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    new = folder.with_name(f".{folder.name}.new")
    remove(new)
    new.mkdir()
    for name, data in complete(accepted).items():
        (new / name).write_bytes(data)
    if groupshared:
        new.chmod(0o2770)
        for path in new.iterdir():
            path.chmod(path.stat().st_mode | 0o660)
    remove(folder)
    new.rename(folder)


def complete(accepted: Accepted) -> dict[str, bytes]:
    """The files of a submission with a time and a secret: where one has none, nbgrader's feedback fails for all."""
    moment = nbgrader_time(accepted.moment).encode() if accepted.moment else b""
    return {TIMESTAMP: moment, SECRET: os.urandom(32).hex().encode(), **accepted.files}


def nbgrader_time(moment: datetime) -> str:
    """A time as nbgrader writes it into ``timestamp.txt``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f UTC")


def remove(path: Path) -> None:
    """Remove a folder, a file or a link, if it is there; never what a link points to."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if stat.S_ISDIR(mode):
        shutil.rmtree(path)
    else:
        path.unlink()


def _new_folder(course: Path, assignment: str, learner: str) -> Path:
    above = _above(course, assignment, learner)
    time = datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%S")
    for count in range(1, 10_000):
        folder = above / (time if count == 1 else f"{time}-{count}")
        try:
            folder.mkdir(parents=True)
            return folder
        except FileExistsError:
            continue
    raise FileExistsError(f"There are too many entries in {above}.")


def _above(course: Path, assignment: str, learner: str) -> Path:
    """A learner's part of the quarantine; a name that cannot be a folder's gets one made from it."""
    if name_problem(learner) is not None:
        digest = hashlib.sha256(learner.encode("utf-8", "surrogatepass")).hexdigest()[:12]
        learner = f"unnamed-{digest}"
    return course / FOLDER / assignment / learner


def _write(folder: Path, reason: str, lies: str) -> Entry:
    text = f"{reason}\n\n{_LIES}{lies}\n"
    (folder / REASON).write_text(text, encoding="utf-8", errors="backslashreplace")
    return Entry(folder.parts[-3], folder.parts[-2], folder.name, reason, lies, folder)


def _line(text: str) -> str:
    return shown(" ".join(text.split()), 1000)
