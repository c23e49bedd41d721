"""What a small average difference looks like: hippocampal volume in PTSD, drawn as two overlapping groups."""

from __future__ import annotations

import math

import plotly.graph_objects as go

CLAIM = "hippocampus-ptsd-small"
DIFFERENCE = -0.17
"""Standardised difference (d) in hippocampal volume, PTSD less controls, as the claim gives it."""

CONTROLS, PTSD, SHADE = "#2f7fb8", "#c8641e", "rgba(120, 140, 160, 0.25)"
REACH, STEPS = 4.0, 80


def overlap(difference: float) -> float:
    """The share, from 0 to 1, that two normal curves of equal spread have in common.

    Args:
        difference: the distance between their means, in standard deviations.
    """
    return math.erfc(abs(difference) / (2 * math.sqrt(2)))


def density(x: float, mean: float) -> float:
    """The height of a normal curve of standard deviation 1 at ``x``."""
    return math.exp(-((x - mean) ** 2) / 2) / math.sqrt(2 * math.pi)


def figure() -> go.Figure:
    """Two normal curves of equal spread, as far apart as the claim's d; what they share is shaded.

    That both groups are normal and equally spread is assumed for the drawing; the study gave the difference.
    """
    xs = [round(-REACH + 2 * REACH * step / STEPS, 2) for step in range(STEPS + 1)]
    controls = [round(density(x, 0.0), 4) for x in xs]
    ptsd = [round(density(x, DIFFERENCE), 4) for x in xs]
    shared = [min(pair) for pair in zip(controls, ptsd, strict=True)]
    drawn = go.Figure()
    drawn.add_trace(
        go.Scatter(
            x=xs,
            y=shared,
            name="what the groups share",
            mode="lines",
            line={"width": 0},
            fill="tozeroy",
            fillcolor=SHADE,
        )
    )
    drawn.add_trace(
        go.Scatter(x=xs, y=controls, name="without PTSD", mode="lines", line={"color": CONTROLS, "width": 3})
    )
    drawn.add_trace(
        go.Scatter(
            x=xs,
            y=ptsd,
            name="with PTSD",
            mode="lines",
            line={"color": PTSD, "width": 3, "dash": "dash"},
        )
    )
    # The lines are named beside them, not in a legend.
    for x, mean, text, anchor in (
        (1.1, 0.0, "without PTSD<br>(solid)", "left"),
        (-1.25, DIFFERENCE, "with PTSD<br>(dashed)", "right"),
    ):
        place = {"x": x, "y": density(x, mean), "xanchor": anchor, "yanchor": "bottom"}
        drawn.add_annotation(text=text, showarrow=False, **place)
    drawn.update_xaxes(
        title={"text": "Hippocampal volume<br>(standard deviations; 0: mean without PTSD)"},
        fixedrange=True,
        range=[-REACH, REACH],
        tickvals=[-3, -2, -1, 0, 1, 2, 3],
    )
    drawn.update_yaxes(title={"text": "How common"}, fixedrange=True, showticklabels=False, showgrid=False)
    drawn.update_layout(
        height=380,
        margin={"t": 20, "r": 10, "b": 80, "l": 40},
        showlegend=False,
        meta={"alt": _in_words()},
    )
    return drawn


def _in_words() -> str:
    return (
        "Two bell-shaped curves that lie almost on each other: hippocampal volume in people without PTSD (solid) "
        f"and with PTSD (dashed), {abs(DIFFERENCE):.2f} of a standard deviation to the left. The area that both "
        f"share is shaded. It is {100 * overlap(DIFFERENCE):.0f} % of either curve, if both are normal and equally "
        "spread. Nobody's place on the axis tells to which curve they belong."
    )
