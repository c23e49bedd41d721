"""A toy, not from data: two regions that act on each other, and an input that is switched on and off.

The state equation of dynamic causal modelling, without its modulation by inputs::

    dz/dt = A z + C u        z = (vmPFC, amygdala)        A = [[-fade, upward], [-downward, -fade]]

z is activity as a deviation from rest, u the input, time has no unit; rates are per time unit. ``upward`` is the weight from
amygdala to ventromedial prefrontal cortex, ``downward`` the weight of the brake the other way.

The steady state is ``-A^-1 C u``. With the input at the amygdala, the amygdala's is ``fade u / (fade^2 + upward
downward)``: only the product of the two cross-weights enters, and so it is at every moment, not only at rest. The mirror
wiring, the same two weights the other way round, therefore has the same amygdala. With the input at the vmPFC it has the
same vmPFC.

Limits: no weight here was measured. Dynamic causal modelling has been reported for these regions in PTSD (Nicholson et al.,
2017), at rest and with no values that could be carried over. Linear, two regions, no noise.
"""

from __future__ import annotations

import math

from earned_security.models.model import Choice, Model, Range, Result

Matrix = tuple[tuple[float, float], tuple[float, float]]
Pair = tuple[float, float]

ON, OFF, END = 2.0, 22.0, 34.0
"""Time units: when the input comes on, when it goes off, where the drawing ends."""
STEP = 0.1
PLACES: dict[str, Pair] = {"amygdala": (0.0, 1.0), "vmpfc": (1.0, 0.0), "both": (1.0, 1.0)}
"""C: how much of the input reaches (vmPFC, amygdala)."""


def wiring(upward: float, downward: float, fade: float) -> Matrix:
    """A, per time unit, from weights of 0 or more; the brake enters with a minus."""
    return ((-fade, upward), (-downward, -fade))


def right_hand_side(state: Pair, matrix: Matrix, reached: Pair) -> Pair:
    """dz/dt, per time unit; ``reached`` is C u."""
    vmpfc, amygdala = state
    return (
        matrix[0][0] * vmpfc + matrix[0][1] * amygdala + reached[0],
        matrix[1][0] * vmpfc + matrix[1][1] * amygdala + reached[1],
    )


def steady_state(matrix: Matrix, reached: Pair) -> Pair:
    """Where (vmPFC, amygdala) settle while the input lasts: ``-A^-1 C u``."""
    (a, b), (c, d) = matrix
    determinant = a * d - b * c
    return (
        (b * reached[1] - d * reached[0]) / determinant,
        (c * reached[0] - a * reached[1]) / determinant,
    )


def propagator(matrix: Matrix, step: float = STEP) -> Matrix:
    """The matrix exponential, exact: what takes a distance from the steady state one step on.

    For equal fades and cross-weights of opposite sign, which is what :func:`wiring` makes.
    """
    (a, b), (c, _) = matrix
    turn = math.sqrt(-b * c)
    cosine = math.cos(turn * step)
    sine = math.sin(turn * step) / turn if turn > 0 else step
    left = math.exp(a * step)
    return (left * cosine, left * sine * b), (left * sine * c, left * cosine)


def run(matrix: Matrix, reached: Pair) -> list[Pair]:
    """(vmPFC, amygdala) from rest, with the input from ON to OFF, every STEP to END."""
    forward = propagator(matrix)
    goal = steady_state(matrix, reached)
    state = (0.0, 0.0)
    states = [state]
    for moment in range(round(END / STEP)):
        at = goal if round(ON / STEP) <= moment < round(OFF / STEP) else (0.0, 0.0)
        vmpfc, amygdala = state[0] - at[0], state[1] - at[1]
        state = (
            at[0] + (forward[0][0] * vmpfc + forward[0][1] * amygdala),
            at[1] + (forward[1][0] * vmpfc + forward[1][1] * amygdala),
        )
        states.append(state)
    return states


def simulate(upward: float, downward: float, enters: str, size: float, fade: float) -> Result:
    """The wiring as set and its mirror. ``enters``: where the input of this ``size`` comes in."""
    place = PLACES[enters]
    reached = (place[0] * size, place[1] * size)
    here, mirror = wiring(upward, downward, fade), wiring(downward, upward, fade)
    states, mirrored = run(here, reached), run(mirror, reached)
    vmpfc, amygdala = steady_state(here, reached)
    mirror_vmpfc, mirror_amygdala = steady_state(mirror, reached)
    moments = round(END / STEP) + 1
    return {
        "series": {
            "time": [moment / 10 for moment in range(moments)],
            "input": [float(size) if ON <= moment / 10 < OFF else 0.0 for moment in range(moments)],
            "amygdala": [state[1] for state in states],
            "mirror_amygdala": [state[1] for state in mirrored],
            "vmpfc": [state[0] for state in states],
            "mirror_vmpfc": [state[0] for state in mirrored],
        },
        "quantities": {
            "product": upward * downward,
            "amygdala": amygdala,
            "mirror_amygdala": mirror_amygdala,
            "vmpfc": vmpfc,
            "mirror_vmpfc": mirror_vmpfc,
        },
        "regime": "same-wiring" if upward == downward else REGIMES[enters],
    }


REGIMES = {"amygdala": "amygdala-alike", "vmpfc": "vmpfc-alike", "both": "both-differ"}

MODEL = Model(
    equations=simulate,
    domain={
        "upward": Range(0, 1),
        "downward": Range(0, 1),
        "enters": Choice(tuple(PLACES)),
        "size": Range(0.25, 2),
        "fade": Range(0.3, 1),
    },
    series=("time", "input", "amygdala", "mirror_amygdala", "vmpfc", "mirror_vmpfc"),
    quantities=("product", "amygdala", "mirror_amygdala", "vmpfc", "mirror_vmpfc"),
    regimes=("amygdala-alike", "vmpfc-alike", "both-differ", "same-wiring"),
    source=("nicholson2017dynamic",),
)
