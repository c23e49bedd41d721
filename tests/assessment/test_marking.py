"""Marks stay within their bounds, follow the published rules, and no response or key makes marking fail."""

from __future__ import annotations

import json
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from earned_security.assessment.items import TYPES, Item, Key, from_public, split
from earned_security.assessment.marking import Mark, mark

COMMON = {"title": "Shapes", "objective": "M4.3", "claims": ["example-claim"], "prompt": "What?"}


def parts(*ids: str) -> list[dict[str, str]]:
    return [{"id": name, "text": f"Text {name}", "rationale": f"Because {name}"} for name in ids]


def item(type_: str, points: float = 6, **more: Any) -> tuple[Item, Key]:
    return split({"id": f"an-{type_}", "type": type_, "points": points, **COMMON, **more})


ONE = item("choose-one", options=parts("a", "b", "c"), key="b")
MANY = item("choose-many", options=parts("a", "b", "c", "d", "e"), key=["a", "c", "e"])
PASSAGES = item("mark-passages", passages=parts("a", "b", "c", "d", "e"), key=["a", "c", "e"])
MATCH = item(
    "match", entries=parts("a", "b", "c"), options=parts("x", "y", "z"), key={"a": "x", "b": "y", "c": "z"}
)
CLASSIFY = item(
    "classify", entries=parts("a", "b", "c"), options=parts("x", "y"), key={"a": "x", "b": "y", "c": "x"}
)
ORDER = item(
    "order",
    options=parts("d", "a", "c", "b"),
    key={"before": [["a", "b"], ["b", "c"], ["b", "d"]], "safety": ["a"]},
)
SCALE = item(
    "scale",
    scale={"min": 0, "max": 10, "step": 1, "low": "little", "high": "much"},
    key={"value": 6, "tolerance": 1},
    rationale="Because.",
)
NUMERIC = item("numeric", unit="mm", key={"value": 0.3, "tolerance": 0}, rationale="Because.")
TEXT = item(
    "free-text", rubric=[{"criterion": "x", "levels": [{"points": 6, "text": "y"}]}], model_answer="z"
)
CASE = item("play-case", case="tomasz", rules={"repair": 0.25}, alternative="Write instead.")

RIGHT: list[tuple[tuple[Item, Key], Any]] = [
    (ONE, "b"),
    (MANY, ["e", "a", "c"]),
    (PASSAGES, ["a", "c", "e"]),
    (MATCH, {"a": "x", "b": "y", "c": "z"}),
    (CLASSIFY, {"a": "x", "b": "y", "c": "x"}),
    (ORDER, ["a", "b", "d", "c"]),
    (ORDER, ["a", "b", "c", "d"]),
    (SCALE, 6),
    (SCALE, 7.0),
    (NUMERIC, 0.1 + 0.2),
]
ALL = [ONE, MANY, PASSAGES, MATCH, CLASSIFY, ORDER, SCALE, NUMERIC, TEXT, CASE]
BY_NAME = [pair[0].type for pair in ALL]


def earned(pair: tuple[Item, Key], response: Any) -> float:
    return mark(*pair, response).points


def test_every_type_is_here() -> None:
    assert set(BY_NAME) == set(TYPES)


@pytest.mark.parametrize(("pair", "response"), RIGHT)
def test_all_right_earns_all(pair: tuple[Item, Key], response: Any) -> None:
    result = mark(*pair, response)
    assert (result.points, result.maximum) == (6, 6)
    assert result.details["answered"]


@pytest.mark.parametrize("points", [1, 0.1, 1 / 3, 2.5, 7, 1e6])
def test_all_right_earns_exactly_all_whatever_the_points(points: float) -> None:
    entry = {"id": "x", "type": "choose-many", "points": points, **COMMON, "options": parts("a", "b", "c")}
    assert mark(*split({**entry, "key": ["a", "b", "c"]}), ["a", "b", "c"]).points == points
    assert mark(*split({**entry, "key": ["a", "b", "c"]}), ["a", "b"]).points <= points


@pytest.mark.parametrize("pair", ALL, ids=BY_NAME)
@pytest.mark.parametrize("blank", [None, "", " \n", [], {}], ids=repr)
def test_nothing_answered_earns_nothing_and_says_so(pair: tuple[Item, Key], blank: Any) -> None:
    result = mark(*pair, blank)
    assert (result.points, result.reason) == (0, "No answer was given.")


class Strange:
    def __repr__(self) -> str:
        raise RuntimeError("no")


deep: Any = []
for _ in range(5_000):
    deep = [deep]

GARBAGE = [
    True, 10**400, float("nan"), float("inf"), -float("inf"), "zzz", "x" * 10**6, "\ud83d", ["zzz"], [None],
    [["a"]], [{"a": 1}], ["a", "a"], {"zzz": "x"}, {"a": "zzz"}, {"a": ["x"]}, {1: "x"}, {"a": None}, b"b",
    ("a",), {"a"}, object(), Strange(), [Strange()], {"a": Strange()}, deep, [deep], {"a": deep}, -1e308, 11,
    "__class__",
]  # fmt: skip


@pytest.mark.parametrize("pair", ALL, ids=BY_NAME)
@pytest.mark.parametrize("garbage", GARBAGE, ids=range(len(GARBAGE)))
def test_garbage_earns_nothing_with_a_reason(pair: tuple[Item, Key], garbage: Any) -> None:
    result = mark(*pair, garbage)
    assert result.points == 0
    assert 10 < len(result.reason) < 200


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from("abcdexyz"),
    lambda inner: (
        st.lists(inner, max_size=5) | st.dictionaries(st.sampled_from("abcdexyz"), inner, max_size=5)
    ),
    max_leaves=8,
)
pairs = st.sampled_from(ALL)


@settings(max_examples=400, deadline=None)
@given(pair=pairs, response=anything, points=st.floats(0.01, 1000), other=pairs)
def test_a_mark_is_always_within_bounds(
    pair: tuple[Item, Key], response: Any, points: float, other: tuple[Item, Key]
) -> None:
    weighted = from_public({**pair[0].public(), "points": points})
    for key in (pair[1], Key("x", other[1].value)):  # a key that belongs to another item, too
        result = mark(weighted, key, response)
        assert 0 <= result.points <= result.maximum == points
        assert type(result.points) is float
        assert mark(weighted, key, response) == result
        assert result.reason
        json.dumps(result.details)


@settings(max_examples=200, deadline=None)
@given(key=anything, response=anything, pair=pairs)
def test_a_broken_key_does_not_stop_marking(key: Any, response: Any, pair: tuple[Item, Key]) -> None:
    result = mark(pair[0], Key("x", key), response)
    assert isinstance(result, Mark)
    assert 0 <= result.points <= 6


def test_a_broken_item_does_not_stop_marking() -> None:
    for points in (None, "many", float("nan"), -1):
        broken = Item("x", "choose-one", "t", "o", points, (), "p", {})  # type: ignore[arg-type]
        result = mark(broken, Key("x", "a"), "a")
        assert (result.points, result.maximum) == (0, 0)
    assert "needs a look" in mark(MANY[0], Key("x", []), ["a"]).reason


subsets = st.sets(st.sampled_from("abcde")).map(sorted)


@given(picks=subsets, pair=st.sampled_from([MANY, PASSAGES]))
def test_picks_earn_by_the_published_rule_and_more_right_is_never_less(
    picks: list[str], pair: tuple[Item, Key]
) -> None:
    right = set(pair[1].value)
    hits, wrong = len(right & set(picks)), len(set(picks) - right)
    assert earned(pair, picks) == pytest.approx(6 * max(0, (hits - wrong) / 3), abs=0.005)
    for option in "abcde":
        if option not in picks:
            change = earned(pair, [*picks, option]) - earned(pair, picks)
            assert change >= 0 if option in right else change <= 0


@given(chosen=st.dictionaries(st.sampled_from("abc"), st.sampled_from("xyz")))
def test_pairs_earn_their_share_and_more_right_is_never_less(chosen: dict[str, str]) -> None:
    key = MATCH[1].value
    right = sum(chosen.get(entry) == key[entry] for entry in key)
    assert earned(MATCH, chosen) == 2 * right
    for entry in key:
        assert earned(MATCH, {**chosen, entry: key[entry]}) >= earned(MATCH, chosen)


def test_a_pairing_left_open_counts_as_not_placed() -> None:
    assert earned(MATCH, {"a": "x", "b": None}) == 2
    assert earned(MATCH, {"a": None}) == 0


def test_orders_earn_the_share_of_pairs_kept_and_nothing_without_safety() -> None:
    before = ORDER[1].value["before"]
    seen = set()
    for steps in permutations("abcd"):
        kept = [steps.index(a) < steps.index(b) for a, b in before]
        safe = kept[0]
        assert earned(ORDER, list(steps)) == (2 * sum(kept) if safe else 0)
        seen.add(earned(ORDER, list(steps)))
    assert seen == {0, 2, 4, 6}
    assert "keeps people safe" in mark(*ORDER, ["b", "a", "c", "d"]).reason
    assert "3 of 4 steps" in mark(*ORDER, ["a", "b", "c"]).reason


@pytest.mark.parametrize(
    ("answer", "points"), [(6, 6), (5, 6), (7, 6), (8, 3), (4, 3), (8.5, 0), (0, 0), (10, 0)]
)
def test_places_on_a_scale(answer: float, points: float) -> None:
    assert earned(SCALE, answer) == points


@given(near=st.floats(0, 10), far=st.floats(0, 10))
def test_nearer_on_a_scale_is_never_less(near: float, far: float) -> None:
    if abs(near - 6) > abs(far - 6):
        near, far = far, near
    assert earned(SCALE, near) >= earned(SCALE, far)


def test_a_number_is_right_or_not() -> None:
    assert earned(NUMERIC, 0.3) == 6
    assert earned(NUMERIC, 0.31) == 0
    assert mark(*NUMERIC, 0.31).details["answered"] == ("0.31 mm",)


def test_a_text_waits_for_a_person() -> None:
    result = mark(*TEXT, "What I think.")
    assert result.points == 0
    assert result.details == {"answered": ("What I think.",), "by_hand": True}


@given(response=subsets)
def test_a_reason_gives_no_key_away(response: list[str]) -> None:
    result = mark(*MANY, response)
    shown = result.reason + " ".join(result.details["answered"])
    assert "Because" not in shown
    assert all(f"Text {option}" not in shown for option in "abcde" if option not in response)
