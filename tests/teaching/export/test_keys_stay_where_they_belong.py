"""No graded key is in what learners may get; and every key is in what says that it holds them."""

from __future__ import annotations

import io
import json
import shutil
import stat
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from earned_security import cli, curriculum
from earned_security.publishing import book
from earned_security.teaching import course_folder
from earned_security.teaching.bank import OPEN_BANK, Bank, read_bank, read_banks
from earned_security.teaching.export import anki, scorm

from ..a_course import ASSIGNMENT, ACourse
from ..conftest import DATA
from ..test_keys_stay_secret import leaks
from . import test_xapi

ROOT = Path(__file__).parents[3]


def graded() -> list[Bank]:
    return read_banks(OPEN_BANK)


def test_no_graded_key_is_in_the_statements(tmp_path: Path) -> None:
    for module in curriculum.load().modules.values():
        place = test_xapi.folder(tmp_path / "learners" / module.id, test_xapi.answers(module))
        said = test_xapi.said(place, module, texts=True)
        (tmp_path / "out").mkdir(exist_ok=True)
        (tmp_path / "out" / f"{module.id}.json").write_text(json.dumps(said, ensure_ascii=False), "utf-8")
    assert leaks(tmp_path / "out", *graded()) == []


def test_no_graded_key_is_in_the_deck(tmp_path: Path) -> None:
    pytest.importorskip("genanki", reason="The course's part 'export' is not installed.")
    (tmp_path / "deck.apkg").write_bytes(anki.deck(1.7e9))
    with zipfile.ZipFile(tmp_path / "deck.apkg") as archive:
        archive.extractall(tmp_path / "deck")
    assert leaks(tmp_path / "deck", *graded()) == []


@pytest.mark.slow
def test_no_graded_key_is_in_any_modules_package(tmp_path: Path) -> None:
    built = book.built(ROOT)
    if not (built / "notebooks").is_dir():
        pytest.skip("The book is not built.")
    known = curriculum.load()
    for module in known.modules.values():
        package = scorm.package(built, module)
        assert len(package) < 1_500_000, module.id
        with zipfile.ZipFile(io.BytesIO(package)) as archive:
            archive.extractall(tmp_path)  # what several packages hold is searched once
    titles = [work.title for work in known.references.values() if work.title]
    for file in [
        *tmp_path.rglob("*.json"),
        *tmp_path.rglob("*.html"),
    ]:  # a rubric may begin with a work's title
        text = file.read_text("utf-8")
        for title in titles:
            text = text.replace(title, "")
        file.write_text(text, "utf-8")
    assert leaks(tmp_path, *graded()) == []


@pytest.mark.parametrize("system", ["qti", "moodle"])
def test_the_banks_export_says_that_it_holds_keys_and_only_its_owner_reads_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], system: str
) -> None:
    file = tmp_path / "bank"
    command = [
        "export",
        "bank",
        "--for",
        system,
        "--assignment",
        "building-safety-and-trust",
        "--to",
        str(file),
    ]
    assert cli.main(command) == 0
    said = capsys.readouterr().out
    assert "THE RIGHT ANSWERS ARE IN THIS FILE" in said
    assert "m4-play-tomasz" in said and "played case" in said
    assert ("no learning management system was tried" in said) or ("No real Moodle was tried" in said)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_courses_private_bank_is_in_its_export_and_the_open_one_is_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    course = ACourse(course_folder.new(tmp_path / "course"))
    (course.folder / "bank").mkdir()
    shutil.copy(DATA / "99-shapes.yaml", course.folder / "bank")
    course.set(private_bank="bank", open_bank=False)
    file = tmp_path / "bank.xml"
    assert cli.main(["export", "bank", "--for", "moodle", str(course.folder), "--to", str(file)]) == 0
    text = file.read_text("utf-8")
    assert all(
        f"<idnumber>{item.id}</idnumber>" in text for item, _ in read_bank(DATA / "99-shapes.yaml").items
    )
    assert "m4-" not in text
    course.set(dropped={ASSIGNMENT: ["shapes-corners"]})
    assert cli.main(["export", "bank", "--for", "qti", str(course.folder), "--to", str(file)]) == 0
    assert "it was dropped in course.yaml: shapes-corners" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["bank", "--for", "qti", "--assignment", "nothing"], "No assignment is called 'nothing'"),
        (["bank", "--for", "qti", "nowhere"], "holds no course"),
        (["scorm", "nothing"], "No module is called"),
        (["bank", "--for", "qti", "--to", "file/below/a-file"], "cannot be written"),
    ],
)
def test_what_goes_wrong_is_a_sentence(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    words: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").touch()
    assert cli.main(["export", *arguments]) == 1
    assert words in capsys.readouterr().err


def test_a_missing_part_is_said_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Any
) -> None:
    monkeypatch.setitem(sys.modules, "genanki", None)
    assert cli.main(["export", "anki", str(tmp_path / "deck.apkg")]) == 1
    assert "pip install 'earned-security[export]'" in capsys.readouterr().err
