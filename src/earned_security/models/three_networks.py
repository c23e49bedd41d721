"""A toy, not from data: three networks, of which one can hand the lead from the second to the third.

Salience S, default mode D, central executive E; activity from 0 to 1, time without a unit::

    dS/dt = -S + cut(event - threshold)
    dD/dt = -D + cut(STANDING - switching S - rivalry E)
    dE/dt = -E + cut(task + switching S - rivalry D)        cut(x) = x, kept between 0 and 1

Three events come, a small, a middling and a large one (:data:`EVENTS`). What of an event is above the threshold moves S, and
S pushes D down and E up, ``switching`` setting how strongly. D and E hold each other down (``rivalry``). E also has a drive of
its own, ``task``. "Leads" means: is the more active of the two.

The triple network model (Menon, 2011) is a proposal in words. Its terms are borrowed here for names; the equations, the weights
and the events are made up for this page, and what each network does in a brain is not in them.

Limits: one number for a whole network, no noise, no learning, no data. More than one setting draws the same lines for D and E.
"""

from __future__ import annotations

import math
from itertools import pairwise

from earned_security.models.model import Model, Range, Result

Triple = tuple[float, float, float]

EVENTS = ((5, 0.4), (25, 0.7), (45, 1.0))
"""When each event begins, and its size."""
LASTING = 8
END = 70
STANDING = 0.8
"""D's drive of its own."""
STEP = 0.025
"""Small, because the corners of ``cut`` cost the integrator its accuracy."""
SHOWN = 2
"""A point is drawn every so many tenths of a time unit."""


def cut(value: float) -> float:
    """Kept between 0 and 1."""
    return 0.0 if value < 0 else 1.0 if value > 1 else value


def event_at(tenth: int) -> float:
    """The size of what is happening at a moment in tenths of a time unit; 0 between events."""
    for begin, size in EVENTS:
        if 10 * begin <= tenth < 10 * (begin + LASTING):
            return size
    return 0.0


def right_hand_side(
    state: Triple, event: float, switching: float, threshold: float, rivalry: float, task: float
) -> Triple:
    """The change of (S, D, E) per time unit."""
    salience, default, executive = state
    return (
        cut(event - threshold) - salience,
        cut(STANDING - switching * salience - rivalry * executive) - default,
        cut(task + switching * salience - rivalry * default) - executive,
    )


def rest(rivalry: float, task: float) -> Triple:
    """A state at which nothing moves while nothing happens; where there are two, the one in which D leads."""
    if task <= rivalry * STANDING:
        return 0.0, STANDING, 0.0
    if rivalry * task >= STANDING:
        return 0.0, 0.0, task
    share = 1 - rivalry * rivalry
    return 0.0, (STANDING - rivalry * task) / share, (task - rivalry * STANDING) / share


def run(switching: float, threshold: float, rivalry: float, task: float) -> list[Triple]:
    """(S, D, E) from rest, every tenth of a time unit to END: fourth-order Runge-Kutta in smaller steps."""
    state = rest(rivalry, task)
    states = [state]
    settings = (switching, threshold, rivalry, task)
    for tenth in range(10 * END):
        event = event_at(tenth)
        for _ in range(4):
            first = right_hand_side(state, event, *settings)
            second = right_hand_side(_on(state, first, STEP / 2), event, *settings)
            third = right_hand_side(_on(state, second, STEP / 2), event, *settings)
            fourth = right_hand_side(_on(state, third, STEP), event, *settings)
            state = (
                state[0] + STEP / 6 * (first[0] + 2 * second[0] + 2 * third[0] + fourth[0]),
                state[1] + STEP / 6 * (first[1] + 2 * second[1] + 2 * third[1] + fourth[1]),
                state[2] + STEP / 6 * (first[2] + 2 * second[2] + 2 * third[2] + fourth[2]),
            )
        states.append(state)
    return states


def _on(state: Triple, change: Triple, step: float) -> Triple:
    return state[0] + step * change[0], state[1] + step * change[1], state[2] + step * change[2]


def leads(state: Triple) -> bool:
    """Whether the central executive leads; rounded, so that a tie is none."""
    return math.floor((state[2] - state[1]) * 1e6 + 0.5) > 0


def simulate(switching: float, threshold: float, rivalry: float, task: float) -> Result:
    """Three events, from rest. All four settings are made up and have no unit."""
    states = run(switching, threshold, rivalry, task)
    ahead = [leads(state) for state in states]
    begins = [*(10 * begin for begin, _ in EVENTS), 10 * END + 1]
    tenths = range(0, 10 * END + 1, SHOWN)
    quantities = {
        "handed": float(sum(any(ahead[begin:end]) for begin, end in pairwise(begins))),
        "executive_share": 100 * sum(ahead) / len(ahead),
        "salience_highest": max(state[0] for state in states),
        "executive_highest": max(state[2] for state in states),
        "default_lowest": min(state[1] for state in states),
    }
    if any(ahead):
        led = [tenth for tenth, one in enumerate(ahead) if one]
        quantities["first_leads"], quantities["last_leads"] = led[0] / 10, led[-1] / 10
    return {
        "series": {
            "time": [tenth / 10 for tenth in tenths],
            "event": [event_at(tenth) for tenth in tenths],
            "threshold": [float(threshold) for _ in tenths],
            "salience": [states[tenth][0] for tenth in tenths],
            "default": [states[tenth][1] for tenth in tenths],
            "executive": [states[tenth][2] for tenth in tenths],
            "leads": [float(ahead[tenth]) for tenth in tenths],
            "lead_mark": [LEAD_HEIGHT if ahead[tenth] else None for tenth in tenths],
        },
        "quantities": quantities,
        "regime": _regime(ahead, quantities),
    }


LEAD_HEIGHT = 1.1
"""Where the figure marks that the executive leads: just above the highest activity."""


def _regime(ahead: list[bool], quantities: dict[str, float]) -> str:
    if ahead[0]:
        return "executive-throughout"
    if ahead[-1]:
        return "stays"
    if not any(ahead):
        return "never"
    if quantities["handed"] == len(EVENTS):
        return "every-event"
    return "some-events"


MODEL = Model(
    equations=simulate,
    domain={
        "switching": Range(0, 3),
        "threshold": Range(0, 1),
        "rivalry": Range(0, 2),
        "task": Range(0, 1),
    },
    series=("time", "event", "threshold", "salience", "default", "executive", "leads", "lead_mark"),
    quantities=(
        "handed",
        "executive_share",
        "salience_highest",
        "executive_highest",
        "default_lowest",
        "first_leads",
        "last_leads",
    ),
    regimes=("never", "some-events", "every-event", "stays", "executive-throughout"),
    source=("menon2011large",),
)
