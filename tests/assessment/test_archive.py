"""The one file that is handed in: what is made is read back, and nothing else is read."""

from __future__ import annotations

import io
import json
import os
import stat
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earned_security.assessment import archive
from earned_security.assessment.archive import ArchiveError, make, read

NOTEBOOK = '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
ANSWERS = '{"schema_version": 1, "assignment": "shapes", "course_version": "1", "entries": {}}'
ABOUT = {
    "schema_version": 1,
    "assignment": "shapes",
    "course_version": "1",
    "bank_version": "",
    "learner": None,
    "made": "2026-11-22T05:00:00+00:00",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "shapes.ipynb").write_text(NOTEBOOK)
    (tmp_path / "responses.json").write_text(ANSWERS)
    (tmp_path / "items.json").write_text('{"bank_version": "abc"}')
    return tmp_path


def packed(
    files: dict[str, str | bytes] | None = None, change: Callable[[zipfile.ZipInfo], None] | None = None
) -> bytes:
    """A zip file like ours, with files added, replaced or (None) left out."""
    content = {"submission.json": json.dumps(ABOUT), "shapes.ipynb": NOTEBOOK, "responses.json": ANSWERS}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in {**content, **(files or {})}.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            if change:
                change(entry)
            made.writestr(entry, data)
    return target.getvalue()


def test_what_is_made_is_read_back(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTERHUB_USER", "anna")
    submission = read(make(folder, "shapes"))
    assert (submission.assignment, submission.learner, submission.bank_version) == ("shapes", "anna", "abc")
    assert submission.files == {"shapes.ipynb": NOTEBOOK.encode(), "responses.json": ANSWERS.encode()}
    assert submission.made.tzinfo is not None
    monkeypatch.delenv("JUPYTERHUB_USER")
    assert read(make(folder, "shapes")).learner is None


def test_without_answers_the_archive_holds_an_empty_list(folder: Path) -> None:
    (folder / "responses.json").unlink()
    (folder / "items.json").write_text("{")
    submission = read(make(folder, "shapes"))
    assert json.loads(submission.files["responses.json"])["entries"] == {}
    assert submission.bank_version == ""


def test_what_cannot_be_packed_is_said_in_words(folder: Path) -> None:
    with pytest.raises(ArchiveError, match=r"nothing\.ipynb is not in this folder"):
        make(folder, "nothing")
    with pytest.raises(ArchiveError, match="not the name of an assignment"):
        make(folder, "../shapes")
    (folder / "responses.json").unlink()
    (folder / "responses.json").symlink_to("/etc/passwd")
    with pytest.raises(ArchiveError, match=r"responses\.json is a link"):
        make(folder, "shapes")
    (folder / "responses.json").unlink()
    (folder / "responses.json").mkdir()
    with pytest.raises(ArchiveError, match=r"responses\.json"):
        make(folder, "shapes")
    (folder / "responses.json").rmdir()
    os.mkfifo(folder / "responses.json")
    with pytest.raises(ArchiveError, match=r"responses\.json is not a file"):
        make(folder, "shapes")
    (folder / "responses.json").unlink()
    with (folder / "shapes.ipynb").open("wb") as file:
        file.truncate(archive.LARGEST_NOTEBOOK + 1)
    with pytest.raises(ArchiveError, match=r"20 megabytes\. Clear its outputs"):
        make(folder, "shapes")


@pytest.mark.parametrize(
    "extra",
    [
        "../outside.txt",
        "/etc/cron.d/x",
        "..\\outside.txt",
        "json.py",
        "sitecustomize.py",
        "a/shapes.ipynb",
        "shapes.ipynb\u202egnp",
        "shapes.ipynb ",
        "Responses.json",
    ],
)
def test_any_further_file_is_refused(extra: str) -> None:
    with pytest.raises(ArchiveError, match="does not belong in it"):
        read(packed({extra: "x"}))


def test_links_folders_and_twins_are_refused() -> None:
    def link(entry: zipfile.ZipInfo) -> None:
        if entry.filename == "responses.json":
            entry.external_attr = (stat.S_IFLNK | 0o777) << 16

    with pytest.raises(ArchiveError, match="link or a folder"):
        read(packed({"responses.json": "/etc/passwd"}, link))
    target = io.BytesIO(packed())
    with zipfile.ZipFile(target, "a") as made, pytest.warns(UserWarning, match="Duplicate"):
        made.writestr("responses.json", "{}")
    with pytest.raises(ArchiveError, match="twice"):
        read(target.getvalue())


def test_a_bomb_is_stopped_at_the_limit() -> None:
    bomb = packed({"responses.json": b"0" * 300_000_000})
    assert len(bomb) < 1_000_000
    tracemalloc.start()
    with pytest.raises(ArchiveError, match="larger than 5,000,000 bytes"):
        read(bomb)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 60_000_000
    with pytest.raises(ArchiveError, match="too many files"):
        read(packed({f"file-{number}": "" for number in range(100)}))


def test_a_size_that_lies_is_not_believed() -> None:
    data = packed({"responses.json": b"0" * 6_000_000})
    honest = (6_000_000).to_bytes(4, "little")
    assert honest in data
    with pytest.raises(ArchiveError):
        read(data.replace(honest, (100).to_bytes(4, "little")))


@pytest.mark.parametrize(
    "about",
    [
        "{",
        "[" * 100_000,
        "null",
        json.dumps({**ABOUT, "assignment": "../shapes"}),
        json.dumps({**ABOUT, "assignment": 3}),
        json.dumps({**ABOUT, "learner": ["anna"]}),
        json.dumps({**ABOUT, "learner": "an\u202ena"}),
        json.dumps({**ABOUT, "made": "yesterday"}),
        json.dumps({**ABOUT, "made": "0001-01-01T00:00:00+14:00"}),
        json.dumps({**ABOUT, "schema_version": 2}),
        json.dumps({**ABOUT, "assignment": "other"}),
        b"\xff\xfe\x00",
    ],
)
def test_a_submission_json_that_cannot_be_used_is_refused(about: str | bytes) -> None:
    with pytest.raises(ArchiveError, match="cannot be used"):
        read(packed({"submission.json": about}))


def test_a_password_another_method_and_a_cut_are_refused(folder: Path) -> None:
    def encrypted(data: bytes) -> bytes:
        changed = bytearray(data)
        for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            place = data.find(signature)
            while place >= 0:
                changed[place + offset] |= 1
                place = data.find(signature, place + 1)
        return bytes(changed)

    whole = make(folder, "shapes")
    for damaged in (
        b"",
        b"PK",
        whole[:-1],
        whole[: len(whole) // 2],
        whole + b"x",
        b"x" + whole,
        encrypted(whole),
    ):
        with pytest.raises(ArchiveError, match="cannot be used"):
            read(damaged)
    with pytest.raises(ArchiveError, match="larger than"):
        read(b"\0" * (archive.LARGEST_ARCHIVE + 1))


@given(st.integers(0, 400), st.binary(min_size=1, max_size=8))
def test_damage_anywhere_is_an_error_in_words_or_harmless(place: int, replaced: bytes) -> None:
    whole = packed()
    place = min(place, len(whole) - 1)
    try:
        submission = read(whole[:place] + replaced + whole[place + len(replaced) :])
    except ArchiveError:
        return
    assert set(submission.files) == {f"{submission.assignment}.ipynb", "responses.json"}


@given(st.binary(max_size=300))
def test_any_bytes_are_an_error_in_words(data: bytes) -> None:
    with pytest.raises(ArchiveError):
        read(data)
