"""Playing: what always holds, whatever is chosen."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from earned_security import cases
from earned_security.cases import Case, Play, PlayError, conditions, graph

settings.register_profile("cases", suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
settings.load_profile("cases")

numbers = st.lists(st.integers(0, 11), max_size=40)


Keep = Callable[[Case, Play], Play]


def plain(case: Case, play: Play) -> Play:
    return play


def saved(case: Case, play: Play) -> Play:
    """The play after it was written to a file as JSON and taken up again."""
    taken_up, why = cases.from_stored(case, json.loads(json.dumps(cases.to_stored(case, play))))
    assert taken_up is not None, why
    return taken_up


@pytest.fixture(params=[plain, saved], ids=["plain", "saved"])
def keep(request: pytest.FixtureRequest) -> Keep:
    """What happens to a play between two choices: nothing, or saving and loading."""
    return request.param  # type: ignore[no-any-return]


def choices(case: Case, play: Play) -> list[str]:
    """Everything that can be done now."""
    scene = case.scenes[play.scene]
    open_now = [option.id for option in cases.available(case, play)]
    return open_now + ([cases.RETURN] if scene.returns else []) + ([] if scene.safety else [cases.SAFETY])


def plays(case: Case, picks: list[int], keep: Keep = plain) -> list[Play]:
    """Every state on the way of one arbitrary play."""
    play = keep(case, cases.start(case))
    met = [play]
    for pick in picks:
        open_now = choices(case, play)
        play = keep(case, cases.choose(case, play, open_now[pick % len(open_now)]))
        met.append(play)
    return met


@given(picks=numbers)
def test_values_stay_on_the_scale_and_a_cut_is_recorded(small: Case, keep: Keep, picks: list[int]) -> None:
    for play in plays(small, picks, keep):
        assert all(-6 <= value <= 6 for value in asdict(play.values).values())
    for step in play.steps:
        option = next((one for one in small.scenes[step.scene].options if one.id == step.option), None)
        effects = asdict(option.effects) if option else dict.fromkeys(graph.VALUES, 0)
        for name in graph.VALUES:
            wanted = getattr(step.before, name) + effects[name]
            assert (getattr(step.after, name) == wanted) == (name not in step.saturated)
            assert name not in step.saturated or abs(getattr(step.after, name)) == 6


@given(picks=numbers)
def test_replaying_the_path_is_stepping_it(small: Case, keep: Keep, picks: list[int]) -> None:
    play = plays(small, picks, keep)[-1]
    assert cases.replay(small, play.path) == play


@given(picks=numbers)
def test_undo_takes_back_exactly_one_choice(small: Case, keep: Keep, picks: list[int]) -> None:
    met = plays(small, picks, keep)
    for before, after in itertools.pairwise(met):
        assert cases.undo(small, after) == before
    assert cases.undo(small, met[0]) == met[0]


@given(picks=numbers)
def test_a_stored_play_is_taken_up_as_it_was(small: Case, picks: list[int]) -> None:
    play = plays(small, picks)[-1]
    stored = json.loads(json.dumps(cases.to_stored(small, play)))
    assert cases.from_stored(small, stored) == (play, "")


@given(picks=numbers)
def test_something_can_be_done_in_every_scene(small: Case, keep: Keep, picks: list[int]) -> None:
    for play in plays(small, picks, keep):
        scene = small.scenes[play.scene]
        assert bool(scene.ending) or any(choice != cases.SAFETY for choice in choices(small, play))
        assert (play.return_to is not None) == scene.safety
        assert cases.scene_text(small, play)


@given(picks=numbers)
def test_the_safety_branch_returns_to_the_scene_it_left(small: Case, keep: Keep, picks: list[int]) -> None:
    play = plays(small, picks, keep)[-1]
    if small.scenes[play.scene].safety:
        return
    inside = keep(small, cases.enter_safety(small, play))
    assert inside.scene == "sb1" and inside.values == play.values
    for option in ("ask", "decide", "plan"):
        inside = keep(small, cases.choose(small, inside, option))
    back = keep(small, cases.return_to_case(small, inside))
    assert (back.scene, back.return_to, back.values) == (play.scene, None, inside.values)


def play_to(case: Case, *options: str, keep: Keep = plain) -> Play:
    play = cases.start(case)
    for option in options:
        play = keep(case, cases.choose(case, play, option))
    return play


def test_a_failure_of_safety_stops_the_scene_and_offers_the_decision_again(small: Case, keep: Keep) -> None:
    before = play_to(small, "steady", "steady", "steady", "own-it", keep=keep)
    after = keep(small, cases.choose(small, before, "let-it-pass"))
    assert after.scene == before.scene == "five" and after.steps[-1].stopped
    assert after.values.trust == before.values.trust - 2  # what was said was heard
    assert [option.id for option in cases.available(small, after)] == ["ask", "promise"]
    assert cases.choose(small, after, "ask").scene == "sb1"


def test_text_options_and_ways_depend_on_what_was_chosen(small: Case, keep: Keep) -> None:
    assert cases.scene_text(small, play_to(small, "cold", keep=keep)) == "Ada looks at the floor."
    assert cases.scene_text(small, play_to(small, "steady", keep=keep)) == "Ada looks up."
    assert play_to(small, "steady", "steady", "steady", keep=keep).scene == "four-b"
    assert play_to(small, "middling", "steady", "steady", keep=keep).scene == "four"
    to_six = ("ask", "ask", "decide", "plan", "return")
    without = play_to(small, "steady", "steady", "steady", "own-it", *to_six, keep=keep)
    with_late = play_to(small, "steady", "steady", "steady", "accept", *to_six, keep=keep)
    assert [option.id for option in cases.available(small, without)] == ["steady", "cold"]
    assert [option.id for option in cases.available(small, with_late)] == ["steady", "cold", "late-repair"]


@pytest.mark.parametrize("option", ["unknown", "return", "late-repair", ""])
def test_a_choice_that_is_not_open_is_refused_in_words(small: Case, option: str) -> None:
    with pytest.raises(PlayError) as refused:
        cases.choose(small, cases.start(small), option)
    assert str(refused.value)


def test_the_safety_branch_is_not_entered_from_within(small: Case) -> None:
    with pytest.raises(PlayError, match="already"):
        cases.enter_safety(small, cases.enter_safety(small, cases.start(small)))


@pytest.mark.parametrize(
    ("stored", "reason"),
    [
        ({"version": 1, "path": []}, "version 1"),
        ({"version": 4, "path": []}, "newer"),
        ({"version": 3, "path": [{"scene": "one", "option": "gone"}]}, "cannot be followed"),
        ({"version": 3, "path": [{"scene": "two", "option": "steady"}]}, "leads to 'one'"),
        ({"version": 3, "path": [{"scene": ["one"], "option": "steady"}]}, "not a play"),
        ({"version": 3, "path": [{"scene": "one", "option": "steady"}] * 2000}, "not a play"),
        ({"version": True, "path": []}, "not a play"),
        ({"version": 3, "path": [7]}, "not a play"),
        ({"path": []}, "not a play"),
        (None, "not a play"),
        ([], "not a play"),
    ],
)
def test_a_play_that_cannot_be_taken_up_is_refused_with_a_reason_and_left_alone(
    small: Case, stored: Any, reason: str
) -> None:
    copy = json.dumps(stored)
    play, why = cases.from_stored(small, stored)
    assert play is None and reason in why
    assert json.dumps(stored) == copy


def test_an_older_version_that_is_still_loadable_is_taken_up(small: Case) -> None:
    play, why = cases.from_stored(small, {"version": 2, "path": [{"scene": "one", "option": "steady"}]})
    assert play is not None and play.scene == "two" and why == ""


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["version", "path", "scene", "option"]), inner)
    ),
    max_leaves=8,
)


@given(stored=json_values)
def test_nothing_that_is_stored_raises(small: Case, stored: Any) -> None:
    play, why = cases.from_stored(small, stored)
    assert (play is None) == bool(why)


VALUES = {"alliance": 0, "trust": 3, "client_arousal": -2, "therapist_arousal": 6}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (None, True),
        ({"chosen": "a/b"}, True),
        ({"chosen": ["x/y", "a/b"]}, True),
        ({"chosen": "x/y"}, False),
        ({"value": "trust", "at_least": 3}, True),
        ({"value": "trust", "at_least": 4}, False),
        ({"value": "client_arousal", "at_most": -2}, True),
        ({"value": "client_arousal", "at_most": -3}, False),
        ({"value": "trust", "at_least": 0, "at_most": 2}, False),
        ({"all": [{"chosen": "a/b"}, {"value": "alliance", "at_least": 0}]}, True),
        ({"all": [{"chosen": "a/b"}, {"chosen": "x/y"}]}, False),
        ({"any": [{"chosen": "x/y"}, {"chosen": "a/b"}]}, True),
        ({"any": [{"chosen": "x/y"}]}, False),
        ({"not": {"chosen": "x/y"}}, True),
    ],
)
def test_conditions(condition: Any, expected: bool) -> None:
    assert conditions.holds(condition, VALUES, {"a/b"}) is expected
