"""Marking: feedback and points are written into a rebuilt notebook, and no kernel is started."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbgrader.preprocessors import NbGraderPreprocessor

from earned_security.teaching.grade import read_answers
from earned_security.teaching.marker import mark_notebook


class Mark(NbGraderPreprocessor):
    """Goes first in ``Autograde.autograde_preprocessors``, in place of nbgrader's ``Execute``."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        return mark_notebook(nb, read_answers(Path(resources["metadata"]["path"]))), resources
