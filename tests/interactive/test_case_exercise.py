"""A case played for marks: one scene at a time from the host, a choice is saved first, no judgement in the page."""

from __future__ import annotations

import errno
import json
import os

import pytest
from playing import entries, expect_saved, mark_by_keyboard, tab_to
from playwright.sync_api import expect
from strategies import best_play, stored

from earned_security import cases
from earned_security.assessment.items import split
from earned_security.assessment.marking import mark
from earned_security.cases.walks import random_play
from earned_security.interactive import case_exercise, exercise
from earned_security.interactive.exercise import Exercises, shuffled
from earned_security.interactive.piece import Message
from earned_security.locale import words

CASE = cases.load("tomasz")
ENTRY = {
    "id": "x-play",
    "type": "play-case",
    "title": "A case",
    "objective": "M4.3",
    "points": 4,
    "claims": [],
    "prompt": "Play the case to an ending.",
    "case": "tomasz",
    "rules": {"repair": 0.25},
    "alternative": "Write about a repair.",
}
ITEM, KEY = split(ENTRY)
CONTENT = {**ITEM.public(), "kind": "exercise", **case_exercise.opening(CASE)}


def judgements() -> set[str]:
    options = [option for scene in CASE.scenes.values() for option in scene.options]
    texts = {
        text for option in options for text in (option.rationale, option.trade_off, option.safety_failure)
    }
    return {text for text in texts if text}


def released(folder, **more):
    (folder / "items.json").write_text(
        json.dumps({"assignment": "a", "bank_version": "b1", "items": [ITEM.public()], **more}),
        encoding="utf-8",
    )


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    released(tmp_path)
    return tmp_path


def choose(piece, path):
    entry = {"value": stored(CASE, path), "time": len(path) + 1}
    piece.outbox = {"attempt": len(path) + 1, "entries": {"answer": entry}}


def test_the_next_scene_comes_when_the_choice_is_on_the_disk(folder):
    piece = exercise("x-play")
    assert piece.view["scene"] == CASE.first_scene
    path = random_play(CASE, 3).path
    for length in range(1, len(path) + 1):
        choose(piece, path[:length])
        play = cases.replay(CASE, path[:length])
        assert piece.view["scene"] == play.scene
        assert piece.view["text"] == cases.scene_text(CASE, play)
        assert [option["id"] for option in piece.view["options"]] == [
            o.id for o in cases.available(CASE, play)
        ]
    assert piece.view["ended"]
    on_disk = json.loads((folder / "responses.json").read_text(encoding="utf-8"))
    assert on_disk["bank_version"] == "b1"
    assert on_disk["entries"]["x-play/answer"]["value"] == stored(CASE, path)
    assert exercise("x-play").view == piece.view


@pytest.mark.parametrize("seed", range(12))
def test_no_judgement_of_the_writers_reaches_the_page(folder, seed):
    piece = exercise("x-play")
    words = judgements()
    for length, _ in enumerate(random_play(CASE, seed).path, 1):
        choose(piece, random_play(CASE, seed).path[:length])
        shown = [str(value) for value in (*piece.view.values(), *piece.content.values())]
        assert all(set(option) == {"id", "text"} for option in piece.view["options"])
        assert not any(word in text for word in words for text in shown)
        for field in ("quality", "effects", "rationale", "ending", "marks"):
            assert field not in piece.view


def test_nothing_of_the_graph_is_in_the_released_file(folder):
    text = (folder / "items.json").read_text(encoding="utf-8")
    assert all(option.text not in text for scene in CASE.scenes.values() for option in scene.options)


@pytest.mark.parametrize(
    "what", [7, {"path": 3}, {"version": 99, "path": []}, {"version": 1, "path": [{}]}, "x"]
)
def test_what_cannot_be_followed_is_said_and_stays_stored(folder, what):
    piece = exercise("x-play")
    piece.outbox = {"attempt": 1, "entries": {"answer": {"value": what, "time": 1}}}
    assert piece.view["scene"] == CASE.first_scene
    assert piece.view["problem"] == words("kernel.caseChanged")
    assert piece.entries["answer"]["value"] == what


def test_a_case_that_is_not_there_is_said(folder):
    (folder / "items.json").write_text(
        json.dumps({"items": [{**ITEM.public(), "case": "nobody"}]}), encoding="utf-8"
    )
    shown = exercise("x-play")
    assert isinstance(shown, Message)
    assert "“nobody”, is not in this version of the course" in repr(shown)


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "disk is full"), (errno.EROFS, "does not allow"), (errno.EACCES, "does not allow")],
)
def test_where_the_disk_refuses_it_is_said_and_the_scene_stays(folder, monkeypatch, number, words):
    piece = exercise("x-play")
    path = random_play(CASE, 3).path
    choose(piece, path[:1])
    before = (piece.view, (folder / "responses.json").read_bytes())
    real = os.open

    def refuse(name, flags, *more, **named):
        if flags & os.O_CREAT and str(name).endswith(".new"):
            raise OSError(number, os.strerror(number))
        return real(name, flags, *more, **named)

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", refuse)
        choose(piece, path[:2])
        assert words in piece.problem
        assert (piece.view, (folder / "responses.json").read_bytes()) == before
    piece.outbox = {**piece.outbox, "attempt": 99}
    assert piece.problem == ""
    assert piece.view["path"] == stored(CASE, path[:2])["path"]


def test_options_stand_in_an_order_of_ones_own_where_the_course_wants_it(tmp_path):
    letters = [{"id": letter, "text": letter} for letter in "abcdef"]
    public = {"title": "T", "objective": "M4.3", "points": 1, "claims": [], "prompt": "P", "options": letters}
    items = [{"id": f"x-{n}", "type": "choose-one", **public} for n in range(4)]
    data = {"assignment": "a", "items": [*items, {"id": "x-order", "type": "order", **public}]}

    def orders(learner, shuffle):
        (tmp_path / "items.json").write_text(
            json.dumps({**data, "shuffle_options": shuffle}), encoding="utf-8"
        )
        shown = Exercises(tmp_path, learner).items
        return {name: "".join(option["id"] for option in item["options"]) for name, item in shown.items()}

    assert set(orders("ann", False).values()) == {"abcdef"}
    ann, ben = orders("ann", True), orders("ben", True)
    assert ann == orders("ann", True)
    assert ann != ben
    assert len(set(ann.values())) > 2
    assert ann["x-order"] == "abcdef"
    assert all(sorted(order) == list("abcdef") for order in (*ann.values(), *ben.values()))


def test_the_order_is_the_same_on_every_machine():
    entry = {"id": "x", "type": "choose-one", "options": [{"id": letter} for letter in "abcd"]}
    assert "".join(option["id"] for option in shuffled(entry, "a/ann")["options"]) == "dcba"


# In the page. The host plays with the real function.


@pytest.fixture
def show(open_piece, context):
    context.expose_function("viewOf", lambda value: case_exercise.view(CASE, value))
    return lambda **more: open_piece(CONTENT, **more)


def saved(page):
    expect_saved(page)
    return entries(page)["answer"]["value"]


@pytest.mark.browser
def test_a_whole_case_by_keyboard_alone_earns_what_it_is_worth(show):
    page = show()
    path = best_play(CASE)["path"]
    for step in path:
        before = page.locator("h4.es-scene").inner_text()
        if step["option"] != "return":
            mark_by_keyboard(page, step["option"])
            expect(page.locator("h4.es-scene")).to_have_text(before)  # an arrow key chooses nothing
        tab_to(page, "button.es-primary")
        page.keyboard.press("Enter")
        expect(page.locator("h4.es-scene")).not_to_have_text(before)
        expect(page.locator("h4[tabindex]")).to_be_focused()
    page.wait_for_function("JSON.parse(localStorage.getItem('test:disk')).answer.value.ended")
    assert saved(page)["path"] == path
    assert mark(ITEM, KEY, saved(page)).points == 4
    expect(page.get_by_text("This exercise is answered.").first).to_be_visible()
    expect(page.get_by_role("radio")).to_have_count(0)
    expect(page.locator(".es-feedback")).to_have_count(0)
    for word in ("preferred", "defensible", "A poor", "Undo", "Looking back"):
        expect(page.locator("section.es-piece")).not_to_contain_text(word)


@pytest.mark.browser
def test_choosing_without_a_mark_asks_for_one_and_a_reload_goes_on_where_it_was(show):
    page = show()
    page.get_by_role("button", name="Choose").click()
    expect(page.get_by_text("Mark one of the ways first")).to_be_visible()
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Choose", exact=True).click()
    saved(page)
    title = page.locator("h4.es-scene").inner_text()
    page.reload()
    page.wait_for_selector("html[data-ready]")
    expect(page.locator("h4.es-scene")).to_have_text(title)
    expect(page.get_by_text("You chose:")).to_be_visible()


@pytest.mark.browser
def test_while_a_choice_is_not_saved_the_scene_stays(show):
    page = show(mode="refuse")
    title = page.locator("h4.es-scene").inner_text()
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Choose", exact=True).click()
    expect(page.locator(".es-status")).to_have_text("Not saved. The disk is full.")
    expect(page.locator("h4.es-scene")).to_have_text(title)
    expect(page.get_by_role("radio").first).to_be_disabled()
    page.evaluate("window.hostMode = 'acknowledge'")
    expect(page.locator("h4.es-scene")).not_to_have_text(title, timeout=8000)


@pytest.mark.browser
def test_the_written_task_counts_in_place_of_the_case_until_it_is_emptied(show):
    page = show()
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Choose", exact=True).click()
    path = saved(page)["path"]
    page.get_by_text("If this case is too close to you").click()
    area = page.get_by_label("Your answer")
    area.fill("I came back to it the week after.")
    area.blur()
    expect(page.get_by_text("Your text counts in place of the case")).to_be_visible()
    assert saved(page)["path"] == path
    assert mark(ITEM, KEY, saved(page)).details["by_hand"]
    area.fill("")
    area.blur()
    assert "alternative" not in saved(page)
    assert saved(page)["path"] == path


@pytest.mark.browser
def test_an_ended_case_can_be_played_again_and_the_earlier_play_stays_stored(show):
    page = show()
    path = best_play(CASE)["path"]
    for step in path:
        before = page.locator("h4.es-scene").inner_text()
        if step["option"] != "return":
            page.locator(f"input[value='{step['option']}']").check()
        page.locator("button.es-primary").click()
        expect(page.locator("h4.es-scene")).not_to_have_text(before)
    page.wait_for_function("JSON.parse(localStorage.getItem('test:disk')).answer.value.ended")
    page.get_by_text("Play it again from the start").click()
    expect(page.get_by_text("What counts is the play that stands here when you hand in.")).to_be_visible()
    page.get_by_role("button", name="Begin again").click()
    expect(page.locator("h4.es-scene")).to_have_text(CASE.scenes[CASE.first_scene].title)
    assert saved(page) == {"version": CASE.version, "path": []}
    (earlier,) = [entry["value"] for name, entry in entries(page).items() if name.startswith("earlier:")]
    assert earlier == {"version": CASE.version, "path": path, "ended": True}
    assert not mark(ITEM, KEY, saved(page)).points
    for _ in range(2):  # once after a reload
        page.get_by_role("radio").first.check()
        page.get_by_role("button", name="Choose", exact=True).click()
        expect(page.get_by_text("You chose:")).to_be_visible()
        page.reload()
        page.wait_for_selector("html[data-ready]")


@pytest.mark.browser
def test_support_is_always_near(show):
    page = show()
    page.get_by_text("Pause, leave, or find support").click()
    expect(page.get_by_text(CASE.crisis_routes[0].title)).to_be_visible()
