"""nbgrader for this course. Run its commands in this folder, or copy this file into your course's."""

from pathlib import Path

from earned_security.teaching.configuration import configure

configure(get_config(), Path(__file__).parent)  # noqa: F821  (given by nbgrader)
