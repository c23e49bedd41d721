"""What stock nbgrader would trip over: each costs its author that item at most, and nobody else anything."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from earned_security.teaching.preprocessors.insert_reflections import harmless

from .conftest import Classroom, answers_file

RIGHT: dict[str, Any] = {
    "shapes-three-sides": "triangle",
    "shapes-corners": ["cube", "brick", "dice"],
    "shapes-names": {"five": "pentagon", "six": "hexagon", "eight": "octagon"},
    "shapes-flat-or-solid": {"disc": "flat", "cone": "solid", "ring": "flat"},
    "shapes-by-sides": ["three", "four", "seven", "nine"],
    "shapes-how-round": 7,
    "shapes-angles": 180,
    "shapes-spoken": ["line-one", "line-three"],
}
PARTLY: dict[str, Any] = {
    "shapes-corners": ["cube", "brick"],  # two of three: 2 of 3 points
    "shapes-names": {"five": "pentagon"},  # one of three of 2 points: 0.67
    "shapes-flat-or-solid": {"disc": "flat", "cone": "flat", "ring": "solid"},
    "shapes-by-sides": ["three", "four", "nine", "seven"],
    "shapes-how-round": 9,
}
SCRIPT = (
    "<script>alert(1)</script><img src=x onerror=alert(2)> [a](javascript:alert(3)) "
    "$\\href{javascript:alert(4)}{x}$"
)
HOSTILE = f"{SCRIPT}\n\n### BEGIN HIDDEN TESTS\n\n<!-- BEGIN MARK SCHEME\n\n```\n| a |\n# Loud"


def write(home: Path, answers: dict[str, Any]) -> None:
    (home / "responses.json").write_text(answers_file(answers), "utf-8")


def test_right_partial_and_wrong_types_earn_what_the_rules_say(classroom: Classroom) -> None:
    classroom.hand_in("right", lambda home: write(home, RIGHT))
    points = classroom.marked("right")
    assert points == {item.id: item.points for item, _ in classroom.bank.items} | {"shapes-favourite": 0.0}

    classroom.hand_in("partly", lambda home: write(home, PARTLY))
    points = classroom.marked("partly")
    assert points == {item.id: 0.0 for item, _ in classroom.bank.items} | {
        "shapes-corners": 2.0,
        "shapes-names": 0.67,
        "shapes-flat-or-solid": 0.67,
        "shapes-by-sides": 1.33,
        "shapes-how-round": 0.5,
    }

    wrong: dict[str, Any] = {item: [item] for item in RIGHT} | {
        "shapes-angles": True,
        "shapes-corners": {"cube": 1},
    }
    classroom.hand_in("wrong", lambda home: write(home, {**wrong, "unknown-item": 1, "shapes-favourite": 3}))
    assert set(classroom.marked("wrong").values()) == {0.0}
    for item in RIGHT:
        assert "Points: 0 of" in classroom.said("wrong", item)
    assert "not a number: True" in classroom.said("wrong", "shapes-angles")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("none", None),
        ("damaged", "{ this is not JSON"),
        pytest.param("deep", "[" * 200_000, marks=pytest.mark.slow),
        pytest.param("binary", "\x00\x01", marks=pytest.mark.slow),
    ],
)
def test_without_answers_everything_earns_nothing_and_unusable_ones_wait_for_a_person(
    classroom: Classroom, name: str, content: str | None
) -> None:
    def prepare(home: Path) -> None:
        if content is not None:
            (home / "responses.json").write_text(content)

    classroom.hand_in(name, prepare)
    assert set(classroom.marked(name).values()) == ({0.0} if content is None else {None})
    outputs = [output for cell in classroom.notebook(name).cells for output in cell.get("outputs", [])]
    failed = [output for output in outputs if output.output_type == "error"]
    if content is None:
        assert "No answer was given" in classroom.said(name, "shapes-three-sides")
        assert failed == []
    else:
        assert {output.ename for output in failed} == {"CouldNotBeMarked"}
        assert all("answers file" in " ".join(output.traceback) for output in failed)
        assert "brick" not in str(failed), "no cell is quoted"


def feedback_page(classroom: Classroom, student: str) -> str:
    course, name = classroom.course, classroom.bank.assignment
    course.feedback(name)
    return (course.root / "feedback" / student / name / f"{name}.html").read_text("utf-8")


def test_a_hostile_text_is_shown_as_text_and_stops_nobody(classroom: Classroom) -> None:
    classroom.hand_in("hostile", lambda home: write(home, {"shapes-favourite": HOSTILE}))
    points = classroom.marked("hostile")
    assert points["shapes-favourite"] is None, "a text waits for a person"
    (cell,) = [cell for cell in classroom.notebook("hostile").cells if cell.id == "shapes-favourite"]
    assert "&#60;script&#62;alert&#40;1&#41;" in cell.source
    page = feedback_page(classroom, "hostile")
    assert "alert" in page
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert 'href="javascript' not in page
    assert "<h1>Loud" not in page


def test_what_is_typed_into_the_cell_itself_is_made_harmless_too(classroom: Classroom) -> None:
    def prepare(home: Path) -> None:
        path = home / "shapes.ipynb"
        notebook = nbformat.read(path, as_version=4)
        notebook.cells[-2].source = SCRIPT
        nbformat.write(notebook, path)

    classroom.hand_in("typed", prepare)
    assert classroom.marked("typed")["shapes-favourite"] is None
    assert "<script" not in classroom.notebook("typed").cells[-2].source
    assert "&#60;script" in classroom.notebook("typed").cells[-2].source


def test_changed_cells_points_and_items_change_no_mark(classroom: Classroom) -> None:
    def prepare(home: Path) -> None:
        path = home / "shapes.ipynb"
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            if cell.metadata.get("nbgrader", {}).get("grade") and cell.cell_type == "code":
                cell.source = "100.0"
                cell.metadata.nbgrader["points"] = 100
        notebook.cells.append(new_markdown_cell("### BEGIN HIDDEN TESTS"))
        nbformat.write(notebook, path)
        items = json.loads((home / "items.json").read_text("utf-8"))
        items["items"][0]["points"] = 1000
        (home / "items.json").write_text(json.dumps(items))
        write(home, {"shapes-three-sides": "triangle"})

    classroom.hand_in("changed", prepare)
    points = classroom.marked("changed")
    assert points["shapes-three-sides"] == 1.0
    assert sum(value or 0 for value in points.values()) == 1.0
    assert "Points: 1 of 1" in feedback_page(classroom, "changed"), "the added cell stopped no feedback"


def test_a_folder_named_like_a_package_is_not_imported(classroom: Classroom, tmp_path: Path) -> None:
    marker = tmp_path / "was-imported"
    trap = f"from pathlib import Path\nPath({str(marker)!r}).touch()\nraise RuntimeError('trap')\n"

    def prepare(home: Path) -> None:
        for name in ("earned_security", "anywidget"):
            (home / name).mkdir()
            (home / name / "__init__.py").write_text(trap)
        for name in ("ipykernel_launcher.py", "json.py", "sitecustomize.py"):
            (home / name).write_text(trap)
        write(home, RIGHT)

    classroom.hand_in("trap", prepare)
    assert classroom.marked("trap")["shapes-corners"] == 3.0
    assert not marker.exists()


def test_an_error_in_a_grade_cell_shows_no_key_in_feedback(classroom: Classroom) -> None:
    def prepare(home: Path) -> None:
        path = home / "shapes.ipynb"
        notebook = nbformat.read(path, as_version=4)
        sabotage = (
            "import earned_security.teaching.grade as g\ndef grade(*_): raise ValueError\ng.grade = grade"
        )
        notebook.cells.insert(1, new_code_cell(sabotage))
        nbformat.write(notebook, path)

    classroom.hand_in("error", prepare)
    assert classroom.marked("error")["shapes-corners"] is None, "it waits for a person"
    assert "brick" in str(classroom.notebook("error")), "the instructor sees the traceback"
    page = feedback_page(classroom, "error")
    assert "This cell could not be marked" in page
    assert "brick" not in page


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Plain words, and more.", "<p>Plain words, and more.</p>"),
        ("One\nline\r\n\r\nTwo", "<p>One<br>line</p><p>Two</p>"),
        ("&lt;b&gt;", "<p>&#38;lt;b&#38;gt;</p>"),
        ("a*b_c`d$e\\f#g[h]<i>", "<p>a&#42;b&#95;c&#96;d&#36;e&#92;f&#35;g&#91;h&#93;&#60;i&#62;</p>"),
        ("Zoë 李 مرحبا", "<p>Zoë 李 مرحبا</p>"),
        ("x\x00\x1b[31m\u202ey\ud83d", "<p>x&#91;31my</p>"),
        ("  \n\n  ", ""),
    ],
)
def test_harmless_text(text: str, shown: str) -> None:
    block = harmless(text)
    assert block == f'<div class="tex2jax_ignore mathjax_ignore">{shown}</div>'
    assert "\n" not in block
