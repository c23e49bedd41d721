"""A toy, not from data: two people's arousal, wandering and pulled back, and lines that the reader draws.

Each person's arousal is an Ornstein-Uhlenbeck process::

    da = -k (a - m) dt + s dW + input

a is arousal in made-up units, m = 0 each person's own level, k the pull back per minute (``log 2`` over the half-life), s
the jitter in units per square root of a minute. An input is a jump at one moment. A step in time is exact: a decays by
``exp(-k dt)`` and gains a random part, so that the standard deviation in the long run is exactly ``s / sqrt(2 k)``.

Chance is drawn by Lehmer's generator (modulus ``2**31 - 1``, multiplier 48271) in whole numbers, and a draw is the sum of
twelve uniform numbers less six: mean 0, variance 1, never beyond 6. So a seed gives the same hour everywhere.

Limits: no published equations or validated thresholds exist for a window of tolerance. Both people follow one rule,
nothing passes between them, and neither learns, tires or decides. The lines change no path; they only count it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from earned_security.models.model import Choice, Model, Range, Result

MINUTES = 50
STEP = 0.2
"""Minutes between two moments."""
EVENT, ANSWER = 15, 20
"""Minutes: when something happens, and when the reader's next step comes."""
AFTER = 5
"""Minutes after the next step at which the client is looked at again."""
JUMPS = {
    "no-event": (0.0, 0.0),
    "letter-lifts": (4.0, 0.0),
    "letter-lowers": (-4.0, 0.0),
    "sharp-word": (3.0, 4.0),
}
"""How far what happens moves client and therapist. Made up."""

MODULUS = 2**31 - 1
MULTIPLIER = 48271


def uniforms(seed: int) -> Iterator[int]:
    """Lehmer's generator: whole numbers from 1 to MODULUS - 1, without end.

    Args:
        seed: a whole number from 1; neighbouring seeds start far apart.
    """
    state = (seed * 1103515 + 224737) % MODULUS
    while True:
        state = state * MULTIPLIER % MODULUS
        yield state


def draw(numbers: Iterator[int]) -> float:
    """One draw of mean 0 and variance 1: twelve uniform numbers, added, less six."""
    return sum(next(numbers) for _ in range(12)) / MODULUS - 6


def pull(half_life: float) -> float:
    """k, per minute, from the minutes in which half of a distance is gone."""
    return math.log(2) / half_life


def stationary_sd(k: float, s: float) -> float:
    """The standard deviation in the long run, in units: ``s / sqrt(2 k)``."""
    return s / math.sqrt(2 * k)


def exact_step(k: float, s: float, step: float = STEP) -> tuple[float, float]:
    """What is left of a after ``step`` minutes (a share), and the size of the random part (units)."""
    left = math.exp(-k * step)
    return left, stationary_sd(k, s) * math.sqrt(1 - left * left)


def run(
    k: float, s: float, jumps: dict[int, tuple[float, float]], seed: int, moments: int
) -> tuple[list[float], list[float]]:
    """Both people's arousal, both from 0; ``jumps`` moves (client, therapist) at a moment, counted from 0."""
    left, spread = exact_step(k, s)
    numbers = uniforms(seed)
    client, therapist = [0.0], [0.0]
    for moment in range(1, moments):
        for_client, for_therapist = jumps.get(moment, (0.0, 0.0))
        client.append(client[-1] * left + spread * draw(numbers) + for_client)
        therapist.append(therapist[-1] * left + spread * draw(numbers) + for_therapist)
    return client, therapist


def simulate(
    event: str,
    answer: float,
    client_upper: float,
    client_lower: float,
    therapist_upper: float,
    therapist_lower: float,
    half_life: int,
    jitter: float,
    seed: int,
) -> Result:
    """Fifty minutes. ``event`` comes at minute 15, ``answer`` moves the client at minute 20 (units).

    ``half_life`` (minutes) and ``jitter`` (s) hold for both people.
    """
    k = pull(half_life)
    at = {round(EVENT / STEP): JUMPS[event], round(ANSWER / STEP): (float(answer), 0.0)}
    moments = round(MINUTES / STEP) + 1
    client, therapist = run(k, jitter, at, int(seed), moments)
    time = [moment * 2 / 10 for moment in range(moments)]
    nothing: list[float | None] = [None]

    client_above, client_below = _beyond(client, client_lower, client_upper)
    therapist_above, therapist_below = _beyond(therapist, therapist_lower, therapist_upper)
    client_out = [above or below for above, below in zip(client_above, client_below, strict=True)]
    therapist_out = [above or below for above, below in zip(therapist_above, therapist_below, strict=True)]

    def share(those: list[bool]) -> float:
        return 100 * sum(those) / moments

    def outside(values: list[float], out: list[bool]) -> list[float | None]:
        return [value if one else None for value, one in zip(values, out, strict=True)]

    quantities = {
        "client_outside": share(client_out),
        "client_above": share(client_above),
        "client_below": share(client_below),
        "therapist_outside": share(therapist_out),
        "therapist_above": share(therapist_above),
        "therapist_below": share(therapist_below),
        "both_outside": share([one and other for one, other in zip(client_out, therapist_out, strict=True)]),
        "client_before": client[round(ANSWER / STEP) - 1],
        "client_after": client[round((ANSWER + AFTER) / STEP)],
        "client_highest": max(client),
        "client_lowest": min(client),
        "therapist_highest": max(therapist),
        "therapist_lowest": min(therapist),
        "sd": stationary_sd(k, jitter),
    }
    band = [-1.0, MINUTES + 1.0, MINUTES + 1.0, -1.0, -1.0]  # its ends lie outside the drawing
    happens = None if event == "no-event" else float(EVENT)
    steps = None if answer == 0 else float(ANSWER)
    top = max(client_upper, quantities["client_highest"])
    bottom = min(client_lower, quantities["client_lowest"])
    return {
        "series": {
            "time": [*time],
            "client": [*client],
            "therapist": [*therapist],
            "client_out": outside(client, client_out),
            "therapist_out": outside(therapist, therapist_out),
            "client_upper_line": [float(client_upper)] * moments,
            "client_lower_line": [float(client_lower)] * moments,
            "therapist_upper_line": [float(therapist_upper)] * moments,
            "therapist_lower_line": [float(therapist_lower)] * moments,
            "band_time": [*band],
            "client_band": [*_corners(client_lower, client_upper)],
            "therapist_band": [*_corners(therapist_lower, therapist_upper)],
            "mark_time": [happens, happens, *nothing, steps, steps],
            "mark_height": [bottom, top, *nothing, bottom, top],
            "mark_label_time": [happens, steps],
            "mark_label_height": [top, top],
        },
        "quantities": quantities,
        "regime": _regime(quantities),
    }


def _beyond(values: list[float], lower: float, upper: float) -> tuple[list[bool], list[bool]]:
    """At which moments a value is above, and below, the lines; rounded, so that a touch is inside everywhere."""
    rounded = [math.floor(value * 1e6 + 0.5) / 1e6 for value in values]
    return [value > upper for value in rounded], [value < lower for value in rounded]


def _corners(lower: float, upper: float) -> list[float]:
    return [float(lower), float(lower), float(upper), float(upper), float(lower)]


def _regime(quantities: dict[str, float]) -> str:
    client, therapist = quantities["client_outside"] > 0, quantities["therapist_outside"] > 0
    if client and therapist:
        return "both-outside" if quantities["both_outside"] > 0 else "both-in-turn"
    if client:
        return "client-outside"
    return "therapist-outside" if therapist else "both-inside"


MODEL = Model(
    equations=simulate,
    domain={
        "event": Choice(tuple(JUMPS)),
        "answer": Range(-4, 4),
        "client_upper": Range(0.5, 6),
        "client_lower": Range(-6, -0.5),
        "therapist_upper": Range(0.5, 6),
        "therapist_lower": Range(-6, -0.5),
        "half_life": Range(1, 15, whole=True),
        "jitter": Range(0, 1),
        "seed": Range(1, 1000, whole=True),
    },
    series=(
        "time",
        "client",
        "therapist",
        "client_out",
        "therapist_out",
        "client_upper_line",
        "client_lower_line",
        "therapist_upper_line",
        "therapist_lower_line",
        "band_time",
        "client_band",
        "therapist_band",
        "mark_time",
        "mark_height",
        "mark_label_time",
        "mark_label_height",
    ),
    quantities=(
        "client_outside",
        "client_above",
        "client_below",
        "therapist_outside",
        "therapist_above",
        "therapist_below",
        "both_outside",
        "client_before",
        "client_after",
        "client_highest",
        "client_lowest",
        "therapist_highest",
        "therapist_lowest",
        "sd",
    ),
    regimes=("both-inside", "client-outside", "therapist-outside", "both-in-turn", "both-outside"),
    source=(),  # no published equations exist
)
