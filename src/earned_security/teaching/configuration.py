"""How nbgrader is set up for this course: the same for its commands, its formgrader and the demonstration."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

COURSE = "earned-security"
_OURS = "earned_security.teaching.preprocessors"


def configure(c: Any, course: Path | None = None, execute: bool = False) -> None:
    """Set up nbgrader; ``c`` is what ``get_config()`` gives in a configuration file.

    Preprocessors are named by dotted name; nbgrader imports them when it needs them.

    Args:
        course: the course's folder; its ``course.yaml`` then says where gradebook and exchange are.
        execute: mark by running the notebooks in a kernel, as nbgrader does by itself. It gives the same marks
            on honest submissions; but it is slow, and runs what trainees wrote with the instructor's rights.

    Raises:
        SystemExit: ``course.yaml`` has mistakes. Any other error nbgrader would log, and then go on with settings of
            its own, which run what trainees wrote.
        ContentError: the same in a running server, which keeps the settings it has.
    """
    from earned_security.teaching.assemble import PLACE
    from earned_security.teaching.intake import IGNORED

    c.CourseDirectory.course_id = COURSE
    if course:
        _use_settings(c, course.resolve())
    c.AssignLatePenalties.plugin_class = "earned_security.teaching.late.LateRule"
    c.CourseDirectory.ignore = list(IGNORED)
    # Nothing comes in but through the intake.
    c.ExchangeFactory.collect = "earned_security.teaching.collect.Collect"
    c.ZipCollectApp.extractor_plugin = "earned_security.teaching.zip_collect.ArchiveExtractor"
    c.ZipCollectApp.collector_plugin = "earned_security.teaching.zip_collect.ArchiveCollector"
    c.ZipCollectApp.force = True  # the extractor decides what takes the place of what
    c.Autograde.pre_convert_hook = "earned_security.teaching.placed.before_converting"
    c.ClearSolutions.text_stub = PLACE
    c.ClearMarkScheme.enforce_metadata = False  # the mark scheme stands in a locked cell, not in a task cell
    if execute:
        c.Autograde.sanitize_preprocessors = [
            "nbgrader.preprocessors.ClearOutput",
            "nbgrader.preprocessors.DeduplicateIds",
            "nbgrader.preprocessors.OverwriteKernelspec",
            "nbgrader.preprocessors.OverwriteCells",
            f"{_OURS}.insert_reflections.InsertReflections",
            "nbgrader.preprocessors.CheckCellMetadata",
        ]
        c.Autograde.autograde_preprocessors = [
            "nbgrader.preprocessors.Execute",
            "nbgrader.preprocessors.LimitOutput",
            f"{_OURS}.save_marks.SaveMarks",
            "nbgrader.preprocessors.CheckCellMetadata",
        ]
    else:
        c.Autograde.sanitize_preprocessors = [f"{_OURS}.rebuild.Rebuild"]
        c.Autograde.autograde_preprocessors = [
            f"{_OURS}.mark.Mark",
            f"{_OURS}.save_marks.SaveMarks",
        ]
    c.GenerateFeedback.preprocessors = [
        f"{_OURS}.explain.Explain",
        f"{_OURS}.strip_keys.StripKeys",
        "nbgrader.preprocessors.GetGrades",
        "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
    ]
    # nbgrader calls `alembic` by its bare name: let it find the one beside this Python.
    beside = str(Path(sys.executable).parent)
    if beside not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join(filter(None, [beside, os.environ.get("PATH")]))
    # A submission's folder must not supply what the instructor's kernel imports.
    os.environ["PYTHONSAFEPATH"] = "1"
    c.Execute.extra_arguments = [
        "--HistoryManager.hist_file=:memory:",
        "--InteractiveShellApp.ignore_cwd=True",
        "--IPKernelApp.log_level=40",
    ]


def _use_settings(c: Any, course: Path) -> None:
    from earned_security.curriculum import ContentError
    from earned_security.teaching import course_settings

    try:
        settings = course_settings.read(course)
    except ContentError as error:
        if _in_a_server():
            raise
        raise SystemExit(f"The settings of this course have mistakes:\n{error}") from error
    c.CourseDirectory.root = str(course)
    c.CourseDirectory.course_id = settings.course
    if settings.db_url:
        c.CourseDirectory.db_url = settings.db_url
        c.FormgradeExtension.debug = (
            False  # it shows all settings in a page, the password in this one as well
        )
    if settings.exchange:
        c.Exchange.root = str(settings.exchange)
    if settings.blind_marking:
        c.HTMLExporter.preprocessors = [f"{_OURS}.hide_names.HideNames"]


def _in_a_server() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
