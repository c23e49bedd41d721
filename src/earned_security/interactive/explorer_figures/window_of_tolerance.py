"""The window of tolerance: the client's arousal above, the therapist's below, between the reader's lines."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from earned_security.interactive.explorer_figures.drawing import line, marks, panel_title, rule, words


def _person(who: str, keep: str, **more: Any) -> list[go.Scatter]:
    """A person's band between the lines, their arousal, and the part of it that is outside."""
    return [
        go.Scatter(
            mode="lines",
            name="Your lines, and between them",
            line={"dash": "dash", "width": 1.5},
            fill="toself",
            hoverinfo="skip",
            meta={"x": "band_time", "y": f"{who}_band", "colour": "soft"},
            **more,
        ),
        line("time", who, "Arousal", "first", keep=keep, width=1.75, **more),
        marks("time", f"{who}_out", "Outside your lines", "second", "diamond", 5, **more),
    ]


def figure() -> go.Figure:
    """Fifty minutes of two people; what happens and the reader's next step are marked in the client's panel."""
    below: dict[str, Any] = {"yaxis": "y2", "showlegend": False}
    drawn = go.Figure(
        [
            *_person("client", "For comparison: the client's arousal"),
            *_person("therapist", "For comparison: the therapist's arousal", **below),
            rule("mark_time", "mark_height", "ink"),
            words(
                "mark_label_time",
                "mark_label_height",
                ["it happens", "your next step"],
                "ink",
                textposition=["top left", "top right"],
                cliponaxis=False,
            ),
        ]
    )
    drawn.update_layout(
        height=520,
        margin={"l": 34, "r": 12, "t": 44, "b": 48},
        xaxis={"title": {"text": "Minutes"}, "anchor": "y2", "range": [0, 50], "dtick": 10},
        yaxis={"domain": [0.53, 0.95], "dtick": 2},
        yaxis2={"domain": [0, 0.42], "dtick": 2, "matches": "y"},
        annotations=[
            panel_title("Client (made-up units)", 0.96),
            panel_title("Therapist", 0.43),
        ],
    )
    return drawn
