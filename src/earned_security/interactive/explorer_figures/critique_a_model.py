"""Critique a model: what the model draws above, what studies of many people found below."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from earned_security.interactive.explorer_figures.drawing import line, marks, panel_title, rule, words


def figure() -> go.Figure:
    """The model's two days of cortisol above, two meta-analyses below."""
    below: dict[str, Any] = {"xaxis": "x2", "yaxis": "y2"}
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
            rule("sample_hour", "sample_line"),
            marks("sample_hour", "sample_value", "A sample at one hour", "soft", "diamond", 11),
            rule("no_difference", "no_difference_row", **below),
            rule("study_interval", "study_interval_row", "third", width=3, dash=None, **below),
            marks("study_difference", "study_row", None, "third", "square", 10, showlegend=False, **below),
            words(
                "study_label",
                "study_label_row",
                ["Basal, 37 studies", "24-hour urine, 20 studies", "The curves above: no spread"],
                "ink",
                textposition="middle right",
                cliponaxis=False,
                **below,
            ),
        ]
    )
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
