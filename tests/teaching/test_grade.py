"""A grade cell returns a plain number within its points, or asks for a person; it never writes to stderr."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from earned_security.teaching.bank import Bank
from earned_security.teaching.grade import Answers, CouldNotBeMarked, grade, read_answers

ITEM = json.dumps(
    {
        "id": "x",
        "type": "numeric",
        "title": "t",
        "objective": "M4.3",
        "points": 2,
        "claims": [],
        "prompt": "How many?",
    }
)
KEY = json.dumps({"value": 3, "tolerance": 0})


def stored(value: Any) -> str:
    return json.dumps({"schema_version": 1, "entries": {"x/answer": {"value": value, "time": 1}}})


@pytest.mark.parametrize(
    ("content", "points", "words"),
    [
        (stored(3), 2.0, "This is the number looked for."),
        (stored(4), 0.0, "This is not the number looked for."),
        (stored("3"), 0.0, "not a number"),
        (stored(float("nan")), 0.0, "not a finite number"),
        (stored("x" * 300_000), 0.0, "longer than 200"),
        (stored([[]]), 0.0, "not a number"),
        (None, 0.0, "No answer was given"),
        (stored(3).replace("x/answer", "y/answer"), 0.0, "No answer was given"),
    ],
)
def test_points_and_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None, points: float, words: str
) -> None:
    if content is not None:
        (tmp_path / "responses.json").write_text(content)
    result = grade(ITEM, KEY, tmp_path)
    assert (result, type(result)) == (points, float)
    printed = capsys.readouterr()
    assert words in " ".join(printed.out.split())
    assert printed.err == ""


def waits(capsys: pytest.CaptureFixture[str], *cell: Any) -> str:
    """What is said where a person has to look; nothing of it is a number or on stderr."""
    with pytest.raises(CouldNotBeMarked) as raised:
        grade(*cell)
    assert capsys.readouterr() == ("", "")
    assert raised.value._render_traceback_() == str(raised.value).split("\n"), "no cell is quoted"
    return " ".join(str(raised.value).split())


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "could not be used"),
        ("{", "could not be used"),
        ("[" * 100_000, "could not be used"),
        ('{"schema_version": 9, "entries": {}}', "newer version"),
    ],
)
def test_answers_that_cannot_be_used_wait_for_a_person(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | bytes, words: str
) -> None:
    (tmp_path / "responses.json").write_bytes(content.encode() if isinstance(content, str) else content)
    assert words in waits(capsys, ITEM, KEY, tmp_path)


def test_a_link_is_not_followed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "other.json").write_text(stored(3))
    (tmp_path / "responses.json").symlink_to(tmp_path / "other.json")
    assert "link" in waits(capsys, ITEM, KEY, tmp_path)


def test_an_answers_file_set_aside_beside_is_mentioned(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "responses.damaged-2026-11-22T101500.json").write_text("{")
    assert "damaged answers file" in waits(capsys, ITEM, KEY, tmp_path)


@pytest.mark.parametrize(("item", "key"), [("{", KEY), ("3", KEY), (ITEM, "{"), (ITEM, "3"), ("{}", "{}")])
def test_a_broken_cell_waits_for_a_person(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], item: str, key: str
) -> None:
    (tmp_path / "responses.json").write_text(stored(3))
    assert "could not be marked" in waits(capsys, item, key, tmp_path)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=200) | st.text().map(stored).map(str.encode), number=st.integers(0, 7))
def test_no_content_makes_a_cell_fail(tmp_path: Path, bank: Bank, content: bytes, number: int) -> None:
    item, key = bank.items[number]
    (tmp_path / "responses.json").write_bytes(content)
    try:
        result = grade(json.dumps(item.public()), json.dumps(key.value), tmp_path)
    except CouldNotBeMarked as waiting:
        assert "could not be" in str(waiting)
    else:
        assert type(result) is float
        assert 0 <= result <= item.points


def test_answers_of_other_names_are_not_answers(tmp_path: Path) -> None:
    text = stored(3).replace("x/answer", "x/note")
    (tmp_path / "responses.json").write_text(text)
    assert read_answers(tmp_path) == Answers()
