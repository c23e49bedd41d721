"""Learning what is safe: expected threat above, associability below, over the trials of both phases."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from earned_security.interactive.explorer_figures.drawing import line, panel_title


def figure() -> go.Figure:
    """Expected threat above, associability below, over the trials of both phases."""
    below: dict[str, Any] = {"yaxis": "y2", "showlegend": False}
    drawn = go.Figure(
        [
            line("trial", "expected_kept", "Safety every time", "first"),
            line(
                "trial",
                "expected_mixed",
                "Safety in {consistency} % of trials",
                "second",
                dash="8px,4px",
                keep="For comparison: {consistency} %",
            ),
            go.Scatter(
                mode="markers",
                name="Harm followed in the safe phase",
                marker={"symbol": "x", "size": 9},
                hoverinfo="skip",
                meta={"x": "lapse_trial", "y": "lapse_expected", "colour": "second"},
            ),
            line("trial", "associability_kept", "Safety every time", "first", **below),
            line(
                "trial",
                "associability_mixed",
                "Safety in {consistency} % of trials",
                "second",
                dash="8px,4px",
                keep="For comparison: {consistency} %",
                **below,
            ),
            go.Scatter(
                mode="lines",
                line={"width": 1},
                hoverinfo="skip",
                showlegend=False,
                meta={"x": "phase_trial", "y": "phase_height", "colour": "soft"},
            ),
            go.Scatter(
                mode="text",
                text=["danger", "safe phase", "pause"],
                textposition="middle center",
                hoverinfo="skip",
                showlegend=False,
                cliponaxis=False,
                meta={"x": "label_trial", "y": "label_height", "colour": "soft"},
            ),
        ]
    )
    drawn.update_layout(
        height=460,
        margin={"l": 40, "r": 12, "t": 24, "b": 48},
        xaxis={"title": {"text": "Trial"}, "anchor": "y2", "rangemode": "tozero"},
        yaxis={"domain": [0.42, 0.94], "range": [0, 1.18], "tickvals": [0, 0.2, 0.4, 0.6, 0.8, 1]},
        yaxis2={"domain": [0, 0.29], "range": [0, 1.05], "tickvals": [0, 0.5, 1]},
        annotations=[panel_title("Expected threat (V)", 0.95), panel_title("Associability (a)", 0.3)],
        shapes=[
            {
                "type": "line",
                "xref": "paper",
                "x0": 0,
                "x1": 1,
                "yref": "y",
                "y0": 0.2,
                "y1": 0.2,
                "line": {"dash": "dot", "width": 1.5},
            }
        ],
    )
    return drawn
