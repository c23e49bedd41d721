"""Handing in: what is answered, what is not, and the one archive, in Python and in the page."""

from __future__ import annotations

import json
import re

import pytest
from playing import expect_fit_for_a_phone, expect_no_findings
from playwright.sync_api import expect

from earned_security.assessment import archive
from earned_security.interactive import exercise, submission
from earned_security.interactive.exercise import Exercises
from earned_security.interactive.piece import Message
from earned_security.interactive.submission import content

DISK = "test:disk"
PUBLIC = {"objective": "M4.3", "points": 2, "claims": [], "prompt": "What now?"}
TEXTS = [{"id": "a", "text": "Ask"}, {"id": "b", "text": "Wait"}]
ITEMS = [
    {**PUBLIC, "id": "x-one", "type": "choose-one", "title": "A limit", "options": TEXTS},
    {**PUBLIC, "id": "x-match", "type": "match", "title": "Partners", "entries": TEXTS, "options": TEXTS},
    {**PUBLIC, "id": "x-text", "type": "free-text", "title": "In your words"},
]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    data = {"assignment": "limits", "bank_version": "v1", "items": ITEMS}
    (tmp_path / "items.json").write_text(json.dumps(data))
    notebook = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (tmp_path / "limits.ipynb").write_text(json.dumps(notebook))
    return tmp_path


def answer(piece, value, time=1):
    piece.outbox = {"attempt": time, "entries": {"answer": {"value": value, "time": time}}}


def ask(piece):
    """Send the page's message; what comes back."""
    sent = []
    piece.send = lambda message, buffers=None: sent.append((message, buffers))
    piece._answer(piece, {"type": "archive"}, [])
    ((message, buffers),) = sent
    return message, buffers


def test_the_piece_knows_every_answer_as_soon_as_it_is_saved(folder):
    first = exercise("x-one")
    shown = submission("limits")
    assert shown.entries == {}
    answer(first, "a")
    assert shown.entries["x-one/answer"]["value"] == "a"
    assert submission("limits").entries.keys() == {"x-one/answer"}
    assert exercise("x-text").entries == {}
    parts = {question["id"]: question["parts"] for question in shown.content["questions"]}
    assert parts == {"x-one": 1, "x-match": 2, "x-text": 1}


def test_the_archive_reaches_the_page_and_lies_beside_the_notebook(folder):
    answer(exercise("x-one"), "a")
    message, (data,) = ask(submission("limits"))
    assert message == {"type": "archive", "file": "limits.earned.zip", "written": True}
    assert (folder / "limits.earned.zip").read_bytes() == data
    read = archive.read(data)
    assert (read.assignment, read.bank_version) == ("limits", "v1")
    assert json.loads(read.files["responses.json"])["entries"]["x-one/answer"]["value"] == "a"
    assert not list(folder.glob(".*.new"))


def test_where_the_folder_refuses_the_page_still_gets_the_archive(folder):
    (folder / "limits.earned.zip").mkdir()
    (folder / "limits.earned.zip" / "mine").touch()
    message, (data,) = ask(submission("limits"))
    assert message["written"] is False
    assert archive.read(data).assignment == "limits"


def test_a_link_in_the_archives_place_is_replaced_not_followed(folder, tmp_path_factory):
    other = tmp_path_factory.mktemp("other") / "mine.txt"
    other.write_text("mine")
    (folder / "limits.earned.zip").symlink_to(other)
    assert ask(submission("limits"))[0]["written"] is True
    assert other.read_text() == "mine"
    assert not (folder / "limits.earned.zip").is_symlink()


def test_what_keeps_it_from_being_made_is_said_in_words(folder):
    shown = submission("limits")
    (folder / "limits.ipynb").rename(folder / "other.ipynb")
    message, buffers = ask(shown)
    assert "limits.ipynb is not in this folder" in message["problem"]
    assert buffers == []
    assert isinstance(submission("other"), Message)
    assert "holds “limits”, not “other”" in str(submission("other"))
    (folder / "items.json").unlink()
    assert "not in this folder" in str(submission("limits"))


@pytest.fixture
def page(folder, context, open_piece):
    def opened(answers, theme="light"):
        entries = {f"{name}/answer": {"value": value, "time": 1} for name, value in answers.items()}
        context.add_init_script(f"localStorage.setItem('{DISK}', {json.dumps(json.dumps(entries))})")
        return open_piece(content(Exercises(folder)), theme=theme)

    return opened


def make(page):
    page.get_by_role("button", name="Make the file to hand in").press("Enter")


def receive(page, message, data=b"PK"):
    page.evaluate(
        "([message, data]) => window.model.receive(message, [new Uint8Array(data)])", [message, list(data)]
    )


def sent(page):
    return page.evaluate("window.sent ?? []")


@pytest.mark.browser
def test_counts_and_the_state_of_every_question(page):
    shown = page({"x-one": "a", "x-match": {"a": "b"}})
    expect(shown.locator(".es-count")).to_have_text("2 of 3 questions are answered. 1 only in part.")
    rows = shown.get_by_role("listitem")
    expect(rows).to_have_count(3)
    expect(rows.nth(0)).to_contain_text("1. A limit")
    expect(rows.nth(0)).to_contain_text("answered, saved")
    expect(rows.nth(1)).to_contain_text("answered in part: 1 of 2")
    expect(rows.nth(2)).to_contain_text("not answered")


@pytest.mark.browser
def test_an_answer_given_elsewhere_is_counted_without_a_reload(page):
    shown = page({"x-one": "a"})
    entry = {"x-one/answer": {"value": None, "time": 2}, "x-text/answer": {"value": "Words.", "time": 2}}
    shown.evaluate("entries => window.model.take('entries', entries)", entry)
    rows = shown.get_by_role("listitem")
    expect(rows.nth(0)).to_contain_text("not answered")
    expect(rows.nth(2)).to_contain_text("answered, saved")


@pytest.mark.browser
def test_an_answer_that_waits_in_the_page_is_not_called_saved(page):
    shown = page({"x-one": "a"})
    shown.evaluate(
        """localStorage.setItem("earned-security:unsaved:test/x-text#answer", '{"value": "W", "time": 3}')"""
    )
    shown.get_by_role("button", name="Look again").press("Enter")
    expect(shown.get_by_role("listitem").nth(2)).to_contain_text("answered, not saved yet")
    expect(shown.get_by_role("status")).to_contain_text("1 not saved yet.")
    make(shown)
    expect(shown.get_by_role("group", name="Not saved")).to_contain_text(
        "Not saved yet, so not in the file: 3."
    )


@pytest.mark.browser
def test_with_every_question_answered_one_press_makes_and_downloads_the_file(page):
    shown = page({"x-one": "a", "x-match": {"a": "b", "b": "a"}, "x-text": "Words."})
    expect(shown.locator(".es-count")).to_have_text("All 3 questions are answered.")
    make(shown)
    assert sent(shown) == [{"type": "archive"}]
    with shown.expect_download() as download:
        receive(shown, {"type": "archive", "file": "limits.earned.zip", "written": True}, b"PK\x03\x04 bytes")
    assert download.value.suggested_filename == "limits.earned.zip"
    assert download.value.path().read_bytes() == b"PK\x03\x04 bytes"
    expect(shown.get_by_role("status")).to_contain_text("limits.earned.zip is made")
    expect(shown.get_by_role("status")).to_contain_text("It also lies beside the notebook.")


@pytest.mark.browser
def test_without_answers_it_warns_but_allows(page):
    shown = page({"x-match": {"a": "b"}})
    make(shown)
    warning = shown.get_by_role("group", name="Not answered")
    expect(warning).to_be_focused()
    expect(warning).to_contain_text("Not answered: 1, 3.")
    expect(warning).to_contain_text("Answered in part: 2.")
    assert sent(shown) == []
    warning.get_by_role("button", name="Go back to the questions").press("Enter")
    expect(shown.locator(".es-question")).to_be_hidden()
    make(shown)
    shown.get_by_role("button", name="Make it all the same").press("Enter")
    assert sent(shown) == [{"type": "archive"}]
    with shown.expect_download():
        receive(shown, {"type": "archive", "file": "limits.earned.zip", "written": False})
    expect(shown.get_by_role("status")).to_contain_text("keep the downloaded one")


@pytest.mark.browser
def test_what_fails_is_said_and_nothing_is_downloaded(page):
    shown = page({"x-one": "a", "x-match": {"a": "b", "b": "a"}, "x-text": "Words."})
    make(shown)
    receive(shown, {"type": "archive", "problem": "The notebook is gone."})
    expect(shown.get_by_role("status")).to_have_text("The file was not made. The notebook is gone.")
    shown.evaluate("() => { window.model.send = () => { throw new Error('gone') } }")
    make(shown)
    expect(shown.get_by_role("status")).to_contain_text("the course's engine (the kernel) does not answer")


@pytest.mark.browser
def test_a_kernel_that_never_answers_is_said(page):
    shown = page({"x-one": "a", "x-match": {"a": "b", "b": "a"}, "x-text": "Words."})
    shown.clock.install()
    make(shown)
    expect(shown.get_by_role("status")).to_have_text(re.compile("Making the file"))
    shown.clock.fast_forward(21_000)
    expect(shown.get_by_role("status")).to_contain_text("does not answer")


@pytest.mark.browser
def test_the_way_to_a_question_brings_the_keyboard_there(page):
    shown = page({})
    shown.evaluate(
        """document.querySelector("main").insertAdjacentHTML("beforeend",
           '<section class="es-exercise"><h3>Question 2 of 3: Partners</h3></section>')"""
    )
    shown.get_by_role("button", name="Go to question 2").press("Enter")
    expect(shown.get_by_role("heading", name="Question 2 of 3: Partners")).to_be_focused()
    make(shown)
    shown.get_by_role("button", name="Go back to the questions").press("Enter")
    expect(shown.get_by_role("button", name="Make the file to hand in")).to_be_focused()


@pytest.mark.browser
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_before_and_after_use(page, theme):
    shown = page({"x-match": {"a": "b"}}, theme)
    shown.set_viewport_size({"width": 360, "height": 740})
    for act in (lambda: None, lambda: make(shown)):
        act()
        expect_no_findings(shown)
        expect_fit_for_a_phone(shown)
