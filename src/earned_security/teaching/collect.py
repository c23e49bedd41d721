"""Collecting from nbgrader's exchange through the intake: nbgrader's own ``collect`` and formgrader use it.

The rules, each with its message:

- A folder must belong to the learner whom it names (nbgrader's ``check_owner``), or it does not come in.
- A date later than the folder's own arrival on the disk is forged; what bears it does not come in, also when that
  day has come.
- Of what may come in, the last counts, or the one that the course's settings say. Where the last may not come in,
  the one before it does.
- Twice: a later submission takes the place of an earlier one. Late: collected, and said; marking applies the rule.
"""

from __future__ import annotations

import fnmatch
import os
import pwd
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.exchange.default import ExchangeCollect
from nbgrader.utils import check_mode
from traitlets import Bool

from earned_security.curriculum import ContentError
from earned_security.teaching import course_settings, intake, quarantine
from earned_security.teaching.intake import Accepted, Quarantined, shown

UNTRUE = "the date is not true."
TOLERANCE = timedelta(minutes=10)  # between the clocks of machines that share an exchange


@dataclass(frozen=True)
class Inbound:
    """One folder of the exchange. ``moment``: what its name says; None where that is no time."""

    path: Path
    learner: str
    moment: datetime | None
    time: str


def inbound(folder: Path, assignment: str) -> Iterator[Inbound]:
    """What was handed in for an assignment: ``<learner>+<assignment>+<time>[+<random>]``."""
    for path in sorted(folder.iterdir()):
        entry = path.name
        parts = entry.split("+")
        if len(parts) in (3, 4) and parts[1] == assignment:
            yield Inbound(path, parts[0], intake.moment(parts[2]), parts[2])
        elif f"+{assignment}+" in entry:
            yield Inbound(path, "+".join(parts[: parts.index(assignment)]), None, entry)


class Collect(ExchangeCollect):
    """Set as ``c.ExchangeFactory.collect``; takes the options of nbgrader's own."""

    update = Bool(
        True,
        help="Put a later submission in the place of one that was collected before. Without it, somebody who "
        "hands in early in another's name would shut out the real one.",
    ).tag(config=True)

    def init_src(self) -> None:
        if self.coursedir.course_id == "":
            self.fail("No course id specified. Re-run with --course flag.")
        folder = Path(self.root) / self.coursedir.course_id / "inbound"
        if not folder.is_dir():
            self.fail(f"Course not found: {folder}")
        if not check_mode(str(folder), read=True, execute=True):
            self.fail(f"You don't have read permissions for the directory: {folder}")
        self.settings = self._settings()
        with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
            try:
                due = gradebook.find_assignment(self.coursedir.assignment_id).duedate
            except MissingEntry:
                due = None
        self.duedate = due and due.replace(tzinfo=UTC)
        wanted = self.coursedir.student_id or "*"
        self.src_records: dict[str, list[Inbound]] = defaultdict(list)
        for record in inbound(folder, self.coursedir.assignment_id):
            if fnmatch.fnmatchcase(record.learner, wanted):
                self.src_records[record.learner].append(record)

    def copy_files(self) -> None:
        assignment, course = self.coursedir.assignment_id, self.coursedir.course_id
        if not self.src_records:
            self.log.warning("No submissions of '%s' for course '%s' to collect", assignment, course)
            return
        self.log.info("Processing %s learners' submissions of '%s'", len(self.src_records), assignment)
        entries = quarantine.entries(Path(self.coursedir.root), assignment)
        self._known = {entry.lies: entry for entry in entries}
        for learner, records in self.src_records.items():
            try:
                self._collect(learner, records)
            except Exception as error:  # one submission never stops the others
                self.log.error("%s could not be collected: %s", shown(learner), shown(str(error), 500))

    def _settings(self) -> course_settings.CourseSettings:
        try:
            return course_settings.read(Path(self.coursedir.root))
        except ContentError as error:
            self.fail(f"The course's settings have mistakes:\n{error}")
            raise  # fail has raised already

    def _collect(self, learner: str, records: list[Inbound]) -> None:
        found = [(record, result) for record in records if (result := self._inspected(record))]
        if not found:
            return
        record, accepted = self._counting(learner, found)
        assert record.moment is not None
        destination = Path(
            self.coursedir.format_path(
                self.coursedir.submitted_directory, learner, self.coursedir.assignment_id
            )
        )
        name = f"{shown(learner)}, {self.coursedir.assignment_id}"
        if os.path.lexists(destination):
            if not self._replaces(record.moment, destination):
                self.log.info("%s: collected before; there is nothing newer.", name)
                return
            self.log.info("%s: a newer submission takes the place of the earlier one.", name)
        else:
            self.log.info("%s: collected.", name)
        if accepted.left_out:
            listed = ", ".join(shown(item, 60) for item in accepted.left_out[:10])
            self.log.warning("%s: not part of a submission, so left where it is: %s.", name, listed)
        self._say_if_late(name, learner, record)
        files = {**accepted.files, intake.TIMESTAMP: record.time.encode()}
        quarantine.store(replace(accepted, files=files), destination, self.coursedir.groupshared)

    def _inspected(self, record: Inbound) -> Accepted | None:
        """What may come in of one folder; the rest is noted in quarantine, once."""
        known = self._known.get(shown(str(record.path), 1000))
        if known and known.reason.endswith(UNTRUE):  # for good: one day that date will have come
            self.log.warning("%s: still in quarantine. %s", shown(record.learner), known.reason)
            return None
        result = self._judged(record)
        if isinstance(result, Accepted):
            if known:
                quarantine.remove(known.folder)
            return result
        entry = quarantine.put(
            Path(self.coursedir.root),
            self.coursedir.assignment_id,
            record.learner,
            result.reason,
            record.path,
        )
        self.log.warning(
            "%s: not collected. %s See %s", shown(record.learner), shown(result.reason, 500), entry.folder
        )
        return None

    def _judged(self, record: Inbound) -> Accepted | Quarantined:
        if problem := intake.name_problem(record.learner):
            return Quarantined(f"Its name cannot be used: {problem}.")
        if record.moment is None:
            return Quarantined(f"Its name holds no date and time: “{shown(record.time, 60)}”.")
        arrived = datetime.fromtimestamp(record.path.lstat().st_ctime, UTC)
        if record.moment > arrived + TOLERANCE:
            return Quarantined(
                f"It is dated {record.moment:%Y-%m-%d %H:%M} UTC, but was here already at "
                f"{arrived:%Y-%m-%d %H:%M} UTC: {UNTRUE}"
            )
        owner = None
        if self.check_owner:
            try:
                owner = pwd.getpwnam(record.learner).pw_uid
            except KeyError:
                return Quarantined(
                    f"It says that it is by {shown(record.learner)}, but no account here has that name. Where "
                    "all learners share one account, set c.ExchangeCollect.check_owner = False."
                )
        return intake.inspect(record.path, self.coursedir.assignment_id, record.learner, owner)

    def _counting(self, learner: str, found: list[tuple[Inbound, Accepted]]) -> tuple[Inbound, Accepted]:
        """Which of a learner's submissions counts, by nbgrader's option or else by the course's settings."""
        times: list[Any] = [record.moment for record, _ in found]
        if self.before_duedate and self.duedate:
            in_time = [pair for pair, time in zip(found, times, strict=True) if time <= self.duedate]
            return max(in_time or found, key=_moment)
        index = self.settings.counting_attempt(self.coursedir.assignment_id, learner, times)
        if index is None:
            return max(found, key=_moment)
        chosen = found[index]
        if len(found) > 1:
            self.log.info(
                "%s: handed in %s times; that of %s counts.", shown(learner), len(found), chosen[0].time
            )
        return chosen

    def _replaces(self, moment: datetime, destination: Path) -> bool:
        """Whether a submission takes the place of the one collected before."""
        before = collected_at(destination)
        if before is None or before > datetime.now(UTC) + TOLERANCE:
            return True  # what is there has no true date
        if self.before_duedate or self.settings.counting == "first":
            return moment != before
        return bool(self.update) and moment > before

    def _say_if_late(self, name: str, learner: str, record: Inbound) -> None:
        due = self.settings.due(self.coursedir.assignment_id, learner) or self.duedate
        if due is None or record.moment is None:
            return
        if record.moment > due:
            over = str(record.moment - due).split(".")[0]
            self.log.warning("%s: late by %s; marking applies the course's rule.", name, over)
        elif datetime.fromtimestamp(record.path.lstat().st_ctime, UTC) > due + TOLERANCE:
            self.log.warning(
                "%s: dated before it was due, but its folder was changed after that. Look at it.", name
            )


def _moment(pair: tuple[Inbound, Accepted]) -> datetime:
    assert pair[0].moment is not None
    return pair[0].moment


def collected_at(destination: Path) -> datetime | None:
    """When what was collected before was handed in; None where that cannot be told."""
    path = destination / intake.TIMESTAMP
    try:
        if destination.is_symlink() or path.is_symlink() or not path.is_file():
            return None
        return intake.moment(path.read_text(encoding="utf-8", errors="replace")[:1000])
    except OSError:
        return None
