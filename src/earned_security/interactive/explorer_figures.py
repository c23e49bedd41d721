"""The figures of the explorers, as templates without numbers.

A trace's ``meta`` binds it to a result: ``x`` and ``y`` name series, ``colour`` names one of the page's
figure colours (first, second, third, soft), ``keep`` says what to call it when the reader keeps it for
comparison. The page fills in numbers, words in braces and colours when it draws, so one figure serves
light, dark and every setting. Lines differ in dash and marker as well as in colour.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import plotly.graph_objects as go


def template(name: str) -> dict[str, Any]:
    """The figure of this name as plotly JSON.

    Raises:
        KeyError: there is no such figure.
    """
    figure = FIGURES[name]()
    figure.update_layout(
        template={},
        autosize=True,
        dragmode=False,
        hovermode="x unified",
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        showlegend=False,  # the page writes it as text that wraps, and redraws faster without
        margin_autoexpand=False,
    )
    figure.update_xaxes(fixedrange=True, zeroline=False)
    figure.update_yaxes(fixedrange=True, zeroline=False)
    plain: dict[str, Any] = json.loads(figure.to_json())
    return plain


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


def learning_what_is_safe() -> go.Figure:
    """Expected threat above, associability below, over the trials of both phases."""
    below: dict[str, Any] = {"yaxis": "y2", "showlegend": False}
    figure = go.Figure(
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
    figure.update_layout(
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
    return figure


FIGURES: dict[str, Callable[[], go.Figure]] = {
    "learning-what-is-safe": learning_what_is_safe,
}
