"""The session planner in Chromium: its twin, the gates, prediction, what changed in words, print, keyboard, storage."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pytest
from playing import entries, expect_no_findings, expect_saved, open_every_fold, press, tab_to
from playwright.sync_api import BrowserContext, Page, expect

from earned_security.curriculum import source
from earned_security.interactive import session_planner
from earned_security.interactive.session_planner import PLANNER, deal, settings

pytestmark = pytest.mark.browser

CONTENT = session_planner.content(PLANNER)
LABEL = CONTENT["label"]
EVERY = list(settings(source.read(PLANNER)))
Open = Callable[..., Page]


def gate(page: Page, number: int, answer: str) -> None:
    page.get_by_role("radio", name=answer, exact=True).nth(number).check()


def pass_gates(page: Page) -> Page:
    gate(page, 0, "Yes")
    gate(page, 1, "Yes")
    return page


def planned(page: Page, example: str = "Amara: “power through”") -> Page:
    """Past the gates to the plan of an example, with no prediction."""
    press(pass_gates(page), example)
    press(page, "Show me without a prediction")
    return page


def rows(page: Page) -> list[str]:
    return page.locator(".es-planner tbody th").all_inner_texts()


def test_the_page_deals_what_python_deals_at_every_setting(context: BrowserContext, server: str) -> None:
    page = context.new_page()
    page.goto(f"{server}/models/session-plan.js")
    dealt = page.evaluate(
        "async ([interventions, all]) => { const { deal } = await import('/models/session-plan.js');"
        " return all.map((setting) => deal(interventions, setting)); }",
        [CONTENT["interventions"], EVERY],
    )
    assert len(dealt) == len(EVERY) == 972
    for setting, shares in zip(EVERY, dealt, strict=True):
        assert shares == [asdict(share) for share in deal(CONTENT["interventions"], setting)], setting


def test_the_planner_stays_shut_until_both_gates_are_open_and_says_what_comes_instead(
    open_piece: Open,
) -> None:
    page = open_piece(CONTENT)
    settings_ = page.get_by_role("group", name="Settings")
    expect(settings_).to_be_hidden()
    gate(page, 1, "Yes")
    expect(settings_).to_be_hidden()
    gate(page, 0, "No")
    expect(settings_).to_be_hidden()
    instead = page.locator(".es-note:visible")
    expect(instead).to_contain_text("Are you thinking of killing yourself?")
    expect(instead).to_contain_text(
        "Stay in relation. Decide the level of response with the person and a consultant"
    )
    expect(page.locator(".es-planner > [aria-live=polite]")).to_contain_text(
        "The planner stays shut. There are no"
    )
    gate(page, 0, "Yes")
    expect(settings_).to_be_visible()
    expect(page.locator(".es-planner > [aria-live=polite]")).to_contain_text("Both gates are open")
    gate(page, 1, "No")
    expect(settings_).to_be_hidden()
    expect(page.locator(".es-note:visible")).to_contain_text("Talk about what they want instead")


def test_a_plan_is_gone_when_a_gate_shuts_again(open_piece: Open) -> None:
    page = planned(open_piece(CONTENT))
    expect(page.get_by_role("table")).to_be_visible()
    gate(page, 0, "No")
    expect(page.get_by_role("table")).to_be_hidden()
    expect(page.locator(".es-plan")).to_be_hidden()


def test_prediction_first_then_figure_sentence_and_table(open_piece: Open) -> None:
    page = pass_gates(open_piece(CONTENT))
    press(page, "Amara: “power through”")
    expect(page.get_by_text("wants to double the length")).to_be_visible()
    expect(page.get_by_role("table")).to_have_count(0)
    press(page, "Check my prediction")
    expect(page.get_by_role("alert")).to_contain_text("Choose what you expect first")
    page.get_by_label("Predict first").select_option("settling")
    press(page, "Check my prediction")
    expect(page.locator(".es-feedback")).to_contain_text(
        "You predicted: settling. Here most portions go to memory work."
    )
    sentence = page.locator(".es-reading").inner_text()
    assert sentence.startswith("Of ten portions: 5 for memory work, 2 for coming down, 1 for ")
    figure = page.locator(".es-plan")
    assert figure.get_attribute("aria-label") == f"{sentence} {LABEL}."
    drawn = " ".join(figure.locator("text").all_text_contents())
    assert LABEL in drawn and drawn.startswith("Memory work 5 Coming down 2")
    assert figure.locator("rect[data-filled]").count() == 10
    assert rows(page)[0] == "5 memory work"
    open_every_fold(page)
    expect(
        page.get_by_text("Naming what is avoided: No resistance was named as the obstacle.")
    ).to_be_visible()
    press(page, "Joseph: the words and the room")
    expect(page.get_by_role("table")).to_have_count(0)
    page.get_by_label("Predict first").select_option("staying")
    press(page, "Check my prediction")
    expect(page.locator(".es-feedback")).to_contain_text("Yes: most portions go to staying with a little.")


def test_a_change_is_said_in_words_and_heard(open_piece: Open) -> None:
    page = planned(open_piece(CONTENT))
    change, heard = page.locator(".es-change"), page.locator(".es-planner > [aria-live=polite]")
    expect(change).to_have_count(0)
    page.get_by_label("Regulation").select_option("0")
    said = (
        "Regulation from “1, with help” to “0, out of reach” moved 5 portions from memory work (5) to "
        "coming down (1) and staying with a little (4)."
    )
    expect(change).to_have_text(said)
    expect(heard).to_have_text(f"{said} {page.locator('.es-reading').inner_text()}")
    page.get_by_label("What stands in the way").select_option("none")
    expect(change).to_have_text(
        "What stands in the way from “an ego-syntonic symptom” to “none of these” moved 1 portion from mapping a "
        "prized pattern (1) to asking what else is in the way (1)."
    )
    page.get_by_label("Attunement").select_option("0")
    expect(change).to_contain_text("moved no portion")
    page.get_by_label("Activation").select_option("low")
    assert rows(page) == ["6 settling", "2 finding out what happened", "1 coming down", "1 somebody outside"]
    press(page, "Back to the start")
    expect(change).to_contain_text("Attunement from “0, out of reach” to “1, with help”, ")
    press(page, "Predict again")
    expect(page.get_by_label("Predict first")).to_be_focused()
    expect(page.get_by_role("table")).to_have_count(0)


def test_a_verdict_on_a_prediction_goes_when_the_settings_move_on(open_piece: Open) -> None:
    page = pass_gates(open_piece(CONTENT))
    page.get_by_label("Predict first").select_option("memory-work")
    press(page, "Check my prediction")
    expect(page.locator(".es-feedback")).to_be_visible()
    page.get_by_label("Activation").select_option("high")
    expect(page.locator(".es-feedback")).to_have_count(0)
    page.get_by_label("Activation").select_option("middle")
    expect(page.locator(".es-feedback")).to_be_visible()


def test_everything_is_there_after_a_reload_and_in_another_tab(open_piece: Open) -> None:
    page = planned(open_piece(CONTENT))
    page.get_by_label("Processing").select_option("1")
    expect_saved(page)
    assert entries(page)["setting"]["value"]["processing"] == 1
    before = rows(page)
    page.reload()
    page.wait_for_selector("html[data-ready]")
    assert rows(page) == before
    other = open_piece(CONTENT)
    assert rows(other) == before
    other.get_by_label("Activation").select_option("high")
    expect(page.locator(".es-planner tbody th").first).to_have_text("6 settling")
    expect(page.get_by_label("Activation")).to_have_value("high")
    gate(other, 0, "No")
    expect(page.get_by_role("table")).to_be_hidden()


@pytest.mark.parametrize("stored", [{"regulation": 7, "activation": "gone"}, {}, "text", None, 3])
def test_a_stored_setting_that_is_not_known_starts_where_the_planner_starts(
    open_piece: Open, stored: Any
) -> None:
    page = pass_gates(open_piece(CONTENT))
    expect_saved(page)
    page.evaluate(
        """(value) => { const disk = JSON.parse(localStorage.getItem("test:disk"));
        disk.setting = { value, time: Date.now() + 1 }; disk.prediction = { value: { intervention: "gone" }, time: 1 };
        localStorage.setItem("test:disk", JSON.stringify(disk)); }""",
        stored,
    )
    page.reload()
    expect(page.get_by_label("Regulation")).to_have_value("1")
    expect(page.get_by_role("table")).to_be_visible()


def test_the_print_says_whose_weights_these_are_and_for_whom(open_piece: Open) -> None:
    page = planned(open_piece(CONTENT))
    page.evaluate("window.print = () => { window.printed = true; }")
    press(page, "Print this plan")
    assert page.evaluate("window.printed")
    page.emulate_media(media="print")
    sheet = page.locator(".es-print-sheet")
    text = " ".join(sheet.inner_text().split())
    for words in (
        LABEL,
        "For a composite or an invented client only: no patient data",
        "Regulation: 1, with help",
        "5 memory work",
        "Stop sign",
    ):
        assert words in text
    expect(sheet.locator(".es-plan")).to_be_visible()
    expect(page.locator(".es-planner")).to_be_hidden()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(sheet).to_have_count(0)


def test_no_field_takes_words_about_a_person(open_piece: Open) -> None:
    page = planned(open_piece(CONTENT))
    assert page.locator("textarea, input:not([type=radio])").count() == 0
    expect(page.get_by_text("no patient data")).to_be_visible()
    expect(page.locator(".es-label")).to_have_text(LABEL)


def test_by_keyboard_alone(open_piece: Open) -> None:
    page = open_piece(CONTENT)
    tab_to(page, "input[type=radio]")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")  # an arrow chooses, and submits nothing
    expect(page.locator(".es-note:visible")).to_have_count(1)
    page.keyboard.press("ArrowUp")
    tab_to(page, "input[type=radio]")
    page.keyboard.press("Space")
    tab_to(page, "[data-example=joseph]")
    page.keyboard.press("Enter")
    expect(page.locator("[data-example=joseph]")).to_be_focused()
    tab_to(page, ".es-prediction select")
    page.keyboard.type("stay")
    expect(page.get_by_role("table")).to_have_count(0)
    tab_to(page, ".es-primary")
    page.keyboard.press("Enter")
    expect(page.locator(".es-planner [tabindex='-1']:focus")).to_contain_text(
        "Yes: most portions go to staying"
    )


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_and_a_phone_shows_it_whole(open_piece: Open, theme: str) -> None:
    page = open_piece(CONTENT, theme=theme)
    page.set_viewport_size({"width": 360, "height": 740})

    def look() -> None:
        expect_no_findings(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        small = page.locator(".es-planner :is(button, select, summary, label.es-option)").evaluate_all(
            "(all) => all.filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 44)"
            ".map((one) => one.textContent)"
        )
        assert small == []

    look()
    gate(page, 0, "No")
    gate(page, 1, "No")
    look()
    pass_gates(page)
    press(page, "Amara: “power through”")
    look()
    page.get_by_label("Predict first").select_option("memory-work")
    press(page, "Check my prediction")
    page.get_by_label("Expression").select_option("0")
    open_every_fold(page)
    look()
