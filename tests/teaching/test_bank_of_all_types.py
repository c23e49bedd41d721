"""The bank of all types as an assignment: what is released says the rules and the version, and holds no key."""

from __future__ import annotations

import dataclasses
import json
import random
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook, new_output
from strategies import BANK_OF_ALL_TYPES, right

from earned_security import cases
from earned_security.assessment.items import TYPES, Item, Key
from earned_security.assessment.marking import BY_HAND, mark
from earned_security.assessment.responses import value_problem
from earned_security.assessment.rules import by_type
from earned_security.cases.walks import random_play
from earned_security.teaching import assemble
from earned_security.teaching.bank import Bank, read_bank
from earned_security.teaching.grade import Answers, grade, judged
from earned_security.teaching.marker import mark_notebook
from earned_security.teaching.preprocessors.strip_keys import StripKeys
from earned_security.teaching.synthetic import answer


@pytest.fixture(scope="module")
def every_type() -> Bank:
    return read_bank(BANK_OF_ALL_TYPES)


def test_the_opening_says_every_rule_that_the_assignment_needs(every_type: Bank) -> None:
    opening = nbformat.reads(assemble.source_notebook(every_type), as_version=4).cells[0].source
    assert all(rule.share in opening for rule in by_type().values())
    few = dataclasses.replace(every_type, items=every_type.items[:1])
    opening = nbformat.reads(assemble.practice_notebook(few), as_version=4).cells[0].source
    assert by_type()["choose-one"].share in opening
    assert by_type()["order"].share not in opening


def test_the_version_is_in_the_notebook_and_beside_it_and_follows_the_bank(every_type: Bank) -> None:
    notebook = nbformat.reads(assemble.source_notebook(every_type), as_version=4)
    beside = json.loads(assemble.items_json(every_type, shuffle_options=True))
    assert notebook.metadata.earned_security.bank_version == beside["bank_version"] == every_type.version
    assert beside["shuffle_options"] is True
    assert json.loads(assemble.items_json(every_type))["shuffle_options"] is False
    item, key = every_type.items[0]
    other = dataclasses.replace(
        every_type, items=((item, dataclasses.replace(key, value="x")), *every_type.items[1:])
    )
    assert other.version != every_type.version
    assert read_bank(BANK_OF_ALL_TYPES).version == every_type.version


def test_neither_keys_nor_the_graph_of_a_case_are_in_what_a_learner_gets(every_type: Bank) -> None:
    released = assemble.items_json(every_type) + assemble.practice_notebook(every_type)
    scenes = cases.load("tomasz").scenes.values()
    for option in (option for scene in scenes for option in scene.options):
        assert option.rationale not in released
        assert option.text not in released
    for entry in json.loads(assemble.items_json(every_type))["items"]:
        assert not {"key", "rationale", "rationales", "rubric", "model_answer"} & set(entry)
        parts = [part for value in entry.values() if isinstance(value, list) for part in value]
        assert all(set(part) <= {"id", "text", "speaker"} for part in parts if isinstance(part, dict))


@pytest.mark.parametrize("type_", TYPES)
def test_synthetic_trainees_answer_every_type_and_the_able_do_better(every_type: Bank, type_: str) -> None:
    pairs = [(item, key) for item, key in every_type.items if item.type == type_]
    earned = {}
    for chance in (0.2, 0.95):
        source = random.Random(1)
        answers = [(item, key, answer(item, key, chance, source)) for item, key in pairs for _ in range(6)]
        assert all(value_problem(given) is None for _, _, given in answers)
        marks = [mark(*each) for each in answers]
        assert all(found.details["answered"] for found in marks)
        earned[chance] = sum(found.points for found in marks)
    assert type_ in BY_HAND or earned[0.95] > earned[0.2]


def test_grade_cells_give_what_marking_gives(every_type: Bank, tmp_path: Path) -> None:
    answers = {item.id: right(item, key) for item, key in every_type.items if item.type not in BY_HAND}
    entries = {f"{name}/answer": {"value": value, "time": 1} for name, value in answers.items()}
    text = json.dumps({"schema_version": 1, "entries": entries})
    (tmp_path / "responses.json").write_text(text, encoding="utf-8")
    for item, key in every_type.items:
        if item.id in answers:
            assert grade(json.dumps(item.public()), json.dumps(key.value), tmp_path) == item.points


def test_a_written_task_in_place_of_a_case_waits_for_a_person(every_type: Bank) -> None:
    item, key = next(pair for pair in every_type.items if pair[0].content.get("alternative"))
    points, said = judged(item, key, Answers({item.id: {"alternative": "I wrote this instead."}}, ""))
    assert points is None
    assert "I wrote this instead." in said
    assert "read and marked by a person" in said
    assert "Points: 0" not in said


def test_feedback_shows_the_written_task_that_waits_and_no_traceback_of_a_key(every_type: Bank) -> None:
    item, key = next(pair for pair in every_type.items if pair[0].content.get("alternative"))
    answers = Answers({item.id: {"alternative": "I wrote <b>this</b> instead."}}, "")
    (cell,) = graded(item, key, answers).cells
    assert cell.outputs[0].output_type == "error", "no points, so a person is asked"
    raised = new_output("error", ename="NameError", evalue="", traceback=[cell.source])
    (shown,), _ = stripped(cell)
    assert "I wrote <b>this</b> instead." in shown.text and "marked by a person" in shown.text
    (shown,), _ = stripped(NotebookNode({**cell, "outputs": [raised]}))
    assert shown.text == "This cell could not be marked. Ask your instructor.\n"


def test_feedback_on_a_played_case_looks_back_on_the_path(every_type: Bank) -> None:
    item, key = next(pair for pair in every_type.items if pair[0].type == "play-case")
    case = cases.load(item.content["case"])
    play = random_play(case, 5, "poor")
    (cell,) = graded(item, key, Answers({item.id: cases.to_stored(case, play)}, "")).cells
    (shown, _points), _ = stripped(cell)
    said = " ".join(shown.text.split())
    for decision in cases.debrief(case, play).decisions:
        option = next(one for one in case.scenes[decision.scene].options if one.id == decision.option)
        assert " ".join(option.rationale.split()) in said
        assert decision.others == () or "What else was open:" in said
    assert " ".join(case.review_note.split()) in said
    assert " ".join(case.prompts[0].split()) in said
    assert "Rupture in" in said and "window of tolerance" in said


def graded(item: Item, key: Key, answers: Answers) -> NotebookNode:
    """A notebook of one grade cell, marked without running it."""
    source = f"grade({json.dumps(item.public())!r}, {json.dumps(key.value)!r})"
    about = {"grade": True, "solution": False, "locked": True, "grade_id": item.id, "points": item.points}
    cell = new_code_cell(source, metadata={"nbgrader": {**about, "schema_version": 3}})
    return mark_notebook(new_notebook(cells=[cell]), answers)


def stripped(cell: NotebookNode) -> tuple[list[NotebookNode], str]:
    found, _ = StripKeys().preprocess(new_notebook(cells=[cell]), {})
    return found.cells[0].outputs, found.cells[0].source
