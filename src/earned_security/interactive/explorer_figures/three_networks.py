"""Three networks: events and what salience makes of them above, which of the other two leads below."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from earned_security.interactive.explorer_figures.drawing import line, marks, panel_title


def figure() -> go.Figure:
    """Activity over time; a row of dots above the lower panel marks where the central executive leads."""
    below: dict[str, Any] = {"yaxis": "y2"}
    drawn = go.Figure(
        [
            line("time", "event", "Event", "soft", dash="3px,2px", width=1.5, fill="tozeroy"),
            line("time", "threshold", "Salience threshold", "ink", dash="14px,4px", width=1.5),
            line("time", "salience", "Salience", "ink", dash="10px,3px,2px,3px"),
            line("time", "default", "Default mode", "first", **below),
            line(
                "time",
                "executive",
                "Central executive",
                "second",
                dash="8px,4px",
                keep="For comparison: central executive",
                **below,
            ),
            marks(
                "time",
                "lead_mark",
                "The central executive leads",
                "second",
                "square",
                6,
                cliponaxis=False,
                **below,
            ),
        ]
    )
    drawn.update_layout(
        height=480,
        margin={"l": 36, "r": 12, "t": 44, "b": 48},
        xaxis={"title": {"text": "Time (no unit)"}, "anchor": "y2", "range": [0, 70]},
        yaxis={"domain": [0.64, 0.94], "range": [0, 1.08], "tickvals": [0, 0.5, 1]},
        yaxis2={"domain": [0, 0.52], "range": [-0.02, 1.18], "tickvals": [0, 0.5, 1]},
        annotations=[
            panel_title("What happens", 0.95),
            panel_title("Which of the two leads", 0.53),
        ],
    )
    return drawn
