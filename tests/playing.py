"""A person at a page: what hands do there, and what a page must be like for them."""

from __future__ import annotations

import json
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect


def tab_to(page: Page, selector: str) -> None:
    """On with the Tab key to the next control that fits."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab does not reach {selector}")


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def mark_by_keyboard(page: Page, option: str) -> None:
    """Mark this way of a scene, and choose nothing yet."""
    tab_to(page, "input[type=radio]")
    page.keyboard.press("Space")
    for _ in range(8):
        if page.evaluate("document.activeElement.value") == option:
            return
        page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.value") == option


def play_to_an_ending(case: Any, by_keyboard: bool = False) -> int:
    """Play a case; in each scene the first way not yet tried there. How many times it went on."""
    tried: dict[str, int] = {}
    for choices in range(150):
        heading = case.locator("h4").first.inner_text()
        ways = case.get_by_role("radio")
        if ways.count():
            number = tried.get(heading, 0)
            tried[heading] = number + 1
            way = ways.nth(number % ways.count())
            way.press("Space") if by_keyboard else way.check()
        act = case.locator("button.es-primary")
        if not act.count():
            return choices
        act.first.press("Enter") if by_keyboard else act.first.click()
        case.page.wait_for_timeout(50)
    raise AssertionError("The case came to no ending.")


def entries(page: Page) -> dict[str, Any]:
    """What the stand-in for the host has stored, by name."""
    kept: dict[str, Any] = json.loads(page.evaluate("localStorage.getItem('test:disk')") or "{}")
    return kept


def expect_stored(page: Page, text: str) -> None:
    """The stand-in for the host has stored ``text``."""
    page.wait_for_function("text => (localStorage.getItem('test:disk') || '').includes(text)", arg=text)


def expect_saved(page: Page) -> None:
    expect(page.locator(".es-status")).to_have_text("Saved.")


def expect_no_findings(page: Page) -> None:
    """Axe finds nothing."""
    found = Axe().run(page).response["violations"]
    assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == []


TARGETS = "button, select, summary, textarea, label.es-option, [inputmode], [type=range], [type=number]"


def expect_fit_for_a_phone(page: Page) -> None:
    """A piece in a window 360 pixels wide: nothing wider, and nothing to touch lower or narrower than 44 pixels."""
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    small = page.locator(f".es-piece :is({TARGETS})").evaluate_all(
        "(all) => all.filter((one) => one.offsetParent && Math.min(one.offsetHeight, one.offsetWidth) < 44)"
        ".map((one) => one.outerHTML.slice(0, 100))"
    )
    assert small == []


def open_every_fold(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })")
