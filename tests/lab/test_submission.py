"""Handing in from a real JupyterLab: one button, one archive, downloaded and beside the notebook."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from lab.running import EXERCISE, Lab

from earned_security.assessment import archive

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


def test_answers_are_counted_as_they_are_saved_and_the_archive_holds_them(
    lab: Lab, open_notebook: Callable[..., Any]
) -> None:
    page = open_notebook(EXERCISE)
    piece = page.locator(".es-submission")
    piece.scroll_into_view_if_needed()
    total = page.locator(".es-exercise").count()
    assert piece.get_by_role("listitem").count() == total
    piece.get_by_text(f"0 of {total} questions are answered.").wait_for()

    piece.get_by_role("button", name="Go to question 1", exact=True).press("Enter")
    first = page.locator(".es-exercise").first
    first.get_by_role("radio").nth(1).check()
    first.get_by_role("status").get_by_text(re.compile(r"^Saved\.")).first.wait_for()
    piece.get_by_text(f"1 of {total} questions are answered.").wait_for()

    piece.get_by_role("button", name="Make the file to hand in").press("Enter")
    with page.expect_download() as download:
        piece.get_by_role("button", name="Make it all the same").press("Enter")
    piece.get_by_text("It also lies beside the notebook.").wait_for()
    data = download.value.path().read_bytes()
    name = download.value.suggested_filename
    assert ((lab.folder / EXERCISE).parent / name).read_bytes() == data
    submission = archive.read(data)
    assert archive.name(submission.assignment) == name == "building-safety-and-trust.earned.zip"
    entries = json.loads(submission.files["responses.json"])["entries"]
    assert list(entries) == ["m4-which-line-validates/answer"]
    assert len(submission.bank_version) > 0
