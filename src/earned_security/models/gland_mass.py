"""Weeks of stress and recovery: the HPA axis with glands that grow and shrink.

Karin et al. (2020), in the dimensionless form of the same group's code of 2025 (Milo et al.)::

    dx1/dt = g1 (u / x3 G(x3) - x1)     x1 CRH        G(x) = 1 / (1 + (x / 4)^3)
    dx2/dt = g2 (x1 P G(x3) - x2)       x2 ACTH
    dx3/dt = g3 (x2 A - x3)             x3 cortisol
    dP/dt  = gP P (x1 - 1)              P  mass of the pituitary's corticotroph cells
    dA/dt  = gA A (x2 - 1)              A  mass of the adrenal cortex

u is the stress input. 1/x3 stands for the mineralocorticoid receptor, G for the glucocorticoid receptor. Half-lives:
CRH 4, ACTH 20, cortisol 80 minutes; the glands turn over in weeks (:data:`RATES`). Hormones follow within hours what
glands do over weeks, so :func:`run` takes them at their equilibrium with the glands; the tests compare it with all five
equations.

Limits: u has no measured counterpart. Fitted to groups with alcoholism, anorexia or childbirth, not to trauma or
attachment. Nothing here describes a person.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from earned_security.models.model import Choice, Model, Range, Result

HALF_LIVES = (4.0, 20.0, 80.0)
"""CRH, ACTH and cortisol, in minutes."""

RATES = {
    "karin-2020": (0.049, 0.099),
    "milo-2025": (math.log(2) / 20, math.log(2) / 30),
}
"""Turnover of pituitary and adrenal cells (gP, gA), per day. The first as a third party's file gives it for Karin et
al.; the second from the 2025 authors' own code."""

CLOSE = 0.05
"""Within this share of rest a hormone counts as back. A line drawn for teaching."""

BEFORE = 10
STEP = 0.5  # days


@dataclass(frozen=True)
class State:
    """Hormones and gland masses, dimensionless; the reference for each is near 1, and all are above 0."""

    crh: float
    acth: float
    cortisol: float
    pituitary: float
    adrenal: float


def right_hand_side(state: State, stress: float, pituitary_rate: float, adrenal_rate: float) -> State:
    """All five equations: the change of each quantity, per day.

    Args:
        stress: u; 1 is the reference.
        pituitary_rate, adrenal_rate: gP and gA, per day.
    """
    crh_rate, acth_rate, cortisol_rate = (math.log(2) / (minutes / 1440) for minutes in HALF_LIVES)
    free = 1 / _brake(state.cortisol)
    return State(
        crh_rate * (stress / state.cortisol * free - state.crh),
        acth_rate * (state.crh * state.pituitary * free - state.acth),
        cortisol_rate * (state.acth * state.adrenal - state.cortisol),
        pituitary_rate * state.pituitary * (state.crh - 1),
        adrenal_rate * state.adrenal * (state.acth - 1),
    )


def settled(stress: float, pituitary: float, adrenal: float) -> State:
    """The hormones at equilibrium with glands of this mass: x3 (1 + (x3/4)^3) = sqrt(u P A)."""
    cortisol = _cortisol(math.sqrt(stress * pituitary * adrenal))
    brake = _brake(cortisol)
    crh = stress / cortisol / brake
    return State(crh, crh * pituitary / brake, cortisol, pituitary, adrenal)


def adapted(stress: float) -> State:
    """Where everything ends under constant stress: CRH and ACTH at 1, cortisol and glands where they must be."""
    cortisol = _cortisol(stress)
    return State(1.0, 1.0, cortisol, _brake(cortisol), cortisol)


def run(start: State, stress: float, days: int, rates: tuple[float, float] | None) -> list[State]:
    """Each day from 0 to ``days`` under one stress input, by the classical Runge-Kutta method.

    Args:
        start: gives the glands; the hormones settle to the stress at once.
        rates: (gP, gA) per day; None freezes the glands.
    """
    pituitary, adrenal = start.pituitary, start.adrenal
    states = [settled(stress, pituitary, adrenal)]
    if rates is None:
        return states * (days + 1)
    pituitary_rate, adrenal_rate = rates

    def change(pituitary: float, adrenal: float) -> tuple[float, float]:
        now = settled(stress, pituitary, adrenal)
        return pituitary_rate * pituitary * (now.crh - 1), adrenal_rate * adrenal * (now.acth - 1)

    for _ in range(days):
        for _ in range(round(1 / STEP)):
            p1, a1 = change(pituitary, adrenal)
            p2, a2 = change(pituitary + STEP / 2 * p1, adrenal + STEP / 2 * a1)
            p3, a3 = change(pituitary + STEP / 2 * p2, adrenal + STEP / 2 * a2)
            p4, a4 = change(pituitary + STEP * p3, adrenal + STEP * a3)
            pituitary += STEP / 6 * (p1 + 2 * p2 + 2 * p3 + p4)
            adrenal += STEP / 6 * (a1 + 2 * a2 + 2 * a3 + a4)
        states.append(settled(stress, pituitary, adrenal))
    return states


def simulate(stress: float, days: int, glands: str, rates: str, recovery: int) -> Result:
    """Rest, then ``days`` of stress, then ``recovery`` days at rest again; all as multiples of rest.

    Args:
        stress: u while stress lasts, in multiples of u at rest.
        glands: ``changing`` or ``frozen`` at their resting mass.
        rates: a key of :data:`RATES`; without effect on frozen glands.
    """
    days, recovery = int(days), int(recovery)
    pace = None if glands == "frozen" else RATES[rates]
    rest = adapted(1.0)
    strained = run(rest, stress, days, pace)
    relieved = run(strained[-1], 1.0, recovery, pace)
    every = [rest, rest, *strained, *relieved]
    end = days + recovery

    acth = [state.acth / rest.acth for state in every]
    cortisol = [state.cortisol / rest.cortisol for state in every]
    first, last_strained, after = 2, 2 + days, 3 + days
    acth_low = _last([value < 1 - CLOSE for value in acth[after:]])
    cortisol_high = _last([value > 1 + CLOSE for value in cortisol[after:]])
    quantities = {
        "acth_first": acth[first],
        "cortisol_first": cortisol[first],
        "crh_end": every[last_strained].crh / rest.crh,
        "acth_end": acth[last_strained],
        "cortisol_end": cortisol[last_strained],
        "adrenal_end": every[last_strained].adrenal / rest.adrenal,
        "acth_lowest": min(acth[after:]),
        "cortisol_lowest": min(cortisol[after:]),
        "acth_last": acth[-1],
        "cortisol_last": cortisol[-1],
    }
    if acth_low is not None:
        quantities["acth_low_days"] = float(acth_low)
    if cortisol_high is not None:
        quantities["cortisol_high_days"] = float(cortisol_high)

    return {
        "series": {
            "day": [float(-BEFORE), 0.0, *map(float, range(days + 1)), *map(float, range(days, end + 1))],
            "stress": [1.0, 1.0, *[float(stress)] * (days + 1), *[1.0] * (recovery + 1)],
            "crh": [state.crh / rest.crh for state in every],
            "acth": list(acth),
            "cortisol": list(cortisol),
            "pituitary": [state.pituitary / rest.pituitary for state in every],
            "adrenal": [state.adrenal / rest.adrenal for state in every],
            "acth_back_day": [days + acth_low + 1.0] if acth_low else [],
            "acth_back_level": [acth[after + acth_low + 1]] if acth_low else [],
            "cortisol_back_day": [days + cortisol_high + 1.0] if cortisol_high else [],
            "cortisol_back_level": [cortisol[after + cortisol_high + 1]] if cortisol_high else [],
            "phase_day": [0.0, 0.0, None, float(days), float(days)],
            "phase_height": [0.0, 1.0, None, 0.0, 1.0],
            "label_day": [days / 2, days + recovery / 2],
            "label_height": [0.5, 0.5],
        },
        "quantities": quantities,
        "regime": _regime(stress, glands, quantities),
    }


def _cortisol(demand: float) -> float:
    """The x for which x (1 + (x/4)^3) is ``demand``. Newton's method falls to it from above."""
    x = demand
    for _ in range(8):
        third = x / 4 * (x / 4) * (x / 4)
        x = x - (x * (1 + third) - demand) / (1 + 4 * third)
    return x


def _brake(cortisol: float) -> float:
    """1 / G."""
    return 1 + cortisol / 4 * (cortisol / 4) * (cortisol / 4)


def _last(beyond: list[bool]) -> int | None:
    """Days from relief to the last day beyond; 0 if none is. None if the last day watched still is."""
    if beyond[-1]:
        return None
    return max((day for day, one in enumerate(beyond) if one), default=0)


def _regime(stress: float, glands: str, quantities: dict[str, float]) -> str:
    if stress == 1:
        return "at-rest"
    if glands == "frozen":
        return "frozen"
    if quantities["acth_lowest"] > 1 - CLOSE:
        return "hardly-moved"
    if "cortisol_high_days" not in quantities:
        return "neither-yet"
    signals = (
        "returned" if max(abs(quantities[name] - 1) for name in ("crh_end", "acth_end")) < CLOSE else "up"
    )
    return f"{signals}-{'recovered' if 'acth_low_days' in quantities else 'waiting'}"


MODEL = Model(
    equations=simulate,
    domain={
        "stress": Range(1, 5),
        "days": Range(1, 365, whole=True),
        "glands": Choice(("changing", "frozen")),
        "rates": Choice(tuple(RATES)),
        "recovery": Range(1, 365, whole=True),
    },
    series=(
        "day",
        "stress",
        "crh",
        "acth",
        "cortisol",
        "pituitary",
        "adrenal",
        "acth_back_day",
        "acth_back_level",
        "cortisol_back_day",
        "cortisol_back_level",
        "phase_day",
        "phase_height",
        "label_day",
        "label_height",
    ),
    quantities=(
        "acth_first",
        "cortisol_first",
        "crh_end",
        "acth_end",
        "cortisol_end",
        "adrenal_end",
        "acth_lowest",
        "cortisol_lowest",
        "acth_last",
        "cortisol_last",
        "acth_low_days",
        "cortisol_high_days",
    ),
    regimes=(
        "at-rest",
        "frozen",
        "hardly-moved",
        "returned-recovered",
        "returned-waiting",
        "up-recovered",
        "up-waiting",
        "neither-yet",
    ),
    source=("karin2020new", "milo2025hormone"),
)
