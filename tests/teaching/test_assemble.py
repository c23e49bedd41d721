"""The assembled notebook: the same each time, and keys only where nbgrader takes them out again."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import nbformat
import pytest

from earned_security.curriculum.source import ContentError
from earned_security.teaching import TeachingError, practice
from earned_security.teaching.assemble import assemble, items_json, practice_notebook, source_notebook
from earned_security.teaching.bank import Bank, read_bank


def test_the_same_bank_gives_the_same_bytes(bank: Bank, tmp_path: Path) -> None:
    first = source_notebook(bank)
    assert first == source_notebook(bank)
    folder = assemble(bank, tmp_path)
    assert (folder / "shapes.ipynb").read_text("utf-8") == first
    assert assemble(bank, tmp_path) == folder
    assert sorted(path.name for path in folder.iterdir()) == ["items.json", "shapes.ipynb"]


def test_each_item_is_one_cell_worth_its_points(bank: Bank) -> None:
    notebook = nbformat.reads(source_notebook(bank), as_version=4)
    graded = {
        c.id: c.metadata.nbgrader for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade")
    }
    assert {name: entry["points"] for name, entry in graded.items()} == {
        item.id: item.points for item, _ in bank.items
    }
    assert all(entry["grade_id"] == name for name, entry in graded.items())
    *cells, last = notebook.cells
    assert last.source == 'from earned_security.interactive import submission\nsubmission("shapes")'
    assert last.metadata.jupyter.source_hidden
    for cell in cells:
        if cell.cell_type == "code":
            lines = cell.source.split("\n")
            assert lines[0] == "from earned_security.interactive import exercise"
            assert lines[1].startswith('exercise("shapes-')
            assert cell.metadata.jupyter.source_hidden
            assert cell.metadata.nbgrader.locked
    assert notebook.metadata.earned_security.assignment == "shapes"
    assert notebook.metadata.kernelspec.name == "python3"


def test_the_opening_says_how_answers_are_kept_and_that_nobody_reads_along(bank: Bank) -> None:
    opening = nbformat.reads(source_notebook(bank), as_version=4).cells[0].source
    for words in (
        "# Shapes",
        "Ten minutes",
        "*Saved*",
        "nbgrader submit shapes",
        "not read in real time",
        "emergency",
    ):
        assert words in opening


def test_the_public_items_and_the_practice_copy_hold_no_key(bank: Bank) -> None:
    for text in (items_json(bank), practice_notebook(bank)):
        assert "Secret" not in text
        assert "HIDDEN" not in text
        assert "nbgrader" not in text
    assert [item["id"] for item in json.loads(items_json(bank))["items"]] == [
        item.id for item, _ in bank.items
    ]


def test_practice_copies_of_every_assignment(tmp_path: Path, bank: Bank) -> None:
    (tmp_path / "bank").mkdir()
    source = Path(__file__).parent / "data" / "99-shapes.yaml"
    (tmp_path / "bank" / source.name).write_text(source.read_text("utf-8"), "utf-8")
    found = practice.files(tmp_path)
    assert set(found.files) == {"shapes/shapes.ipynb", "shapes/items.json"}
    assert found.titles == {"shapes/shapes.ipynb": "Shapes"}
    assert found.files["shapes/shapes.ipynb"] == practice_notebook(bank)


def test_the_knowledge_test_is_nobodys_practice(tmp_path: Path) -> None:
    shutil.copytree(Path(__file__).parent / "data" / "completion", tmp_path / "bank")
    assert sorted(practice.files(tmp_path).titles.values()) == ["Capstone", "Observed tasks"]


def test_an_answers_file_in_the_source_folder_is_refused(bank: Bank, tmp_path: Path) -> None:
    folder = assemble(bank, tmp_path)
    (folder / "responses.json").write_text("{}")
    with pytest.raises(TeachingError, match="every learner's answers"):
        assemble(bank, tmp_path)


@pytest.mark.parametrize(
    "text", ["a: 1", "[]", "", "items: [{id: x}]\nassignment: a\nmodule: m\ntitle: t\nintroduction: i"]
)
def test_a_file_that_is_no_bank_is_a_content_error(tmp_path: Path, text: str) -> None:
    path = tmp_path / "bank.yaml"
    path.write_text(text)
    with pytest.raises(ContentError, match="earned check"):
        read_bank(path)
