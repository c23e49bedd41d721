"""Prefrontal cortex and amygdala: each region's activity under one wiring and under its mirror."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from earned_security.interactive.explorer_figures.drawing import line, panel_title


def _region(name: str, **more: Any) -> list[go.Scatter]:
    """One region: the wiring as set as a broad line, its mirror dashed upon it, so that both show where they agree."""
    return [
        line("time", name, "Your wiring", "first", keep="For comparison: your wiring", **more).update(
            line_width=6, opacity=0.65
        ),
        line(
            "time", f"mirror_{name}", "Its mirror: the two weights swapped", "second", "9px,9px", **more
        ).update(line_width=3),
    ]


def figure() -> go.Figure:
    """The amygdala above, the vmPFC below; the input is on where the panels are shaded."""
    drawn = go.Figure([*_region("amygdala"), *_region("vmpfc", yaxis="y2", showlegend=False)])
    drawn.update_layout(
        height=460,
        margin={"l": 40, "r": 12, "t": 44, "b": 48},
        xaxis={"title": {"text": "Time (no unit)"}, "anchor": "y2", "range": [0, 34]},
        yaxis={"domain": [0.54, 0.93]},
        yaxis2={"domain": [0, 0.4], "matches": "y"},
        annotations=[panel_title("Amygdala", 0.94), panel_title("vmPFC", 0.41)],
        shapes=[
            {"type": "rect", "xref": "x", "x0": 2, "x1": 22, "yref": f"{axis} domain", "y0": 0, "y1": 1}
            | {"line": {"width": 0}, "fillcolor": "rgba(128,128,128,0.2)", "layer": "below"}
            for axis in ("y", "y2")
        ],
    )
    return drawn
