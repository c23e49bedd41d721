"""Two people's ups and downs, each pulled back to their own set point and each moved by the other.

Coupled damped oscillators (Steele and Ferrer, 2011; Helm, Sbarra and Ferrer, 2012; Ferrer and Helm, 2013):

    x'' = eta x + zeta_x x' + g_x y + d_x y'
    y'' = eta y + zeta_y y' + g_y x + d_y x'

x and y are deviations of A and B from their own set points, without a unit; time is in units of which ten are one
cycle, ``eta = -(2 pi / 10)^2``. zeta below 0 is damping. g couples to the other's level, d to the other's rate of
change. Published variants differ in which coupling terms they have and in the signs of their labels; no values hold for
people in general.

The equations are linear, so one matrix takes the state exactly from one moment drawn to the next.

Alike and mutually coupled, the two fall apart into what they share (half the sum) and what parts them (half the
difference), with damping zeta + d and zeta - d: coupling shares damping out and creates none. Beyond |d| = |zeta|
one of the two grows, though each person alone is damped.

Limits: linear, with settings that never change. Fitted values depend on how derivatives are estimated, and a shared
task, speech or movement looks like coupling. A coupling is no proof that one person calms or stirs the other.
"""

from __future__ import annotations

import math

from earned_security.models.model import Choice, Model, Range, Result

Matrix = list[list[float]]

CYCLE = 10.0
"""Time units from one high to the next, for either person alone and hardly damped."""
ETA = -((2 * math.pi / CYCLE) ** 2)
STEP = 0.2
"""Time units between two moments drawn."""
MOMENTS = 301
HIGHEST = 5.0
"""A deviation beyond this many times the first one ends the drawing."""
STARTS = {"one": (1.0, 0.0), "together": (1.0, 1.0), "opposite": (1.0, -1.0)}
"""The first deviations of A and B; both start at rest."""


def equations(
    zeta: tuple[float, float], level: tuple[float, float], rate: tuple[float, float], eta: float = ETA
) -> Matrix:
    """The matrix M of ``s' = M s`` for the state s = (x, x', y, y').

    Args:
        zeta: damping of A and of B, per time unit; below 0 is damped.
        level: what the other's level adds, for A and for B, per time unit squared.
        rate: what the other's rate of change adds, for A and for B, per time unit.
        eta: minus the squared angular frequency, for both.
    """
    return [
        [0.0, 1.0, 0.0, 0.0],
        [eta, zeta[0], level[0], rate[0]],
        [0.0, 0.0, 0.0, 1.0],
        [level[1], rate[1], eta, zeta[1]],
    ]


def propagator(matrix: Matrix, step: float = STEP) -> Matrix:
    """What takes a state one step on: the matrix exponential, by its series. For steps well below a time unit."""
    total = [[float(row == column) for column in range(4)] for row in range(4)]
    term = total
    for order in range(1, 17):
        term = [[entry * step / order for entry in row] for row in _product(term, matrix)]
        total = [
            [one + other for one, other in zip(row, more, strict=True)]
            for row, more in zip(total, term, strict=True)
        ]
    return total


def growth(one_step: Matrix, step: float = STEP) -> float:
    """How fast what fades least, or grows most, does so: the largest real part of an eigenvalue, per time unit.

    From the size of a power of the propagator with a huge exponent, reached by squaring (Gelfand's formula).
    """
    power, total, weight = one_step, 0.0, 1.0
    for _ in range(50):
        size = max(abs(entry) for row in power for entry in row)
        total += math.log(size) * weight
        scaled = [[entry / size for entry in row] for row in power]
        power = _product(scaled, scaled)
        weight /= 2
    return total / step


def simulate(
    pattern: str, rate: float, level: float, damping_a: float, damping_b: float, start: str
) -> Result:
    """Sixty time units of A and B; the drawing ends early where a deviation passes five times the first.

    ``pattern``: "mutual", each is coupled to the other; "one-way", B to A and A to nobody. Damping is given as
    minus zeta.
    """
    back = 1.0 if pattern == "mutual" else 0.0
    one_step = propagator(equations((-damping_a, -damping_b), (back * level, level), (back * rate, rate)))
    first, second = STARTS[start]
    state = [first, 0.0, second, 0.0]
    a, b = [first], [second]
    cut = False
    while len(a) < MOMENTS and not cut:
        state = [
            row[0] * state[0] + row[1] * state[1] + row[2] * state[2] + row[3] * state[3] for row in one_step
        ]
        a.append(state[0])
        b.append(state[2])
        cut = max(abs(state[0]), abs(state[2])) > HIGHEST
    shared = [(one + other) / 2 for one, other in zip(a, b, strict=True)]
    parted = [(one - other) / 2 for one, other in zip(a, b, strict=True)]
    times = [moment * 2 / 10 for moment in range(len(a))]
    rate_of_growth = math.floor(growth(one_step) * 1e6 + 0.5) / 1e6

    def swing(values: list[float]) -> float:
        """The largest deviation in the last cycle drawn."""
        return max(abs(value) for value in values[-round(CYCLE / STEP) :])

    quantities = {
        "per_cycle": 100 * math.exp(rate_of_growth * CYCLE),
        "a_alone_per_cycle": 100 * math.exp(-damping_a / 2 * CYCLE),
        "b_alone_per_cycle": 100 * math.exp(-damping_b / 2 * CYCLE),
        "swing_a": swing(a),
        "swing_b": swing(b),
        "swing_shared": swing(shared),
        "swing_parted": swing(parted),
        "peak_b": max(abs(value) for value in b),
        "end": times[-1],
    }
    return {
        "series": {
            "time": list(times),
            "a": list(a),
            "b": list(b),
            "shared": list(shared),
            "parted": list(parted),
            "cut_time": [times[-1]] if cut else [],
            "cut_height": [a[-1] if abs(a[-1]) > HIGHEST else b[-1]] if cut else [],
        },
        "quantities": quantities,
        "regime": _regime(pattern, rate, level, rate_of_growth, cut),
    }


def _product(left: Matrix, right: Matrix) -> Matrix:
    return [
        [
            row[0] * right[0][column]
            + row[1] * right[1][column]
            + row[2] * right[2][column]
            + row[3] * right[3][column]
            for column in range(4)
        ]
        for row in left
    ]


def _regime(pattern: str, rate: float, level: float, rate_of_growth: float, cut: bool) -> str:
    if rate == 0 and level == 0:
        return "each-alone"
    if pattern == "one-way":
        return "follows-far" if cut else "follows"
    if rate_of_growth > 0:
        return "grows-beyond" if cut else "grows"
    return "neither" if rate_of_growth == 0 else "settles"


MODEL = Model(
    equations=simulate,
    domain={
        "pattern": Choice(("mutual", "one-way")),
        "rate": Range(-0.2, 0.2),
        "level": Range(-0.2, 0.3),
        "damping_a": Range(0.02, 0.3),
        "damping_b": Range(0.02, 0.3),
        "start": Choice(tuple(STARTS)),
    },
    series=("time", "a", "b", "shared", "parted", "cut_time", "cut_height"),
    quantities=(
        "per_cycle",
        "a_alone_per_cycle",
        "b_alone_per_cycle",
        "swing_a",
        "swing_b",
        "swing_shared",
        "swing_parted",
        "peak_b",
        "end",
    ),
    regimes=("each-alone", "follows", "follows-far", "settles", "neither", "grows", "grows-beyond"),
    source=("helm2012assessing", "ferrer2013dynamical", "steele2011latent", "butler2019rties"),
)
