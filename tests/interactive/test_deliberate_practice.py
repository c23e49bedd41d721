"""Deliberate practice: reply, score, compare, again; the learner's strain offers the next line; nothing is lost."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playing import expect_fit_for_a_phone, expect_no_findings, expect_stored, press, tab_to
from playwright.sync_api import BrowserContext, Page, expect

from earned_security.curriculum import Problem, source
from earned_security.interactive import check, deliberate_practice

IDS = deliberate_practice.practice_ids()
PRACTICE = "deliberate-practice/04-building-safety-and-trust.yaml"
CONTENT = deliberate_practice.content("m4-practice-frame")
Open = Callable[..., Page]


@pytest.mark.parametrize("practice_id", IDS)
def test_lines_have_one_good_reply_each_and_criteria_can_be_observed(practice_id: str) -> None:
    content = deliberate_practice.content(practice_id)
    assert content["kind"] == "deliberate-practice"
    assert len(content["lines"]) >= 5 or content["returns_from"] >= 1
    assert len(content["criteria"]) >= 3
    assert len({line["says"] for line in content["lines"]}) == len(content["lines"])


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("  skill:", "  skills:", "has no skill"),
        ("  criteria:\n", "  criteria: []\n  other:\n", "'criteria' is empty"),
        ("      reply: >-", "      answer: >-", "has no reply"),
        ("m4-practice-frame", "M4 frame", "does not match"),
    ],
)
def test_a_mistake_is_named_with_file_and_line(
    problems_after: Callable[..., list[Problem]], old: str, new: str, message: str
) -> None:
    found = problems_after(PRACTICE, old, new)
    assert any(message in problem.message for problem in found), found


def test_a_first_practice_needs_five_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(source.DATA / "deliberate-practice", tmp_path / "deliberate-practice")
    path = tmp_path / PRACTICE
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.index("    - says", text.index("ring you at night"))], encoding="utf-8")
    monkeypatch.setattr(source, "DATA", tmp_path)
    (found,) = [problem for problem in check.problems() if problem.file == path]
    assert "fewer than 5 lines" in found.message
    path.write_text(
        path.read_text(encoding="utf-8").replace("  skill:", "  returns_from: 2\n  skill:", 1),
        encoding="utf-8",
    )
    assert [problem for problem in check.problems() if problem.file == path] == []


def practise(page: Page, strain: str, first: str = "", met: int = 2) -> None:
    """One line, up to the choice of the next."""
    page.get_by_label("Your reply", exact=True).fill(first)
    press(page, "I have replied")
    for index in range(met):
        page.get_by_role("checkbox").nth(index).check()
    press(page, "Show one good reply")
    press(page, "Try the same line again")
    press(page, "I have replied")
    page.get_by_role("checkbox").first.check()
    page.get_by_label(strain).check()


@pytest.mark.browser
def test_one_line_in_its_order_and_the_good_reply_only_after_ones_own(open_piece: Open) -> None:
    page = open_piece(CONTENT)
    reply = CONTENT["lines"][0]["reply"].split(".")[0].strip('"')
    expect(page.get_by_role("heading", name="Line 1 of 6")).to_be_visible()
    assert reply not in page.locator(".es-practice").inner_text()
    page.get_by_label("Your reply", exact=True).fill("We meet on Tuesdays.")
    press(page, "I have replied")
    expect(page.get_by_role("heading", name="Line 1 of 6")).to_be_focused()
    expect(page.get_by_text("We meet on Tuesdays.")).to_be_visible()
    assert reply not in page.locator(".es-practice").inner_text()
    page.get_by_role("checkbox").nth(1).check()
    press(page, "Show one good reply")
    assert reply in " ".join(page.locator(".es-note").inner_text().split())
    press(page, "Try the same line again")
    expect(page.get_by_label("Your second reply to the same line")).to_have_value("")


@pytest.mark.browser
@pytest.mark.parametrize(
    ("strain", "advised", "line"),
    [
        ("Too easy", "The next line", 2),
        ("Hard but workable", "This line again", 1),
        ("Too hard", "This line again", 1),
    ],
)
def test_strain_suggests_the_next_line_and_the_learner_decides(
    open_piece: Open, strain: str, advised: str, line: int
) -> None:
    page = open_piece(CONTENT)
    practise(page, strain)
    expect(page.locator(".es-practice button.es-primary")).to_have_text(advised)
    press(page, advised)
    expect(page.get_by_role("heading", name=f"Line {line} of 6")).to_be_focused()
    practise(page, "Too hard")
    if line > 1:
        expect(page.locator(".es-practice button.es-primary")).to_have_text("The line before")
    press(page, "The next line")
    expect(page.get_by_role("heading", name=f"Line {line + 1} of 6")).to_be_visible()


@pytest.mark.browser
def test_everything_is_there_after_a_reload_and_in_another_tab(open_piece: Open) -> None:
    page = open_piece(CONTENT)
    practise(page, "Too easy", first="First words.", met=3)
    expect(page.locator("[data-status=saved]")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Too easy")).to_be_checked()
    page.get_by_text("All lines").click()
    expect(page.get_by_text("3 of 5 criteria at first, 1 the second time")).to_be_visible()
    press(page, "The next line")
    page.get_by_label("Your reply", exact=True).fill("Half a sent")
    page.get_by_label("Your reply", exact=True).blur()
    expect_stored(page, "Half a sent")
    page.reload()
    expect(page.get_by_label("Your reply", exact=True)).to_have_value("Half a sent")
    other = open_piece(CONTENT)
    expect(other.get_by_label("Your reply", exact=True)).to_have_value("Half a sent")


@pytest.mark.browser
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_at_any_stage_and_a_phone_shows_it_whole(open_piece: Open, theme: str) -> None:
    page = open_piece(CONTENT, theme=theme)
    page.set_viewport_size({"width": 360, "height": 740})

    def look() -> None:
        expect_no_findings(page)
        expect_fit_for_a_phone(page)

    look()
    press(page, "I have replied")
    look()
    press(page, "Show one good reply")
    look()
    press(page, "Try the same line again")
    press(page, "I have replied")
    page.get_by_label("Too easy").check()
    page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })")
    look()


@pytest.mark.browser
def test_by_keyboard_alone(open_piece: Open, context: BrowserContext) -> None:
    page = open_piece(CONTENT)

    for _ in range(2):
        tab_to(page, "textarea")
        page.keyboard.type("Words.")
        tab_to(page, "button.es-primary")
        page.keyboard.press("Enter")
        tab_to(page, "input[type=checkbox]")
        page.keyboard.press("Space")
        if page.locator("input[type=radio]").count():
            break
        for _ in range(2):
            tab_to(page, "button.es-primary")
            page.keyboard.press("Enter")
    tab_to(page, "input[type=radio]")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("heading", name="Line 1 of 6")).to_be_visible()  # an arrow key goes nowhere
    page.keyboard.press("ArrowUp")
    tab_to(page, "button.es-primary")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Line 2 of 6")).to_be_focused()
