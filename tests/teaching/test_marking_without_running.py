"""The pure core: rebuilding a submission from the instructor's copy, and marking it without running a cell."""

from __future__ import annotations

import copy
from typing import Any

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat import NotebookNode
from nbgrader import utils

from earned_security.assessment import responses
from earned_security.assessment.items import Key
from earned_security.assessment.marking import BY_HAND, mark
from earned_security.teaching import TeachingError
from earned_security.teaching.assemble import PLACE, source_notebook
from earned_security.teaching.bank import Bank
from earned_security.teaching.grade import Answers, answers_in, unusable
from earned_security.teaching.marker import NOT_MARKED, keys, mark_notebook, score
from earned_security.teaching.rebuild import instructors_copy, rebuild, require_same
from earned_security.teaching.synthetic import trainees

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@pytest.fixture(scope="module")
def original(bank: Bank) -> NotebookNode:
    return instructors_copy(nbformat.reads(source_notebook(bank), as_version=4))


def cell(notebook: NotebookNode, name: str) -> NotebookNode:
    (found,) = [c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == name]
    return found


def scores(notebook: NotebookNode) -> dict[str, float | None]:
    graded = [cell for cell in notebook.cells if utils.is_grade(cell)]
    return {cell.metadata.nbgrader.grade_id: score(cell) for cell in graded}


def typed(name: str, text: Any) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {"nbgrader": {"grade_id": name}}, "source": text}


def test_marks_are_those_of_the_rules_for_a_class(bank: Bank, original: NotebookNode) -> None:
    for person in trainees(bank, 20, seed=5):
        answers = Answers(person.answers)
        got = scores(mark_notebook(rebuild(original, answers), answers))
        for item, key in bank.items:
            response = person.answers.get(item.id)
            if item.type in BY_HAND:
                assert got[item.id] == (None if response else 0.0)
            else:
                assert got[item.id] == mark(item, key, response).points


def test_nothing_but_answers_and_text_is_taken_from_a_submission(original: NotebookNode) -> None:
    answers = Answers({"shapes-three-sides": "triangle"})
    hostile = copy.deepcopy(original)
    for one in hostile.cells:
        one.cell_type = "code"
        one.metadata.tags = ["skip-execution"]
        if "nbgrader" in one.metadata:
            one.metadata.nbgrader.update(schema_version=99, points=1000, locked=False)
            one.source = "100.0" if one.metadata.nbgrader.grade_id != "shapes-favourite" else PLACE
    hostile.cells += [hostile.cells[2], {"cell_type": 3}, "no cell", None]
    hostile.metadata.kernelspec.name = "theirs"
    assert rebuild(original, answers, hostile) == rebuild(original, answers)
    assert rebuild(original, answers, hostile) == original


@settings(max_examples=60, deadline=None)
@given(
    values=st.dictionaries(
        st.sampled_from(["shapes-three-sides", "shapes-corners", "shapes-favourite"]), JSON
    )
)
def test_whatever_the_answers_are_the_result_is_a_valid_notebook(
    bank: Bank, original: NotebookNode, values: dict[str, Any]
) -> None:
    answers = Answers(values)
    before = copy.deepcopy(original)
    marked = mark_notebook(rebuild(original, answers), answers)
    nbformat.validate(marked)
    assert original == before, "the instructor's copy is shared and never changed"
    points = {item.id: item.points for item, _ in bank.items}
    for name, value in scores(marked).items():
        assert value is None or 0 <= value <= points[name]


@settings(max_examples=60, deadline=None)
@given(submitted=JSON | st.builds(lambda cells: {"cells": cells}, JSON))
def test_whatever_the_notebook_is_it_is_rebuilt(original: NotebookNode, submitted: Any) -> None:
    assert rebuild(original, Answers(), submitted) == original


def test_typed_text_counts_where_there_is_no_other_and_the_cell_may_be_duplicated(
    original: NotebookNode,
) -> None:
    name = "shapes-favourite"
    cells = [typed(name, PLACE), typed(name, ["My own\n", "words"]), typed(name, PLACE), typed(name, [1, 2])]
    source = cell(rebuild(original, Answers(), {"cells": cells}), name).source
    assert "<p>My own<br>words</p>" in source
    source = cell(rebuild(original, Answers({name: "In the form"}), {"cells": cells}), name).source
    assert "In the form" in source and "own" not in source
    for blank in ("", "  \n ", 3, None, ["x"]):
        assert cell(rebuild(original, Answers({name: blank})), name).source == PLACE


def test_a_very_long_typed_text_is_cut(original: NotebookNode) -> None:
    cells = [typed("shapes-favourite", "x" * 10_000_000)]
    assert len(cell(rebuild(original, Answers(), {"cells": cells}), "shapes-favourite").source) < 210_000


def test_an_unusable_answers_file_is_no_zero(bank: Bank, original: NotebookNode) -> None:
    answers = unusable(responses.DamagedError("it is not valid JSON"))
    marked = mark_notebook(rebuild(original, answers), answers)
    assert set(scores(marked).values()) == {None}
    for item, _ in bank.items:
        one = cell(marked, item.id)
        shown = one.source if item.type in BY_HAND else str(one.outputs)
        assert "not valid JSON" in shown
        if item.type not in BY_HAND:
            assert [output.ename for output in one.outputs] == [NOT_MARKED]
            assert "Points" not in shown
            assert utils.determine_grade(one)[0] == 0, "nbgrader's own rule gives it no points either"


def test_a_key_that_does_not_fit_is_no_zero_and_leaves_the_other_items_alone(original: NotebookNode) -> None:
    answers = Answers({"shapes-three-sides": "triangle", "shapes-corners": ["cube"]})
    known = dict(keys(original))
    item, _ = known["shapes-corners"] or pytest.fail()
    known["shapes-corners"] = (item, Key(item.id, 5))
    known["shapes-names"] = None
    marked = mark_notebook(rebuild(original, answers), answers, known)
    got = scores(marked)
    assert got["shapes-corners"] is None and got["shapes-names"] is None
    assert "its entry in the bank needs a look" in str(cell(marked, "shapes-corners").outputs)
    assert got["shapes-three-sides"] == 1.0


def test_a_grade_cell_without_a_key_of_the_course_is_refused(original: NotebookNode) -> None:
    for source in ("assert x == 1", "grade(1)\ngrade(2)", "grade(open('x'), '1')", "(" * 1000, ""):
        changed = copy.deepcopy(original)
        cell(changed, "shapes-corners").source = source
        with pytest.raises(TeachingError, match="shapes-corners"):
            keys(changed)


def test_a_grade_cell_whose_texts_are_damaged_is_not_marked(original: NotebookNode) -> None:
    changed = copy.deepcopy(original)
    cell(changed, "shapes-corners").source = "grade('{', '[')"
    got = scores(mark_notebook(changed, Answers()))
    assert got["shapes-corners"] is None
    assert got["shapes-names"] == 0.0


def test_a_cell_without_a_number_never_earns_full_points(original: NotebookNode) -> None:
    assert score(cell(original, "shapes-corners")) is None
    assert utils.determine_grade(cell(original, "shapes-corners"))[0] == 3.0, "nbgrader's own rule would"


def test_a_changed_source_is_named(original: NotebookNode) -> None:
    checksums = {
        one.metadata.nbgrader.grade_id: one.metadata.nbgrader.checksum
        for one in original.cells
        if "nbgrader" in one.metadata
    }
    require_same(original, checksums)
    with pytest.raises(
        TeachingError, match=r"shapes-corners, shapes-names\. Run `nbgrader generate_assignment`"
    ):
        require_same(original, {**checksums, "shapes-corners": "other", "shapes-names": "other"})


def test_only_answers_to_items_are_answers() -> None:
    entries = {"a/answer": {"value": 1, "time": 1}, "a/note": {"value": 2, "time": 1}}
    assert answers_in(responses.Contents(entries, ("x was left out.",))) == Answers(
        {"a": 1}, "x was left out."
    )
