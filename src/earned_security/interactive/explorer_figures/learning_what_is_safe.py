"""Learning what is safe: expected threat above, associability below, over the trials of both phases."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from earned_security.interactive.explorer_figures.drawing import level, line, marks, panel_title, rule, words


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
            marks("lapse_trial", "lapse_expected", "Harm followed in the safe phase", "second", "x", 9),
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
            rule("phase_trial", "phase_height", width=1, dash=None),
            words(
                "label_trial",
                "label_height",
                ["danger", "safe phase", "pause"],
                textposition="middle center",
                cliponaxis=False,
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
        shapes=[level("y", 0.2)],
    )
    return drawn
