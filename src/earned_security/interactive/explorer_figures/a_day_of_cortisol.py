"""A day of cortisol: cortisol above, the daily drive below, over the hours of one day."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from earned_security.interactive.explorer_figures.drawing import line, marks, panel_title, rule


def figure() -> go.Figure:
    """Cortisol above, the daily drive below, over the hours of one day."""
    below: dict[str, Any] = {"yaxis": "y2", "showlegend": False}
    drawn = go.Figure(
        [
            line("hour", "cortisol_published", "As published", "first"),
            line(
                "hour",
                "cortisol",
                "As set, day {day}",
                "second",
                dash="8px,4px",
                keep="For comparison: day {day}",
            ),
            rule("sample_hour", "sample_line"),
            marks("sample_hour", "sample_value", "The one sample", "soft", "diamond", 11),
            line("hour", "drive_published", "As published", "first", fill="tozeroy", **below),
            line("hour", "drive", "As set", "second", dash="8px,4px", **below),
        ]
    )
    drawn.update_layout(
        height=470,
        margin={"l": 40, "r": 28, "t": 24, "b": 54},
        xaxis={
            "title": {"text": "Time of day"},
            "anchor": "y2",
            "range": [0, 24],
            "tickvals": [0, 6, 12, 18, 24],
            "ticktext": ["00:00", "06:00", "12:00", "18:00", "24:00"],
            "hoverformat": ".1f",
        },
        yaxis={"domain": [0.4, 0.95], "rangemode": "tozero"},
        yaxis2={"domain": [0, 0.25], "range": [0, 1.08], "tickvals": [0, 0.5, 1]},
        annotations=[panel_title("Cortisol (µg/dl)", 0.96), panel_title("Daily drive (no unit)", 0.26)],
    )
    return drawn
