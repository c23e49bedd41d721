"""Nothing a learner has written is ever overwritten."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from earned_security.publishing.jupyterlab import learner, notebooks


def notebook(*texts: str) -> str:
    return str(
        nbformat.writes(
            new_notebook(cells=[new_markdown_cell(text, id=f"c{i}") for i, text in enumerate(texts)])
        )
    )


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_a_new_folder_gets_every_file(tmp_path: Path) -> None:
    assert (
        learner.prepare(tmp_path / "new", {"modules/a.ipynb": notebook("A"), "Welcome.md": "Hello"}, "1")
        == []
    )
    assert read(tmp_path / "new/Welcome.md") == "Hello"
    assert "A" in read(tmp_path / "new/modules/a.ipynb")


def test_an_unchanged_file_is_brought_up_to_date(tmp_path: Path) -> None:
    learner.prepare(tmp_path, {"a.ipynb": notebook("old")}, "1")
    assert learner.prepare(tmp_path, {"a.ipynb": notebook("new")}, "2") == []
    assert "new" in read(tmp_path / "a.ipynb")


def test_a_file_with_the_learners_writing_stays_and_the_new_version_lies_beside_it(tmp_path: Path) -> None:
    learner.prepare(tmp_path, {"a.ipynb": notebook("old")}, "1")
    (tmp_path / "a.ipynb").write_text(notebook("old", "my own notes"), encoding="utf-8")
    said = learner.prepare(tmp_path, {"a.ipynb": notebook("new")}, "2")
    assert "my own notes" in read(tmp_path / "a.ipynb")
    assert "new" in read(tmp_path / "a (version 2).ipynb")
    assert "stays as it is" in said[0]


def test_a_second_start_changes_nothing_beside_the_learners_writing(tmp_path: Path) -> None:
    learner.prepare(tmp_path, {"a.ipynb": notebook("old")}, "1")
    (tmp_path / "a.ipynb").write_text(notebook("mine"), encoding="utf-8")
    learner.prepare(tmp_path, {"a.ipynb": notebook("new")}, "2")
    (tmp_path / "a (version 2).ipynb").write_text(notebook("mine too"), encoding="utf-8")
    learner.prepare(tmp_path, {"a.ipynb": notebook("newer")}, "2")
    assert "mine too" in read(tmp_path / "a (version 2).ipynb")
    assert '"mine"' in read(tmp_path / "a.ipynb")


def test_outputs_are_not_writing_so_a_notebook_that_was_only_opened_is_brought_up_to_date(
    tmp_path: Path,
) -> None:
    learner.prepare(
        tmp_path, {"a.ipynb": nbformat.writes(new_notebook(cells=[new_code_cell("1", id="x")]))}, "1"
    )
    opened = nbformat.read(tmp_path / "a.ipynb", as_version=4)
    opened.cells[0].execution_count = 7
    nbformat.write(opened, tmp_path / "a.ipynb")
    assert learner.prepare(tmp_path, {"a.ipynb": notebook("new")}, "2") == []
    assert "new" in read(tmp_path / "a.ipynb")


def test_a_damaged_notebook_is_kept(tmp_path: Path) -> None:
    learner.prepare(tmp_path, {"a.ipynb": notebook("old")}, "1")
    (tmp_path / "a.ipynb").write_text('{"cells": [', encoding="utf-8")
    assert len(learner.prepare(tmp_path, {"a.ipynb": notebook("new")}, "2")) == 1
    assert read(tmp_path / "a.ipynb") == '{"cells": ['


def test_a_damaged_record_loses_nothing(tmp_path: Path) -> None:
    learner.prepare(tmp_path, {"a.ipynb": notebook("old")}, "1")
    (tmp_path / learner.RECORD).write_text("not json", encoding="utf-8")
    (tmp_path / "a.ipynb").write_text(notebook("mine"), encoding="utf-8")
    learner.prepare(tmp_path, {"a.ipynb": notebook("new")}, "2")
    assert '"mine"' in read(tmp_path / "a.ipynb")


def test_what_is_the_courses_own_is_always_replaced(tmp_path: Path) -> None:
    learner.prepare(tmp_path, {"items.json": "1"}, "1")
    (tmp_path / "items.json").write_text("changed", encoding="utf-8")
    assert learner.prepare(tmp_path, {"items.json": "2"}, "2", ours=["items.json"]) == []
    assert read(tmp_path / "items.json") == "2"


def test_another_port_is_no_writing(tmp_path: Path) -> None:
    learner.prepare(tmp_path, {"Welcome.md": "http://localhost:8888/book/"}, "1")
    assert learner.prepare(tmp_path, {"Welcome.md": "http://localhost:9999/book/"}, "1") == []
    assert "9999" in read(tmp_path / "Welcome.md")


def test_answers_are_never_touched(tmp_path: Path) -> None:
    learner.prepare(tmp_path, {"exercises/a.ipynb": notebook("old")}, "1")
    answers = tmp_path / "exercises" / "responses.json"
    answers.write_text(json.dumps({"mine": 1}), encoding="utf-8")
    learner.prepare(tmp_path, {"exercises/a.ipynb": notebook("new")}, "2")
    assert json.loads(read(answers)) == {"mine": 1}


@given(writing=st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\r"), min_size=1))
def test_any_writing_survives_any_update(tmp_path_factory: object, writing: str) -> None:
    folder: Path = tmp_path_factory.mktemp("learner")  # type: ignore[attr-defined]
    learner.prepare(folder, {"a.md": "old text"}, "1")
    (folder / "a.md").write_text(writing, encoding="utf-8", newline="")
    learner.prepare(folder, {"a.md": "new text"}, "2")
    kept = read(folder / "a.md")
    assert kept == writing or writing == "old text"


def test_the_welcome_page_links_everything() -> None:
    text = learner.welcome({"modules/04 a.ipynb": "4. Safety"}, {}, "http://localhost:8888/book/")
    assert "[4. Safety](<modules/04 a.ipynb>)" in text and "(http://localhost:8888/book/)" in text
    assert "None yet." in text
    assert f"[Take your work along](<{learner.TAKE_ALONG}>)" in text


def test_the_notebook_for_taking_work_along_lies_beside_the_modules_and_shows_its_piece() -> None:
    read_back = nbformat.reads(notebooks.take_along(), as_version=4)
    nbformat.validate(read_back)
    assert read_back.metadata["earned_security"]  # so that JupyterLab shows the piece on opening
    assert 'piece("take-along")' in read_back.cells[-1].source
    assert learner.TAKE_ALONG.startswith("modules/")
