"""The page's side of storing: what is typed is never lost, and "Saved." is never said too early."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

TEXT = {
    "id": "reflection",
    "kind": "exercise",
    "type": "free-text",
    "title": "Question 1 of 1: A limit",
    "objective": "M4.1",
    "points": 1,
    "claims": [],
    "prompt": "Which limit did you soften?",
}


def status(page):
    return page.locator(".es-status")


def disk(page):
    return page.evaluate("JSON.parse(localStorage.getItem('test:disk') ?? '{}')")


def answer(page):
    return disk(page).get("answer", {}).get("value")


def waiting(page):
    """What the page keeps because the host has not acknowledged it."""
    return page.evaluate(
        "Object.keys(localStorage).filter((key) => key.startsWith('earned-security:unsaved:'))"
    )


def test_saved_is_said_only_after_the_host_shows_the_entry_back(open_piece):
    page = open_piece(TEXT, mode="silent")
    page.get_by_label("Your answer").fill("I took calls at night.")
    expect(status(page)).to_have_text("Saving…")
    expect(status(page)).to_contain_text("Not saved yet", timeout=8000)
    assert answer(page) is None
    page.evaluate("window.hostMode = 'acknowledge'")
    expect(status(page)).to_have_text("Saved.", timeout=8000)
    assert answer(page) == "I took calls at night."
    assert waiting(page) == []


def test_what_was_never_acknowledged_survives_a_reload_and_is_sent_on_opening(open_piece):
    page = open_piece(TEXT, mode="silent")
    page.get_by_label("Your answer").fill("I took calls at night.")
    page.goto(page.url.replace("silent", "acknowledge"))
    expect(page.get_by_label("Your answer")).to_have_value("I took calls at night.")
    expect(status(page)).to_have_text("Saved.")
    assert answer(page) == "I took calls at night."


def test_a_refusal_says_why_and_keeps_the_text(open_piece):
    page = open_piece(TEXT, mode="refuse")
    page.get_by_label("Your answer").fill("I took calls at night.")
    expect(status(page)).to_have_text("Not saved. The disk is full.")
    page.reload()
    expect(page.get_by_label("Your answer")).to_have_value("I took calls at night.")
    expect(status(page)).to_have_text("Not saved. The disk is full.")
    page.evaluate("window.hostMode = 'acknowledge'")
    expect(status(page)).to_have_text("Saved.", timeout=8000)


def test_an_acknowledgement_of_older_text_does_not_say_saved(open_piece):
    page = open_piece(TEXT)
    area = page.get_by_label("Your answer")
    area.fill("first")
    expect(status(page)).to_have_text("Saved.")
    page.evaluate("window.hostMode = 'silent'")
    area.fill("first and second")
    page.evaluate("window.model.take('entries', { ...window.model.get('entries') })")
    expect(status(page)).to_have_text("Saving…")
    expect(area).to_have_value("first and second")


def test_two_tabs_merge_what_each_of_them_answers(open_piece):
    one, other = open_piece(TEXT), open_piece(TEXT)
    one.get_by_label("Your answer").fill("from the first tab")
    expect(other.get_by_label("Your answer")).to_have_value("from the first tab")
    other.get_by_label("Your answer").fill("from the second tab")
    expect(one.get_by_label("Your answer")).to_have_value("from the second tab")
    expect(status(one)).to_have_text("Saved.")


def test_two_tabs_without_a_host_keep_what_each_of_them_has_to_send(open_piece, checklist):
    one, other = open_piece(checklist, mode="silent"), open_piece(checklist, mode="silent")
    one.get_by_role("checkbox", name="Predictable frame").check()
    other.get_by_role("checkbox", name="Attunement").check()
    assert len(waiting(one)) == 2
    one.close()
    other.goto(other.url.replace("silent", "acknowledge"))
    expect(other.get_by_role("checkbox", name="Predictable frame")).to_be_checked()
    expect(other.get_by_role("checkbox", name="Attunement")).to_be_checked()
    expect(status(other)).to_have_text("Saved.")
    assert set(disk(other)) == {"predictable-frame", "attunement"}


def test_the_host_taking_one_tabs_entry_leaves_the_other_tabs_waiting(open_piece, checklist):
    one, other = open_piece(checklist, mode="silent"), open_piece(checklist)
    one.get_by_role("checkbox", name="Predictable frame").check()
    other.get_by_role("checkbox", name="Attunement").check()
    expect(status(other)).to_have_text("Saved.")
    assert [key.rpartition("#")[2] for key in waiting(one)] == ["predictable-frame"]


def test_typing_keeps_focus_and_caret_when_entries_change_from_outside(open_piece):
    page = open_piece(TEXT)
    area = page.get_by_label("Your answer")
    area.fill("I took calls.")
    expect(status(page)).to_have_text("Saved.")
    area.evaluate("(area) => area.setSelectionRange(7, 7)")
    page.evaluate("window.hostMode = 'silent'")
    page.keyboard.type("night ")
    page.evaluate(
        "window.model.take('entries', { ...window.model.get('entries'), other: { value: 1, time: 1 } })"
    )
    page.keyboard.type("and day ")
    expect(area).to_be_focused()
    expect(area).to_have_value("I took night and day calls.")
    assert area.evaluate("(area) => area.selectionStart") == 21


def test_an_answer_from_another_tab_leaves_the_caret_where_it_is(open_piece):
    page = open_piece(TEXT)
    area = page.get_by_label("Your answer")
    area.fill("I took calls.")
    expect(status(page)).to_have_text("Saved.")
    area.evaluate("(area) => area.setSelectionRange(2, 2)")
    later = "{ answer: { value: 'I took calls, twice.', time: Date.now() + 9999 } }"
    page.evaluate(f"window.model.take('entries', {later})")
    expect(area).to_have_value("I took calls, twice.")
    assert area.evaluate("(area) => area.selectionStart") == 2


def test_typing_is_offered_when_it_pauses_and_at_once_on_leaving(open_piece):
    page = open_piece(TEXT)
    area = page.get_by_label("Your answer")
    area.press_sequentially("night calls", delay=5)
    area.blur()
    expect(status(page)).to_have_text("Saved.")
    assert page.evaluate("window.offers") == 1


def test_closing_offers_what_a_pause_in_typing_held_back(open_piece):
    page = open_piece(TEXT)
    page.get_by_label("Your answer").fill("night calls")
    page.evaluate("window.close()")
    page.wait_for_function("localStorage.getItem('test:disk')")
    assert answer(page) == "night calls"


def test_an_answer_made_with_a_clock_that_is_behind_still_wins(open_piece):
    page = open_piece(TEXT)
    page.evaluate("""localStorage.setItem('test:disk',
        JSON.stringify({ answer: { value: 'tomorrow', time: Date.now() + 86400000 } }))""")
    page.reload()
    page.get_by_label("Your answer").fill("today")
    expect(status(page)).to_have_text("Saved.")
    assert answer(page) == "today"


def test_a_damaged_queue_is_passed_over(open_piece):
    page = open_piece(TEXT)
    for damaged in ("{", "null", '"text"', '{"value": 1}', '{"time": "now", "value": 1}'):
        page.evaluate(
            "(text) => localStorage.setItem('earned-security:unsaved:test/reflection#answer', text)", damaged
        )
        page.reload()
        page.wait_for_selector("html[data-ready]")
        expect(page.get_by_label("Your answer")).to_have_value("")


def test_without_browser_storage_answers_still_reach_the_host(open_piece, context):
    page = open_piece(TEXT, mode="silent")
    page.evaluate("() => { Storage.prototype.setItem = () => { throw new Error('full') } }")
    page.get_by_label("Your answer").fill("night calls")
    expect(status(page)).to_have_text("Saving…")
    assert page.evaluate("window.model.get('outbox').entries?.answer?.value ?? null") is None
    page.get_by_label("Your answer").blur()
    assert page.evaluate("window.model.get('outbox').entries.answer.value") == "night calls"


def test_a_notice_about_the_file_is_shown_beside_the_status(open_piece, context):
    context.add_init_script("window.hostNotice = 'The answers file was set aside as responses.damaged.json.'")
    page = open_piece(TEXT)
    expect(status(page)).to_have_text("The answers file was set aside as responses.damaged.json.")
    page.get_by_label("Your answer").fill("again")
    expect(status(page)).to_contain_text("Saved. The answers file was set aside")


def test_one_text_is_announced_once(open_piece):
    page = open_piece(TEXT, mode="refuse")
    page.evaluate("""() => {
        window.said = [];
        new MutationObserver(() => window.said.push(document.querySelector('.es-status').textContent))
            .observe(document.querySelector('.es-status'), { childList: true });
    }""")
    page.get_by_label("Your answer").fill("night calls")
    page.wait_for_function("window.offers >= 3", timeout=15000)
    assert page.evaluate("window.said") == ["Saving…", "Not saved. The disk is full."]


def test_the_bundle_for_a_kernel_is_one_module_that_works_and_shares_what_it_imports(open_piece, context):
    context.add_init_script("window.bundleAddress = '/bundle/exercise.js'")
    page = open_piece(TEXT)
    page.get_by_label("Your answer").fill("night calls")
    expect(status(page)).to_have_text("Saved.")
    # JupyterLab must not take the piece's keys for its own.
    expect(page.get_by_label("Your answer")).to_have_attribute("data-lm-suppress-shortcuts", "true")
    before = page.evaluate("Object.keys(globalThis.earnedSecurityModules)")
    page.evaluate("import('/bundle/self-check.js')")
    page.wait_for_function(
        "Object.keys(earnedSecurityModules).some((name) => name.startsWith('self-check.js'))"
    )
    added = set(page.evaluate("Object.keys(globalThis.earnedSecurityModules)")) - set(before)
    files = {name.partition("#")[0] for name in added}
    assert "self-check.js" in files
    assert not files & {"common.js", "words.js", "answers.js"}, "what both import is in the page only once"
