"""What may come in: decided from what is read once, whatever lies there."""

from __future__ import annotations

import json
import os
import socket
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earned_security.assessment import archive
from earned_security.teaching import intake
from earned_security.teaching.intake import Accepted, Quarantined, inspect

from .conftest import answers_file

NOTEBOOK: dict[str, object] = {
    "cells": [{"cell_type": "markdown", "metadata": {}, "source": "# Shapes — «ü»"}],
    "metadata": {"earned_security": {"assignment": "shapes"}},
    "nbformat": 4,
    "nbformat_minor": 4,
}


def text(**changes: object) -> str:
    return json.dumps({**NOTEBOOK, **changes}, ensure_ascii=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "anna"
    folder.mkdir()
    (folder / "shapes.ipynb").write_text(text(), "utf-8")
    (folder / "responses.json").write_text(answers_file({"shapes-angles": 180}), "utf-8")
    (folder / "timestamp.txt").write_text("2026-11-22 05:00:00.000001 UTC")
    return folder


def refused(folder: Path) -> str:
    result = inspect(folder, "shapes", "anna")
    assert isinstance(result, Quarantined), result
    return result.reason


def accepted(folder: Path) -> Accepted:
    result = inspect(folder, "shapes", "anna")
    assert isinstance(result, Accepted), result
    return result


def test_an_honest_submission_comes_in_as_it_is(folder: Path) -> None:
    result = accepted(folder)
    assert result.files == {path.name: path.read_bytes() for path in folder.iterdir()}
    assert result.moment == datetime(2026, 11, 22, 5, 0, 0, 1, UTC)
    assert result.left_out == ()


def test_what_is_no_part_of_a_submission_stays_outside(folder: Path) -> None:
    for name in ("json.py", "sitecustomize.py", "shapes-Copy1.ipynb", "notes.txt"):
        (folder / name).write_text("import os; os._exit(1)")
    (folder / "earned_security").mkdir()
    (folder / "earned_security" / "__init__.py").write_text("")
    (folder / "dangling").symlink_to("nowhere")
    (folder / "passwords").symlink_to("/etc/passwd")
    os.mkfifo(folder / "pipe")
    (folder / "__pycache__").mkdir()
    (folder / "shapes.earned.zip").write_bytes(b"whatever")
    result = accepted(folder)
    assert set(result.files) == {"shapes.ipynb", "responses.json", "timestamp.txt"}
    assert result.left_out == (
        "dangling",
        "earned_security",
        "json.py",
        "notes.txt",
        "passwords",
        "pipe",
        "shapes-Copy1.ipynb",
        "sitecustomize.py",
    )


def make_link(path: Path) -> None:
    path.symlink_to("/etc/passwd")


def make_dangling(path: Path) -> None:
    path.symlink_to("nowhere")


def make_folder(path: Path) -> None:
    path.mkdir()


def make_fifo(path: Path) -> None:
    os.mkfifo(path)


def make_socket(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # an address may not be long
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(path.name)
    os.chdir(here)


def make_device(path: Path) -> None:
    try:
        os.mknod(path, 0o20666, os.makedev(1, 5))  # /dev/zero
    except PermissionError:
        pytest.skip("This account may not make a device.")


@pytest.mark.parametrize("name", ["shapes.ipynb", "responses.json", "timestamp.txt", "submission_secret.txt"])
@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (make_link, "is a link"),
        (make_dangling, "is a link"),
        (make_folder, "not a file but a folder"),
        (make_fifo, "not a file but a pipe"),
        (make_socket, "a device or a socket"),
        (make_device, "a device or a socket"),
    ],
)
def test_anything_but_a_plain_file_is_refused(
    folder: Path, name: str, make: Callable[[Path], None], reason: str
) -> None:
    (folder / name).unlink(missing_ok=True)
    make(folder / name)
    assert f"{name} in it" in refused(folder) and reason in refused(folder)


def test_a_folder_that_is_a_link_a_file_or_missing_is_refused(folder: Path) -> None:
    link = folder.with_name("link")
    link.symlink_to(folder)
    assert "It is a link" in refused(link)
    file = folder.with_name("file")
    file.write_text("x")
    assert "not a folder" in refused(file)
    assert "not a folder" in refused(folder.with_name("missing"))


@pytest.mark.parametrize(
    ("name", "size"), [("shapes.ipynb", 100_000_000), ("responses.json", 6_000_000), ("timestamp.txt", 5_000)]
)
def test_what_is_too_large_is_not_even_read(folder: Path, name: str, size: int) -> None:
    with (folder / name).open("wb") as file:
        file.truncate(size)
    assert "too large" in refused(folder)
    assert f"{size:,}" in refused(folder)


def test_too_many_files_are_refused(folder: Path) -> None:
    for number in range(1001):
        (folder / f"{number}").touch()
    assert "more than 1000 files" in refused(folder)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        text().encode()[:-20],
        b"\x00" * 100,
        b"\x80PNG",
        b"null",
        b"[]",
        b"[" * 100_000,
        b'{"cells": ' * 5000,
        text(nbformat=3).encode(),
        text(nbformat=5).encode(),
        text(nbformat="4").encode(),
        text(nbformat_minor=None).encode(),
        text(metadata=[]).encode(),
        text(cells={}).encode(),
        text(cells=[3]).encode(),
        text(cells=[{"cell_type": "heading", "metadata": {}, "source": ""}]).encode(),
        text(cells=[{"cell_type": "code", "metadata": {}, "source": {"a": 1}}]).encode(),
        text(cells=[{"cell_type": "code", "metadata": None, "source": ""}]).encode(),
        text(metadata={"x": "HALF"}).replace("HALF", "\\ud800").encode(),
    ],
)
def test_a_notebook_that_nbgrader_could_not_open_is_refused(folder: Path, content: bytes) -> None:
    (folder / "shapes.ipynb").write_bytes(content)
    assert "notebook" in refused(folder)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_a_notebook_in_another_unicode_encoding_comes_in_as_utf_8(folder: Path, encoding: str) -> None:
    (folder / "shapes.ipynb").write_bytes(text().encode(encoding))
    assert accepted(folder).files["shapes.ipynb"] == text().encode()


def test_another_assignment_is_refused(folder: Path) -> None:
    (folder / "shapes.ipynb").write_text(text(metadata={"earned_security": {"assignment": "colours"}}))
    assert "another assignment, “colours”, handed in as “shapes”" in refused(folder)
    (folder / "shapes.ipynb").write_text(text(metadata={"earned_security": 3}))
    accepted(folder)
    answers = json.loads((folder / "responses.json").read_text())
    (folder / "responses.json").write_text(json.dumps({**answers, "assignment": "colours"}))
    assert "“colours”" in refused(folder)
    (folder / "shapes.ipynb").unlink()
    assert "no notebook shapes.ipynb" in refused(folder)


@pytest.mark.parametrize("answers", [b"{", b"\xff\x00", b"[" * 100_000, b"null"])
def test_answers_that_cannot_be_used_come_in_and_marking_says_so(folder: Path, answers: bytes) -> None:
    (folder / "responses.json").write_bytes(answers)
    assert accepted(folder).files["responses.json"] == answers


def test_an_archive_alone_is_taken_for_what_it_holds(folder: Path) -> None:
    packed = archive.make(folder, "shapes", "anna")
    for path in folder.iterdir():
        path.unlink()
    (folder / "shapes.earned.zip").write_bytes(packed)
    result = accepted(folder)
    assert set(result.files) == {"shapes.ipynb", "responses.json", "submission.json"}
    assert result.moment is not None
    other = inspect(folder, "shapes", "bob")
    assert isinstance(other, Quarantined) and "made by “anna” and handed in as bob" in other.reason
    (folder / "timestamp.txt").write_text("2026-11-22 05:00:00 UTC")
    assert accepted(folder).moment == datetime(2026, 11, 22, 5, tzinfo=UTC)
    (folder / "shapes.earned.zip").write_bytes(packed[:-30])
    assert "damaged or cut off" in refused(folder)


@pytest.mark.parametrize(
    "time",
    [
        "yesterday",
        "2026-13-45 99:99:99 UTC",
        "9999-99-99 00:00:00.000000 UTC",
        "2026-11-22 05:00:00 ../../etc/passwd",
        "0001-01-01 00:00:00 +1400",
        "\x00",
        "2026-11-22 05:00:00 UTC\nand more",
        "٢٠٢٦-11-22 05:00:00 UTC",
    ],
)
def test_a_timestamp_that_is_none_is_refused(folder: Path, time: str) -> None:
    (folder / "timestamp.txt").write_text(time, "utf-8")
    assert "timestamp.txt holds no date" in refused(folder)


@pytest.mark.parametrize(
    ("written", "hour"),
    [
        ("2026-11-22 05:00:00.5 UTC", 5),
        ("2026-11-22 05:00:00", 5),
        ("2026-11-22T05:00:00Z", 5),
        ("2026-11-22 05:00:00 +0200", 3),
        ("2026-11-22 05:00:00+02:00", 3),
        ("2026-11-22 05:00:00 CET", 4),
        ("2026-11-22 05:00:00 XYZ", 5),
    ],
)
def test_times_as_nbgrader_writes_them_are_read(written: str, hour: int) -> None:
    found = intake.moment(written)
    assert found is not None and found.hour == hour and found.tzinfo is UTC


def test_a_timestamp_is_read_as_nbgrader_reads_it() -> None:
    from nbgrader.utils import parse_utc

    for written in ("2026-11-22 05:00:00.123456 UTC", "2026-11-22 05:00:00 CET", "2026-11-22 05:00:00 XYZ"):
        found = intake.moment(written)
        assert found is not None and found.replace(tzinfo=None) == parse_utc(written)


@given(st.text(max_size=60))
def test_no_text_makes_reading_a_time_fail(written: str) -> None:
    intake.moment(written)
    intake.moment(f"2026-11-22 05:00:00 {written}")


@pytest.mark.parametrize(
    "name",
    [
        "",
        "..",
        ".",
        ".anna",
        "-rf",
        "an/na",
        "an\\na",
        "an\x00na",
        "an\nna",
        "an\u202ena",
        "an\udcffna",
        "an*na",
        "an+na",
        "a" * 101,
        "anna ",
        "u\u0308ber",
        "<b>",
        "an\u200bna",
        "{0}",
    ],
)
def test_names_that_could_lead_astray_are_refused(folder: Path, name: str) -> None:
    assert intake.name_problem(name)
    result = inspect(folder, "shapes", name)
    assert isinstance(result, Quarantined) and "Its name cannot be used" in result.reason
    intake.shown(result.reason).encode()


@pytest.mark.parametrize(
    "name", ["anna", "anna.b@example.org", "s1234567", "Zoë", "анна", "anna_b-c", "王芳"]
)
def test_names_of_people_are_taken(name: str) -> None:
    assert intake.name_problem(name) is None


@given(st.text(st.characters(), max_size=300))
def test_whatever_is_shown_can_be_printed_on_a_line(name: str) -> None:
    line = intake.shown(name)
    assert line.isprintable() and len(line) <= 200
    line.encode()


def test_what_changes_after_the_look_has_no_effect(folder: Path) -> None:
    result = accepted(folder)
    before = dict(result.files)
    (folder / "responses.json").unlink()
    (folder / "responses.json").symlink_to("/etc/passwd")
    assert result.files == before


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.fixed_dictionaries(
        {"cells": JSON, "metadata": JSON, "nbformat": st.just(4) | JSON, "nbformat_minor": st.just(5) | JSON}
    )
    | st.lists(
        st.fixed_dictionaries(
            {
                "cell_type": st.sampled_from(["code", "markdown"]),
                "metadata": JSON,
                "source": JSON,
                "outputs": JSON,
            }
        ),
        max_size=3,
    ).map(lambda cells: {**NOTEBOOK, "cells": cells})
)
def test_whatever_the_notebook_is_there_is_a_decision(notebook: object) -> None:
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "shapes.ipynb").write_text(json.dumps(notebook))
        result = inspect(Path(name), "shapes", "anna")
    assert isinstance(result, Quarantined) or set(result.files) == {"shapes.ipynb"}
