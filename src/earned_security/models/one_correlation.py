"""What one correlation can tell about one person: the standard bivariate normal distribution, exactly.

Two measures in standard deviations from their averages, correlated ``r``. Textbook identities:

- above average on both, of those above on the first: ``1/2 + asin(r)/pi`` (Sheppard's theorem);
- at ``x`` on the first: the second is normal with mean ``r x`` and standard deviation ``sqrt(1 - r^2)``;
- so 95 of 100 people there lie within ``r x +- 1.96 sqrt(1 - r^2)``, and the mean of a group of ``n`` of
  them within ``r x +- 1.96 sqrt((1 - r^2) / n)`` in 95 of 100 such groups.

Drawn points come from a multiplicative congruential generator (Park and Miller's 16807 modulo 2^31 - 1) and
the Box-Muller transform, so that every implementation draws the same people.

Limits: ``r`` is taken as known, measures as free of error, both as normal, the link as a straight line.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

from earned_security.models.model import Model, Range, Result

NINETY_FIVE = 1.96
"""Standard deviations either side of the mean that hold 95 of 100 in a normal distribution."""
_EDGES = [-4 + 0.5 * step for step in range(17)]


def above_of_100(r: float) -> float:
    """Of 100 people above average on one measure, how many are above average on the other."""
    return 50 + 100 * math.asin(r) / math.pi


def spread(r: float) -> float:
    """The standard deviation of the second measure among people alike on the first; 1 without a correlation."""
    return math.sqrt(1 - r * r)


def below(z: float) -> float:
    """The share of a standard normal distribution below ``z``: Marsaglia's series (2004), exact to rounding."""
    if abs(z) > 8:
        return 0.0 if z < 0 else 1.0
    total, term, place = 0.0, abs(z), 1
    while total + term != total:
        total += term
        place += 2
        term *= z * z / place
    half = total * math.exp(-z * z / 2) / math.sqrt(2 * math.pi)
    return 0.5 + half if z > 0 else 0.5 - half


def uniforms(sample: int) -> Iterator[float]:
    """Numbers between 0 and 1, ends not included; the same for the same ``sample``, a whole number from 1 to 1000."""
    state = (sample * sample * 69621 + 123456789) % 2147483647  # squared, so that neighbours are unlike
    while True:
        state = state * 16807 % 2147483647
        yield state / 2147483647


def people(r: float, count: int, sample: int) -> list[tuple[float, float]]:
    """``count`` people drawn at random, each with a place on both measures."""
    left, chance = spread(r), uniforms(sample)
    drawn = []
    for _ in range(count):
        radius, angle = math.sqrt(-2 * math.log(next(chance))), 2 * math.pi * next(chance)
        first, other = radius * math.cos(angle), radius * math.sin(angle)
        drawn.append((first, r * first + left * other))
    return drawn


def correlation(points: list[tuple[float, float]]) -> float:
    """Pearson's r of some points; 0 for fewer than two."""
    count = len(points)
    if count < 2:
        return 0.0
    mean_x = sum(x for x, _ in points) / count
    mean_y = sum(y for _, y in points) / count
    across = sum((x - mean_x) * (y - mean_y) for x, y in points)
    square_x = sum((x - mean_x) * (x - mean_x) for x, _ in points)
    square_y = sum((y - mean_y) * (y - mean_y) for _, y in points)
    return across / math.sqrt(square_x * square_y)


def simulate(r: float, place: float, group: int, count: int, sample: int) -> Result:
    """A person at ``place`` on the first measure, a group of such people, and ``count`` people drawn.

    The guess that is counted: above average on the second where the first points that way, else below.
    """
    drawn = people(r, int(count), int(sample))
    sign = -1 if r < 0 else 1
    right = [point for point in drawn if (sign * point[0] > 0) == (point[1] > 0)]
    wrong = [point for point in drawn if (sign * point[0] > 0) != (point[1] > 0)]
    left, expected = spread(r), r * place
    error = left / math.sqrt(group)
    person = (expected - NINETY_FIVE * left, expected + NINETY_FIVE * left)
    mean = (expected - NINETY_FIVE * error, expected + NINETY_FIVE * error)

    values = [-4 + step / 20 for step in range(161)]
    everyone = [_density(value, 0.0, 1.0) for value in values]
    alike = [_density(value, expected, left) for value in values]
    highest = 1 / (left * math.sqrt(2 * math.pi))
    return {
        "series": {
            "bin_from": list(_EDGES[:-1]),
            "bin_to": list(_EDGES[1:]),
            "bin_everyone": _shares(0.0, 1.0),
            "bin_alike": _shares(expected, left),
            "bin_means": _shares(expected, error),
            "bin_drawn": [float(sum(low <= y < high for _, y in drawn)) for low, high in pairwise(_EDGES)],
            "right_first": [x for x, _ in right],
            "right_second": [y for _, y in right],
            "wrong_first": [x for x, _ in wrong],
            "wrong_second": [y for _, y in wrong],
            "line_first": [-4.0, 4.0],
            "line_second": [-4.0 * r, 4.0 * r],
            "person_first": [float(place), float(place)],
            "person_second": list(person),
            "value": list(values),
            "everyone": list(everyone),
            "alike": list(alike),
            "range_value": list(person),
            "range_height": [-0.14 * highest, -0.14 * highest],
            "mean_value": list(mean),
            "mean_height": [-0.3 * highest, -0.3 * highest],
        },
        "quantities": {
            "above": above_of_100(r),
            "guessed_right": above_of_100(abs(r)),
            "explained": 100 * r * r,
            "spread": left,
            "spread_percent": 100 * left,
            "expected": expected,
            "person_low": person[0],
            "person_high": person[1],
            "group_low": mean[0],
            "group_high": mean[1],
            "likely_above": 100 * below(expected / left),
            "wrong": float(len(wrong)),
            "sample_r": correlation(drawn),
        },
        "regime": _regime(abs(expected), left, error),
    }


def _density(value: float, mean: float, deviation: float) -> float:
    z = (value - mean) / deviation
    return math.exp(-z * z / 2) / (deviation * math.sqrt(2 * math.pi))


def _shares(mean: float, deviation: float) -> list[float | None]:
    """Percent of a normal distribution in each bin."""
    cumulated = [below((edge - mean) / deviation) for edge in _EDGES]
    return [100 * (high - low) for low, high in pairwise(cumulated)]


def _regime(distance: float, left: float, error: float) -> str:
    """What tells the side of the average: nothing, only a group's mean, or one person's range too."""
    if distance <= NINETY_FIVE * error:
        return "neither"
    return "group-only" if distance <= NINETY_FIVE * left else "person-too"


MODEL = Model(
    equations=simulate,
    domain={
        "r": Range(-0.95, 0.95),
        "place": Range(-3, 3),
        "group": Range(2, 1000, whole=True),
        "count": Range(20, 500, whole=True),
        "sample": Range(1, 1000, whole=True),
    },
    series=(
        "bin_from",
        "bin_to",
        "bin_everyone",
        "bin_alike",
        "bin_means",
        "bin_drawn",
        "right_first",
        "right_second",
        "wrong_first",
        "wrong_second",
        "line_first",
        "line_second",
        "person_first",
        "person_second",
        "value",
        "everyone",
        "alike",
        "range_value",
        "range_height",
        "mean_value",
        "mean_height",
    ),
    quantities=(
        "above",
        "guessed_right",
        "explained",
        "spread",
        "spread_percent",
        "expected",
        "person_low",
        "person_high",
        "group_low",
        "group_high",
        "likely_above",
        "wrong",
        "sample_r",
    ),
    regimes=("neither", "group-only", "person-too"),
    source=(),
)
