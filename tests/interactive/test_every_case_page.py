"""Every case of the course in Chromium: by keyboard alone, by touch on a phone, axe, and saved at every step."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playing import (
    entries,
    expect_fit_for_a_phone,
    expect_no_findings,
    expect_saved,
    mark_by_keyboard,
    open_every_fold,
    tab_to,
)
from playwright.sync_api import Browser, Page, expect

from earned_security import cases
from earned_security.cases import RETURN, SAFETY, Case, Play, walks
from earned_security.curriculum import source
from earned_security.interactive import case_player

pytestmark = pytest.mark.browser

TO_SAFETY = "Something said here worries me: go to safety"
Open = Callable[..., Page]


@pytest.fixture(params=cases.case_ids())
def case(request: pytest.FixtureRequest) -> Case:
    return cases.load(request.param)


def walk_of(case: Case, fits: Callable[[Play], bool]) -> list[str]:
    """The choices of the shortest written walk that fits."""
    played = [play for _, play in walks.paths(case, source.read(f"cases/{case.id}.walks"))]
    shortest = min(filter(fits, played), key=lambda play: len(play.steps))
    return [option for _, option in shortest.path]


def is_good(case: Case) -> Callable[[Play], bool]:
    return lambda play: case.scenes[play.scene].ending == "good"


def through_safety(case: Case) -> Callable[[Play], bool]:
    return lambda play: cases.debrief(case, play).safety_visits > 0


def act(page: Page) -> Any:
    """The one button that goes on from here."""
    return page.locator("button.es-primary")


def stored(page: Page) -> Any:
    return entries(page)["play"]["value"]


def shows(page: Page, case: Case, play: Play) -> None:
    """The page is at this state: its scene and what is open there; and this is what is stored."""
    expect(page.get_by_role("heading", name=case.scenes[play.scene].title, exact=True)).to_be_visible()
    ways = page.locator("input[type=radio]").evaluate_all("(ways) => ways.map((way) => way.value)")
    assert ways == [option.id for option in cases.available(case, play)]
    expect_saved(page)
    assert stored(page) == cases.to_stored(case, play)


def test_a_case_is_played_to_an_ending_by_keyboard_alone(open_piece: Open, case: Case) -> None:
    page = open_piece(case_player.content(case.id))
    play = cases.start(case)
    tab_to(page, "button.es-primary")
    page.keyboard.press("Enter")
    for option in walk_of(case, is_good(case)):
        shows(page, case, play)
        if option == SAFETY:
            tab_to(page, ".es-ways-out button:first-child")
            page.keyboard.press("Enter")
        elif option == RETURN:
            tab_to(page, "button.es-primary")
            page.keyboard.press("Enter")
        else:
            mark_by_keyboard(page, option)
            assert stored(page) == cases.to_stored(case, play), "an arrow key chose"
            tab_to(page, "button.es-primary")
            page.keyboard.press("Enter")
            expect(page.get_by_role("heading", name="What happens next")).to_be_focused()
            tab_to(page, "button.es-primary")
            page.keyboard.press("Enter")
        play = cases.choose(case, play, option)
        expect(page.get_by_role("heading", name=case.scenes[play.scene].title, exact=True)).to_be_focused()
    shows(page, case, play)
    expect(page.locator(".es-debrief")).to_be_visible()


@pytest.fixture
def phone(
    chromium: Browser, server: str, contents: dict[str, Any]
) -> Iterator[Callable[[dict[str, Any]], Page]]:
    """A touch screen 360 pixels wide."""
    context = chromium.new_context(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)

    def open_page(content: dict[str, Any]) -> Page:
        contents[content["id"]] = content
        page = context.new_page()
        page.goto(f"{server}/piece/{content['id']}?mode=acknowledge&theme=light")
        page.wait_for_selector("html[data-ready]")
        return page

    yield open_page
    context.close()


def test_a_case_is_played_through_the_safety_branch_by_touch_on_a_phone(
    phone: Callable[[dict[str, Any]], Page], case: Case
) -> None:
    page = phone(case_player.content(case.id))
    play = cases.start(case)
    act(page).tap()
    for option in walk_of(case, through_safety(case)):
        shows(page, case, play)
        expect_fit_for_a_phone(page)
        if option == SAFETY:
            page.get_by_role("button", name=TO_SAFETY).tap()
        elif option == RETURN:
            act(page).tap()
        else:
            page.locator("label.es-option", has=page.locator(f"input[value='{option}']")).tap()
            act(page).tap()
            expect_fit_for_a_phone(page)
            act(page).tap()
        play = cases.choose(case, play, option)
    shows(page, case, play)
    open_every_fold(page)
    expect_fit_for_a_phone(page)


def test_a_case_is_taken_up_after_a_reload_as_it_was(open_piece: Open, case: Case) -> None:
    page = open_piece(case_player.content(case.id))
    play = cases.start(case)
    act(page).click()
    for number, option in enumerate(walk_of(case, through_safety(case)), 1):
        if option == SAFETY:
            page.get_by_role("button", name=TO_SAFETY).click()
        elif option == RETURN:
            act(page).click()
        else:
            page.locator(f"input[value='{option}']").check()
            act(page).click()
            if number % 2:
                act(page).click()  # else the page is left while it shows the client's answer
        play = cases.choose(case, play, option)
        expect_saved(page)
        page.reload()
        page.wait_for_selector("html[data-ready]")
        shows(page, case, play)


def keep_path(page: Page, case: Case, options: list[str]) -> None:
    """As if this much had been played on this device."""
    play = cases.start(case)
    for option in options:
        play = cases.choose(case, play, option)
    entry = {"play": {"value": cases.to_stored(case, play), "time": 1}}
    page.evaluate("(entries) => localStorage.setItem('test:disk', entries)", json.dumps(entry))
    page.reload()
    page.wait_for_selector("html[data-ready]")
    shows(page, case, play)


OUTSIDE = """(drawings) => drawings.flatMap((drawing) => {
  const edge = drawing.getBoundingClientRect();
  return [...drawing.querySelectorAll("text")].filter((text) => {
    const box = text.getBoundingClientRect();
    return box.left < edge.left - 1 || box.right > edge.right + 1 || box.top < edge.top - 1 || box.bottom > edge.bottom + 1;
  }).map((text) => text.textContent);
})"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_opening_in_play_in_the_safety_branch_and_in_the_debrief(
    open_piece: Open, case: Case, theme: str
) -> None:
    def look() -> None:
        open_every_fold(page)
        expect_no_findings(page)

    page = open_piece(case_player.content(case.id), theme=theme)
    look()
    path = walk_of(case, through_safety(case))
    keep_path(page, case, path[: len(path) // 2])
    look()
    keep_path(page, case, [SAFETY])
    page.locator("input[type=radio]").first.check()
    act(page).click()
    look()
    keep_path(page, case, path)
    look()
    outside = page.locator(".es-map svg, .es-chart svg").evaluate_all(OUTSIDE)
    assert outside == [], "a text of a drawing is cut off"
