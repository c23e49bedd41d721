"""The completion rule stands in one place; every page and notebook derives its words from there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from earned_security.curriculum import check, completion, source

ROOT = Path(__file__).parents[2]
PAGES = [*ROOT.glob("book/**/*.md"), *ROOT.glob("notebooks/*.md"), *ROOT.glob("exercises/**/*.yaml")]


def test_the_rule_is_that_of_the_course() -> None:
    rule = completion.load()
    assert (rule.percent, rule.capstone_points, rule.capstone_maximum) == (80, 12, 20)
    words = rule.in_words()
    assert words.count("\n- ") == 2 and words.startswith("- ")
    for said in ("80 %", "on the other form", "A safe path", "written route", "gate", "12 of its 20 points"):
        assert said in words


def test_a_page_takes_the_words_from_the_rule_and_writes_none_of_its_marks() -> None:
    rule = completion.load()
    share = rf"\b{rule.percent:g} ?(%|per ?cent)[^.]*\b(test|form)"
    points = rf"\b{rule.capstone_points:g} (of|out of) {rule.capstone_maximum:g}\b"
    for path in PAGES:
        text = path.read_text(encoding="utf-8")
        assert not re.search(f"{share}|{points}", text), path
    where = [path.stem for path in PAGES if "```{completion-rule}" in path.read_text(encoding="utf-8")]
    assert {"how-marking-works", "for-instructors", "10-therapist-ethics-risk-capstone"} <= set(where)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("percent: 80", "percent: 180", "percent"),
        ("[knowledge-test-a, knowledge-test-b]", "[knowledge-test-a]", "too short"),
        ("  of: 20\n", "", "has no of"),
        ("observed_tasks: observed-tasks", "observed: observed-tasks", "observed_tasks"),
    ],
)
def test_a_mistake_is_named_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, words: str
) -> None:
    text = (source.DATA / "completion.yaml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "completion.yaml").write_text(text.replace(old, new), encoding="utf-8")
    monkeypatch.setenv("EARNED_SECURITY_LOCAL", str(tmp_path))
    found = [problem for problem in check.problems() if problem.file == tmp_path / "completion.yaml"]
    assert any(words in problem.message for problem in found), found
