"""How nbgrader is set up for this course: the same for its commands, its formgrader and the demonstration."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

COURSE = "earned-security"
_OURS = "earned_security.teaching.preprocessors"


def configure(c: Any) -> None:
    """Set up nbgrader; ``c`` is what ``get_config()`` gives in a configuration file.

    Preprocessors are named by dotted name; nbgrader imports them when it needs them.
    """
    from earned_security.teaching.assemble import PLACE

    c.CourseDirectory.course_id = COURSE
    c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback", ".responses.*"]
    c.ClearSolutions.text_stub = PLACE
    c.ClearMarkScheme.enforce_metadata = False  # the mark scheme stands in a locked cell, not in a task cell
    c.Autograde.sanitize_preprocessors = [
        "nbgrader.preprocessors.ClearOutput",
        "nbgrader.preprocessors.DeduplicateIds",
        "nbgrader.preprocessors.OverwriteKernelspec",
        "nbgrader.preprocessors.OverwriteCells",
        f"{_OURS}.insert_reflections.InsertReflections",
        "nbgrader.preprocessors.CheckCellMetadata",
    ]
    c.GenerateFeedback.preprocessors = [
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
