"""Hourly pulses: both hormones over the hours, and for every drive the delay from which pulses arise."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from earned_security.interactive.explorer_figures.drawing import line, marks, panel_title


def figure() -> go.Figure:
    """Corticosterone, ACTH, and below them where in drive and delay pulses arise and where this run stands."""
    below: dict[str, Any] = {"xaxis": "x2", "yaxis": "y3"}
    drawn = go.Figure(
        [
            line(
                "hour",
                "corticosterone",
                "Corticosterone",
                "first",
                keep="For comparison: drive {drive}, delay {delay} min",
            ),
            line("hour", "acth", "ACTH", "second", dash="6px,2px", yaxis="y2"),
            go.Scatter(
                mode="lines",
                name="Inside this edge, pulses",
                line={"width": 2, "dash": "12px,4px"},
                fill="toself",
                hoverinfo="skip",
                meta={"x": "edge_drive", "y": "edge_delay", "colour": "soft"},
                **below,
            ),
            marks("here_drive", "here_delay", "This setting", "first", "diamond", 13, **below),
        ]
    )
    drawn.update_layout(
        height=520,
        margin={"l": 40, "r": 12, "t": 28, "b": 48},
        xaxis={"anchor": "y2", "rangemode": "tozero", "ticksuffix": " h"},
        xaxis2={"title": {"text": "Drive (p1)"}, "anchor": "y3", "range": [0, 81]},
        yaxis={"domain": [0.75, 0.98], "rangemode": "tozero", "nticks": 5},
        yaxis2={"domain": [0.46, 0.66], "rangemode": "tozero", "nticks": 5},
        yaxis3={"domain": [0, 0.29], "range": [-1, 24], "tickvals": [0, 10, 20]},
        annotations=[
            panel_title("Corticosterone (no unit)", 0.985),
            panel_title("ACTH (no unit)", 0.665),
            panel_title("Adrenal delay in minutes, by drive", 0.295),
        ],
    )
    return drawn
