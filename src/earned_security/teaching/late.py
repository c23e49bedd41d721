"""Lateness by the settings of the course: nbgrader asks this where it takes points off."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from nbgrader.plugins import LateSubmissionPlugin

from earned_security.teaching import course_settings


class LateRule(LateSubmissionPlugin):
    """Named in ``AssignLatePenalties.plugin_class``.

    nbgrader calls it where a submission is late by the date in the gradebook; what counts then is the date in
    ``course.yaml``, with this learner's extension.
    """

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float | None:
        step = self.parent
        settings = course_settings.of(self.config)
        submission = step.gradebook.find_submission(step.assignment_id, student_id)
        return penalty(settings, submission, score)


def penalty(settings: course_settings.CourseSettings, submission: Any, score: float) -> float | None:
    """The points that a submission of nbgrader's gradebook loses by being late; None: none."""
    due = settings.due(submission.assignment.name, submission.student.id)
    if due is None or submission.timestamp is None:
        return None
    late = (submission.timestamp.replace(tzinfo=UTC) - due).total_seconds()
    return round(score * (1 - settings.late_factor(late)), 2) or None
