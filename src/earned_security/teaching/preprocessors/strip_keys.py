"""Before feedback: take out of a marked notebook what only the instructor may see."""

from __future__ import annotations

import re
from typing import Any

from nbformat.v4 import new_output
from nbgrader import utils
from nbgrader.preprocessors import NbGraderPreprocessor

from earned_security.teaching import marker

# nbgrader's own ClearHiddenTests stops with an error at these words in any cell, a learner's text included.
_REGION = re.compile(
    r"[^\n]*BEGIN (?P<what>HIDDEN TESTS|MARK SCHEME).*?(?:END (?P=what)[^\n]*|\Z)", re.DOTALL
)


class StripKeys(NbGraderPreprocessor):
    """Goes first in ``GenerateFeedback.preprocessors``.

    Hidden tests and mark schemes go from every locked cell, and from grade cells also what an error shows,
    because a traceback quotes the lines around it; what marking itself wrote there stays.
    """

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        for cell in nb.cells:
            if not (utils.is_grade(cell) or utils.is_locked(cell)):
                continue
            if not utils.is_solution(cell):
                cell.source = _REGION.sub("", cell.source).strip("\n")
            if cell.cell_type == "code":
                cell.outputs = [_without_quotation(output) for output in cell.outputs]
        return nb, resources


def _without_quotation(output: Any) -> Any:
    if output.get("ename") == marker.NOT_MARKED:  # our own words, for the trainee too
        return new_output("stream", name="stdout", text="\n".join(output.traceback) + "\n")
    if output.output_type == "error" or (output.output_type == "stream" and output.name == "stderr"):
        return new_output(
            "stream", name="stdout", text="This cell could not be marked. Ask your instructor.\n"
        )
    return output
