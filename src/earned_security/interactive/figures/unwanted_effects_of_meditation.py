"""Unwanted effects of meditation: one review, three numbers, by how the studies were made."""

from __future__ import annotations

from typing import NamedTuple

import plotly.graph_objects as go

from earned_security.interactive.figures.drawing import bars, scale

CLAIM = "meditation-adverse"


class Share(NamedTuple):
    """``per_cent``: the adverse events reported, averaged over ``studies``, from 0 to 100."""

    studies: str
    per_cent: float
    colour: str
    pattern: str


SHARES = (
    Share("Experimental studies", 3.7, "#2f7fb8", ""),
    Share("All studies together", 8.3, "#6b7280", "x"),
    Share("Observational studies", 33.2, "#c8641e", "/"),
)
"""From the top of the figure to its foot; the numbers of the claim."""


def figure() -> go.Figure:
    """Three bars on a scale from 0 to 100 per cent, so that what was not reported is in view too."""
    drawn = go.Figure()
    for share in SHARES:
        drawn.add_trace(
            bars(
                [share.per_cent],
                [share.studies],
                share.studies,
                share.colour,
                share.pattern,
                [f"{share.per_cent} %"],
            )
        )
    scale(drawn, "Adverse events reported, in per cent", (0, 100), dtick=25)
    drawn.update_layout(
        height=300,
        margin={"t": 10, "r": 10, "b": 60, "l": 10},
        showlegend=False,
        meta={"alt": _in_words()},
    )
    return drawn


def _in_words() -> str:
    told = "; ".join(f"{share.studies.lower()}, {share.per_cent} %" for share in SHARES)
    return (
        "Three bars on a scale from 0 to 100 per cent: adverse events reported in studies of meditation. "
        f"From the top: {told}. The longest bar is about nine times as long as the shortest."
    )
