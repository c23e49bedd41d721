"""An explorer in Chromium, for the tests: its content, and what plotly shows of it."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

from earned_security.interactive import explorer

IDS = explorer.explorer_ids()
FIRST = "learning-what-is-safe"
DRAWN = """() => JSON.stringify(document.querySelector(".es-figure").data
    .map(({ x, y, name, line, marker }) => [x, y, name, line, marker]))"""


def content(explorer_id: str = FIRST, **more: Any) -> dict[str, Any]:
    return {**explorer.content(explorer_id), "plotly_address": "/vendor/plotly-basic.min.js", **more}


def drawn(page: Page) -> Any:
    """What plotly shows: the bound traces."""
    return page.evaluate(DRAWN)


def rest(page: Page) -> None:
    """Until plotly has drawn what a control moved."""
    page.evaluate("() => new Promise((done) => setTimeout(done, 250))")


def reveal(page: Page) -> Page:
    page.get_by_role("button", name="Show me without a prediction").click()
    page.wait_for_function("document.querySelector('.es-figure').data")
    return page
