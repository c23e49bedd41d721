"""One person and one correlation: people drawn at random above, what can be said about one of them below."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from earned_security.interactive.explorer_figures.drawing import UNTOLD, line, marks, panel_title


def figure() -> go.Figure:
    """Two measures above, crosses where the first points to the wrong side; the second measure below."""
    below: dict[str, Any] = {"xaxis": "x2", "yaxis": "y2"}

    def span(name: str, label: str, colour: str, symbol: str, dash: str, keep: str = "") -> go.Scatter:
        drawn = line(
            f"{name}_value", f"{name}_height", label, colour, dash=dash, keep=keep, **below, **UNTOLD
        )
        return drawn.update(mode="lines+markers", marker={"symbol": symbol, "size": 9})

    def dots(name: str, label: str, colour: str, symbol: str, size: int) -> go.Scatter:
        return marks(f"{name}_first", f"{name}_second", label, colour, symbol, size)

    drawn = go.Figure(
        [
            dots("right", "Guessed right from the first", "soft", "circle-open", 6),
            dots("wrong", "Guessed wrong", "second", "x", 6),
            line("line_first", "line_second", "What to expect on average", "ink", dash="2px,3px", **UNTOLD),
            line(
                "person_first",
                "person_second",
                "95 of 100 people at {place}",
                "first",
                width=4,
                showlegend=False,
                **UNTOLD,
            ),
            line("value", "everyone", "Everyone", "soft", dash="8px,4px", **below, **UNTOLD),
            line(
                "value",
                "alike",
                "People at {place}",
                "first",
                keep="For comparison: r = {r}, at {place}",
                **below,
                **UNTOLD,
            ),
            span("range", "95 of 100 people at {place}", "first", "square", "solid"),
            span("mean", "95 of 100 means of {group} such people", "ink", "diamond", "10px,2px"),
        ]
    )
    axis = {"range": [-4.05, 4.05], "tickvals": [-3, -2, -1, 0, 1, 2, 3]}
    drawn.update_layout(
        height=520,
        margin={"l": 40, "r": 14, "t": 26, "b": 48},
        hovermode="closest",
        xaxis={**axis, "anchor": "y", "title": {"text": "First measure (SD)", "standoff": 4}},
        yaxis={**axis, "domain": [0.46, 0.95]},
        xaxis2={**axis, "anchor": "y2", "title": {"text": "Second measure (SD)", "standoff": 4}},
        yaxis2={"domain": [0, 0.27], "showticklabels": False, "showgrid": False},
        annotations=[
            panel_title("Second measure (SD)", 0.96),
            panel_title("Second measure: where people stand", 0.28),
        ],
        shapes=[
            {"type": "line", "x0": 0, "x1": 0, "y0": -4.05, "y1": 4.05, "line": {"width": 1.5}},
            {"type": "line", "x0": -4.05, "x1": 4.05, "y0": 0, "y1": 0, "line": {"width": 1.5}},
        ],
    )
    return drawn
