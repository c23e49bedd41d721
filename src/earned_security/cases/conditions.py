"""Conditions of a case: on the four values, or on what was chosen earlier.

A condition is the mapping that the author wrote: ``{chosen: "c1d4/own-it"}`` (or a list: any of them),
``{value: trust, at_least: 1}``, ``{value: client_arousal, at_most: -2}``, ``{all: [...]}``,
``{any: [...]}`` or ``{not: ...}``. The page's twin reads the same mapping.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

Condition = Mapping[str, Any]


def holds(condition: Condition | None, values: Mapping[str, int], chosen: Collection[str]) -> bool:
    """Whether a condition is true now.

    Args:
        condition: ``None`` is always true.
        values: the four values by name, -6 to 6.
        chosen: every choice so far, as ``"scene/option"``.
    """
    if condition is None:
        return True
    if "chosen" in condition:
        return any(choice in chosen for choice in choices(condition))
    if "value" in condition:
        value = values[condition["value"]]
        at_least, at_most = condition.get("at_least", value), condition.get("at_most", value)
        return bool(at_least <= value <= at_most)
    if "all" in condition:
        return all(holds(part, values, chosen) for part in condition["all"])
    if "any" in condition:
        return any(holds(part, values, chosen) for part in condition["any"])
    return not holds(condition["not"], values, chosen)


def choices(condition: Condition) -> list[str]:
    """The choices that one ``chosen`` condition names."""
    named = condition["chosen"]
    return [named] if isinstance(named, str) else list(named)


def parts(condition: Condition | None) -> Iterator[Condition]:
    """The condition and every condition inside it."""
    if condition is None:
        return
    yield condition
    for inner in (*condition.get("all", ()), *condition.get("any", ()), condition.get("not")):
        yield from parts(inner)


def mistake(condition: Condition) -> str | None:
    """What is wrong with the shape of a condition (not with the parts inside it), in words."""
    kinds = [kind for kind in ("chosen", "value", "all", "any", "not") if kind in condition]
    if len(kinds) != 1:
        return "A condition has exactly one of chosen, value, all, any or not."
    bounded = "at_least" in condition or "at_most" in condition
    if kinds == ["value"] and not bounded:
        return "A condition on a value needs at_least or at_most."
    if kinds != ["value"] and bounded:
        return "at_least and at_most belong to a condition on a value."
    return None
