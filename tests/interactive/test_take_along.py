"""Taking one's work along from a notebook: as one file, and such a file brought in; nothing is lost."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playing import expect_no_findings
from playwright.sync_api import expect

from earned_security.assessment.responses import MOST_ENTRIES, Responses, ResponsesError
from earned_security.interactive import piece, take_along


def entry(value, time=1):
    return {"value": value, "time": time}


def saved(entries, **others):
    return json.dumps({"schema_version": 1, "assignment": None, "entries": entries, **others})


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.setenv("EARNED_SECURITY_PROGRESS", str(tmp_path / "progress.json"))
    return tmp_path / "progress.json"


def ask(shown, message):
    """What the page is sent in answer."""
    sent = []
    shown.send = lambda message, buffers=None: sent.append((message, buffers))
    shown._handle_custom_msg(message, [])
    return sent[0]


def test_all_of_it_is_handed_over_as_it_lies_on_the_disk(path):
    Responses(path).merge({"amara/play": entry({"path": []}, 3), "noor/play": entry(None, 4)})
    message, [data] = ask(piece("take-along"), {"type": "save"})
    assert message == {"type": "save", "file": "earned-security-progress.json"}
    assert data == path.read_bytes()
    assert set(json.loads(data)["entries"]) == {"amara/play", "noor/play"}


def test_a_file_is_merged_and_open_pieces_show_it(path):
    Responses(path).merge({"strategy-checklist/attunement": entry("old", 2), "amara/play": entry("mine", 9)})
    checklist, shown = piece("strategy-checklist"), piece("take-along")
    theirs = {
        "strategy-checklist/attunement": entry("new", 5),
        "amara/play": entry("theirs", 3),
        "x/a": entry(1),
    }
    message, buffers = ask(shown, {"type": "bring-in", "text": saved({**theirs, "not a name": entry(1)})})
    assert (message["added"], message["newer"], message["kept"], buffers) == (1, 1, 1, [])
    assert "'not a name' was left out" in message["left_out"][0]
    assert checklist.entries == {"attunement": entry("new", 5)}
    assert shown.entries["amara/play"] == entry("mine", 9)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "not valid JSON"),
        ("[]", "holds no list of answers"),
        ('{"entries": {}}', "does not say which version"),
        ('{"schema_version": 2, "entries": {}}', "newer version"),
        (saved({}, assignment="limits"), "graded exercise"),
        (saved({f"x/{number}": entry(1) for number in range(MOST_ENTRIES)}), "more than 5000"),
        (saved({"x/a": entry("x" * 5_000_000)}), "larger than 5 megabytes"),
        ("\ud800", "not valid JSON"),
    ],
)
def test_what_is_not_ours_is_refused_and_changes_nothing(path, text, reason):
    Responses(path).merge({"amara/play": entry("mine", 9)})
    before = path.read_bytes()
    message, _ = ask(piece("take-along"), {"type": "bring-in", "text": text})
    assert reason in message["problem"]
    assert path.read_bytes() == before
    with pytest.raises(ResponsesError, match=reason):
        take_along.bring_in(Responses(path), text)


ENTRIES = st.dictionaries(
    st.sampled_from(["amara/play", "noor/play", "m4-sc-validation/answer", "strategy-checklist/a"]),
    st.builds(entry, st.integers(0, 9), st.integers(0, 9)),
)


@given(here=ENTRIES, there=ENTRIES)
def test_whichever_way_it_goes_nothing_later_is_lost(tmp_path_factory, here, there):
    folder = tmp_path_factory.mktemp("both")
    one, other = Responses(folder / "one.json"), Responses(folder / "other.json")
    one.merge(here)
    other.merge(there)
    counts = take_along.bring_in(one, (folder / "other.json").read_text(encoding="utf-8"))
    assert counts["added"] + counts["newer"] + counts["kept"] == len(there)
    merged = one.read()
    for name, own in {**here, **there}.items():
        assert merged[name]["time"] == max(one[name]["time"] for one in (here, there) if name in one), own


in_browser = pytest.mark.browser


@pytest.fixture
def page(open_piece):
    return open_piece(take_along.content("take-along"))


def receive(page, message, data=b""):
    page.evaluate(
        "([message, data]) => window.model.receive(message, [new Uint8Array(data)])", [message, list(data)]
    )


@in_browser
def test_the_page_asks_for_the_file_and_downloads_it(page):
    page.get_by_role("button", name="Save all of it as a file").press("Enter")
    assert page.evaluate("window.sent") == [{"type": "save"}]
    with page.expect_download() as download:
        receive(page, {"type": "save", "file": "earned-security-progress.json"}, b"{}")
    assert download.value.suggested_filename == "earned-security-progress.json"
    expect(page.locator(".es-status")).to_contain_text("was handed to your browser")


@in_browser
def test_the_page_hands_a_file_over_and_says_what_came_of_it(page):
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Bring in a file").press("Enter")
    chooser.value.set_files([{"name": "a.json", "mimeType": "application/json", "buffer": b'{"a": 1}'}])
    page.wait_for_function("window.sent?.length")
    assert page.evaluate("window.sent") == [{"type": "bring-in", "text": '{"a": 1}'}]
    receive(page, {"type": "bring-in", "added": 2, "newer": 1, "kept": 0, "left_out": ["'x' was left out."]})
    expect(page.locator(".es-status")).to_contain_text("New here: 2.")
    expect(page.locator(".es-status")).to_contain_text("'x' was left out.")
    receive(page, {"type": "bring-in", "problem": "It is not a file of this course."})
    expect(page.locator('.es-status[data-status="refused"]')).to_contain_text(
        "nothing was changed. It is not a file"
    )


@in_browser
def test_a_kernel_that_is_gone_is_said(page):
    page.evaluate("() => { window.model.send = () => { throw new Error('gone') } }")
    page.get_by_role("button", name="Save all of it as a file").click()
    expect(page.locator(".es-status")).to_contain_text("the kernel) does not answer")


@in_browser
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_before_and_after_use(open_piece, theme):
    shown = open_piece(take_along.content("take-along"), theme=theme)
    expect_no_findings(shown)
    receive(shown, {"type": "bring-in", "problem": "It is not a file of this course."})
    expect_no_findings(shown)
