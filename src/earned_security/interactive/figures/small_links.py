"""The early bond, link by link: published correlations of attachment, each on the same scale from -1 to 1."""

from __future__ import annotations

from typing import NamedTuple

import plotly.graph_objects as go

ABOVE, BELOW, STEM = "#2f7fb8", "#c8641e", "rgba(120, 130, 140, 0.7)"


class Link(NamedTuple):
    """Two things that go together: in whom, how closely (-1 to 1), and the claim of the ledger that says so."""

    text: str
    r: float
    claim: str


LINKS = (
    Link("A mother's sensitivity and her infant's security", 0.24, "sensitivity-security-modest"),
    Link("Secure in infancy and secure a few years later", 0.28, "stability-early-childhood-modest"),
    Link("A secure caregiver and a secure child", 0.31, "transmission-effect-smaller-than-thought"),
    Link(
        "An unresolved caregiver and the child's attachment", 0.21, "transmission-effect-smaller-than-thought"
    ),
    Link("Early security and getting on with other children", 0.19, "insecurity-outcome-specificity"),
    Link("Early security and acting-out problems", -0.15, "insecurity-outcome-specificity"),
    Link("Early security and inward symptoms", -0.07, "insecurity-outcome-specificity"),
    Link("Adults: secure attachment and PTSD symptoms", -0.27, "adult-attachment-and-ptsd"),
    Link("Adults: fearful attachment and PTSD symptoms", 0.44, "adult-attachment-and-ptsd"),
)
"""Pooled studies of many people. The first seven are about children and their caregivers; the last two, in adults,
were published as rho."""


def figure() -> go.Figure:
    """One row a link: a stem from 0 to its correlation, on a scale that shows how far 1 would be."""
    drawn = go.Figure()
    heights = [float(len(LINKS) - row) for row in range(len(LINKS))]
    stems_across: list[float | None] = []
    stems_up: list[float | None] = []
    for link, height in zip(LINKS, heights, strict=True):
        stems_across += [0.0, link.r, None]
        stems_up += [height, height, None]
    drawn.add_trace(
        go.Scatter(
            x=stems_across,
            y=stems_up,
            mode="lines",
            line={"color": STEM, "width": 3},
            hoverinfo="skip",
            name="from 0",
        )
    )
    for name, colour, symbol, wanted in (
        ("more goes with more", ABOVE, "circle", True),
        ("more goes with less", BELOW, "diamond", False),
    ):
        rows = [(link, y) for link, y in zip(LINKS, heights, strict=True) if (link.r > 0) is wanted]
        drawn.add_trace(
            go.Scatter(
                x=[link.r for link, _ in rows],
                y=[y for _, y in rows],
                mode="markers+text",
                text=[printed(link.r) for link, _ in rows],
                textposition="middle right" if wanted else "middle left",
                marker={"color": colour, "symbol": symbol, "size": 12},
                hovertext=[link.text for link, _ in rows],
                hoverinfo="text",
                name=name,
            )
        )
    for link, height in zip(LINKS, heights, strict=True):
        place = {"x": -1, "xanchor": "left", "y": height + 0.42, "yanchor": "middle"}
        drawn.add_annotation(text=link.text, showarrow=False, **place)
    drawn.add_vline(x=0, line={"color": STEM, "width": 1, "dash": "dot"})
    drawn.update_xaxes(range=[-1.04, 1.04], tickvals=[-1, -0.5, 0, 0.5, 1], fixedrange=True, zeroline=False)
    drawn.update_xaxes(title={"text": "Correlation: 1 or -1 would be a perfect match"})
    drawn.update_yaxes(range=[0.4, len(LINKS) + 0.8], visible=False, fixedrange=True)
    drawn.update_layout(
        height=560,
        margin={"t": 10, "r": 10, "b": 60, "l": 10},
        showlegend=False,
        meta={"alt": in_words()},
    )
    return drawn


def printed(r: float) -> str:
    """A correlation as it is printed in the field: .24, -.07."""
    return f"{r:.2f}".replace("0.", ".")


def in_words() -> str:
    """The figure for whoever does not see it: every link with its number."""
    told = "; ".join(f"{link.text[0].lower()}{link.text[1:]}, {printed(link.r)}" for link in LINKS)
    widest = printed(max((link.r for link in LINKS), key=abs))
    return (
        "Nine correlations from pooled studies on one scale from -1 to 1, each drawn from 0. "
        f"From top to bottom: {told}. "
        f"All lie nearer to 0 than to a perfect match; the largest is {widest}."
    )
