"""A real browser for the tests that need one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings
from playwright.sync_api import expect

from earned_security.publishing.site import browsing

# No test is timed: an example that is slow on a busy machine is no mistake.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
expect.set_options(timeout=20_000)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A headless Chromium or Chrome, started once: a playwright ``Browser``.

    Skips where none is found; fails instead where ``EARNED_REQUIRE_BROWSER`` is 1.
    """
    program = browsing.find_browser()
    if program is None:
        message = f"{browsing.NO_BROWSER} The browser tests were left out."
        if os.environ.get("EARNED_REQUIRE_BROWSER") == "1":
            pytest.fail(message)
        pytest.skip(message)
    with browsing.browser(program) as started:
        yield started
