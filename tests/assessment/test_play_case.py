"""A played case earns by its published rule: decisions, repair, and safety as a gate."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import best_play, stored

from earned_security import cases
from earned_security.assessment.items import Item, Key, split
from earned_security.assessment.marking import Mark, mark, played
from earned_security.cases.walks import random_play

CASE = cases.load("tomasz")


def item(repair: float = 0.25, **more: Any) -> tuple[Item, Key]:
    texts = {"title": "A case", "objective": "M4.3", "claims": ["example-claim"], "prompt": "Play it."}
    rules = {"repair": repair}
    return split(
        {"id": "x", "type": "play-case", "points": 8, **texts, "case": "tomasz", "rules": rules, **more}
    )


def marked(path: Any, repair: float = 0.25) -> Mark:
    return mark(*item(repair), stored(CASE, path))


@lru_cache(maxsize=512)
def play_by_chance(seed: int) -> cases.Play:
    return random_play(CASE, seed)


seeds = st.integers(0, 300)
shares = st.sampled_from([0, 0.25, 0.5, 1])


def test_the_best_play_earns_all() -> None:
    result = mark(*item(), best_play(CASE))
    assert (result.points, result.maximum) == (8, 8)
    assert "repaired" in result.reason


@settings(max_examples=150, deadline=None)
@given(seed=seeds, repair=shares)
def test_any_play_earns_by_the_published_rule(seed: int, repair: float) -> None:
    play = play_by_chance(seed)
    looked_at = cases.debrief(CASE, play)
    by_scene: dict[str, set[str]] = {}
    for decision in looked_at.decisions:
        by_scene.setdefault(decision.scene, set()).add(decision.quality)
    good = sum("poor" not in qualities for qualities in by_scene.values()) / len(by_scene)
    outcomes = [rupture.outcome for rupture in looked_at.ruptures]
    if outcomes:
        good = (1 - repair) * good + repair * sum(found != "missed" for found in outcomes) / len(outcomes)
    if any(decision.stopped for decision in looked_at.decisions):
        good = 0
    assert marked(play.path, repair).points == pytest.approx(8 * good, abs=0.005)


@settings(max_examples=60, deadline=None)
@given(seed=seeds, data=st.data())
def test_a_better_choice_on_the_same_path_is_never_less(seed: int, data: Any) -> None:
    """The same path in a case whose writers judge one of its choices better."""
    play = play_by_chance(seed)
    decision = data.draw(st.sampled_from(cases.debrief(CASE, play).decisions))
    scene = CASE.scenes[decision.scene]
    options = tuple(
        replace(option, quality="preferred") if option.id == decision.option else option
        for option in scene.options
    )
    kinder = replace(CASE, scenes={**CASE.scenes, scene.id: replace(scene, options=options)})
    response = stored(CASE, play.path)
    assert played(kinder, 0.25, response).share >= played(CASE, 0.25, response).share


@settings(max_examples=100, deadline=None)
@given(seed=seeds, length=st.integers(1, 40))
def test_a_play_without_an_ending_earns_nothing_yet(seed: int, length: int) -> None:
    path = play_by_chance(seed).path
    result = marked(path[: min(length, len(path) - 1)])
    assert result.points == 0
    assert "ending" in result.reason or "No answer" in result.reason


def test_safety_is_a_gate_even_where_it_is_put_right() -> None:
    gated = next(seed for seed in range(300) if any(step.stopped for step in play_by_chance(seed).steps))
    result = marked(play_by_chance(gated).path)
    assert (result.points, result.reason) == (
        0,
        "A choice on this path failed safety, so this earns nothing.",
    )


def test_going_through_the_safety_branch_again_and_again_does_not_water_poor_choices_down() -> None:
    play = next(
        play
        for play in map(play_by_chance, range(300))
        if any(decision.quality == "poor" for decision in cases.debrief(CASE, play).decisions)
        and 0 < marked(play.path).points < 8
    )
    visit = [(play.path[0][0], cases.SAFETY)]
    there = cases.replay(CASE, visit)
    while there.scene != play.path[0][0]:
        if CASE.scenes[there.scene].returns:
            there = cases.return_to_case(CASE, there)
        else:
            best = min(cases.available(CASE, there), key=lambda option: option.quality != "preferred")
            there = cases.choose(CASE, there, best.id)
    once = marked([*there.path, *play.path])
    assert marked([*there.path, *there.path, *there.path, *play.path]).points == once.points
    assert once.points < 8


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda good: {**good, "version": good["version"] + 1}, "newer than this course"),
        (lambda good: {**good, "version": 0}, "changed too much"),
        (lambda good: {**good, "version": "1"}, "not a play"),
        (lambda good: {**good, "path": good["path"][1:]}, "cannot be followed"),
        (lambda good: {**good, "path": [*good["path"], good["path"][0]]}, "cannot be followed"),
        (lambda good: {**good, "path": [{"scene": "x" * 10_000, "option": "y"}]}, "cannot be followed"),
        (lambda good: {**good, "path": good["path"] * 500}, "not a play"),
        (lambda good: {**good, "path": []}, "No answer was given"),
        (lambda good: {"alternative": "I wrote instead."}, "not a play"),
    ],
)
def test_a_path_that_cannot_be_played_earns_nothing_and_says_why(change: Any, words: str) -> None:
    result = mark(*item(), change(best_play(CASE)))
    assert result.points == 0
    assert words in result.reason
    assert len(result.reason) < 200


def test_the_written_alternative_waits_for_a_person() -> None:
    with_alternative = item(alternative="Write about a repair.")
    result = mark(*with_alternative, {"alternative": "I wrote instead."})
    assert result.details == {"answered": ("I wrote instead.",), "by_hand": True}
    assert mark(*with_alternative, {"alternative": " "}).reason == "No answer was given."
    assert "not a text" in mark(*with_alternative, {"alternative": 3}).reason


def test_nothing_of_the_writers_judgement_is_in_the_item_or_the_feedback() -> None:
    public, key = item(alternative="Write about a repair.")
    assert set(public.content) == {"case", "rules", "alternative"}
    assert key.value is None
    result = mark(public, key, best_play(CASE))
    shown = result.reason + " ".join(result.details["answered"])
    for scene in CASE.scenes.values():
        for option in scene.options:
            assert option.rationale not in shown
