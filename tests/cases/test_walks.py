"""Every written walk, plain and with saving and loading at every step; and thousands of plays by chance."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from earned_security import cases
from earned_security.cases import Case, PlayError, graph, walks
from earned_security.curriculum import source


def test_every_walk_reaches_what_it_expects(case_and_walks: tuple[Case, list[Any]]) -> None:
    case, written = case_and_walks
    for walk in written:
        play, failures = walks.run(case, walk)
        assert failures == [], walk["name"]
        assert case.scenes[play.scene].ending


def test_every_walk_can_be_saved_and_taken_up_at_every_step(case_and_walks: tuple[Case, list[Any]]) -> None:
    case, written = case_and_walks
    for walk in written:
        play: cases.Play | None = cases.start(case)
        for step in walk["steps"]:
            stored = json.loads(json.dumps(cases.to_stored(case, play)))  # type: ignore[arg-type]
            play, why = cases.from_stored(case, stored)
            assert play is not None, why
            play = cases.choose(case, play, step["choose"])
        assert play == walks.run(case, walk)[0]


def test_no_play_by_chance_meets_a_dead_end(case_and_walks: tuple[Case, list[Any]]) -> None:
    case, _ = case_and_walks
    endings = {case.scenes[walks.random_play(case, seed).scene].id for seed in range(2000)}
    assert endings == {scene.id for scene in case.scenes.values() if scene.ending}


def test_a_play_by_chance_is_the_same_for_the_same_seed(small: Case) -> None:
    assert walks.random_play(small, 7) == walks.random_play(small, 7)
    assert len({walks.random_play(small, seed).path for seed in range(20)}) > 1


def test_an_unmet_expectation_is_named_with_its_step(small: Case) -> None:
    walk = {
        "name": "w",
        "steps": [{"choose": "steady", "expect": {"scene": "three", "trust": 0}}],
        "ends": "e-good",
    }
    messages = [(failure.step, failure.message) for failure in walks.run(small, walk)[1]]
    assert messages == [
        (0, "After 'steady', scene is 'two', where 'three' is expected."),
        (None, "It ends in 'two', where 'e-good' is expected."),
    ]
    failures = walks.run(small, {"name": "w", "steps": [{"choose": "nothing"}], "ends": "one"})[1]
    assert [failure.step for failure in failures] == [0]


def test_a_dead_end_raises_in_words(small: Case) -> None:
    scenes = dict(small.scenes)
    scenes["two"] = graph.Scene("two", "Two", (graph.Passage("Nothing."),))
    broken = graph.Case(**{**vars(small), "scenes": scenes})
    with pytest.raises(PlayError, match="nothing to choose"):
        walks.random_play(broken, 1)


@pytest.mark.parametrize("case_id", cases.case_ids())
def test_the_words_of_a_case_are_put_into_the_safety_branch(case_id: str) -> None:
    case = cases.load(case_id)
    text = json.dumps(case.public(), ensure_ascii=False)
    assert "[[" not in text and "]]" not in text and graph.PLACEHOLDER.search(text.replace('{"', "")) is None
    client = source.read(f"cases/{case_id}")["words"]["client"]
    assert any(
        client in passage.text for scene in case.scenes.values() if scene.safety for passage in scene.passages
    )


def test_a_case_is_the_same_from_the_json_of_the_wheel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from_yaml = {name: (cases.load(name), source.read(f"cases/{name}.walks")) for name in cases.case_ids()}
    assert from_yaml
    source.compile_to(tmp_path)
    monkeypatch.setattr(source, "DATA", tmp_path)
    assert not list(tmp_path.rglob("*.yaml"))
    assert {
        name: (cases.load(name), source.read(f"cases/{name}.walks")) for name in cases.case_ids()
    } == from_yaml


def test_an_unknown_case_is_refused() -> None:
    for name in ("nobody", "safety", "../claims"):
        with pytest.raises(KeyError):
            cases.load(name)
