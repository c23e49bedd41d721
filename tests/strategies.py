"""Answers for the tests of marking: honest ones, right ones, and garbage, for an item of any type.

``honest(item)`` draws what the page can store, right or wrong; ``right(item, key)`` is one answer that earns
all points (None for free text); ``garbage(item)`` draws JSON that no page stores for this item.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from earned_security import cases
from earned_security.assessment.items import Item, Key
from earned_security.cases.walks import random_play

BANK_OF_ALL_TYPES = Path(__file__).parent / "teaching" / "data" / "bank-of-all-types.yaml"
"""62 items, every type several times; read with ``earned_security.teaching.bank.read_bank``."""

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), min_size=1, max_size=200).filter(
    lambda text: bool(text.strip())
)


def case_of(item: Item) -> cases.Case:
    return _load(item.content["case"])


_load = lru_cache(maxsize=8)(cases.load)


def honest(item: Item) -> st.SearchStrategy[Any]:
    """Any answer that the page can store for this item."""
    content = item.content
    if item.type == "choose-one":
        return st.sampled_from(_ids(content["options"]))
    if item.type in ("choose-many", "mark-passages"):
        parts = _ids(content["options" if item.type == "choose-many" else "passages"])
        return st.lists(st.sampled_from(parts), unique=True, min_size=1)
    if item.type in ("match", "classify"):
        options = st.sampled_from(_ids(content["options"]))
        return st.dictionaries(st.sampled_from(_ids(content["entries"])), options, min_size=1)
    if item.type == "order":
        return st.permutations(_ids(content["options"])).map(list)
    if item.type == "scale":
        ends = content["scale"]
        steps = round((ends["max"] - ends["min"]) / ends["step"])
        return st.integers(0, steps).map(lambda step: round(ends["min"] + step * ends["step"], 6))
    if item.type == "numeric":
        return st.integers(-10_000, 10_000) | st.floats(-1e6, 1e6)
    if item.type == "play-case":
        case = case_of(item)
        whole = st.integers(0, 10_000).map(lambda seed: random_play(case, seed).path)
        return st.tuples(whole, st.integers(1, 60)).map(lambda drawn: stored(case, drawn[0][: drawn[1]]))
    return TEXTS


def right(item: Item, key: Key) -> Any:
    """An answer that earns all points; None where a person marks."""
    if item.type in ("choose-one", "choose-many", "mark-passages", "match", "classify"):
        return key.value
    if item.type in ("scale", "numeric"):
        return key.value["value"]
    if item.type == "order":
        return _ordered(_ids(item.content["options"]), key.value["before"])
    if item.type == "play-case":
        return best_play(case_of(item))
    return None


def garbage(item: Item) -> st.SearchStrategy[Any]:
    """JSON that is no answer to this item: wrong shapes, ids of nobody, extremes, deep nesting."""
    numbers = (
        st.booleans() if item.type in ("scale", "numeric") else st.booleans() | st.integers() | st.floats()
    )
    text = st.nothing() if item.type == "free-text" else TEXTS.map(lambda text: f"no-id {text}")
    odd = st.sampled_from(
        [
            *(["no-id"], {"no-id": "no-id"}, [None], [[]], [{}], [["no-id"] * 50], _deep(200)),
            *({"path": "no-id"}, {"version": True, "path": []}),
            {"version": 1, "path": [{"scene": "no-id", "option": "no-id"}]},
        ]
    )
    nested = st.recursive(text | odd, lambda inner: st.lists(inner, min_size=1, max_size=3), max_leaves=5)
    return numbers | text | odd | nested.filter(lambda drawn: not isinstance(drawn, str))


def stored(case: cases.Case, path: Any) -> dict[str, Any]:
    """A path of (scene, option) as the page stores it."""
    return {"version": case.version, "path": [{"scene": scene, "option": option} for scene, option in path]}


def best_play(case: cases.Case) -> dict[str, Any]:
    """A play to an ending with preferred choices alone; it repairs what can be repaired."""
    play = cases.start(case)
    rank = {"preferred": 0, "defensible": 1, "poor": 2}
    while not case.scenes[play.scene].ending:
        if case.scenes[play.scene].returns:
            play = cases.return_to_case(case, play)
            continue
        options = cases.available(case, play)
        best = min(options, key=lambda option: (rank[option.quality], "repair" not in option.marks))
        play = cases.choose(case, play, best.id)
    return cases.to_stored(case, play)


def _ids(parts: list[dict[str, str]]) -> list[str]:
    return [part["id"] for part in parts]


def _ordered(steps: list[str], before: list[list[str]]) -> list[str]:
    left, ordered = list(steps), []
    while left:
        ordered.append(
            next(s for s in left if not any(then == s and first in left for first, then in before))
        )
        left.remove(ordered[-1])
    return ordered


def _deep(levels: int) -> list[Any]:
    nested: list[Any] = []
    for _ in range(levels):
        nested = [nested]
    return nested
