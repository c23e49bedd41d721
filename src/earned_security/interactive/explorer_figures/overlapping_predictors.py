"""Overlapping predictors: of the whole outcome, the two parts as areas, and R squared at other overlaps."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from earned_security.interactive.explorer_figures.drawing import UNTOLD, line, marks, panel_title, words


def _area(name: str, label: str, colour: str, dash: str = "solid", **more: Any) -> go.Scatter:
    """A rectangle: edge and faint filling."""
    more = {"width": 2, "cliponaxis": False, **UNTOLD, **more}
    return line(f"{name}_across", f"{name}_up", label, colour, dash=dash, **more)


def figure() -> go.Figure:
    """Where the two rows lie over each other is what they share; a gap between them is what they gain."""
    areas: dict[str, Any] = {"xaxis": "x2", "yaxis": "y2"}
    below: dict[str, Any] = {"xaxis": "x3", "yaxis": "y3"}
    drawn = go.Figure(
        [
            _area("whole", "", "soft", showlegend=False),
            _area("explained", "Both together, of the whole", "ink", fill="toself", showlegend=False),
            _area("first", "First alone", "first", fill="toself", **areas),
            _area("second", "Second alone", "second", "8px,4px", fill="toself", **areas),
            _area("shared", "Shared: counted twice if one adds", "third", "2px,3px", fill="toself", **areas),
            _area("gained", "Gained only together", "third", "6px,3px,2px,3px", **areas),
            _area("together", "Both together", "ink", "14px,3px", keep="For comparison: overlap {overlap}", **areas),
            _area("added", "If they simply added", "soft", "2px,5px", **areas),
            # Seen by nobody: keeps the right-hand edges off the edge of the figure.
            _area("edge", "", "soft", opacity=0, showlegend=False, **areas),
            words("word_across", "word_up", ["These three cannot<br>exist together"], "ink", **areas),
            line("curve_overlap", "curve_explained", "Both together", "ink", showlegend=False,
                 keep="For comparison, at other overlaps", **below),
            line("simple_overlap", "simple_explained", "If they simply added", "soft", dash="2px,5px",
                 showlegend=False, width=2, **below, **UNTOLD),
            marks("now_overlap", "now_explained", "As set", "first", "circle", 12, **below),
            marks("never_overlap", "never_explained", "As set, but impossible", "second", "x", 12, cliponaxis=False,
                  **below),
        ]
    )  # fmt: skip
    drawn.update_layout(
        height=520,
        margin={"l": 66, "r": 14, "t": 26, "b": 48},
        hovermode="closest",
        xaxis={"range": [-0.5, 100.5], "anchor": "y", "tickvals": [0, 25, 50, 75, 100]},
        yaxis={"domain": [0.89, 0.96], "range": [-0.15, 1.15], "showticklabels": False, "showgrid": False},
        xaxis2={"anchor": "y2", "rangemode": "tozero"},
        yaxis2={
            "domain": [0.42, 0.75],
            "range": [0.4, 4.6],
            "tickvals": [4, 3, 2, 1],
            "ticktext": ["First", "Second", "Both", "Added"],
            "showgrid": False,
        },
        xaxis3={"anchor": "y3", "title": {"text": "Overlap of the two (r₁₂)"}, "range": [-1, 1]},
        yaxis3={"domain": [0, 0.25], "rangemode": "tozero"},
        annotations=[
            panel_title("Of the whole outcome (% of variance)", 0.965),
            panel_title("The same part, enlarged (%)", 0.76),
            panel_title("Both together, at other overlaps (%)", 0.26),
        ],
    )
    return drawn
