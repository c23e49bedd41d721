"""Mistakes planted in the curriculum's data are all named, with file and line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from earned_security.curriculum import check, load, source


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the data to plant mistakes in."""
    copy = tmp_path / "data"
    shutil.copytree(source.DATA, copy)
    monkeypatch.setattr(source, "DATA", copy)
    return copy


def plant(path: Path, old: str, new: str) -> set[int]:
    """Replace the first ``old``; the line on which it stood, and the line on which its entry begins."""
    text = path.read_text(encoding="utf-8")
    position = text.index(old)
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    line = text.count("\n", 0, position) + 1
    lines = text.splitlines()
    begins = next((n for n in range(line, 0, -1) if lines[n - 1].lstrip().startswith("- id")), line)
    return {line, begins}


def test_the_curriculum_has_no_problem() -> None:
    assert check.problems() == []


MISTAKES: dict[str, tuple[str, str, str, str]] = {
    "an unknown grade": ("claims.yaml", "grade: strong", "grade: certain", "must be one of"),
    "a citation without an entry": ("claims.yaml", "- madigan2023first", "- madigan1999", "not a known key"),
    "a claim without a caveat": ("claims.yaml", "caveat:", "caveats:", "has no caveat"),
    "a claim twice": (
        "claims.yaml",
        "id: ssp-classifies",
        "id: attachment-is-a-bond-and-behavioural-system #",
        "twice",
    ),
    "a strategy without a marker": (
        "strategies.yaml",
        "observable_marker:",
        "marker:",
        "has no observable_marker",
    ),
    "an objective without words": (
        "modules/04-building-safety-and-trust.yaml",
        "text: demonstrate",
        "words: demonstrate",
        "has no text",
    ),
    "an unknown source point": (
        "modules/04-building-safety-and-trust.yaml",
        "[B3,",
        "[B33,",
        "not a known id",
    ),
    "an objective twice": ("modules/04-building-safety-and-trust.yaml", "id: M4.2", "id: M4.1", "already"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_planted_mistake_is_named(data: Path, mistake: str) -> None:
    file, old, new, words = MISTAKES[mistake]
    lines = plant(data / file, old, new)
    found = [problem for problem in check.problems() if words in problem.message]
    assert any(problem.file == data / file and problem.line in lines for problem in found), found


def test_all_mistakes_are_named_in_one_run(data: Path) -> None:
    chosen = [
        MISTAKES[name]
        for name in ("an unknown grade", "a strategy without a marker", "an unknown source point")
    ]
    for file, old, new, _ in chosen:
        plant(data / file, old, new)
    messages = [problem.message for problem in check.problems()]
    for *_, words in chosen:
        assert any(words in message for message in messages)


def test_a_broken_bibliography_is_named(data: Path) -> None:
    plant(data / "references.bib", "@book{", "@book[")
    assert any(problem.file.name == "references.bib" for problem in check.problems())


def test_a_missing_file_is_named(data: Path) -> None:
    (data / "crisis-routes.yaml").unlink()
    assert any("missing" in problem.message for problem in check.problems())


def test_what_is_loaded_is_what_was_written() -> None:
    curriculum = load()
    module = curriculum.modules["building-safety-and-trust"]
    assert (module.number, module.minutes, len(module.objectives)) == (4, 120, 10)
    assert curriculum.objectives["M4.1"].kind == "performance"
    assert curriculum.references["shenk2011"].label == "Shenk & Fruzzetti, 2011"
    assert len(curriculum.claims) == 230 and len(curriculum.strategies) == 46


def test_a_reference_says_who_when_and_where() -> None:
    references = load().references
    for reference in references.values():
        assert reference.label and ", " in reference.label
        assert reference.address is None or reference.address.startswith("http")
    assert any(reference.from_memory for reference in references.values())
    assert any(" et al., " in reference.label for reference in references.values())
