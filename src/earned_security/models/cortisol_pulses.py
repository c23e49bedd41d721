"""Hourly pulses of a stress hormone from a delay, under constant drive: Walker, Terry and Lightman (2010).

For the rat; all quantities dimensionless::

    da/dt = p1 / (1 + p2 r o) - p3 a                        a  ACTH
    dr/dt = (o r)^2 / (p4 + (o r)^2) + p5 - p6 r            r  pituitary glucocorticoid receptor
    do/dt = a(t - tau) - o                                  o  corticosterone, the rat's cortisol

p1 is the constant drive from the hypothalamus (CRH), p2 the strength of the hormone's feedback on ACTH, tau the time
the adrenal takes to answer. One unit of time is the half-life of corticosterone, 7.2 minutes, over ln 2.

Without the delay the steady level is stable. With it, there is for most drives a delay from which the steady level
is not (:func:`threshold`), and pulses arise: at one delay, between a lowest and a highest drive (:func:`edges`). Long
delays and strong drives hold a further case: beside a steady level that is stable, pulses that have begun may go on.

Limits: a rat's loop without a clock in the brain, so without a day. The constants have not been compared with the
paper's own table; one re-implementation has p3 = 7.5. Whether human pulses arise so is disputed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

from earned_security.models.model import Choice, Model, Range, Result
from earned_security.models.peaks import peaks

UNIT = 7.2 / math.log(2)
"""Minutes in one unit of the model's time."""

P4, P5, P6 = 0.05, 0.11, 2.9
STEPS = 4  # a minute
START = 0.5  # a, r and o, and a before the start
SPACING = 2  # minutes between two points of a series
WINDOW = 4  # hours in which waves are measured
STRONGEST = 130.0  # drive up to which thresholds are looked for
CEILING = 30.0  # minutes up to which they are drawn
GRID = 120
LARGE = 0.5  # waves of corticosterone beyond the edge that are called large


@dataclass(frozen=True)
class Course:
    """The three quantities at every step of a run."""

    acth: list[float]
    receptor: list[float]
    corticosterone: list[float]


def right_hand_side(
    a: float, r: float, o: float, before: float, drive: float, feedback: float = 15.0, removal: float = 7.2
) -> tuple[float, float, float]:
    """The change of a, r and o per unit of time.

    Args:
        before: a(t - tau).
        drive, feedback, removal: p1, p2 and p3.
    """
    product = o * r
    square = product * product
    return (
        drive / (1 + feedback * product) - removal * a,
        square / (P4 + square) + P5 - P6 * r,
        before - o,
    )


def run(drive: float, delay: int, minutes: int, feedback: float = 15.0, removal: float = 7.2) -> Course:
    """Every quarter of a minute from a = r = o = 0.5, by the classical Runge-Kutta method.

    Args:
        drive: p1.
        delay: whole minutes; between two steps a(t - tau) is interpolated with its slopes.
        feedback: p2.
        removal: p3, of ACTH.
    """
    h = 1 / (STEPS * UNIT)
    lag = STEPS * delay
    set_to = (drive, feedback, removal)
    a, r, o = START, START, START
    course = Course([a], [r], [o])
    acth = course.acth
    slopes: list[float] = []
    for step in range(STEPS * minutes):
        at = step - lag
        before = half = after = START
        if lag and at >= 0:
            before, after = acth[at], acth[at + 1]
            half = (before + after) / 2 + h / 8 * (slopes[at] - slopes[at + 1])
        a1, r1, o1 = right_hand_side(a, r, o, before if lag else a, *set_to)
        slopes.append(a1)
        x = a + h / 2 * a1
        a2, r2, o2 = right_hand_side(x, r + h / 2 * r1, o + h / 2 * o1, half if lag else x, *set_to)
        x = a + h / 2 * a2
        a3, r3, o3 = right_hand_side(x, r + h / 2 * r2, o + h / 2 * o2, half if lag else x, *set_to)
        x = a + h * a3
        a4, r4, o4 = right_hand_side(x, r + h * r3, o + h * o3, after if lag else x, *set_to)
        a += h / 6 * (a1 + 2 * a2 + 2 * a3 + a4)
        r += h / 6 * (r1 + 2 * r2 + 2 * r3 + r4)
        o += h / 6 * (o1 + 2 * o2 + 2 * o3 + o4)
        course.acth.append(a)
        course.receptor.append(r)
        course.corticosterone.append(o)
    return course


def steady(product: float, feedback: float = 15.0, removal: float = 7.2) -> tuple[float, float, float]:
    """The drive for which o r is ``product`` at the steady level, and there r, and o (which equals a)."""
    receptor = (product * product / (P4 + product * product) + P5) / P6
    level = product / receptor
    return removal * level * (1 + feedback * product), receptor, level


def threshold(product: float, feedback: float = 15.0, removal: float = 7.2) -> tuple[float, float | None]:
    """A drive, and the delay in minutes from which its steady level is unstable; None if it never is.

    With a root i w of the characteristic equation, |P(i w)| = |Q(i w)| is a cubic in w^2 that has at most one
    positive root; its delay follows from the phases.

    Args:
        product: o r at the steady level, which it fixes (:func:`steady`).
    """
    drive, r, o = steady(product, feedback, removal)
    slope = -drive * feedback / ((1 + feedback * product) * (1 + feedback * product))
    on_acth_r, on_acth_o = slope * o, slope * r
    bend = 2 * product * P4 / ((P4 + product * product) * (P4 + product * product))
    q = P6 - bend * o
    c = on_acth_r * (bend * r) + on_acth_o * q
    b2 = removal * removal + 1 + q * q
    b1 = removal * removal + q * q * (1 + removal * removal) - on_acth_o * on_acth_o
    b0 = removal * removal * (q * q) - c * c
    if b0 >= 0:
        return drive, None
    y = -b0 / b1
    for _ in range(12):
        y = y - (((y + b2) * y + b1) * y + b0) / ((3 * y + 2 * b2) * y + b1)
    w = math.sqrt(y)
    # P = (i w + p3)(i w + 1)(i w + q), Q = c + i w on_acth_o; the delay is the phase of Q / P over w.
    real = removal * q - w * w * (1 + removal + q)
    imaginary = w * (removal + q + removal * q) - w * w * w
    phase = math.atan2(on_acth_o * w * real - c * imaginary, c * real + on_acth_o * w * imaginary)
    return drive, (phase if phase >= 0 else phase + 2 * math.pi) / w * UNIT


def thresholds(feedback: float = 15.0, removal: float = 7.2) -> list[tuple[float, float, float | None]]:
    """Along drives of 5 to 130: o r, drive, and the delay from which pulses arise (:func:`threshold`)."""
    first, last = _product(5.0, feedback, removal), _product(STRONGEST, feedback, removal)
    products = [first + (last - first) * (index / GRID * (index / GRID)) for index in range(GRID + 1)]
    return [(product, *threshold(product, feedback, removal)) for product in products]


def edges(delay: float, feedback: float = 15.0, removal: float = 7.2) -> tuple[float, float] | None:
    """The lowest and highest drive at which the steady level is unstable; None if there is none at this delay."""
    return _edges(thresholds(feedback, removal), delay, feedback, removal)


def simulate(drive: float, delay: int, feedback: float, hours: int, removal: str) -> Result:
    """``hours`` under a constant drive, and for every drive the delay from which pulses arise.

    Args:
        removal: p3, as text: ``7.2`` or ``7.5``.
    """
    delay, hours, p3 = int(delay), int(hours), float(removal)
    course = run(drive, delay, 60 * hours, feedback, p3)
    curve = thresholds(feedback, p3)
    between = _edges(curve, delay, feedback, p3)
    window = 60 * WINDOW * STEPS
    hormone = course.corticosterone
    late = hormone[-window - 1 :]
    drawn = [(strength, CEILING if least is None else min(least, CEILING)) for _, strength, least in curve]

    quantities = {
        "late_swing": max(late) - min(late),
        "late_highest": max(late),
        "late_lowest": min(late),
        "level": hormone[-1],
        "shortest": min(least for _, least in drawn),
    }
    if between:
        quantities["drive_low"], quantities["drive_high"] = between
    regime = _regime(drive, delay, between, quantities["late_swing"])
    if regime == "pulses":
        tops = peaks(hormone)
        settled = [place for place in tops if place >= len(hormone) // 2]
        spacings = [(later - earlier) / STEPS for earlier, later in pairwise(settled)]
        quantities["pulses"] = float(len(tops))
        quantities["period"] = sum(spacings) / len(spacings)

    every = SPACING * STEPS
    return {
        "series": {
            "hour": [index * SPACING / 60 for index in range(30 * hours + 1)],
            "acth": list(course.acth[::every]),
            "corticosterone": list(hormone[::every]),
            "receptor": list(course.receptor[::every]),
            "drive": [float(drive)] * (30 * hours + 1),
            "edge_drive": [strength for strength, _ in drawn],
            "edge_delay": [least for _, least in drawn],
            "here_drive": [float(drive)],
            "here_delay": [float(delay)],
        },
        "quantities": quantities,
        "regime": regime,
    }


def _product(drive: float, feedback: float, removal: float) -> float:
    """o r at the steady level for this drive, by halving: drive rises with it."""
    low, high = 0.0, 4.0
    for _ in range(60):
        middle = (low + high) / 2
        if steady(middle, feedback, removal)[0] < drive:
            low = middle
        else:
            high = middle
    return high


def _edges(
    curve: list[tuple[float, float, float | None]], delay: float, feedback: float, removal: float
) -> tuple[float, float] | None:
    inside = [index for index, (_, _, least) in enumerate(curve) if least is not None and least <= delay]
    if not inside:
        return None

    def edge(outer: float, inner: float) -> float:
        drive = 0.0
        for _ in range(30):
            middle = (outer + inner) / 2
            drive, least = threshold(middle, feedback, removal)
            if least is not None and least <= delay:
                inner = middle
            else:
                outer = middle
        return drive

    first, last = inside[0], inside[-1]
    return edge(curve[first - 1][0], curve[first][0]), edge(curve[last + 1][0], curve[last][0])


def _regime(drive: float, delay: int, between: tuple[float, float] | None, swing: float) -> str:
    if delay == 0:
        return "no-delay"
    if between is None:
        return "delay-too-short"
    if drive < between[0]:
        return "drive-too-low"
    if drive <= between[1]:
        return "pulses"
    return "carried-on" if swing > LARGE else "drive-too-high"


MODEL = Model(
    equations=simulate,
    domain={
        "drive": Range(5, 100),
        "delay": Range(0, 20, whole=True),
        "feedback": Range(5, 30),
        "hours": Range(8, 24, whole=True),
        "removal": Choice(("7.2", "7.5")),
    },
    series=(
        "hour",
        "acth",
        "corticosterone",
        "receptor",
        "drive",
        "edge_drive",
        "edge_delay",
        "here_drive",
        "here_delay",
    ),
    quantities=(
        "late_swing",
        "late_highest",
        "late_lowest",
        "level",
        "shortest",
        "drive_low",
        "drive_high",
        "pulses",
        "period",
    ),
    regimes=("no-delay", "delay-too-short", "drive-too-low", "pulses", "drive-too-high", "carried-on"),
    source=("walker2010origin",),
)
