"""Explorers in Chromium: the models' twins, every control, the keyboard, what is shown and when."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from exploring import DRAWN, FIRST, IDS, content, drawn, rest, reveal
from playwright.sync_api import BrowserContext, Page, expect

from earned_security import models
from earned_security.interactive import explorer
from earned_security.interactive.piece import STATIC

pytestmark = pytest.mark.browser

Open = Callable[..., Page]


def within(parameter: dict[str, Any], chance: random.Random) -> Any:
    if "options" in parameter:
        return chance.choice(parameter["options"])["value"]
    steps = round((parameter["max"] - parameter["min"]) / parameter["step"])
    whole = explorer.domain([parameter])[parameter["name"]]
    if isinstance(whole, models.Range) and whole.whole:
        return int(parameter["min"] + parameter["step"] * chance.randint(0, steps))
    return chance.uniform(parameter["min"], parameter["max"])


@pytest.mark.parametrize("explorer_id", IDS)
def test_the_twin_computes_what_python_computes(
    context: BrowserContext, server: str, explorer_id: str
) -> None:
    shown = explorer.content(explorer_id)
    chance = random.Random(20261122)
    settings = [explorer.defaults(shown)]
    settings += [{**settings[0], **preset["values"]} for preset in shown["presets"]]
    settings += [{p["name"]: within(p, chance) for p in shown["parameters"]} for _ in range(500)]
    page = context.new_page()
    page.goto(f"{server}/words.js")
    twins = page.evaluate(
        "async ([name, all]) => (await import('/models/twins.js')).twins[name] && "
        "all.map((await import('/models/twins.js')).twins[name])",
        [shown["twin"], settings],
    )
    regimes = set()
    for values, twin in zip(settings, twins, strict=True):
        result = explorer.compute(shown, values)
        regimes.add(result["regime"])
        assert twin["regime"] == result["regime"], values
        assert twin["quantities"] == pytest.approx(result["quantities"], rel=1e-6, abs=1e-12), values
        assert set(twin["series"]) == set(result["series"])
        for name, series in result["series"].items():
            assert [v is None for v in twin["series"][name]] == [v is None for v in series], (name, values)
            numbers = [v for v in series if v is not None]
            found = [v for v in twin["series"][name] if v is not None]
            assert found == pytest.approx(numbers, rel=1e-6, abs=1e-12), (name, values)
    assert len(regimes) > 1, "the settings never left one regime"


@pytest.mark.parametrize("explorer_id", IDS)
def test_every_control_changes_figure_sentence_and_table(open_piece: Open, explorer_id: str) -> None:
    shown = content(explorer_id)
    page = reveal(open_piece(shown))
    page.get_by_text("The numbers as a table").click()
    for parameter in shown["parameters"]:
        row = page.locator(f"[data-parameter={parameter['name']}]")
        for control in ["select"] if "options" in parameter else ["input[type=range]", "input[type=number]"]:
            page.get_by_role("button", name="Back to the start").click()
            for other, value in parameter.get("when", {}).items():
                page.locator(f"[data-parameter={other}] select").select_option(value)
            rest(page)
            before = (
                drawn(page),
                page.locator("tbody").inner_text(),
                page.locator(".es-figure").get_attribute("aria-label"),
            )
            field = row.locator(control)
            field.focus()
            if control == "input[type=number]":
                middle = (parameter["min"] + parameter["max"]) / 2
                field.fill(str(int(middle) if float(parameter["step"]).is_integer() else middle))
                page.keyboard.press("Enter")
            else:
                for _ in range(1 if control == "select" else 4):
                    page.keyboard.press(
                        "ArrowUp" if parameter["value"] == parameter.get("min") else "ArrowDown"
                    )
            page.wait_for_function(f"before => ({DRAWN})() !== before", arg=before[0])
            rest(page)
            assert page.locator("tbody").inner_text() != before[1], (parameter["name"], control)
            sentence = page.locator(".es-reading").inner_text()
            assert page.locator(".es-figure").get_attribute("aria-label") == sentence
            assert sentence != before[2], (parameter["name"], control)
            if control != "input[type=number]":  # said after a rest; once a parameter is enough
                expect(page.locator(".es-explorer > [aria-live=polite]")).to_have_text(sentence)


def test_a_bad_number_is_refused_with_the_range_and_the_old_value_stays(open_piece: Open) -> None:
    page = reveal(open_piece(content()))
    before = drawn(page)
    row = page.locator("[data-parameter=danger_trials]")
    field = row.locator("input[type=number]")
    for bad in ["41", "0", "-3", "2.5", "", "1e9"]:
        field.fill(bad)
        field.press("Enter")
        expect(row.get_by_role("alert")).to_have_text(
            "Danger phase, length: write a whole number from 1 to 40. It stays at 10."
        )
        assert field.input_value() == "10"
        assert field.get_attribute("aria-invalid") == "true"
    rest(page)
    assert drawn(page) == before
    field.fill("12")
    field.press("Enter")
    expect(row.get_by_role("alert")).to_be_empty()
    page.wait_for_function(f"before => ({DRAWN})() !== before", arg=before)


def test_by_keyboard_alone_and_an_arrow_key_never_answers(open_piece: Open) -> None:
    page = open_piece(content())
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    assert page.locator(".es-revealed").is_hidden()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Check my prediction")).to_be_focused()
    page.keyboard.press("Enter")
    feedback = page.locator(".es-feedback")
    expect(feedback).to_contain_text("You predicted: Come part of the way down")
    assert feedback.get_attribute("data-verdict") == "good"
    page.wait_for_function("document.querySelector('.es-figure').data")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('[data-parameter=consistency]') !== null"):
            break
    before = drawn(page)
    page.keyboard.press("ArrowRight")
    page.wait_for_function(f"before => ({DRAWN})() !== before", arg=before)
    expect(page.locator("[data-parameter=consistency] input[type=number]")).to_have_value("80")


def test_predicting_nothing_asks_first_and_a_prediction_outlives_a_reload(open_piece: Open) -> None:
    page = open_piece(content())
    page.get_by_role("button", name="Check my prediction").click()
    expect(page.locator(".es-prediction").get_by_role("alert")).to_contain_text(
        "Choose what you expect first"
    )
    assert page.locator(".es-revealed").is_hidden()
    page.get_by_label("Fall as low as").check()
    page.get_by_role("button", name="Check my prediction").click()
    assert page.locator(".es-feedback").get_attribute("data-verdict") == "poor"
    expect(page.locator("[data-status=saved]")).to_have_text("Saved.")
    page.reload()
    expect(page.locator(".es-feedback")).to_contain_text("You predicted: Fall as low as")
    expect(page.locator(".es-reading")).not_to_be_empty()


@pytest.mark.parametrize("preset", explorer.content(FIRST)["presets"], ids=lambda preset: preset["id"])
def test_a_preset_tells_its_story_at_its_values(open_piece: Open, preset: dict[str, Any]) -> None:
    shown = content()
    page = reveal(open_piece(shown))
    button = page.locator(f"[data-preset={preset['id']}]")
    button.click()
    assert button.get_attribute("aria-pressed") == "true"
    assert " ".join(preset["story"].split()) == page.locator(".es-story").inner_text()
    result = explorer.compute(shown, {**explorer.defaults(shown), **preset["values"]})
    page.wait_for_function(
        "wanted => JSON.stringify(document.querySelector('.es-figure').data[1].y) === JSON.stringify(wanted)",
        arg=result["series"]["expected_mixed"],
    )
    page.locator("[data-parameter=danger_trials] input[type=range]").press("ArrowRight")
    assert button.get_attribute("aria-pressed") == "false"


def test_controls_that_a_model_does_not_use_are_not_shown(open_piece: Open) -> None:
    page = reveal(open_piece(content()))
    page.locator("[data-parameter=model] select").select_option("rescorla-wagner")
    assert page.locator("[data-parameter=eta]").is_hidden()
    page.locator("[data-parameter=model] select").select_option("pearce-hall")
    assert page.locator("[data-parameter=eta]").is_visible()


def test_a_kept_line_stays_while_the_settings_change(open_piece: Open) -> None:
    page = reveal(open_piece(content()))
    kept = page.evaluate("document.querySelector('.es-figure').data[1].y")
    page.get_by_role("button", name="Keep this line for comparison").click()
    page.locator("[data-preset=every-time]").click()
    expect(page.locator(".es-legend")).to_contain_text("For comparison: 75 %")
    expect(page.get_by_text("The dotted line, for comparison, has")).to_have_text(
        "The dotted line, for comparison, has Safe phase, safety follows in 75 % of trials."
    )
    page.wait_for_function("document.querySelector('.es-figure').data[3].name.includes('100')")
    first = page.evaluate("document.querySelector('.es-figure').data[0]")
    assert first["y"] == kept
    assert first["line"]["dash"] == "dot"
    page.get_by_role("button", name="Remove the kept line").click()
    expect(page.locator(".es-legend")).not_to_contain_text("For comparison")


def test_the_numbers_can_be_taken_away(open_piece: Open) -> None:
    shown = content()
    page = reveal(open_piece(shown))
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the numbers (CSV)").click()
    assert download.value.suggested_filename == f"{FIRST}.csv"
    with Path(download.value.path()).open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == [column["label"] for column in shown["table"]]
    result = explorer.compute(shown, explorer.defaults(shown))
    for index, column in enumerate(shown["table"]):
        values = [None if row[index] == "" else float(row[index]) for row in rows[1:]]
        assert values == result["series"][column["series"]]


def test_the_sentence_is_announced_once_after_a_run_of_changes(open_piece: Open) -> None:
    page = reveal(open_piece(content()))
    page.evaluate(
        """() => {
          window.said = [];
          const region = document.querySelector(".es-explorer > [aria-live=polite]");
          new MutationObserver(() => said.push(region.textContent)).observe(region, { childList: true });
        }"""
    )
    expect(page.locator(".es-explorer > [aria-live=polite]")).not_to_be_empty()  # of the first look
    page.evaluate("window.said = []")
    page.locator("[data-parameter=consistency] input[type=range]").focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("said.length > 0")
    assert page.evaluate("said") == [page.locator(".es-reading").inner_text()]
    assert "Safety follows every time" in page.evaluate("said[0]")


def test_of_a_run_of_changes_the_first_and_the_last_are_shown(open_piece: Open) -> None:
    """Sixty changes within one frame: one shown at once, one at its end; plotly draws the last when all rests."""
    page = reveal(open_piece(content()))
    rest(page)
    page.evaluate(
        """() => {
          const react = Plotly.react;
          window.drawings = [];
          Plotly.react = (plot, data, ...more) => { drawings.push(data[0].x.length); return react(plot, data, ...more); };
          const figure = document.querySelector(".es-figure");
          window.shown = 0;
          new MutationObserver((changes) => { shown += changes.length; }).observe(figure, { attributeFilter: ["aria-label"] });
          const range = document.querySelector("[data-parameter=safe_trials] input[type=range]");
          for (let value = 1; value <= 60; value += 1) {
            range.value = value;
            range.dispatchEvent(new Event("input"));
          }
        }"""
    )
    page.wait_for_function("document.querySelector('.es-figure').data[0].x.length === 71")
    rest(page)
    assert page.evaluate("shown") == 2
    assert page.evaluate("drawings") == [71]


def test_nothing_is_loaded_before_the_reader_scrolls_near(open_piece: Open, context: BrowserContext) -> None:
    first = reveal(open_piece(content()))
    expect(first.locator("[data-status=saved]")).to_be_visible()
    style = (STATIC / "pieces.css").read_text(encoding="utf-8") + "main { padding-top: 5000px !important; }"
    context.route("**/pieces.css", lambda route: route.fulfill(body=style, content_type="text/css"))
    page = open_piece(content())
    expect(page.locator(".es-reading")).not_to_be_empty()
    page.wait_for_timeout(300)
    assert page.evaluate("typeof Plotly") == "undefined"
    page.locator(".es-figure").scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('.es-figure').data")


def test_colours_follow_the_theme(open_piece: Open) -> None:
    page = reveal(open_piece(content()))
    light = page.evaluate("document.querySelector('.es-figure').data[0].line.color")
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.wait_for_function(
        "light => document.querySelector('.es-figure').data[0].line.color !== light", arg=light
    )


def test_the_figure_offers_no_button_and_asks_nobody(open_piece: Open, server: str) -> None:
    page = open_piece(content())
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    reveal(page)
    page.wait_for_timeout(200)
    assert page.locator(".modebar").count() == 0
    assert asked and all(address.startswith(server) for address in asked)


def test_the_limits_are_always_in_sight(open_piece: Open) -> None:
    page = open_piece(content())
    for _ in range(2):
        assert page.get_by_text("A model of conditioning, not of therapy").is_visible()
        assert page.get_by_role("note", name="What this model cannot tell you").is_visible()
        if page.locator(".es-revealed").is_hidden():
            reveal(page)


def test_the_bundle_for_a_kernel_runs_as_one_text(open_piece: Open, server: str) -> None:
    page = open_piece(content())
    assert (
        page.evaluate(
            "async (address) => typeof (await import(address)).default.render", f"{server}/bundle/explorer.js"
        )
        == "function"
    )
