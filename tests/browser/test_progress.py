"""Where was I: what is done, and a way to go on, from this browser's storage alone; and the work taken along."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playing import play_to_an_ending

from earned_security.assessment.responses import Responses, parse
from earned_security.interactive.take_along import bring_in

pytestmark = pytest.mark.browser

MODULE = "notebooks/04-building-safety-and-trust"
STORED = "book/stored-on-this-device"
KEY = "earned-security:saved:"


def _open(opened: Any, name: str) -> Any:
    """Go to another page of the book; its place for what was done."""
    root = re.sub(r"(book|notebooks)/[^:]*$|search.html$", "", opened.page.url)
    opened.page.goto(f"{root}{name}.html")
    return opened.page.locator(".es-where")


def _store(opened: Any, **entries: Any) -> None:
    """Entries as a piece stores them, by piece; ``_`` for the hyphen of an id."""
    for piece, own in entries.items():
        opened.page.evaluate(
            "([key, text]) => localStorage.setItem(key, text)",
            [KEY + piece.replace("_", "-"), json.dumps(own)],
        )


def _entry(value: Any, time: int = 1_700_000_000_000) -> dict[str, Any]:
    return {"value": value, "time": time}


def _saved(opened: Any) -> dict[str, Any]:
    found: dict[str, Any] = opened.page.evaluate(
        "Object.fromEntries(Object.keys(localStorage).filter((key) => key.startsWith('earned-security:saved:'))"
        ".map((key) => [key.split(':')[2], JSON.parse(localStorage.getItem(key))]))"
    )
    return found


def _bring_in(opened: Any, text: str) -> str:
    """What the page says after a file was chosen."""
    page = opened.page
    status = page.locator(".es-stored [role=status]")
    status.evaluate("(status) => { status.textContent = ''; }")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Bring in a file").click()
    chooser.value.set_files([{"name": "mine.json", "mimeType": "application/json", "buffer": text.encode()}])
    status.filter(has_text="The file was").wait_for()
    said: str = status.inner_text()
    return said


def _file(**entries: Any) -> str:
    return json.dumps(
        {"schema_version": 1, "assignment": None, "course_version": "0.1.0", "entries": entries["entries"]}
    )


@pytest.mark.parametrize("name", ["book/index", MODULE])
def test_where_nothing_is_stored_nothing_is_fetched_or_shown(visit: Any, name: str) -> None:
    asked: list[str] = []
    opened = visit("search")
    opened.page.on("request", lambda request: asked.append(request.url))
    opened.page.goto(opened.page.url.replace("search", name), wait_until="networkidle")
    assert not opened.page.locator(".es-where").is_visible()
    assert any("progress.js" in url for url in asked) and not any("places.json" in url for url in asked)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_an_answer_shows_where_one_was_and_leads_on(visit: Any, theme: str) -> None:
    opened = visit(MODULE, theme=theme)
    page = opened.page
    check = page.locator(".es-self-check").first
    check.locator("input").first.check()
    check.get_by_role("button", name="Check my answer").click()
    check.locator('.es-status[data-status="saved"]').wait_for()
    where = _open(opened, "book/index")
    where.get_by_text("on the page “Module 4: Building safety and trust”").wait_for()
    where.locator("summary").click()
    modules = where.locator("li")
    assert modules.count() == 10
    assert (
        "1 of 13 questions, models and practices done, 0 of 1 cases played to an ending."
        in modules.nth(3).inner_text()
    )
    assert modules.nth(0).inner_text().endswith("Nothing yet.")
    assert opened.axe() == []
    opened.resize("phone")
    assert opened.axe() == []
    where.get_by_role("link", name="Continue:").click()
    page.wait_for_url(f"**/{MODULE}.html#piece-m4-sc-friend-request")
    page.locator(".es-where").get_by_text("1 of 13 questions").wait_for()
    page.locator("#piece-m4-sc-friend-request .es-self-check").wait_for()
    assert opened.axe() == []
    assert opened.faults == []


def test_a_case_counts_when_it_has_come_to_an_ending(visit: Any) -> None:
    opened = visit("book/cases/tomasz")
    case = opened.page.locator(".es-case")
    case.locator("button.es-primary").first.click()
    case.locator('.es-status[data-status="saved"]').wait_for()
    where = _open(opened, MODULE)
    where.get_by_text("0 of 1 cases played to an ending").wait_for()
    assert "Continue: Tomasz" in where.inner_text()
    _open(opened, "book/cases/tomasz")
    opened.settle()
    play_to_an_ending(opened.page.locator(".es-case"))
    opened.page.locator('.es-case .es-status[data-status="saved"]').wait_for()
    where = _open(opened, MODULE)
    where.get_by_text("1 of 1 cases played to an ending").wait_for()
    assert "Tomasz" not in where.get_by_role("link", name="Continue").inner_text()


def test_a_piece_on_several_pages_leads_back_to_the_page_where_it_was_used(visit: Any) -> None:
    opened = visit("notebooks/07-dependency-dilemma-endings")
    opened.page.locator("#piece-hannah button.es-primary").first.click()
    opened.page.locator('#piece-hannah .es-status[data-status="saved"]').wait_for()
    where = _open(opened, "book/index")
    where.get_by_text("Module 7: ").first.wait_for()
    assert "07-dependency" in where.get_by_role("link", name="Continue").get_attribute("href")


def test_after_the_last_part_of_a_module_it_leads_to_the_next(visit: Any, book_folder: Path) -> None:
    places = json.loads(next(book_folder.glob("_static/*/places.json")).read_text(encoding="utf-8"))
    [module] = [page for page in places["pages"] if page["module"] == 1]
    opened = visit("search")
    done = {
        "self-check": {"answer": _entry("a")},
        "explorer": {"prediction": _entry({"option": "a"})},
        "deliberate-practice": {"line:0": _entry({"strain": "easy"})},
    }
    for name in module["pieces"]:
        kind = places["pieces"][name]["kind"]
        if kind != "checklist":
            _store(opened, **{name: done[kind]})
    opened.page.goto(opened.page.url.replace("search", "book/index"))
    opened.page.get_by_role("link", name="Continue with Module 2: ").wait_for()


def test_erasing_takes_it_away_everywhere(visit: Any) -> None:
    opened = visit(STORED)
    _store(opened, m4_sc_validation={"answer": _entry("a")})
    where = _open(opened, "book/index")
    where.wait_for()
    other = opened.page.context.new_page()
    other.goto(opened.page.url.replace("index", "stored-on-this-device"))
    other.get_by_role("button", name="Erase all of it").click()
    other.get_by_role("button", name="Yes, erase").click()
    where.wait_for(state="hidden")
    assert _open(opened, MODULE).is_hidden()


def test_what_was_taken_back_does_not_count(visit: Any) -> None:
    opened = visit(STORED)
    _store(
        opened, m4_sc_validation={"answer": _entry("a", 5)}, m4_sc_friend_request={"answer": _entry(None, 9)}
    )
    where = _open(opened, MODULE)
    where.get_by_text("1 of ").wait_for()
    assert "friend" not in where.locator("p").nth(1).inner_text().lower()
    _store(opened, m4_sc_validation={"answer": _entry(None, 10)})
    with opened.page.expect_response("**/places.json"):
        opened.page.reload()
    opened.page.wait_for_timeout(300)
    assert where.is_hidden()


def test_what_cannot_be_read_does_not_keep_a_page_from_opening(visit: Any) -> None:
    opened = visit(STORED)
    for key, text in {
        "saved:tomasz": "{broken",
        "place": "[",
        "saved:m4-sc-validation": '{"answer": 3}',
    }.items():
        opened.page.evaluate("([k, t]) => localStorage.setItem(`earned-security:${k}`, t)", [key, text])
    assert _open(opened, "book/index").is_hidden()
    assert opened.faults == []


def test_work_goes_to_jupyterlab_and_to_another_browser_and_back(visit: Any, tmp_path: Path) -> None:
    here = visit(STORED)
    _store(
        here,
        m4_sc_validation={"answer": _entry("a", 5)},
        amara={"play": _entry({"version": 1, "path": []}, 7)},
    )
    here.page.evaluate(  # typed, and not yet handed over
        'localStorage.setItem(\'earned-security:unsaved:amara#reason:1\', \'{"value": "mine", "time": 9}\')'
    )
    here.page.reload()
    with here.page.expect_download() as download:
        here.page.get_by_role("button", name="Save all of it as a file").click()
    text = Path(download.value.path()).read_text(encoding="utf-8")
    assert set(parse(text.encode()).entries) == {"m4-sc-validation/answer", "amara/play", "amara/reason:1"}

    lab = Responses(tmp_path / "progress.json")
    lab.merge({"m4-sc-validation/answer": _entry("b", 9), "strategy-checklist/attunement": _entry({}, 3)})
    assert bring_in(lab, text) == {"added": 2, "newer": 0, "kept": 1, "left_out": []}
    back = (tmp_path / "progress.json").read_text(encoding="utf-8")

    there = visit(STORED)
    _store(there, amara={"play": _entry("older", 2), "reason:2": _entry("there", 2)})
    assert "New here: 2. Newer than what was here: 1. No newer, so what was here stayed: 0." in _bring_in(
        there, text
    )
    assert "New here: 1. Newer than what was here: 1. No newer, so what was here stayed: 2." in _bring_in(
        there, back
    )
    assert _saved(there) == {
        "amara": {
            "play": _entry({"version": 1, "path": []}, 7),
            "reason:1": _entry("mine", 9),
            "reason:2": _entry("there", 2),
        },
        "m4-sc-validation": {"answer": _entry("b", 9)},
        "strategy-checklist": {"attunement": _entry({}, 3)},
    }
    assert there.axe() == []
    assert there.faults == []


def test_a_file_that_is_not_ours_is_refused_and_changes_nothing(visit: Any) -> None:
    opened = visit(STORED)
    _store(opened, m4_sc_validation={"answer": _entry("a", 5)})
    before = _saved(opened)
    many = {f"x/{number}": _entry(1) for number in range(5001)}
    refused = {
        "{": "damaged",
        "[]": "not a file of this course",
        '{"entries": {}}': "not a file of this course",
        '{"schema_version": true, "entries": {}}': "not a file of this course",
        '{"schema_version": 2, "entries": {}}': "newer version",
        '{"schema_version": 1, "assignment": "limits", "entries": {}}': "graded exercise",
        _file(entries=many): "five thousand",
        _file(entries={"x/a": _entry("x" * 5_000_000)}): "five megabytes",
    }
    for text, reason in refused.items():
        said = _bring_in(opened, text)
        assert "was not brought in, and nothing was changed" in said and reason in said
    assert _saved(opened) == before


def test_what_cannot_be_used_in_a_file_is_left_out_and_said(visit: Any) -> None:
    opened = visit(STORED)
    entries = {
        "amara/play": _entry(1),
        "__proto__/x": _entry(1),
        "amara": _entry(1),
        "amara/a": {"value": 1},
        "amara/b": {"value": 1, "time": -1},
        "amara/c": {"value": 1, "time": 1e15},
    }
    said = _bring_in(opened, _file(entries=entries))
    assert "New here: 1." in said and "Left out, because they cannot be used: __proto__/x, amara" in said
    assert _saved(opened) == {"amara": {"play": _entry(1)}}


def test_a_name_that_every_object_has_is_a_name_like_any_other(visit: Any) -> None:
    opened = visit(STORED)
    assert "New here: 1." in _bring_in(opened, _file(entries={"constructor/keys": _entry(1)}))
    assert opened.page.evaluate("typeof Object.keys") == "function"
    assert _saved(opened) == {"constructor": {"keys": _entry(1)}}


def test_where_there_is_no_room_all_stays_as_it_was(visit: Any) -> None:
    opened = visit(STORED)
    _store(opened, amara={"play": _entry("mine", 5)})
    before = _saved(opened)
    opened.page.evaluate("localStorage.setItem('filling', 'x'.repeat(5_000_000))")
    large = _file(entries={"amara/play": _entry("theirs", 9), "noor/play": _entry("x" * 2_000_000)})
    assert "storage for the page is full" in _bring_in(opened, large)
    assert _saved(opened) == before
