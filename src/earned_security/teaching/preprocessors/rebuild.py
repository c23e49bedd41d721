"""Before marking: a submission becomes the instructor's copy with the learner's answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor

from earned_security.teaching import TeachingError
from earned_security.teaching.grade import read_answers
from earned_security.teaching.rebuild import instructors_copy, rebuild, require_same


class Rebuild(NbGraderPreprocessor):
    """The only one of ``Autograde.sanitize_preprocessors``."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        about = resources["nbgrader"]
        directory = self.parent.parent.coursedir  # of the converter, through its exporter
        folder = Path(directory.format_path(directory.source_directory, ".", about["assignment"]))
        path = folder / f"{about['notebook']}.ipynb"
        if not path.is_file():
            raise TeachingError(f"The source notebook {path} is missing; marking needs the keys in it.")
        copy = instructors_copy(nbformat.read(path, as_version=4))
        with Gradebook(about["db_url"], directory.course_id) as gradebook:
            cells = gradebook.find_notebook(about["notebook"], about["assignment"]).source_cells
            require_same(copy, {cell.name: cell.checksum for cell in cells})
        return rebuild(copy, read_answers(Path(resources["metadata"]["path"])), nb), resources
