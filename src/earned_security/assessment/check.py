"""Mistakes in items: in the self-checks that everybody sees, and in the bank of graded items."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from earned_security.assessment.items import CHOICES, ID, PAIRINGS, TYPES, parts_field
from earned_security.cases import case_ids
from earned_security.curriculum import source
from earned_security.curriculum.source import ContentError, Document, KeyPath, Problem

LONGEST_ID = 60  # a notebook's cell takes 64 characters


@dataclass
class _Known:
    """What items may refer to; None where that file cannot be read, which its own room reports."""

    claims: set[str] | None
    objectives: set[str] | None
    ids: dict[str, str] = field(default_factory=dict)


def problems(bank: Path | None = None) -> list[Problem]:
    """Every mistake in ``curriculum/data/self-checks`` and in the bank.

    Args:
        bank: the folder with the graded items; left out where None or missing.
    """
    known = _Known(_claims(), _objectives())
    files = [(path, "item-list") for path in sorted((source.DATA / "self-checks").glob("*.yaml"))]
    if bank:
        files += [(path, "bank") for path in sorted(bank.glob("*.yaml"))]
    found: list[Problem] = []
    for path, schema in files:
        try:
            document = source.read_document(path)
        except ContentError as error:
            found += error.problems
            continue
        by_schema = source.validate(document, schema)
        reported = {(problem.line, problem.message) for problem in by_schema}
        found += by_schema
        found += (p for p in _document(document, known) if not _said(p, reported))
    return found


def _said(problem: Problem, reported: set[tuple[int, str]]) -> bool:
    """Whether the schema has already said of the same entry that this field is missing."""
    start, _, missing = problem.message.partition(" has no ")
    return bool(missing) and any(
        line == problem.line and message.startswith(f"{start} has no ") and missing.split(";")[0] in message
        for line, message in reported
    )


def _claims() -> set[str] | None:
    try:
        return {entry["id"] for entry in source.read("claims")}
    except (ContentError, KeyError, TypeError):
        return None


def _objectives() -> set[str] | None:
    try:
        modules = [source.read(name) for name in source.names("modules")]
        return {objective["id"] for module in modules for objective in module["objectives"]}
    except (ContentError, KeyError, TypeError):
        return None


def _document(document: Document, known: _Known) -> Iterator[Problem]:
    data = document.data
    at: KeyPath = ()
    if isinstance(data, dict):
        data, at = data.get("items"), ("items",)
    if not isinstance(data, list):
        yield document.problem(at, "There is no list of items in this file.")
        return
    for index, entry in enumerate(data):
        if isinstance(entry, dict):
            yield from _item(document, (*at, index), entry, known)
    if isinstance(document.data, dict) and (total := _number(document.data.get("total_points"))) is not None:
        points = [_number(entry.get("points")) or 0.0 for entry in data if isinstance(entry, dict)]
        if not math.isclose(sum(points), total):
            message = f"The items' points add up to {sum(points):g}, not to {total:g}."
            yield document.problem(("total_points",), message)


def _item(document: Document, at: KeyPath, entry: dict[str, Any], known: _Known) -> Iterator[Problem]:
    name = str(entry.get("id", "This item"))
    line = f"{document.path.name}, line {document.line((*at, 'id'))}"
    if not ID.fullmatch(name) or len(name) > LONGEST_ID:
        message = (
            f"'{name}' is not an id: small letters, digits, single hyphens; at most {LONGEST_ID} characters."
        )
        yield document.problem((*at, "id"), message)
    if name in known.ids:
        yield document.problem((*at, "id"), f"'{name}' is an item already: {known.ids[name]}.")
    known.ids.setdefault(name, line)
    points = _number(entry.get("points"))
    if points is None or points <= 0:
        yield document.problem((*at, "points"), f"The points of {name} must be a number above 0.")
    if known.objectives is not None and not _among(entry.get("objective"), known.objectives):
        yield document.problem((*at, "objective"), f"'{entry.get('objective')}' is not a known objective.")
    claims = entry.get("claims")
    for index, claim in enumerate(claims if isinstance(claims, list) else []):
        if known.claims is not None and not _among(claim, known.claims):
            yield document.problem((*at, "claims", index), f"'{claim}' is not a known claim.")
    if entry.get("type") not in TYPES:
        message = f"'{entry.get('type')}' is not a type of item; the types are: {', '.join(TYPES)}."
        yield document.problem((*at, "type"), message)
        return
    yield from _rationales(document, at, entry)
    if entry["type"] not in ("free-text", "play-case") and entry.get("key") in (None, "", [], {}):
        yield document.problem(at, f"{name} has no key; add it.")
        return
    for path, message in _KEYS[entry["type"]](entry):
        yield document.problem((*at, *path), message)


def _rationales(document: Document, at: KeyPath, entry: dict[str, Any]) -> Iterator[Problem]:
    parts = parts_field(entry["type"])
    if parts is None:
        if entry["type"] in ("scale", "numeric") and not _text(entry.get("rationale")):
            yield document.problem(at, f"{entry.get('id')} has no rationale; add it.")
        return
    for field_name in {parts, "options" if entry["type"] in PAIRINGS else parts}:
        seen: set[str] = set()
        for index, part in _parts(entry, field_name):
            if _among(part.get("id"), seen):
                yield document.problem(
                    (*at, field_name, index), f"'{part.get('id')}' stands twice in {field_name}."
                )
            seen.add(str(part.get("id")))
    for index, part in _parts(entry, parts):
        if not _text(part.get("rationale")):
            yield document.problem((*at, parts, index), f"{part.get('id')} has no rationale; add it.")


def _among(name: Any, known: set[str]) -> bool:
    return isinstance(name, str) and name in known


def _text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)


def _parts(entry: Mapping[str, Any], name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    parts = entry.get(name)
    for index, part in enumerate(parts if isinstance(parts, list) else []):
        if isinstance(part, dict):
            yield index, part


def _ids(entry: Mapping[str, Any], name: str) -> set[str]:
    return {str(part.get("id")) for _, part in _parts(entry, name)}


Mistakes = Iterator[tuple[KeyPath, str]]


def _unknown(at: KeyPath, names: Iterable[Any], known: set[str], noun: str) -> Mistakes:
    for name in names:
        if not _among(name, known):
            yield at, f"The key names '{name}', which is not {noun} of this item."


def _one(entry: dict[str, Any]) -> Mistakes:
    yield from _unknown(("key",), [entry["key"]], _ids(entry, "options"), "an option")


def _many(entry: dict[str, Any]) -> Mistakes:
    field_name = parts_field(entry["type"]) or ""
    noun = "an option" if entry["type"] in CHOICES else "a passage"
    if not isinstance(entry["key"], list):
        yield ("key",), "The key must be a list of ids."
        return
    yield from _unknown(("key",), entry["key"], _ids(entry, field_name), noun)
    if len({str(name) for name in entry["key"]}) != len(entry["key"]):
        yield ("key",), "The key names an id twice."


def _pairs(entry: dict[str, Any]) -> Mistakes:
    key = entry["key"]
    if not isinstance(key, dict):
        yield ("key",), "The key must say for each entry which option is right."
        return
    entries = _ids(entry, "entries")
    yield from _unknown(("key",), key, entries, "an entry")
    for name, option in key.items():
        yield from _unknown(("key", name), [option], _ids(entry, "options"), "an option")
    for name in sorted(entries - set(key)):
        yield ("key",), f"The key says nothing about '{name}'."


def _order(entry: dict[str, Any]) -> Mistakes:
    key = entry["key"]
    before = key.get("before") if isinstance(key, dict) else None
    if not isinstance(before, list) or not before:
        yield ("key",), "The key must name pairs of steps under 'before'."
        return
    steps = [str(part.get("id")) for _, part in _parts(entry, "options")]
    pairs = []
    for index, pair in enumerate(before):
        if not isinstance(pair, list) or len(pair) != 2:
            yield (
                ("key", "before", index),
                "Each entry under 'before' is a pair: the first step, then the later one.",
            )
            continue
        yield from _unknown(("key", "before", index), pair, set(steps), "a step")
        pairs.append((str(pair[0]), str(pair[1])))
    safety = key.get("safety", [])
    yield from _unknown(
        ("key", "safety"), safety if isinstance(safety, list) else [safety], set(steps), "a step"
    )
    if not _has_an_order(set(steps), pairs):
        yield ("key", "before"), "The pairs go round in a circle, so that no order is right."
    elif all(steps.index(a) < steps.index(b) for a, b in pairs if a in steps and b in steps):
        yield ("options",), "The steps are listed in a right order already; list them in another."


def _has_an_order(steps: set[str], pairs: list[tuple[str, str]]) -> bool:
    while steps:
        free = steps - {later for first, later in pairs if first in steps}
        if not free:
            return False
        steps = steps - free
    return True


def _value(entry: dict[str, Any]) -> Mistakes:
    key = entry["key"] if isinstance(entry["key"], dict) else {}
    value, tolerance = _number(key.get("value")), _number(key.get("tolerance"))
    if value is None or tolerance is None or tolerance < 0:
        yield ("key",), "The key must give a value and a tolerance of 0 or more."
    elif entry["type"] == "scale":
        ends = entry.get("scale") if isinstance(entry.get("scale"), dict) else {}
        low, high = (_number((ends or {}).get(name)) for name in ("min", "max"))
        if low is None or high is None or low >= high:
            yield ("scale",), "The scale needs a min and a greater max."
        elif not low <= value <= high:
            yield ("key", "value"), f"The key's value {value:g} is not on the scale from {low:g} to {high:g}."


def _case(entry: dict[str, Any]) -> Mistakes:
    if not _among(entry.get("case"), set(case_ids())):
        yield ("case",), f"'{entry.get('case')}' is not a case of the course."
    rules = entry.get("rules") if isinstance(entry.get("rules"), dict) else {}
    repair = _number((rules or {}).get("repair"))
    if repair is None or not 0 <= repair <= 1:
        yield ("rules",), "The rules must say under 'repair' which share of the points is for repair: 0 to 1."


def _rubric(entry: dict[str, Any]) -> Mistakes:
    best = 0.0
    criteria = list(_parts(entry, "rubric"))
    if not criteria:
        yield (), f"{entry.get('id')} has no rubric; add it."
        return
    if not _text(entry.get("model_answer")):
        yield (), f"{entry.get('id')} has no model_answer; add it."
    for index, criterion in criteria:
        levels = [_number(level.get("points")) for _, level in _parts(criterion, "levels")]
        if not levels or any(points is None or points < 0 for points in levels):
            yield ("rubric", index), "Each level of a rubric needs points of 0 or more."
        best += max((points or 0.0 for points in levels), default=0.0)
    points = _number(entry.get("points"))
    if points is not None and not math.isclose(best, points):
        yield ("points",), f"The best levels of the rubric add up to {best:g}, not to {points:g} points."


_KEYS: dict[str, Callable[[dict[str, Any]], Mistakes]] = {
    "choose-one": _one,
    "choose-many": _many,
    "mark-passages": _many,
    "match": _pairs,
    "classify": _pairs,
    "order": _order,
    "scale": _value,
    "numeric": _value,
    "play-case": _case,
    "free-text": _rubric,
}
