"""What the explorers' figures are drawn with.

A trace's ``meta`` binds it to a result: ``x`` and ``y`` name series, ``colour`` names one of the page's
figure colours (first, second, third, soft), ``keep`` says what to call it when the reader keeps it for
comparison. The page fills in numbers, words in braces and colours when it draws, so one figure serves
light, dark and every setting. Lines differ in dash and marker as well as in colour.
"""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go


def line(
    x: str, y: str, name: str, colour: str, dash: str = "solid", keep: str = "", **more: Any
) -> go.Scatter:
    """One line of a figure, bound to two series."""
    meta = {"x": x, "y": y, "colour": colour, **({"keep": keep} if keep else {})}
    return go.Scatter(
        mode="lines",
        name=name,
        line={"width": 2.5, "dash": dash},
        hovertemplate="%{y:.2f}",
        meta=meta,
        **more,
    )


def panel_title(text: str, y: float) -> dict[str, Any]:
    """A panel's title at its upper left: readable on a phone, unlike one turned on its side."""
    place = {"xref": "paper", "yref": "paper", "x": 0, "xanchor": "left", "y": y, "yanchor": "bottom"}
    return {"text": text, "showarrow": False, **place}
