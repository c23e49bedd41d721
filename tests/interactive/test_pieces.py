"""A piece in a notebook, driven through its traits as a page drives it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from earned_security.assessment.responses import Responses, ResponsesError
from earned_security.curriculum import ContentError
from earned_security.interactive import piece, pieces
from earned_security.interactive.piece import STATIC, Message, Piece, UnknownPieceError, bundle

CONTENT = {"id": "a-check", "kind": "self-check", "title": "A check"}


def entry(value, time=1):
    return {"value": value, "time": time}


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.setenv("EARNED_SECURITY_PROGRESS", str(tmp_path / "progress.json"))
    return tmp_path / "progress.json"


def on_disk(path):
    return json.loads(path.read_text(encoding="utf-8"))["entries"]


def make(path):
    return Piece(CONTENT, Responses(path))


def send(shown, attempt=1, **entries):
    """What arrives from the page."""
    shown.set_state({"outbox": {"attempt": attempt, "entries": entries}})


def test_what_is_sent_is_stored_and_then_shown_back(path):
    shown = make(path)
    assert shown.entries == {}
    send(shown, answer=entry("b"))
    assert on_disk(path) == {"a-check/answer": entry("b")}
    assert shown.entries == {"answer": entry("b")}
    assert shown.problem == ""
    assert make(path).entries == {"answer": entry("b")}


def test_the_later_time_wins_for_each_entry(path):
    shown = make(path)
    send(shown, answer=entry("new", 9), note=entry("old", 1))
    send(shown, 2, answer=entry("late replay", 3), note=entry("newer", 4))
    assert shown.entries == {"answer": entry("new", 9), "note": entry("newer", 4)}


def test_a_piece_sees_its_own_entries_only(path):
    Responses(path).merge({"a-check-too/answer": entry("x"), "a-check/answer": entry("y")})
    assert make(path).entries == {"answer": entry("y")}


def test_every_view_of_a_piece_in_the_kernel_sees_what_one_of_them_stores(path, tmp_path):
    one, other = make(path), make(path)
    elsewhere = make(tmp_path / "elsewhere.json")
    send(one, answer=entry("b"))
    assert other.entries == {"answer": entry("b")}
    assert elsewhere.entries == {}


def test_a_problem_is_told_in_words_and_entries_stay(path, monkeypatch):
    shown = make(path)
    send(shown, answer=entry("b"))
    told = []
    shown.observe(lambda change: told.append(change["new"]), names="problem")

    def full(_self, _entries):
        raise ResponsesError("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(Responses, "merge", full)
        send(shown, 2, answer=entry("c", 2))
        send(shown, 3, answer=entry("c", 2))
    assert shown.entries == {"answer": entry("b")}
    # Told again at the second refusal, though it is the same problem.
    assert told == ["The disk is full.", "", "The disk is full."]
    send(shown, 4, answer=entry("c", 2))
    assert shown.problem == ""
    assert shown.entries == {"answer": entry("c", 2)}


@pytest.mark.parametrize(
    "bad", [entry(float("nan")), {"value": 1}, "text", entry("x" * 300_000), entry(1, "now"), None]
)
def test_what_may_not_be_stored_is_refused_and_nothing_is_lost(path, bad):
    shown = make(path)
    send(shown, answer=entry("b"))
    send(shown, 2, answer=bad, note=entry("n"))
    assert shown.problem
    assert shown.entries == {"answer": entry("b")}
    assert on_disk(path) == {"a-check/answer": entry("b")}


@pytest.mark.parametrize(
    "outbox", [{}, {"attempt": 2}, {"attempt": 2, "entries": {}}, {"entries": [1]}, {"entries": None}]
)
def test_an_outbox_of_another_shape_changes_nothing(path, outbox):
    shown = make(path)
    send(shown, answer=entry("b"))
    shown.set_state({"outbox": outbox})
    assert shown.entries == {"answer": entry("b")}
    assert on_disk(path) == {"a-check/answer": entry("b")}


def test_a_damaged_file_gives_a_notice_and_work_goes_on(path):
    path.write_text("{", encoding="utf-8")
    shown = make(path)
    assert "set aside" in shown.notice
    assert shown.entries == {}
    send(shown, answer=entry("b"))
    assert shown.entries == {"answer": entry("b")}


def test_a_file_that_is_lost_meanwhile_gets_back_what_is_shown_as_stored(path):
    shown = make(path)
    send(shown, answer=entry("b"))
    path.write_text("damaged", encoding="utf-8")
    send(shown, 2, note=entry("n"))
    assert on_disk(path) == {"a-check/answer": entry("b"), "a-check/note": entry("n")}
    assert "set aside" in shown.notice


def test_a_file_that_may_not_be_read_is_a_problem_and_not_a_crash(path):
    path.mkdir()
    assert "progress.json" in make(path).problem


def test_an_acknowledgement_is_sent_even_where_nothing_changed(path, monkeypatch):
    shown = make(path)
    send(shown, answer=entry("b"))
    sent = []
    monkeypatch.setattr(shown, "send_state", lambda key=None: sent.append(key))
    send(shown, 2, answer=entry("b"))
    assert ["entries", "problem"] in sent


def test_pieces_of_two_folders_keep_their_waiting_entries_apart(path, tmp_path):
    keys = {make(path).storage_key, make(tmp_path / "other.json").storage_key}
    assert len(keys) == 2
    assert all(re.fullmatch(r"[0-9a-f]{12}/a-check", key) for key in keys)


def test_the_page_gets_module_and_style(path):
    shown = make(path)
    assert shown.get_state(["_esm", "_css"]) == {
        "_esm": bundle("self-check.js"),
        "_css": (STATIC / "pieces.css").read_text(encoding="utf-8"),
    }


@pytest.mark.parametrize("kind", pieces.KINDS)
def test_a_bundle_holds_each_imported_file_once_and_no_relative_import(kind):
    text = bundle(f"{kind}.js")
    assert not re.search(r'from \\"\.', text)
    names = re.findall(r'"([\w./-]+\.js)#[0-9a-f]{12}": ', text)
    assert len(names) == len(set(names))
    assert {"words.js", "common.js", f"{kind}.js"} <= set(names)


def test_plotly_is_sent_when_it_is_asked_for(path, monkeypatch):
    shown = make(path)
    sent = []
    monkeypatch.setattr(shown, "send", lambda message, buffers=None: sent.append((message, buffers)))
    shown._handle_custom_msg({"type": "plotly"}, [])
    shown._handle_custom_msg({"type": "other"}, [])
    shown._handle_custom_msg("plotly", [])
    [(message, [script])] = sent
    assert message == {"type": "plotly"}
    assert b"plotly" in script[:2000]


def test_every_piece_of_the_course_can_be_shown_in_a_notebook(path):
    for name, kind in pieces.piece_ids().items():
        assert re.fullmatch("[a-z0-9-]+", name)
        shown = piece(name)
        assert isinstance(shown, Piece)
        assert (shown.content["id"], shown.content["kind"]) == (name, kind)
        assert shown.content["title"]
        json.dumps(shown.content, allow_nan=False)


def test_progress_is_kept_in_the_working_folder(tmp_path, monkeypatch):
    monkeypatch.delenv("EARNED_SECURITY_PROGRESS", raising=False)
    monkeypatch.chdir(tmp_path)
    send(piece("strategy-checklist"), attunement=entry({"ticked": True, "note": ""}))
    assert set(on_disk(tmp_path / "progress.json")) == {"strategy-checklist/attunement"}


def test_an_unknown_piece_is_said_in_words(path):
    shown = piece("strategy-cheklist")
    assert isinstance(shown, Message)
    assert "Did you mean “strategy-checklist”?" in repr(shown)
    assert 'role="alert"' in shown._repr_html_()
    assert "<script>" not in piece("<script>")._repr_html_()
    with pytest.raises(UnknownPieceError, match="no interactive part called “nothing-like-it”"):
        pieces.content("nothing-like-it")


def test_content_that_cannot_be_read_is_said_in_words(path, monkeypatch):
    def broken(_name):
        raise ContentError([])

    kind = pieces.KINDS["checklist"]
    monkeypatch.setitem(pieces.KINDS, "checklist", pieces.Kind(kind.ids, broken))
    assert "“strategy-checklist” cannot be shown." in repr(piece("strategy-checklist"))


def test_two_pieces_with_one_id_are_a_content_mistake(monkeypatch):
    monkeypatch.setitem(pieces.KINDS, "case", pieces.Kind(lambda: ["strategy-checklist"], dict))
    with pytest.raises(ContentError, match="'strategy-checklist' is the id of two pieces"):
        pieces.piece_ids()


def test_the_two_lines_of_a_cell_work_again_and_again(tmp_path):
    # A module of the package bears the function's name: importing it must not take the function's place.
    code = (
        "from earned_security.interactive import piece\npiece('strategy-checklist')\n"
        "from earned_security.interactive import exercise\nexercise('none')\n"
        "import earned_security.interactive.piece, earned_security.interactive.exercise\n"
        "from earned_security.interactive import piece, exercise\n"
        "print(type(piece('strategy-checklist')).__name__, exercise('none'))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("Piece The exercises' file items.json is not in this folder.")


def test_every_import_of_a_front_end_module_is_there():
    for file in sorted(Path(STATIC).glob("*.js")):
        for imported in re.findall(r'\bfrom\s+"(\.[^"]+)"', file.read_text(encoding="utf-8")):
            assert (file.parent / imported).exists(), f"{file.name} imports {imported}"
