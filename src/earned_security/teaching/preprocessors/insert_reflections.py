"""Before marking: put what a learner wrote into the cell that is marked by hand, made harmless."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import Any

from nbgrader import utils
from nbgrader.preprocessors import NbGraderPreprocessor

from earned_security.teaching.grade import read_answers

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


class InsertReflections(NbGraderPreprocessor):
    """Runs after ``OverwriteCells``, in ``Autograde.sanitize_preprocessors``.

    The text comes from ``responses.json``; where there is none, what was typed into the cell itself counts.
    An untouched cell stays, and nbgrader gives it no points ("No response").
    """

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        answers, _ = read_answers(Path(resources["metadata"]["path"]))
        for cell in nb.cells:
            if not (utils.is_solution(cell) and utils.is_grade(cell) and cell.cell_type == "markdown"):
                continue
            text = answers.get(cell.metadata.nbgrader["grade_id"])
            untouched = cell.metadata.nbgrader.get("checksum") == utils.compute_checksum(cell)
            if not isinstance(text, str) or not text.strip():
                if untouched:
                    continue
                text = cell.source
            cell.source = harmless(text)
            cell.pop("attachments", None)
        return nb, resources
