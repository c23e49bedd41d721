"""Self-checks: choosing never answers, every option has its reason, the answer outlives a reload."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from earned_security.assessment.items import CHOICES, parts_field
from earned_security.curriculum import source
from earned_security.interactive import pieces, self_check
from earned_security.interactive.piece import UnknownPieceError

ENTRIES = [entry for name in source.names("self-checks") for entry in source.read(name)]
ONE = {
    "id": "check-one",
    "kind": "self-check",
    "type": "choose-one",
    "title": "Self-check: Which line validates?",
    "objective": "M4.3",
    "points": 1,
    "prompt": "Which line validates?",
    "options": [
        {"id": "a", "text": "It makes sense."},
        {"id": "b", "text": "I agree."},
        {"id": "c", "text": "No."},
    ],
    "key": "a",
    "rationales": {
        "a": "It links feeling and context.",
        "b": "Misconception: agreement.",
        "c": "It dismisses.",
    },
    "claims": [
        {
            "id": "validation-lab",
            "statement": "A statement.",
            "grade": "preliminary",
            "caveat": "A caveat.",
            "figures_checked": False,
            "works": [
                {"label": "Shenk, 2011", "title": "T", "address": "https://doi.org/1", "from_memory": False}
            ],
        }
    ],
}
MANY = {**ONE, "id": "check-many", "type": "choose-many", "key": ["a", "c"], "claims": []}


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["id"])
def test_the_page_gets_a_reason_for_every_option_and_every_claim_in_full(entry):
    content = self_check.content(entry["id"])
    assert json.loads(json.dumps(content)) == content
    parts = parts_field(entry["type"])
    assert set(content["rationales"]) == ({part["id"] for part in entry[parts]} if parts else {""})
    assert content["key"] == entry["key"]
    assert [claim["id"] for claim in content["claims"]] == entry["claims"]
    assert all(claim["statement"] and claim["works"] for claim in content["claims"])


def test_an_unknown_self_check_is_named():
    with pytest.raises(UnknownPieceError, match="“m4-sc-none”"):
        self_check.content("m4-sc-none")


def check(page):
    page.get_by_role("button", name="Check my answer").click()


def feedback(page):
    return page.locator(".es-piece > [role=status]").first


@pytest.mark.browser
def test_choosing_and_arrow_keys_never_answer(open_piece):
    page = open_piece(ONE)
    page.get_by_role("radio").first.focus()
    for _ in range(4):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    page.wait_for_timeout(100)
    expect(feedback(page)).to_be_empty()
    assert page.evaluate("localStorage.getItem('test:disk')") is None


@pytest.mark.browser
def test_answering_without_a_choice_asks_for_one(open_piece):
    page = open_piece(ONE)
    check(page)
    expect(feedback(page)).to_have_text("Choose an answer first.")


@pytest.mark.browser
def test_by_keyboard_alone_an_answer_its_feedback_and_another_try(open_piece):
    page = open_piece(ONE)
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")  # from the first option to the second
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(feedback(page)).to_contain_text("Not supported.")
    expect(feedback(page)).to_contain_text("Misconception: agreement.")
    expect(page.get_by_role("button", name="Try again")).to_be_focused()
    page.keyboard.press("Enter")
    expect(feedback(page)).to_be_empty()
    expect(page.get_by_role("radio").first).to_be_focused()
    expect(page.get_by_role("radio", checked=True)).to_have_count(0)


@pytest.mark.browser
def test_the_reason_for_every_option_can_be_opened(open_piece):
    page = open_piece(ONE)
    page.get_by_label("It makes sense.").check()
    check(page)
    expect(feedback(page)).to_contain_text("Supported.")
    every = page.locator("details").first
    expect(every.get_by_text("It dismisses.")).to_be_hidden()
    page.get_by_text("What about each answer?").click()
    for option in ONE["options"]:
        expect(every).to_contain_text(option["text"])
        expect(every).to_contain_text(ONE["rationales"][option["id"]])
    verdicts = every.locator(".es-feedback strong").all_inner_texts()
    assert verdicts == ["Supported.", "Not supported.", "Not supported."]
    page.get_by_text("What this rests on").click()
    basis = page.locator(".es-basis")
    expect(basis).to_contain_text("Evidence: preliminary. A statement. Numbers to be re-read at source.")
    expect(basis.get_by_role("link", name="Shenk, 2011")).to_have_attribute("href", "https://doi.org/1")


@pytest.mark.browser
@pytest.mark.parametrize(
    ("chosen", "summary"),
    [
        ("ac", "You chose all the supported answers and no other."),
        ("a", "You chose 1 of 2 supported answers, and 0 not supported."),
        ("ab", "You chose 1 of 2 supported answers, and 1 not supported."),
        ("abc", "You chose 2 of 2 supported answers, and 1 not supported."),
        ("b", "You chose 0 of 2 supported answers, and 1 not supported."),
    ],
)
def test_several_answers_are_counted_both_ways(open_piece, chosen, summary):
    page = open_piece(MANY)
    for option in chosen:
        page.locator(f"input[value={option}]").check()
    check(page)
    expect(feedback(page)).to_contain_text(summary)
    shown = feedback(page).locator(".es-feedback")
    expect(shown).to_have_count(len(chosen))


@pytest.mark.browser
def test_answer_and_feedback_are_there_after_a_reload_and_in_another_tab(open_piece):
    page, other = open_piece(MANY), open_piece(MANY)
    page.locator("input[value=b]").check()
    page.locator("input[value=c]").check()
    check(page)
    expect(page.locator(".es-status")).to_have_text("Saved.")
    page.reload()
    for tab in (page, other):
        expect(tab.locator("input[value=b]")).to_be_checked()
        expect(feedback(tab)).to_contain_text("You chose 1 of 2")
    other.get_by_role("button", name="Try again").click()
    expect(feedback(page)).to_be_empty()


@pytest.mark.browser
def test_changing_the_choice_takes_the_old_feedback_away(open_piece):
    page = open_piece(ONE)
    page.get_by_label("I agree.").check()
    check(page)
    page.get_by_label("It makes sense.").check()
    expect(feedback(page)).to_be_empty()
    check(page)
    expect(feedback(page)).to_contain_text("Supported.")


@pytest.mark.browser
@pytest.mark.parametrize("stored", ["gone", ["a"], 7, {"a": 1}, None])
def test_a_stored_answer_that_no_longer_fits_is_no_answer(open_piece, context, stored):
    entry = json.dumps({"answer": {"value": stored, "time": 1}})
    context.add_init_script(f"localStorage.setItem('test:disk', {json.dumps(entry)})")
    page = open_piece(ONE)
    expect(feedback(page)).to_be_empty()
    expect(page.get_by_role("radio", checked=True)).to_have_count(0)


@pytest.mark.browser
def test_every_choice_of_the_course_answers_every_option(open_piece):
    for entry in ENTRIES:
        if entry["type"] not in CHOICES:
            continue  # the other types: test_every_type.py
        page = open_piece(pieces.content(entry["id"]))
        for option in entry["options"]:
            page.locator(f"input[value={option['id']}]").check()
            check(page)
            right = (
                option["id"] in [entry["key"]]
                if isinstance(entry["key"], str)
                else option["id"] in entry["key"]
            )
            verdict = feedback(page).locator(".es-feedback strong").first
            expect(verdict).to_have_text("Supported." if right else "Not supported.")
            page.get_by_role("button", name="Try again").click()
        assert "undefined" not in page.locator("section.es-piece").inner_text()
        page.close()
