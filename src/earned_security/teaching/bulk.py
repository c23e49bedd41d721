"""Marking a whole class at once: what `nbgrader autograde` does with this course's settings, done once per batch.

The source notebook and its keys are read once, the gradebook is opened once, and its rows are written for many
submissions together. Each submission first lies beside its place; it moves there when its marks are in the gradebook.
So whenever the marking is interrupted, marking again does what was not done and ends with the same gradebook.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC
from glob import glob
from pathlib import Path
from typing import Any, Literal

import nbformat
from filelock import FileLock, Timeout

from earned_security.assessment import responses
from earned_security.teaching import TeachingError, course_settings
from earned_security.teaching.configuration import configure
from earned_security.teaching.grade import ANSWERS, Answers, answers_in, unusable
from earned_security.teaching.intake import (
    ITEMS,
    SECRET,
    TIMESTAMP,
    Accepted,
    Quarantined,
    inspect,
    moment,
    name_problem,
    shown,
)
from earned_security.teaching.placed import SUBMITTED, check_folder

CONFIGURATION = "nbgrader_config.py"
BATCH = 50  # submissions that are recorded together

Say = Callable[[str], None]


@dataclass(frozen=True)
class Outcome:
    """What happened to one submission; ``reason`` says why it could not be marked, or what is odd about it."""

    student: str
    state: Literal["marked", "already marked", "could not be marked"]
    reason: str = ""


def configuration(course: Path) -> Any:
    """nbgrader's configuration for a course: that of its ``nbgrader_config.py``, or this course's own.

    Raises:
        ContentError: its ``course.yaml`` has mistakes.
    """
    from traitlets.config import Config
    from traitlets.config.loader import PyFileConfigLoader

    course_settings.read(course)
    if (course / CONFIGURATION).is_file():
        config = PyFileConfigLoader(CONFIGURATION, path=str(course)).load_config()
    else:
        config = Config()
        configure(config, course)
    config.CourseDirectory.root = str(course)
    return config


def mark_course(
    course: Path,
    assignment: str,
    students: Sequence[str] | None = None,
    force: bool = False,
    say: Say = lambda line: None,
) -> list[Outcome]:
    """Mark what was handed in for an assignment; marks and comments given by hand are kept.

    Args:
        course: the course's folder, with ``source`` and ``submitted``.
        students: only these; None: everybody.
        force: also what was marked before and has not been handed in again since.
        say: takes a line of progress.

    Returns:
        One outcome for each submission, by name. What could not be marked stands in the gradebook as waiting for
        a person, with the marks that it had before, if any.

    Raises:
        TeachingError: nothing can be marked; the message says why and what to do.
        ContentError: the course's ``course.yaml`` has mistakes.
    """
    course = course.expanduser().resolve()
    if not course.is_dir():
        raise TeachingError(f"There is no folder {course}.")
    try:
        with FileLock(course / ".marking.lock", timeout=0), _Class(course, assignment) as marking:
            return marking.mark(students, force, say)
    except Timeout as error:
        raise TeachingError(
            f"Somebody is marking in {course} at this moment. Wait until that is done."
        ) from error


class _Class:
    """One assignment of a course while it is marked."""

    def __init__(self, course: Path, assignment: str) -> None:
        from nbgrader.api import Gradebook
        from nbgrader.coursedir import CourseDirectory

        from earned_security.teaching import marker, rebuild
        from earned_security.teaching.records import Records, late_rule

        self.assignment = assignment
        self.config = configuration(course)
        self.places = CourseDirectory(config=self.config)
        if not self._found():
            raise TeachingError(f"Nothing was handed in for the assignment {assignment} in {course}.")
        self.gradebook = Gradebook(self.places.db_url, self.places.course_id)
        try:
            self.records = Records(
                self.gradebook, assignment, late_rule(self.config, self.gradebook, assignment)
            )
            folder = Path(self._place(self.places.source_directory, "."))
            self.notebook = f"{self.records.notebook}.ipynb"
            if not (folder / self.notebook).is_file():
                raise TeachingError(
                    f"The source notebook {folder / self.notebook} is missing; marking needs the keys in it."
                )
            self.copy = rebuild.instructors_copy(nbformat.read(folder / self.notebook, as_version=4))
            rebuild.require_same(self.copy, self.records.checksums)
            self.keys = marker.keys(self.copy)
            self.extra = self._extra(folder)
        except BaseException:
            self.gradebook.close()
            raise

    def __enter__(self) -> _Class:
        return self

    def __exit__(self, *_: object) -> None:
        self.gradebook.close()

    def _place(self, step: str, student: str) -> str:
        return str(self.places.format_path(step, student, self.assignment))

    def _extra(self, folder: Path) -> dict[str, bytes]:
        """The source's other files, which nbgrader too puts beside each marked notebook."""
        from nbgrader.utils import find_all_files

        found = find_all_files(str(folder), [*self.places.ignore, "*.ipynb"])
        return {os.path.relpath(path, folder): Path(path).read_bytes() for path in found}

    def _found(self) -> list[str]:
        return glob(self._place(self.places.submitted_directory, "*"))  # noqa: PTH207  (as nbgrader: with dead links)

    def submitted(self) -> dict[str, Path]:
        """The folder of each submission, by student, in order."""
        step = self.places.submitted_directory
        place = self.places.format_path(step, "(?P<student>[^/]+)", self.assignment, escape=True)
        found = {
            match["student"]: Path(path) for path in self._found() if (match := re.fullmatch(place, path))
        }
        return dict(sorted(found.items()))

    def mark(self, students: Sequence[str] | None, force: bool, say: Say) -> list[Outcome]:
        waiting, outcomes = self.submitted(), []
        if students is not None:
            for name in sorted(set(students) - set(waiting)):
                outcomes.append(Outcome(name, "could not be marked", "Nothing was handed in."))
            waiting = {name: path for name, path in waiting.items() if name in students}
        for name in [] if force else list(waiting):
            if self._is_marked(name, waiting[name]):
                outcomes.append(Outcome(name, "already marked"))
                del waiting[name]
        done, names = 0, list(waiting)
        for start in range(0, len(names), BATCH):
            batch = {name: waiting[name] for name in names[start : start + BATCH]}
            outcomes += self._mark_batch(batch)
            done += len(batch)
            say(f"{done} of {len(names)}")
        return sorted(outcomes, key=lambda outcome: outcome.student)

    def _is_marked(self, student: str, folder: Path) -> bool:
        """As nbgrader decides it: there is a result, and what was handed in is not newer."""
        result = Path(self._place(self.places.autograded_directory, student))
        if not result.is_dir():
            return False
        times = []
        for place in (folder, result):
            try:
                path = place / TIMESTAMP
                text = (
                    ""
                    if path.is_symlink() or path.stat().st_size > 1000
                    else path.read_text("utf-8", "replace")
                )
            except OSError:
                text = ""
            times.append(moment(text))
        new, old = times
        return new is None or old is None or new <= old

    def _mark_batch(self, batch: dict[str, Path]) -> list[Outcome]:
        from earned_security.teaching.records import Result

        outcomes, results = [], []
        for student, folder in batch.items():
            result = Result(student)
            try:
                taken = self._take_in(student, folder)
                if isinstance(taken, Quarantined):
                    outcome = Outcome(student, "could not be marked", taken.reason)
                else:
                    result, notice = self._mark_one(student, taken)
                    outcome = Outcome(student, "marked", notice)
            except Exception as error:  # one submission must not stop the others
                reason = f"Marking it failed ({type(error).__name__}: {shown(str(error))})."
                outcome = Outcome(student, "could not be marked", reason)
            outcomes.append(outcome)
            if name_problem(student) is None:
                results.append(result)
        refused = self._record(results) if results else {}
        final = [
            Outcome(one.student, "could not be marked", refused[one.student])
            if one.student in refused
            else one
            for one in outcomes
        ]
        for one in final:
            self._publish(one)
        return final

    def _take_in(self, student: str, folder: Path) -> Accepted | Quarantined:
        """What lies in a folder of ``submitted``, through the same gate as in `nbgrader autograde`."""
        root = Path(self.places.root)
        taken = inspect(folder, self.assignment, student)
        whole = isinstance(taken, Accepted) and not taken.left_out and {TIMESTAMP, SECRET} <= set(taken.files)
        if whole and not folder.parent.is_symlink():
            return taken
        if (
            folder != root / SUBMITTED / student / self.assignment
        ):  # an arrangement of folders of the course's own
            return Quarantined("Its folder is a link.") if folder.parent.is_symlink() else taken
        checked = check_folder(root, folder)
        if checked.accepted:
            return inspect(folder, self.assignment, student)
        return Quarantined(" ".join(f"{one.reason} It is in {one.folder}." for one in checked.quarantined))

    def _record(self, results: list[Any]) -> dict[str, str]:
        """Write the gradebook; where it does not take a batch, one by one. The reasons, by refused student."""
        from sqlalchemy.exc import OperationalError

        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self.records.save(results)
        except OperationalError as error:
            raise TeachingError(
                "The gradebook could not be written; perhaps formgrader or another command is using it, or the "
                f"disk is full ({error.orig}). Marks up to here are kept. Run the same command again."
            ) from error
        except Exception as error:
            if len(results) == 1:
                return {results[0].student: f"The gradebook does not take it ({type(error).__name__})."}
            return {name: reason for one in results for name, reason in self._record([one]).items()}
        return {}

    def _mark_one(self, student: str, taken: Accepted) -> tuple[Any, str]:
        from earned_security.teaching.marker import mark_notebook
        from earned_security.teaching.rebuild import rebuild
        from earned_security.teaching.records import result_of

        answers = _answers(taken)
        submitted = json.loads(taken.files[self.notebook])
        notebook = mark_notebook(rebuild(self.copy, answers, submitted), answers, self.keys)
        files = {name: data for name, data in taken.files.items() if name not in (self.notebook, ITEMS)}
        text = nbformat.v4.writes(notebook) + "\n"
        self._write(student, {**files, **self.extra, self.notebook: text.encode("utf-8")})
        when = taken.moment and taken.moment.astimezone(UTC).replace(tzinfo=None)
        return result_of(student, notebook, when), answers.notice

    def _beside(self, student: str) -> Path:
        result = Path(self._place(self.places.autograded_directory, student))
        return result.with_name(f".{result.name}.new")

    def _write(self, student: str, files: dict[str, bytes]) -> None:
        folder = self._beside(student)
        shared = self.places.groupshared
        if folder.exists():
            shutil.rmtree(folder)
        for name, data in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            path.chmod(0o664 if shared else 0o444)
        if shared:
            for place in (folder.parent, folder):
                with contextlib.suppress(PermissionError):
                    place.chmod((place.stat().st_mode | 0o2770) & 0o2777)

    def _publish(self, outcome: Outcome) -> None:
        """Put the result in its place; where there is none, an older one stays with its marks."""
        new = self._beside(outcome.student)
        result = Path(self._place(self.places.autograded_directory, outcome.student))
        if outcome.state == "marked":
            if result.exists():
                shutil.rmtree(result)
            new.rename(result)
        elif new.exists():
            shutil.rmtree(new)


def _answers(taken: Accepted) -> Answers:
    if ANSWERS not in taken.files:
        return Answers()
    try:
        return answers_in(responses.parse(taken.files[ANSWERS]))
    except responses.ResponsesError as error:
        return unusable(error)


def report(outcomes: Sequence[Outcome]) -> list[str]:
    """What happened, for the instructor: how many were marked, then each that needs a look by name and reason."""
    count = Counter(outcome.state for outcome in outcomes)
    lines = [f"{count['marked']} marked, {count['already marked']} already marked before."]
    if odd := [outcome for outcome in outcomes if outcome.state == "marked" and outcome.reason]:
        lines += ["Marked, but look at these:", *(_line(outcome) for outcome in odd)]
    if failed := [outcome for outcome in outcomes if outcome.state == "could not be marked"]:
        lines += [
            f"{len(failed)} could not be marked; in the gradebook they wait for you:",
            *(_line(outcome) for outcome in failed),
        ]
    return lines


def _line(outcome: Outcome) -> str:
    return f"  {shown(outcome.student)}: {outcome.reason}"
