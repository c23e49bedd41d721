"""Real nbgrader collecting: each rule of the intake, and what stock nbgrader lets through."""

from __future__ import annotations

import json
import logging
import os
import pwd
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from earned_security.teaching import quarantine
from earned_security.teaching.assemble import assemble
from earned_security.teaching.bank import Bank
from earned_security.teaching.course import Course

from .conftest import answers_file
from .test_hostile import RIGHT

ME = pwd.getpwuid(os.getuid()).pw_name
NOW = datetime.now(UTC)


@dataclass
class Exchange:
    """A course with a released assignment, and folders put straight into its exchange."""

    course: Course

    @property
    def inbound(self) -> Path:
        return self.course.exchange / "earned-security" / "inbound"

    def put(
        self,
        learner: str,
        time: datetime | str | None = None,
        angle: float = 180,
        prepare: Callable[[Path], None] | None = None,
        assignment: str = "shapes",
    ) -> Path:
        """What nbgrader's submit makes, with any name and anything done to it."""
        time = time or NOW - timedelta(minutes=1)
        text = time if isinstance(time, str) else quarantine.nbgrader_time(time)
        folder = self.inbound / f"{learner}+{assignment}+{text}+{os.urandom(6).hex()}"
        shutil.copytree(self.course.root / "release" / "shapes", folder)
        (folder / "responses.json").write_text(answers_file({**RIGHT, "shapes-angles": angle}), "utf-8")
        (folder / "timestamp.txt").write_text(text, "utf-8", errors="surrogateescape")
        (folder / "submission_secret.txt").write_text(os.urandom(64).hex())
        if prepare:
            prepare(folder)
        return folder

    def collect(self, owner: bool = False, **options: Any) -> str:
        """nbgrader's collect through its own interface; what it said."""
        self.course.api.log_level = logging.INFO
        config = self.course.api.config
        config.ExchangeCollect.check_owner = owner
        config.ExchangeCollect.before_duedate = options.pop("before_duedate", False)
        result = self.course.api.collect("shapes", **options)
        assert result["success"], result
        return str(result.get("log", ""))

    def angle(self, learner: str) -> float | None:
        """The answer that was collected."""
        path = self.course.root / "submitted" / learner / "shapes" / "responses.json"
        if not path.exists():
            return None
        value = json.loads(path.read_text())["entries"]["shapes-angles/answer"]["value"]
        return float(value)

    def reasons(self) -> dict[str, str]:
        return {entry.learner: entry.reason for entry in quarantine.entries(self.course.root)}


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory, bank: Bank) -> Course:
    course = Course(tmp_path_factory.mktemp("exchange"))
    assemble(bank, course.root)
    course.generate("shapes")
    course.release("shapes")
    return course


@pytest.fixture
def exchange(released: Course) -> Iterator[Exchange]:
    exchange = Exchange(released)
    yield exchange
    for path in (released.root / "submitted", released.root / "quarantine", released.root / "course.yaml"):
        quarantine.remove(path)
    for path in exchange.inbound.iterdir():
        quarantine.remove(path)


def test_nbgraders_own_submission_is_collected_whole(exchange: Exchange) -> None:
    home = exchange.course.fetch("shapes", "anna")
    (home / "responses.json").write_text(answers_file(RIGHT), "utf-8")
    (home / "json.py").write_text("raise SystemExit")
    exchange.course.submit("shapes", "anna")
    said = exchange.collect()
    assert "anna, shapes: collected." in said
    assert "json.py" in said
    folder = exchange.course.root / "submitted" / "anna" / "shapes"
    assert sorted(path.name for path in folder.iterdir()) == [
        "items.json",
        "responses.json",
        "shapes.ipynb",
        "submission_secret.txt",
        "timestamp.txt",
    ]
    (inbound,) = exchange.inbound.iterdir()
    assert (folder / "timestamp.txt").read_text() == inbound.name.split("+")[2]
    assert exchange.reasons() == {}
    exchange.course.autograde("shapes", "anna")
    with exchange.course.gradebook() as gradebook:
        assert gradebook.find_submission("shapes", "anna").score > 0


def test_a_folder_must_belong_to_the_learner_it_names(exchange: Exchange) -> None:
    exchange.put(ME, angle=1)
    exchange.put("nobody", angle=2)
    exchange.put("someone-without-an-account", angle=3)
    said = exchange.collect(owner=True)
    assert exchange.angle(ME) == 1
    assert exchange.angle("nobody") is None
    reasons = exchange.reasons()
    assert set(reasons) == {"nobody", "someone-without-an-account"}
    assert f"by nobody, but it belongs to {ME}" in reasons["nobody"]
    assert "no account here has that name" in reasons["someone-without-an-account"]
    assert "nobody: not collected." in said


def test_what_was_refused_comes_in_once_the_cause_is_gone(exchange: Exchange) -> None:
    exchange.put("someone-without-an-account", angle=3)
    for _ in range(2):
        exchange.collect(owner=True)
        assert len(quarantine.entries(exchange.course.root)) == 1
    exchange.collect(owner=False)
    assert exchange.angle("someone-without-an-account") == 3
    assert quarantine.entries(exchange.course.root) == []


@pytest.mark.skipif(os.getuid() != 0, reason="only an administrator may give files to others")
def test_a_file_of_somebody_else_does_not_come_in(exchange: Exchange) -> None:
    nobody = pwd.getpwnam("nobody").pw_uid

    def prepare(folder: Path) -> None:
        for path in (folder, *folder.iterdir()):
            os.chown(path, nobody, -1)
        (folder / "responses.json").unlink()
        os.link(exchange.course.root / "source" / "shapes" / "items.json", folder / "responses.json")

    exchange.put("nobody", prepare=prepare)
    exchange.collect(owner=True)
    assert "belongs to root, who is somebody else" in exchange.reasons()["nobody"]
    assert exchange.angle("nobody") is None


def test_a_later_submission_replaces_an_earlier_one_whoever_made_that(exchange: Exchange) -> None:
    exchange.put("anna", NOW - timedelta(hours=2), angle=1)
    exchange.collect()
    assert exchange.angle("anna") == 1
    exchange.put("anna", NOW - timedelta(hours=1), angle=2)
    assert "a newer submission takes the place" in exchange.collect()
    assert exchange.angle("anna") == 2
    assert "there is nothing newer" in exchange.collect()
    assert exchange.angle("anna") == 2


def test_a_date_in_the_future_shuts_nobody_out_now_or_later(
    exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    exchange.put("anna", NOW + timedelta(days=3), angle=666)
    exchange.put("anna", NOW - timedelta(hours=1), angle=1)
    exchange.collect()
    assert exchange.angle("anna") == 1
    assert "the date is not true" in exchange.reasons()["anna"]

    class Later(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
            return NOW + timedelta(days=30)

    monkeypatch.setattr("earned_security.teaching.collect.datetime", Later)
    exchange.put("anna", NOW, angle=2)
    assert "still in quarantine" in exchange.collect()
    assert exchange.angle("anna") == 2
    assert len(quarantine.entries(exchange.course.root)) == 1
    quarantine.remove(exchange.course.root / "quarantine")
    exchange.collect()
    assert exchange.angle("anna") == 2
    assert "the date is not true" in exchange.reasons()["anna"]


@pytest.mark.parametrize("before", ["2999-01-01 00:00:00 UTC", "no date at all", "", None])
def test_what_was_collected_before_with_a_false_date_is_replaced(
    exchange: Exchange, before: str | None
) -> None:
    folder = exchange.course.root / "submitted" / "anna" / "shapes"
    folder.mkdir(parents=True)
    if before is not None:
        (folder / "timestamp.txt").write_text(before)
    exchange.put("anna", NOW - timedelta(hours=1), angle=1)
    exchange.collect()
    assert exchange.angle("anna") == 1


def test_a_link_in_the_place_of_what_was_collected_is_replaced_not_followed(
    exchange: Exchange, tmp_path: Path
) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    folder = exchange.course.root / "submitted" / "anna"
    folder.mkdir(parents=True)
    (folder / "shapes").symlink_to(tmp_path)
    exchange.put("anna", angle=1)
    exchange.collect()
    assert exchange.angle("anna") == 1
    assert not (folder / "shapes").is_symlink()
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_where_the_last_cannot_come_in_the_one_before_it_does(exchange: Exchange) -> None:
    def cut(folder: Path) -> None:
        notebook = folder / "shapes.ipynb"
        notebook.chmod(0o644)
        notebook.write_bytes(notebook.read_bytes()[:200])

    exchange.put("anna", NOW - timedelta(hours=2), angle=1)
    exchange.put("anna", NOW - timedelta(hours=1), angle=2, prepare=cut)
    exchange.collect()
    assert exchange.angle("anna") == 1
    assert "cut off" in exchange.reasons()["anna"]


def link_to(target: str, name: str = "responses.json") -> Callable[[Path], None]:
    def prepare(folder: Path) -> None:
        (folder / name).unlink()
        (folder / name).symlink_to(target)

    return prepare


def replaced_by_a_link(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.symlink_to("/etc")


def a_pipe(folder: Path) -> None:
    (folder / "responses.json").unlink()
    os.mkfifo(folder / "responses.json")


def a_folder(folder: Path) -> None:
    (folder / "shapes.ipynb").unlink()
    (folder / "shapes.ipynb").mkdir()


def a_large_file(folder: Path) -> None:
    with (folder / "responses.json").open("wb") as file:
        file.truncate(100_000_000)


def a_false_secret(folder: Path) -> None:
    (folder / "submission_secret.txt").write_bytes(b"\xff\xfe")


HOSTILE: dict[str, tuple[Callable[[Path], None], str]] = {
    "passwords": (link_to("/etc/passwd"), "responses.json in it is a link"),
    "dangling": (link_to("/nowhere/at-all", "shapes.ipynb"), "shapes.ipynb in it is a link"),
    "a-link": (replaced_by_a_link, "It is a link"),
    "a-pipe": (a_pipe, "a pipe"),
    "a-folder": (a_folder, "not a file but a folder"),
    "large": (a_large_file, "too large: 100,000,000 bytes"),
    "a-secret": (a_false_secret, "submission_secret.txt"),
    "no-notebook": (lambda folder: (folder / "shapes.ipynb").unlink(), "no notebook"),
    "a-file": (lambda folder: (shutil.rmtree(folder), folder.write_text("x"))[0], "not a folder"),
    "no-time": (lambda folder: (folder / "timestamp.txt").write_text("never") and None, "timestamp.txt"),
}


def test_hostile_submissions_are_named_with_their_reason_and_stop_nobody(exchange: Exchange) -> None:
    for learner, (prepare, _) in HOSTILE.items():
        exchange.put(learner, prepare=prepare)
    for learner in ("anna", "zoe"):
        exchange.put(learner, angle=7)
    exchange.collect()
    reasons = exchange.reasons()
    assert set(reasons) == set(HOSTILE)
    for learner, (_, reason) in HOSTILE.items():
        assert reason in reasons[learner]
    assert sorted(path.name for path in (exchange.course.root / "submitted").iterdir()) == ["anna", "zoe"]
    for path in (exchange.course.root / "quarantine").rglob("*"):
        assert path.is_dir() or path.name == "reason.txt"


def test_names_that_lead_astray_write_nothing_outside(exchange: Exchange) -> None:
    before = sorted(path.name for path in exchange.course.root.iterdir())
    names = ["..", ".", "an\u202ena", "an\nna", "-rf", "an\udcffna", "x" * 120]
    for name in names:
        exchange.put(name)
    exchange.put("anna", "not a date")
    exchange.put("anna", "2026-11-22 05:00:00 UTC", assignment="shapes+x")
    exchange.put("anna", "2026-11-22 05:00:00 UTC", assignment="other")
    exchange.put("a+b")
    said = exchange.collect()
    said.encode()
    assert not (exchange.course.root / "submitted").exists()
    after = sorted(path.name for path in exchange.course.root.iterdir())
    assert after == sorted([*before, "quarantine"])
    entries = quarantine.entries(exchange.course.root)
    assert len(entries) == len(names) + 3
    assert "other" not in " ".join(entry.lies for entry in entries)
    assert all(entry.reason.isprintable() and entry.lies.isprintable() for entry in entries)


def test_another_assignment_and_another_learner_are_said(exchange: Exchange) -> None:
    def other_assignment(folder: Path) -> None:
        answers = json.loads((folder / "responses.json").read_text())
        (folder / "responses.json").write_text(json.dumps({**answers, "assignment": "colours"}))

    def other_learner(folder: Path) -> None:
        (folder / "submission.json").write_text('{"assignment": "shapes", "learner": "bob"}')

    exchange.put("anna", prepare=other_assignment)
    exchange.put("carl", prepare=other_learner)
    exchange.collect()
    assert "another assignment, “colours”" in exchange.reasons()["anna"]
    assert "made by “bob” and handed in as carl" in exchange.reasons()["carl"]


def test_late_is_collected_and_said_with_the_learners_own_extension(exchange: Exchange) -> None:
    due = NOW - timedelta(hours=5)
    (exchange.course.root / "course.yaml").write_text(
        f"assignments:\n  shapes:\n    due: {due:%Y-%m-%d %H:%M}\nlearners:\n  bob:\n    extra_days: 2\n"
    )
    exchange.put("anna", NOW - timedelta(hours=1), angle=1)
    exchange.put("bob", NOW - timedelta(hours=1), angle=2)
    exchange.put(
        "carl", NOW - timedelta(hours=7), angle=3
    )  # its folder is of today, so changed after it was due
    said = exchange.collect()
    assert [exchange.angle(name) for name in ("anna", "bob", "carl")] == [1, 2, 3]
    assert "anna, shapes: late by 4:0" in said
    assert "bob, shapes: late" not in said
    assert "carl, shapes: dated before it was due, but its folder was changed after that" in said


def test_attempts_and_which_of_them_counts_are_settings(exchange: Exchange) -> None:
    for hours, angle in ((3, 1), (2, 2), (1, 3)):
        exchange.put("anna", NOW - timedelta(hours=hours), angle=angle)
    (exchange.course.root / "course.yaml").write_text("attempts: 2\n")
    assert "handed in 3 times" in exchange.collect()
    assert exchange.angle("anna") == 2
    (exchange.course.root / "course.yaml").write_text("counting: first\n")
    exchange.collect()
    assert exchange.angle("anna") == 1


def test_nbgraders_own_options_still_work(exchange: Exchange) -> None:
    exchange.put("anna", NOW - timedelta(hours=3), angle=1)
    exchange.put("anna", NOW - timedelta(hours=1), angle=2)
    due = (NOW - timedelta(hours=2)).replace(tzinfo=None)
    with exchange.course.gradebook() as gradebook:
        gradebook.update_or_create_assignment("shapes", duedate=due)
    try:
        exchange.collect(before_duedate=True)
        assert exchange.angle("anna") == 1
        exchange.collect()
        assert exchange.angle("anna") == 2
        exchange.put("anna", NOW, angle=3)
        exchange.collect(update=False)
        assert exchange.angle("anna") == 2
    finally:
        with exchange.course.gradebook() as gradebook:
            gradebook.update_or_create_assignment("shapes", duedate=None)


def test_settings_with_mistakes_stop_collecting_in_words(exchange: Exchange) -> None:
    (exchange.course.root / "course.yaml").write_text("attempts: many\n")
    exchange.put("anna")
    result = exchange.course.api.collect("shapes")
    assert not result["success"]
    assert "The course's settings have mistakes" in result["log"]
