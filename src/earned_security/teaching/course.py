"""A small nbgrader course in this process: each step by nbgrader's own classes, each failure in words."""

from __future__ import annotations

import logging
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from earned_security.teaching import TeachingError
from earned_security.teaching.configuration import configure


class Course:
    """A course folder with an exchange folder beside it.

    Args:
        folder: will hold ``course/`` (the instructor's), ``exchange/`` and ``trainees/<id>/``.
        execute: mark by running the notebooks (see :func:`configure`).

    Raises:
        TeachingError: nbgrader's exchange does not work on this system.
    """

    def __init__(self, folder: Path, execute: bool = False) -> None:
        if sys.platform == "win32":
            raise TeachingError(
                "Teaching with nbgrader needs Linux or macOS: its exchange does not work on Windows."
            )
        self.folder = folder.resolve()
        self.execute = execute
        self.root = self.folder / "course"
        self.exchange = self.folder / "exchange"
        self.root.mkdir(parents=True, exist_ok=True)
        self.exchange.mkdir(exist_ok=True)
        self.exchange.chmod(0o777)  # nbgrader asks for it
        self.api = self._api()

    def _api(self, student: str | None = None) -> Any:
        from nbgrader.apps import NbGraderAPI
        from traitlets.config import Config

        config = Config()
        configure(config, execute=self.execute)
        config.CourseDirectory.root = str(self.root)
        config.Exchange.root = str(self.exchange)
        config.Exchange.cache = str(self.folder / "cache" / (student or "instructor"))
        config.ExchangeCollect.check_owner = False  # one account plays everybody
        config.NbGraderAPI.log_level = logging.ERROR
        if student:
            config.CourseDirectory.student_id = student
            config.Exchange.assignment_dir = str(self.home(student))
        return NbGraderAPI(config=config)

    @property
    def database(self) -> Path:
        return self.root / "gradebook.db"

    def home(self, student: str) -> Path:
        """A trainee's own folder."""
        folder = self.folder / "trainees" / student
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def gradebook(self) -> Any:
        """nbgrader's gradebook, for use in a ``with`` statement."""
        return self.api.gradebook

    def generate(self, assignment: str) -> None:
        require("generate_assignment", lambda: self.api.generate_assignment(assignment))

    def release(self, assignment: str) -> None:
        require("release_assignment", lambda: self.api.release_assignment(assignment))

    def fetch(self, assignment: str, student: str) -> Path:
        """Fetch an assignment as a trainee; the trainee's copy."""
        self._exchange("FetchAssignment", assignment, student)
        return self.home(student) / assignment

    def submit(self, assignment: str, student: str) -> None:
        self._exchange("Submit", assignment, student)

    def collect(self, assignment: str) -> None:
        require("collect", lambda: self.api.collect(assignment))

    def autograde(self, assignment: str, student: str) -> None:
        """nbgrader's autograde, of one trainee or of "*", everybody."""
        require(f"autograde of {student}", lambda: self.api.autograde(assignment, student))

    def feedback(self, assignment: str) -> None:
        """Generate and release the feedback pages of everybody."""
        require("generate_feedback", lambda: self.api.generate_feedback(assignment))
        require("release_feedback", lambda: self.api.release_feedback(assignment))

    def fetch_feedback(self, assignment: str, student: str) -> list[Path]:
        """Fetch the feedback as a trainee; the pages."""
        self._exchange("FetchFeedback", assignment, student)
        return sorted((self.home(student) / assignment / "feedback").rglob("*.html"))

    def export(self, destination: Path) -> None:
        """All marks as CSV, by nbgrader's own exporter."""
        from nbgrader.plugins import CsvExportPlugin

        with self.gradebook() as gradebook:
            plugin = CsvExportPlugin()
            plugin.to = str(destination)
            plugin.export(gradebook)

    def _exchange(self, step: str, assignment: str, student: str) -> None:
        from nbgrader.utils import capture_log, temp_attrs

        api = self._api(student)
        with temp_attrs(api.coursedir, assignment_id=assignment):
            app = getattr(api.exchange, step)(
                coursedir=api.coursedir, authenticator=api.authenticator, parent=api
            )
            require(f"{step} of {student}", lambda: capture_log(app))


def require(step: str, act: Callable[[], dict[str, Any]]) -> None:
    """Take one step of nbgrader's.

    Raises:
        TeachingError: it failed; the message has what nbgrader said.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # nbgrader's database layer warns on every submission
        result = act()
    if not result["success"]:
        said = f"{result.get('log') or ''}\n{result.get('error') or ''}".strip()
        raise TeachingError(f"nbgrader could not do this step: {step}. It said:\n{said}")
