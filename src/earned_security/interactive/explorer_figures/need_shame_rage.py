"""Need, shame, rage: the rounds as a path around four places above, their levels round by round below."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from earned_security.interactive.explorer_figures.drawing import UNTOLD, line, panel_title, rule, words


def figure() -> go.Figure:
    """The path winds outwards where the loop grows, keeps its ring where it hums, and winds inwards."""
    below: dict[str, Any] = {"xaxis": "x2", "yaxis": "y2"}
    path: dict[str, Any] = {**UNTOLD, "line_simplify": False}

    def level(node: str, name: str, colour: str, dash: str, symbol: str) -> go.Scatter:
        drawn = line("round", node, name, colour, dash=dash, width=1.5, **below)
        return drawn.update(mode="lines+markers", marker={"symbol": symbol, "size": 8})

    before = line(
        "before_across",
        "before_up",
        "Before round {from_round}",
        "second",
        dash="8px,4px",
        keep="For comparison: before round {from_round}",
        **path,
    )
    after = line(
        "after_across",
        "after_up",
        "From round {from_round} on",
        "first",
        keep="For comparison: from round {from_round} on",
        **path,
    )
    drawn = go.Figure(
        [
            before,
            after,
            line(
                "ring_across", "ring_up", "Where the first need began", "soft", "2px,4px", width=1.5, **path
            ),
            words(
                "label_across",
                "label_up",
                ["<b>Need</b>", "<b>Shame</b>", "<b>Rage</b>", "<b>Distance</b>"],
                "ink",
                textposition=["middle center", "middle right", "middle center", "middle left"],
                cliponaxis=False,
            ),
            level("need", "Need", "first", "solid", "circle"),
            level("shame", "Shame", "second", "5px,3px", "square"),
            level("rage", "Rage", "third", "2px,3px", "diamond"),
            level("distance", "Distance", "soft", "10px,3px", "x"),
            rule("turn_round", "turn_height", **below),
        ]
    )
    bare = {"showticklabels": False, "showgrid": False, "showline": False, "ticks": ""}
    drawn.update_layout(
        height=520,
        margin={"l": 40, "r": 14, "t": 44, "b": 48},
        xaxis={"range": [-17.5, 17.5], "anchor": "y", **bare},
        yaxis={"domain": [0.38, 0.97], "range": [-12.6, 12.6], **bare},
        xaxis2={
            "title": {"text": "Round"},
            "anchor": "y2",
            "range": [0.6, 12.4],
            "tickvals": [1, 3, 5, 7, 9, 11],
        },
        yaxis2={"domain": [0, 0.27], "range": [0, 10.8], "tickvals": [0, 5, 10]},
        annotations=[panel_title("The rounds", 0.99), panel_title("Level (no unit)", 0.28)],
    )
    return drawn
