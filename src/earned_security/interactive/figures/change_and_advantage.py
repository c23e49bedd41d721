"""Two kinds of effect: how far one group changed, and how much further it changed than another group."""

from __future__ import annotations

from typing import NamedTuple

import plotly.graph_objects as go

from earned_security.interactive.figures.drawing import scale, zero_line

WITHIN, BETWEEN = "#c8641e", "#2f7fb8"


class Effect(NamedTuple):
    """A published effect as a claim of the ledger has it, in standard deviations; larger means more improvement.

    ``compared`` names the other group; without it, ``size`` is the change of one group from before to after.
    """

    claim: str
    name: str
    size: float
    compared: str = ""
    interval: tuple[float, float] | None = None


# From the top of the figure to its foot.
EFFECTS = (
    Effect("irem-direct", "Imagery rescripting", 1.72),
    Effect("irem-direct", "EMDR", 1.73),
    Effect("emdr-bias", "EMDR", 0.93, "controls"),
    Effect("karatzias-cptsd", "CBT", 0.90, "usual care"),
    Effect("abft-not-superior", "ABFT", 0.40, "controls", (-0.12, 0.93)),
)


def label(effect: Effect) -> str:
    """How a row is named on the axis, in two lines."""
    return f"<b>{effect.name}</b><br>{f'against {effect.compared}' if effect.compared else 'before to after'}"


def figure() -> go.Figure:
    """Five published effects on one line, the two kinds apart by mark, dash and words; intervals where known."""
    drawn = go.Figure()
    for effect in EFFECTS:
        colour = BETWEEN if effect.compared else WITHIN
        if effect.interval:
            drawn.add_scatter(
                x=list(effect.interval),
                y=[label(effect)] * 2,
                name=f"{effect.name}, 95% interval",
                mode="lines",
                line={"color": colour, "width": 4},
            )
        drawn.add_scatter(
            x=[effect.size],
            y=[label(effect)],
            name=f"{effect.name}, {effect.compared or 'before to after'}",
            mode="markers",
            marker={"color": colour, "symbol": "circle" if effect.compared else "diamond-open", "size": 14},
        )
        drawn.add_annotation(
            x=effect.size, y=label(effect), text=f"{effect.size:.2f}", showarrow=False, yshift=18
        )
    zero_line(drawn)
    scale(drawn, "Effect size (d or g)", (-0.3, 2))
    drawn.update_layout(
        height=440,
        margin={"t": 30, "r": 10, "b": 60, "l": 10},
        showlegend=False,
        meta={"alt": _in_words()},
    )
    return drawn


def _in_words() -> str:
    told = []
    for effect in EFFECTS:
        kind = f"against {effect.compared}" if effect.compared else "from before to after, in one group"
        interval = (
            f", interval {effect.interval[0]:.2f} to {effect.interval[1]:.2f}, which takes in 0"
            if effect.interval
            else ""
        )
        told.append(f"{effect.name} {kind}: {effect.size:.2f}{interval}.")
    return (
        "Five published effect sizes on one axis from -0.3 to 2, with a dotted line at 0. "
        + " ".join(told)
        + " The first two, drawn as open diamonds, are changes within a group; the other three, drawn as circles,"
        + " are differences from another group. The two kinds cannot be ranked against each other."
    )
