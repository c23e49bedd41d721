"""The stress loop: cortisol above, ACTH below, in both loops, over the hours after a push."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from earned_security.interactive.explorer_figures.drawing import line, marks, panel_title, rule


def figure() -> go.Figure:
    """Cortisol above, ACTH below, in both loops, over the hours after a push."""
    below: dict[str, Any] = {"yaxis": "y2", "showlegend": False}
    drawn = go.Figure(
        [
            rule("rest_hour", "rest_line"),
            line("hour", "cortisol_minimal", "Minimal loop", "first"),
            line(
                "hour",
                "cortisol_hippocampal",
                "Hippocampal loop",
                "second",
                dash="8px,4px",
                keep="For comparison: hippocampal loop",
            ),
            marks("push_hour", "push_place", "A push", "soft", "diamond", 10, cliponaxis=False),
            rule("rest_hour", "rest_line", yaxis="y2"),
            line("hour", "acth_minimal", "Minimal loop", "first", **below),
            line("hour", "acth_hippocampal", "Hippocampal loop", "second", dash="8px,4px", **below),
        ]
    )
    drawn.update_layout(
        height=470,
        margin={"l": 46, "r": 16, "t": 24, "b": 54},
        xaxis={
            "title": {"text": "Hours from the first push"},
            "anchor": "y2",
            "range": [-0.4, 18],
            "tickvals": [0, 3, 6, 9, 12, 15, 18],
        },
        yaxis={"domain": [0.42, 0.95]},
        yaxis2={"domain": [0, 0.28]},
        annotations=[
            panel_title("Cortisol (% of its own rest)", 0.96),
            panel_title("ACTH (% of its own rest)", 0.29),
        ],
    )
    return drawn
