"""Two predictors of one outcome: what they explain together, from three correlations.

The squared multiple correlation of two predictors, a textbook identity of linear regression, exact::

    R^2 = (r1^2 + r2^2 - 2 r1 r2 r12) / (1 - r12^2)

Own part of the first: ``R^2 - r2^2 = (r1 - r2 r12)^2 / (1 - r12^2)``, the squared semipartial correlation.
Shared (commonality analysis): ``r1^2 + r2^2 - R^2``; below 0 where two predictors explain more together than
one by one (suppression). Three correlations can exist together only where the determinant of their
matrix is not negative: ``1 - r1^2 - r2^2 - r12^2 + 2 r1 r2 r12 >= 0``.

Limits: straight lines only; shares of variance, not of people and not of causes; correlations taken as known.
"""

from __future__ import annotations

import math

from earned_security.models.model import Model, Range, Result

LITTLE = 0.005
"""Below this share of variance, what one predictor adds counts as hardly anything. Drawn for teaching."""
NOTHING = 0.0005
"""A shared part smaller than this, either way, counts as none."""


def possible(first: float, second: float, overlap: float) -> bool:
    """Whether three correlations, each -1 to 1, can exist together."""
    squares = first * first + second * second + overlap * overlap
    return 1 - squares + 2 * first * second * overlap >= -1e-9


def overlap_limits(first: float, second: float) -> tuple[float, float]:
    """The lowest and highest correlation that two predictors with these correlations can have."""
    width = math.sqrt((1 - first * first) * (1 - second * second))
    return first * second - width, first * second + width


def explained(first: float, second: float, overlap: float) -> float:
    """R squared, 0 to 1.

    Args:
        first, second: each predictor's correlation with the outcome.
        overlap: the predictors' correlation with each other; not -1 or 1.

    Raises:
        ValueError: no such three correlations can exist together.
    """
    if not possible(first, second, overlap):
        raise ValueError("No such three correlations can exist together; move one of them towards 0.")
    own = own_part(first, second, overlap)
    return min(1.0, second * second + own)


def own_part(first: float, second: float, overlap: float) -> float:
    """What the first predictor explains beyond the second: its squared semipartial correlation."""
    beyond = first - second * overlap
    return beyond * beyond / (1 - overlap * overlap)


def simulate(first: float, second: float, overlap: float) -> Result:
    """Alone, shared and own parts in percent of the outcome's variance; and R squared at other overlaps."""
    alone_first, alone_second = 100 * first * first, 100 * second * second
    added = alone_first + alone_second
    lowest, highest = overlap_limits(first, second)
    quantities = {
        "alone_first": alone_first,
        "alone_second": alone_second,
        "added": added,
        "sum_of_r": first + second,
        "lowest_overlap": lowest,
        "highest_overlap": highest,
    }
    series: dict[str, list[float | None]] = {
        "row": [1.0, 2.0, 3.0, 4.0],
        "row_r": [float(first), float(second), None, first + second],
        "row_explained": [alone_first, alone_second, None, added],
        "row_own": [None, None, None, None],
        "whole_across": _box(0.0, 100.0, 0.0, 1.0)[0],
        "whole_up": _box(0.0, 100.0, 0.0, 1.0)[1],
        "added_across": _box(0.0, added, 0.6, 1.4)[0],
        "added_up": _box(0.0, added, 0.6, 1.4)[1],
        "simple_overlap": [-0.95, 0.95],
        "simple_explained": [added, added],
    }
    if not possible(first, second, overlap):
        regime, top = "impossible", 2 * added
        boxes: dict[str, tuple[float, float, float, float]] = {}
        series |= {"now_overlap": [], "now_explained": []}
        series |= {"never_overlap": [float(overlap)], "never_explained": [0.0]}
        series |= {"word_across": [added / 2], "word_up": [3.0]}
    else:
        together = 100 * explained(first, second, overlap)
        own_first = 100 * own_part(first, second, overlap)
        own_second = 100 * own_part(second, first, overlap)
        shared = added - together
        top = max(2 * added, 1.15 * together)
        regime = _regime(together, shared, min(own_first, own_second))
        quantities |= {
            "together": together,
            "own_first": own_first,
            "own_second": own_second,
            "shared": shared,
            "gained": -shared,
            "unexplained": 100 - together,
            "multiple_r": math.sqrt(together / 100),
        }
        series["row_r"][2] = quantities["multiple_r"]
        series["row_explained"][2] = together
        series["row_own"] = [own_first, own_second, None, None]
        boxes = {
            "explained": (0.0, together, 0.0, 1.0),
            "first": (0.0, alone_first, 3.6, 4.4),
            "second": (together - alone_second, together, 2.6, 3.4),
            "together": (0.0, together, 1.6, 2.4),
        }
        # Where shared, the two rows lie over each other; where they gain together, a gap lies between them.
        if shared > 0:
            boxes["shared"] = (alone_first - shared, alone_first, 2.6, 4.4)
        elif shared < 0:
            boxes["gained"] = (alone_first, alone_first - shared, 2.6, 4.4)
        series |= {"now_overlap": [float(overlap)], "now_explained": [together]}
        series |= {"never_overlap": [], "never_explained": [], "word_across": [], "word_up": []}
    for name in ("explained", "first", "second", "together", "shared", "gained"):
        across, up = _box(*boxes[name]) if name in boxes else ([], [])
        series |= {f"{name}_across": across, f"{name}_up": up}
    edge = 1.04 * max(added, quantities.get("together", 0.0))
    series |= {"edge_across": [0.0, edge], "edge_up": [0.6, 0.6], **_curve(first, second, top)}
    return {"series": series, "quantities": quantities, "regime": regime}


def _box(left: float, right: float, low: float, high: float) -> tuple[list[float | None], list[float | None]]:
    """A closed rectangle."""
    return [left, right, right, left, left], [low, low, high, high, low]


def _curve(first: float, second: float, top: float) -> dict[str, list[float | None]]:
    """R squared in percent at overlaps from -.95 to .95; None where impossible or above ``top``."""
    overlaps = [step / 100 for step in range(-95, 96)]
    values: list[float | None] = []
    for overlap in overlaps:
        value = 100 * explained(first, second, overlap) if possible(first, second, overlap) else None
        values.append(value if value is not None and value <= top else None)
    return {"curve_overlap": list(overlaps), "curve_explained": values}


def _regime(together: float, shared: float, least: float) -> str:
    if together < 100 * NOTHING:
        return "nothing"
    if abs(shared) < 100 * NOTHING:
        return "adds-up"
    if shared < 0:
        return "more-together"
    return "adds-little" if least < 100 * LITTLE else "shares"


_CORRELATION = Range(-0.95, 0.95)
_BOXES = ("whole", "explained", "first", "second", "together", "added", "shared", "gained", "word", "edge")
_POINTS = ("now", "never", "curve", "simple")

MODEL = Model(
    equations=simulate,
    domain={"first": _CORRELATION, "second": _CORRELATION, "overlap": _CORRELATION},
    series=(
        "row",
        "row_r",
        "row_explained",
        "row_own",
        *(f"{name}_{side}" for name in _BOXES for side in ("across", "up")),
        *(f"{name}_{side}" for name in _POINTS for side in ("overlap", "explained")),
    ),
    quantities=(
        "alone_first",
        "alone_second",
        "added",
        "sum_of_r",
        "lowest_overlap",
        "highest_overlap",
        "together",
        "own_first",
        "own_second",
        "shared",
        "gained",
        "unexplained",
        "multiple_r",
    ),
    regimes=("impossible", "nothing", "adds-up", "more-together", "adds-little", "shares"),
    source=(),
)
