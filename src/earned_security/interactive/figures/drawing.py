"""What several of the figures are drawn with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import plotly.graph_objects as go

from earned_security import cases


def scale(drawn: go.Figure, title: str, span: tuple[float, float], **more: Any) -> None:
    """One scale across, from end to end of ``span``, for rows that are named at its left, from the top down."""
    drawn.update_xaxes(title={"text": title}, range=span, fixedrange=True, **more)
    drawn.update_yaxes(autorange="reversed", fixedrange=True, automargin=True)


def zero_line(drawn: go.Figure) -> None:
    """A dotted line at 0, upright."""
    drawn.add_vline(x=0, line={"width": 1, "dash": "dot", "color": "#808080"})


def bars(
    sizes: Sequence[float],
    rows: Sequence[str],
    name: str,
    colour: str | Sequence[str],
    pattern: str | Sequence[str],
    told: Sequence[str],
) -> go.Bar:
    """A bar in each row, with what is ``told`` at its end; bars differ in pattern as well as in colour."""
    return go.Bar(
        x=sizes,
        y=rows,
        name=name,
        orientation="h",
        marker={"color": colour, "pattern": {"shape": pattern}},
        text=told,
        textposition="outside",
        cliponaxis=False,
    )


def changes(
    case: str, scene: str, answers: Iterable[str], values: Iterable[str]
) -> dict[str, dict[str, int]]:
    """For each of these options of a case's scene, how much it changes each of these values: teaching judgements."""
    effects = {option.id: option.effects for option in cases.load(case).scenes[scene].options}
    return {answer: {value: getattr(effects[answer], value) for value in values} for answer in answers}


def signed(change: int) -> str:
    """A change as it is printed at its bar: +1, 0, -1."""
    return f"{change:+d}" if change else "0"
