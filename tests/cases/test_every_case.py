"""What holds for every case of the course: its course, its walks, plays by chance, saving, and its outline."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from earned_security import cases
from earned_security.cases import RETURN, SAFETY, Case, Play, explore, walks
from earned_security.curriculum import source

OUTLINE: dict[str, dict[str, Any]] = source.read_document(
    Path(__file__).parent / "data" / "outline.yaml"
).data
SATURATING = 0.2
"""The share of plays by chance that may reach an end of the scale."""


@pytest.fixture(scope="module", params=cases.case_ids())
def case(request: pytest.FixtureRequest) -> Case:
    return cases.load(request.param)


@pytest.fixture(scope="module")
def written(case: Case) -> list[tuple[str, Play]]:
    """The name and the play of every written walk."""
    return walks.paths(case, source.read(f"cases/{case.id}.walks"))


def qualities(case: Case, play: Play) -> list[str]:
    """The quality of every choice but the ways into and out of the safety branch."""
    return [decision.quality for decision in cases.debrief(case, play).decisions]


def is_best(case: Case, play: Play) -> bool:
    """Preferred choices only, to a good ending, without the button to the safety branch."""
    by_button = any(option == SAFETY for _, option in play.path)
    good = case.scenes[play.scene].ending == "good"
    return good and not by_button and set(qualities(case, play)) == {"preferred"}


def is_poor(case: Case, play: Play) -> bool:
    """It comes to a poor ending, or most of its choices are poor."""
    chosen = qualities(case, play)
    return case.scenes[play.scene].ending == "poor" or chosen.count("poor") > len(chosen) / 2


def repairs_a_poor_start(case: Case, play: Play) -> bool:
    """The first choice is poor, a rupture is repaired, and the ending is not poor."""
    repaired = any(rupture.outcome != "missed" for rupture in cases.debrief(case, play).ruptures)
    return qualities(case, play)[0] == "poor" and repaired and case.scenes[play.scene].ending != "poor"


def test_the_course_has_its_six_cases_and_the_outline_of_each() -> None:
    assert {"tomasz", "hannah", "amara", "noor", "mateo", "daniel"} <= set(cases.case_ids())
    assert set(OUTLINE) == {*cases.case_ids(), "safety"}


def test_a_case_has_decisions_rupture_repair_debrief_and_content_note(case: Case) -> None:
    own = [scene for scene in case.scenes.values() if not scene.safety]
    decisions = [scene for scene in own if scene.options]
    options = [option for scene in decisions for option in scene.options]
    marks = [mark for entry in (*decisions, *options) for mark in entry.marks]
    assert len(decisions) >= 8
    assert "rupture" in marks and "repair" in marks
    assert len({scene.ending for scene in own if scene.ending}) == 3, "good, mixed and poor endings"
    texts = (
        case.content_note,
        case.review_note,
        case.alternative_task,
        case.learning_aim,
        case.what_goes_wrong,
    )
    assert all(text.strip() for text in texts) and "practising clinicians" in case.review_note
    assert case.prompts and case.references and case.crisis_routes


def test_options_and_start_are_as_the_outline_says(case: Case) -> None:
    own = dict(OUTLINE[case.id])
    assert list(vars(case.first_values).values()) == own.pop("start")
    expected = {
        f"{scene}/{option}": values
        for scene, options in {**own, **OUTLINE["safety"]}.items()
        for option, values in options.items()
    }
    found = {
        f"{scene.id}/{option.id}": [option.quality, *vars(option.effects).values()]
        for scene in case.scenes.values()
        for option in scene.options
    }
    assert {name: found.get(name) for name in expected if found.get(name) != expected[name]} == {}


def test_every_scene_and_every_option_is_reached(case: Case, written: list[tuple[str, Play]]) -> None:
    found = explore.explore(case, [play for _, play in written])
    assert found.scenes == set(case.scenes)
    assert found.options >= {
        (scene.id, option.id) for scene in case.scenes.values() for option in scene.options
    }
    assert not found.dead_ends


def test_the_written_walks_are_of_every_kind(case: Case, written: list[tuple[str, Play]]) -> None:
    played = [play for _, play in written]
    assert len(played) >= 5 and len({play.path for play in played}) == len(played)
    assert len({name for name, _ in written}) == len(written)
    assert any(is_best(case, play) for play in played)
    assert sum(is_poor(case, play) for play in played) >= 2
    assert any(repairs_a_poor_start(case, play) for play in played)
    assert any(cases.debrief(case, play).safety_visits for play in played)
    assert any(option == SAFETY for play in played for _, option in play.path)


def test_no_best_or_poor_walk_saturates_before_its_last_third(
    case: Case, written: list[tuple[str, Play]]
) -> None:
    for name, play in written:
        if (is_best(case, play) or is_poor(case, play)) and play.saturations:
            number, value = play.saturations[0]
            assert number > len(play.steps) * 2 / 3, (
                f"{name}: {value} at choice {number} of {len(play.steps)}"
            )


def by_chance(case: Case, count: int) -> Iterator[Play]:
    """Plays to an ending; a dead end raises."""
    return (walks.random_play(case, seed) for seed in range(count))


def saturating(case: Case, count: int) -> float:
    return sum(bool(play.saturations) for play in by_chance(case, count)) / count


def test_few_plays_by_chance_saturate(case: Case) -> None:
    assert saturating(case, 2000) < SATURATING


@pytest.mark.slow
def test_few_of_ten_thousand_plays_by_chance_saturate_and_none_meets_a_dead_end(case: Case) -> None:
    assert saturating(case, 10_000) < SATURATING


def test_values_stay_on_the_scale_in_plays_by_chance(case: Case) -> None:
    for play in by_chance(case, 1000):
        for step in play.steps:
            assert all(-6 <= value <= 6 for value in vars(step.after).values())
        assert all(-6 <= value <= 6 for value in vars(play.values).values())


def test_time_that_passes_settles_both_arousals(case: Case) -> None:
    """Between one choice and the next nothing else changes a value."""
    settled = 0
    for play in by_chance(case, 200):
        for step, following in zip(play.steps, play.steps[1:], strict=False):
            expected = step.after
            if case.scenes[step.leads_to].time_passes and not step.stopped:
                expected = step.after.settled()
                settled += expected != step.after
            assert following.before == expected
    assert settled


def test_a_play_by_chance_goes_on_from_what_was_saved_at_every_step(case: Case) -> None:
    for seed in range(15):
        plain = walks.random_play(case, seed)
        play = cases.start(case)
        for _, option in plain.path:
            taken_up, why = cases.from_stored(case, json.loads(json.dumps(cases.to_stored(case, play))))
            assert taken_up == play, why
            assert cases.available(case, taken_up) == cases.available(case, play)
            assert cases.scene_text(case, taken_up) == cases.scene_text(case, play)
            play = cases.choose(case, taken_up, option)
        assert play == plain
        assert cases.debrief(case, play) == cases.debrief(case, plain)


def test_a_save_of_another_version_loads_or_is_refused_with_a_reason_and_is_left_as_it_was(
    case: Case, written: list[tuple[str, Play]]
) -> None:
    stored = cases.to_stored(case, written[0][1])
    copy = json.dumps(stored)
    later = replace(case, version=case.version + 1)
    assert cases.from_stored(later, stored) == (written[0][1], "")
    changed = replace(later, oldest_loadable_version=later.version)
    for other, reason in (
        (changed, "changed too much"),
        (replace(case, version=0), "newer than this course"),
    ):
        play, why = cases.from_stored(other, stored)
        assert play is None and reason in why
    without = {**case.scenes, case.first_scene: replace(case.scenes[case.first_scene], options=())}
    play, why = cases.from_stored(replace(later, scenes=without), stored)
    assert play is None and "cannot be followed" in why
    assert json.dumps(stored) == copy


def test_the_safety_branch_is_open_from_every_scene_and_goes_back_there(
    case: Case, written: list[tuple[str, Play]]
) -> None:
    through = [
        "ask-directly",
        "decide-together",
        "thoughts-no-plan",
        "plan-together",
        "make-the-contact",
        RETURN,
    ]
    met = set()
    for _, whole in written:
        play = cases.start(case)
        for _, option in [*whole.path, (whole.scene, "")]:
            scene = case.scenes[play.scene]
            if not scene.safety and scene.id not in met:
                met.add(scene.id)
                inside = cases.enter_safety(case, play)
                for step in through:
                    inside = cases.choose(case, inside, step)
                assert (inside.scene, inside.return_to) == (scene.id, None)
            play = cases.choose(case, play, option) if option else play
    assert len(met) >= 12
