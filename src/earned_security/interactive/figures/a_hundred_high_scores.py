"""A hundred people with a high score on a screening questionnaire, and how few of them have the diagnosis."""

from __future__ import annotations

import plotly.graph_objects as go

CLAIM = "des-facts"
PERCENT = 17
"""How many of a hundred high scorers have dissociative identity disorder, as the claim's caveat reports it."""

ROWS = COLUMNS = 10
DIAGNOSIS, OTHERS = "#c8641e", "#2f7fb8"


def figure() -> go.Figure:
    """A hundred marks in ten rows: diamonds for those with the diagnosis, from the top left, circles for the others."""
    places = [(column, ROWS - 1 - row) for row in range(ROWS) for column in range(COLUMNS)]
    groups = (
        ("with dissociative identity disorder", places[:PERCENT], DIAGNOSIS, "diamond", True),
        ("without it", places[PERCENT:], OTHERS, "circle-open", False),
    )
    drawn = go.Figure()
    for name, group, colour, symbol, filled in groups:
        drawn.add_trace(
            go.Scatter(
                x=[x for x, _ in group],
                y=[y for _, y in group],
                mode="markers",
                marker={
                    "color": colour,
                    "symbol": symbol,
                    "size": 16 if filled else 14,
                    "line": {"width": 2, "color": colour},
                },
                hoverinfo="name",
                name=name,
            )
        )
    # The groups are named above and below their marks, not in a legend.
    for text, y, anchor in (
        (f"{PERCENT} with dissociative identity disorder (diamonds)", ROWS - 0.45, "bottom"),
        (f"{len(places) - PERCENT} without it (circles)", -0.55, "top"),
    ):
        drawn.add_annotation(text=text, showarrow=False, x=-0.5, xanchor="left", y=y, yanchor=anchor)
    drawn.update_xaxes(visible=False, fixedrange=True, range=[-0.6, COLUMNS - 0.4])
    drawn.update_yaxes(visible=False, fixedrange=True, range=[-1.4, ROWS + 0.4])
    drawn.update_layout(
        height=420,
        margin={"t": 10, "r": 10, "b": 10, "l": 10},
        showlegend=False,
        meta={"alt": in_words()},
    )
    return drawn


def in_words() -> str:
    """The figure for whoever does not see it."""
    total = ROWS * COLUMNS
    return (
        f"{total} marks in {ROWS} rows of {COLUMNS}, one for each of {total} people with a high score on the DES-II. "
        f"{PERCENT} are diamonds: the first row and most of the second. They have dissociative identity disorder, as "
        f"reported. The other {total - PERCENT} are circles: they score as high and do not have it. "
        "Nothing in the score tells the one from the other."
    )
