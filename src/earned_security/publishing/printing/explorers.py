"""An explorer on paper: its figure at the settings with which it opens, and the sentence that reads it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from earned_security.interactive import explorer

COLOURS = {"first": "#00619a", "second": "#b34700", "third": "#5c4a72", "soft": "#46535e", "ink": "#1f2a33"}
_BRACES = re.compile(r"\{(?P<name>\w+)(?::(?P<form>\w+))?\}")


def result_of(content: Mapping[str, Any]) -> dict[str, Any]:
    """What the explorer's model says at its opening settings, the settings included."""
    values = explorer.defaults(content)
    return {**explorer.compute(content, values), "parameters": values}


def reading(content: Mapping[str, Any], result: Mapping[str, Any]) -> str:
    """The sentence that the page shows under the figure."""
    return _with_numbers(
        content["readings"][result["regime"]], {**result["parameters"], **result["quantities"]}
    )


def figure(content: Mapping[str, Any], result: Mapping[str, Any]) -> dict[str, Any]:
    """The explorer's figure, filled as the page fills it, with its legend inside."""
    template = content["figure"]
    traces = []
    for trace in template["data"]:
        ink = COLOURS[trace["meta"]["colour"]]
        filled = {
            **trace,
            "x": list(result["series"][trace["meta"]["x"]]),
            "y": list(result["series"][trace["meta"]["y"]]),
            "name": _with_numbers(trace.get("name") or "", result["parameters"]),
            "line": {**trace.get("line", {}), "color": ink},
            "marker": {**trace.get("marker", {}), "color": ink},
            "textfont": {"color": ink},
        }
        if trace.get("fill"):
            filled["fillcolor"] = f"{ink}33"
        filled.setdefault("showlegend", bool(filled["name"]))
        traces.append(filled)
    layout = template["layout"]
    height = layout.get("height", 400) + 60
    legend = {"orientation": "h", "yref": "container", "y": 0, "yanchor": "bottom", "x": 0}
    margin = {**layout.get("margin", {})}
    margin["b"] = margin.get("b", 60) + 60
    # Its margins are set by hand.
    axes = {
        name: {**axis, "automargin": False}
        for name, axis in layout.items()
        if name.startswith(("xaxis", "yaxis"))
    }
    shown = {"showlegend": True, "legend": legend, "height": height, "margin": margin}
    return {"data": traces, "layout": {**layout, **axes, **shown}}


def _with_numbers(sentence: str, values: Mapping[str, Any]) -> str:
    """Put numbers in as the page does: ``{name}``, ``{name:1}`` for one decimal, ``{name:clock}`` for a time."""

    def shown(match: re.Match[str]) -> str:
        value, form = values[match["name"]], match["form"]
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            return str(value)
        if form == "clock":
            minutes = int(value * 60 + 0.5) % 1440
            return f"{minutes // 60:02}:{minutes % 60:02}"
        if form is None and float(value).is_integer():
            return str(int(value))
        text = f"{value:.{int(form) if form else 2}f}"
        return text.removeprefix("-") if not text.strip("-0.") else text

    return _BRACES.sub(shown, sentence)
