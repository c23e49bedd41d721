"""The real ``nbgrader zip_collect`` on archives as mails and learning management systems bring them."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from earned_security.assessment import archive
from earned_security.teaching import quarantine
from earned_security.teaching.assemble import assemble
from earned_security.teaching.bank import Bank
from earned_security.teaching.course import Course
from earned_security.teaching.zip_collect import ArchiveExtractor

from .conftest import answers_file

CONFIGURATION = """
from earned_security.teaching.configuration import configure
configure(get_config())
"""


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory, bank: Bank) -> Path:
    course = Course(tmp_path_factory.mktemp("mails"))
    assemble(bank, course.root)
    course.generate("shapes")
    with course.gradebook() as gradebook:
        for name, number in (
            ("anna", "12345"),
            ("bob", None),
            ("carl", "777"),
            ("dora", "999"),
            ("emil", None),
        ):
            gradebook.update_or_create_student(name, lms_user_id=number)
    (course.root / "nbgrader_config.py").write_text(CONFIGURATION)
    return course.root


@pytest.fixture
def course(released: Path) -> Iterator[Path]:
    (released / "downloaded" / "shapes" / "archive").mkdir(parents=True)
    yield released
    for name in ("downloaded", "submitted", "quarantine"):
        quarantine.remove(released / name)


@pytest.fixture
def pack(course: Path, tmp_path: Path) -> Callable[..., bytes]:
    def packed(angle: float, made: str | None = None, learner: str | None = None) -> bytes:
        folder = tmp_path / "learner"
        folder.mkdir(exist_ok=True)
        (folder / "shapes.ipynb").write_bytes((course / "release" / "shapes" / "shapes.ipynb").read_bytes())
        (folder / "responses.json").write_text(answers_file({"shapes-angles": angle}))
        data = archive.make(folder, "shapes", learner)
        return data if made is None else dated(data, made)

    return packed


def dated(data: bytes, made: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == archive.ABOUT:
                content = json.dumps({**json.loads(content), "made": made}).encode()
            new.writestr(name, content)
    return target.getvalue()


def put(course: Path, name: str, data: bytes) -> None:
    path = course / "downloaded" / "shapes" / "archive" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def zip_collect(course: Path) -> str:
    command = [sys.executable, "-m", "nbgrader", "zip_collect", "shapes"]
    done = subprocess.run(command, cwd=course, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stderr


def angles(course: Path) -> dict[str, float]:
    return {
        path.parts[-3]: json.loads(path.read_text())["entries"]["shapes-angles/answer"]["value"]
        for path in (course / "submitted").glob("*/shapes/responses.json")
    }


def test_each_way_to_name_an_archive(course: Path, pack: Callable[..., bytes]) -> None:
    download = io.BytesIO()
    with zipfile.ZipFile(download, "w") as outer:
        outer.writestr("Dora D_999_assignsubmission_file_/shapes.earned.zip", pack(4))
        outer.writestr("../../nobody_1_2_shapes.earned.zip", pack(666))
    put(course, "mail_emil_attempt_2026-11-22-05-00-00_shapes.earned.zip", pack(5))
    put(course, "Anna A_12345_assignsubmission_file_shapes.earned.zip", pack(1))
    put(course, "bob_shapes.earned.zip", pack(2))
    put(course, "carlc_LATE_777_4711_shapes.earned-1.zip", pack(3))
    put(course, "download of everything.zip", download.getvalue())
    said = zip_collect(course)
    assert angles(course) == {"anna": 1, "bob": 2, "carl": 3, "dora": 4, "emil": 5}
    (entry,) = quarantine.entries(course)
    assert "Nobody in the roster is called .." in entry.reason or "name cannot be used" in entry.reason
    assert "not collected" in said
    for path in (course / "submitted").glob("*/shapes"):
        assert {found.name for found in path.iterdir()} == {
            "shapes.ipynb",
            "responses.json",
            "submission.json",
            "timestamp.txt",
            "submission_secret.txt",
        }
    assert [path.name for path in (course / "submitted").iterdir() if path.name.startswith(".")] == []


def test_twice_the_one_made_last_counts_now_and_in_the_next_run(
    course: Path, pack: Callable[..., bytes]
) -> None:
    put(course, "bob/first.earned.zip", pack(1, "2026-01-02T00:00:00+00:00"))
    put(course, "bob/second.earned.zip", pack(2, "2026-01-01T00:00:00+00:00"))
    assert "handed in more than once" in zip_collect(course)
    assert angles(course) == {"bob": 1}
    put(course, "bob/first.earned.zip", pack(3, "2025-12-31T00:00:00+00:00"))
    assert "there is nothing newer" in zip_collect(course)
    assert angles(course) == {"bob": 1}
    put(course, "bob/third.earned.zip", pack(4, "2026-01-03T00:00:00+00:00"))
    assert "takes the place of the earlier" in zip_collect(course)
    assert angles(course) == {"bob": 4}


def test_what_cannot_come_in_is_named_and_stops_nobody(course: Path, pack: Callable[..., bytes]) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("submission.json", b" " * 50_000_000)
        made.writestr("../../../outside.txt", b"x")
    put(course, "anna/shapes.earned.zip", bomb.getvalue())
    put(course, "bob/shapes.ipynb", b"{}")
    put(course, "shapes.earned.zip", pack(1, learner="anna"))
    put(course, "unknown/shapes.earned.zip", pack(1))
    put(course, "carl/shapes.earned.zip", pack(1, learner="anna"))
    put(course, "emil/shapes.earned.zip", pack(7))
    link = course / "downloaded" / "shapes" / "archive" / "dora" / "shapes.earned.zip"
    link.parent.mkdir()
    link.symlink_to("/etc/passwd")
    zip_collect(course)
    assert angles(course) == {"emil": 7}
    reasons = {entry.learner: entry.reason for entry in quarantine.entries(course)}
    assert "larger than 10,000 bytes" in reasons["anna"]
    assert "no zip file" in reasons["bob"]
    assert "made by “anna” and handed in as carl" in reasons["carl"]
    assert "is a link" in reasons["dora"]
    assert "Nobody in the roster is called unknown" in reasons["unknown"]
    (unnamed,) = (reason for name, reason in reasons.items() if name.startswith("unnamed"))
    assert "Nothing says whose it is" in unnamed
    assert not list(course.parent.rglob("outside.txt"))
    count = len(quarantine.entries(course))
    zip_collect(course)
    assert len(quarantine.entries(course)) == count


@pytest.mark.parametrize(
    ("path", "learner"),
    [
        ("Eve E_123_assignsubmission_file_Bob_999_assignsubmission_file_x.earned.zip", "123"),
        ("evee_123_456_Bob_999_assignsubmission_file_x.earned.zip", "123"),
        ("evee_123_456_bob_shapes.earned.zip", "123"),
        ("PS_eve_attempt_2026-11-22-05-00-00_bob_attempt_2026-11-22-05-00-00_x.zip", "eve"),
        ("eve/Bob_999_assignsubmission_file_x.earned.zip", "eve"),
        ("eve/bob_shapes.earned.zip", "eve"),
        ("eve/bob/shapes.earned.zip", "eve"),
        ("eve+shapes.earned.zip", "eve"),
        ("shapes.earned.zip", None),
        ("shapes.earned (1).zip", None),
        ("photo.png", None),
    ],
)
def test_the_name_that_a_learner_gave_a_file_names_nobody(path: str, learner: str | None) -> None:
    extractor = ArchiveExtractor()
    extractor._assignment = "shapes"
    assert extractor._learner(path) == learner
