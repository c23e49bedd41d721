"""A trainee works through a module in a real JupyterLab."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from lab.running import MODULE, READY, TOKEN, Lab, saved, stored, wait_until_ready
from playing import play_to_an_ending
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]
Open = Callable[..., Any]
FIGURE = "JSON.stringify(document.querySelector('.es-explorer .js-plotly-plot').data)"


def test_the_welcome_page_leads_to_modules_exercises_and_the_book(lab: Lab, chromium: Any) -> None:
    page = chromium.new_page()
    page.set_default_timeout(60_000)
    page.goto(f"{lab.address}/?token={TOKEN}")
    page.get_by_role("heading", name="Welcome to Earned Security").wait_for()
    assert page.get_by_text("Would you like to get notified").count() == 0
    address = page.get_by_role("link", name="Open the book").get_attribute("href")
    page.get_by_role("link", name="4. Building safety and trust").click()
    page.get_by_text(READY).wait_for()
    page.goto(address.replace("localhost", "127.0.0.1"))
    page.get_by_role("heading", name=re.compile("Earned Security")).first.wait_for()
    page.close()


def test_the_server_is_rooted_in_the_learners_folder(lab: Lab) -> None:
    names = {entry["name"] for entry in lab.ask("api/contents")["content"]}
    assert {"Welcome.md", "modules", "exercises"} <= names
    assert "pyproject.toml" not in names


def test_every_piece_of_the_module_appears_and_the_figure_is_drawn(lab: Lab, open_notebook: Open) -> None:
    notebook = json.loads((lab.folder / MODULE).read_text(encoding="utf-8"))
    pieces = [cell for cell in notebook["cells"] if "piece" in cell["metadata"].get("tags", [])]
    page = open_notebook(MODULE)
    assert page.locator(".es-piece").count() == len(pieces) >= 10
    page.locator(".jp-RenderedPlotly .main-svg").first.wait_for()


def test_the_explorer_moves(open_notebook: Open) -> None:
    explorer = open_notebook(MODULE).locator(".es-explorer")
    explorer.get_by_role("button", name="Show me without a prediction").click()
    explorer.locator(".main-svg").first.wait_for()
    before, sentence = explorer.page.evaluate(FIGURE), explorer.locator(".es-reading").inner_text()
    explorer.get_by_role("slider").first.press("ArrowRight")
    expect(explorer.locator(".es-reading")).not_to_have_text(sentence)
    explorer.page.wait_for_function(
        f"(before) => {FIGURE} !== before", arg=before
    )  # plotly draws when a control rests


def test_a_control_keeps_its_keys(open_notebook: Open) -> None:
    """JupyterLab's own commands (arrows move between cells, d d deletes one) leave a focused control alone."""
    page = open_notebook(MODULE)
    pieces = page.locator(".es-piece").count()
    check = page.locator(".es-self-check").first
    check.get_by_role("radio").first.focus()
    page.keyboard.press("ArrowDown")
    expect(check.get_by_role("radio").nth(1)).to_be_checked()
    for key in ("d", "d", "x", "a", "m"):
        page.keyboard.press(key)
    check.get_by_role("button", name="Check my answer").press("Enter")
    check.locator(".es-feedback").first.wait_for()
    assert page.locator(".es-piece").count() == pieces


def test_tomasz_is_played_to_an_ending_and_found_there_again(lab: Lab, open_notebook: Open) -> None:
    page = open_notebook(MODULE)
    case = page.locator(".es-case")
    case.scroll_into_view_if_needed()
    play_to_an_ending(case, by_keyboard=True)
    saved(case)
    page.reload()
    wait_until_ready(page)
    page.locator(".es-case").get_by_text("Looking back").first.wait_for()
    path = stored(lab.folder / "modules/progress.json")["tomasz/play"]["path"]
    assert len(path) >= 8


def test_the_checklist_is_ticked_saved_and_found_again(lab: Lab, open_notebook: Open) -> None:
    page = open_notebook(MODULE)
    checklist = page.locator(".es-checklist")
    checklist.scroll_into_view_if_needed()
    box = checklist.get_by_role("checkbox", name=re.compile("Predictable frame")).first
    box.focus()
    page.keyboard.press("Space")
    saved(checklist)
    page.reload()
    wait_until_ready(page)
    assert (
        page.locator(".es-checklist")
        .get_by_role("checkbox", name=re.compile("Predictable frame"))
        .first.is_checked()
    )
    assert (
        stored(lab.folder / "modules/progress.json")["strategy-checklist/predictable-frame"]["ticked"] is True
    )
