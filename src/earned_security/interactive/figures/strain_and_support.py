"""What goes with a therapist's strain, and what a therapist's reactions go with: published correlations on one scale."""

from __future__ import annotations

from typing import NamedTuple

import plotly.graph_objects as go

MORE, LESS, STEM = "#2f7fb8", "#c8641e", "rgba(120, 130, 140, 0.7)"


class Row(NamedTuple):
    """A correlation (-1 to 1); ``high`` is its upper end where the source gives a range; the claim that says so."""

    text: str
    r: str
    high: str | None
    claim: str


STRAIN = (
    Row("A larger trauma caseload", ".12", ".19", "sts-risk-factors"),
    Row("A personal history of trauma", ".19", None, "sts-risk-factors"),
    Row("More support at work", "-.17", None, "sts-risk-factors"),
    Row("More support from people in one's life", "-.26", None, "sts-risk-factors"),
)
"""With secondary traumatic stress in therapists (38 studies)."""

OUTCOME = (
    Row("Countertransference reactions", "-.16", None, "ct-reactions"),
    Row("Managing such reactions", ".39", None, "ct-reactions"),
)
"""With the outcome of clients (14 and 9 studies)."""

HEADINGS = {
    "With the therapist's secondary stress": STRAIN,
    "With the client's outcome": OUTCOME,
}


def figure() -> go.Figure:
    """Two groups of rows: a stem from 0 to each correlation, or to both ends of its range."""
    drawn = go.Figure()
    height = float(sum(len(rows) + 1 for rows in HEADINGS.values()))
    left = {"x": -0.5, "xanchor": "left", "yanchor": "middle", "showarrow": False}
    for heading, rows in HEADINGS.items():
        drawn.add_annotation(text=f"<b>{heading}</b>", y=height, **left)
        height -= 1
        for row in rows:
            values = [float(row.r)] + ([float(row.high)] if row.high else [])
            more = values[0] > 0
            drawn.add_trace(
                go.Scatter(
                    x=[0.0, *values],
                    y=[height] * (len(values) + 1),
                    name=row.text,
                    mode="lines+markers+text",
                    text=["", *([printed(row)] if len(values) == 1 else ["", printed(row)])],
                    textposition="middle right" if more else "middle left",
                    line={"color": STEM, "width": 3},
                    marker={
                        "color": MORE if more else LESS,
                        "symbol": "circle" if more else "diamond",
                        "size": [0, *([12] * len(values))],
                    },
                    hovertext=f"{row.text}: r = {printed(row)}",
                    hoverinfo="text",
                )
            )
            drawn.add_annotation(text=row.text, y=height + 0.42, **left)
            height -= 1
    drawn.add_vline(x=0, line={"color": STEM, "width": 1, "dash": "dot"})
    drawn.update_xaxes(
        range=[-0.52, 0.52], tickvals=[-0.5, -0.25, 0, 0.25, 0.5], fixedrange=True, zeroline=False
    )
    drawn.update_xaxes(title={"text": "Correlation (the scale goes on to -1 and 1)"})
    drawn.update_yaxes(range=[0.4, 8.6], visible=False, fixedrange=True)
    drawn.update_layout(
        height=480,
        margin={"t": 10, "r": 10, "b": 60, "l": 10},
        showlegend=False,
        meta={"alt": in_words()},
    )
    return drawn


def printed(row: Row) -> str:
    """A correlation as it is printed in the field: .39, -.16, or .12 to .19."""
    return f"{row.r} to {row.high}" if row.high else row.r


def in_words() -> str:
    """The figure for whoever does not see it: every row with its number."""
    told = [
        f"{heading}: {'; '.join(f'{row.text[0].lower()}{row.text[1:]}, {printed(row)}' for row in rows)}."
        for heading, rows in HEADINGS.items()
    ]
    return (
        "Six published correlations, drawn from 0 on a scale of which the part from -0.5 to 0.5 is shown. "
        f"{' '.join(told)} Support and caseload lie about as far from 0 as each other, on opposite sides."
    )
