"""The page plays a case exactly as Python does: the same states, texts and debrief, step by step."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from earned_security import cases
from earned_security.cases import Case, Play, graph, walks
from earned_security.curriculum import source

pytestmark = pytest.mark.browser
DATA = Path(__file__).parents[1] / "cases" / "data"
RANDOM_PATHS = 200

TWIN = """async ([content, paths]) => {
  const twin = await import("/models/case-play.js");
  return paths.map((path) => {
    let play = twin.start(content);
    const states = [];
    const text = () => content.scenes[play.scene].passages.findIndex(
      (passage) => passage.text === twin.sceneText(content, play));
    const open = () => twin.available(content, play).map((option) => option.id);
    const look = () => states.push(
      [play.scene, play.values, play.return_to, play.steps.length, text(), open()]);
    look();
    let before = play;
    for (const option of path) { before = play; play = twin.choose(content, play, option); look(); }
    const stored = JSON.parse(JSON.stringify(twin.toStored(content, play)));
    const resumed = twin.fromStored(content, stored);
    const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
    return {
      play, states, stored, debrief: twin.debrief(content, play),
      resumes: same(resumed.play, play) && resumed.reason === null,
      undoes: !path.length || same(twin.undo(content, play), before),
    };
  });
}"""


@pytest.fixture(scope="module")
def page(chromium: Browser, server: str) -> Iterator[Page]:
    """A page of the site that serves the front-end files."""
    opened = chromium.new_page()
    opened.goto(f"{server}/models/case-play.js")
    yield opened
    opened.close()


def read(name: str) -> Any:
    return source.read_document(DATA / f"{name}.yaml").data


def all_cases() -> list[tuple[Case, list[dict[str, Any]]]]:
    small = graph.build(read("cases/small"), read("cases/safety"), read("crisis-routes"))
    own = [(cases.load(name), source.read(f"cases/{name}.walks")) for name in cases.case_ids()]
    return [(small, read("cases/small.walks")), *own]


def as_json(value: Any) -> Any:
    return json.loads(json.dumps(value))


def expected(case: Case, path: list[str]) -> dict[str, Any]:
    play = cases.start(case)
    states = []

    def look(play: Play) -> None:
        texts = [passage.text for passage in case.scenes[play.scene].passages]
        text = texts.index(cases.scene_text(case, play))
        open_now = [option.id for option in cases.available(case, play)]
        states.append([play.scene, vars(play.values), play.return_to, len(play.steps), text, open_now])

    look(play)
    for option in path:
        play = cases.choose(case, play, option)
        look(play)
    found = {
        "play": asdict(play),
        "states": states,
        "stored": cases.to_stored(case, play),
        "debrief": asdict(cases.debrief(case, play)),
    }
    return as_json({**found, "debrief": asdict(cases.debrief(case, play)), "resumes": True, "undoes": True})


def test_every_walk_and_many_paths_by_chance_are_the_same_in_the_page(page: Page) -> None:
    settled = 0
    for case, written in all_cases():
        paths = [[step["choose"] for step in walk["steps"]] for walk in written]
        plays = [walks.random_play(case, seed) for seed in range(RANDOM_PATHS)]
        # Some paths stop half way, where a debrief looks back on an unfinished play.
        paths += [
            [option for _, option in play.path[: len(play.path) - seed % 3]]
            for seed, play in enumerate(plays)
        ]
        found = page.evaluate(TWIN, [as_json(case.public()), paths])
        for path, states in zip(paths, found, strict=True):
            assert states == expected(case, path), path
            steps = states["play"]["steps"]
            settled += sum(one["after"] != two["before"] for one, two in itertools.pairwise(steps))
    assert settled, "time passes on some of these paths"


REASONS = {
    "": None,
    "What was saved is not a play of a case.": "unreadable",
    "This was played in version": "older",
    "The saved path cannot be followed": "changed",
}

STORED: list[Any] = [
    {"version": 3, "path": []},
    {"version": 2, "path": [{"scene": "one", "option": "steady"}]},
    {"version": 1, "path": []},
    {"version": 4, "path": []},
    {"version": 3, "path": [{"scene": "one", "option": "gone"}]},
    {"version": 3, "path": [{"scene": "two", "option": "steady"}]},
    {"version": 3, "path": [{"scene": "one"}]},
    {"version": 3, "path": [None]},
    {"version": "3", "path": []},
    {"version": 3, "path": {}},
    {"path": []},
    None,
    7,
    [],
]


@pytest.mark.parametrize("stored", STORED, ids=str)
def test_a_stored_play_is_refused_in_the_page_where_python_refuses_it(page: Page, stored: Any) -> None:
    case, _ = all_cases()[0]
    program = (
        """async ([content, stored]) => (await import("/models/case-play.js")).fromStored(content, stored)"""
    )
    found = page.evaluate(program, [as_json(case.public()), stored])
    play, why = cases.from_stored(case, stored)
    assert found["play"] == (as_json(asdict(play)) if play else None)
    reason = next(
        code for words, code in REASONS.items() if why == words or (words and why.startswith(words))
    )
    assert found["reason"] == ("newer" if "newer" in why else reason)


@pytest.mark.parametrize(
    ("option", "play"),
    [("gone", "start"), ("return", "start"), ("safety", "inside")],
)
def test_the_page_refuses_what_python_refuses(page: Page, option: str, play: str) -> None:
    case, _ = all_cases()[0]
    program = """async ([content, inside, option]) => {
      const twin = await import("/models/case-play.js");
      let play = twin.start(content);
      if (inside) play = twin.choose(content, play, twin.SAFETY);
      try { twin.choose(content, play, option); } catch (error) { return error instanceof twin.PlayError; }
      return "taken";
    }"""
    assert page.evaluate(program, [as_json(case.public()), play == "inside", option]) is True
