"""A day of cortisol: a daily drive, the feedback of cortisol, and the pulses between them.

Bangsgaard and Ottesen (2017), as fitted to one control subject (f). Time in minutes after midnight::

    C(t)   = (m^5/(m^5 + 300^5) r^6/(r^6 + 950^6) + 0.01) / 0.5217     m = (t - 83.8) mod 1440, r = 1440 - m
    dx1/dt = a0 + C a1/(1 + a2 x3^2) x1/(mu + x1) - w1 x1              CRH, arbitrary unit
    dx2/dt = a3 x1/(1 + a4 x3) - w2 x2                                 ACTH, pg/ml
    dx3/dt = a5 x2^2 - w3 x3                                           cortisol, ug/dl

The equations and values come from a public re-implementation of the article. That one multiplies by 0.5217;
dividing brings the largest C to 1, so 0.5217 is a normaliser and the drive is divided by it here.

Limits: one person. The unit of CRH is arbitrary (a1 is near 7e12), so no parameter means anything alone. What sets
the daily drive lies outside the model. With a constant drive and the published values the pulses fade.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from earned_security.models.model import Model, Range, Result

A0, A1, A2, A3, A4, A5 = 3.9031e-4, 6.839e12, 1.7809e9, 2.2803e4, 1.7745e5, 4.617e-4
W1, W2, W3, MU = 0.0337, 0.0205, 0.0238, 583.0
"""Per minute: what leaves of CRH, ACTH and cortisol. MU: CRH at which its own production is half of the most."""

State = tuple[float, float, float]
"""CRH (arbitrary unit), ACTH (pg/ml), cortisol (ug/dl)."""

PUBLISHED_START: State = (2.0, 8.725, 1.159)
SETTLED: State = (3.4806957, 10.6022881, 1.9489041)
"""At midnight, once the published start is forgotten (after some twenty days)."""

DAY = 1440
STEPS = 2
"""Steps per minute."""
RISE = 0.5
"""A rise of cortisol, ug/dl, that counts as a pulse. A line drawn for teaching."""


def drive(minute: float) -> float:
    """The daily drive C, 0.02 to 1, at a minute after midnight."""
    after = (minute - 83.8) % 1440.0
    before = 1440.0 - after
    rising = after * after * after * after * after
    falling = before * before * before * before * before * before
    # Products, not powers: every implementation of them gives the same last digit.
    return (rising / (rising + 2.43e12) * falling / (falling + 7.35091890625e17) + 0.01) / 0.5217


def drives(shift: float, swing: float) -> list[float]:
    """The drive of one day at every half step, and at its end.

    Args:
        shift: hours by which it comes later.
        swing: 1 as published, 0 the same at every hour (the published mean).
    """
    day = [drive(place / (2 * STEPS) - shift * 60) for place in range(2 * STEPS * DAY)]
    total = 0.0
    for value in day:  # sum() rounds differently from one Python to the next
        total += value
    mean = total / len(day)
    day = [mean + swing * (value - mean) for value in day]
    return [*day, day[0]]


def slopes(state: State, driven: float, feedback: float = 1.0, clearance: float = 1.0) -> State:
    """The right-hand side, per minute. ``feedback`` multiplies a2 and a4, ``clearance`` multiplies w3."""
    crh, acth, cortisol = state
    made = driven * A1 / (1 + A2 * feedback * cortisol * cortisol) * crh / (MU + crh)
    return (
        A0 + made - W1 * crh,
        A3 * crh / (1 + A4 * feedback * cortisol) - W2 * acth,
        A5 * acth * acth - W3 * clearance * cortisol,
    )


def run(
    days: int, start: State, driven: Sequence[float], feedback: float = 1.0, clearance: float = 1.0
) -> list[State]:
    """The state at every minute, ends included, by Runge and Kutta's fourth-order steps of half a minute.

    Args:
        days: how many.
        start: the state at the first midnight.
        driven: one day's drive at every quarter of a minute, from :func:`drives`.
    """
    h = 1 / STEPS
    x, y, z = start
    states = [start]
    for _ in range(days):
        for place in range(0, 2 * STEPS * DAY, 2):
            a, b, c = slopes((x, y, z), driven[place], feedback, clearance)
            middle = driven[place + 1]
            d, e, f = slopes((x + h / 2 * a, y + h / 2 * b, z + h / 2 * c), middle, feedback, clearance)
            g, i, j = slopes((x + h / 2 * d, y + h / 2 * e, z + h / 2 * f), middle, feedback, clearance)
            k, m, n = slopes((x + h * g, y + h * i, z + h * j), driven[place + 2], feedback, clearance)
            x += h * (a + 2 * d + 2 * g + k) / 6
            y += h * (b + 2 * e + 2 * i + m) / 6
            z += h * (c + 2 * f + 2 * j + n) / 6
            if place % (2 * STEPS) == 2 * STEPS - 2:
                states.append((x, y, z))
    return states


def peaks(values: Sequence[float], first: int, last: int) -> list[int]:
    """Where a value is above the one before and not below the one after, from ``first`` up to ``last``."""
    return [i for i in range(max(first, 1), last) if values[i - 1] < values[i] >= values[i + 1]]


def pulses(values: Sequence[float], first: int, last: int) -> int:
    """How many of these peaks stand at least RISE above the low point before them."""
    count = 0
    for peak in peaks(values, first, last):
        low = peak
        while low > 0 and values[low - 1] <= values[low]:
            low -= 1
        count += values[peak] - values[low] >= RISE
    return count


@cache
def _published() -> tuple[list[State], list[float]]:
    driven = drives(0, 1)
    return run(1, SETTLED, driven), driven


def simulate(
    sample: float, shift: float, swing: float, feedback: float, clearance: float, day: int
) -> Result:
    """The settled published day, and day ``day`` after its settings were changed at a midnight.

    ``sample``: the time of one blood sample, hours after midnight. ``swing``, ``feedback`` and ``clearance``:
    percent of what was published.
    """
    before, driven_before = _published()
    driven = drives(shift, swing / 100)
    states = run(int(day), SETTLED, driven, feedback / 100, clearance / 100)
    first = (int(day) - 1) * DAY
    cortisol = [state[2] for state in states]
    shown = cortisol[first:]
    minute = int(sample * 60 + 0.5)
    total = total_before = 0.0
    for i in range(DAY):
        total += shown[i]
        total_before += before[i][2]
    low, high = min(shown[:DAY]), max(shown[:DAY])
    quantities = {
        "sampled": shown[minute],
        "sampled_published": before[minute][2],
        "mean": total / DAY,
        "mean_published": total_before / DAY,
        "lowest": low,
        "highest": high,
        "time_lowest": shown.index(low) / 60,
        "time_highest": shown.index(high) / 60,
        "pulses": float(pulses(cortisol, first, first + DAY)),
    }
    every = range(0, DAY + 1, 5)

    def once(value: float) -> list[float | None]:
        """A column that holds the sample in the row nearest to its time."""
        return [value if i // 5 == (minute + 2) // 5 else None for i in every]

    return {
        "series": {
            "hour": [i / 60 for i in every],
            "cortisol_published": [before[i][2] for i in every],
            "cortisol": [shown[i] for i in every],
            "acth_published": [before[i][1] for i in every],
            "acth": [states[first + i][1] for i in every],
            "drive_published": [driven_before[2 * STEPS * i] for i in every],
            "drive": [driven[2 * STEPS * i] for i in every],
            "sample_hour": [minute / 60, minute / 60],
            "sample_value": [before[minute][2], shown[minute]],
            "sample_published": once(before[minute][2]),
            "sample": once(shown[minute]),
            "sample_line": [0.0, max(high, before[minute][2])],
        },
        "quantities": quantities,
        "regime": _regime(quantities, shift, (swing, feedback, clearance)),
    }


def _regime(quantities: dict[str, float], shift: float, others: tuple[float, float, float]) -> str:
    if others == (100, 100, 100):
        return "moved" if shift else "published"
    if quantities["highest"] - quantities["lowest"] < 0.25 * quantities["mean"]:
        return "level"
    return "pulses" if quantities["pulses"] >= 4 else "hump"


MODEL = Model(
    equations=simulate,
    domain={
        "sample": Range(0, 24),
        "shift": Range(-6, 6),
        "swing": Range(0, 100, whole=True),
        "feedback": Range(50, 200, whole=True),
        "clearance": Range(50, 200, whole=True),
        "day": Range(2, 10, whole=True),
    },
    series=(
        "hour",
        "cortisol_published",
        "cortisol",
        "acth_published",
        "acth",
        "drive_published",
        "drive",
        "sample_hour",
        "sample_value",
        "sample_published",
        "sample",
        "sample_line",
    ),
    quantities=(
        "sampled",
        "sampled_published",
        "mean",
        "mean_published",
        "lowest",
        "highest",
        "time_lowest",
        "time_highest",
        "pulses",
    ),
    regimes=("published", "moved", "level", "pulses", "hump"),
    source=("bangsgaard2017patient",),
)
