"""Reading YAML with lines, and the same data from the wheel's JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from earned_security.curriculum import source
from earned_security.curriculum.source import ContentError, Problem


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_a_document_knows_the_line_of_each_entry(tmp_path: Path) -> None:
    document = source.read_document(
        write(tmp_path / "a.yaml", "- id: one\n- id: two\n  list:\n  - x\n  - y\n")
    )
    assert document.line((1, "id")) == 2
    assert document.line((1, "list", 1)) == 5
    assert document.line((1, "missing", "deeper")) == 2, "the nearest entry around a missing one"


@pytest.mark.parametrize(
    ("text", "line"),
    [("a: 1\nb: [1\n", 3), ("a: 1\na: 2\n", 2), ("x: 'open\n", 2)],
    ids=["an unclosed list", "a key twice", "an unclosed quotation"],
)
def test_broken_yaml_is_named_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    path = write(tmp_path / "broken.yaml", text)
    with pytest.raises(ContentError) as raised:
        source.read_document(path)
    assert [(problem.file, problem.line) for problem in raised.value.problems] == [(path, line)]


def test_a_file_that_is_not_text_is_named(tmp_path: Path) -> None:
    path = tmp_path / "not-text.yaml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ContentError, match="cannot be read as text"):
        source.read_document(path)


def test_validation_reports_every_mistake_in_plain_words(tmp_path: Path) -> None:
    text = "- term: alliance\n- term: rupture\n  definition: x\n  extra: 1\n- term: 3\n  definition: ''\n"
    problems = source.validate(source.read_document(write(tmp_path / "g.yaml", text)), "glossary")
    assert [problem.line for problem in problems] == [1, 2, 5, 6]
    assert "has no definition" in problems[0].message


def test_a_problem_prints_as_file_line_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert str(Problem(tmp_path / "a.yaml", 3, "Mend this.")) == "a.yaml:3: Mend this."
    assert str(Problem(Path("/elsewhere/a.yaml"), 3, "Mend this.")) == "/elsewhere/a.yaml:3: Mend this."


def test_the_wheels_json_holds_what_the_yaml_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = {name: source.read(name) for name in ("claims", "strategies", *source.names("modules"))}
    references = source.read_references()
    for path in source.compile_to(tmp_path):
        json.loads(path.read_text(encoding="utf-8"))
    monkeypatch.setattr(source, "DATA", tmp_path)
    assert {name: source.read(name) for name in expected} == expected
    assert source.read_references() == references
    with pytest.raises(KeyError):
        source.read("no-such-file")
