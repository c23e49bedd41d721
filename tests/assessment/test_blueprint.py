"""The plan of the graded items: each departure from it is named with its file and line."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from earned_security.assessment import blueprint
from earned_security.curriculum import completion, load

BANK = Path(__file__).parents[2] / "exercises" / "bank"
RULE = completion.load()
OBSERVED = f"{RULE.observed_tasks}.yaml"


def item(name: str, objective: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "type": "choose-one", "objective": objective, "points": 2, **more}


def task(name: str, objective: str) -> dict[str, Any]:
    return item(name, objective, type="free-text", points=8)


def a_plan_kept() -> dict[str, dict[str, Any]]:
    """The smallest banks that keep the plan, by file name."""
    banks: dict[str, dict[str, Any]] = {}
    tasks = []
    forms: tuple[list[dict[str, Any]], ...] = ([], [])
    for module in load().modules.values():
        known = [objective.id for objective in module.objectives if objective.kind == "knowledge"]
        tasks += [task(f"o-{o.id}", o.id) for o in module.objectives if o.kind == "performance"]
        items = [item(f"{name}-{count}", name) for name in known for count in range(3)]
        if module.id == RULE.capstone.assignment:
            items.append(item(RULE.capstone.item, known[0], points=RULE.capstone_maximum, type="free-text"))
            items.append(item(RULE.safe_path.item, known[0], type="play-case"))
        banks[f"{module.number:02}.yaml"] = {"assignment": module.id, "module": module.id, "items": items}
        for letter, form in zip("ab", forms, strict=True):
            form += [
                item(f"form-{letter}-m{module.number}-t{count}", known[0], difficulty="easy")
                for count in range(4)
            ]
    banks[OBSERVED] = {"assignment": RULE.observed_tasks, "items": tasks}
    for name, form in zip(RULE.forms, forms, strict=True):
        banks[f"{name}.yaml"] = {"assignment": name, "items": form}
    return banks


def found(folder: Path, banks: dict[str, dict[str, Any]]) -> list[str]:
    for name, data in banks.items():
        (folder / name).write_text(yaml.safe_dump(data, sort_keys=False), "utf-8")
    return [f"{p.file.name}:{p.line}: {p.message}" for p in blueprint.problems(folder)]


def test_the_course_keeps_its_plan() -> None:
    assert blueprint.problems(BANK) == []


def test_a_plan_that_is_kept_has_no_problem(tmp_path: Path) -> None:
    assert found(tmp_path, a_plan_kept()) == []


Change = Callable[[dict[str, dict[str, Any]]], object]
FORM_A, FORM_B = (f"{name}.yaml" for name in RULE.forms)


def first(file: str, **new: Any) -> Change:
    return lambda banks: banks[file]["items"][0].update(new)


MISTAKES: dict[str, tuple[Change, str, str]] = {
    "two items on a knowledge objective": (
        lambda banks: banks["01.yaml"]["items"].pop(0),
        r"01-[a-z-]+\.yaml",
        "M1.1 has 2 graded items",
    ),
    "no item on one": (lambda banks: banks["01.yaml"]["items"].clear(), r"01-[a-z-]+\.yaml", "M1.9 has no "),
    "items of a form do not count": (
        lambda banks: banks["01.yaml"].pop("module"),
        r"01-[a-z-]+\.yaml",
        "M1.1 has no graded items",
    ),
    "a performance without a task": (
        lambda banks: banks[OBSERVED]["items"].pop(0),
        r"01-[a-z-]+\.yaml",
        "M1.7 is a performance and has no observed task",
    ),
    "a task on knowledge": (first(OBSERVED, objective="M1.1"), OBSERVED, "M1.1 is knowledge"),
    "a task that a program marks": (first(OBSERVED, type="numeric"), OBSERVED, "which a person scores"),
    "tasks out of order": (
        lambda banks: banks[OBSERVED]["items"].append(banks[OBSERVED]["items"].pop(0)),
        OBSERVED,
        "stands after a task of a later module",
    ),
    "a marked item on a performance": (
        lambda banks: banks["06.yaml"]["items"].append(item("x", "M6.1")),
        r"06\.yaml",
        "M6.1 is a performance, which x cannot assess",
    ),
    "a text on a performance": (
        lambda banks: banks["06.yaml"]["items"].append(task("x", "M6.1")),
        r"06\.yaml",
        "which x cannot assess",
    ),
    "knowledge that is said to prepare": (
        first("01.yaml", prepares=True),
        r"01\.yaml",
        "M1.1 is knowledge, which M1.1-0 assesses",
    ),
    "a form that is too short": (lambda banks: banks[FORM_A]["items"].pop(), FORM_A, "39 items, not 40"),
    "too few of a module": (lambda banks: banks[FORM_A]["items"].pop(), FORM_A, "3 items on module 10"),
    "no pair": (first(FORM_B, id="form-b-m1-other"), FORM_A, "no item 'form-b-m1-t0'"),
    "no pair the other way": (first(FORM_B, id="form-b-m1-other"), FORM_B, "no item 'form-a-m1-other'"),
    "other points": (
        first(FORM_B, points=3),
        FORM_B,
        "The points of form-b-m1-t0 is 3; that of its pair is 2",
    ),
    "another type": (first(FORM_B, type="order"), FORM_B, "The type of form-b-m1-t0 is order"),
    "another difficulty": (
        first(FORM_B, difficulty="hard"),
        FORM_B,
        "The difficulty of form-b-m1-t0 is hard",
    ),
    "another objective": (first(FORM_B, objective="M1.2"), FORM_B, "The objective of form-b-m1-t0 is M1.2"),
    "no difficulty": (lambda banks: banks[FORM_A]["items"][0].pop("difficulty"), FORM_A, "has no difficulty"),
    "no such form": (lambda banks: banks[FORM_B].update(assignment="x"), "completion.yaml", RULE.forms[1]),
    "no such capstone": (
        lambda banks: banks["10.yaml"]["items"][-2].update(id="x"),
        "completion.yaml",
        f"'{RULE.capstone.item}' is not an item",
    ),
    "other points of the capstone": (
        lambda banks: banks["10.yaml"]["items"][-2].update(points=21),
        "completion.yaml",
        "The bank gives 21 points",
    ),
    "a safe path without a case": (
        lambda banks: banks["10.yaml"]["items"][-1].update(type="numeric"),
        "completion.yaml",
        "is no played case",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_departure_is_named_where_it_stands(tmp_path: Path, mistake: str) -> None:
    change, file, words = MISTAKES[mistake]
    banks = a_plan_kept()
    change(banks)
    problems = found(tmp_path, banks)
    fitting = [problem for problem in problems if words in problem and re.match(f"{file}:", problem)]
    assert len(fitting) == 1, problems
    assert int(fitting[0].split(":")[1]) > 1 or banks.get(file, {}).get("items") == []


def test_an_item_that_prepares_a_performance_is_told_apart(tmp_path: Path) -> None:
    banks = a_plan_kept()
    banks["06.yaml"]["items"].append(item("x", "M6.1", prepares=True))
    assert found(tmp_path, banks) == []


@pytest.mark.parametrize(
    "text", ["", "[]", "a: [", "items: 3", "items: [3, {}, {objective: [1], type: [x]}]"]
)
def test_a_file_of_another_shape_is_left_to_the_other_check(tmp_path: Path, text: str) -> None:
    banks = a_plan_kept()
    (tmp_path / "99-other.yaml").write_text(text, "utf-8")
    assert found(tmp_path, banks) == []


def test_a_file_of_observed_tasks_that_holds_none_leaves_every_performance_without_one(
    tmp_path: Path,
) -> None:
    for text in ("items: 3", "items: [3, {}, {objective: [1], type: [x]}]"):
        (tmp_path / OBSERVED).write_text(f"assignment: {RULE.observed_tasks}\n{text}", "utf-8")
        problems = found(tmp_path, {name: bank for name, bank in a_plan_kept().items() if name != OBSERVED})
        performances = [o for o in load().objectives.values() if o.kind == "performance"]
        assert sum("has no observed task" in problem for problem in problems) == len(performances)
