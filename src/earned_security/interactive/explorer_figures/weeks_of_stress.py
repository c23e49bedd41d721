"""Weeks of stress: ACTH and CRH, cortisol, and the glands, in three panels over the same days."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from earned_security.interactive.explorer_figures.drawing import level, line, marks, panel_title, rule, words


def figure() -> go.Figure:
    """ACTH and CRH above, cortisol in the middle, gland mass below, as multiples of rest."""
    middle: dict[str, Any] = {"yaxis": "y2"}
    below: dict[str, Any] = {"yaxis": "y3"}
    kept = "For comparison: stress {stress} for {days} days"

    def back(hormone: str, **more: Any) -> go.Scatter:
        name = "First within 5 % of rest again"
        return marks(f"{hormone}_back_day", f"{hormone}_back_level", name, "first", "diamond", 11, **more)

    drawn = go.Figure(
        [
            line("day", "acth", "ACTH", "first", keep=kept),
            line("day", "crh", "CRH", "second", dash="8px,4px"),
            line("day", "cortisol", "Cortisol", "first", keep=kept, showlegend=False, **middle),
            line("day", "adrenal", "Adrenal cortex", "first", dash="14px,3px,3px,3px", **below),
            line("day", "pituitary", "Pituitary", "second", dash="3px,3px", **below),
            back("acth"),
            back("cortisol", showlegend=False, **middle),
            *(
                rule("phase_day", "phase_height", width=1, dash=None, yaxis=axis)
                for axis in ("y4", "y5", "y6")
            ),
            words(
                "label_day",
                "label_height",
                ["stress", "relief"],
                textposition="middle center",
                cliponaxis=False,
                yaxis="y7",
            ),
        ]
    )
    # The upright lines have axes of their own, so that they fill each panel and widen none.
    upright: dict[str, Any] = {"range": [0, 1], "visible": False}
    drawn.update_layout(
        height=520,
        margin={"l": 40, "r": 12, "t": 8, "b": 48},
        xaxis={"title": {"text": "Days since the stress began"}, "anchor": "y3", "showgrid": False},
        yaxis={"domain": [0.68, 0.9], "nticks": 6},
        yaxis2={"domain": [0.34, 0.56], "nticks": 6},
        yaxis3={"domain": [0, 0.22], "nticks": 6},
        yaxis4={"overlaying": "y", **upright},
        yaxis5={"overlaying": "y2", **upright},
        yaxis6={"overlaying": "y3", **upright},
        yaxis7={"domain": [0.96, 1], **upright},
        annotations=[
            panel_title("ACTH and CRH (rest: 1)", 0.905),
            panel_title("Cortisol (rest: 1)", 0.565),
            panel_title("Gland mass (rest: 1)", 0.225),
        ],
        shapes=[level(axis, 1) for axis in ("y", "y2", "y3")],
    )
    return drawn
