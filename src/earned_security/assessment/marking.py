"""Marking: from an item, its key and a response to points. Pure; never raises.

The published rules of partial credit, each as the share of the item's points that is earned:

==================  ======================================================================================
choose-one          all for the key's option, else nothing
choose-many,        (right picks - wrong picks) / number of right options, never below nothing
mark-passages
match, classify     entries paired rightly / number of entries
order               pairs in the key's order / pairs in the key; nothing if a safety step is out of place
scale               all within the tolerance, half within twice the tolerance, else nothing
numeric             all within the tolerance, else nothing
free-text           read and marked by a person
==================  ======================================================================================

Points are rounded to the nearest hundredth. What is not an answer to the item (a wrong type, an id that the
item does not have, an option named twice) earns nothing, with the reason.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from earned_security.assessment.items import Item, Key

BY_HAND = ("free-text",)


@dataclass(frozen=True)
class Mark:
    """What a response earns.

    ``points`` is from 0 to ``maximum``. ``reason`` says why, in words that do not give the key away.
    ``details``: ``answered``, what was answered, line by line; ``by_hand``, whether a person marks it.
    """

    points: float
    maximum: float
    reason: str
    details: Mapping[str, Any] = field(default_factory=dict)


class _NotAnAnswer(ValueError):
    """The response does not fit the item; the message says how."""


@dataclass(frozen=True)
class _Share:
    share: float
    reason: str
    answered: tuple[str, ...]


def mark(item: Item, key: Key, response: Any) -> Mark:
    """What a response earns. Whatever it is, the result is a mark from 0 to the item's points.

    Args:
        response: by type an option id; a list of ids; a mapping from entry to option; a number; a text; None
            where nothing was answered.
    """
    maximum = _maximum(item)
    by_hand = item.type in BY_HAND
    try:
        if response is None or (isinstance(response, str | list | dict) and not _filled(response)):
            raise _NotAnAnswer("No answer was given.")
        rule = _RULES.get(item.type)
        if rule is None:
            raise _NotAnAnswer(f"Items of the type {item.type} are not marked yet.")
        earned = rule(item, key.value, response)
    except _NotAnAnswer as error:
        return Mark(0.0, maximum, str(error), {"answered": (), "by_hand": False})
    except Exception as error:  # a key that does not fit its item must not stop the marking of a class
        reason = (
            f"This item could not be marked ({type(error).__name__}); its entry in the bank needs a look."
        )
        return Mark(0.0, maximum, reason, {"answered": (), "by_hand": False})
    share = min(max(earned.share, 0.0), 1.0)
    points = maximum if share == 1.0 else min(round(maximum * share, 2), maximum)
    return Mark(points, maximum, earned.reason, {"answered": earned.answered, "by_hand": by_hand})


def _maximum(item: Item) -> float:
    try:
        points = float(item.points)
    except (TypeError, ValueError):
        return 0.0
    return points if math.isfinite(points) and points > 0 else 0.0


def _filled(response: Any) -> bool:
    return bool(response.strip()) if isinstance(response, str) else bool(response)


def _line(text: Any) -> str:
    return " ".join(str(text).split())


def _odd(value: Any) -> str:
    """A value that does not belong, shown short and harmless."""
    try:
        shown = ascii(value)
    except Exception:
        return "something unreadable"
    return shown if len(shown) <= 40 else f"{shown[:40]}..."


def _ids(response: Any, known: Mapping[str, str], noun: str) -> list[str]:
    if not isinstance(response, list):
        raise _NotAnAnswer(f"The answer is not a list of {noun}s.")
    for chosen in response:
        if not isinstance(chosen, str) or chosen not in known:
            raise _NotAnAnswer(f"The answer names a {noun} that this item does not have: {_odd(chosen)}.")
    if len(set(response)) != len(response):
        raise _NotAnAnswer(f"The answer names a {noun} twice.")
    return list(response)


def _number(response: Any) -> float:
    if isinstance(response, bool) or not isinstance(response, int | float) or not math.isfinite(response):
        raise _NotAnAnswer(f"The answer is not a number: {_odd(response)}.")
    return float(response)


def choose_one(item: Item, key: Any, response: Any) -> _Share:
    """All points for the key's option, else nothing."""
    options = item.texts("options")
    if not isinstance(response, str) or response not in options:
        raise _NotAnAnswer(f"The answer is not one of the options: {_odd(response)}.")
    right = response == key
    reason = "This is the answer looked for." if right else "Another option is the answer looked for."
    return _Share(float(right), reason, (_line(options[response]),))


def _picks(item: Item, key: Sequence[str], response: Any, part_field: str, noun: str) -> _Share:
    texts = item.texts(part_field)
    chosen = _ids(response, texts, noun)
    hits = len(set(chosen) & set(key))
    wrong = len(chosen) - hits
    reason = f"{hits} of {len(key)} {noun}s looked for"
    reason += (
        f", and {wrong} that {'was' if wrong == 1 else 'were'} not; each of these takes one off."
        if wrong
        else "."
    )
    return _Share(
        (hits - wrong) / len(key), reason, tuple(_line(texts[part]) for part in texts if part in chosen)
    )


def choose_many(item: Item, key: Any, response: Any) -> _Share:
    """(right picks - wrong picks) / number of right options, never below nothing."""
    return _picks(item, key, response, "options", "option")


def mark_passages(item: Item, key: Any, response: Any) -> _Share:
    """(right picks - wrong picks) / number of right passages, never below nothing."""
    return _picks(item, key, response, "passages", "passage")


def pair(item: Item, key: Any, response: Any) -> _Share:
    """Entries paired rightly / number of entries."""
    entries, options = item.texts("entries"), item.texts("options")
    if not isinstance(response, dict):
        raise _NotAnAnswer("The answer does not pair entries with options.")
    for entry, option in response.items():
        if not isinstance(entry, str) or entry not in entries:
            raise _NotAnAnswer(f"The answer names an entry that this item does not have: {_odd(entry)}.")
        if option is not None and (not isinstance(option, str) or option not in options):
            raise _NotAnAnswer(f"The answer names an option that this item does not have: {_odd(option)}.")
    paired = {entry: option for entry, option in response.items() if option is not None}
    right = sum(paired.get(entry) == key[entry] for entry in entries)
    answered = tuple(f"{_line(entries[e])} → {_line(options[paired[e]])}" for e in entries if e in paired)
    if not answered:
        raise _NotAnAnswer("No answer was given.")
    return _Share(right / len(entries), f"{right} of {len(entries)} placed as looked for.", answered)


def order(item: Item, key: Any, response: Any) -> _Share:
    """Pairs in the key's order / pairs in the key; nothing if a safety step is out of place.

    A safety step is out of place when any pair of the key that it belongs to is reversed.
    """
    options = item.texts("options")
    chosen = _ids(response, options, "step")
    if len(chosen) != len(options):
        raise _NotAnAnswer(f"The answer orders {len(chosen)} of {len(options)} steps.")
    place = {step: index for index, step in enumerate(chosen)}
    reversed_pairs = [(first, then) for first, then in key["before"] if place[first] > place[then]]
    answered = tuple(f"{index}. {_line(options[step])}" for index, step in enumerate(chosen, start=1))
    safety = set(key.get("safety", ()))
    if any(safety & set(steps) for steps in reversed_pairs):
        return _Share(0.0, "A step that keeps people safe is out of place, so this earns nothing.", answered)
    kept, pairs = len(key["before"]) - len(reversed_pairs), len(key["before"])
    return _Share(kept / pairs, f"{kept} of {pairs} pairs of steps stand in the order looked for.", answered)


def _within(key: Any, number: float, tolerances: int) -> bool:
    slack = 1e-9 * max(1.0, abs(key["value"]))  # 0.1 + 0.2 is as good as 0.3
    return bool(abs(number - key["value"]) <= tolerances * key["tolerance"] + slack)


def scale(item: Item, key: Any, response: Any) -> _Share:
    """All points within the tolerance, half within twice the tolerance, else nothing."""
    number = _number(response)
    ends = item.content["scale"]
    if not ends["min"] <= number <= ends["max"]:
        raise _NotAnAnswer(f"The answer is not on the scale: {_odd(response)}.")
    answered = (f"{number:g} on a scale from {ends['min']:g} to {ends['max']:g}",)
    if _within(key, number, 1):
        return _Share(1.0, "This is in the range looked for.", answered)
    if _within(key, number, 2):
        return _Share(0.5, "This is near the range looked for.", answered)
    return _Share(0.0, "This is outside the range looked for.", answered)


def numeric(item: Item, key: Any, response: Any) -> _Share:
    """All points within the tolerance, else nothing."""
    number = _number(response)
    right = _within(key, number, 1)
    reason = "This is the number looked for." if right else "This is not the number looked for."
    return _Share(float(right), reason, (f"{number:g} {item.content.get('unit') or ''}".strip(),))


def free_text(item: Item, key: Any, response: Any) -> _Share:
    """Nothing by itself: a person reads it and gives the points."""
    if not isinstance(response, str):
        raise _NotAnAnswer("The answer is not a text.")
    return _Share(0.0, "This is read and marked by a person.", (response,))


_RULES: dict[str, Callable[[Item, Any, Any], _Share]] = {
    "choose-one": choose_one,
    "choose-many": choose_many,
    "match": pair,
    "classify": pair,
    "order": order,
    "scale": scale,
    "numeric": numeric,
    "mark-passages": mark_passages,
    "free-text": free_text,
}
