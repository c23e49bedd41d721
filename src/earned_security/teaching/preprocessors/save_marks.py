"""After marking: points, "No response." and what lateness costs go into the gradebook."""

from __future__ import annotations

from typing import Any

from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor

from earned_security.teaching.records import Records, late_rule, result_of


class SaveMarks(NbGraderPreprocessor):
    """Goes last in ``Autograde.autograde_preprocessors``; writes all rows of a submission at once.

    As nbgrader's ``SaveAutoGrades`` and ``AssignLatePenalties``, except that what could not be marked waits for a
    person. nbgrader itself would record 0 there, and full points where a cell shows no number.
    """

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        about = resources["nbgrader"]
        with Gradebook(about["db_url"], self.parent.parent.coursedir.course_id) as gradebook:
            late = late_rule(self.config, gradebook, about["assignment"])
            Records(gradebook, about["assignment"], late).save([result_of(about["student"], nb)])
        return nb, resources
