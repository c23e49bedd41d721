"""Where a series peaks."""

from __future__ import annotations

from collections.abc import Sequence


def peaks(values: Sequence[float], first: int = 0) -> list[float]:
    """Where values peak from ``first`` on, in steps; between the points, by a parabola through three of them."""
    found = []
    for i in range(max(first, 1), len(values) - 1):
        before, here, after = values[i - 1 : i + 2]
        if before < here >= after:
            found.append(i + 0.5 * (before - after) / (before - 2 * here + after))
    return found
