"""`earned check` on a copy of the course with planted mistakes: each one named, with file and line, in one run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DATA = "src/earned_security/curriculum/data"
MODULE = "notebooks/04-building-safety-and-trust.md"
BANK = "exercises/bank/04-building-safety-and-trust.yaml"
SELF_CHECKS = f"{DATA}/self-checks/04-building-safety-and-trust.yaml"
TOMASZ = f"{DATA}/cases/tomasz.yaml"
EXPLORER = f"{DATA}/explorers/learning-what-is-safe.yaml"

# What is planted: file, pattern (its first match is replaced), replacement, words of the message.
MISTAKES = {
    "an unknown claim in the prose": (MODULE, r"\{claim\}`alliance-outcome-r`", "{claim}`alliance-proves-all`", "alliance-proves-all"),
    "an unknown piece": (MODULE, r"\{piece\} tomasz", "{piece} thomas", "thomas"),
    "a citation without an entry": (f"{DATA}/claims.yaml", r"- cyr2010maltreating", "- cyr1910", "cyr1910"),
    "an unknown grade": (f"{DATA}/claims.yaml", r"grade: moderate", "grade: proven", "proven"),
    "a scene that leads nowhere": (TOMASZ, r"next: c1d2\b", "next: c1d99", "c1d99"),
    "an option without an effect": (TOMASZ, r"\{alliance: 1, trust: 1, ", "{alliance: 1, ", "trust"),
    "an item without a rationale": (BANK, r"\n        rationale: >-\n          Misconception: validation is agreement", "\n        remark: >-\n          x: validation is agreement", "rationale"),
    "a missing key": (BANK, r"\n    key: c\n", "\n", "key"),
    "points that do not add up": (BANK, r"total_points: \d+", "total_points: 61", "61"),
    "a key that names no option": (SELF_CHECKS, r"\n  key: [a-z-]+\n", "\n  key: nothing-like-it\n", "nothing-like-it"),
    "a preset outside its range": (EXPLORER, r"(presets:.*?consistency: )\d+", r"\g<1>900", "900"),
    "a term that is not in the glossary": (MODULE, r"\{term\}`alliance`", "{term}`allyance`", "allyance"),
}  # fmt: skip


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict[str, int]]:
    """What the command prints on the copy, and on which line each mistake was planted."""
    copy = tmp_path_factory.mktemp("course")
    for name in ("src", "book", "notebooks", "exercises", "_config.yml", "_toc.yml"):
        source = ROOT / name
        shutil.copytree(source, copy / name) if source.is_dir() else shutil.copy(source, copy / name)
    lines = {}
    for mistake, (file, pattern, replacement, _) in MISTAKES.items():
        path = copy / file
        text = path.read_text(encoding="utf-8")
        found = re.search(pattern, text, re.DOTALL)
        assert found, f"{mistake}: the text to change is gone from {file}"
        changed = text[: found.start()] + found.expand(replacement) + text[found.end() :]
        path.write_text(changed, encoding="utf-8")
        lines[mistake] = changed.count("\n", 0, found.end()) + 1
    done = subprocess.run(
        [sys.executable, "-m", "earned_security.cli", "check"],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy / "src")},
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 1, done.stderr
    return done.stdout, lines


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_planted_mistake_is_named(report: tuple[str, dict[str, int]], mistake: str) -> None:
    printed, lines = report
    file, _, _, words = MISTAKES[mistake]
    named = [line for line in printed.splitlines() if line.startswith(f"{file}:") and words in line]
    assert named, printed
    at = min(abs(int(line.split(":")[1]) - lines[mistake]) for line in named)
    assert at <= 40, f"{named} should be near line {lines[mistake]}"


def test_the_course_itself_has_no_problem() -> None:
    from earned_security.checking import problems

    assert problems(ROOT) == []
