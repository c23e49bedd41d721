"""Blind marking: formgrader's page of one submission names nobody."""

from __future__ import annotations

from typing import Any

from nbconvert.preprocessors import Preprocessor


class HideNames(Preprocessor):
    """In ``HTMLExporter.preprocessors`` where ``course.yaml`` says so.

    The names in the gradebook are made-up ones then (see ``roster.enrol``). What is left on the page is the
    learner's id: as the name of somebody who is not in the roster, and in the link to the notebook's folder.
    """

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        if "submission_id" in resources:  # formgrader's page; feedback has none
            resources["student"] = "Learner"
            resources["notebook_path"] = ""
        return nb, resources
