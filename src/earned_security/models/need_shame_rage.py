"""The need - shame - rage cycle as a loop of four links: a toy, not from data.

Each link hands on a share of what reaches it, so a round multiplies by the product of the four::

    shame = a need,  rage = b shame,  distance = c rage,  need (next round) = d distance

What interrupts multiplies as well: a reply that holds warmth and limit takes a share off ``c``, a repair off
``d``, and time lets a share fade at every one of the four steps. The loop grows where the product is above 1,
hums near 1 and dies down below it, wherever in the loop the shares are lost. Levels have no unit: how far
above what is usual for these two, cut at ``TOP``.

Limits: the steps as a sequence have not been measured, so there is nothing to fit and no number here is a
finding. One way round only: no shame after the rage, no collapse instead of it, no third person.
"""

from __future__ import annotations

import math

from earned_security.models.model import Model, Range, Result

ROUNDS = 12
START = 3.0
"""The first need, above what is usual."""
TOP = 10.0
"""The edge of the drawing; no level goes beyond."""
HUM = (0.95, 1.05)
"""A round that multiplies by this much, ends included, counts as humming. A line drawn for teaching."""
_STEPS = 12  # points drawn for each link

Round = tuple[float, float, float, float]


def shares(links: Round, reply: float = 0.0, repair: float = 0.0, time: float = 0.0) -> Round:
    """What each link hands on, as a share of what reaches it, after what interrupts.

    Args:
        links: percent handed on from need to shame, shame to rage, rage to distance, distance to need; 0 to 150.
        reply, repair, time: percent taken off at rage to distance, at distance to need, at every link; 0 to 100.
    """
    left = 1 - time / 100
    need_shame, shame_rage, rage_distance, distance_need = (link / 100 * left for link in links)
    return need_shame, shame_rage, rage_distance * (1 - reply / 100), distance_need * (1 - repair / 100)


def round_factor(links: Round) -> float:
    """By how much one whole round multiplies: the product of what its links hand on."""
    return links[0] * links[1] * links[2] * links[3]


def run(before: Round, after: Round, from_round: int) -> list[Round]:
    """Need, shame, rage and distance in each round; the last entry has the need that round 13 would begin with.

    Args:
        before, after: what each link hands on (see ``shares``) until, and from, ``from_round``.
    """
    need, rounds = START, []
    for number in range(1, ROUNDS + 1):
        links = after if number >= from_round else before
        shame = min(TOP, need * links[0])
        rage = min(TOP, shame * links[1])
        distance = min(TOP, rage * links[2])
        rounds.append((need, shame, rage, distance))
        need = min(TOP, distance * links[3])
    return [*rounds, (need, 0.0, 0.0, 0.0)]


def simulate(
    need_to_shame: int,
    shame_to_rage: int,
    rage_to_distance: int,
    distance_to_need: int,
    reply: int,
    repair: int,
    time: int,
    from_round: int,
) -> Result:
    """Twelve rounds; links and what interrupts in percent, interrupting from round ``from_round`` on."""
    links = (need_to_shame, shame_to_rage, rage_to_distance, distance_to_need)
    before, after = shares(links), shares(links, reply, repair, time)
    rounds = run(before, after, int(from_round))
    felt, last_need = rounds[:ROUNDS], rounds[ROUNDS][0]
    factor = round_factor(after)
    path = _path([level for levels in felt for level in levels] + [last_need])
    turn = (int(from_round) - 1) * 4 * _STEPS
    ring = _path([START] * 5)
    first = float(from_round)
    return {
        "series": {
            "round": [float(number) for number in range(1, ROUNDS + 1)],
            "need": [levels[0] for levels in felt],
            "shame": [levels[1] for levels in felt],
            "rage": [levels[2] for levels in felt],
            "distance": [levels[3] for levels in felt],
            "before_across": [across for across, _ in path[: turn + 1]] if turn else [],
            "before_up": [up for _, up in path[: turn + 1]] if turn else [],
            "after_across": [across for across, _ in path[turn:]],
            "after_up": [up for _, up in path[turn:]],
            "ring_across": [across for across, _ in ring],
            "ring_up": [up for _, up in ring],
            "label_across": [0.0, TOP + 0.6, 0.0, -TOP - 0.6],
            "label_up": [TOP + 1.4, 0.0, -TOP - 1.4, 0.0],
            "turn_round": [first, first],
            "turn_height": [0.0, TOP],
        },
        "quantities": {
            "factor_before": round_factor(before),
            "factor_after": factor,
            "highest": max(level for levels in felt for level in levels),
            "last_need": last_need,
        },
        "regime": _regime(factor),
    }


def _path(levels: list[float]) -> list[tuple[float, float]]:
    """The levels as a path: need at the top, then shame, rage, distance clockwise; further out is more."""
    points = []
    for step in range((len(levels) - 1) * _STEPS + 1):
        place, part = divmod(step, _STEPS)
        level = levels[place]
        if part:
            level += (levels[place + 1] - level) * part / _STEPS
        angle = 2 * math.pi * (step % (4 * _STEPS)) / (4 * _STEPS)
        points.append((level * math.sin(angle), level * math.cos(angle)))
    return points


def _regime(factor: float) -> str:
    if factor == 0:
        return "open"
    if factor < HUM[0]:
        return "dies-down"
    return "hums" if factor <= HUM[1] else "grows"


MODEL = Model(
    equations=simulate,
    domain={
        "need_to_shame": Range(0, 150, whole=True),
        "shame_to_rage": Range(0, 150, whole=True),
        "rage_to_distance": Range(0, 150, whole=True),
        "distance_to_need": Range(0, 150, whole=True),
        "reply": Range(0, 100, whole=True),
        "repair": Range(0, 100, whole=True),
        "time": Range(0, 100, whole=True),
        "from_round": Range(1, ROUNDS, whole=True),
    },
    series=(
        "round",
        "need",
        "shame",
        "rage",
        "distance",
        "before_across",
        "before_up",
        "after_across",
        "after_up",
        "ring_across",
        "ring_up",
        "label_across",
        "label_up",
        "turn_round",
        "turn_height",
    ),
    quantities=("factor_before", "factor_after", "highest", "last_need"),
    regimes=("open", "dies-down", "hums", "grows"),
    source=(),
)
