"""A course in which one learner has left something in every place that there is, beside two others."""

from __future__ import annotations

import io
import json
import shutil
import sqlite3
import tarfile
import warnings
import zipfile
from pathlib import Path
from typing import Any

import pytest

from earned_security.teaching import course_folder, quarantine
from earned_security.teaching.completion import of_course
from earned_security.teaching.completion_command import write
from earned_security.teaching.intake import Quarantined, inspect
from earned_security.teaching.repair import regrade
from earned_security.teaching.second_marking import write_form

from ..a_course import ASSIGNMENT, ACourse
from ..test_hostile import PARTLY, RIGHT

TEXT = "shapes-favourite"
LEARNER = "annohara"
# Two whose ids have hers in them, and one who shares her first name.
OTHERS = ("annohara-b", "xannohara", "ben")
WORDS = ("annohara", "Ann O'Hara", "O'Hara, Ann", "O&#x27;Hara", "ann.ohara@example.org", "770012")
ROSTER = (
    "id,first_name,last_name,email,lms_user_id\n"
    f"{LEARNER},Ann,O'Hara,ann.ohara@example.org,770012\n"
    "annohara-b,Annabel,Bee,bee@example.org,770013\n"
    "xannohara,Xan,Ohara,xan@example.org,770014\n"
    "ben,Ben,Özil,ben@example.org,12\n"
)


def zipped(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        for name, data in files.items():
            made.writestr(name, data)
    return stream.getvalue()


def everywhere(folder: Path, **settings: Any) -> ACourse:
    """The course; ``folder`` also holds its exchange."""
    folder.mkdir(exist_ok=True)
    course = ACourse.make(folder / "course", **settings)
    root = course.folder
    (root / "roster.csv").write_text(ROSTER, "utf-8")
    course_folder.enrol(root, root / "roster.csv")
    course.hand_in(LEARNER, {**RIGHT, TEXT: "A star, and what I would not tell anybody."})
    for other in OTHERS:
        course.hand_in(other, {**PARTLY, TEXT: "A ring, says another."})
    course.mark()
    course.mark_by_hand(LEARNER, TEXT, 3.0, "Ann, say why: for her alone.")
    course.mark_by_hand("ben", TEXT, 2.0, "You took this from annohara.")
    api = course.api
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert api.generate_feedback(ASSIGNMENT)["success"]
        assert api.release_feedback(ASSIGNMENT)["success"]

    inbound = folder / "exchange" / "course" / "inbound"
    inbound.mkdir(exist_ok=True)
    for other in (LEARNER, *OTHERS):
        shutil.copytree(
            root / "submitted" / other / ASSIGNMENT,
            inbound / f"{other}+{ASSIGNMENT}+2027-03-01 12:00:00 UTC+x1",
        )

    downloaded = root / "downloaded" / ASSIGNMENT / "archive"
    downloaded.mkdir(parents=True)
    members = {
        f"Ann O'Hara_770012_assignsubmission_file_/{ASSIGNMENT}.earned.zip": b"hers",
        f"Annabel Bee_770013_assignsubmission_file_/{ASSIGNMENT}.earned.zip": b"not hers",
    }
    (downloaded / "whole-download.zip").write_bytes(zipped(members))
    own = {"submission.json": json.dumps({"learner": LEARNER}).encode(), "responses.json": b"{}"}
    (downloaded / "something.earned.zip").write_bytes(zipped(own))
    (downloaded / f"{LEARNER}_{ASSIGNMENT}.earned.zip").write_bytes(zipped(own))

    bad = root / "submitted" / LEARNER / "other-assignment"
    bad.mkdir()
    refused = inspect(bad, "other-assignment", LEARNER)
    assert isinstance(refused, Quarantined)
    quarantine.move(root, "other-assignment", LEARNER, refused.reason, [bad])
    strange = inbound / f"{LEARNER}+other+soon"
    strange.mkdir()
    quarantine.put(root, "other", "+".join([LEARNER, "?"]), "Its name holds no date.", strange)

    write_form(root, ASSIGNMENT, share=1.0)
    regrade(root, ASSIGNMENT)
    write(root / "reports" / "completion.csv", of_course(root))
    pending = [[LEARNER, TEXT, 1.0, None, 0.0, False], ["ben", TEXT, 1.0, None, 0.0, False]]
    (root / "reports" / "other.before.json").write_text(json.dumps(pending), "utf-8")
    (root / "reports" / "class.html").write_text("<table><tr><td>Ann O&#x27;Hara</td></tr></table>", "utf-8")
    (root / "reports" / "report").mkdir()
    for name in ("report.html", "marks.csv"):
        (root / "reports" / "report" / name).write_text("learner,points\nT01,3\nT02,1\n", "utf-8")
    (root / "certificates").mkdir()
    (root / "certificates" / f"{LEARNER}.pdf").write_bytes(b"%PDF-1.4 hers")
    (root / "certificates" / "annohara-b.pdf").write_bytes(b"%PDF-1.4 another's")
    issued = [{"learner": LEARNER, "name": "Ann O'Hara", "code": "c1"}, {"learner": "ben", "code": "c2"}]
    (root / "certificates" / "issued.json").write_text(json.dumps({"issued": issued}), "utf-8")
    launches = {"line_items_url": None, "people": {LEARNER: "sub-1", "ben": "sub-2"}}
    (folder / "launches.json").write_text(json.dumps(launches), "utf-8")
    (root / "lti.yaml").write_text(f"launches: {folder / 'launches.json'}\n", "utf-8")
    sent = {ASSIGNMENT: {"line-1": {"marks": {LEARNER: ["sub-1", 3.0, 5.0], "ben": ["sub-2", 1.0, 5.0]}}}}
    (root / "lti-sent.json").write_text(json.dumps(sent), "utf-8")
    (root / "marking.log").write_text(f"{LEARNER}, shapes: collected.\nben, shapes: collected.\n", "utf-8")
    (root / "notes.md").write_text("Ask annohara about Tuesday. And annohara-b.\n", "utf-8")
    (root / "points.csv").write_text("learner;points\nben;770012\n", "utf-8")
    file = root / "gradebook.db"
    if file.exists():
        shutil.copy(file, root / "gradebook.db.2027-03-02")
        with sqlite3.connect(file) as connection:  # rows in free pages, as years of use leave them
            connection.execute("CREATE TABLE used (words TEXT)")
            connection.executemany(
                "INSERT INTO used VALUES (?)", [(f"{LEARNER} {n}" * 50,) for n in range(99)]
            )
            connection.commit()
            connection.execute("DROP TABLE used")
        connection.close()
    with tarfile.open(root / "backup.tar.gz", "w:gz") as backup:
        for name in ("submitted", "roster.csv", "gradebook.db", "reports"):
            if (root / name).exists():
                backup.add(root / name, name)

    learners = f"learners:\n  {LEARNER}:\n    extra_days: 7\n  ben: {{extra_days: 1}}\n"
    text = (root / "course.yaml").read_text("utf-8")
    lines = [line for line in text.splitlines(keepends=True) if not line.startswith("learners:")]
    (root / "course.yaml").write_text("".join(lines) + learners, "utf-8")
    return course


@pytest.fixture(scope="package")
def made(tmp_path_factory: pytest.TempPathFactory) -> ACourse:
    return everywhere(tmp_path_factory.mktemp("privacy") / "class")


@pytest.fixture(scope="package")
def made_blind(tmp_path_factory: pytest.TempPathFactory) -> ACourse:
    return everywhere(tmp_path_factory.mktemp("privacy-blind") / "class", blind_marking=True)


def copied(made: ACourse, above: Path) -> ACourse:
    """A copy of such a course below another folder, with what names its place put right."""
    before = made.folder.parent
    shutil.copytree(before, above / "class", symlinks=True)
    copy = ACourse(above / "class" / made.folder.name)
    for path in (copy.folder / "course.yaml", copy.folder / "lti.yaml", *copy.folder.rglob("reason.txt")):
        path.write_text(path.read_text("utf-8").replace(str(before), str(above / "class")), "utf-8")
    return copy


@pytest.fixture
def course(made: ACourse, tmp_path: Path) -> ACourse:
    return copied(made, tmp_path)


def contents_of(folder: Path) -> dict[str, bytes]:
    """Every file below a folder; members of archives as files of their own, so that nothing is hidden by packing."""
    found: dict[str, bytes] = {}

    def add(name: str, data: bytes) -> None:
        found[name] = data
        if name.endswith(".zip") and zipfile.is_zipfile(io.BytesIO(data)):
            with zipfile.ZipFile(io.BytesIO(data)) as packed:
                for each in packed.namelist():
                    add(f"{name}/{each}", packed.read(each))
        elif name.endswith(".tar.gz"):
            with tarfile.open(fileobj=io.BytesIO(data)) as packed:
                for entry in packed.getmembers():
                    stream = packed.extractfile(entry) if entry.isfile() else None
                    add(f"{name}/{entry.name}", stream.read() if stream else b"")

    for path in sorted(folder.rglob("*")):
        add(path.relative_to(folder).as_posix(), path.read_bytes() if path.is_file() else b"")
    return found
