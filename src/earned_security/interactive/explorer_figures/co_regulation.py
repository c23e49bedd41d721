"""Co-regulation: both people's deviations above; below, what they share and what parts them."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from earned_security.interactive.explorer_figures.drawing import level, line, marks, panel_title


def figure() -> go.Figure:
    """Deviations from each person's own set point over time; a cross where a drawing ends early."""
    below: dict[str, Any] = {"yaxis": "y2"}
    drawn = go.Figure(
        [
            line("time", "a", "A", "first"),
            line("time", "b", "B", "second", dash="8px,4px", keep="For comparison: B"),
            marks("cut_time", "cut_height", "The drawing ends here", "soft", "x", 11, cliponaxis=False),
            line(
                "time",
                "shared",
                "What they share",
                "ink",
                dash="14px,3px",
                keep="For comparison: what they share",
                **below,
            ),
            line("time", "parted", "What parts them", "soft", dash="2px,3px", **below),
        ]
    )
    drawn.update_layout(
        height=480,
        margin={"l": 40, "r": 14, "t": 24, "b": 48},
        xaxis={"title": {"text": "Time (units)"}, "anchor": "y2", "range": [0, 61]},
        yaxis={"domain": [0.5, 0.94]},
        yaxis2={"domain": [0, 0.37]},
        annotations=[
            panel_title("Deviation from own set point", 0.95),
            panel_title("Half the sum, half the difference", 0.385),
        ],
        shapes=[level(axis, 0, width=1, dash="solid") for axis in ("y", "y2")],
    )
    return drawn
