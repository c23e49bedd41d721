"""The bank of all types in a real JupyterLab: every form is shown, and a case is played by its kernel."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from lab.running import Lab, stored, wait_until_ready
from strategies import BANK_OF_ALL_TYPES, best_play

from earned_security import cases
from earned_security.assessment.marking import mark
from earned_security.teaching import assemble
from earned_security.teaching.bank import read_bank

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]

BANK = read_bank(BANK_OF_ALL_TYPES)
PLAY, KEY = next(pair for pair in BANK.items if pair[0].id == "all-play-repair")


def test_every_form_is_shown_and_a_case_is_played_to_its_ending(
    lab: Lab, open_notebook: Callable[..., Any]
) -> None:
    folder = lab.folder / "all-types"
    folder.mkdir()
    (folder / "all-types.ipynb").write_text(assemble.practice_notebook(BANK), encoding="utf-8")
    (folder / "items.json").write_text(assemble.items_json(BANK, shuffle_options=True), encoding="utf-8")
    page = open_notebook("all-types/all-types.ipynb")
    assert page.locator(".es-exercise").count() == len(BANK.items)
    assert page.get_by_text("cannot be shown").count() == 0

    played = page.locator(".es-exercise", has=page.get_by_text(PLAY.title, exact=False)).first
    for step in best_play(cases.load("tomasz"))["path"]:
        title = played.locator(".es-scene").inner_text()
        if step["option"] != "return":
            played.locator(f"input[type=radio][value={step['option']}]").focus()
            page.keyboard.press("Space")
        played.locator("button.es-primary").focus()
        page.keyboard.press("Enter")
        played.locator(".es-scene").filter(has_not_text=title).wait_for()
    played.get_by_text("This exercise is answered.").last.wait_for()
    played.get_by_role("status").get_by_text("Saved.").wait_for()

    file = folder / "responses.json"
    assert json.loads(file.read_text(encoding="utf-8"))["bank_version"] == BANK.version
    assert mark(PLAY, KEY, stored(file)[f"{PLAY.id}/answer"]).points == PLAY.points
    page.reload()
    wait_until_ready(page)
    assert played.locator(".es-scene").inner_text() == "A plan with his name on it"
