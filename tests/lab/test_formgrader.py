"""The whole loop, clicked: a trainee fetches, answers and submits; an instructor collects, marks and gives feedback.

Two real JupyterLabs with nbgrader and one exchange folder between them. One account plays both, so the
learner's id in the roster is that account's.
"""

from __future__ import annotations

import getpass
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pictures
import pytest
from lab.running import TOKEN, free_port, wait_until_ready
from playwright.sync_api import Browser, FrameLocator, Page, expect

from earned_security.publishing.jupyterlab.start import LAB
from earned_security.teaching import bank, course_folder
from earned_security.teaching.course import require

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ASSIGNMENT = "building-safety-and-trust"
BANK = next(one for one in bank.read_banks(bank.OPEN_BANK) if one.assignment == ASSIGNMENT)
CHOICE, WRITING = "m4-which-line-validates", "m4-consent-dialogue"
WRITTEN = "I was late, and you waited. That was mine. <b>What was it like to wait?</b>"
COMMENT = "You own your part before you ask. Say what happens next time."


@dataclass
class Server:
    """One person's JupyterLab, rooted in a folder of theirs."""

    port: int
    process: subprocess.Popen[bytes]

    def open(self, browser: Browser, path: str = "lab") -> Page:
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        page.set_default_timeout(60_000)
        page.goto(f"http://127.0.0.1:{self.port}/{path}?token={TOKEN}&reset")
        return page

    def nbgrader(self, browser: Browser, entry: str) -> Page:
        """JupyterLab with an entry of its menu for nbgrader opened."""
        page = self.open(browser)
        page.get_by_role("menuitem", name="Nbgrader").click()
        page.get_by_role("menuitem", name=entry).click()
        return page


def serve(folder: Path, settings: Path, log: Path, **surroundings: str) -> Server:
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        f"--ServerApp.root_dir={folder}",
        "--ServerApp.allow_root=True",
    ]
    command += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0", "--ServerApp.open_browser=False"]
    own = {
        "JUPYTER_TOKEN": TOKEN,
        "JUPYTER_CONFIG_DIR": str(settings),
        "IPYTHONDIR": str(settings / "ipython"),
    }
    environment = {**os.environ, **own, "JUPYTER_PREFER_ENV_PATH": "1", **surroundings}
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdout=log.open("wb"),
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/api?token={TOKEN}", timeout=5).close()
            return Server(port, process)
        except OSError:
            time.sleep(0.3)
    raise AssertionError(log.read_text()[-3000:])


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Server, Path]]:
    """A trainee, an instructor, and the instructor's course with its assignment released."""
    root = tmp_path_factory.mktemp("class")
    exchange, home = root / "exchange", root / "trainee"
    for folder in (exchange, home):
        folder.mkdir()
    exchange.chmod(0o777)
    course = course_folder.new(root / "course")
    settings = course / "course.yaml"
    text = settings.read_text(encoding="utf-8").replace("# exchange:", "exchange:")
    lines = [f"exchange: {exchange}" if line.startswith("exchange:") else line for line in text.splitlines()]
    settings.write_text("\n".join(lines) + "\n", encoding="utf-8")
    roster = root / "roster.csv"
    roster.write_text(f"id,first_name,last_name\n{getpass.getuser()},Ada,Example\n", encoding="utf-8")
    course_folder.enrol(course, roster)
    course_folder.assemble(course, ASSIGNMENT)
    released = subprocess.run(
        [sys.executable, "-m", "nbgrader", "release_assignment", ASSIGNMENT], cwd=course, capture_output=True
    )
    require("release", lambda: {"success": released.returncode == 0, "log": released.stderr.decode()})

    # A class server's trainee: the course's extension is asked for, nbgrader's list is there.
    theirs, paths = root / "trainee-settings", root / "trainee-paths"
    (paths / "labconfig").mkdir(parents=True)
    (paths / "labconfig" / "page_config.json").write_text(json.dumps({"showPiecesOnOpening": "true"}))
    theirs.mkdir()
    (theirs / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.Exchange.root = {str(exchange)!r}\nc.CourseDirectory.course_id = 'course'\n"
    )
    surroundings = {"JUPYTER_CONFIG_PATH": str(paths), "JUPYTER_PATH": str(LAB)}
    trainee = serve(home, theirs, root / "trainee.log", **surroundings)
    instructor = serve(course, root / "instructor-settings", root / "instructor.log")
    yield trainee, instructor, course
    for server in (trainee, instructor):
        os.killpg(server.process.pid, signal.SIGTERM)
        server.process.wait()


def said(frame: FrameLocator) -> str:
    """What formgrader's window says about a step; it is closed."""
    window = frame.locator(".modal-body")
    expect(window).to_contain_text("Log Output", timeout=120_000)
    words = window.inner_text()
    frame.get_by_role("button", name="OK").click()
    expect(window).to_have_count(0)
    return words


def test_from_fetching_to_reading_the_feedback(
    people: tuple[Server, Server, Path], chromium: Browser
) -> None:
    trainee, instructor, course = people
    fetch_answer_and_submit(trainee, chromium)

    page = instructor.nbgrader(chromium, "Formgrader")
    desk = page.frame_locator("iframe").first
    desk.locator("td.collect a").click()
    assert f"{getpass.getuser()}, {ASSIGNMENT}: collected" in said(desk)
    desk.locator("td.num-submissions a").click()
    desk.locator("td.autograde a").click()
    assert "Successfully autograded" in said(desk)
    expect(desk.locator("tbody tr").first).to_contain_text("needs manual grading")
    mark_by_hand(desk, page)

    page = instructor.nbgrader(chromium, "Formgrader")
    desk = page.frame_locator("iframe").first
    desk.locator("td.generate-feedback a").click()
    assert "Successfully generated feedback" in said(desk)
    desk.locator("td.release-feedback a").click()
    assert "Successfully released feedback" in said(desk)
    read_the_feedback(trainee, chromium, course)


def fetch_answer_and_submit(trainee: Server, chromium: Browser) -> None:
    page = trainee.nbgrader(chromium, "Assignment List")
    page.get_by_role("button", name="Fetch", exact=True).click()
    page.get_by_role("button", name="Submit").wait_for()
    page.goto(f"http://127.0.0.1:{trainee.port}/lab/tree/{ASSIGNMENT}/{ASSIGNMENT}.ipynb?token={TOKEN}&reset")
    wait_until_ready(page)
    choice = page.locator("section.es-exercise").first
    right = next(key.value for item, key in BANK.items if item.id == CHOICE)
    choice.locator(f"input[value='{right}']").check()
    expect(choice.locator(".es-status")).to_have_text("Saved.")
    text = page.locator("section.es-exercise textarea").last
    text.fill(WRITTEN)
    text.blur()
    status = (
        page.locator("section.es-exercise").filter(has=page.locator("textarea")).last.locator(".es-status")
    )
    expect(status).to_have_text("Saved.")
    page.close()
    page = trainee.nbgrader(chromium, "Assignment List")
    page.get_by_role("button", name="Submit").click()
    expect(page.locator("#submitted_assignments_list, .jp-nbgrader-assignments")).to_contain_text(ASSIGNMENT)
    page.close()


def mark_by_hand(desk: FrameLocator, page: Page) -> None:
    """In formgrader: the rubric and the text in view, points and a comment given, kept after a reload."""
    desk.get_by_role("link", name="Manual Grading").click()
    desk.locator("td a", has_text=ASSIGNMENT).click()  # the assignment
    desk.locator("td a", has_text=ASSIGNMENT).click()  # its notebook
    desk.locator("td a", has_text="Submission #1").click()
    expect(desk.locator("body")).to_contain_text("That was mine. <b>What was it like to wait?</b>")
    scheme = desk.get_by_text("For the marker").first
    expect(scheme).to_be_visible()
    item = next(item for item, _ in BANK.items if item.id == CHOICE)
    expect(desk.locator(f"input#{CHOICE}")).to_have_attribute("placeholder", f"{item.points:g}")
    points = desk.locator(f"input#{WRITING}")
    expect(points).to_have_class("score tabbable needs_manual_grade")
    with page.expect_response(lambda answer: "/api/grade/" in answer.url and answer.request.method == "PUT"):
        points.fill("6")
        points.blur()
    comment = desk.locator(f"textarea#{WRITING}-comment")
    with page.expect_response(
        lambda answer: "/api/comment/" in answer.url and answer.request.method == "PUT"
    ):
        comment.fill(COMMENT)
        comment.blur()
    cell = points.locator("xpath=ancestor::div[contains(@class, 'nbgrader_cell')]")
    pictures.take(cell, "marking-by-hand")
    page.close()


def read_the_feedback(trainee: Server, chromium: Browser, course: Path) -> None:
    page = trainee.nbgrader(chromium, "Assignment List")
    page.get_by_role("button", name="Fetch Feedback").click()
    page.get_by_text("view feedback").first.wait_for()
    folder = course.parent / "trainee" / ASSIGNMENT / "feedback"
    (feedback,) = folder.rglob("*.html")
    place = feedback.relative_to(course.parent / "trainee")
    page.goto(f"http://127.0.0.1:{trainee.port}/files/{place}?token={TOKEN}")
    body = page.locator("body")
    expect(body).to_contain_text(COMMENT)
    expect(body).to_contain_text("That was mine. <b>What was it like to wait?</b>")
    expect(body).to_contain_text("You answered:")
    expect(body).not_to_contain_text("For the marker")
    assert "BEGIN" not in page.content() and "def grade" not in page.content()


def test_the_marks_that_were_clicked_are_in_the_gradebook(people: tuple[Server, Server, Path]) -> None:
    from nbgrader.api import Gradebook

    *_, course = people
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        found: Any = gradebook.find_submission(ASSIGNMENT, getpass.getuser()).notebooks[0]
        marks = {grade.cell.name: (grade.auto_score, grade.manual_score) for grade in found.grades}
        comments = [comment.comment for comment in found.comments if comment.comment]
    assert marks[WRITING][1] == 6
    assert marks[CHOICE][0] and marks[CHOICE][0] > 0
    assert comments == [COMMENT]
