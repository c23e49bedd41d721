"""What the explorers' figures are drawn with.

A trace's ``meta`` binds it to a result: ``x`` and ``y`` name series, ``colour`` names one of the page's
figure colours (first, second, third, soft), ``keep`` says what to call it when the reader keeps it for
comparison. The page fills in numbers, words in braces and colours when it draws, so one figure serves
light, dark and every setting. Lines differ in dash and marker as well as in colour.
"""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

UNTOLD: dict[str, Any] = {"hoverinfo": "skip", "hovertemplate": None}
"""For a line whose numbers are not told where the reader points."""


def line(
    x: str,
    y: str,
    name: str,
    colour: str,
    dash: str = "solid",
    keep: str = "",
    width: float = 2.5,
    **more: Any,
) -> go.Scatter:
    """One line of a figure, bound to two series."""
    meta = {"x": x, "y": y, "colour": colour, **({"keep": keep} if keep else {})}
    shown: dict[str, Any] = {"hovertemplate": "%{y:.2f}", **more}
    return go.Scatter(mode="lines", name=name, line={"width": width, "dash": dash}, meta=meta, **shown)


def marks(x: str, y: str, name: str | None, colour: str, symbol: str, size: float, **more: Any) -> go.Scatter:
    """Marks where something happens or stands, bound to two series."""
    return go.Scatter(
        mode="markers",
        name=name,
        marker={"symbol": symbol, "size": size},
        hoverinfo="skip",
        meta={"x": x, "y": y, "colour": colour},
        **more,
    )


def rule(
    x: str, y: str, colour: str = "soft", width: float = 1.5, dash: str | None = "dot", **more: Any
) -> go.Scatter:
    """A line that only parts or points: without a name in the legend."""
    return go.Scatter(
        mode="lines",
        line={"width": width, "dash": dash},
        hoverinfo="skip",
        showlegend=False,
        meta={"x": x, "y": y, "colour": colour},
        **more,
    )


def words(x: str, y: str, text: list[str], colour: str = "soft", **more: Any) -> go.Scatter:
    """Words inside a panel, one at each point of two series."""
    return go.Scatter(
        mode="text",
        text=text,
        hoverinfo="skip",
        showlegend=False,
        meta={"x": x, "y": y, "colour": colour},
        **more,
    )


def panel_title(text: str, y: float) -> dict[str, Any]:
    """A panel's title at its upper left: readable on a phone, unlike one turned on its side."""
    place = {"xref": "paper", "yref": "paper", "x": 0, "xanchor": "left", "y": y, "yanchor": "bottom"}
    return {"text": text, "showarrow": False, **place}


def level(axis: str, y: float, width: float = 1.5, dash: str = "dot") -> dict[str, Any]:
    """The shape of a level line, right across the panel of this vertical axis."""
    ends = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "yref": axis, "y0": y, "y1": y}
    return {**ends, "line": {"dash": dash, "width": width}}
