"""Every type's rule, over the bank of all types: bounds, all right, blank, garbage; and its published words."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import BANK_OF_ALL_TYPES, garbage, honest, right

from earned_security.assessment.items import TYPES, Item, Key, from_public, split
from earned_security.assessment.marking import BY_HAND, mark
from earned_security.assessment.responses import value_problem
from earned_security.assessment.rules import by_type, general, in_words
from earned_security.curriculum import source

ITEMS: list[tuple[Item, Key]] = [
    split(entry) for entry in source.read_document(BANK_OF_ALL_TYPES).data["items"]
]
by_id = pytest.mark.parametrize(("item", "key"), ITEMS, ids=[item.id for item, _ in ITEMS])


def test_the_bank_holds_every_type() -> None:
    assert len(ITEMS) >= 60
    assert {item.type for item, _ in ITEMS} == set(TYPES)


@by_id
def test_all_right_earns_all_and_blank_earns_nothing(item: Item, key: Key) -> None:
    answer = right(item, key)
    if item.type in BY_HAND:
        assert mark(item, key, "A text.").details["by_hand"]
    else:
        assert mark(item, key, answer).points == item.points
        assert value_problem(answer) is None
    for blank in (None, "", [], {}):
        assert mark(item, key, blank).points == 0


@by_id
def test_honest_answers_and_garbage_stay_within_bounds(item: Item, key: Key) -> None:
    @settings(max_examples=12, deadline=None)
    @given(answer=honest(item), other=garbage(item))
    def check(answer: Any, other: Any) -> None:
        assert value_problem(answer) is None
        result = mark(item, key, json.loads(json.dumps(answer)))
        assert 0 <= result.points <= result.maximum == item.points
        assert result.details["answered"] or result.reason == "No answer was given."
        refused = mark(item, key, other)
        assert refused.points == 0
        assert not refused.details["answered"]

    check()


@settings(max_examples=100, deadline=None)
@given(data=st.data(), pair=st.sampled_from([pair for pair in ITEMS if pair[0].type not in BY_HAND]))
def test_marks_grow_with_the_points_of_the_item_alone(data: Any, pair: tuple[Item, Key]) -> None:
    answer = data.draw(honest(pair[0]))
    double = from_public({**pair[0].public(), "points": pair[0].points * 2})
    assert mark(double, pair[1], answer).points == pytest.approx(2 * mark(*pair, answer).points, abs=0.02)


def test_every_type_has_published_words() -> None:
    assert tuple(by_type()) == tuple(sorted(TYPES, key=list(by_type()).index))
    assert set(by_type()) == set(TYPES)
    words = in_words(["order", "numeric", "order"])
    assert words.count("Put in order") == 1
    assert by_type()["match"].share not in words
    assert all(sentence in words for sentence in general())


EXAMPLES = [
    ("choose-many", 1 / 3),
    ("match", 3 / 4),
    ("classify", 1 / 3),
    ("order", 4 / 5),
    ("scale", 1 / 2),
    ("mark-passages", 1 / 2),
]


def _parts(count: int) -> list[dict[str, str]]:
    return [{"id": f"p{n}", "text": f"Part {n}", "rationale": "Because."} for n in range(count)]


def _example(type_: str) -> tuple[dict[str, Any], Any]:
    """The published example of a type, as an item and an answer."""
    if type_ == "choose-many":
        return {"options": _parts(5), "key": ["p0", "p1", "p2"]}, ["p0", "p1", "p3"]
    if type_ == "mark-passages":
        return {"passages": _parts(5), "key": ["p0", "p1"]}, ["p0", "p1", "p3"]
    if type_ == "match":
        key = {f"p{n}": f"p{n}" for n in range(4)}
        return {"entries": _parts(4), "options": _parts(4), "key": key}, {**key, "p0": "p1"}
    if type_ == "classify":
        key = {f"p{n}": "p0" for n in range(6)}
        wrong = {f"p{n}": "p1" for n in range(4)}
        return {"entries": _parts(6), "options": _parts(2), "key": key}, {**key, **wrong}
    if type_ == "order":
        before = [["p0", "p1"], ["p1", "p2"], ["p2", "p3"], ["p3", "p4"], ["p4", "p5"]]
        return {"options": _parts(6), "key": {"before": before, "safety": ["p0"]}}, [
            "p0", "p1", "p2", "p3", "p5", "p4",
        ]  # fmt: skip
    return {
        "scale": {"min": 0, "max": 10, "step": 1, "low": "little", "high": "much"},
        "key": {"value": 7, "tolerance": 1},
        "rationale": "Because.",
    }, 9


@pytest.mark.parametrize(("type_", "share"), EXAMPLES)
def test_the_published_examples_are_true(type_: str, share: float) -> None:
    fields, answer = _example(type_)
    texts = {"title": "T", "objective": "M4.3", "claims": [], "prompt": "P"}
    item, key = split({"id": "x", "type": type_, "points": 1000, **texts, **fields})
    assert mark(item, key, answer).points == pytest.approx(1000 * share, abs=0.01)
