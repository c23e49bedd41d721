"""A rhythm fitted to three people a group: a model to be criticised (Sriram, Rodriguez-Fernandez and Doyle, 2012).

Time in hours; CRH and ACTH in pg/ml, cortisol in ug/dl; ``I(G) = Ki^5.1 / (Ki^5.1 + G^5.1)``::

    dC/dt = kstress I - 3.25 C/(1.74 + C) - 0.00379 C                               CRH
    dA/dt = 8.30 C I - 0.907 A/(0.112 + A) - 0.00916 A                              ACTH
    dF/dt = 0.945 A - 0.00535 F/(0.0768 + F) - 0.356 F                              cortisol
    dG/dt = 0.0202 F (3.28 - G) + 0.0509 G^5.43/(0.645^5.43 + G^5.43) - 0.0854 G    receptor

The equations come from a public re-implementation; the values are recalled, lie within its bounds and give the
article's features: a period near a day, and the deepest low point in PTSD.

Limits: each group is one pseudo-subject, put end to end from three people, so there is no spread and no error. The
rhythm arises in the loop itself and knows no light and no clock. What it says about PTSD is a hypothesis; the
meta-analyses shown beside it (``STUDIES``) are about many people.
"""

from __future__ import annotations

from functools import cache

from earned_security.models.model import Model, Range, Result
from earned_security.models.peaks import peaks

State = tuple[float, float, float, float]
"""CRH (pg/ml), ACTH (pg/ml), cortisol (ug/dl), glucocorticoid receptor (no unit)."""

GROUPS = {"normal": (10.1, 1.51), "depressed": (13.7, 1.60), "PTSD": (17.5, 1.17)}
"""The drive of CRH (kstress, pg/(ml h)) and the receptor level at which release is halved (Ki), by group."""

START: State = (0.26, 3.75, 15.4, 2.77)
FORGOTTEN = 400
"""Hours until the start is forgotten."""
STEP = 0.1
WINDOW = 48
"""Hours shown."""
LEVEL = 0.5
"""A rhythm: cortisol swings by at least this much, ug/dl. A line drawn for teaching."""

STUDIES = (("meewisse2007cortisol", -0.12, -0.32, 0.08), ("pan2020urinary", -0.49, -0.91, -0.07))
"""Cortisol in PTSD less that in controls, standardised: source, mean, 95 % interval. Basal; 24-hour urinary."""


def slopes(state: State, kstress: float, ki: float, clearance: float = 1.0) -> State:
    """The right-hand side, per hour. ``clearance`` multiplies the 0.356 per hour by which cortisol leaves."""
    crh, acth, cortisol, receptor = state
    half = ki**5.1
    release = half / (half + receptor**5.1)
    grown = receptor**5.43
    return (
        kstress * release - 3.25 * crh / (1.74 + crh) - 0.00379 * crh,
        8.30 * crh * release - 0.907 * acth / (0.112 + acth) - 0.00916 * acth,
        0.945 * acth - 0.00535 * cortisol / (0.0768 + cortisol) - 0.356 * clearance * cortisol,
        0.0202 * cortisol * (3.28 - receptor) + 0.0509 * grown / (0.645**5.43 + grown) - 0.0854 * receptor,
    )


def run(hours: int, kstress: float, ki: float, clearance: float = 1.0, start: State = START) -> list[State]:
    """The state every tenth of an hour, ends included, by Runge and Kutta's fourth-order steps."""
    h = STEP
    c, a, f, g = start
    states = [start]
    for _ in range(hours * 10):
        c1, a1, f1, g1 = slopes((c, a, f, g), kstress, ki, clearance)
        second = (c + h / 2 * c1, a + h / 2 * a1, f + h / 2 * f1, g + h / 2 * g1)
        c2, a2, f2, g2 = slopes(second, kstress, ki, clearance)
        third = (c + h / 2 * c2, a + h / 2 * a2, f + h / 2 * f2, g + h / 2 * g2)
        c3, a3, f3, g3 = slopes(third, kstress, ki, clearance)
        c4, a4, f4, g4 = slopes((c + h * c3, a + h * a3, f + h * f3, g + h * g3), kstress, ki, clearance)
        c += h * (c1 + 2 * c2 + 2 * c3 + c4) / 6
        a += h * (a1 + 2 * a2 + 2 * a3 + a4) / 6
        f += h * (f1 + 2 * f2 + 2 * f3 + f4) / 6
        g += h * (g1 + 2 * g2 + 2 * g3 + g4) / 6
        states.append((c, a, f, g))
    return states


def period(values: list[float], first: int) -> float | None:
    """Hours from the first peak to the second, from ``first`` on; None where there are not two."""
    found = peaks(values, first)
    return (found[1] - found[0]) * STEP if len(found) > 1 else None


@cache
def _normal() -> list[State]:
    return run(FORGOTTEN + 30 + 24 * 14 + WINDOW, *GROUPS["normal"])


def _shown(states: list[State], days: int) -> tuple[list[State], float | None]:
    """The two days from ``days`` after a peak, and the period; from FORGOTTEN on where there is no rhythm."""
    cortisol = [state[2] for state in states]
    first = FORGOTTEN * 10
    tail = cortisol[first : first + WINDOW * 10]
    cycle = period(cortisol, first) if max(tail) - min(tail) >= LEVEL else None
    if cycle is not None:
        first = int(peaks(cortisol, first)[0] + 0.5)
    first += days * 240
    return states[first : first + WINDOW * 10 + 1], cycle


def simulate(kstress: float, ki: float, clearance: int, days: int, sample: int) -> Result:
    """The normal pseudo-subject, and one as set, ``days`` after their peaks fell together.

    ``clearance``: percent of what was published. ``sample``: hours from the start of the two days shown.
    """
    normal, usual = _shown(_normal(), int(days))
    states = run(FORGOTTEN + 36 + 24 * int(days) + WINDOW, kstress, ki, clearance / 100)
    shown, cycle = _shown(states, int(days))
    at = int(sample) * 10
    cortisol, cortisol_normal = [state[2] for state in shown], [state[2] for state in normal]
    quantities = {
        "lowest": min(cortisol),
        "lowest_normal": min(cortisol_normal),
        "highest": max(cortisol),
        "highest_normal": max(cortisol_normal),
        "mean": _mean(cortisol),
        "mean_normal": _mean(cortisol_normal),
        "sampled": cortisol[at],
        "sampled_normal": cortisol_normal[at],
    }
    if cycle is not None and usual is not None:
        cycles = 24 * int(days) * (1 / cycle - 1 / usual)
        apart = cycles % 1.0
        quantities["period"] = cycle
        quantities["period_normal"] = usual
        quantities["apart"] = 24 * min(apart, 1 - apart)

    every = range(0, WINDOW * 10 + 1, 2)
    middle, low, high = (list(column) for column in zip(*(study[1:] for study in STUDIES), strict=True))
    return {
        "series": {
            "hour": [place / 10 for place in every],
            "cortisol_normal": [cortisol_normal[place] for place in every],
            "cortisol": [cortisol[place] for place in every],
            "acth_normal": [normal[place][1] for place in every],
            "acth": [shown[place][1] for place in every],
            "sample_hour": [float(sample), float(sample)],
            "sample_value": [cortisol_normal[at], cortisol[at]],
            "sample_normal": [cortisol_normal[at] if place == at else None for place in every],
            "sample": [cortisol[at] if place == at else None for place in every],
            "sample_line": [0.0, max(quantities["highest"], quantities["highest_normal"])],
            "study_difference": list(middle),
            "study_row": [2.0, 1.0],
            "study_interval": [low[0], high[0], None, low[1], high[1]],
            "study_interval_row": [2.0, 2.0, None, 1.0, 1.0],
            "study_label": [-1.0, -1.0, -1.0],
            "study_label_row": [2.4, 1.4, 0.3],
            "no_difference": [0.0, 0.0],
            "no_difference_row": [0.6, 2.6],
        },
        "quantities": quantities,
        "regime": _regime(quantities),
    }


def _mean(values: list[float]) -> float:
    total = 0.0
    for value in values:  # sum() rounds differently from one Python to the next
        total += value
    return total / len(values)


def _regime(quantities: dict[str, float]) -> str:
    if "period" not in quantities:
        return "no-rhythm"
    lower = quantities["lowest_normal"] - quantities["lowest"]
    if abs(lower) < 0.05:
        return "same-low"
    return "lower-low" if lower > 0 else "higher-low"


MODEL = Model(
    equations=simulate,
    domain={
        "kstress": Range(5, 20),
        "ki": Range(0.9, 1.8),
        "clearance": Range(50, 200, whole=True),
        "days": Range(0, 14, whole=True),
        "sample": Range(0, 48, whole=True),
    },
    series=(
        "hour",
        "cortisol_normal",
        "cortisol",
        "acth_normal",
        "acth",
        "sample_hour",
        "sample_value",
        "sample_normal",
        "sample",
        "sample_line",
        "study_difference",
        "study_row",
        "study_interval",
        "study_interval_row",
        "study_label",
        "study_label_row",
        "no_difference",
        "no_difference_row",
    ),
    quantities=(
        "lowest",
        "lowest_normal",
        "highest",
        "highest_normal",
        "mean",
        "mean_normal",
        "sampled",
        "sampled_normal",
        "period",
        "period_normal",
        "apart",
    ),
    regimes=("no-rhythm", "same-low", "lower-low", "higher-low"),
    source=("sriram2012modeling", "meewisse2007cortisol", "pan2020urinary"),
)
