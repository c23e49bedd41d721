"""Archives from a learning management system or from mails: the two plugins of nbgrader's ``zip_collect``.

An archive's learner is known by its place or its name, never by what it says of itself alone:

- ``<learner>/<anything>.earned.zip`` and ``<learner>_<assignment>.earned.zip``;
- as Moodle, Canvas and Blackboard name what they hand over, by the number or name in it. Where the roster has that
  as ``lms_user_id``, the learner of the roster is meant.

A zip file without a learner is a system's whole download; the archives in it are taken. Of several archives of
one learner the one made last counts.
"""

from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.plugins import ExtractorPlugin, FileNameCollectorPlugin
from traitlets import List, Unicode

from earned_security.assessment import archive
from earned_security.teaching import intake, quarantine
from earned_security.teaching.collect import collected_at
from earned_security.teaching.intake import Accepted, Quarantined, shown

MOST_MEMBERS = 20_000
# As systems name what they hand over. Each has the group ``learner``; where several fit, the one that names somebody
# first: what follows is the name that the learner gave the file, and may say anything.
PATTERNS = [
    r".*?_(?P<learner>\d+)_assignsubmission_file.*",  # Moodle
    r".*?_(?P<learner>[^_]+)_attempt_\d{4}(-\d\d){5}[_.].*",  # Blackboard
    r"[^_]+_(LATE_)?(?P<learner>\d+)_\d+_.*",  # Canvas
]


@dataclass(frozen=True)
class Found:
    """One file that was handed in. ``place``: where it lies, for people; ``data``: only of a download's member."""

    path: Path
    place: Path
    named: str | None
    data: bytes | None = None


class ArchiveExtractor(ExtractorPlugin):
    """Opens the archives in ``downloaded/<assignment>/archive``; set as ``c.ZipCollectApp.extractor_plugin``."""

    learner_patterns = List(
        Unicode(),
        default_value=PATTERNS,
        help="Regular expressions with a group 'learner', for names that a learning management system gives.",
    ).tag(config=True)

    def extract(self, archive_path: str, extracted_path: str) -> None:
        coursedir = self.parent.coursedir
        self._course, self._assignment = Path(coursedir.root), str(coursedir.assignment_id)
        roster, by_lms = self._roster()
        best: dict[str, tuple[Accepted, Found]] = {}
        for found in self._files(Path(archive_path)):
            learner = by_lms.get(found.named or "", found.named)
            result = self._judged(found, learner, roster)
            if isinstance(result, Quarantined):
                entry = quarantine.put(
                    self._course, self._assignment, learner or str(found.place), result.reason, found.place
                )
                name = shown(str(found.place))
                self.log.warning("%s: not collected. %s See %s", name, result.reason, entry.folder)
                continue
            assert learner is not None
            if learner in best:
                self.log.info("%s: handed in more than once; the archive made last counts.", shown(learner))
            if learner not in best or _made(result) > _made(best[learner][0]):
                best[learner] = (result, found)
        for learner, (accepted, _) in best.items():
            self._place(learner, accepted, Path(extracted_path))

    def _place(self, learner: str, accepted: Accepted, extracted: Path) -> None:
        coursedir = self.parent.coursedir
        destination = Path(coursedir.format_path(coursedir.submitted_directory, learner, self._assignment))
        if os.path.lexists(destination):
            before = collected_at(destination)
            if before is not None and _made(accepted) <= before <= datetime.now(UTC):
                self.log.info("%s: collected before; there is nothing newer.", shown(learner))
                return
            self.log.info("%s: a newer archive takes the place of the earlier submission.", shown(learner))
            quarantine.remove(destination)
        quarantine.store(accepted, extracted / learner)

    def _judged(self, found: Found, learner: str | None, roster: set[str]) -> Accepted | Quarantined:
        if learner is None:
            return Quarantined(
                "Nothing says whose it is. Put it into a folder with the learner's id as its name, beside the others."
            )
        if problem := intake.name_problem(learner):
            return Quarantined(f"Its name cannot be used: {problem}.")
        if roster and learner not in roster:
            return Quarantined(
                f"Nobody in the roster is called {shown(learner)}. Add the learner, or give this as lms_user_id."
            )
        if found.data is not None:
            return intake.inspect_archive(found.data, self._assignment, learner)
        return intake.inspect_archive_file(found.path, self._assignment, learner)

    def _roster(self) -> tuple[set[str], dict[str, str]]:
        """Everybody's id, and ids by the number that the learning management system gives them."""
        with Gradebook(self.parent.coursedir.db_url, self.parent.coursedir.course_id) as gradebook:
            students = [(student.id, student.lms_user_id) for student in gradebook.students]
        return {name for name, _ in students}, {lms: name for name, lms in students if lms}

    def _files(self, folder: Path) -> Iterator[Found]:
        for root, _, names in os.walk(folder):
            for name in sorted(names):
                path = Path(root, name)
                relative = path.relative_to(folder)
                learner = self._learner(relative.as_posix())
                if name.startswith("."):
                    continue
                if learner is None and path.suffix == ".zip" and not path.is_symlink() and path.is_file():
                    yield from self._members(path)
                else:
                    yield Found(path, path, learner)

    def _members(self, path: Path) -> Iterator[Found]:
        """The files in a whole download; the file itself where it is one archive, or cannot be read."""
        try:
            with zipfile.ZipFile(path) as download:
                entries = [entry for entry in download.infolist() if not entry.is_dir()]
                if any(entry.filename == archive.ABOUT for entry in entries) or len(entries) > MOST_MEMBERS:
                    yield Found(path, path, None)
                    return
                for entry in entries:
                    with download.open(entry) as member:
                        data = member.read(archive.LARGEST_ARCHIVE + 1)
                    yield Found(path, path / entry.filename, self._learner(entry.filename), data)
        except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError, EOFError):
            yield Found(path, path, None)

    def _learner(self, path: str) -> str | None:
        """Whose a file is, by the first part of its path below ``archive/``."""
        first, *below = path[:1000].split("/")
        found = [match for pattern in self.learner_patterns if (match := re.fullmatch(pattern, first))]
        if found:
            return min(found, key=lambda match: match.start("learner"))["learner"]
        if below:
            return first
        own = re.fullmatch(rf"(.+?)[_+]{re.escape(self._assignment)}\.earned.*\.zip", first)
        return own[1] if own else None


class ArchiveCollector(FileNameCollectorPlugin):
    """Hands on what :class:`ArchiveExtractor` let in; set as ``c.ZipCollectApp.collector_plugin``."""

    def collect(self, submitted_file: str) -> dict[str, Any] | None:
        path = Path(submitted_file)
        return {"student_id": path.parent.name, "file_id": path.name}


def _made(accepted: Accepted) -> datetime:
    """When an archive was made; a clock that runs ahead gives nobody an advantage."""
    now = datetime.now(UTC)
    return min(accepted.moment or now, now)
