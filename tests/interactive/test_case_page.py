"""The case player in Chromium: played by keyboard and mouse, saved, paused, undone, looked back on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playing import (
    entries,
    expect_fit_for_a_phone,
    expect_no_findings,
    expect_saved,
    expect_stored,
    open_every_fold,
    press,
    tab_to,
)
from playwright.sync_api import BrowserContext, Page, expect

from earned_security import cases
from earned_security.cases import graph
from earned_security.cases.drawing import rows
from earned_security.curriculum import source
from earned_security.interactive import case_player

pytestmark = pytest.mark.browser

DATA = Path(__file__).parents[1] / "cases" / "data"
TO_ENDING = ["steady", "steady", "steady", "own-it", "ask", "ask", "decide", "plan", "return"] + [
    "steady"
] * 3

Open = Callable[..., Page]


def read(name: str) -> Any:
    return source.read_document(DATA / f"{name}.yaml").data


def content(**more: Any) -> dict[str, Any]:
    """The small case of the tests, as the page gets it."""
    case = graph.build(read("cases/small"), read("cases/safety"), read("crisis-routes"))
    claim = {
        "statement": "A *small* claim.",
        "grade": "moderate",
        "caveat": "For tests only.",
        "figures_checked": True,
    }
    claim["works"] = []
    works = {
        "small2020": {"label": "Small, 2020", "title": "T", "address": None, "from_memory": True},
        "small2021": {
            "label": "Small, 2021",
            "title": "T",
            "address": "https://doi.org/1",
            "from_memory": False,
        },
    }
    return {
        **case.public(),
        "kind": "case",
        "claims": {"small-claim": claim},
        "works": works,
        "map": rows(case),
        **more,
    }


def take(page: Page, option: str) -> None:
    """Mark one way, choose it, and stay at the client's answer."""
    page.locator(f"input[type=radio][value='{option}']").check()
    press(page, "Choose")


def play(page: Page, options: list[str]) -> None:
    for option in options:
        if option == "return":
            press(page, "Back to the case")
        else:
            take(page, option)
            page.get_by_role("button", name="Go on").or_(
                page.get_by_role("button", name="Back to the decision")
            ).click()


def test_the_content_note_and_a_way_out_come_before_the_first_scene(open_piece: Open) -> None:
    page = open_piece(content(way_out_address="/support.html"))
    expect(page.get_by_text("Nothing that could disturb.")).to_be_visible()
    expect(page.locator("input[type=radio]")).to_have_count(0)
    press(page, "Pause and leave")
    expect(page.get_by_role("heading", name="Paused")).to_be_focused()
    expect(page.get_by_text("Call the local emergency number.")).to_be_visible()
    assert page.get_by_role("link", name="Leave the case").get_attribute("href") == "/support.html"
    press(page, "Come back to where you were")
    press(page, "Begin the case")
    expect(page.get_by_role("heading", name="Scene one")).to_be_focused()


def test_an_arrow_key_or_enter_on_an_option_never_chooses(open_piece: Open) -> None:
    page = open_piece(content())
    press(page, "Begin the case")
    press(page, "Choose")
    expect(page.get_by_text("Mark one of the ways first")).to_be_visible()
    page.locator("input[type=radio]").first.focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowUp", "Enter", "Space"):
        page.keyboard.press(key)
        expect(page.get_by_role("heading", name="Scene one")).to_be_visible()
    assert entries(page)["play"]["value"]["path"] == []


def test_a_whole_case_by_keyboard_alone(open_piece: Open) -> None:
    page = open_piece(content())

    tab_to(page, "button.es-primary")
    page.keyboard.press("Enter")
    for option in TO_ENDING:
        if option != "return":
            tab_to(page, "input[type=radio]")
            page.keyboard.press("Space")  # the first option is marked: the preferred one
            assert page.evaluate("document.activeElement.value") == option
            tab_to(page, "button.es-primary")
            page.keyboard.press("Enter")
            expect(page.locator("h4")).to_be_focused()
        tab_to(page, "button.es-primary")
        page.keyboard.press("Enter")
    expect(page.get_by_text("A good ending")).to_be_visible()


def test_the_clients_answer_comes_first_then_quality_in_words_and_why(open_piece: Open) -> None:
    page = open_piece(content())
    press(page, "Begin the case")
    page.get_by_label("Your own reason").fill("It is slower, and safe.")
    take(page, "middling")
    text = page.locator(".es-case").inner_text()
    order = [
        "What happens next",
        "The client answers middling.",
        "Defensible, with a trade-off",
        "It is slower, and safe.",
        "Why middling is defensible.",
        "The trade-off:",
        "Trust +1, now 0",
    ]
    assert [text.index(part) for part in order] == sorted(text.index(part) for part in order)
    page.get_by_text("What this rests on").click()
    expect(page.get_by_text("Evidence: moderate.")).to_be_visible()
    expect(page.get_by_text("(reference from memory, not yet checked)")).to_be_visible()


def test_play_and_reasons_outlive_a_reload(open_piece: Open) -> None:
    page = open_piece(content())
    press(page, "Begin the case")
    page.get_by_label("Your own reason").fill("First.")
    play(page, ["steady"])
    page.get_by_label("Your own reason").fill("Second.")
    expect_stored(page, "Second.")
    expect_saved(page)
    page.reload()
    expect(page.get_by_role("heading", name="Scene two")).to_be_visible()
    expect(page.get_by_label("Your own reason")).to_have_value("Second.")
    press(page, "Undo the last choice")
    expect(page.get_by_role("heading", name="Scene one")).to_be_focused()
    expect(page.get_by_label("Your own reason")).to_have_value("First.")
    expect(page.locator("input[value=steady]")).to_be_checked()
    expect_saved(page)
    assert entries(page)["play"]["value"] == {"version": 3, "path": []}


def test_the_safety_branch_is_open_from_every_scene_and_returns_to_it(open_piece: Open) -> None:
    page = open_piece(content())
    press(page, "Begin the case")
    play(page, ["steady"])
    press(page, "Something said here worries me: go to safety")
    expect(page.get_by_text("Safety branch", exact=True)).to_be_visible()
    expect(page.get_by_text("Ada says something. She waits.")).to_be_visible()
    take(page, "hint")
    expect(page.get_by_text("Ask her directly.")).to_be_visible()
    press(page, "Back to the decision")
    expect(page.locator("input[value=hint]")).to_have_count(0)
    play(page, ["ask", "decide", "plan", "return"])
    expect(page.get_by_role("heading", name="Scene two")).to_be_focused()


def test_looking_back_lays_the_path_against_what_was_open(open_piece: Open) -> None:
    page = open_piece(content())
    press(page, "Begin the case")
    page.get_by_label("Your own reason").fill("Why not.")
    play(page, ["middling", *TO_ENDING[1:3], "accept", "let-it-pass", *TO_ENDING[4:]])
    text = page.locator(".es-debrief").inner_text()
    for part in (
        "1 defensible with a trade-off, 2 on a poor path", "A defensible choice is no mistake",
        "a rupture that stayed unrepaired", "The scene stopped for safety at:", "to the safety branch once",
        "Your reason: Why not.", "What else was open (2)", "Other endings:", "What did you notice?",
        "The easy client does not change.", "Small, 2020", "not mistakes",
    ):  # fmt: skip
        assert part in text, part
    chart = page.get_by_role("img", name="Line chart of four values")
    expect(chart).to_be_visible()
    page.get_by_text("The values as a table").click()
    expect(page.locator("tbody tr")).to_have_count(13)


def test_starting_again_asks_first(open_piece: Open) -> None:
    page = open_piece(content())
    press(page, "Begin the case")
    page.get_by_label("Your own reason").fill("Kept?")
    play(page, TO_ENDING)
    press(page, "Start again")
    press(page, "No, keep my path")
    expect(page.get_by_text("A good ending")).to_be_visible()
    press(page, "Start again")
    press(page, "Yes, erase and start again")
    expect(page.get_by_role("heading", name="Scene one")).to_be_focused()
    expect(page.get_by_label("Your own reason")).to_have_value("")
    expect_saved(page)
    assert entries(page)["reason:1"]["value"] is None


def test_a_play_of_an_older_version_is_refused_with_a_reason_and_kept(open_piece: Open) -> None:
    page = open_piece(content())
    press(page, "Begin the case")
    play(page, ["steady"])
    expect_saved(page)
    before = entries(page)["play"]["value"]
    page = open_piece(content(version=9, oldest_loadable_version=9))
    expect(page.get_by_text("You played an earlier version of this case")).to_be_visible()
    assert entries(page)["play"]["value"] == before
    press(page, "Begin the case")
    expect_saved(page)
    kept = [entry["value"] for name, entry in entries(page).items() if name.startswith("kept:")]
    assert kept == [before] and entries(page)["play"]["value"] == {"version": 9, "path": []}


def test_another_tab_goes_on_where_this_one_is(open_piece: Open) -> None:
    one, two = open_piece(content()), open_piece(content())
    press(one, "Begin the case")
    expect(two.get_by_role("heading", name="Scene one")).to_be_visible()
    play(two, ["steady"])
    expect(one.get_by_role("heading", name="Scene two")).to_be_visible()


def test_printing_shows_a_copy_with_everything_open_and_own_words_only_if_asked(open_piece: Open) -> None:
    page = open_piece(content())
    press(page, "Begin the case")
    page.get_by_label("Your own reason").fill("Because of Mrs Smith.")
    play(page, TO_ENDING)
    expect(page.locator(".es-debrief")).to_contain_text("Because of Mrs Smith.")
    page.evaluate(
        "() => { print = () => { window.printed = document.querySelector('.es-print-sheet').innerHTML; }; }"
    )
    press(page, "Print this")
    sheet = page.evaluate("window.printed")
    assert "A small case" in sheet and "<details>" not in sheet and "<details open" in sheet
    assert "Mrs Smith" not in sheet
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator(".es-print-sheet")).to_have_count(0)
    page.get_by_label("With the reasons I wrote").check()
    press(page, "Print this")
    assert "Because of Mrs Smith." in page.evaluate("window.printed")


def test_a_saved_debrief_is_a_page_of_its_own_without_own_words(open_piece: Open) -> None:
    page = open_piece(content())
    press(page, "Begin the case")
    page.get_by_label("Your own reason").fill("Because of Mrs Smith.")
    play(page, TO_ENDING)
    with page.expect_download() as download:
        press(page, "Save this as a file")
    assert download.value.suggested_filename == "a-small-case.html"
    saved = Path(download.value.path()).read_text(encoding="utf-8")
    assert saved.startswith("<!doctype html>") and "<title>A small case</title>" in saved
    assert "Your path, and what else was open" in saved
    assert "Mrs Smith" not in saved and "<script" not in saved


def test_the_map_shows_every_scene_and_the_path(open_piece: Open) -> None:
    shown = content()
    page = open_piece(shown)
    press(page, "Begin the case")
    play(page, ["steady"])
    press(page, "Something said here worries me: go to safety")
    play(page, ["ask", "decide", "plan", "return", *TO_ENDING[1:]])
    case = page.locator(".es-map")
    boxes = [scene for row in shown["map"] for scene in row]
    assert case.locator(".es-node").count() == len(boxes)
    path = entries(page)["play"]["value"]["path"]
    own = {step["scene"] for step in path if not shown["scenes"][step["scene"]]["safety"]}
    assert case.locator(".es-node[data-met]").count() == len(own) + 2  # the branch, and the ending
    texts = case.locator(".es-node[data-met]").all_text_contents()
    for words in (
        "1. Scene one",
        "2, 7. Scene two",
        "3, 11. Safety branch",
        shown["scenes"]["e-good"]["title"],
    ):
        assert any(text.startswith(words) for text in texts), (words, texts)
    assert case.locator(".es-way[data-taken]").count() >= len(own)
    said = page.get_by_role("img", name="Your path on the map of the case").get_attribute("aria-label")
    assert said and f"Your path met {len(own) + 1} of the" in said
    expect(page.locator(".es-debrief ol > li").first).to_contain_text("It led to")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_and_a_phone_shows_it_whole(open_piece: Open, theme: str) -> None:
    page = open_piece(content(), theme=theme)
    page.set_viewport_size({"width": 360, "height": 740})

    def look() -> None:
        expect_no_findings(page)
        expect_fit_for_a_phone(page)

    look()
    press(page, "Pause and leave")
    look()
    press(page, "Come back to where you were")
    press(page, "Begin the case")
    take(page, "cold")
    look()
    press(page, "Go on")
    press(page, "Something said here worries me: go to safety")
    look()
    play(page, ["ask", "decide", "plan", "return", *TO_ENDING[1:]])
    open_every_fold(page)
    look()


@pytest.mark.parametrize("case_id", cases.case_ids())
def test_every_case_of_the_course_is_played_to_an_ending(
    open_piece: Open, context: BrowserContext, case_id: str
) -> None:
    page = open_piece(case_player.content(case_id))
    walk = source.read(f"cases/{case_id}.walks")[0]
    press(page, "Begin the case")
    play(page, [step["choose"] for step in walk["steps"]])
    title = cases.load(case_id).scenes[walk["ends"]].title
    expect(page.get_by_role("heading", name=title)).to_be_focused()
    expect(page.locator(".es-debrief")).to_be_visible()
