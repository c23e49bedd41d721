"""Every piece works in the static page, with no kernel: by hand, after a reload, and without storage."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playing import play_to_an_ending
from playwright.sync_api import expect

from earned_security import cases
from earned_security.curriculum import source

pytestmark = pytest.mark.browser

MODULE = "notebooks/04-building-safety-and-trust"
CHECKLIST = "book/strategy-checklist"
NO_STORAGE = """Object.defineProperty(window, "localStorage", {
  get() { throw new DOMException("no", "SecurityError"); },
});"""


def _saved(piece: Any) -> None:
    piece.locator('.es-status[data-status="saved"]').wait_for()


def _reload(opened: Any) -> None:
    opened.page.reload()
    opened.settle()


def _reveal(explorer: Any) -> None:
    """Past the prediction, to the figure."""
    explorer.get_by_role("button", name="Show me without a prediction").click()
    explorer.locator(".es-figure .main-svg").first.wait_for()


def _drawn(explorer: Any) -> str:
    """The figure as it is drawn now, once it has stopped changing."""
    lines = explorer.locator(".es-figure .main-svg")
    before, now = None, "".join(lines.evaluate_all("(all) => all.map((one) => one.innerHTML)"))
    while before != now:
        explorer.page.wait_for_timeout(300)  # plotly draws when a control rests
        before, now = now, "".join(lines.evaluate_all("(all) => all.map((one) => one.innerHTML)"))
    return now


def _answer(check: Any) -> None:
    """Choose the first answer of a self-check and ask for feedback."""
    check.locator("input").first.check()
    check.get_by_role("button", name="Check my answer").click()


def test_each_control_of_the_explorer_changes_the_figure(visit: Any) -> None:
    opened = visit(MODULE)
    explorer = opened.page.locator(".es-explorer")
    _reveal(explorer)
    changed = set()
    names = explorer.locator("[data-parameter]").evaluate_all(
        "(all) => all.map((one) => one.dataset.parameter)"
    )
    lists = explorer.locator("[data-parameter] select")
    for choice in range(lists.count()):
        options = lists.nth(choice).locator("option").evaluate_all("(all) => all.map((one) => one.value)")
        for option in options:
            before = _drawn(explorer)
            lists.nth(choice).select_option(option)
            if _drawn(explorer) != before:
                changed.add(
                    lists.nth(choice)
                    .locator("xpath=ancestor::*[@data-parameter]")
                    .get_attribute("data-parameter")
                )
            for name in names:
                control = explorer.locator(f'[data-parameter="{name}"] input[type="range"]')
                if name in changed or not control.count() or not control.is_visible():
                    continue
                for end in ("Home", "End"):
                    before = _drawn(explorer)
                    control.press(end)
                    if _drawn(explorer) != before:
                        changed.add(name)
    assert changed == set(names)
    assert opened.faults == []


def test_each_preset_of_the_explorer_changes_the_figure_or_says_why(visit: Any) -> None:
    explorer = visit(MODULE).page.locator(".es-explorer")
    _reveal(explorer)
    presets = explorer.locator("[data-preset]")
    assert presets.count() > 0
    seen = set()
    for number in range(presets.count()):
        presets.nth(number).click()
        assert explorer.locator(".es-story").inner_text().strip()
        seen.add(_drawn(explorer))
    assert len(seen) > 1


@pytest.mark.parametrize("page", [MODULE, *(f"book/cases/{name}" for name in cases.case_ids())])
def test_a_case_plays_to_an_ending_and_is_there_after_a_reload(visit: Any, page: str) -> None:
    opened = visit(page)
    case = opened.page.locator(".es-case")
    assert play_to_an_ending(case) > 3
    _saved(case)
    ending = case.locator("h4").first.inner_text()
    _reload(opened)
    assert case.locator("h4").first.inner_text() == ending
    assert not case.locator("button.es-primary").count()
    opened.page.goto(opened.page.url.split(page)[0] + "book/stored-on-this-device.html")
    name = "tomasz" if page == MODULE else page.split("/")[-1]
    opened.page.locator(".es-stored").get_by_text(f"{name}: 1 entry").wait_for()
    assert opened.faults == []


def test_every_self_check_gives_feedback_and_keeps_the_answer(visit: Any) -> None:
    opened = visit(MODULE)
    checks = opened.page.locator(".es-self-check")
    count = len(source.read(f"self-checks/{MODULE.split('/')[-1]}"))
    assert checks.count() == count
    for number in range(count):
        check = checks.nth(number)
        before = check.inner_text()
        _answer(check)
        assert len(check.inner_text()) > len(before) + 100
        _saved(check)
    _reload(opened)
    for number in range(count):
        assert checks.nth(number).locator("input").first.is_checked()
        assert not checks.nth(number).get_by_role("button", name="Check my answer").is_visible()
    assert opened.faults == []


def test_the_checklist_survives_a_reload(visit: Any) -> None:
    opened = visit(CHECKLIST)
    checklist = opened.page.locator(".es-checklist")
    first = checklist.locator(".es-strategy").first
    first.locator('input[type="checkbox"]').check()
    first.locator("summary").click()
    first.locator("textarea").fill("Say the ending ten minutes ahead.")
    first.locator("textarea").blur()
    _saved(checklist)
    _reload(opened)
    assert first.locator('input[type="checkbox"]').is_checked()
    first.locator("summary").click()
    assert first.locator("textarea").input_value() == "Say the ending ten minutes ahead."
    assert opened.faults == []


def test_two_tabs_keep_each_others_ticks(visit: Any) -> None:
    opened = visit(CHECKLIST)
    other = opened.page.context.new_page()
    other.goto(opened.page.url)
    other.locator(".es-strategy").first.wait_for()
    opened.page.locator('.es-strategy input[type="checkbox"]').nth(0).check()
    _saved(opened.page.locator(".es-checklist"))
    other.locator('.es-strategy input[type="checkbox"]').nth(1).check()
    other.locator('.es-status[data-status="saved"]').wait_for()
    assert other.locator('.es-strategy input[type="checkbox"]').nth(0).is_checked()
    _reload(opened)
    ticks = opened.page.locator('.es-strategy input[type="checkbox"]')
    assert [ticks.nth(number).is_checked() for number in range(3)] == [True, True, False]


def test_where_nothing_can_be_stored_the_page_says_so_and_goes_on(visit: Any) -> None:
    opened = visit(CHECKLIST, before=NO_STORAGE)
    checklist = opened.page.locator(".es-checklist")
    checklist.locator('.es-strategy input[type="checkbox"]').first.check()
    checklist.locator('.es-status[data-status="refused"]').wait_for()
    assert "does not let the page store anything" in checklist.locator(".es-status").inner_text()
    assert checklist.locator('.es-strategy input[type="checkbox"]').first.is_checked()


def test_what_cannot_be_read_is_set_aside_and_said(visit: Any) -> None:
    opened = visit(CHECKLIST)
    opened.page.evaluate("localStorage.setItem('earned-security:saved:strategy-checklist', '{broken')")
    _reload(opened)
    keys = opened.page.evaluate("Object.keys(localStorage).filter((key) => key.includes('damaged'))")
    assert len(keys) == 1
    assert opened.page.evaluate("(key) => localStorage.getItem(key)", keys[0]) == "{broken"
    assert "set aside" in opened.page.locator(".es-checklist .es-status").inner_text()


def test_a_claim_opens_and_closes_by_keyboard(visit: Any) -> None:
    opened = visit(MODULE)
    page = opened.page
    badge = page.locator(".es-claim").first
    card = page.locator(f"#{badge.get_attribute('popovertarget')}")
    name = badge.get_attribute("aria-label")
    assert name.startswith("Evidence: ") and name.endswith(". Open the claim")
    assert not card.is_visible()
    badge.focus()
    page.keyboard.press("Enter")
    expect(card).to_be_visible()
    expect(card).to_contain_text("How it was checked.")
    assert opened.axe() == []
    page.keyboard.press("Tab")
    assert card.evaluate("(card) => card.contains(document.activeElement)")
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    assert badge.evaluate("(badge) => badge === document.activeElement")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_after_use(visit: Any, theme: str) -> None:
    opened = visit(MODULE, theme=theme)
    page = opened.page
    _reveal(page.locator(".es-explorer"))
    page.locator(".es-explorer [data-preset]").last.click()
    page.locator(".es-explorer .es-keep").click()
    for number in range(page.locator(".es-self-check").count()):
        _answer(page.locator(".es-self-check").nth(number))
    checklist = page.locator(".es-checklist")
    checklist.locator('.es-strategy input[type="checkbox"]').first.check()
    case = page.locator(".es-case")
    case.locator("button.es-primary").first.click()
    case.locator('input[type="radio"]').first.check()
    case.locator("button.es-primary").first.click()
    assert opened.axe() == []
    for summary in page.locator("article details > summary").all():
        if summary.is_visible():
            summary.click()
    assert opened.axe() == []
    play_to_an_ending(case)
    assert opened.axe() == []
    assert opened.faults == []


def test_what_is_stored_is_shown_exported_and_erased(visit: Any, tmp_path: Path) -> None:
    opened = visit("book/stored-on-this-device")
    page = opened.page
    place = page.locator(".es-stored")
    expect(place).to_contain_text("keeps nothing")
    entry = {"answer": {"value": "a", "time": 1}}
    key = "earned-security:saved:m4-sc-validation"
    page.evaluate("([key, entry]) => localStorage.setItem(key, JSON.stringify(entry))", [key, entry])
    _reload(opened)
    expect(place).to_contain_text("m4-sc-validation: 1 entry")
    with page.expect_download() as download:
        place.get_by_role("button", name="Save all of it as a file").click()
    download.value.save_as(tmp_path / "stored.json")
    saved = json.loads((tmp_path / "stored.json").read_text(encoding="utf-8"))
    assert saved["entries"] == {"m4-sc-validation/answer": entry["answer"]}
    assert opened.axe() == []
    place.get_by_role("button", name="Erase all of it").click()
    assert opened.axe() == []
    place.get_by_role("button", name="No, keep it").click()
    assert page.evaluate("(key) => localStorage.getItem(key)", key)
    place.get_by_role("button", name="Erase all of it").click()
    place.get_by_role("button", name="Yes, erase").click()
    expect(place).to_contain_text("Everything is erased")
    left = page.evaluate("Object.keys(localStorage)")
    assert not [name for name in left if name.startswith("earned-security:")] and "theme" in left
    assert opened.faults == []


def test_the_ledger_is_filtered_by_grade_and_words(visit: Any) -> None:
    opened = visit("book/evidence-ledger")
    page = opened.page
    every = page.locator(".es-claims > li").count()
    assert f"{every} of {every} claims shown" in page.locator(".es-ledger [role=status]").inner_text()
    page.get_by_label("Grade").select_option("contested")
    shown = page.locator(".es-claims > li:visible")
    assert 0 < shown.count() < every
    assert shown.count() == page.locator('.es-claims > li:has(b:text-is("contested"))').count()
    page.get_by_label("Words in the claim").fill("ALLIANCE")
    assert all("alliance" in text.lower() for text in shown.all_inner_texts())
    hidden = page.locator('.es-claims > li:has(b:text-is("strong"))').first.get_attribute("id")
    page.evaluate("(id) => { location.hash = id; }", hidden)
    page.locator(f"#{hidden}").wait_for()
    assert opened.axe() == []
    assert opened.faults == []


def test_search_finds_a_page(visit: Any) -> None:
    opened = visit("search")
    opened.page.goto(f"{opened.page.url}?q=frame")
    opened.page.locator("#search-results li").first.wait_for()
    assert opened.axe() == []
    assert opened.faults == []
