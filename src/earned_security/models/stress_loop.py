"""The stress loop, twice: the minimal one, and one with receptors in the hippocampus. Time in minutes.

Minimal (Vinther, Andersen and Ottesen, 2011), with ``h(x; c) = x^3 / (x^3 + c^3)``::

    dx1/dt = k0 (1 - mu  h(x3; c)) - w1 x1          CRH, pg/ml
    dx2/dt = k1 (1 - rho h(x3; c)) x1 - w2 x2       ACTH, pg/ml
    dx3/dt = k2 x2 - w3 x3                          free cortisol, ng/ml

With a delay, ``h`` sees cortisol as it was ``delay`` minutes ago. Hippocampal (Andersen, Vinther and Ottesen,
2013): the first line becomes ``dx1/dt = k0 (1 + xi h(x3; c) - psi h(x3; c3)) - w1 x1``.

The equations and values come from a public re-implementation; that both settle on the means they were made for
(21 pg/ml ACTH, 3.06 ng/ml cortisol) supports them.

Limits: no time of day, no pulses, no binding proteins. A push is CRH added at one moment; it has no measured
counterpart.
"""

from __future__ import annotations

from dataclasses import dataclass

from earned_security.models.model import Model, Range, Result

State = tuple[float, float, float]
"""CRH (pg/ml), ACTH (pg/ml), free cortisol (ng/ml)."""

HOURS = 18
GAP = 60
"""Minutes from one push to the next."""
BACK = 0.1
"""Back at rest: the rise is no more than this share of its highest. A line drawn for teaching."""


@dataclass(frozen=True)
class Loop:
    """The values of one loop: rates per minute, ``k0`` pg/(ml min), ``c`` and ``c3`` ng/ml, the rest shares.

    ``restraint`` (mu, psi): how far cortisol can hold back CRH, reached at ``c3``. ``rho``: the same for ACTH.
    ``xi``: how far the hippocampus can raise CRH; 0 in the minimal loop.
    """

    k0: float
    k1: float
    k2: float
    w1: float
    w2: float
    w3: float
    rho: float
    restraint: float
    xi: float
    c: float
    c3: float


def minimal(feedback: float = 0.5, clearance: float = 1.0) -> Loop:
    """The minimal loop; ``feedback`` is rho and mu, ``clearance`` multiplies w3."""
    return Loop(
        1.7696, 0.12734, 0.0013198, 0.17329, 0.034832, 0.0090726 * clearance,
        feedback, feedback, 0.0, 3.055, 3.055,
    )  # fmt: skip


def hippocampal(feedback: float = 0.5, clearance: float = 1.0, xi: float = 2.0) -> Loop:
    """The hippocampal loop; ``feedback`` is rho and psi, ``clearance`` multiplies w3."""
    return Loop(0.859, 0.127, 0.00132, 0.173, 0.0348, 0.00907 * clearance, feedback, feedback, xi, 3.06, 1.42)


def saturation(cortisol: float, half: float) -> float:
    """How far a receptor is taken up, 0 to 1, with exponent 3; one half at ``half``."""
    cube = cortisol * cortisol * cortisol
    return cube / (cube + half * half * half)


def slopes(loop: Loop, state: State, sensed: float) -> State:
    """The right-hand side, per minute. ``sensed``: the cortisol that the feedback sees, ng/ml."""
    crh, acth, cortisol = state
    high = saturation(sensed, loop.c)
    made = 1 + loop.xi * high - loop.restraint * saturation(sensed, loop.c3)
    return (
        loop.k0 * made - loop.w1 * crh,
        loop.k1 * (1 - loop.rho * high) * crh - loop.w2 * acth,
        loop.k2 * acth - loop.w3 * cortisol,
    )


def rest(loop: Loop) -> State:
    """Where the loop stays: the one fixed point, found by halving between 0 and 400 ng/ml of cortisol."""

    def others(cortisol: float) -> tuple[float, float]:
        high = saturation(cortisol, loop.c)
        made = 1 + loop.xi * high - loop.restraint * saturation(cortisol, loop.c3)
        crh = loop.k0 * made / loop.w1
        return crh, loop.k1 * (1 - loop.rho * high) * crh / loop.w2

    below, above = 0.0, 400.0
    for _ in range(70):
        middle = (below + above) / 2
        if loop.k2 * others(middle)[1] / loop.w3 > middle:
            below = middle
        else:
            above = middle
    return (*others(below), below)


def run(loop: Loop, start: State, minutes: int, pushes: dict[int, float], delay: int = 0) -> list[State]:
    """The state at every minute, by Runge and Kutta's fourth-order steps of one minute.

    Args:
        loop: the values.
        start: the state at minute 0; with a delay also what cortisol was before.
        minutes: how long.
        pushes: CRH added, pg/ml, by minute.
        delay: minutes by which feedback sees cortisol late, 0 for none.
    """
    seen = [start[2]] * delay
    x, y, z = start
    x += pushes.get(0, 0.0)
    states = [(x, y, z)]
    seen.append(z)
    for minute in range(minutes):
        early, late = seen[minute], seen[minute + 1] if delay else 0.0
        middle = (early + late) / 2
        a, b, c = slopes(loop, (x, y, z), early if delay else z)
        w = z + c / 2
        d, e, f = slopes(loop, (x + a / 2, y + b / 2, w), middle if delay else w)
        w = z + f / 2
        g, h, i = slopes(loop, (x + d / 2, y + e / 2, w), middle if delay else w)
        w = z + i
        j, k, m = slopes(loop, (x + g, y + h, w), late if delay else w)
        x += (a + 2 * d + 2 * g + j) / 6
        y += (b + 2 * e + 2 * h + k) / 6
        z += (c + 2 * f + 2 * i + m) / 6
        x += pushes.get(minute + 1, 0.0)
        states.append((x, y, z))
        seen.append(z)
    return states


def simulate(push: int, pushes: int, xi: float, feedback: int, delay: int, clearance: int) -> Result:
    """Both loops at rest are pushed ``pushes`` times, an hour apart; percent of each loop's own rest.

    ``push``: CRH just after the first push, times its rest; later ones add as much. ``feedback`` and
    ``clearance``: percent (of full restraint; of what was published). ``delay``: minutes, minimal loop only.
    """
    last = (int(pushes) - 1) * GAP
    minutes = HOURS * 60
    shown: dict[str, list[State]] = {}
    resting: dict[str, State] = {}
    loops = {
        "minimal": minimal(feedback / 100, clearance / 100),
        "hippocampal": hippocampal(feedback / 100, clearance / 100, xi),
    }
    quantities: dict[str, float] = {}
    for name, loop in loops.items():
        resting[name] = rest(loop)
        added = dict.fromkeys(range(0, last + 1, GAP), (push - 1) * resting[name][0])
        shown[name] = run(loop, resting[name], minutes, added, int(delay) if name == "minimal" else 0)
        rises = [100 * state[2] / resting[name][2] - 100 for state in shown[name]]
        highest = max(rises)
        quantities[f"rest_{name}"] = resting[name][2]
        quantities[f"rise_{name}"] = highest
        quantities[f"dip_{name}"] = max(0.0, -min(rises[last:]))
        away = [minute for minute, rise in enumerate(rises) if abs(rise) > BACK * highest]
        if away[-1] < minutes:  # the minimal loop always is, within its domain
            quantities[f"back_{name}"] = (away[-1] + 1 - last) / 60

    every = range(0, minutes + 1, 3)

    def percent(name: str, which: int) -> list[float | None]:
        return [100 * shown[name][minute][which] / resting[name][which] for minute in every]

    starts = range(0, last + 1, GAP)
    return {
        "series": {
            "hour": [minute / 60 for minute in every],
            "cortisol_minimal": percent("minimal", 2),
            "cortisol_hippocampal": percent("hippocampal", 2),
            "acth_minimal": percent("minimal", 1),
            "acth_hippocampal": percent("hippocampal", 1),
            "rest_hour": [0.0, float(HOURS)],
            "rest_line": [100.0, 100.0],
            "push_hour": [minute / 60 for minute in starts],
            "push_place": [100.0 for _ in starts],
        },
        "quantities": quantities,
        "regime": _regime(quantities),
    }


def _regime(quantities: dict[str, float]) -> str:
    if quantities["dip_minimal"] > BACK * quantities["rise_minimal"]:
        return "minimal-dips"
    if "back_hippocampal" not in quantities:
        return "hippocampal-still-raised"
    later = quantities["back_hippocampal"] - quantities["back_minimal"]
    return "hippocampal-slower" if later > 0.75 else "not-slower"


MODEL = Model(
    equations=simulate,
    domain={
        "push": Range(2, 20, whole=True),
        "pushes": Range(1, 6, whole=True),
        "xi": Range(0, 3),
        "feedback": Range(0, 100, whole=True),
        "delay": Range(0, 60, whole=True),
        "clearance": Range(50, 200, whole=True),
    },
    series=(
        "hour",
        "cortisol_minimal",
        "cortisol_hippocampal",
        "acth_minimal",
        "acth_hippocampal",
        "rest_hour",
        "rest_line",
        "push_hour",
        "push_place",
    ),
    quantities=(
        "rest_minimal",
        "rest_hippocampal",
        "rise_minimal",
        "rise_hippocampal",
        "dip_minimal",
        "dip_hippocampal",
        "back_minimal",
        "back_hippocampal",
    ),
    regimes=("minimal-dips", "hippocampal-still-raised", "hippocampal-slower", "not-slower"),
    source=("vinther2011minimal", "andersen2013mathematical"),
)
