"""A conversation turn by turn: inertia, set points, influence, and a repair that comes below a threshold.

The difference equations of Cook et al. (1995) and Gottman, Murray and colleagues (2002), for two people's scores
W and H in each turn (above 0 warm, below 0 cold; no unit):

    W' = a + r1 W + I_HW(H) + repair(W)        uninfluenced set point a / (1 - r1)
    H' = b + r2 H + I_WH(W) + repair(H)        uninfluenced set point b / (1 - r2)

r is emotional inertia, |r| < 1. The influence I is bilinear (one slope above 0, another below) or an ojive (a step up
above a threshold, a step down below one, nothing between). The repair term is added to the next score of whoever is
below its threshold. There are no standard values; those used here are chosen for teaching, alike for both people.

In one piece of both influences the steady state solves two linear equations; for slopes s above 0 it is stable if
``(1 - r1) (1 - r2) > s_hw s_wh``. More than one place to end up takes influence with thresholds.

Limits: fitted to short conversations of couples about a conflict. For a therapist and a client it is analogy only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from earned_security.models.model import Choice, Model, Range, Result

SET_POINT = 0.25
"""Where either person settles uninfluenced."""
WARM_SLOPE = 0.12
"""What one point above 0 adds to the other's next turn (bilinear)."""
WARM_STEP = 0.3
"""What a warm turn adds to the other's next one (ojive)."""
THRESHOLD = 0.2
"""Above it a turn is warm, below its negative cold (ojive). Both above it: in touch; both below: stuck."""
TURNS = 30
RUPTURE_FROM, RUPTURE_TURNS = 5, 3
"""The rupture: after turn 5, for three turns, the second person is pushed down."""
SETTLING, WATCHED = 30, 8
"""Turns before it is looked at where a conversation ends, and turns looked at then."""
GRID = tuple(place * 0.25 for place in range(-8, 7))
"""Scores from which the basins are tried out, for each person."""

Scores = tuple[float, float]


@dataclass(frozen=True)
class Piece:
    """One straight piece of an influence function: ``intercept + slope * score`` for low < score < high."""

    low: float
    high: float
    intercept: float
    slope: float


@dataclass(frozen=True)
class Conversation:
    """The settings of a conversation between two people who are alike.

    Attributes:
        drift: a, what each adds to their own next turn.
        inertia: r, the share of a score that is carried into the next turn, from 0 to below 1.
        shape: of the influence, "bilinear" or "ojive".
        hurt: how many times as strongly a cold turn pulls as a warm one.
        repair: what is added to the next turn of whoever is below ``repair_below``.
    """

    drift: float
    inertia: float
    shape: str
    hurt: float
    repair: float
    repair_below: float

    def influence(self, score: float) -> float:
        """What a score of one person adds to the other's next turn."""
        if self.shape == "bilinear":
            return (WARM_SLOPE if score > 0 else WARM_SLOPE * self.hurt) * score
        if score > THRESHOLD:
            return WARM_STEP
        return -WARM_STEP * self.hurt if score < -THRESHOLD else 0.0

    def pieces(self) -> list[Piece]:
        """The influence function as straight pieces, over the scores drawn."""
        low, high = GRID[0], GRID[-1]
        if self.shape == "bilinear":
            return [Piece(low, 0.0, 0.0, WARM_SLOPE * self.hurt), Piece(0.0, high, 0.0, WARM_SLOPE)]
        return [
            Piece(low, -THRESHOLD, -WARM_STEP * self.hurt, 0.0),
            Piece(-THRESHOLD, THRESHOLD, 0.0, 0.0),
            Piece(THRESHOLD, high, WARM_STEP, 0.0),
        ]

    def turn(self, scores: Scores, push: float = 0.0) -> Scores:
        """Both people's next scores; ``push`` is added to the second person's."""
        first, second = scores
        return (
            self._own(first) + self.influence(second),
            self._own(second) + self.influence(first) + push,
        )

    def _own(self, score: float) -> float:
        repair = self.repair if score < self.repair_below else 0.0
        return self.drift + self.inertia * score + repair


def influenced_steady_state(drift: Scores, inertia: Scores, slopes: Scores) -> Scores:
    """Where both settle if influence is linear: ``slopes`` are H's pull on W and W's pull on H."""
    first, second = 1 - inertia[0], 1 - inertia[1]
    whole = first * second - slopes[0] * slopes[1]
    return (
        (drift[0] * second + slopes[0] * drift[1]) / whole,
        (drift[1] * first + slopes[1] * drift[0]) / whole,
    )


def is_stable(inertia: Scores, slopes: Scores) -> bool:
    """Whether the influenced steady state draws them in, for slopes above 0."""
    return (1 - inertia[0]) * (1 - inertia[1]) > slopes[0] * slopes[1]


def ending(conversation: Conversation, scores: Scores) -> str:
    """Where a conversation ends from these scores: "warm", "cold" or "swings" (it never comes to rest)."""
    for _ in range(SETTLING):
        if min(scores) > THRESHOLD:
            return "warm"  # at every setting in the domain, both warm stays both warm
        scores = conversation.turn(scores)
    watched = [scores]
    for _ in range(WATCHED):
        watched.append(conversation.turn(watched[-1]))
    if all(max(pair) < -THRESHOLD for pair in watched):
        return "cold"
    return "warm" if all(min(pair) > THRESHOLD for pair in watched) else "swings"


def null_cline(conversation: Conversation) -> list[tuple[float, float] | None]:
    """Where a person's score would stay as it is: points (the other's score, own score); None parts the pieces."""
    points: list[tuple[float, float] | None] = []
    for piece in conversation.pieces():
        for repair, low, high in (
            (0.0, conversation.repair_below, float("inf")),
            (conversation.repair, float("-inf"), conversation.repair_below),
        ):
            ends = list(_clipped(conversation, piece, repair, low, high))
            if len(ends) == 2:
                points += [*ends, None]
    return points


def _clipped(
    conversation: Conversation, piece: Piece, repair: float, low: float, high: float
) -> Iterator[tuple[float, float]]:
    """Both ends of one piece of the null-cline, as far as the own score lies from low to high; or nothing."""
    steep = piece.slope / (1 - conversation.inertia)
    base = (conversation.drift + repair + piece.intercept) / (1 - conversation.inertia)
    if steep == 0:
        if low <= base < high:
            yield piece.low, base
            yield piece.high, base
        return
    start, end = max(piece.low, (low - base) / steep), min(piece.high, (high - base) / steep)
    if start < end:
        yield start, base + steep * start
        yield end, base + steep * end


def simulate(
    influence: str, rupture: float, repair: float, repair_below: float, hurt: float, inertia: float
) -> Result:
    """Thirty turns from where both are in touch, with a rupture early on; and the basins of the same conversation."""
    talk = Conversation((1 - inertia) * SET_POINT, inertia, influence, hurt, repair, repair_below)
    if influence == "bilinear":
        start = influenced_steady_state(
            (talk.drift, talk.drift), (inertia, inertia), (WARM_SLOPE, WARM_SLOPE)
        )
    else:
        top = (talk.drift + WARM_STEP) / (1 - inertia)
        start = (top, top)
    path = [start]
    for turn in range(TURNS):
        struck = RUPTURE_FROM <= turn < RUPTURE_FROM + RUPTURE_TURNS
        path.append(talk.turn(path[-1], -rupture if struck else 0.0))
    after = RUPTURE_FROM + RUPTURE_TURNS
    # A repair works on the turn after the one that calls for it.
    called = [sum(repair > 0 and score < repair_below for score in pair) for pair in path]
    unaided = [path[RUPTURE_FROM]]
    alone = Conversation(talk.drift, inertia, influence, hurt, 0.0, repair_below)
    for _ in range(RUPTURE_TURNS):
        unaided.append(alone.turn(unaided[-1], -rupture))
    ends, ends_unaided = ending(talk, path[after]), ending(alone, unaided[-1])
    basins = _basins(talk)
    still = null_cline(talk)
    other = [None if point is None else point[0] for point in still]
    own = [None if point is None else point[1] for point in still]
    late = path[-WATCHED:]
    quantities = {
        "start": start[0],
        "lowest_first": min(first for first, _ in path),
        "lowest_second": min(second for _, second in path),
        "end_first": path[-1][0],
        "end_second": path[-1][1],
        "late_low": min(min(pair) for pair in late),
        "late_high": max(max(pair) for pair in late),
        "repairs": float(sum(called)),
        "warm_share": 100 * len(basins["warm"]) / len(GRID) ** 2,
    }
    if ends == "warm":
        apart = [turn for turn, pair in enumerate(path) if min(pair) <= THRESHOLD]
        quantities["turns_apart"] = float(max(0, apart[-1] + 1 - RUPTURE_FROM)) if apart else 0.0
    return {
        "series": {
            "turn": [float(turn) for turn in range(TURNS + 1)],
            "first": [first for first, _ in path],
            "second": [second for _, second in path],
            "repairs": [float(count) for count in called],
            "struck_first": [path[after][0]],
            "struck_second": [path[after][1]],
            "struck_turn": [float(after)],
            "line_turn": [0.0, float(TURNS)],
            "line_repair": [repair_below, repair_below],
            "still_own": own,
            "still_other": other,
            **{
                f"{name}_{person}": [pair[index] for pair in pairs]
                for name, pairs in basins.items()
                for index, person in enumerate(("first", "second"))
            },
        },
        "quantities": quantities,
        "regime": _regime(ends, ends_unaided, sum(called)),
    }


def _basins(conversation: Conversation) -> dict[str, list[Scores]]:
    """The scores of the grid by where a conversation from them ends."""
    ends: dict[Scores, str] = {}
    basins: dict[str, list[Scores]] = {"warm": [], "cold": [], "swings": []}
    for first in GRID:
        for second in GRID:
            # Both are alike, so what holds for one order of scores holds for the other.
            end = ends.get((second, first)) or ending(conversation, (first, second))
            ends[first, second] = end
            basins[end].append((first, second))
    return basins


def _regime(ends: str, ends_unaided: str, called: int) -> str:
    if ends == "warm":
        if not called:
            return "returns-unaided"
        return "returns-sooner" if ends_unaided == "warm" else "returns-with-repair"
    if ends == "swings":
        return "swings-with-repair" if called else "swings"
    return "stuck-despite-repair" if called else "stuck"


MODEL = Model(
    equations=simulate,
    domain={
        "influence": Choice(("ojive", "bilinear")),
        "rupture": Range(0, 1.2),
        "repair": Range(0, 0.6),
        "repair_below": Range(-1, 0),
        "hurt": Range(0, 2),
        "inertia": Range(0, 0.7),
    },
    series=(
        "turn",
        "first",
        "second",
        "repairs",
        "struck_first",
        "struck_second",
        "struck_turn",
        "line_turn",
        "line_repair",
        "still_own",
        "still_other",
        "warm_first",
        "warm_second",
        "cold_first",
        "cold_second",
        "swings_first",
        "swings_second",
    ),
    quantities=(
        "start",
        "lowest_first",
        "lowest_second",
        "end_first",
        "end_second",
        "late_low",
        "late_high",
        "repairs",
        "warm_share",
        "turns_apart",
    ),
    regimes=(
        "returns-unaided",
        "returns-sooner",
        "returns-with-repair",
        "swings",
        "swings-with-repair",
        "stuck",
        "stuck-despite-repair",
    ),
    source=("cook1995mathematics", "gottman2002mathematics"),
)
