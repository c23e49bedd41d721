"""Every type of item, as an exercise and as a self-check: by keyboard alone, with feedback for each part."""

from __future__ import annotations

import pytest
from playing import entries, expect_stored, tab_to
from playwright.sync_api import expect
from strategies import BANK_OF_ALL_TYPES, best_play, right

from earned_security import cases
from earned_security.assessment.items import TYPES, split
from earned_security.assessment.marking import mark
from earned_security.curriculum import load, source
from earned_security.interactive import self_check

ENTRIES = source.read_document(BANK_OF_ALL_TYPES).data["items"]
FIRST = {type_: next(entry for entry in ENTRIES if entry["type"] == type_) for type_ in TYPES}
ANSWERED_IN_THE_PAGE = [type_ for type_ in TYPES if type_ != "play-case"]  # that one has tests of its own

each_type = pytest.mark.parametrize("type_", ANSWERED_IN_THE_PAGE)


def as_exercise(entry):
    return {**split(entry)[0].public(), "kind": "exercise"}


def as_self_check(entry, **more):
    known = next(iter(load().claims))
    return self_check.of_entry({**entry, "claims": [known], **more}, load())


def answer_by_keyboard(page, type_):
    """Give some whole answer with keys alone."""
    if type_ == "choose-one":
        tab_to(page, "[type=radio]")
        page.keyboard.press("ArrowDown")
    elif type_ in ("choose-many", "mark-passages"):
        tab_to(page, "[type=checkbox]")
        page.keyboard.press("Space")
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
    elif type_ == "match":
        for _ in range(3):
            tab_to(page, "select")
            page.keyboard.press("ArrowDown")
    elif type_ == "classify":
        for _ in range(4):
            tab_to(page, "[type=radio]")
            page.keyboard.press("Space")
            page.keyboard.press("ArrowDown")
    elif type_ == "order":
        tab_to(page, "[aria-label^='Move down']")
        page.keyboard.press("Enter")
        page.keyboard.press("Space")
    elif type_ == "scale":
        tab_to(page, "[type=range]")
        page.keyboard.press("ArrowRight")
    else:
        tab_to(page, "input[inputmode], textarea")
        page.keyboard.type("12")
        page.keyboard.press("Tab")


def status(page):
    return page.locator(".es-status")


def feedback(page):
    return page.locator(".es-piece > [role=status]:not(.es-status)").first


def stored(page):
    return entries(page).get("answer", {}).get("value")


@pytest.mark.browser
@each_type
def test_an_exercise_is_answered_by_keyboard_alone_and_saved_is_announced(open_piece, type_):
    page = open_piece(as_exercise(FIRST[type_]))
    assert status(page).get_attribute("role") == "status"
    answer_by_keyboard(page, type_)
    expect(status(page)).to_have_text("Saved.")
    item, key = split(FIRST[type_])
    result = mark(item, key, stored(page))
    assert result.details["answered"], result.reason
    assert page.evaluate("document.querySelectorAll('.es-feedback, [data-verdict]').length") == 0


@pytest.mark.browser
@each_type
def test_a_self_check_is_answered_by_keyboard_alone(open_piece, type_):
    page = open_piece(as_self_check(FIRST[type_]))
    answer_by_keyboard(page, type_)
    page.wait_for_timeout(60)
    expect(feedback(page)).to_be_empty()  # no key but the button's asks for the feedback
    assert stored(page) is None
    tab_to(page, "button.es-primary")
    page.keyboard.press("Enter")
    expect(feedback(page)).not_to_be_empty()
    expect(status(page)).to_have_text("Saved.")
    item, key = split(FIRST[type_])
    assert mark(item, key, stored(page)).details["answered"]
    again = page.get_by_role("button", name="Write on" if type_ == "free-text" else "Try again")
    expect(again).to_be_focused()
    page.keyboard.press("Enter")
    expect(feedback(page)).to_be_empty()
    assert page.evaluate("document.activeElement.matches('input, select, textarea, li button')")
    page.wait_for_function("JSON.parse(localStorage.getItem('test:disk')).answer.value === null")
    assert "undefined" not in page.locator("section.es-piece").inner_text()


@pytest.mark.browser
@each_type
def test_feedback_without_an_answer_asks_for_one(open_piece, type_):
    page = open_piece(as_self_check(FIRST[type_]))
    page.locator("button.es-primary").click()
    expect(feedback(page)).to_contain_text("answer first.")
    assert stored(page) is None


def put(page, answer):
    page.evaluate("(value) => window.model.take('entries', { answer: { value, time: 1 } })", answer)


def verdicts(page):
    boxes = feedback(page).locator(".es-feedback")
    return [box.get_attribute("data-verdict") for box in boxes.all()]


@pytest.mark.browser
@each_type
def test_a_right_answer_is_called_right_in_every_part(open_piece, type_):
    page = open_piece(as_self_check(FIRST[type_]))
    item, key = split(FIRST[type_])
    put(page, "A text of mine." if type_ == "free-text" else right(item, key))
    expect(feedback(page)).not_to_be_empty()
    assert "poor" not in verdicts(page)
    if type_ not in ("free-text", "order"):
        assert "good" in verdicts(page)


WRONG = {
    "choose-one": ("screen", ["poor"]),
    "choose-many": (["table", "doubts"], ["good", "poor"]),
    "match": ({"answers": "responses", "questions": "notebook"}, ["good", "poor", None]),
    "classify": ({"numeric": "person", "match": "course"}, ["poor", None, None, "good"]),
    "order": (["save", "open", "answer", "submit"], ["poor"]),
    "scale": (3, ["poor"]),
    "numeric": (167, ["poor"]),
    "mark-passages": (["p1", "p2"], ["good", "poor"]),
}


@pytest.mark.browser
@pytest.mark.parametrize("type_", WRONG)
def test_each_part_is_judged_by_itself(open_piece, type_):
    answer, expected = WRONG[type_]
    page = open_piece(as_self_check(FIRST[type_]))
    put(page, answer)
    expect(feedback(page)).not_to_be_empty()
    assert verdicts(page) == expected
    for rationale in split(FIRST[type_])[1].rationales.values():
        if type_ in ("match", "classify", "scale", "numeric"):
            expect(feedback(page)).to_contain_text(rationale)
    if type_ == "order":
        expect(feedback(page)).to_contain_text("2 of 3 pairs of steps")
        expect(feedback(page)).to_contain_text("A step that keeps people safe is out of place.")
        expect(feedback(page)).to_contain_text("“Answer” comes before “See that everything is saved”.")


@pytest.mark.browser
@pytest.mark.parametrize("type_", WRONG)
def test_neutral_feedback_gives_reasons_and_no_verdict(open_piece, type_):
    answer, _ = WRONG[type_]
    page = open_piece(as_self_check(FIRST[type_], feedback="neutral"))
    put(page, answer)
    expect(feedback(page)).not_to_be_empty()
    assert set(verdicts(page)) <= {None}
    text = page.locator("section.es-piece").inner_text()
    assert not any(word in text for word in ("upported", "looked for", "out of place", "comes before"))
    reasons = page.locator("section.es-piece").text_content()
    shown = [reason for reason in split(FIRST[type_])[1].rationales.values() if reason in reasons]
    assert shown


@pytest.mark.browser
def test_a_near_place_on_a_scale_is_said_to_be_near(open_piece):
    entry = next(entry for entry in ENTRIES if entry["id"] == "all-scale-minutes")
    page = open_piece(as_self_check(entry))
    put(page, 25)
    expect(feedback(page)).to_contain_text("It is near the range looked for.")
    assert verdicts(page) == [None]


@pytest.mark.browser
def test_a_text_is_compared_with_a_model_answer_and_is_not_lost(open_piece):
    entry = FIRST["free-text"]
    page = open_piece(as_self_check(entry))
    page.get_by_label("Your answer").fill("I read in the morning.")
    expect_stored(page, "I read in the morning.")
    page.reload()
    page.wait_for_selector("html[data-ready]")
    expect(page.get_by_label("Your answer")).to_have_value("I read in the morning.")
    page.get_by_role("button", name="Compare with a model answer").click()
    expect(feedback(page)).to_contain_text(entry["model_answer"])
    expect(feedback(page)).to_contain_text(entry["rubric"][0]["criterion"])
    page.get_by_role("button", name="Write on").click()
    expect(page.get_by_label("Your answer")).to_have_value("I read in the morning.")


@pytest.mark.browser
@each_type
def test_a_stored_answer_that_does_not_fit_is_no_answer(open_piece, type_):
    page = open_piece(as_self_check(FIRST[type_]))
    for odd in (
        "gone",
        ["gone"],
        [],
        {"gone": "gone"},
        {"answers": {"a": 1}},
        [[1]],
        True,
        7 if type_ not in ("scale", "numeric") else "7",
    ):
        if type_ == "free-text" and odd == "gone":
            continue
        put(page, odd)
        expect(feedback(page)).to_be_empty()
        expect(page.locator("button.es-primary")).to_be_visible()


@pytest.mark.browser
def test_a_played_case_says_at_its_ending_what_the_rules_say(open_piece):
    content = as_self_check(next(entry for entry in ENTRIES if entry["id"] == "all-play-repair"))
    page = open_piece(content)
    expect(feedback(page)).to_be_empty()
    best = best_play(cases.load("tomasz"))
    page.evaluate("(value) => window.model.take('entries', { play: { value, time: 1 } })", best)
    said = page.get_by_text("By the rules of marking")
    expect(said).to_be_visible()
    expect(page.get_by_text("Together 100 hundredths of the points.")).to_be_visible()
    shorter = {**best, "path": best["path"][:-1]}
    page.evaluate("(value) => window.model.take('entries', { play: { value, time: 2 } })", shorter)
    expect(said).to_be_hidden()


@pytest.mark.browser
def test_the_page_and_the_marking_agree_on_played_cases(open_piece):
    from earned_security.cases.walks import random_play

    case = cases.load("tomasz")
    entry = next(entry for entry in ENTRIES if entry["id"] == "all-play-repair")
    item, key = split(entry)
    page = open_piece(as_self_check(entry))
    for seed in range(25):
        play = cases.to_stored(case, random_play(case, seed))
        text = page.evaluate(
            """async (play) => {
                const { debrief, fromStored } = await import("/models/case-play.js");
                const { byTheRules } = await import("/self-check-case.js");
                const graph = window.model.get("content").case_content;
                return byTheRules(debrief(graph, fromStored(graph, play).play), 0.25);
            }""",
            play,
        )
        points = mark(item, key, play).points
        if "failed safety" in text:
            assert points == 0
        else:
            hundredths = float(text.split("Together ")[1].split()[0])
            assert points == pytest.approx(item.points * hundredths / 100, abs=0.011)
