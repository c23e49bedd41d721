"""The scoring exercise: its content, mistakes in the keys, and the page, which scores exactly as Python does."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pytest
from playing import expect_fit_for_a_phone, expect_no_findings, press, tab_to
from playwright.sync_api import Browser, Page, expect

from earned_security.assessment import scoring
from earned_security.curriculum import Problem, source
from earned_security.interactive import pieces

CONTENT = pieces.content("scoring-exercise")
INSTRUMENTS = scoring.instruments()
Open = Callable[..., Page]

TYPES = re.compile(
    r"\bis (securely|anxiously|avoidant|fearful)\b|\bdiagnosed\b|\bcut-off of\b", re.IGNORECASE
)


def test_content_is_public_json_with_keys_permission_and_works() -> None:
    assert CONTENT["kind"] == "scoring"
    assert [entry["id"] for entry in CONTENT["instruments"]] == list(INSTRUMENTS)
    for entry in CONTENT["instruments"]:
        assert entry["permission"] and entry["key_checked"] and entry["works"]
    assert len(json.dumps(CONTENT, allow_nan=False)) < 30_000
    assert CONTENT["claims"] and all(claim["works"] for claim in CONTENT["claims"])
    assert "not a diagnosis" in CONTENT["limits"] and "no type" in CONTENT["limits"]


def test_no_item_has_words() -> None:
    """An item is a number wherever it stands: a wording would be text in a place for numbers."""
    for entry in source.read("instruments")["instruments"]:
        for scale in entry["scales"]:
            assert all(type(item) is int for item in [*scale["items"], *scale["reversed"]])
        assert set(entry) <= {
            *("id", "name", "title", "items", "lowest", "highest", "scales"),
            *("key_checked", "permission", "notes", "rows", "citations"),
        }


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("items: [7, 8, 9]", "items: [7, 8, 10]", "'10' is not a known item of the ECR-RS"),
        ("reversed: [1, 2, 3, 4]", "reversed: [1, 2, 3, 7]", "'7' is not a known item of this scale"),
        ("items: [7, 8, 9]", "items: [7, 8, 8]", "non-unique"),
        ("answers: [5, 4, 5, 4, 3, 4, 5, 6, 4]", "answers: [5, 4]", "one answer for each of the 9 items"),
        ("answers: [5, 4, 5, 4, 3", "answers: [5, 4, 5, 4, 8", "'8' is not a known answer in the ECR-RS"),
        ("citations: [fraley2011ecrrs]", "citations: [nobody2000]", "not a known key of references.bib"),
        ("  - id: ecr-r\n", "  - id: ecr-rs\n", "'ecr-rs' stands twice"),
        ("permission: Not established.", "permitted: Not established.", "has no permission"),
        ("- attachment-style-is-dimensional", "- no-such-claim", "not a known claim"),
        ("id: avoidance", "id: anxiety", "'anxiety' stands twice"),
    ],
)
def test_a_mistake_in_a_key_is_named_with_file_and_line(
    problems_after: Callable[..., list[Problem]], old: str, new: str, message: str
) -> None:
    found = problems_after("instruments.yaml", old, new, ("claims.yaml", "references.bib"))
    assert any(message in problem.message for problem in found), found


TWIN = """async ([instruments, rows]) => {
  const { score } = await import("/models/scoring.js");
  return rows.map(([name, answers]) => score(instruments.find(({ id }) => id === name), answers));
}"""


def answered(instrument: scoring.Instrument, answers: dict[int, Any]) -> dict[str, Any]:
    """What Python says, in the page's form."""
    try:
        return {"scores": [asdict(one) for one in scoring.score(instrument, answers)]}
    except scoring.AnswersError as error:
        return {"missing": error.missing, "outside": error.outside, "unknown": error.unknown}


def rows(instrument: scoring.Instrument) -> list[dict[int, Any]]:
    """Equal answers, rows by chance, and rows with holes, answers out of range and items that are not there."""
    chance = random.Random(f"{instrument.id} 20261122")
    numbers = range(1, instrument.items + 1)
    answers = range(instrument.lowest, instrument.highest + 1)
    whole = [dict.fromkeys(numbers, answer) for answer in answers]
    whole += [{number: chance.choice(answers) for number in numbers} for _ in range(100)]
    broken: list[dict[int, Any]] = [{}, {instrument.items + 1: 4}]
    for row in whole[-30:]:
        holes = {number: answer for number, answer in row.items() if chance.random() < 0.9}
        wrong = [instrument.highest + 1, instrument.lowest - 1, 2.5]
        broken += [holes, {**row, chance.choice(numbers): chance.choice(wrong)}]
    return whole + broken


@pytest.mark.browser
def test_the_page_scores_exactly_as_python_does(chromium: Browser, server: str) -> None:
    page = chromium.new_page()
    page.goto(f"{server}/models/scoring.js")
    for instrument in INSTRUMENTS.values():
        given = rows(instrument)
        found = page.evaluate(TWIN, [CONTENT["instruments"], [[instrument.id, row] for row in given]])
        expected = [answered(instrument, row) for row in given]
        assert any("missing" in one for one in expected) and any("scores" in one for one in expected)
        assert found == expected
    page.close()


def choose(page: Page, form: str) -> None:
    page.get_by_label("Form").select_option(form)


def reading(page: Page) -> str:
    return page.locator(".es-reading").inner_text()


@pytest.mark.browser
def test_a_prediction_comes_first_and_is_set_beside_what_the_key_gives(open_piece: Open) -> None:
    page = open_piece(CONTENT)
    choose(page, "ecr-r")
    expect(page.get_by_label("Item 1", exact=True)).to_be_hidden()
    assert "6.33" not in page.locator(".es-piece").inner_text()
    page.get_by_label("Anxiety").fill("7")
    press(page, "Check my prediction")
    expect(page.get_by_role("alert")).to_contain_text("Write a number from 1 to 7 for each mean")
    expect(page.get_by_label("Avoidance")).to_be_focused()
    expect(page.get_by_label("Avoidance")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Avoidance").fill("6.5")
    press(page, "Check my prediction")
    said = " ".join(page.locator(".es-feedback").inner_text().split())
    assert "Anxiety 6.33; you expected 7. Reversed: 2 of its 18 items." in said
    assert "Avoidance 3.00; you expected 6.5. Reversed: 12 of its 18 items." in said
    assert page.evaluate("document.activeElement.contains(document.querySelector('.es-feedback'))")
    expect(page.get_by_label("Item 36", exact=True)).to_have_value("7")
    assert reading(page).startswith("ECR-R: Anxiety 6.33 (6.22 to 6.44), Avoidance 3.00 (2.89 to 3.11)")


@pytest.mark.browser
@pytest.mark.parametrize("instrument", INSTRUMENTS.values(), ids=lambda one: one.id)
def test_sentence_figure_and_table_say_the_same_and_no_type_is_named(
    open_piece: Open, instrument: scoring.Instrument
) -> None:
    page = open_piece(CONTENT)
    choose(page, instrument.id)
    press(page, "Show me without a prediction")
    for answer in (instrument.lowest, instrument.highest):
        press(page, f"All {answer}")
        row = dict.fromkeys(range(1, instrument.items + 1), answer)
        scores = scoring.score(instrument, row)
        means = [(scale.name, one) for scale, one in zip(instrument.scales, scores, strict=True)]
        said = ", ".join(f"{name} {one.mean:.2f} ({one.low:.2f} to {one.high:.2f})" for name, one in means)
        assert said in reading(page)
        expect(page.locator(".es-piece svg[role=img]")).to_have_attribute("aria-label", reading(page))
        table = [row.split("\t") for row in page.locator("tbody").inner_text().split("\n")]
        assert table == [
            [name, f"{one.low:.2f}", f"{one.mean:.2f}", f"{one.high:.2f}"] for name, one in means
        ]
    text = page.locator(".es-piece").inner_text()
    assert "No type follows from it." in text and "not a diagnosis" in text
    assert not TYPES.search(text)
    expect(page.locator(".es-limits")).to_be_visible()


@pytest.mark.browser
def test_there_is_no_score_while_an_answer_is_missing_or_out_of_range(open_piece: Open) -> None:
    page = open_piece(CONTENT)
    press(page, "Show me without a prediction")
    field = page.get_by_label("Item 5", exact=True)
    for wrong in ("8", "0", "4.5", "-1"):
        field.fill(wrong)
        assert reading(page) == "No score. Not a whole number from 1 to 7: item 5."
        expect(field).to_have_attribute("aria-invalid", "true")
        assert page.locator(".es-piece svg, .es-piece tbody").count() == 0
    field.fill("")
    page.get_by_label("Item 9", exact=True).fill("")
    assert reading(page) == "No score yet. Without an answer: item 5, 9."
    expect(field).not_to_have_attribute("aria-invalid", "true")
    press(page, "Clear all")
    assert reading(page) == "No score yet. Without an answer: item 1–9."


@pytest.mark.browser
def test_a_new_score_is_announced_and_half_a_row_is_not(open_piece: Open) -> None:
    page = open_piece(CONTENT)
    region = page.locator("[aria-live=polite]")
    press(page, "Show me without a prediction")
    expect(region).to_contain_text("Anxiety 7.00")
    press(page, "Rafael (invented), about his partner")
    expect(region).to_contain_text("Anxiety 5.00 (4.33 to 5.67), Avoidance 3.50 (3.17 to 3.83)")
    page.get_by_label("Item 1", exact=True).fill("")
    page.wait_for_timeout(1500)
    expect(region).to_contain_text("Anxiety 5.00")
    page.get_by_label("Item 1", exact=True).fill("9")
    expect(region).to_contain_text("No score. Not a whole number")


@pytest.mark.browser
def test_answers_of_each_form_are_there_after_a_reload_and_in_another_tab(open_piece: Open) -> None:
    page = open_piece(CONTENT)
    expect(page.get_by_text("Invented answers only, and never a client's.")).to_be_hidden()
    press(page, "Show me without a prediction")
    expect(page.get_by_text("Invented answers only, and never a client's.")).to_be_visible()
    page.get_by_label("Item 2", exact=True).fill("3")
    choose(page, "rsq")
    page.get_by_label("Secure").fill("5")
    for name in ("Fearful", "Preoccupied", "Dismissing"):
        page.get_by_label(name).fill("5")
    press(page, "Check my prediction")
    page.get_by_label("Item 6", exact=True).fill("1")
    page.wait_for_timeout(1200)
    expect(page.locator("[data-status=saved]")).to_be_visible()
    page.reload()
    for shown in (page, open_piece(CONTENT)):
        expect(shown.get_by_label("Form")).to_have_value("rsq")
        expect(shown.get_by_label("Item 6", exact=True)).to_have_value("1")
        expect(shown.locator(".es-feedback")).to_contain_text("3.40; you expected 5.")
        choose(shown, "ecr-rs")
        expect(shown.get_by_label("Item 2", exact=True)).to_have_value("3")
        choose(shown, "rsq")


@pytest.mark.browser
def test_by_keyboard_alone_and_an_arrow_key_hands_in_nothing(open_piece: Open) -> None:
    page = open_piece(CONTENT)
    tab_to(page, "input[type=number]")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".es-feedback")).to_have_count(0)
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("7")
    tab_to(page, "input[type=number]")
    page.keyboard.type("3")
    page.keyboard.press("Enter")
    expect(page.locator(".es-feedback")).to_be_visible()
    tab_to(page, "input[type=number]")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Item 1", exact=True)).to_have_value("6")
    assert "Avoidance 3.17" in reading(page)


@pytest.mark.browser
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_and_a_phone_and_a_printed_page_show_it_whole(open_piece: Open, theme: str) -> None:
    page = open_piece(CONTENT, theme=theme)
    page.set_viewport_size({"width": 360, "height": 740})

    def look() -> None:
        expect_no_findings(page)
        expect_fit_for_a_phone(page)
        assert page.evaluate("""() => [...document.querySelectorAll(".es-piece *")].every((part) =>
            part.getBoundingClientRect().right <= document.querySelector(".es-piece").getBoundingClientRect().right)""")

    look()
    press(page, "Check my prediction")
    look()
    choose(page, "ecr-r")
    press(page, "Show me without a prediction")
    page.get_by_label("Item 3", exact=True).fill("9")
    look()
    press(page, "All 4")
    page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })")
    look()
    page.emulate_media(media="print")
    for selector in (".es-limits", ".es-reading", ".es-piece svg", ".es-piece table"):
        expect(page.locator(selector).first).to_be_visible()
    expect(page.get_by_role("button", name="All 4", include_hidden=True)).to_be_hidden()
