"""When fear returns: response above, what it is made from in the middle, the inferred cause below, by trial."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from earned_security.interactive.explorer_figures.drawing import panel_title, rule, words

PLAIN, PAUSED = "Extinction straight away", "Retrieval trial, then a pause of {interval}"


def _pair(series: str, axis: str, keep: bool = False) -> list[go.Scatter]:
    """The two lines of one panel; only the first panel's have markers, and names in the legend."""
    first = axis == "y"
    named: dict[str, Any] = {
        "yaxis": axis,
        "showlegend": first,
        "mode": "lines+markers" if first else "lines",
        "hovertemplate": "%{y:.3f}",
    }
    kept = {"keep": "For comparison: pause of {interval}"} if keep else {}
    return [
        go.Scatter(
            name=PLAIN,
            line={"width": 2.5},
            marker={"symbol": "circle", "size": 5},
            meta={"x": "trial", "y": f"{series}_plain", "colour": "first"},
            **named,
        ),
        go.Scatter(
            name=PAUSED,
            line={"width": 2.5, "dash": "8px,4px"},
            marker={"symbol": "diamond", "size": 6},
            meta={"x": "trial", "y": series, "colour": "second", **kept},
            **named,
        ),
    ]


def figure() -> go.Figure:
    """Three panels over trials; upright lines part the phases (acquisition, retrieval, extinction, test)."""
    drawn = go.Figure(
        [
            *(rule("phase_trial", "phase_height", width=1, dash=None, yaxis=f"y{n}") for n in ("", 2, 3)),
            *_pair("response", "y", keep=True),
            *_pair("value", "y2"),
            *_pair("first_cause", "y3"),
            words(
                "label_trial",
                "label_height",
                ["A", "R", "E", "T"],
                textposition="middle center",
                cliponaxis=False,
                yaxis="y",
            ),
        ]
    )
    share = {"range": [-0.05, 1.08], "tickvals": [0, 0.5, 1]}
    drawn.update_layout(
        height=520,
        margin={"l": 36, "r": 12, "t": 24, "b": 44},
        xaxis={"title": {"text": "Trial"}, "anchor": "y3"},
        yaxis={"domain": [0.69, 0.94], "range": [-0.05, 1.3], "tickvals": [0, 0.5, 1]},
        yaxis2={"domain": [0.36, 0.58], **share},
        yaxis3={"domain": [0, 0.24], **share},
        annotations=[
            panel_title("Response (CR)", 0.95),
            panel_title("Raw expectation of harm (V)", 0.59),
            panel_title("How likely: the cause of acquisition", 0.25),
        ],
    )
    return drawn
