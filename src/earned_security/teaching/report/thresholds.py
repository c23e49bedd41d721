"""From how many people on a number is given, and when an item is put up for review.

These thresholds are ours: a judgement, written once, shown on every report. No source prescribes them.
"""

from __future__ import annotations

FOR_A_SUMMARY = 10
"""Learners from which on a class is summed up (a mean, a share); below, one person moves it by 10 % or more."""

FOR_A_CORRELATION = 30
"""Learners from which on correlations, reliability and flags are given; below, their intervals span almost anything."""

FOR_A_GAIN = 10
"""Learners with both tests from which on a gain is given."""

FOR_PATHS = 5
"""Learners from which on the paths through a case are drawn; below, a path points to a person."""

CONFIDENCE = 0.95
"""Of every interval that is shown, and of each one-sided limit by which an item is flagged, but for the next."""

DISCRIMINATION_CONFIDENCE = 0.90
"""Of both limits by which an item is said not to tell learners apart: not shown to be above 0, and shown to be below what
is usual in its assignment for an item as easy. One in ten such items is missed by chance, and one in ten sound ones is
caught by the second alone; the two together are rarer.
"""

ITEMS_FOR_THE_USUAL = 5
"""Items from which on there is something usual in an assignment to hold one of them against."""

NEARLY_ALL = 0.9
"""An item is too easy to tell anybody apart where the limit of the share with all points is above this."""


def too_few(there: int, needed: int, what: str) -> str:
    """Why there is no number."""
    return f"Too few to say: {what} takes {needed} learners, and there are {there}."
