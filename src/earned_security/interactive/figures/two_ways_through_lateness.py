"""Tomasz and twelve minutes: the four values of the case on the best path and on a poor one."""

from __future__ import annotations

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from earned_security import cases
from earned_security.cases.graph import WINDOW
from earned_security.cases.walks import run
from earned_security.curriculum import source

BEST, POOR, SHADE = "#2f7fb8", "#c8641e", "rgba(90, 160, 180, 0.25)"
VALUE_NAMES = {
    "alliance": "Alliance",
    "trust": "Trust",
    "client_arousal": "Client's arousal",
    "therapist_arousal": "Therapist's arousal",
}


def figure() -> go.Figure:
    """Tomasz, scene c1d4: the four values on the best path and on a poor one, from the same state before it.

    The case's own walk "The best path" is followed to the scene; there the paths part. On the poor path,
    whose next scene is another one, the line ends with the therapist's reply.
    """
    case = cases.load("tomasz")
    best = run(case, source.read("cases/tomasz.walks")[0])[0]
    reached = next(index for index, step in enumerate(best.steps) if step.scene == "c1d4")
    poor = cases.choose(case, cases.replay(case, best.path[:reached]), "accept-no-problem")
    moments = ["before", "the reply", "next"]
    paths = {
        "best path": [
            best.steps[reached].before,
            *(step.after for step in best.steps[reached : reached + 2]),
        ],
        "a poor path": [poor.steps[-1].before, poor.steps[-1].after],
    }
    rows = dict(zip(reversed(VALUE_NAMES), range(1, 5), strict=True))
    drawn = make_subplots(rows=4, cols=1, shared_xaxes=True, vertical_spacing=0.07, start_cell="bottom-left")
    for path, states in paths.items():
        for value, row in rows.items():
            heights = [getattr(values, value) for values in states]
            drawn.add_trace(_line(f"{VALUE_NAMES[value]}, {path}", path, moments, heights), row=row, col=1)
        # The lines are named where they end, not in a legend.
        end = {"x": moments[len(states) - 1], "y": states[-1].alliance, "xanchor": "right", "yanchor": "top"}
        drawn.add_annotation(text=path, showarrow=False, yshift=-6, **end, row=rows["alliance"], col=1)
    low, high = WINDOW
    for value, row in rows.items():
        window = value.endswith("arousal")
        if window:
            drawn.add_hrect(y0=low, y1=high, fillcolor=SHADE, line_width=0, layer="below", row=row, col=1)
        title = f"<b>{VALUE_NAMES[value]}</b>{' (shaded: the window)' if window else ''}"
        place = {"xref": "paper", "x": 0, "xanchor": "left", "y": 1, "yanchor": "bottom"}
        drawn.add_annotation(text=title, showarrow=False, yref=f"y{row if row > 1 else ''} domain", **place)
    drawn.update_yaxes(range=[-6.5, 6.5], tickvals=[-6, -2, 0, 2, 6], fixedrange=True)
    drawn.update_xaxes(fixedrange=True, showgrid=False)
    drawn.update_yaxes(title={"text": "Value"}, row=1, col=1)
    drawn.update_xaxes(title={"text": "Moment"}, row=1, col=1)
    drawn.update_layout(
        height=680,
        margin={"t": 30, "r": 10, "b": 60, "l": 50},
        showlegend=False,
        meta={"alt": _in_words(paths)},
    )
    return drawn


def _line(name: str, path: str, moments: list[str], heights: list[int]) -> go.Scatter:
    best = path == "best path"
    colour = BEST if best else POOR
    return go.Scatter(
        x=moments[: len(heights)],
        y=heights,
        name=name,
        mode="lines+markers",
        line={"color": colour, "dash": "solid" if best else "dash", "width": 3},
        marker={"color": colour, "symbol": "circle" if best else "diamond", "size": 10},
    )


def _in_words(paths: dict[str, list[cases.Values]]) -> str:
    """The figure for whoever does not see it: every number, and where the windows are."""
    sentences = [
        "Four panels of teaching values from -6 to 6, through the moment when the therapist comes late."
    ]
    for path, states in paths.items():
        told = [
            f"{name.lower()} {' to '.join(str(getattr(values, value)) for values in states)}"
            for value, name in VALUE_NAMES.items()
        ]
        sentences.append(f"{path.capitalize()}: {'; '.join(told)}.")
    inside = all(
        WINDOW[0] <= arousal <= WINDOW[1]
        for states in paths.values()
        for values in states
        for arousal in (values.client_arousal, values.therapist_arousal)
    )
    if inside:
        sentences.append("Both people stay inside the window of tolerance, -2 to 2, which is shaded.")
    else:
        sentences.append("The window of tolerance, -2 to 2, is shaded; not every point lies inside it.")
    return " ".join(sentences)
