"""Five things that go with outcome, and the effect of training in repair: correlations as the ledger gives them."""

from __future__ import annotations

from dataclasses import dataclass

import plotly.graph_objects as go

from earned_security.interactive.figures.drawing import scale, zero_line

MEASURED, TRAINED = "#2f7fb8", "#c8641e"


@dataclass(frozen=True)
class Association:
    """A correlation with outcome, its 95% interval where the claim gives one, and what was counted."""

    name: str
    claim: str
    r: str
    interval: tuple[str, str] | None
    counted: str


# From the top of the figure to the bottom. The numbers are written as in the claims' statements.
ASSOCIATIONS = (
    Association("Alliance", "alliance-outcome-r", ".278", (".256", ".299"), "295 independent studies"),
    Association("Empathy", "empathy-r", ".28", (".23", ".33"), "82 samples"),
    Association("Agreement on goals", "goal-consensus-r", ".24", None, "54 studies"),
    Association("Collaboration", "collaboration-r", ".29", None, "53 studies"),
    Association("Rupture, then repair", "rupture-repair-outcome-r", ".29", (".10", ".47"), "11 studies"),
    Association(
        "Training in repair", "rupture-training-not-significant", ".11", ("-.09", ".30"), "6 studies"
    ),
)


def figure() -> go.Figure:
    """Six correlations with outcome on one line from -.2 to .6, each with its interval where there is one."""
    drawn = go.Figure()
    for row in ASSOCIATIONS:
        training = row is ASSOCIATIONS[-1]
        colour, dash = (TRAINED, "dash") if training else (MEASURED, "solid")
        if row.interval:
            drawn.add_scatter(
                x=[float(end) for end in row.interval],
                y=[row.name, row.name],
                name=f"{row.name}, 95% interval",
                mode="lines",
                line={"color": colour, "dash": dash, "width": 4},
            )
        drawn.add_scatter(
            x=[float(row.r)],
            y=[row.name],
            name=row.name,
            mode="markers",
            marker={"color": colour, "symbol": "diamond" if training else "circle", "size": 12},
        )
        label = {"text": f"r = {row.r}, {row.counted}", "showarrow": False}
        drawn.add_annotation(x=float(row.r), y=row.name, yshift=18, **label)
    zero_line(drawn)
    scale(drawn, "Correlation with outcome, r", (-0.2, 0.6))
    drawn.update_layout(
        height=460,
        margin={"t": 30, "r": 10, "b": 60, "l": 10},
        showlegend=False,
        meta={"alt": _in_words()},
    )
    return drawn


def _in_words() -> str:
    told = []
    for row in ASSOCIATIONS:
        interval = (
            f"95% interval {row.interval[0]} to {row.interval[1]}"
            if row.interval
            else "the ledger gives no interval, so none is drawn"
        )
        told.append(f"{row.name}: r = {row.r}, {interval}, {row.counted}.")
    return (
        "Six correlations with outcome on one axis from -.2 to .6, with a dotted line at 0. "
        + " ".join(told)
        + " The first five go with outcome, and their intervals, where drawn, lie above 0. The interval of"
        + " training, dashed, crosses 0."
    )
