"""Formgrader in a real server and a real browser: what a marker sees, blind or not."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from earned_security.teaching import course_folder
from earned_security.teaching.roster import pseudonym

from .a_course import ASSIGNMENT, ACourse

TOKEN = "a-token-for-tests"
TEXT = "shapes-favourite"
LEARNER = "annohara"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> ACourse:
    folder = tmp_path_factory.mktemp("blind")
    course = ACourse.make(folder / "course", blind_marking=True, comments=["Secretcomment: say why."])
    roster = folder / "roster.csv"
    roster.write_text(f"id,first_name,last_name\n{LEARNER},Ann,O'Hara\n", "utf-8")
    course_folder.enrol(course.folder, roster)
    course.hand_in(LEARNER, {TEXT: "A star."})
    course.hand_in("notinroster", {TEXT: "A ring."})
    course.mark()
    return course


@pytest.fixture(scope="module")
def formgrader(course: ACourse) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "jupyter", "server", "--no-browser", "--allow-root", f"--port={port}"]
    command += ["--ServerApp.jpserver_extensions={'nbgrader.server_extensions.formgrader': True}"]
    log = course.folder.parent / "server.log"
    environment = {**os.environ, "JUPYTER_TOKEN": TOKEN}
    with log.open("w") as out:
        process = subprocess.Popen(
            command, cwd=course.folder, env=environment, stdout=out, stderr=out, start_new_session=True
        )
    address = f"http://127.0.0.1:{port}/formgrader"
    try:
        deadline = time.monotonic() + 120
        while True:
            try:
                with urllib.request.urlopen(f"{address}/gradebook?token={TOKEN}", timeout=10):
                    break
            except OSError:
                assert process.poll() is None, log.read_text("utf-8")[-3000:]
                assert time.monotonic() < deadline, log.read_text("utf-8")[-3000:]
                time.sleep(0.3)
        yield address
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


@pytest.mark.browser
def test_a_marker_sees_text_rubric_and_comments_and_no_name(
    formgrader: str, course: ACourse, chromium: Any
) -> None:
    context = chromium.new_context(extra_http_headers={"Authorization": f"token {TOKEN}"})
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(f"{formgrader}/gradebook/{ASSIGNMENT}/{ASSIGNMENT}")
    page.get_by_text("Submission #1").first.wait_for()
    page.get_by_role("button", name="Show All Names").click()
    listed = page.inner_text("body")
    assert pseudonym(LEARNER, "course") in listed
    for name in (LEARNER, "Ann", "Hara"):
        assert name not in listed

    texts = set()
    with course.api.gradebook as gradebook:
        submissions = [each.id for each in gradebook.notebook_submissions(ASSIGNMENT, ASSIGNMENT)]
    for submission in submissions:
        page.goto(f"{formgrader}/submissions/{submission}/")
        page.locator(f"#{TEXT}").wait_for()
        shown, source = page.inner_text("body"), page.content()
        texts |= {text for text in ("A star.", "A ring.") if text in shown}
        for words in ("Secretcriterion", "Secretlevel with", "Secretmodel", "Secretcomment"):
            assert words in shown
        for name in (LEARNER, "O'Hara", "notinroster", str(Path(course.folder) / "autograded")):
            assert name not in source
    assert texts == {"A star.", "A ring."}
    context.close()
