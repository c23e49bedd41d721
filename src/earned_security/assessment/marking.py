"""Marking: from an item, its key and a response to points. Pure; never raises.

Each type has one rule, a function below; ``rules.py`` says the same to trainees.

Points are rounded to the nearest hundredth. What is not an answer to the item (a wrong type, an id that the
item does not have, an option named twice) earns nothing, with the reason.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from earned_security import cases
from earned_security.assessment.items import Item, Key

BY_HAND = ("free-text",)
DROPPED = "dropped for all"  # with spaces, as no id of an entry has; the key of an item that was taken out


@dataclass(frozen=True)
class Mark:
    """What a response earns.

    ``points`` is from 0 to ``maximum``. ``reason`` says why, in words that do not give the key away.
    ``details``: ``answered``, what was answered, line by line; ``by_hand``, whether a person marks it;
    ``failed``, present and true where the key does not fit its item, so that 0 is no mark.
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
    by_hand: bool = False


def is_dropped(value: Any) -> bool:
    """Whether the value of a key says that its item was taken out."""
    return isinstance(value, Mapping) and DROPPED in value


def mark(item: Item, key: Key, response: Any) -> Mark:
    """What a response earns. Whatever it is, the result is a mark from 0 to the item's points.

    Args:
        response: by type an option id; a list of ids; a mapping from entry to option; a number; a text; None
            where nothing was answered. For a played case what :func:`earned_security.cases.to_stored` gives,
            or ``{"alternative": text}``.
    """
    maximum = _maximum(item)
    if is_dropped(key.value):
        reason = "Everybody gets its points." if maximum else "It counts for nobody."
        return Mark(
            maximum, maximum, f"This question was taken out. {reason}", {"answered": (), "by_hand": False}
        )
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
        return Mark(0.0, maximum, reason, {"answered": (), "by_hand": False, "failed": True})
    share = min(max(earned.share, 0.0), 1.0)
    points = maximum if share == 1.0 else min(round(maximum * share, 2), maximum)
    return Mark(points, maximum, earned.reason, {"answered": earned.answered, "by_hand": earned.by_hand})


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
    return _Share(0.0, "This is read and marked by a person.", (response,), by_hand=True)


def play_case(item: Item, key: Any, response: Any) -> _Share:
    """The rule of :func:`played` for the item's case; where the written alternative was chosen, a person marks."""
    if isinstance(response, dict) and "alternative" in response and "alternative" in item.content:
        if not _filled(response["alternative"]):
            raise _NotAnAnswer("No answer was given.")
        return free_text(item, key, response["alternative"])
    return played(_case(item.content["case"]), item.content["rules"]["repair"], response)


def played(case: cases.Case, repair: float, response: Any) -> _Share:
    """Decisions that were preferred or defensible / all decisions; ``repair`` of it is for ruptures repaired.

    Every scene is one decision, and the least good choice made there counts. A rupture is repaired then or
    later; on a path that met none, decisions earn everything. Nothing where a choice failed safety, even if it
    was put right afterwards, and nothing before the case has come to an ending.

    Args:
        case: the stored path is played again in it.
        repair: the share of the points that is for repair, 0 to 1.
    """
    play, problem = cases.from_stored(case, response)
    if play is None:
        long = "The saved path cannot be followed in this version of the case."
        raise _NotAnAnswer(problem if len(problem) < 150 else long)
    looked_at = cases.debrief(case, play)
    if not looked_at.decisions:
        raise _NotAnAnswer("No answer was given.")
    answered = tuple(_said(case, decision) for decision in looked_at.decisions)
    if looked_at.ending is None:
        return _Share(0.0, "The case was not played to an ending, so this earns nothing yet.", answered)
    if any(decision.stopped for decision in looked_at.decisions):
        return _Share(0.0, "A choice on this path failed safety, so this earns nothing.", answered)
    poor = {decision.scene for decision in looked_at.decisions if decision.quality == "poor"}
    scenes = {decision.scene for decision in looked_at.decisions}
    share = 1 - len(poor) / len(scenes)
    reason = f"{len(scenes) - len(poor)} of {len(scenes)} decisions were preferred or defensible"
    if looked_at.ruptures:
        ruptures = len(looked_at.ruptures)
        repaired = sum(rupture.outcome != "missed" for rupture in looked_at.ruptures)
        share = (1 - repair) * share + repair * repaired / ruptures
        reason += (
            f", and {repaired} of {ruptures} {'rupture was' if ruptures == 1 else 'ruptures were'} repaired"
        )
    return _Share(share, f"{reason}.", answered)


def _said(case: cases.Case, decision: Any) -> str:
    scene = case.scenes[decision.scene]
    option = next(option for option in scene.options if option.id == decision.option)
    return f"{_line(scene.title)} → {_line(option.text)}"


@lru_cache(maxsize=16)
def _case(case_id: str) -> cases.Case:
    return cases.load(case_id)


_RULES: dict[str, Callable[[Item, Any, Any], _Share]] = {
    "choose-one": choose_one,
    "choose-many": choose_many,
    "match": pair,
    "classify": pair,
    "order": order,
    "scale": scale,
    "numeric": numeric,
    "mark-passages": mark_passages,
    "play-case": play_case,
    "free-text": free_text,
}
