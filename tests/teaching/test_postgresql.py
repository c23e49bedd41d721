"""The gradebook in a real PostgreSQL server: the same marks as in SQLite."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from earned_security.teaching import course_folder
from earned_security.teaching.course_check import problems
from earned_security.teaching.repair import regrade

from .a_course import ASSIGNMENT, ACourse
from .test_hostile import PARTLY, RIGHT

pytestmark = pytest.mark.slow

TEXT = "shapes-favourite"


def programs() -> Path | None:
    """Debian's folder of server programs, which is not on the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    beside = shutil.which("initdb")
    return found[-1].parent if found else Path(beside).parent if beside else None


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of an empty database of a server that listens on a socket file only."""
    pytest.importorskip("psycopg", reason='the driver is missing: pip install "psycopg[binary]"')
    place = programs()
    if place is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql).")
    # A short path, because that of a socket is limited; and not below pytest's folder, which others cannot enter.
    folder = Path(tempfile.mkdtemp(prefix="earned-"))
    as_user: list[str] = []
    if os.geteuid() == 0:  # the server refuses to run as root
        shutil.chown(folder, "postgres", "postgres")
        as_user = ["runuser", "-u", "postgres", "--"]

    def run(program: str, *words: str) -> None:
        subprocess.run(
            [*as_user, str(place / program), *words],
            cwd=folder,
            check=True,
            timeout=120,
            stdout=subprocess.DEVNULL,
        )

    options = f"-k {folder} -c listen_addresses= -c fsync=off"
    try:
        run("initdb", "-D", str(folder / "data"), "-A", "trust", "-U", "earned", "-E", "UTF8")
        run("pg_ctl", "-D", str(folder / "data"), "-l", str(folder / "log"), "-o", options, "-w", "start")
        try:
            run("createdb", "-h", str(folder), "-U", "earned", "grades")
            yield f"postgresql+psycopg://earned@/grades?host={folder}"
        finally:
            run("pg_ctl", "-D", str(folder / "data"), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def taught(folder: Path, **settings: Any) -> ACourse:
    folder.mkdir()
    course = ACourse.make(
        folder / "course",
        assignments={ASSIGNMENT: {"due": "2027-03-01 10:00"}},
        late={"per_day": 0.1},
        **settings,
    )
    roster = folder / "roster.csv"
    roster.write_text("id,first_name,last_name\nann,Ann,Özil\nben,Ben,O'Hara\n", "utf-8")
    course_folder.enrol(course.folder, roster)
    course.hand_in("ann", {**RIGHT, TEXT: "A star: ★."}, "2027-03-01 09:00:00 UTC")
    course.hand_in("ben", PARTLY)
    course.mark()
    course.mark_by_hand("ann", TEXT, 3.0, "Say why: ★.")
    return course


def exported(course: ACourse) -> list[dict[str, str]]:
    from nbgrader.plugins import CsvExportPlugin

    plugin = CsvExportPlugin()
    plugin.to = str(course.folder / "grades.csv")
    with course.api.gradebook as gradebook:
        plugin.export(gradebook)
    with Path(plugin.to).open(encoding="utf-8") as file:
        return sorted(csv.DictReader(file), key=lambda row: row["student_id"])


def test_a_course_with_its_gradebook_in_postgresql(server: str, tmp_path: Path) -> None:
    there = taught(tmp_path / "there", db_url=server)
    here = taught(tmp_path / "here")
    assert not (there.folder / "gradebook.db").exists()
    assert there.standings == here.standings
    assert there.standings["ann", TEXT].by_hand == 3.0
    assert exported(there) == exported(here)
    assert [row["last_name"] for row in exported(there)] == ["Özil", "O'Hara"]

    for course in (there, here):
        course.edit_bank("    key: triangle\n", "    key: square\n")
    assert regrade(there.folder, ASSIGNMENT).lines() == regrade(here.folder, ASSIGNMENT).lines()
    assert there.standings == here.standings

    # nbgrader's own steps
    for course in (there, here):
        assert course.api.autograde(ASSIGNMENT, "ben", force=True)["success"]
        assert course.api.generate_feedback(ASSIGNMENT)["success"]
    assert there.standings == here.standings
    page = (there.folder / "feedback" / "ann" / ASSIGNMENT / f"{ASSIGNMENT}.html").read_text("utf-8")
    assert "Say why: ★." in page
    assert not [problem for problem in problems(there.folder) if "example-claim" not in problem.message]
