"""The session planner in Python: ten portions at every setting, safety before everything, mistakes named."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from typing import Any

import pytest

from earned_security.curriculum import Problem, load, source
from earned_security.interactive import session_planner
from earned_security.interactive.piece import UnknownPieceError
from earned_security.interactive.session_planner import PLANNER, Share, deal, settings

DATA = source.read(PLANNER)
INTERVENTIONS = DATA["interventions"]
EVERY = list(settings(DATA))
EXAMPLES = {example["id"]: example["values"] for example in DATA["examples"]}


def portions(setting: dict[str, Any]) -> dict[str, int]:
    """What gets any portion."""
    return {share.intervention: share.portions for share in deal(INTERVENTIONS, setting) if share.portions}


def test_every_setting_deals_ten_portions_each_with_a_reason() -> None:
    assert len(EVERY) == 3**4 * 3 * 4
    for setting in EVERY:
        shares = deal(INTERVENTIONS, setting)
        assert [share.intervention for share in shares] == [one["id"] for one in INTERVENTIONS]
        assert sum(share.portions for share in shares) == 10, setting
        assert all(share.portions >= 0 and share.because for share in shares)


def test_settling_outranks_memory_work_wherever_nothing_can_be_taken_in() -> None:
    for setting in EVERY:
        dealt = portions(setting)
        if setting["activation"] != "middle":
            assert "memory-work" not in dealt and max(dealt, key=dealt.__getitem__) == "settling", setting
        else:
            assert "settling" not in dealt
            assert ("memory-work" in dealt) == (setting["regulation"] > 0), setting
        assert dealt["coming-down"] and dealt["somebody-outside"], setting


def test_what_is_avoided_is_named_only_where_it_can_be_borne() -> None:
    named = [setting for setting in EVERY if "what-is-avoided" in portions(setting)]
    assert named
    for setting in named:
        assert setting["obstacle"] == "resistance" and setting["activation"] == "middle"
        assert setting["regulation"] > 0
    assert not any("challenge" in one["id"] for one in INTERVENTIONS)


def test_an_obstacle_moves_a_portion_and_a_better_regulation_never_takes_memory_work_away() -> None:
    for setting in EVERY:
        if setting["activation"] == "middle" and setting["regulation"] < 2:
            better = {**setting, "regulation": setting["regulation"] + 1}
            assert portions(better).get("memory-work", 0) >= portions(setting).get("memory-work", 0), setting
    amara = EXAMPLES["amara"]
    for one, other in itertools.combinations(("capacity", "ego-syntonic", "resistance", "none"), 2):
        assert portions({**amara, "obstacle": one}) != portions({**amara, "obstacle": other})


def test_the_worked_examples_are_what_the_module_says() -> None:
    assert portions(EXAMPLES["amara"]) == {
        "memory-work": 5,
        "coming-down": 2,
        "expression": 1,
        "prized-pattern": 1,
        "somebody-outside": 1,
    }
    assert portions({**EXAMPLES["amara"], "activation": "low"}) == {
        "settling": 6,
        "finding-out": 2,
        "coming-down": 1,
        "somebody-outside": 1,
    }
    assert portions(EXAMPLES["joseph"])["staying"] > portions(EXAMPLES["joseph"])["memory-work"] > 0


def test_portions_run_out_from_the_top_and_the_first_line_that_fits_holds() -> None:
    def one(name: str, *lines: dict[str, Any]) -> dict[str, Any]:
        return {"id": name, "lines": [{"because": f"{name}.", **line} for line in lines]}

    first = one("first", {"when": {"a": [0]}, "give": 7}, {"when": {"a": [0, 1]}, "give": 1}, {"give": 0})
    rest = one("rest", {"give": 5})
    last = one("last", {"give": 10})
    for value, expected in ((0, [7, 3, 0]), (1, [1, 5, 4]), (2, [0, 5, 5])):
        assert [share.portions for share in deal([first, rest, last], {"a": value})] == expected
    assert deal([last], {"a": 0}) == [Share("last", 10, "last.")]
    with pytest.raises(ValueError, match="No line of “none” fits"):
        deal([one("none", {"when": {"a": [9]}, "give": 1})], {"a": 0})


def test_content_is_public_json_that_says_whose_weights_these_are() -> None:
    content = session_planner.content(PLANNER)
    assert (content["id"], content["kind"]) == (PLANNER, "session-planner")
    assert content["label"] == "Our teaching aid; the weights are ours, not the authors'"
    assert len(json.dumps(content, allow_nan=False)) < 30_000
    assert [gate["id"] for gate in content["gates"]] == ["risk", "wish"]
    assert all(entry["options"] for entry in content["inputs"])
    assert {claim["id"] for claim in content["claims"]} == set(DATA["claims"]) <= set(load().claims)
    with pytest.raises(UnknownPieceError, match="no planner called"):
        session_planner.content("another")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("    stop: ", "    sign: ", "has no stop"),
        ("give: 6", "give: 11", "maximum"),
        ("claims: [kinley-is-a-proposal", "claims: [kinley-is-proven", "not a known claim"),
        ("when: {activation: [low]}", "when: {arousal: [low]}", "'arousal' is not an input"),
        ("when: {regulation: [0]}", "when: {regulation: [3]}", "'regulation' is never 3"),
        ("    value: middle", "    value: between", "'activation' is never 'between'"),
        ("  - id: finding-out", "  - id: settling", "stands twice"),
        ("values: {attunement: 1, processing: 2,", "values: {attunement: 1,", "says nothing of 'processing'"),
        ("      - give: 1\n        because: Belonging", "      - when: {obstacle: [none]}\n        give: 1\n        because: Belonging", "must hold always"),
        ("      - give: 10\n", "      - give: 2\n", "portions are dealt with"),
        ("when: {expression: [0]}", "when: {activation: [middle], expression: [1]}", "never used"),
        ("give: 2\n        because: Something took", "give: 4\n        because: Something took", "none are left"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_file_and_line(
    problems_after: Callable[..., list[Problem]], old: str, new: str, message: str
) -> None:
    found = problems_after("session-planner.yaml", old, new, ("claims.yaml",))
    assert any(message in problem.message for problem in found), found
