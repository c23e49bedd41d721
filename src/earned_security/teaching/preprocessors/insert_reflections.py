"""Where notebooks are executed: put what a learner wrote into the cell that is marked by hand, made harmless."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbgrader import utils
from nbgrader.preprocessors import NbGraderPreprocessor

from earned_security.teaching.grade import read_answers
from earned_security.teaching.rebuild import harmless


class InsertReflections(NbGraderPreprocessor):
    """Runs after ``OverwriteCells``, in ``Autograde.sanitize_preprocessors``.

    The text comes from ``responses.json``; where there is none, what was typed into the cell itself counts.
    An untouched cell stays, and nbgrader gives it no points ("No response"), unless the answers file could not be
    used: then the cell says so, and waits for a person.
    """

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        answers = read_answers(Path(resources["metadata"]["path"]))
        for cell in nb.cells:
            if not (utils.is_solution(cell) and utils.is_grade(cell) and cell.cell_type == "markdown"):
                continue
            text = answers.found.get(cell.metadata.nbgrader["grade_id"])
            untouched = cell.metadata.nbgrader.get("checksum") == utils.compute_checksum(cell)
            if not isinstance(text, str) or not text.strip():
                if untouched and answers.usable:
                    continue
                text = answers.notice if untouched else cell.source
            cell.source = harmless(text)
            cell.pop("attachments", None)
        return nb, resources
