"""A real browser for the tests that need one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings

# No test is timed: an example that is slow on a busy machine is no mistake.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
# Nothing but this machine can be reached, so a page that asks another host fails.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


def _find_browser() -> str | None:
    named = os.environ.get("EARNED_BROWSER")
    return named or next((path for name in NAMES if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A headless Chromium or Chrome, started once: a playwright ``Browser``.

    Skips where none is found; fails instead where ``EARNED_REQUIRE_BROWSER`` is 1.
    """
    executable = _find_browser()
    if executable is None:
        message = (
            "No Chromium or Chrome was found, so the browser tests were left out. Install one (Debian: "
            "`apt-get install chromium`), or name its program in EARNED_BROWSER."
        )
        if os.environ.get("EARNED_REQUIRE_BROWSER") == "1":
            pytest.fail(message)
        pytest.skip(message)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield browser
        browser.close()
