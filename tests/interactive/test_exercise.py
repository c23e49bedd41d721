"""Graded exercises: every type can be answered, nothing is said about the answer, and no key is near."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from earned_security.interactive import exercise
from earned_security.interactive.exercise import Exercises, ExercisesError
from earned_security.interactive.piece import Message


def options(*texts):
    return [{"id": "abcdef"[index], "text": text} for index, text in enumerate(texts)]


def item(type_, **fields):
    public = {
        "type": type_,
        "title": "A limit",
        "objective": "M4.3",
        "points": 2,
        "claims": [],
        "prompt": "What now?",
    }
    return {"id": f"x-{type_}", **public, **fields}


ITEMS = {
    entry["type"]: entry
    for entry in [
        item("choose-one", options=options("Ask", "Wait", "Refer")),
        item("choose-many", options=options("Ask", "Wait", "Refer")),
        item("match", entries=options("Shame", "Fear"), options=options("Slow down", "Orient")),
        item(
            "classify",
            entries=options("I agree.", "It makes sense."),
            options=options("Validation", "Agreement"),
        ),
        item("order", options=options("Ask", "Stay", "Decide")),
        item("scale", scale={"min": 0, "max": 100, "step": 5, "low": "no study", "high": "many trials"}),
        item("numeric", unit="minutes"),
        item(
            "mark-passages",
            passages=[
                {"id": "a", "speaker": "Therapist", "text": "You waited long."},
                {"id": "b", "speaker": "Client", "text": "It was nothing."},
            ],
        ),
        item("free-text"),
    ]
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    data = {"assignment": "building-safety", "items": list(ITEMS.values())}
    (tmp_path / "items.json").write_text(json.dumps(data), encoding="utf-8")
    return tmp_path


def test_an_exercise_shows_the_public_item_and_its_place(folder):
    piece = exercise("x-choose-many")
    assert piece.content == {
        **ITEMS["choose-many"],
        "kind": "exercise",
        "title": "Question 2 of 9: A limit",
    }
    assert piece.entries == {}


def test_an_answer_is_kept_beside_the_notebook_under_the_items_name(folder):
    exercise("x-choose-one").outbox = {"attempt": 1, "entries": {"answer": {"value": "b", "time": 5}}}
    stored = json.loads((folder / "responses.json").read_text(encoding="utf-8"))
    assert stored["assignment"] == "building-safety"
    assert stored["entries"] == {"x-choose-one/answer": {"value": "b", "time": 5}}
    assert exercise("x-choose-one").entries == {"answer": {"value": "b", "time": 5}}


def test_a_key_in_the_file_never_reaches_the_page(folder):
    leaky = {**ITEMS["choose-one"], "key": "a", "rationale": "because"}
    leaky["options"] = [{**option, "rationale": "secret"} for option in leaky["options"]]
    (folder / "items.json").write_text(json.dumps({"items": [leaky]}), encoding="utf-8")
    shown = json.dumps(exercise("x-choose-one").content)
    assert not any(word in shown for word in ("key", "rationale", "secret", "because"))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (None, "is not in this folder"),
        ("{", "is damaged: it is not valid JSON"),
        ("\udcff", "is damaged: it is not valid JSON"),
        ("[" * 100_000, "is damaged: it is not valid JSON"),
        ("[]", "is damaged: it holds no list of items"),
        ('{"items": {}}', "is damaged: it holds no list of items"),
        ('{"items": [1]}', "is damaged: an item in it is not complete"),
        ('{"items": [{"id": "x-choose-one"}]}', "is damaged: an item in it is not complete"),
        ('{"items": []}', "has no exercise called “x-choose-one”"),
    ],
)
def test_a_file_that_cannot_be_used_is_said_in_words(folder, text, reason):
    path = folder / "items.json"
    path.unlink()
    if text is not None:
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
    shown = exercise("x-choose-one")
    assert isinstance(shown, Message)
    assert reason in repr(shown)
    assert not (folder / "responses.json").exists()


def test_exercises_of_another_folder_can_be_read(folder, tmp_path_factory, monkeypatch):
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    assert list(Exercises(folder).items) == [entry["id"] for entry in ITEMS.values()]
    with pytest.raises(ExercisesError, match="no exercise called"):
        Exercises(folder).content("other")


@pytest.fixture
def show(open_piece):
    return lambda type_, **more: open_piece({**ITEMS[type_], "kind": "exercise", **more})


def saved(page):
    expect(page.locator(".es-status")).to_have_text("Saved.")
    return page.evaluate("JSON.parse(localStorage.getItem('test:disk')).answer.value")


def reopened(page):
    page.reload()
    page.wait_for_selector("html[data-ready]")
    assert "undefined" not in page.locator("section.es-piece").inner_text()


@pytest.mark.browser
def test_choose_one(show):
    page = show("choose-one")
    page.get_by_label("Wait").check()
    assert saved(page) == "b"
    reopened(page)
    expect(page.get_by_label("Wait")).to_be_checked()


@pytest.mark.browser
@pytest.mark.parametrize("type_", ["choose-many", "mark-passages"])
def test_choose_many_and_mark_passages(show, type_):
    page = show(type_)
    boxes = page.get_by_role("checkbox")
    boxes.nth(1).check()
    boxes.nth(0).check()
    assert saved(page) == ["a", "b"]
    reopened(page)
    expect(boxes.nth(0)).to_be_checked()
    boxes.nth(0).uncheck()
    boxes.nth(1).uncheck()
    assert saved(page) is None


@pytest.mark.browser
def test_match_with_a_list_for_each_entry(show):
    page = show("match")
    page.get_by_label("Fear").select_option("Orient")
    assert saved(page) == {"b": "b"}
    page.get_by_label("Shame").select_option("Orient")
    assert saved(page) == {"a": "b", "b": "b"}
    reopened(page)
    expect(page.get_by_label("Fear")).to_have_value("b")
    page.get_by_label("Fear").select_option("Choose…")
    assert saved(page) == {"a": "b"}


@pytest.mark.browser
def test_match_with_texts_too_long_for_a_list_shows_them_whole(show):
    long = "Remember one small thing that was said, and name it at the start of the next session"
    page = show("match", options=options("Slow down", long))
    page.get_by_role("group", name="Fear").get_by_label(long).check()
    assert saved(page) == {"b": "b"}


@pytest.mark.browser
def test_classify(show):
    page = show("classify")
    page.get_by_role("group", name="I agree.").get_by_label("Agreement").check()
    assert saved(page) == {"a": "b"}
    reopened(page)
    expect(page.get_by_role("group", name="I agree.").get_by_label("Agreement")).to_be_checked()
    expect(page.get_by_role("radio", checked=True)).to_have_count(1)


@pytest.mark.browser
def test_an_order_is_an_answer_only_once_it_was_moved_or_kept(show):
    page = show("order")
    expect(page.get_by_text("Not answered yet.")).to_be_visible()
    assert page.evaluate("localStorage.getItem('test:disk')") is None
    page.get_by_role("button", name="Keep this order").click()
    assert saved(page) == ["a", "b", "c"]
    expect(page.get_by_text("This order is your answer.")).to_be_visible()


@pytest.mark.browser
def test_order_by_keyboard_keeps_the_focus_on_what_moves(show):
    page = show("order")
    page.get_by_role("button", name="Move down: Ask").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Move down: Ask")).to_be_focused()
    page.keyboard.press("Enter")
    # At the end there is no way further down.
    expect(page.get_by_role("button", name="Move down: Ask")).to_be_disabled()
    expect(page.get_by_role("button", name="Move up: Ask")).to_be_focused()
    expect(page.locator("[aria-live]")).to_have_text("Now in place 3 of 3.")
    assert saved(page) == ["b", "c", "a"]
    expect(page.get_by_role("button", name="Move up: Ask")).to_be_focused()
    reopened(page)
    assert page.locator("li > span:first-child").all_inner_texts() == ["Stay", "Decide", "Ask"]


@pytest.mark.browser
def test_a_scale_stands_in_the_middle_but_that_is_no_answer(show):
    page = show("scale")
    expect(page.get_by_text("No answer yet.")).to_be_visible()
    assert page.evaluate("localStorage.getItem('test:disk')") is None
    page.get_by_role("slider").focus()
    page.keyboard.press("ArrowRight")
    assert saved(page) == 55
    expect(page.get_by_label("Number")).to_have_value("55")
    page.get_by_label("Number").fill("50")
    assert saved(page) == 50
    expect(page.get_by_role("slider")).to_have_value("50")
    page.get_by_label("Number").fill("120")
    page.get_by_label("Number").blur()
    expect(page.get_by_text("Write a number from 0 to 100.")).to_be_visible()
    assert saved(page) == 50
    reopened(page)
    expect(page.get_by_role("slider")).to_have_value("50")


@pytest.mark.browser
@pytest.mark.parametrize(
    ("typed", "value"),
    [("12", 12), (" 12.5 ", 12.5), ("12,5", 12.5), ("-3", -3), ("−3", -3), (".5", 0.5), ("1e3", None)],
)
def test_a_number_is_read_as_it_is_meant(show, typed, value):
    page = show("numeric")
    page.get_by_label("Number").fill(typed)
    page.get_by_label("Number").blur()
    if value is None:
        expect(page.get_by_text("cannot be read as one number")).to_be_visible()
    else:
        assert saved(page) == value
        expect(page.get_by_text(f"Your answer: {value} minutes")).to_be_visible()
        reopened(page)
        expect(page.get_by_label("Number")).to_have_value(str(value))


@pytest.mark.browser
@pytest.mark.parametrize("typed", ["abc", "1,000", "1.000,5", "12 minutes", "--3", "."])
def test_what_is_not_one_number_leaves_the_answer_as_it_was(show, typed):
    page = show("numeric")
    number = page.get_by_label("Number")
    number.fill("12")
    assert saved(page) == 12
    number.fill(typed)
    number.blur()
    expect(page.get_by_text("your answer was not changed")).to_be_visible()
    expect(number).to_have_attribute("aria-invalid", "true")
    expect(number).to_have_value(typed)
    assert saved(page) == 12
    number.fill("13")
    expect(number).not_to_have_attribute("aria-invalid", "true")
    number.blur()
    assert saved(page) == 13
    number.fill("")
    number.blur()
    assert saved(page) is None


@pytest.mark.browser
def test_free_text_counts_words_and_warns_before_writing(show):
    page = show("free-text")
    area = page.get_by_label("Your answer")
    described = area.evaluate(
        "(area) => area.getAttribute('aria-describedby').split(' ').map((id) => "
        "document.getElementById(id).textContent).join(' ')"
    )
    assert "could be recognised" in described
    assert "Nobody reads this while you write" in described
    area.fill("I took calls\nat night")
    expect(page.get_by_text("5 words")).to_be_visible()
    assert saved(page) == "I took calls\nat night"
    area.fill("  ")
    assert saved(page) is None


@pytest.mark.browser
@pytest.mark.parametrize("type_", ITEMS)
def test_clearing_takes_the_answer_back(show, type_):
    page = show(type_)
    fields = page.locator("input, textarea, select")
    if type_ == "order":
        page.get_by_role("button", name="Move down: Ask").click()
    elif type_ == "match":
        fields.first.select_option("a")
    elif type_ in ("scale", "numeric", "free-text"):
        fields.last.fill("20")
        fields.last.blur()
    else:
        fields.first.check()
    assert saved(page) is not None
    before = page.locator("section.es-piece").inner_text()
    page.get_by_role("button", name="Clear my answer").click()
    assert saved(page) is None
    expect(page.locator("[aria-live]")).to_have_text("Your answer is cleared.")
    reopened(page)
    expect(page.locator("input:checked")).to_have_count(0)
    if type_ == "order":
        assert page.locator("section.es-piece").inner_text() != before


@pytest.mark.browser
@pytest.mark.parametrize("type_", ITEMS)
def test_a_stored_answer_of_any_shape_leaves_the_exercise_usable(show, type_):
    page = show(type_)
    for stored in ("gone", ["a", "gone"], 7, {"a": {"b": 1}}, [[1]], True, None):
        page.evaluate("(value) => window.model.take('entries', { answer: { value, time: 1 } })", stored)
        expect(page.get_by_role("button", name="Clear my answer")).to_be_visible()


@pytest.mark.browser
def test_a_type_that_is_not_known_is_said(open_piece):
    page = open_piece({**item("paint-a-picture"), "kind": "exercise"})
    expect(page.get_by_text("This kind of question cannot be shown")).to_be_visible()
