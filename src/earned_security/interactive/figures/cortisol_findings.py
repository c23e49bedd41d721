"""Cortisol after trauma: four pooled findings side by side, which do not say one thing."""

from __future__ import annotations

from dataclasses import dataclass

import plotly.graph_objects as go

INK = "#2f7fb8"


@dataclass(frozen=True)
class Finding:
    """One pooled difference: below 0 is less cortisol. ``low`` and ``high`` are its 95 % interval, where given."""

    claim: str
    what: str
    who: str
    value: float
    low: float | None = None
    high: float | None = None

    @property
    def interval(self) -> str:
        """The interval in words."""
        if self.low is None or self.high is None:
            return "no interval in our ledger"
        return f"95 % interval {self.low:.2f} to {self.high:.2f}"


FINDINGS = (
    Finding("ptsd-basal-cortisol-null", "Basal cortisol", "PTSD, 37 studies", -0.12, -0.32, 0.08),
    Finding(
        "ptsd-urinary-cortisol-low", "Cortisol in 24-hour urine", "PTSD, 20 studies", -0.49, -0.91, -0.07
    ),
    Finding(
        "early-adversity-blunted-reactivity",
        "Response to social stress",
        "early adversity, 30 datasets",
        -0.39,
    ),
    Finding(
        "early-adversity-blunted-reactivity",
        "Reactivity, another meta-analysis",
        "early adversity; not significant",
        -0.089,
    ),
)
"""From the statements and the caveat of these claims, top to bottom."""


def figure() -> go.Figure:
    """Four standardised differences with their intervals, each named above its mark."""
    drawn = go.Figure()
    for row, finding in zip(range(len(FINDINGS), 0, -1), FINDINGS, strict=True):
        known = finding.low is not None and finding.high is not None
        drawn.add_trace(
            go.Scatter(
                x=[finding.value],
                y=[row],
                name=finding.what,
                mode="markers",
                marker={"color": INK, "size": 12, "symbol": "square" if known else "diamond-open"},
                error_x={
                    "type": "data",
                    "symmetric": False,
                    "array": [finding.high - finding.value],
                    "arrayminus": [finding.value - finding.low],
                    "color": INK,
                    "thickness": 3,
                    "width": 6,
                }
                if finding.low is not None and finding.high is not None
                else None,
            )
        )
        place = {"xref": "paper", "x": 0, "xanchor": "left", "y": row + 0.18, "yanchor": "bottom"}
        drawn.add_annotation(
            text=f"<b>{finding.what}</b><br>{finding.who}", align="left", showarrow=False, **place
        )
    drawn.add_vline(x=0, line_dash="dot", line_width=2)
    drawn.update_xaxes(
        title={"text": "Standardised difference<br>(below 0: less cortisol)"},
        range=[-1.05, 0.4],
        tickvals=[-1, -0.5, 0],
        fixedrange=True,
        zeroline=False,
    )
    drawn.update_yaxes(
        range=[0.6, len(FINDINGS) + 0.9],
        showticklabels=False,
        showgrid=False,
        zeroline=False,
        fixedrange=True,
    )
    drawn.update_layout(
        height=480,
        margin={"t": 10, "r": 10, "b": 70, "l": 20},
        showlegend=False,
        meta={"alt": _in_words()},
    )
    return drawn


def _in_words() -> str:
    rows = [f"{finding.what} ({finding.who}): {finding.value:g}, {finding.interval}." for finding in FINDINGS]
    return " ".join(
        [
            "Four pooled standardised differences in cortisol, one below the other; the dotted line at 0 is no "
            "difference, and left of it is less cortisol.",
            *rows,
            "None lies clearly to the right of 0; two are near it.",
        ]
    )
