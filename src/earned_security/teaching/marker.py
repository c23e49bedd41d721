"""Marking a rebuilt notebook: the outputs of its grade cells are written, and no cell is run."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from nbformat import NotebookNode
from nbgrader import utils

from earned_security.assessment.items import Item, Key
from earned_security.teaching import TeachingError
from earned_security.teaching.grade import Answers, CouldNotBeMarked, judged, parse

NOT_MARKED = CouldNotBeMarked.__name__

Keys = Mapping[str, tuple[Item, Key] | None]


def keys(notebook: NotebookNode) -> Keys:
    """The item and key of each grade cell, by its name; None where its text cannot be used.

    Raises:
        TeachingError: a grade cell holds no key, so this is no notebook that `earned` assembled.
    """
    return {cell.metadata.nbgrader.grade_id: _key(cell) for cell in notebook.cells if _marked_here(cell)}


def _marked_here(cell: NotebookNode) -> bool:
    return bool(utils.is_grade(cell) and not utils.is_solution(cell))


def _key(cell: NotebookNode) -> tuple[Item, Key] | None:
    try:
        calls = [node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Call)]
        (call,) = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "grade"]
        item, key = (ast.literal_eval(argument) for argument in call.args[:2])
    except (SyntaxError, ValueError, RecursionError) as error:
        name = cell.metadata.nbgrader.grade_id
        raise TeachingError(
            f"The cell {name} of the source notebook holds no key of the course, so it cannot be marked without "
            "running it. Assemble the assignment again; or set `configure(c, execute=True)` in "
            "nbgrader_config.py, which runs what trainees wrote."
        ) from error
    try:
        return parse(item, key)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def mark_notebook(notebook: NotebookNode, answers: Answers, known: Keys | None = None) -> NotebookNode:
    """The notebook with each grade cell's feedback and points as outputs, as if it had been run.

    Args:
        notebook: from :func:`~earned_security.teaching.rebuild.rebuild`; it is not changed.
        known: its keys, where they have been read before.

    Raises:
        TeachingError: see :func:`keys`.
    """
    known = keys(notebook) if known is None else known
    cells = []
    for cell in notebook.cells:
        if _marked_here(cell):
            outputs = _outputs(known.get(cell.metadata.nbgrader.grade_id), answers)
            cell = NotebookNode({**cell, "outputs": outputs})
        cells.append(cell)
    return NotebookNode({**notebook, "cells": cells})


def _outputs(entry: tuple[Item, Key] | None, answers: Answers) -> list[NotebookNode]:
    points: float | None = None
    text = "This item could not be marked: its entry in the bank needs a look."
    if entry is not None:
        try:
            points, text = judged(*entry, answers)
        except Exception as error:  # one item must not stop the others
            text = (
                f"This item could not be marked ({type(error).__name__}); its entry in the bank needs a look."
            )
    if points is None:
        failure = {"ename": NOT_MARKED, "evalue": "see below", "traceback": text.split("\n")}
        return [NotebookNode(output_type="error", **failure)]
    result = {"data": NotebookNode({"text/plain": repr(points)}), "execution_count": None}
    return [
        NotebookNode(output_type="stream", name="stdout", text=text + "\n"),
        NotebookNode(output_type="execute_result", metadata=NotebookNode(), **result),
    ]


def score(cell: NotebookNode) -> float | None:
    """The points of a grade cell of a marked notebook; None where a person has to give them.

    Never full points by default: a cell without a number waits for a person.
    """
    if utils.is_solution(cell):
        untouched = cell.metadata.nbgrader.get("checksum") == utils.compute_checksum(cell)
        return 0.0 if untouched else None
    for output in cell.get("outputs", ()):
        if output.output_type == "execute_result":
            return float(output["data"]["text/plain"])
    return None
