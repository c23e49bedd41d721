"""Critique a model: what the model draws above, what studies of many people found below."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from earned_security.interactive.explorer_figures.drawing import line, panel_title


def figure() -> go.Figure:
    """The model's two days of cortisol above, two meta-analyses below."""
    below: dict[str, Any] = {"xaxis": "x2", "yaxis": "y2", "showlegend": False, "hoverinfo": "skip"}
    drawn = go.Figure(
        [
            line("hour", "cortisol_normal", "The normal group, as fitted", "first"),
            line(
                "hour",
                "cortisol",
                "As set, from day {days}",
                "second",
                dash="8px,4px",
                keep="For comparison: from day {days}",
            ),
            go.Scatter(
                mode="lines",
                line={"width": 1.5, "dash": "dot"},
                hoverinfo="skip",
                showlegend=False,
                meta={"x": "sample_hour", "y": "sample_line", "colour": "soft"},
            ),
            go.Scatter(
                mode="markers",
                name="A sample at one hour",
                marker={"symbol": "diamond", "size": 11},
                hoverinfo="skip",
                meta={"x": "sample_hour", "y": "sample_value", "colour": "soft"},
            ),
            go.Scatter(
                mode="lines",
                line={"width": 1.5, "dash": "dot"},
                meta={"x": "no_difference", "y": "no_difference_row", "colour": "soft"},
                **below,
            ),
            go.Scatter(
                mode="lines",
                line={"width": 3},
                meta={"x": "study_interval", "y": "study_interval_row", "colour": "third"},
                **below,
            ),
            go.Scatter(
                mode="markers",
                marker={"symbol": "square", "size": 10},
                meta={"x": "study_difference", "y": "study_row", "colour": "third"},
                **below,
            ),
            go.Scatter(
                mode="text",
                text=["Basal, 37 studies", "24-hour urine, 20 studies", "The curves above: no spread"],
                textposition="middle right",
                cliponaxis=False,
                meta={"x": "study_label", "y": "study_label_row", "colour": "ink"},
                **below,
            ),
        ]
    )  # fmt: skip
    drawn.update_layout(
        height=520,
        margin={"l": 34, "r": 16, "t": 24, "b": 34},
        xaxis={
            "title": {"text": "Hours", "standoff": 4},
            "range": [0, 48],
            "tickvals": [0, 6, 12, 18, 24, 30, 36, 42, 48],
            "anchor": "y",
        },
        yaxis={"domain": [0.5, 0.95], "rangemode": "tozero"},
        xaxis2={"anchor": "y2", "range": [-1.02, 0.52], "tickvals": [-1, -0.5, 0, 0.5]},
        yaxis2={"domain": [0, 0.31], "range": [-0.25, 2.9], "showticklabels": False, "showgrid": False},
        annotations=[
            panel_title("Model: cortisol (µg/dl)", 0.96),
            panel_title("Studies: PTSD minus controls", 0.32),
        ],
    )
    return drawn
