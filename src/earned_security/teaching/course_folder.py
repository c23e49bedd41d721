"""A real course: its folder, its assignments and its learners. `earned course` calls these."""

from __future__ import annotations

import logging
import re
import shutil
import warnings
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from earned_security.teaching import TeachingError, course_settings, roster
from earned_security.teaching.assemble import assemble as write_source
from earned_security.teaching.assemble import observers_sheets
from earned_security.teaching.bank import OPEN_BANK, course_bank
from earned_security.teaching.course import require
from earned_security.teaching.course_settings import CourseSettings

CONFIGURATION = "nbgrader_config.py"
TEMPLATES = OPEN_BANK.parent


def new(folder: Path) -> Path:
    """Make a course's folder with its two settings files; only its owner can open it.

    Raises:
        TeachingError: there is a course already, or this runs outside a clone of the course.
    """
    folder = folder.expanduser().resolve()
    for name in (course_settings.FILE, CONFIGURATION):
        if (folder / name).exists():
            raise TeachingError(f"{folder} holds a course already ({name}); nothing was changed.")
    if not (TEMPLATES / course_settings.FILE).exists():
        raise TeachingError("The settings to begin with were not found. Run this from a clone of the course.")
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)  # it will hold keys and marks
    course_id = re.sub(r"[^A-Za-z0-9]+", "-", folder.name).strip("-") or "course"
    settings = (TEMPLATES / course_settings.FILE).read_text(encoding="utf-8")
    settings = re.sub(r"(?m)^course: \S+", f"course: {course_id}", settings, count=1)
    (folder / course_settings.FILE).write_text(settings, encoding="utf-8")
    shutil.copy(TEMPLATES / CONFIGURATION, folder / CONFIGURATION)
    return folder


def open_course(folder: Path) -> tuple[CourseSettings, Any]:
    """The settings of a course, and nbgrader's own interface to it, configured as its commands are.

    Raises:
        TeachingError: the folder holds no course, or its configuration fails.
        ContentError: ``course.yaml`` has mistakes.
    """
    from nbgrader.apps import NbGraderAPI

    from earned_security.teaching.bulk import configuration

    folder = folder.expanduser().resolve()
    if not (folder / CONFIGURATION).exists():
        raise TeachingError(
            f"{folder} holds no course ({CONFIGURATION} is missing). `earned course new` makes one."
        )
    settings = course_settings.read(folder)
    try:
        config = configuration(folder)
    except Exception as error:
        raise TeachingError(f"{folder / CONFIGURATION} could not be used: {error}") from error
    config.NbGraderAPI.log_level = logging.ERROR
    return settings, NbGraderAPI(config=config)


def assemble(folder: Path, assignment: str) -> Path:
    """Write an assignment's source from the banks, make nbgrader's release version, and set its due date.

    Of the observed tasks, the sheets for those who observe are written into the course's folder as well.

    Returns:
        The released version's folder.

    Raises:
        TeachingError: no bank has the assignment, or nbgrader refuses.
        ContentError: the settings or a bank have mistakes.
    """
    settings, api = open_course(folder)
    bank = course_bank(settings, assignment)
    write_source(bank, settings.folder, settings.shuffle_options, settings.comments)
    if assignment == settings.completion.observed_tasks:
        sheets_of(settings.folder, assignment).write_text(observers_sheets(bank), encoding="utf-8")
    require("generate_assignment", lambda: api.generate_assignment(assignment))
    with api.gradebook as gradebook:
        set_due_date(gradebook, settings, assignment)
    return Path(api.coursedir.format_path(api.coursedir.release_directory, ".", assignment))


def sheets_of(folder: Path, assignment: str) -> Path:
    """Where the sheets for observers are; only the observed tasks have any."""
    return folder.expanduser().resolve() / f"{assignment}-sheets-for-observers.md"


def set_due_date(gradebook: Any, settings: CourseSettings, assignment: str) -> None:
    """Put the due date of ``course.yaml`` into the gradebook."""
    gradebook.find_assignment(assignment).duedate = due_in_gradebook(settings, assignment)
    gradebook.db.commit()


def due_in_gradebook(settings: CourseSettings, assignment: str) -> datetime | None:
    """An assignment's due date as nbgrader keeps it: in UTC, and without saying so."""
    own = settings.assignments.get(assignment)
    return own.due.astimezone(UTC).replace(tzinfo=None) if own and own.due else None


def enrol(folder: Path, file: Path) -> int:
    """Write the learners of a CSV file into the gradebook; how many. Nobody is removed.

    Raises:
        ContentError: the file or the settings have mistakes; each is named with its line.
        TeachingError: the folder holds no course.
    """
    people = roster.read_roster(file)
    settings, api = open_course(folder)
    with warnings.catch_warnings(), api.gradebook as gradebook:
        warnings.simplefilter("ignore")
        return roster.enrol(gradebook, people, settings.course, settings.blind_marking)
