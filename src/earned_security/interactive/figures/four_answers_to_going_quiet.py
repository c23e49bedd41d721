"""Tomasz stops in mid-sentence: what each of four answers does to his arousal and to his trust."""

from __future__ import annotations

import plotly.graph_objects as go

from earned_security.interactive.figures.drawing import bars, changes, scale, signed, zero_line

CASE, SCENE = "tomasz", "c1d2"
ANSWERS = {
    "orient-and-ask": "Orient, then ask<br>what happened",
    "back-to-sleep": "Leave it be",
    "slow-breathing": "Slow breathing",
    "tell-me-about-hunger": "Press for<br>memories",
}
"""The options of the scene, as the figure names them, from the top."""

VALUES = {"client_arousal": "Tomasz's arousal", "trust": "Trust"}
COLOURS = {"client_arousal": "#c8641e", "trust": "#2f7fb8"}


def figure() -> go.Figure:
    """Two bars for each answer: the change at that moment, from -2 to 2.

    The changes are those of the case, which are teaching judgements.
    """
    changed = changes(CASE, SCENE, ANSWERS, VALUES)
    drawn = go.Figure()
    for value, name in VALUES.items():
        heights = [changed[answer][value] for answer in ANSWERS]
        pattern = "/" if value == "client_arousal" else ""
        told = [signed(height) for height in heights]
        drawn.add_trace(bars(heights, list(ANSWERS.values()), name, COLOURS[value], pattern, told))
    zero_line(drawn)
    scale(drawn, "Change at that moment", (-2.8, 2.8), tickvals=[-2, -1, 0, 1, 2])
    drawn.update_layout(
        height=440,
        margin={"t": 10, "r": 10, "b": 60, "l": 10},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        meta={"alt": _in_words(changed)},
    )
    return drawn


def _in_words(changed: dict[str, dict[str, int]]) -> str:
    """The figure for whoever does not see it: every bar."""
    sentences = [
        "Four answers to the moment at which Tomasz stops in mid-sentence, with two bars each: the change in his "
        "arousal, which is already low, and the change in trust, on a teaching scale."
    ]
    for answer, title in ANSWERS.items():
        told = [f"{VALUES[value]} {signed(change)}" for value, change in changed[answer].items()]
        sentences.append(f"{title.replace('<br>', ' ')}: {', '.join(told).replace('Trust', 'trust')}.")
    return " ".join(sentences)
