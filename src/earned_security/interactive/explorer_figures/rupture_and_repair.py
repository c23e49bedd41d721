"""Rupture and repair: both people's scores by turn above; below, one score against the other, with basins."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from earned_security.interactive.explorer_figures.drawing import UNTOLD, line, marks, panel_title

PLANE: dict[str, Any] = {"xaxis": "x2", "yaxis": "y2"}


def _points(name: str, series: str, symbol: str, size: int, colour: str) -> go.Scatter:
    """Marks at pairs of scores."""
    return marks(f"{series}_first", f"{series}_second", name, colour, symbol, size, **PLANE)


def _thin(x: str, y: str, name: str, colour: str, dash: str, **more: Any) -> go.Scatter:
    return line(x, y, name, colour, dash=dash, width=1.75, **UNTOLD, **more)


def figure() -> go.Figure:
    """The shaded turns are the rupture; in the plane each mark is a pair of scores to start from."""
    drawn = go.Figure(
        [
            line("turn", "first", "First person", "first"),
            line(
                "turn",
                "second",
                "Second person",
                "second",
                dash="8px,4px",
                keep="For comparison: second person",
            ),
            _thin("line_turn", "line_repair", "Repair begins below", "soft", "2px,3px"),
            _points("From here: in touch again", "warm", "circle", 5, "soft"),
            _points("From here: stuck", "cold", "x", 7, "soft"),
            _points("From here: never at rest", "swings", "diamond", 8, "third"),
            _thin("still_own", "still_other", "First person stays put", "first", "14px,3px", **PLANE),
            _thin("still_other", "still_own", "Second person stays put", "second", "5px,2px", **PLANE),
            go.Scatter(
                mode="lines+markers",
                name="This conversation",
                line={"width": 2},
                marker={"symbol": "circle", "size": 4},
                meta={"x": "first", "y": "second", "colour": "ink", "keep": "For comparison: conversation"},
                hoverinfo="skip",
                **PLANE,
            ),
            _points("When the rupture ends", "struck", "square", 11, "ink"),
        ]
    )
    drawn.update_layout(
        height=520,
        margin={"l": 36, "r": 12, "t": 24, "b": 48},
        xaxis={"title": {"text": "Turn", "standoff": 4}, "anchor": "y", "range": [0, 30.5]},
        yaxis={"domain": [0.68, 0.95], "dtick": 0.5},
        xaxis2={
            "title": {"text": "First person's score"},
            "anchor": "y2",
            "range": [-2.4, 1.7],
            "dtick": 1,
        },
        yaxis2={"domain": [0, 0.5], "range": [-2.4, 1.7], "dtick": 1},
        annotations=[
            panel_title("Score, turn by turn", 0.96),
            panel_title("Second person's score against the first's", 0.51),
        ],
        shapes=[
            {"type": "rect", "xref": "x", "x0": 5, "x1": 8, "yref": "y domain", "y0": 0, "y1": 1}
            | {"line": {"width": 0}, "fillcolor": "rgba(128,128,128,0.25)"},
        ],
    )
    return drawn
