"""What was done in the book comes into a real JupyterLab, and goes back from there."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lab.running import Lab, stored, wait_until_ready

from earned_security.publishing.jupyterlab.learner import TAKE_ALONG

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(900)]

TICK = {"value": {"ticked": True, "note": "from the book"}, "time": 1_700_000_000_000}


def test_a_file_from_the_book_is_brought_in_and_all_of_it_is_saved_again(
    lab: Lab, open_notebook: Callable[..., Any]
) -> None:
    page = open_notebook(TAKE_ALONG)
    file = {
        "schema_version": 1,
        "assignment": None,
        "entries": {"strategy-checklist/predictable-frame": TICK},
    }
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Bring in a file").click()
    chooser.value.set_files(
        [{"name": "mine.json", "mimeType": "application/json", "buffer": json.dumps(file).encode()}]
    )
    page.get_by_text("New here: 1.").wait_for()
    assert stored(lab.folder / "modules/progress.json") == {
        "strategy-checklist/predictable-frame": TICK["value"]
    }
    page.get_by_text("work of yours in 1 interactive parts").wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save all of it as a file").click()
    text = Path(download.value.path()).read_text(encoding="utf-8")
    assert json.loads(text)["entries"] == file["entries"]
    page.reload()
    wait_until_ready(page)
    page.get_by_text("work of yours in 1 interactive parts").wait_for()
