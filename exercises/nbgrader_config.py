"""nbgrader for this course. Run its commands in this folder, or copy this file into your course's."""

from earned_security.teaching.configuration import configure

configure(get_config())  # noqa: F821  (given by nbgrader)
