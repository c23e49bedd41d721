"""Five published correlations with their 95% intervals: how much each leaves open."""

from __future__ import annotations

from typing import NamedTuple

import plotly.graph_objects as go

from earned_security.interactive.figures.drawing import scale

AWAY_FROM_ZERO, TOUCHING_ZERO = "#2f7fb8", "#c8641e"


class Finding(NamedTuple):
    """A correlation with its 95% interval, as the ledger's claim ``claim`` has it; ``short`` names it on the axis."""

    claim: str
    short: str
    name: str
    studies: str
    low: float
    r: float
    high: float


# From the top of the figure to its foot.
FINDINGS = (
    Finding("alliance-outcome-r", "Alliance", "Alliance and outcome", "295 studies", 0.256, 0.278, 0.299),
    Finding("empathy-r", "Empathy", "Empathy and outcome", "82 samples", 0.23, 0.28, 0.33),
    Finding("rupture-repair-outcome-r", "Repair", "Repair and outcome", "11 studies", 0.10, 0.29, 0.47),
    Finding(
        "rupture-training-not-significant",
        "Training",
        "Training in repair and outcome",
        "6 studies",
        -0.09,
        0.11,
        0.30,
    ),
    Finding(
        "dissociation-not-moderator",
        "Dissociation",
        "Dissociation and treatment effect",
        "21 trials",
        -0.04,
        0.04,
        0.13,
    ),
)


def figure() -> go.Figure:
    """Five correlations, each a point on its 95% interval; those whose interval takes in 0 are dashed."""
    drawn = go.Figure()
    for finding in FINDINGS:
        label = f"<b>{finding.short}</b><br>{finding.studies}"
        takes_in_zero = finding.low <= 0 <= finding.high
        colour = TOUCHING_ZERO if takes_in_zero else AWAY_FROM_ZERO
        drawn.add_trace(
            go.Scatter(
                x=[finding.low, finding.r, finding.high],
                y=[label] * 3,
                name=finding.name,
                mode="lines+markers",
                line={"color": colour, "dash": "dash" if takes_in_zero else "solid", "width": 3},
                marker={
                    "color": colour,
                    "symbol": ["line-ns-open", "diamond" if takes_in_zero else "circle", "line-ns-open"],
                    "size": [14, 12, 14],
                },
            )
        )
    drawn.add_vline(x=0, line_width=1, line_dash="dot")
    scale(drawn, "r, with its 95% interval", (-0.2, 0.6))
    drawn.update_layout(
        height=420,
        margin={"t": 20, "r": 10, "b": 60, "l": 90},
        showlegend=False,
        meta={"alt": _in_words()},
    )
    return drawn


def _in_words() -> str:
    told = [
        f"{finding.name}, {finding.studies}: r {finding.r:g}, interval {finding.low:g} to {finding.high:g}"
        f"{', which takes in 0 and is dashed' if finding.low <= 0 <= finding.high else ''}."
        for finding in FINDINGS
    ]
    return " ".join(
        ["Five published correlations on one scale from -0.2 to 0.6, with a dotted line at 0.", *told]
    )
