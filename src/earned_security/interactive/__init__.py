"""What a person touches: pieces in a notebook and their front-end modules.

In a notebook ``piece("learning-what-is-safe")`` shows a piece, ``exercise("<item id>")`` a graded exercise,
``submission("building-safety-and-trust")`` what is handed in of an assignment, and
``figure("two-ways-through-lateness")`` a figure.
"""

from __future__ import annotations

from typing import Any

# Imported at once and in this place: a module of this package that is loaded later would put itself where the
# function of the same name stands.
from earned_security.interactive.exercise import exercise
from earned_security.interactive.pieces import piece
from earned_security.interactive.submission import submission

__all__ = ["exercise", "figure", "piece", "submission"]


def figure(figure_id: str) -> Any:
    """A figure of the course, drawn by plotly."""
    from earned_security.interactive.figures import figure as draw

    return draw(figure_id)
