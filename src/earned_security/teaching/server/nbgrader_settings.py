"""nbgrader in a person's server: which courses they see, and where the exchange is."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from nbgrader.auth.base import BaseAuthPlugin


class Enrolment(BaseAuthPlugin):
    """Which courses a person sees, as the hub said when it started their server."""

    def get_student_courses(self, student_id: str) -> list[str] | None:
        return os.environ.get("EARNED_COURSES", "").split()

    def add_student_to_course(self, student_id: str, course_id: str) -> None:
        """Nothing: ``server.yaml`` says who belongs to a course."""

    def remove_student_from_course(self, student_id: str, course_id: str) -> None:
        """Nothing: ``server.yaml`` says who belongs to a course."""


def configure(c: Any, environment: Mapping[str, str] = os.environ) -> None:
    """Set up nbgrader for whoever's server this is; the course's own settings come on top in the grader's."""
    c.Exchange.root = environment["EARNED_EXCHANGE"]
    c.Authenticator.plugin_class = Enrolment
    if environment.get("EARNED_SERVER_ROLE") != "grader":
        # Two courses may set the same assignment: each has a folder of its own.
        c.Exchange.path_includes_course = True
