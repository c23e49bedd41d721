"""A submission rebuilt: the instructor's copy, plus only answers that were checked and text made harmless.

Nothing else of what was handed in is used. So a grade cell that was duplicated, deleted, renamed or turned into
another type, an added cell, a tag or a changed version number in the notebook has no effect at all.
"""

from __future__ import annotations

import copy
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from nbformat import NotebookNode
from nbgrader import utils

from earned_security.assessment.responses import LONGEST_TEXT
from earned_security.teaching import TeachingError
from earned_security.teaching.grade import Answers

# What stays as it is: letters and digits of every script, spaces, punctuation that means nothing to markup.
_PLAIN = re.compile(r"[^\w ,;:.?\n]|_")
_DIRECTION = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def harmless(text: str) -> str:
    """A person's text as one HTML block that shows just that text: no markup, script or formula in it works.

    Characters that mean something to HTML, Markdown or MathJax become numeric entities; control characters,
    halves of characters and marks that reverse the direction of reading are left out.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    text = "".join(
        character
        for character in text
        if character == "\n"
        or (unicodedata.category(character) not in ("Cc", "Cs", "Co", "Cn") and character not in _DIRECTION)
    )
    paragraphs = [part for part in re.split(r"\n\s*\n", text.strip()) if part.strip()]
    encoded = [
        "<br>".join(_PLAIN.sub(lambda match: f"&#{ord(match[0])};", line) for line in part.split("\n"))
        for part in paragraphs
    ]
    body = "".join(f"<p>{part}</p>" for part in encoded)
    return f'<div class="tex2jax_ignore mathjax_ignore">{body}</div>'


def instructors_copy(source: NotebookNode) -> NotebookNode:
    """The source notebook as nbgrader would hand it to a marker: locked cells locked, checksums, no outputs."""
    notebook = copy.deepcopy(source)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        if utils.is_grade(cell) or utils.is_solution(cell) or utils.is_locked(cell):
            cell.metadata.deletable = False
            if utils.is_locked(cell):
                cell.metadata.editable = False
            cell.metadata.nbgrader.checksum = utils.compute_checksum(cell)
            cell.metadata.nbgrader.cell_type = cell.cell_type
    return notebook


def require_same(notebook: NotebookNode, checksums: Mapping[str, str]) -> None:
    """Make sure that an instructor's copy is the notebook that the gradebook knows.

    Args:
        checksums: of the gradebook's source cells, by name.

    Raises:
        TeachingError: the source notebook was changed after the assignment was generated.
    """
    found = {
        cell.metadata.nbgrader.grade_id: cell.metadata.nbgrader.checksum
        for cell in notebook.cells
        if "checksum" in cell.metadata.get("nbgrader", {})
    }
    if found != dict(checksums):
        changed = sorted(name for name in {*found, *checksums} if found.get(name) != checksums.get(name))
        raise TeachingError(
            "The source notebook is not the one that the assignment was generated from: it differs in "
            f"{', '.join(changed)}. Run `nbgrader generate_assignment` for it again, then mark again."
        )


def rebuild(notebook: NotebookNode, answers: Answers, submitted: Any = None) -> NotebookNode:
    """The instructor's copy with a learner's texts in the cells that are marked by hand.

    Args:
        notebook: from :func:`instructors_copy`; cells that stay as they are are shared with the result.
        answers: a text in them goes before what was typed into the notebook itself.
        submitted: the notebook that was handed in, as parsed JSON of whatever shape.
    """
    typed = _typed(submitted)
    cells = []
    for cell in notebook.cells:
        if utils.is_grade(cell) and utils.is_solution(cell):
            name = cell.metadata.nbgrader.grade_id
            text = answers.found.get(name)
            if not isinstance(text, str) or not text.strip():
                text = next((text for text in reversed(typed.get(name, [])) if text != cell.source), None)
            if text is None and not answers.usable:
                text = answers.notice  # so that an untouched cell does not count as an empty answer
            if text is not None:
                cell = NotebookNode({**cell, "source": harmless(text[:LONGEST_TEXT])})
        cells.append(cell)
    return NotebookNode({**notebook, "cells": cells})


def _typed(submitted: Any) -> dict[str, list[str]]:
    """What stands in the cells of a submission, by the name that each claims to have."""
    texts: dict[str, list[str]] = {}
    cells = submitted.get("cells") if isinstance(submitted, dict) else None
    for cell in cells if isinstance(cells, list) else ():
        try:
            name, text = cell["metadata"]["nbgrader"]["grade_id"], cell["source"]
            text = text if isinstance(text, str) else "".join(text)
        except (KeyError, TypeError):
            continue
        if isinstance(name, str) and text.strip():
            texts.setdefault(name, []).append(text)
    return texts
