"""`earned mark` and `nbgrader autograde` with this course's settings: the same rows, the same files, the same marks."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from handed_in import course, files, place, place_all, rows

from earned_security.cli import main
from earned_security.teaching import TeachingError, bulk
from earned_security.teaching.bank import Bank
from earned_security.teaching.bulk import Outcome, mark_course
from earned_security.teaching.course import Course
from earned_security.teaching.synthetic import trainees

Make = Callable[..., Course]
SETTINGS = "assignments: {shapes: {due: 2027-03-15 12:00}}\nlate: {per_day: 0.01}\n"


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory, bank: Bank) -> Path:
    """A course with its generated assignment, to be copied."""
    return course(tmp_path_factory.mktemp("generated") / "course", bank).folder


@pytest.fixture
def make(generated: Path, tmp_path: Path, bank: Bank) -> Make:
    """Courses with the same assignment and a class of that many trainees."""

    def made(name: str, count: int = 0, seed: int = 1) -> Course:
        shutil.copytree(generated, tmp_path / name)
        one = Course(tmp_path / name)
        place_all(one, bank, trainees(bank, count, seed))
        return one

    return made


def states(outcomes: list[Outcome]) -> dict[str, str]:
    return {outcome.student: outcome.state for outcome in outcomes}


def hand_mark(one: Course, bank: Bank, student: str) -> None:
    """As a marker does in formgrader, also over an automatic mark."""
    name = bank.assignment
    with one.gradebook() as gradebook:
        for item, points in (("shapes-favourite", 3.5), ("shapes-corners", 0.25)):
            grade = gradebook.find_grade(item, name, name, student)
            grade.manual_score, grade.extra_credit, grade.needs_manual_grade = points, 0.5, False
        gradebook.find_comment("shapes-favourite", name, name, student).manual_comment = "Well seen."
        gradebook.db.commit()


def test_both_write_the_same_rows_and_the_same_files(make: Make, bank: Bank) -> None:
    a, b = make("a", 5), make("b", 5)
    for one in (a, b):
        (one.root / "submitted" / "trainee02" / "shapes" / "responses.json").unlink()
        (one.root / "submitted" / "trainee03" / "shapes" / "responses.json").write_text("{")
        (one.root / "submitted" / "trainee04" / "shapes" / "timestamp.txt").write_text(
            "2027-04-01 10:00:00 UTC"
        )
        with one.gradebook() as gradebook:
            gradebook.update_or_create_assignment("shapes", duedate="2027-03-15 12:00:00 UTC")
        (one.root / "course.yaml").write_text(SETTINGS, "utf-8")
    a.autograde("shapes", "*")
    outcomes = mark_course(b.root, "shapes")
    assert set(states(outcomes).values()) == {"marked"}
    assert rows(a) == rows(b)
    assert files(a) == files(b)
    assert len(rows(a)["grades"]) == 5 * 9
    assert [row for row in rows(a)["notebooks"] if row[2]], "one was late and lost something"
    assert "valid JSON" in next(outcome.reason for outcome in outcomes if outcome.student == "trainee03")

    for one in (a, b):
        hand_mark(one, bank, "trainee01")
    a.autograde("shapes", "*")
    mark_course(b.root, "shapes", force=True)
    assert rows(a) == rows(b)
    assert files(a) == files(b)


def test_a_class_that_executes_gives_the_same_marks(make: Make, tmp_path: Path, bank: Bank) -> None:
    equal_when_executed(make, tmp_path, bank, count=3, seed=11)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_two_hundred_honest_submissions_get_the_same_marks_when_executed(
    make: Make, tmp_path: Path, bank: Bank
) -> None:
    equal_when_executed(make, tmp_path, bank, count=200, seed=12)


def equal_when_executed(make: Make, tmp_path: Path, bank: Bank, count: int, seed: int) -> None:
    safe = make("safe", count, seed)
    late = safe.root / "submitted" / "trainee01" / "shapes" / "timestamp.txt"
    late.write_text("2027-04-01 10:00:00 UTC")
    with safe.gradebook() as gradebook:
        gradebook.update_or_create_assignment("shapes", duedate="2027-03-15 12:00:00 UTC")
    (safe.root / "course.yaml").write_text(SETTINGS, "utf-8")
    shutil.copytree(safe.folder, tmp_path / "stock")
    stock = Course(tmp_path / "stock", execute=True)
    stock.api.config.Autograde.pop("autograde_preprocessors")  # nbgrader's own, saving included
    stock.autograde("shapes", "*")
    mark_course(safe.root, "shapes")
    assert len(rows(safe)["grades"]) == count * len(bank.items)
    assert rows(safe) == rows(stock)
    assert [row for row in rows(safe)["notebooks"] if row[2]], "one was late and lost something"


def test_marking_again_keeps_marks_and_what_was_given_by_hand(make: Make, bank: Bank) -> None:
    one = make("one", 3)
    mark_course(one.root, "shapes")
    hand_mark(one, bank, "trainee02")
    before, places = rows(one), files(one)
    assert set(states(mark_course(one.root, "shapes")).values()) == {"already marked"}
    assert rows(one) == before
    assert set(states(mark_course(one.root, "shapes", force=True)).values()) == {"marked"}
    after = rows(one)
    # As nbgrader does: what was marked by hand is looked at again; nothing else changes.
    assert [row[:5] for row in after["grades"]] == [row[:5] for row in before["grades"]]
    assert after["comments"] == before["comments"]
    assert files(one) == places
    assert ("trainee02", "shapes-favourite", None, 3.5, 0.5, 1) in after["grades"]
    assert ("trainee02", "shapes-favourite", None, "Well seen.") in after["comments"]


def test_what_is_handed_in_again_is_marked_again(make: Make, bank: Bank) -> None:
    one = make("one", 2)
    mark_course(one.root, "shapes")
    folder = one.root / "submitted" / "trainee01" / "shapes"
    shutil.rmtree(folder)
    place(one, bank, "trainee01", {"shapes-three-sides": "triangle"})
    (folder / "timestamp.txt").write_text("2027-03-02 10:00:00 UTC")
    assert states(mark_course(one.root, "shapes")) == {"trainee01": "marked", "trainee02": "already marked"}
    points = {row[1]: row[2] for row in rows(one)["grades"] if row[0] == "trainee01"}
    assert sum(value or 0 for value in points.values()) == 1.0
    assert ("trainee01", "2027-03-02 10:00:00.000000", None) in rows(one)["submissions"]
    assert ("trainee01", "shapes-favourite", "No response.", None) in rows(one)["comments"]


def test_some_students_only(make: Make) -> None:
    one = make("one", 3)
    outcomes = mark_course(one.root, "shapes", students=["trainee03", "nobody"])
    assert states(outcomes) == {"trainee03": "marked", "nobody": "could not be marked"}
    assert {row[0] for row in rows(one)["grades"]} == {"trainee03"}
    assert set(rows(one)["students"]) == {("trainee03",)}


def test_one_bad_submission_is_named_and_the_others_are_marked(
    make: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    one = make("one", 3)
    (one.root / "submitted" / "trainee02" / "shapes" / "shapes.ipynb").write_text("{")
    assert main(["mark", str(one.root), "shapes"]) == 1
    printed = capsys.readouterr().out
    assert "Marked 3 of 3" in printed
    assert "2 marked" in printed
    assert "trainee02: The notebook cannot be read" in printed
    waiting = [row[2:] for row in rows(one)["grades"] if row[0] == "trainee02"]
    assert waiting == [(None, None, None, 1)] * 9, "it waits for a person in the gradebook"
    assert not (one.root / "autograded" / "trainee02" / "shapes").exists()
    assert main(["mark", str(one.root), "shapes"]) == 0
    assert "0 marked, 2 already marked" in capsys.readouterr().out


def test_a_bad_later_submission_takes_no_marks_away(make: Make) -> None:
    one = make("one", 2)
    mark_course(one.root, "shapes")
    before, places = rows(one), files(one)
    folder = one.root / "submitted" / "trainee01" / "shapes"
    (folder / "timestamp.txt").write_text("2028-01-01 10:00:00 UTC")
    (folder / "shapes.ipynb").write_text("[]")
    assert states(mark_course(one.root, "shapes"))["trainee01"] == "could not be marked"
    after = rows(one)
    assert [row[:5] for row in after["grades"]] == [row[:5] for row in before["grades"]]
    assert all(row[5] for row in after["grades"] if row[0] == "trainee01")
    assert files(one) == places


def test_an_error_in_marking_one_submission_is_reported(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    one = make("one", 3)
    real = bulk._answers

    def failing(taken: Any) -> Any:
        if b"trainee02" in taken.files["submission_secret.txt"]:
            raise RuntimeError("a fault of the program")
        return real(taken)

    monkeypatch.setattr(bulk, "_answers", failing)
    outcomes = mark_course(one.root, "shapes")
    assert [outcome.state for outcome in outcomes] == ["marked", "could not be marked", "marked"]
    assert "RuntimeError: a fault of the program" in outcomes[1].reason


def test_what_the_gradebook_refuses_is_reported_and_the_others_are_recorded(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    from earned_security.teaching.records import Records

    one = make("one", 3)
    real = Records._save

    def refusing(self: Records, results: dict[str, Any]) -> None:
        real(self, results)
        if "trainee02" in results:
            raise ValueError

    monkeypatch.setattr(Records, "_save", refusing)
    outcomes = mark_course(one.root, "shapes")
    assert [outcome.state for outcome in outcomes] == ["marked", "could not be marked", "marked"]
    assert {row[0] for row in rows(one)["grades"]} == {"trainee01", "trainee03"}
    assert not list((one.root / "autograded").glob("trainee02/*"))


def test_when_nothing_can_be_marked_it_says_why(make: Make, tmp_path: Path) -> None:
    with pytest.raises(TeachingError, match="There is no folder"):
        mark_course(tmp_path / "missing", "shapes")
    one = make("one")
    with pytest.raises(TeachingError, match="Nothing was handed in"):
        mark_course(one.root, "shapes")
    one = make("two", 1)
    shutil.copytree(
        one.root / "submitted" / "trainee01" / "shapes", one.root / "submitted" / "trainee01" / "other"
    )
    with pytest.raises(TeachingError, match="does not know the assignment other"):
        mark_course(one.root, "other")
    path = one.root / "source" / "shapes" / "shapes.ipynb"
    path.write_text(path.read_text("utf-8").replace("Which shape has", "Which shape had"), "utf-8")
    with pytest.raises(TeachingError, match=r"differs in shapes-three-sides"):
        mark_course(one.root, "shapes")
    with pytest.raises(TeachingError, match=r"differs in shapes-three-sides"):
        one.autograde("shapes", "trainee01")
    path.unlink()
    with pytest.raises(TeachingError, match="is missing"):
        mark_course(one.root, "shapes")


def test_two_do_not_mark_the_same_course_at_once(make: Make) -> None:
    from filelock import FileLock

    one = make("one", 1)
    with FileLock(one.root / ".marking.lock"), pytest.raises(TeachingError, match="Somebody is marking"):
        mark_course(one.root, "shapes")


def test_a_gradebook_in_use_stops_with_words_and_loses_nothing(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sqlite3

    monkeypatch.setattr(bulk, "BATCH", 2)
    one = make("one", 4)
    uninterrupted = make("two", 4)
    mark_course(uninterrupted.root, "shapes")
    lock = sqlite3.connect(one.database, isolation_level=None, timeout=0)

    def in_use(line: str) -> None:
        lock.execute("begin immediate")

    with pytest.raises(TeachingError, match="could not be written"):
        mark_course(one.root, "shapes", say=in_use)
    lock.execute("rollback")
    lock.close()
    assert sorted(set(states(mark_course(one.root, "shapes")).values())) == ["already marked", "marked"]
    assert rows(one) == rows(uninterrupted)
    assert files(one) == files(uninterrupted)


def test_killed_at_random_moments_and_resumed(make: Make) -> None:
    kill_and_resume(make, moments=3, seed=1)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_killed_at_twenty_random_moments_and_resumed(make: Make) -> None:
    kill_and_resume(make, moments=20, seed=2)


PROGRAM = """
import sys, time
from earned_security.teaching import bulk, records, marker, rebuild
bulk.BATCH = 4
print("ready", flush=True)
sys.stdin.readline()
bulk.mark_course(bulk.Path(sys.argv[1]), "shapes", force=len(sys.argv) > 2)
print("done", flush=True)
"""


def kill_and_resume(make: Make, moments: int, seed: int) -> None:
    """Each time: a fresh class, killed at a random moment of its marking, then marked to the end."""
    count, source = 60, random.Random(seed)
    whole = make("whole", count)
    began = time.monotonic()
    mark_course(whole.root, "shapes")
    lasts = time.monotonic() - began
    expected, expected_files = rows(whole), files(whole)
    half = 0
    for number in range(moments):
        one = make(f"killed{number}", count)
        again = number % 4 == 3  # marked before, killed while it is marked again
        if again:
            mark_course(one.root, "shapes")
        words = [sys.executable, "-W", "ignore", "-c", PROGRAM, str(one.root), *(["again"] if again else [])]
        process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert process.stdin and process.stdout
        assert process.stdout.readline() == "ready\n"
        process.stdin.write("\n")
        process.stdin.flush()
        if again:
            time.sleep(source.uniform(0.05, lasts * 1.5))
        else:
            # By how far it has come: how fast that goes depends on what else the machine does.
            far = source.randrange(count)
            while process.poll() is None and marked(one) < far:
                time.sleep(0.005)
            time.sleep(source.uniform(0, 4 * lasts / count))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        half += not again and 0 < marked(one) < count
        mark_course(one.root, "shapes", force=again)
        assert rows(one) == expected
        assert files(one) == expected_files
        shutil.rmtree(one.folder)
    assert half, "no moment fell into the marking"


def marked(one: Course) -> int:
    return len(list((one.root / "autograded").glob("*/shapes")))


def test_nothing_is_left_outside_the_course_and_no_process_stays(make: Make, tmp_path: Path) -> None:
    one = make("one", 4)
    empty = tmp_path / "empty"
    empty.mkdir()
    sign = f"EARNED_TEST_MARKING={tmp_path.name}-{os.getpid()}"
    environment = {**os.environ, "HOME": str(empty), "TMPDIR": str(empty), "JUPYTER_CONFIG_DIR": str(empty)}
    environment |= {"JUPYTER_DATA_DIR": str(empty), "IPYTHONDIR": str(empty), "PYTHONDONTWRITEBYTECODE": "1"}
    environment |= dict([sign.split("=")])
    command = [sys.executable, "-m", "earned_security.cli", "mark", str(one.root), "shapes"]
    done = subprocess.run(command, env=environment, cwd=empty, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert list(empty.iterdir()) == []
    assert {path.name for path in one.folder.iterdir()} == {"course", "exchange"}
    assert not list((one.root / "autograded").glob("*/.*"))
    if Path("/proc").is_dir():
        for process in Path("/proc").glob("[0-9]*/environ"):
            with contextlib.suppress(OSError):
                assert sign.encode() not in process.read_bytes()
