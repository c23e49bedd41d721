from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from earned_security.curriculum import source
from earned_security.publishing import coverage

ROOT = Path(__file__).parents[2]


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of what the check reads, whose data can be changed."""
    for folder in ("book", "notebooks", "exercises/bank"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("_build"))
    shutil.copytree(source.DATA, tmp_path / "data")
    monkeypatch.setattr(source, "DATA", tmp_path / "data")
    return tmp_path


def _change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def _messages(course: Path) -> list[str]:
    return [problem.message for problem in coverage.problems(course)]


def test_the_course_teaches_all_that_it_promises() -> None:
    assert coverage.problems(ROOT) == []


def test_a_point_that_its_module_does_not_declare_or_speak_of(course: Path) -> None:
    module = "06-alliance-rupture-repair"
    _change(course / "data" / "modules" / f"{module}.yaml", "D5.4b", "D5.4c")
    _change(course / "notebooks" / f"{module}.md", "(D5.4b)", "")
    messages = _messages(course)
    assert any("D5.4b is taught by" in message and "does not name it" in message for message in messages)
    assert any("D5.4b is not in the table" in message for message in messages)


def test_a_point_that_a_module_declares_and_does_not_teach(course: Path) -> None:
    _change(course / "data" / "modules" / "06-alliance-rupture-repair.yaml", "D5.4b", "D5.4b, E5")
    (message,) = _messages(course)
    assert "names E5 under 'sources'" in message


def test_an_objective_that_no_module_has(course: Path) -> None:
    _change(course / "data" / "source-map.yaml", "[M2.3, M2.6, M9.8]", "[M2.3, M2.6, M9.8, M2.99]")
    (message,) = _messages(course)
    assert "'M2.99' is no objective" in message


def test_a_claim_that_nothing_rests_on(course: Path) -> None:
    ledger = course / "data" / "claims.yaml"
    text = ledger.read_text(encoding="utf-8")
    entry = text[text.index("- id: ") : text.index("- id: ", 10)]
    first = entry.split("\n")[0]
    unused = entry.replace(first, "- id: a-claim-for-nobody")
    ledger.write_text(text + unused, encoding="utf-8")
    (problem,) = coverage.problems(course)
    assert "'a-claim-for-nobody'" in problem.message and problem.line == text.count("\n") + 1
    ledger.write_text(text + unused.rstrip() + "\n  background: true\n", encoding="utf-8")
    assert coverage.problems(course) == []
