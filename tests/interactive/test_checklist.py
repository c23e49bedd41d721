"""The strategy checklist: everything in it, and ticks and notes that are never lost."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import expect

from earned_security.curriculum import load, source
from earned_security.interactive import checklist as checklist_piece
from earned_security.interactive.piece import UnknownPieceError


def test_every_strategy_has_every_field_of_the_file(checklist):
    written = {entry["id"]: entry for entry in source.read("strategies")}
    shown = {strategy["id"]: strategy for strategy in checklist["strategies"]}
    assert list(shown) == list(written)
    for name, entry in written.items():
        for field in set(entry) - {"citations", "group"}:
            assert shown[name][field] == entry[field], (name, field)
        group = next(group for group in checklist["groups"] if group["id"] == shown[name]["group"])
        assert group["title"] == entry["group"]


def test_citations_are_author_and_year_with_a_link(checklist):
    references = load().references
    validation = next(one for one in checklist["strategies"] if one["id"] == "nonjudgemental-validation")
    assert validation["citations"][0] == {
        "label": "Shenk & Fruzzetti, 2011",
        "title": references["shenk2011"].title,
        "address": f"https://doi.org/{references['shenk2011'].fields['doi']}",
        "from_memory": False,
    }
    assert any(citation["from_memory"] for one in checklist["strategies"] for citation in one["citations"])


def test_the_content_is_json_and_knows_only_itself(checklist):
    assert json.loads(json.dumps(checklist)) == checklist
    with pytest.raises(UnknownPieceError, match="no checklist called “other”"):
        checklist_piece.content("other")


@pytest.fixture
def page(open_piece, checklist):
    return open_piece(checklist)


def tick(page, name):
    return page.get_by_role("checkbox", name=name)


def note(page, name):
    return page.get_by_label(f"Your note: {name}")


def details(page, name):
    return page.get_by_text(re.compile(f"^Details and note: {name}"))


def saved(page):
    expect(page.locator(".es-status")).to_have_text("Saved.")


def said(page, text):
    expect(page.locator(".es-keeping").get_by_role("status")).to_contain_text(text)


def upload(page, data, name="strategy-checklist.json"):
    text = data if isinstance(data, str) else json.dumps(data)
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "application/json", "buffer": text.encode()}
    )


def download(page):
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save as a file").click()
    return json.loads(waiting.value.path().read_text(encoding="utf-8"))


@pytest.mark.browser
def test_all_fields_can_be_read(page, checklist):
    details(page, "Predictable frame").click()
    item = page.locator("li.es-strategy").first
    strategy = checklist["strategies"][0]
    for text in [
        strategy["what_it_looks_like"],
        strategy["when_to_use"],
        strategy["when_not_to_use_or_cautions"],
        *strategy["typical_errors"],
        strategy["observable_marker"],
        strategy["grade_is_for"],
        strategy["named_in_source_as"],
        "Evidence: clinical consensus.",
        "Sources C, D, E",
        "early-phase",
        *(citation["title"] for citation in strategy["citations"]),
    ]:
        expect(item).to_contain_text(text)
    cited = item.get_by_role("link")
    assert cited.evaluate_all("(links) => links.map((link) => link.textContent)") == [
        citation["label"] for citation in strategy["citations"] if citation["address"]
    ]
    assert "undefined" not in page.locator("section.es-piece").inner_text()


@pytest.mark.browser
def test_filters_narrow_by_pattern_group_and_tick(page, checklist):
    count = page.locator(".es-count")
    expect(count).to_have_text("46 of 46 strategies shown, 0 ticked.")
    tick(page, "Attunement").check()
    page.get_by_label("Client pattern").select_option("dissociative")
    fits = [one for one in checklist["strategies"] if "dissociative" in one["fits_client_patterns"]]
    expect(count).to_have_text(f"{len(fits)} of 46 strategies shown, 1 ticked.")
    page.get_by_role("combobox", name="Group").select_option("1")
    fits = [one for one in fits if one["group"] == "1"]
    visible = page.locator("li.es-strategy:visible strong").all_inner_texts()
    assert visible == [one["name"] for one in fits]
    page.get_by_label("Only those I ticked").check()
    expect(page.get_by_text("No strategy fits all of these.")).to_be_visible()
    page.get_by_label("Client pattern").select_option("")
    page.get_by_role("combobox", name="Group").select_option("")
    expect(count).to_have_text("1 of 46 strategies shown, 1 ticked.")
    # What is unticked stays in place until the person filters again.
    tick(page, "Attunement").uncheck()
    expect(tick(page, "Attunement")).to_be_visible()


@pytest.mark.browser
def test_ticks_and_notes_outlive_a_reload_one_entry_for_each_strategy(page):
    tick(page, "Predictable frame").check()
    details(page, "Attunement").click()
    note(page, "Attunement").fill("slower")
    expect(page.locator("li.es-strategy", has=note(page, "Attunement"))).to_contain_text("has a note")
    saved(page)
    page.reload()
    expect(tick(page, "Predictable frame")).to_be_checked()
    expect(note(page, "Attunement")).to_have_value("slower")
    disk = page.evaluate("JSON.parse(localStorage.getItem('test:disk'))")
    assert {name: entry["value"] for name, entry in disk.items()} == {
        "predictable-frame": {"ticked": True, "note": ""},
        "attunement": {"ticked": False, "note": "slower"},
    }


@pytest.mark.browser
def test_a_warning_against_identifying_details_stands_beside_every_note(page, checklist):
    described = page.evaluate("""[...document.querySelectorAll("textarea")].map((note) =>
        document.getElementById(note.getAttribute("aria-describedby")).textContent)""")
    assert len(described) == len(checklist["strategies"])
    assert all("by which a person could be recognised" in text for text in described)


@pytest.mark.browser
def test_a_file_brings_everything_back_after_erasing(page):
    tick(page, "Predictable frame").check()
    details(page, "Attunement").click()
    note(page, "Attunement").fill("slower")
    data = download(page)
    said(page, "1 ticks and 1 notes")
    assert set(data["entries"]) == {"predictable-frame", "attunement"}
    page.get_by_role("button", name="Erase everything").click()
    page.get_by_role("button", name="Yes, erase").click()
    said(page, "All ticks and notes are erased.")
    expect(tick(page, "Predictable frame")).not_to_be_checked()
    upload(page, data)
    said(page, "Loaded 1 ticks and 1 notes.")
    expect(tick(page, "Predictable frame")).to_be_checked()
    expect(note(page, "Attunement")).to_have_value("slower")
    saved(page)


@pytest.mark.browser
def test_loading_loses_neither_tick_nor_note(page):
    tick(page, "Mirroring").check()
    details(page, "Attunement").click()
    note(page, "Attunement").fill("mine")
    data = download(page)
    data["entries"] = {"attunement": {"ticked": True, "note": "theirs"}, "gone": {"ticked": True, "note": ""}}
    for _ in range(2):  # loading twice adds nothing
        upload(page, data)
        said(page, "Left out, because this checklist does not have them: gone.")
    expect(tick(page, "Mirroring")).to_be_checked()
    expect(tick(page, "Attunement")).to_be_checked()
    expect(note(page, "Attunement")).to_have_value("mine\n\ntheirs")


ENTRY = {"ticked": True, "note": ""}
GOOD = {"format": "earned-security-strategy-checklist", "version": 1, "entries": {"attunement": ENTRY}}


@pytest.mark.browser
@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("not JSON {", "It is not a file that this checklist saved"),
        ("", "It is not a file that this checklist saved"),
        ("null", "It does not come from this checklist."),
        ([1, 2], "It does not come from this checklist."),
        ({**GOOD, "format": "something-else"}, "It does not come from this checklist."),
        ({**GOOD, "entries": [ENTRY]}, "It does not come from this checklist."),
        ({**GOOD, "version": 2}, "saved by a newer version"),
        ({**GOOD, "entries": {"attunement": ENTRY, "mirroring": "yes"}}, "Its entry “mirroring”"),
        ({**GOOD, "entries": {"mirroring": {"ticked": 1, "note": ""}}}, "Its entry “mirroring”"),
        ({**GOOD, "entries": {"mirroring": {"ticked": True, "note": "x" * 5000}}}, "Its entry “mirroring”"),
        ({**GOOD, "padding": "x" * 1_000_001}, "larger than one megabyte"),
    ],
)
def test_a_bad_file_is_refused_with_its_reason_and_nothing_is_lost(page, data, reason):
    tick(page, "Predictable frame").check()
    saved(page)
    before = page.evaluate("localStorage.getItem('test:disk')")
    upload(page, data)
    said(page, "nothing was changed")
    said(page, reason)
    assert page.evaluate("localStorage.getItem('test:disk')") == before
    expect(tick(page, "Attunement")).not_to_be_checked()


@pytest.mark.browser
def test_erasing_asks_in_the_page_and_no_or_escape_keeps_everything(page):
    erase = page.get_by_role("button", name="Erase everything")
    erase.click()
    said(page, "nothing to erase")
    tick(page, "Predictable frame").check()
    for leave in (lambda: page.keyboard.press("Enter"), lambda: page.keyboard.press("Escape")):
        erase.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="No, keep them")).to_be_focused()
        leave()
        expect(page.get_by_role("group", name=re.compile("^Erase all your ticks"))).to_be_hidden()
        expect(erase).to_be_focused()
    expect(tick(page, "Predictable frame")).to_be_checked()


@pytest.mark.browser
def test_printing_puts_what_is_shown_on_one_page_and_leaves_the_page_as_it_was(page):
    tick(page, "Predictable frame").check()
    page.evaluate("window.printed = 0; window.print = () => { window.printed += 1; }")
    page.get_by_role("button", name="Print what is shown").click()
    page.emulate_media(media="print")
    sheet = page.locator(".es-print-sheet")
    assert sheet.locator("li").count() == 46
    expect(sheet).to_contain_text("☑ Predictable frame")
    expect(sheet).to_contain_text("☐ Attunement")
    expect(page.locator("section.es-piece")).to_be_hidden()
    printing = page.get_by_role("button", name="Print what is shown", include_hidden=True)
    for paper in ("A4", "Letter"):
        printing.evaluate("(button) => button.click()")
        assert page.pdf(format=paper).count(b"/Type /Page\n") == 1
        expect(sheet).to_have_count(0)
    page.emulate_media(media="screen")
    page.get_by_label("Only those I ticked").check()
    page.get_by_role("button", name="Print what is shown").click()
    assert page.locator(".es-print-sheet li").count() == 1
