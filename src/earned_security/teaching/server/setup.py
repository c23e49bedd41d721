"""One machine made ready for a class: folders, owners and permissions. Run as root; running it again changes nothing.

The permissions are what keeps a trainee out; nothing in a page or a setting does.
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
import stat
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from earned_security.teaching import TeachingError, course_folder, course_settings
from earned_security.teaching.bank import OPEN_BANK
from earned_security.teaching.server.classes import ClassServer, ServerCourse
from earned_security.teaching.server.session import LONGEST_HOME

CLOSED, EXCHANGE, OUTBOUND, INBOUND = 0o700, 0o1777, 0o755, 0o3733


def write_files(folder: Path, files: Mapping[str, str]) -> None:
    """Write what each person's folder begins with; everybody can read it, and it holds no key."""
    new = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    for name, text in files.items():
        target = new / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    for path in (new, *new.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    shutil.rmtree(folder, ignore_errors=True)
    new.rename(folder)


def prepare(server: ClassServer, create_accounts: bool, say: Callable[[str], None]) -> None:
    """Make accounts (if asked), course folders and the exchange, each with the permissions that it needs.

    Raises:
        TeachingError: this is not root, an account is missing, or a folder belongs to somebody else.
    """
    if os.geteuid() != 0:
        raise TeachingError(
            "Preparing the server gives folders to other accounts: run this as root, with sudo."
        )
    missing = [name for name in (*server.graders, *sorted(server.people)) if _account(name) is None]
    if missing and not create_accounts:
        raise TeachingError(
            f"There is no account on this machine for {', '.join(missing)}. Make them, or add --create-accounts."
        )
    for name in missing:
        _create(name)
        say(f"Account made: {name}" + (" (it has no password: `passwd` gives one)" * (name in server.people)))
    for name in (*server.graders, *server.people):
        home = Path(_required(name).pw_dir)
        if home.is_dir() and stat.S_IMODE(home.stat().st_mode) & 0o077:
            home.chmod(CLOSED)
            say(f"Closed to others: {home}")
    _folder(server.exchange, 0, 0, EXCHANGE)
    for course in server.courses:
        say(f"Course {course.id}: {_course(course, server.exchange)}")


def problems(server: ClassServer) -> Iterator[str]:
    """What on this machine would let somebody reach what is not theirs, or keep the class from working."""
    for course in server.courses:
        if not (course.folder / course_settings.FILE).exists():
            yield f"The course {course.id} has no folder {course.folder}. `earned server prepare` makes it."
        elif open_to_others(course.folder):
            yield f"Others can open the folder of {course.id}: chmod 700 {course.folder}"
        inbound = server.exchange / course.id / "inbound"
        if inbound.is_dir() and stat.S_IMODE(inbound.stat().st_mode) != INBOUND:
            yield f"Others can see or take away what is handed in for {course.id}: chmod 3733 {inbound}"
    if not server.exchange.is_dir():
        yield f"The exchange {server.exchange} is missing. `earned server prepare` makes it."
    elif stat.S_IMODE(server.exchange.stat().st_mode) != EXCHANGE:
        yield f"The exchange lets people remove each other's courses: chmod 1777 {server.exchange}"
    if not (server.learners_files / "Welcome.md").exists():
        yield f"{server.learners_files} holds no learner's files. `earned server files` writes them."
    root = OPEN_BANK.parents[1]
    for place in (OPEN_BANK, root / ".git"):
        if place.exists() and reachable(place):
            yield f"Everybody on this machine can read the bank with its keys: chmod -R o-rwx {place}"
    for name in sorted(server.people | set(server.graders)):
        account = _account(name)
        if account is None:
            yield f"{name} has no account on this machine."
        elif Path(account.pw_dir).is_dir() and open_to_others(Path(account.pw_dir)):
            yield f"Others can open the home of {name}: chmod 700 {account.pw_dir}"
        if account and len(account.pw_dir.encode()) > LONGEST_HOME:
            yield (
                f"No notebook of {name} could start: the path of the home, {account.pw_dir}, has more than {LONGEST_HOME} "
                "characters."
            )


def open_to_others(path: Path) -> bool:
    """Whether anybody but the owner may look in or pass through; a group may be everybody's."""
    return bool(path.stat().st_mode & 0o077)


def reachable(path: Path) -> bool:
    """Whether everybody may read here, each folder above it counted."""
    return bool(path.stat().st_mode & 0o004) and all(
        above.stat().st_mode & 0o001 for above in path.resolve().parents
    )


def _course(course: ServerCourse, exchange: Path) -> Path:
    account = _required(course.grader)
    if not (course.folder / course_settings.FILE).exists():
        _folder(course.folder.parent, 0, 0, 0o755)
        course_folder.new(course.folder)
        settings = course.folder / course_settings.FILE
        text = settings.read_text(encoding="utf-8")
        text = re.sub(r"(?m)^course: \S+", f"course: {course.id}", text, count=1)
        text = re.sub(r"(?m)^exchange: null", f"exchange: {exchange}", text, count=1)
        settings.write_text(text, encoding="utf-8")
        for path in (course.folder, *course.folder.iterdir()):
            os.chown(path, account.pw_uid, account.pw_gid)
    if course.folder.stat().st_uid != account.pw_uid:
        raise TeachingError(f"{course.folder} does not belong to {course.grader}; nothing in it was changed.")
    course.folder.chmod(CLOSED)
    place = exchange / course.id
    for folder, mode in ((place, OUTBOUND), (place / "outbound", OUTBOUND), (place / "inbound", INBOUND)):
        _folder(folder, account.pw_uid, account.pw_gid, mode)
    return course.folder


def _folder(path: Path, user: int, group: int, mode: int) -> None:
    if path.is_symlink():
        raise TeachingError(f"{path} is a link. Remove it, or name the folder itself in server.yaml.")
    if path.exists():
        if path.stat().st_uid != user:
            raise TeachingError(
                f"{path} belongs to somebody else (uid {path.stat().st_uid}); nothing was changed."
            )
        if mode in (EXCHANGE, INBOUND):
            path.chmod(mode)
        return
    path.mkdir(parents=True)
    os.chown(path, user, group)
    path.chmod(mode)  # after chown, which takes the special bits away


def _account(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _required(name: str) -> pwd.struct_passwd:
    account = _account(name)
    if account is None:
        raise TeachingError(f"There is no account {name} on this machine.")
    return account


def _create(name: str) -> None:
    """An account with a home that is closed to others, and no password."""
    command = [
        "useradd",
        "--create-home",
        "--user-group",
        "--shell",
        "/bin/bash",
        "--key",
        "HOME_MODE=0700",
        name,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise TeachingError(f"The account {name} could not be made: {done.stderr.strip()}")
