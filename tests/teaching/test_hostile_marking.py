"""Everything that a submission may try while it is marked: no code runs, and nobody else's marks change.

Each of these answers what ANSWERS says, and then does its worst. What is expected is one of: "honest", the marks of
those answers; "waits", items that could not be marked and wait for a person; "quarantined"; or the points by item.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from handed_in import answers_file, course, files, place, place_all, rows
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from earned_security.teaching import TeachingError
from earned_security.teaching.bank import Bank
from earned_security.teaching.bulk import mark_course
from earned_security.teaching.course import Course
from earned_security.teaching.synthetic import trainees

ANSWERS: dict[str, Any] = {
    "shapes-three-sides": "triangle",
    "shapes-corners": ["cube"],
    "shapes-angles": 90,
    "shapes-favourite": "A circle.",
}
HONEST = {"shapes-three-sides": 1.0, "shapes-corners": 1.0, "shapes-favourite": None}
Act = Callable[[Path], None]
CASES: dict[str, tuple[Act, Any]] = {}
TOUCHED = "was-run"


def case(expected: Any, *values: Any) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """One hostile submission, or one for each value."""

    def add(act: Callable[..., None]) -> Callable[..., None]:
        name = act.__name__.replace("_", "-")
        if not values:
            CASES[name] = (act, expected)
        for number, value in enumerate(values):
            CASES[f"{name}-{number}"] = (lambda folder, value=value: act(folder, value), expected)
        return act

    return add


def change(folder: Path, act: Callable[[Any], None]) -> None:
    path = folder / "shapes.ipynb"
    notebook = nbformat.read(path, as_version=4)
    act(notebook)
    path.write_text(json.dumps(notebook), "utf-8")


def graded(notebook: Any) -> list[Any]:
    return [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade")]


def answer(folder: Path, **values: Any) -> None:
    given = {**ANSWERS, **{f"shapes-{name}": value for name, value in values.items()}}
    (folder / "responses.json").write_text(answers_file(given, "shapes"), "utf-8")


TOUCH = "import pathlib; pathlib.Path({!r}).touch()\n"


@case(
    "honest",
    "import os; os._exit(1)",
    "while True: pass",
    "print('x' * 10**9)",
    "import os\nwhile True: os.fork()",
    "import os, signal; os.kill(os.getppid(), signal.SIGKILL)",
    "import sqlite3; sqlite3.connect('../../../gradebook.db').execute('update grade set auto_score = 99')",
    "import shutil; shutil.rmtree('../..', ignore_errors=True)",
    "import earned_security.teaching.grade as g; g.grade = lambda *_: 100.0",
    "!touch {touched}",
    "%%bash\ntouch {touched}",
)
def code_in_cells(folder: Path, code: str) -> None:
    def act(notebook: Any) -> None:
        touched = str(folder.parents[2] / TOUCHED)
        source = TOUCH.format(touched) + code.replace("{touched}", touched)
        for cell in graded(notebook):
            cell.source = source
        notebook.cells.insert(0, new_code_cell(source))
        notebook.cells.append(new_code_cell(source, metadata={"tags": ["skip-execution"]}))

    change(folder, act)


@case("honest")
def a_gigabyte_was_printed_or_at_least_ten_megabytes(folder: Path) -> None:
    big = new_output("stream", name="stdout", text="x" * 10_000_000)
    change(folder, lambda notebook: graded(notebook)[0].update(outputs=[big]))


@case("honest")
def grade_cells_twice(folder: Path) -> None:
    change(folder, lambda notebook: notebook.cells.extend(graded(notebook)[:3]))


@case("honest")
def grade_cells_deleted(folder: Path) -> None:
    change(folder, lambda notebook: notebook.update(cells=notebook.cells[:1]))


@case("honest")
def grade_cells_renamed(folder: Path) -> None:
    def act(notebook: Any) -> None:
        for cell in graded(notebook):
            cell.metadata.nbgrader.grade_id += "x"

    change(folder, act)


@case("honest")
def grade_cells_exchanged(folder: Path) -> None:
    def act(notebook: Any) -> None:
        first, second = graded(notebook)[:2]
        first.metadata, second.metadata = second.metadata, first.metadata

    change(folder, act)


@case("honest")
def other_cell_types(folder: Path) -> None:
    def act(notebook: Any) -> None:
        cells = [new_markdown_cell(c.source, metadata=c.metadata) for c in notebook.cells[:-1]]
        notebook.cells = [*cells, new_code_cell("100.0", metadata=notebook.cells[-1].metadata)]

    change(folder, act)


@case("honest", 0, 1, 2, 4, 99, -1, "3", None, [3], 3.5)
def wrong_schema_version(folder: Path, version: Any) -> None:
    def act(notebook: Any) -> None:
        for cell in graded(notebook):
            cell.metadata.nbgrader.schema_version = version

    change(folder, act)


@case("honest")
def skipped_execution_with_outputs_and_points(folder: Path) -> None:
    def act(notebook: Any) -> None:
        for cell in graded(notebook):
            cell.metadata.tags = ["skip-execution"]
            cell.metadata.nbgrader.points = 100
            if cell.cell_type == "code":
                cell.outputs = [new_output("execute_result", data={"text/plain": "100.0"})]

    change(folder, act)


@case("honest", "x", [], None, 5, {"nbgrader": 3}, {"nbgrader": {"grade": True}})
def odd_metadata(folder: Path, value: Any) -> None:
    change(
        folder, lambda notebook: notebook.metadata.update(kernelspec=value, nbgrader=value, jupytext=value)
    )


@case("honest")
def another_kernel(folder: Path) -> None:
    change(
        folder, lambda notebook: notebook.metadata.update(kernelspec={"name": "bash", "display_name": "x"})
    )


@case("honest")
def ten_megabytes_in_a_cell(folder: Path) -> None:
    change(folder, lambda notebook: notebook.cells.append(new_markdown_cell("x" * 10_000_000)))


@case("honest", "\ud83d", "\x00\x1b[2J", "\u202etxt.\u2066", "\ufeff")
def odd_characters_in_the_notebook(folder: Path, text: str) -> None:
    path = folder / "shapes.ipynb"
    notebook = json.loads(path.read_text("utf-8"))
    notebook["cells"][0]["source"] = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    path.write_text(json.dumps(notebook, ensure_ascii=True), "utf-8")


@case("honest")
def a_notebook_with_a_byte_order_mark(folder: Path) -> None:
    path = folder / "shapes.ipynb"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())


@case("quarantined", b"", b"{", b"[]", b"null", b'{"cells": 1}', b"[" * 10_000, b"\xff\xfe\x00", b"\x80abc")
def unreadable_notebooks(folder: Path, data: bytes) -> None:
    (folder / "shapes.ipynb").write_bytes(data)


@case("quarantined")
def a_truncated_notebook(folder: Path) -> None:
    path = folder / "shapes.ipynb"
    path.write_bytes(path.read_bytes()[:-100])


@case("quarantined")
def a_notebook_of_a_hundred_megabytes(folder: Path) -> None:
    os.truncate(folder / "shapes.ipynb", 100_000_000)


@case("quarantined", "shapes.ipynb", "responses.json", "timestamp.txt")
def links(folder: Path, name: str) -> None:
    (folder / name).unlink()
    (folder / name).symlink_to(folder.parents[2] / "source" / "shapes" / "shapes.ipynb")


@case("quarantined", "shapes.ipynb", "responses.json")
def folders_in_place_of_files(folder: Path, name: str) -> None:
    (folder / name).unlink()
    (folder / name).mkdir()


@case("quarantined")
def a_pipe_in_place_of_answers(folder: Path) -> None:
    (folder / "responses.json").unlink()
    os.mkfifo(folder / "responses.json")


@case("quarantined", "tomorrow", "99999-01-01 00:00:00", "2027-13-45 99:99:99 UTC", "x" * 5000)
def bad_timestamps(folder: Path, text: str) -> None:
    (folder / "timestamp.txt").write_text(text)


@case("honest")
def files_that_shadow_modules(folder: Path) -> None:
    touch = TOUCH.format(str(folder.parents[2] / TOUCHED))
    for name in ("json.py", "sitecustomize.py", "usercustomize.py", "nbformat.py"):
        (folder / name).write_text(touch)
    for name in ("earned_security", "nbgrader", "ipykernel"):
        (folder / name).mkdir()
        (folder / name / "__init__.py").write_text(touch)


@case("honest")
def items_with_other_points(folder: Path) -> None:
    items = json.loads((folder / "items.json").read_text("utf-8"))
    items["items"][0]["points"] = 1000
    (folder / "items.json").write_text(json.dumps(items))


@case("honest")
def script_in_a_reflection(folder: Path) -> None:
    answer(folder, favourite="<script>alert(1)</script><img src=x onerror=alert(2)> [a](javascript:alert(3))")


@case(
    "honest",
    "\x00\x07",
    "\u202eabc\u2066",
    "\ufeffA",
    "x" * 190_000,
    "### BEGIN HIDDEN TESTS",
    "]]>{{7*7}}{%",
)
def odd_texts(folder: Path, text: str) -> None:
    answer(folder, favourite=f"words {text}")


@case({**HONEST, "shapes-three-sides": 0.0}, True, 0, 10**15, -1.5, [], {}, "x" * 1000, {"a": ["triangle"]})
def wrong_types(folder: Path, value: Any) -> None:
    answer(folder, **{"three-sides": value})


@case({**HONEST, "shapes-angles": 0.0}, float("nan"), float("inf"), "180", True, 10**400, [180])
def odd_numbers(folder: Path, value: Any) -> None:
    answer(folder, angles=value)


@case({**HONEST, "shapes-corners": 0.0}, ["cube"] * 9, "x" * 4_000_000, ["x"] * 100_000, [[["cube"]]])
def long_answers(folder: Path, value: Any) -> None:
    answer(folder, corners=value)


@case("waits", b"{", b"\xff\xfe", b"[" * 10_000, b"null", b'{"entries": {"a": 1, "a": 2}}', b"\x00" * 10)
def unreadable_answers(folder: Path, data: bytes) -> None:
    (folder / "responses.json").write_bytes(data)


@case("waits", "utf-16", "utf-32")
def answers_in_another_encoding(folder: Path, encoding: str) -> None:
    path = folder / "responses.json"
    path.write_bytes(path.read_text("utf-8").encode(encoding))


@case("honest")
def answers_with_a_byte_order_mark(folder: Path) -> None:
    path = folder / "responses.json"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())


@case("waits")
def a_name_twice_in_the_answers(folder: Path) -> None:
    path = folder / "responses.json"
    path.write_text(path.read_text().replace('"entries": {', '"entries": {"shapes-angles/answer": {}, '))


@case("waits")
def answers_nested_ten_thousand_deep(folder: Path) -> None:
    answer(folder)
    path = folder / "responses.json"
    path.write_text(path.read_text("utf-8").replace("90", "[" * 10_000 + "]" * 10_000))


@pytest.fixture(scope="module")
def honest(bank: Bank) -> Any:
    return trainees(bank, 20, seed=9)


@pytest.fixture(scope="module")
def class_with_hostile_ones(tmp_path_factory: pytest.TempPathFactory, bank: Bank, honest: Any) -> Course:
    made = course(tmp_path_factory.mktemp("hostile") / "course", bank)
    place_all(made, bank, honest)
    for name, (act, _) in CASES.items():
        act(place(made, bank, _student(name), ANSWERS))
    return made


def _student(name: str) -> str:
    """Among the honest ones in the alphabet, so that some are marked before and some after them."""
    return f"trainee{len(name) % 20:02}-{name}"[:100]


def by_student(made: Course) -> dict[str, dict[str, tuple[Any, ...]]]:
    grades: dict[str, dict[str, tuple[Any, ...]]] = {}
    for student, item, *values in rows(made)["grades"]:
        grades.setdefault(student, {})[item] = tuple(values)
    return grades


@pytest.mark.parametrize(
    ("way", "every"),
    [
        ("earned mark", 1),
        ("nbgrader autograde", 7),
        pytest.param("nbgrader autograde", 1, marks=[pytest.mark.slow, pytest.mark.timeout(900)]),
    ],
)
def test_each_hostile_submission_gets_what_it_should_and_the_honest_ones_their_marks(
    class_with_hostile_ones: Course, bank: Bank, honest: Any, tmp_path: Path, way: str, every: int
) -> None:
    """``every``: 7 takes each seventh of all submissions."""
    honest, cases = honest[::every], dict(list(CASES.items())[::every])
    assert every > 1 or (len(cases) >= 40 and len(honest) == 20)
    shutil.copytree(class_with_hostile_ones.folder, tmp_path / "mixed", symlinks=True, copy_function=_copy)
    mixed = Course(tmp_path / "mixed")
    kept = {_student(name) for name in cases} | {person.id for person in honest}
    for folder in (mixed.root / "submitted").iterdir():
        if folder.name not in kept:
            shutil.rmtree(folder)
    outside = set(tmp_path.iterdir())
    marked = mark_all(mixed, way)

    alone = course(tmp_path / "alone", bank)
    place_all(alone, bank, honest)
    mark_all(alone, way)
    names = {person.id for person in honest}
    grades = by_student(mixed)
    assert {name: grades[name] for name in names} == by_student(alone)
    assert [row for row in rows(mixed)["comments"] if row[0] in names] == rows(alone)["comments"]
    got = {name: content for name, content in files(mixed).items() if name.split("/")[0] in names}
    assert got == files(alone)

    problems = []
    for name, (_, expected) in cases.items():
        student = _student(name)
        points = {item: row[0] for item, row in grades[student].items()}
        waiting = {item for item, row in grades[student].items() if row[3]}
        if expected in ("waits", "quarantined"):
            right = set(points.values()) == {None} and waiting == set(points)
        else:
            zero = dict.fromkeys((item.id for item, _ in bank.items), 0.0)
            right = points == {**zero, **(HONEST if expected == "honest" else expected)}
        notebook = mixed.root / "autograded" / student / "shapes" / "shapes.ipynb"
        right = right and notebook.is_file() == (expected != "quarantined")
        if marked is not None:
            right = right and marked[student].state == (
                "could not be marked" if expected == "quarantined" else "marked"
            )
            right = right and bool(marked[student].reason) >= (expected in ("waits", "quarantined"))
        if right and notebook.is_file():
            text = notebook.read_text("utf-8")
            right = "<script" not in text and "onerror=" not in text and TOUCHED not in text
        if not right:
            problems.append((name, expected, points, marked and marked[student]))
    assert problems == []
    assert not list(tmp_path.rglob(TOUCHED)), "code of a submission ran"
    assert set(tmp_path.iterdir()) == {*outside, tmp_path / "alone"}
    assert not (class_with_hostile_ones.root / TOUCHED).exists()


def _copy(source: str, target: str) -> None:
    if Path(source).is_fifo():
        os.mkfifo(target)
    else:
        shutil.copy2(source, target)


def mark_all(made: Course, way: str) -> dict[str, Any] | None:
    if way == "earned mark":
        return {outcome.student: outcome for outcome in mark_course(made.root, "shapes")}
    try:
        made.autograde("shapes", "*")
    except TeachingError as error:
        assert "There was an error processing assignment" in str(error)
    return None


@pytest.mark.parametrize("way", ["earned mark", "nbgrader autograde"])
def test_folders_that_are_links(tmp_path: Path, bank: Bank, way: str) -> None:
    one = course(tmp_path / "course", bank)
    place(one, bank, "ann", ANSWERS)
    submitted = one.root / "submitted"
    shutil.copytree(one.root / "source" / "shapes", tmp_path / "elsewhere" / "shapes")
    (submitted / "ben").symlink_to(tmp_path / "elsewhere")
    (submitted / "cem").mkdir()
    (submitted / "cem" / "shapes").symlink_to(submitted / "ann" / "shapes")
    (submitted / "dee").mkdir()
    (submitted / "dee" / "shapes").symlink_to(tmp_path / "nowhere")
    mark_all(one, way)
    grades = by_student(one)
    assert grades["ann"]["shapes-three-sides"][0] == 1.0
    for student in ("ben", "cem", "dee"):
        assert {row[0] for row in grades.get(student, {}).values()} <= {None}
    assert (tmp_path / "elsewhere" / "shapes" / "shapes.ipynb").is_file()
    assert (submitted / "ann" / "shapes" / "shapes.ipynb").is_file()


def test_names_that_cannot_be(tmp_path: Path, bank: Bank) -> None:
    one = course(tmp_path / "course", bank)
    for name in ("ann", "a\x1b[2Jb", "{evil}", "x; drop table grade", "\u202etxt", "n" * 200):
        place(one, bank, name, ANSWERS)
    outcomes = mark_course(one.root, "shapes")
    assert {outcome.student for outcome in outcomes if outcome.state == "marked"} == {"ann"}
    assert set(by_student(one)) == {"ann"}
