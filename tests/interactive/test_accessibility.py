"""axe, and the size of targets: light and dark, before and after use, at the width of a phone."""

from __future__ import annotations

import pytest
from playing import expect_fit_for_a_phone, expect_no_findings
from strategies import BANK_OF_ALL_TYPES, best_play

from earned_security import cases
from earned_security.assessment.items import TYPES as ALL_TYPES
from earned_security.assessment.items import split
from earned_security.curriculum import load, source
from earned_security.interactive import case_exercise, pieces, self_check

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PUBLIC = {
    "kind": "exercise",
    "title": "A limit",
    "objective": "M4.3",
    "points": 2,
    "claims": [],
    "prompt": "What now?",
}
TEXTS = [
    {"id": "a", "text": "It makes sense to me, after a week like that one."},
    {"id": "b", "text": "I agree."},
]
TYPES = {
    "choose-one": {"options": TEXTS},
    "choose-many": {"options": TEXTS},
    "match": {
        "entries": TEXTS,
        "options": [{"id": "x", "text": "Validation"}, {"id": "y", "text": "Agreement"}],
    },
    "classify": {
        "entries": TEXTS,
        "options": [{"id": "x", "text": "Validation"}, {"id": "y", "text": "Agreement"}],
    },
    "order": {"options": TEXTS},
    "scale": {"scale": {"min": 0, "max": 10, "step": 1, "low": "no study", "high": "many trials"}},
    "numeric": {"unit": "minutes"},
    "mark-passages": {"passages": TEXTS},
    "free-text": {},
}


ENTRIES = source.read_document(BANK_OF_ALL_TYPES).data["items"]
CASE = cases.load("tomasz")
PLAY = next(entry for entry in ENTRIES if entry["id"] == "all-play-repair")


def self_checks():
    """One self-check of every type, with feedback that has both verdicts where that can be."""
    for type_ in ALL_TYPES:
        entry = next(entry for entry in ENTRIES if entry["type"] == type_)
        content = self_check.of_entry({**entry, "claims": [next(iter(load().claims))]}, load())
        yield {**content, "id": f"check-{type_}"}


def contents():
    yield pieces.content("strategy-checklist")
    yield from (pieces.content(name) for name, kind in pieces.piece_ids().items() if kind == "self-check")
    yield from ({**PUBLIC, "id": f"x-{type_}", "type": type_, **fields} for type_, fields in TYPES.items())
    yield {**split(PLAY)[0].public(), "kind": "exercise", **case_exercise.opening(CASE)}
    yield from self_checks()


def use(page):
    """Touch what there is: choose, type, open every list, ask to erase, make a mistake."""
    page.evaluate("""() => {
        document.querySelectorAll("details").forEach((details, index) => { details.open = index < 4; });
        document.querySelector(".es-piece :is([type=radio], [type=checkbox])")?.click();
    }""")
    number = page.locator("input[inputmode=decimal]")
    if number.count():
        number.fill("many")
        number.blur()
    area = page.locator("textarea")
    if area.count() and area.first.is_visible():
        area.first.fill("What I think.")
    for name in (
        "Check my answer",
        "Compare with a model",
        "Erase everything",
        "Move down",
        "Begin the case",
    ):
        button = page.get_by_role("button", name=name)
        if button.count() and button.first.is_enabled():
            button.first.click()
    for summary in ("What about each answer?", "What this rests on"):
        opened = page.get_by_text(summary)
        if opened.count():
            opened.click()
    page.wait_for_timeout(100)


def take_view(page, stored):
    page.evaluate("(view) => window.model.take('view', view)", case_exercise.view(CASE, stored))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("content", list(contents()), ids=lambda content: content["id"])
def test_no_findings_before_and_after_use(open_piece, content, theme):
    page = open_piece(content, theme=theme)
    page.set_viewport_size({"width": 360, "height": 800})
    if is_played := content["kind"] == "exercise" and content["type"] == "play-case":
        take_view(page, None)
    expect_no_findings(page)
    use(page)
    if is_played:
        take_view(page, {**best_play(CASE), "path": best_play(CASE)["path"][:4]})
    expect_no_findings(page)
    expect_fit_for_a_phone(page)
