"""Mistakes in a translation are named with file and line; what is not translated is named too."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pseudo
import pytest
import yaml

from earned_security import locale
from earned_security.curriculum import Problem, source
from earned_security.publishing import translation


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A whole second language in an institution's folder."""
    monkeypatch.setenv("EARNED_SECURITY_LOCAL", str(tmp_path))
    return pseudo.write(tmp_path)


def plant(folder: Path, catalogue: str, key: str, value: Any) -> Problem:
    """Put a value into a catalogue, or take the entry out (``...``); the one problem."""
    path = folder / f"{catalogue}.yaml"
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    *way, last = key.split(".")
    inner = data
    for part in way:
        inner = inner[part]
    if value is ...:
        del inner[last]
    else:
        inner[last] = value
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=10_000), encoding="utf-8")
    (problem,) = translation.problems()
    assert problem.file == path
    return problem


def line(problem: Problem) -> str:
    return problem.file.read_text(encoding="utf-8").splitlines()[problem.line - 1].strip()


def test_english_and_a_whole_translation_have_no_mistake(folder: Path) -> None:
    assert translation.problems() == []


@pytest.mark.parametrize(
    ("key", "value", "at", "message"),
    [
        ("ledger.claims", ..., "ledger:", "'ledger.claims' is missing; it is shown in English: Claims"),
        ("ledger", ..., "", "'ledger' is missing; it is shown in English: a group of entries"),
        ("ledger.claims", "", "claims:", "'ledger.claims' has no words; they are shown in English: Claims"),
        ("ledger.claims", None, "claims:", "'ledger.claims' has no words"),
        ("ledger.colour", "Farbe", "colour:", "English has no entry 'ledger.colour'; remove it."),
        ("ledger.count", "{cuont} Aussagen", "count:", "has the places {cuont}; English has {count}."),
        ("ledger.count", "Aussagen", "count:", "has the places none; English has {count}."),
        ("ledger.claims", 3, "claims:", "'ledger.claims' must be a text"),
        ("ledger.claims", {"a": "b"}, "claims:", "'ledger.claims' must be a text"),
        ("ledger", "Verzeichnis", "ledger:", "'ledger' must be a group of entries"),
        ("edition.months", ["Januar"], "months:", "'edition.months' has 1 entries; English has 12."),
        ("ledger.claims", "Aussagen & mehr", "claims:", "These words hold &, which a page takes for markup"),
        ("ledger.claims", 'Die "Aussagen"', "claims:", 'These words hold ", which'),
    ],
    ids=lambda value: str(value)[:24],
)
def test_a_mistake_is_named_in_its_line(folder: Path, key: str, value: Any, at: str, message: str) -> None:
    problem = plant(folder, "pages", key, value)
    assert message in problem.message
    assert line(problem).startswith(at)


def test_yes_without_quotation_marks_is_explained(folder: Path) -> None:
    path = folder / "book.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("'yes': ", "yes: "), encoding="utf-8")
    problems = list(translation.problems())
    assert "put yes, no, on and off in quotation marks" in problems[0].message
    assert line(problems[0]).strip().startswith("yes: ")
    assert len(problems) == 1


def test_a_catalogue_that_is_missing_unknown_or_broken(folder: Path) -> None:
    (folder / "paper.yaml").rename(folder / "papier.yaml")
    (folder / "marking.yaml").write_text("example: [\n", encoding="utf-8")
    found = {problem.file.name: problem.message for problem in translation.problems()}
    assert "all its words are shown in English" in found["paper.yaml"]
    assert "no catalogue of this name" in found["papier.yaml"]
    assert "not valid YAML" in found["marking.yaml"]


def test_an_institutions_own_english_may_hold_some_words_only(folder: Path) -> None:
    own = folder.parent / "en"
    own.mkdir()
    (own / "pages.yaml").write_text("ledger:\n  claims: Statements\n", encoding="utf-8")
    assert translation.problems() == []
    (own / "pages.yaml").write_text("ledger:\n  clams: Statements\n", encoding="utf-8")
    (problem,) = translation.problems()
    assert (problem.file, problem.line) == (own / "pages.yaml", 2)


def test_translated_data_keeps_names_and_ids(folder: Path) -> None:
    data = folder / locale.DATA
    data.mkdir()
    shutil.copy(source.DATA / "claims.yaml", data)
    assert translation.problems() == []
    text = (data / "claims.yaml").read_text(encoding="utf-8")
    (data / "claims.yaml").write_text(
        text.replace("- id: safety-outranks-technique", "- id: sicherheit"), encoding="utf-8"
    )
    (data / "aussagen.yaml").write_text("- id: a\n", encoding="utf-8")
    unknown, missing, new = sorted(translation.problems())
    assert "no file aussagen.yaml" in unknown.message
    assert "'safety-outranks-technique'" in missing.message
    assert "no id 'sicherheit'" in new.message and line(new) == "- id: sicherheit"
