"""The banks of a course: open and private ones together, items taken out, and the version that names them."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from earned_security.assessment.marking import mark
from earned_security.curriculum import completion
from earned_security.curriculum.source import ContentError
from earned_security.teaching import TeachingError
from earned_security.teaching.bank import Bank, course_bank, course_banks, drop, merge, read_bank
from earned_security.teaching.course_settings import CourseSettings

OPEN = """
assignment: shapes
module: building-safety-and-trust
title: Open
introduction: Open.
items:
  - {id: first, type: numeric, title: F, objective: M4.3, points: 1, claims: [c], prompt: P, key: {value: 1, tolerance: 0}, rationale: R}
  - {id: second, type: numeric, title: S, objective: M4.3, points: 2, claims: [c], prompt: P, key: {value: 1, tolerance: 0}, rationale: R}
"""
PRIVATE = (
    OPEN.replace("Open", "Private")
    .replace("id: second", "id: third")
    .replace("key: {value: 1", "key: {value: 9")
)


@pytest.fixture
def banks(tmp_path: Path) -> Path:
    for name, text in (("open", OPEN), ("private", PRIVATE), ("private", PRIVATE.replace("shapes", "lines"))):
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        (folder / f"{len(list(folder.iterdir()))}.yaml").write_text(text, "utf-8")
    return tmp_path


def ids(bank: Bank) -> list[str]:
    return [item.id for item, _ in bank.items]


def test_a_private_bank_adds_and_replaces(banks: Path) -> None:
    settings = CourseSettings(banks, private_bank=banks / "private")
    shapes, lines = course_banks(settings, banks / "open")
    assert (ids(shapes), ids(lines)) == (["first", "second", "third"], ["first", "third"])
    assert [key.value["value"] for _, key in shapes.items] == [9, 1, 9]
    assert shapes.title == "Private"
    assert shapes.points == 5, "points are those of the items, and written nowhere else"
    only = CourseSettings(banks, private_bank=banks / "private", open_bank=False)
    assert [ids(bank) for bank in course_banks(only, banks / "open")] == [["first", "third"]] * 2
    assert [ids(bank) for bank in course_banks(CourseSettings(banks), banks / "open")] == [
        ["first", "second"]
    ]
    with pytest.raises(ContentError, match="private bank was not found"):
        course_banks(CourseSettings(banks, private_bank=banks / "none"), banks / "open")
    with pytest.raises(TeachingError, match="There are: shapes, lines"):
        course_bank(settings, "curves", banks / "open")


def test_a_bank_may_belong_to_no_module_and_says_the_completion_rule_of_its_course(banks: Path) -> None:
    path = banks / "open" / "0.yaml"
    text = OPEN.replace("module: building-safety-and-trust\n", "").replace("Open.", "Takes {completion}")
    path.write_text(text, "utf-8")
    bank = read_bank(path)
    assert bank.module is None
    assert bank.introduction == f"Takes {completion.load().in_words()}"
    own = dataclasses.replace(completion.load(), percent=66)
    other = course_bank(CourseSettings(banks, completion=own), "shapes", banks / "open")
    assert "66 %" in other.introduction
    assert other.version != bank.version


def test_the_version_changes_with_every_item_and_key_and_with_nothing_else(banks: Path) -> None:
    (bank,) = merge([read_bank(banks / "open" / "0.yaml")], [])
    seen = {bank.version}
    for old, new in (
        ("value: 1", "value: 2"),
        ("points: 1", "points: 3"),
        ("prompt: P", "prompt: Q"),
        (" R}", " S}"),
    ):
        path = banks / "other.yaml"
        path.write_text(OPEN.replace(old, new, 1), "utf-8")
        seen.add(read_bank(path).version)
    assert len(seen) == 5
    path.write_text(OPEN.replace("\n  - ", "\n\n  - "), "utf-8")
    assert read_bank(path).version == bank.version
    assert len(bank.version) == 16


@pytest.mark.parametrize("answer", [1, 5, None, "rubbish"])
def test_an_item_that_was_taken_out_asks_nothing_of_anybody(banks: Path, answer: object) -> None:
    settings = CourseSettings(banks, dropped={"shapes": ("second",)})
    item, key = course_bank(settings, "shapes", banks / "open").items[1]
    assert (mark(item, key, answer).points, item.points) == (2, 2)
    bank = read_bank(banks / "open" / "0.yaml")
    item, key = drop(bank, ["second"], "removed").items[1]
    assert (mark(item, key, answer).points, mark(item, key, answer).maximum) == (0, 0)
    assert drop(bank, [], "full") == bank
