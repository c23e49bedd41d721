"""Hannah and the pen: what each of four answers about contact does to the four values of the case."""

from __future__ import annotations

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from earned_security.interactive.figures.drawing import bars, changes, signed

CASE, SCENE = "hannah", "c2d3"
ANSWERS = {
    "ten-headings": "A plan with ten headings, written together",
    "thursday-calls": "A ten-minute call each Thursday, six weeks",
    "until-you-feel-safe": "No rules: write until you feel safe",
    "nothing-between": "No contact between sessions",
}
"""The options of the scene, as the figure names them, from the top."""

VALUES = {
    "alliance": "Alliance",
    "trust": "Trust",
    "client_arousal": "Hannah's arousal",
    "therapist_arousal": "Therapist's arousal",
}
RELATION, AROUSAL = "#2f7fb8", "#c8641e"


def figure() -> go.Figure:
    """One panel for each answer: four bars, the change of each value at that moment, from -2 to 2.

    The changes are those of the case, which are teaching judgements.
    """
    changed = changes(CASE, SCENE, ANSWERS, VALUES)
    drawn = make_subplots(rows=len(ANSWERS), cols=1, shared_xaxes=True, vertical_spacing=0.09)
    for row, (answer, title) in enumerate(ANSWERS.items(), start=1):
        heights = list(changed[answer].values())
        arousal = [value.endswith("arousal") for value in VALUES]
        drawn.add_trace(
            bars(
                heights,
                list(VALUES.values()),
                title,
                [AROUSAL if is_arousal else RELATION for is_arousal in arousal],
                ["/" if is_arousal else "" for is_arousal in arousal],
                [signed(height) for height in heights],
            ),
            row=row,
            col=1,
        )
        place = {"xref": "paper", "x": 0, "xanchor": "left", "xshift": -122, "y": 1, "yanchor": "bottom"}
        panel = f"y{row if row > 1 else ''} domain"
        drawn.add_annotation(text=f"<b>{title}</b>", showarrow=False, yref=panel, **place)
    drawn.update_yaxes(autorange="reversed", fixedrange=True)
    drawn.update_xaxes(range=[-2.8, 2.8], tickvals=[-2, -1, 0, 1, 2], fixedrange=True)
    drawn.update_xaxes(title={"text": "Change at that moment"}, row=len(ANSWERS), col=1)
    drawn.update_layout(
        height=760,
        margin={"t": 30, "r": 10, "b": 60, "l": 130},
        showlegend=False,
        meta={"alt": _in_words(changed)},
    )
    return drawn


def _in_words(changed: dict[str, dict[str, int]]) -> str:
    """The figure for whoever does not see it: every bar."""
    sentences = [
        "Four panels, one for each answer that Hannah's therapist may give about contact between sessions. "
        "Four bars in each show the change at that moment, on a teaching scale."
    ]
    for answer, title in ANSWERS.items():
        told = [f"{name.lower()} {signed(changed[answer][value])}" for value, name in VALUES.items()]
        sentences.append(f"{title}: {', '.join(told)}.")
    return " ".join(sentences).replace("hannah's", "Hannah's")
