"""The pieces of a notebook in a language made by machine; the book's are in tests/publishing."""

from __future__ import annotations

import json

import pseudo
import pytest
from strategies import BANK_OF_ALL_TYPES, best_play

from earned_security import cases, locale
from earned_security.assessment.items import TYPES, split
from earned_security.curriculum import source
from earned_security.interactive import case_exercise, case_player, take_along
from earned_security.interactive.exercise import Exercises
from earned_security.interactive.piece import bundle
from earned_security.interactive.submission import content as submission_content

DISK = "test:disk"
ENTRIES = source.read_document(BANK_OF_ALL_TYPES).data["items"]
FIRST = {type_: next(entry for entry in ENTRIES if entry["type"] == type_) for type_ in TYPES}
EACH = [split(entry)[0].public() for entry in FIRST.values()]
CASE = cases.load(FIRST["play-case"]["case"])


@pytest.fixture(autouse=True)
def second_language(tmp_path, monkeypatch):
    pseudo.write(tmp_path / "own")
    monkeypatch.setenv("EARNED_SECURITY_LOCAL", str(tmp_path / "own"))
    monkeypatch.setenv(locale.LANGUAGE, pseudo.NAME)


@pytest.fixture
def exercises(tmp_path):
    (tmp_path / "items.json").write_text(
        json.dumps({"assignment": "limits", "items": EACH}), encoding="utf-8"
    )
    return Exercises(tmp_path)


def use(page, known):
    page.set_viewport_size({"width": 320, "height": 800})
    used = page.evaluate(pseudo.USE, "main > div")
    assert sum("⟦" in text for text in used["shown"]) > 3
    assert pseudo.english_words(used["shown"], pseudo.corpus(known)) == []
    assert used["over"] <= 1, "wider than a screen of 320 pixels"
    return used["shown"]


@pytest.mark.parametrize("type_", [type_ for type_ in TYPES if type_ != "play-case"])
def test_an_exercise(type_, exercises, open_piece):
    content = exercises.content(FIRST[type_]["id"])
    assert content["title"].startswith("⟦")
    use(open_piece(content), content)


def test_a_graded_case(exercises, open_piece, context):
    context.expose_function("viewOf", lambda value: case_exercise.view(CASE, value))
    content = {**exercises.content(FIRST["play-case"]["id"]), **case_exercise.opening(CASE)}
    use(open_piece(content), [content, case_player.content(CASE.id)])


def test_a_case_that_was_played_to_its_end(open_piece):
    content = case_player.content(CASE.id)
    page = open_piece(content)
    play = {"play": {"value": best_play(CASE), "time": 1}}
    page.evaluate("([disk, entries]) => localStorage.setItem(disk, JSON.stringify(entries))", [DISK, play])
    page.reload()
    page.wait_for_selector("html[data-ready]")
    assert pseudo.text("Looking back") in use(page, content)


def test_handing_in_and_taking_along(exercises, open_piece):
    content = submission_content(exercises)
    use(open_piece(content), [content, EACH])
    content = take_along.content("take-along")
    use(open_piece(content), content)


def test_a_kernel_gives_the_page_its_words_and_names_their_language():
    text = bundle("case.js")
    assert 'context.el.lang = "en-XA"' in text
    assert pseudo.text(locale.read(locale.HERE / "en" / "pieces.yaml")["store"]["saved"]) in text
