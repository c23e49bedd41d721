"""Everything that a course holds on one learner: where it lies, what it is, and whether all of it is theirs.

What is looked at: the course's folder, the exchange, nbgrader's cache of this account, the gradebook wherever it is,
and the sign-in file of the learning management system. Links are never followed.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from earned_security.teaching import TeachingError, course_settings
from earned_security.teaching.intake import SECRET
from earned_security.teaching.privacy import contents, gradebook, settings_file
from earned_security.teaching.privacy.identity import Identity
from earned_security.teaching.privacy.place import Place, inside
from earned_security.teaching.quarantine import FOLDER as QUARANTINE
from earned_security.teaching.repair import REPORTS

Kind = Literal["submissions", "marks", "certificates"]
KINDS: tuple[Kind, ...] = ("submissions", "marks", "certificates")

PRIVACY = "privacy"  # copies made for learners, and what says that a deletion was begun
DOWNLOADED = "downloaded"
CLASS_REPORT = "report on the whole class, to be made again without them"
_ASSEMBLED = ("source", "release", ".git")
_FOLDERS = (*contents.DERIVED, *_ASSEMBLED, *contents.STEPS, QUARANTINE, DOWNLOADED, "bank", "exchange")
_CLOSED = (
    ".pdf",
    ".docx",
    ".xlsx",
    ".pptx",
    ".odt",
    ".ods",
    ".gpg",
    ".7z",
    ".rar",
)  # not to be searched for words
_MOST = 200_000_000  # bytes of one file


@dataclass(frozen=True)
class Holding:
    """One thing that is held. ``whole``: all of it is theirs; else ``count`` rows, entries or members of it."""

    kind: Kind
    what: str
    path: Path
    whole: bool = True
    count: int = 0


@dataclass(frozen=True)
class Found:
    """What a search found.

    Attributes:
        holdings: in the order in which they can be deleted: what would bring others back comes first.
        rows: how many rows of the gradebook are theirs, by table.
        notices: for people: what was seen and is not theirs to delete, or could not be looked into.
        elsewhere: what this account may read and may not change, because a class server keeps it.
    """

    holdings: tuple[Holding, ...]
    rows: dict[str, int]
    notices: tuple[str, ...] = ()
    elsewhere: tuple[Holding, ...] = ()

    @property
    def nothing(self) -> bool:
        return not self.holdings and not self.elsewhere and not any(self.rows.values())


def find(place: Place, who: Identity, mentions: bool = True) -> Found:
    """Everything held on one learner.

    Args:
        mentions: also look into what others handed in, for notices.

    Raises:
        TeachingError: something cannot be read.
    """
    try:
        return _find(place, who, mentions)
    except PermissionError as error:
        raise TeachingError(
            f"This account may not read {error.filename}, so it cannot be said what is held. Nothing was changed. Let "
            "somebody run the same command who may."
        ) from error


def _find(place: Place, who: Identity, mentions: bool) -> Found:
    notices: list[str] = []
    pages, orphans = feedback_pages(place, who)
    own: list[Holding] = [Holding("submissions", "feedback page in the exchange", page) for page in pages]
    own += [
        Holding("submissions", "handed in, in the exchange", path)
        for path in inside(place.exchange / "inbound")
        if path.name.startswith(f"{who.id}+")
    ]
    own += [
        Holding("submissions", "handed in, in the cache of this account", path)
        for path in inside(place.cache)
        if path.name.startswith(f"{who.id}+")
    ]
    if orphans:
        notices.append(
            f"{len(orphans)} feedback pages in {place.exchange / 'feedback'} belong to nothing that is still here, so "
            f"nobody can say whose they are; for instance {orphans[0].name}. If no one needs them, delete them."
        )
    search = _Search(place, who, notices, mentions)
    own += sorted(search.holdings(), key=_order)
    sign_ins = list(_sign_ins(place, who))
    if elsewhere := tuple(each for each in sign_ins if not _may_replace(each.path)):
        notices.append(
            f"{elsewhere[0].path} says under which id the learning management system knows {who.id}. The class server "
            "keeps that file; its administrator takes the line out."
        )
    own += [*(each for each in sign_ins if each not in elsewhere), *_in_settings(place, who)]
    with gradebook.opened(place.api) as book:
        rows = {table: len(found) for table, found in gradebook.rows(book, who.id).items()}
        if count := gradebook.mentions(book, who):
            notices.append(
                f"{count} comments to other learners have the name or the id in them; look in formgrader."
            )
    if search.mentions:
        notices.append(
            "The name or the id also stands in files that are about others, or yours: "
            f"{_some(_relative(search.mentions, place))}. They stay as they are; a person has to look."
        )
    if search.closed:
        notices.append(
            f"Nobody can search these for a name here: {_some(_relative(search.closed, place))}. Open them."
        )
    return Found(tuple(own), rows, tuple(notices), elsewhere)


def _order(holding: Holding) -> int:
    """What is taken in or marked again comes before what is made from it; what knows the name comes last."""
    first = holding.path.name
    return 3 if not holding.whole and first.endswith(".csv") else 2 if not holding.whole else 1


def _relative(paths: Iterable[Path], place: Place) -> list[str]:
    return [path.relative_to(place.folder).as_posix() for path in paths]


def feedback_pages(place: Place, who: Identity) -> tuple[list[Path], list[Path]]:
    """The learner's pages in the exchange, and pages of nobody who is still here.

    nbgrader names a page by a secret that lies with each submission; so it is found as long as one copy of that is.
    """
    from nbgrader.utils import notebook_hash

    everybody: set[str] = set()
    own: set[str] = set()
    for owner, path in _secrets(place):
        try:
            secret = "" if path.is_symlink() else path.read_text("utf-8", "replace")[:1000]
        except OSError:
            continue
        names = {
            f"{notebook_hash(secret=secret, notebook_id=name)}.html" for name in place.assignments if secret
        }
        everybody |= names
        if owner == who.id:
            own |= names
    pages = [path for path in inside(place.exchange / "feedback") if path.suffix == ".html"]
    return [p for p in pages if p.name in own], [p for p in pages if p.name not in everybody]


def _secrets(place: Place) -> Iterator[tuple[str, Path]]:
    """Whose each submission's secret is, and where it lies."""
    for step in contents.STEPS:
        for path in place.folder.glob(f"{step}/*/*/{SECRET}"):
            yield path.parts[-3], path
    for folder in (place.exchange / "inbound", place.cache):
        for path in folder.glob(f"*/{SECRET}"):
            yield path.parent.name.partition("+")[0], path


class _Search:
    """The course's folder, gone through once."""

    def __init__(self, place: Place, who: Identity, notices: list[str], everywhere: bool) -> None:
        self.place, self.who, self.notices, self._everywhere = place, who, notices, everywhere
        self.closed: list[Path] = []
        self.mentions: list[Path] = []
        self._skipped = {place.folder / name for name in _ASSEMBLED}
        if place.settings.private_bank:
            self._skipped.add(place.settings.private_bank)
        if (place.folder / ".git").exists():
            notices.append(
                "The course's folder is a git repository: what was committed stays in its history."
            )

    def holdings(self) -> Iterator[Holding]:
        for folder, folders, files in os.walk(self.place.folder):
            here = Path(folder)
            if self._is_class_report(here, files):
                folders.clear()
                yield Holding("marks", CLASS_REPORT, here)
                continue
            folders[:] = sorted(name for name in folders if here / name not in self._skipped)
            for name in list(folders):
                if self._is_own_folder(self._parts(here), name):
                    folders.remove(name)
                    yield self._whole(here / name)
                elif (here / name).is_symlink():
                    folders.remove(name)
            for name in sorted(files):
                if found := self._file(here / name):
                    yield found

    def _is_class_report(self, here: Path, files: list[str]) -> bool:
        """What `earned report` wrote: it counts this learner in, under a code that only the whole class gives."""
        parts = self._parts(here)
        return len(parts) > 1 and parts[0] == REPORTS and "report.html" in files and self._is_counted

    @cached_property
    def _is_counted(self) -> bool:
        return self.who.id in self.place.learners()

    def _parts(self, path: Path) -> tuple[str, ...]:
        return path.relative_to(self.place.folder).parts

    def _is_own_folder(self, above: tuple[str, ...], name: str) -> bool:
        """Inside what another learner handed in, nothing belongs to this one, whatever it is called."""
        if not above:
            return name not in _FOLDERS and contents.is_theirs(name, self.who)
        if above[0] in contents.STEPS:
            return len(above) == 1 and name == self.who.id
        if above[0] == QUARANTINE:
            return len(above) == 2 and name == self.who.id
        if above == (DOWNLOADED,):  # an assignment's
            return False
        return contents.is_theirs(name, self.who)

    def _of_somebody_else(self, path: Path) -> bool:
        parts = self._parts(path)
        return parts[0] in contents.STEPS or (parts[0] == QUARANTINE and len(parts) > 2)

    def _whole(self, path: Path) -> Holding:
        kind, what = _said(self._parts(path))
        return Holding(kind, what, path)

    def _file(self, path: Path) -> Holding | None:
        if path in (self.place.gradebook_file, self.place.folder / course_settings.FILE):
            return None
        if path.name.startswith(".") and path.name.endswith(".lock"):
            return None
        parts = self._parts(path)
        elsewhere = self._of_somebody_else(path)
        if not elsewhere and contents.is_theirs(path.name, self.who):
            return self._whole(path)
        if path.is_symlink() or not path.is_file():
            return None
        if elsewhere and not self._everywhere and parts[0] != QUARANTINE:
            return None
        if path.stat().st_size > _MOST:
            self.notices.append(f"{path} is too large to look into.")
            return None
        try:
            data = path.read_bytes()
            parted = None if elsewhere else contents.part(path.name, data, self.who)
        except OSError as error:
            self.notices.append(f"{path} could not be read: {error.strerror}.")
            return None
        except contents.Unreadable as reason:
            self.notices.append(f"{path} could not be looked into. {reason}")
            return None
        if parted and parted.named:
            self.mentions.append(path)
        if parted and parted.count:
            kind, what = _said(parts)
            if parted.rest is None:
                return Holding(kind, what, path)
            return Holding(kind, what, path, False, parted.count)
        if path.suffix.lower() in _CLOSED and not any(other in path.name for other in self.who.others):
            self.closed.append(path)
        if self._is_named(data):
            if parts[0] in contents.DERIVED:
                return self._whole(path)
            if parts[0] == QUARANTINE and self._is_theirs_in_quarantine(path):
                return Holding("submissions", "in quarantine", path.parent)
            self.mentions.append(path)
        return None

    def _is_theirs_in_quarantine(self, path: Path) -> bool:
        """An entry whose place nobody is named by, but which lies in this learner's part of the exchange."""
        if path.name != "reason.txt":
            return False
        lies = Path(path.read_text("utf-8", "replace").rpartition("It lies in: ")[2].strip())
        for above in (self.place.exchange, self.place.folder):
            if lies.is_relative_to(above):
                return any(contents.is_theirs(part, self.who) for part in lies.relative_to(above).parts)
        return False

    def _is_named(self, data: bytes) -> bool:
        if not any(needle in data for needle in self.who.needles):
            return False
        text = data.decode("utf-8", "replace")
        lines = [line for line in text.splitlines() if self.who.named_in(line)]
        return any(line.strip() not in self.place.lines for line in lines)


def _said(parts: tuple[str, ...]) -> tuple[Kind, str]:
    """What something in the course's folder is, by where it lies."""
    first, name = parts[0], parts[-1].lower()
    if first == "submitted":
        return "submissions", "handed in, as collected"
    if first == "autograded":
        return "submissions", "handed in, as marked"
    if first == "feedback":
        return "submissions", "feedback pages"
    if first == DOWNLOADED:
        return "submissions", "handed in, as a learning management system gave it"
    if first == QUARANTINE:
        return "submissions", "in quarantine"
    if first == PRIVACY:
        return "marks", "copy made for the learner"
    if "certificate" in "/".join(parts).lower():
        return "certificates", "certificate"
    if name.startswith("second-marking"):
        return "marks", "texts for second marking"
    if name.endswith(".log"):
        return "marks", "log"
    if ".db" in name or name.endswith(contents.ARCHIVES):
        return "marks", "backup or archive"
    return "marks", "roster" if "roster" in name else "report or table"


def _sign_ins(place: Place, who: Identity) -> Iterator[Holding]:
    """The file in which a class server notes who signed in from the learning management system."""
    path = place.folder / "lti.yaml"
    if not path.is_file():
        return
    import yaml

    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError):
        return
    launches = data.get("launches") if isinstance(data, dict) else None
    noted = (place.folder / Path(launches).expanduser()).resolve() if isinstance(launches, str) else None
    if noted and noted.is_file() and place.folder not in noted.parents:
        parted = contents.part("launches.json", noted.read_bytes(), who)
        if parted and parted.count:
            yield Holding("marks", "sign-ins by LTI", noted, False, parted.count)


def _in_settings(place: Place, who: Identity) -> Iterator[Holding]:
    path = place.folder / course_settings.FILE
    if path.is_file() and settings_file.entry(path.read_text(encoding="utf-8"), who.id):
        yield Holding("marks", "extensions in the settings", path, False, 1)


def _may_replace(path: Path) -> bool:
    return os.access(path.parent, os.W_OK | os.X_OK)


def require_somebody(found: Found, who: Identity, place: Place) -> None:
    """
    Raises:
        TeachingError: nothing is held on anybody of this id.
    """
    if found.nothing:
        raise TeachingError(
            f"Nothing is held here on anybody with the id {who.id}. Ids are as in the roster, capitals included: "
            f"{_some(place.learners())}."
        )


def _some(names: Iterable[str]) -> str:
    listed = list(names)
    more = f" and {len(listed) - 6} more" if len(listed) > 6 else ""
    return ", ".join(listed[:6]) + more if listed else "there are none yet"
