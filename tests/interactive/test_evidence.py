"""What things rest on: no number of the ledger that was not read at its source stands unmarked in any piece."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from earned_security.curriculum import load
from earned_security.interactive import evidence, explorer, self_check
from earned_security.interactive.piece import STATIC
from earned_security.interactive.pieces import content, piece_ids

UNREAD = next(claim.id for claim in load().claims.values() if not claim.figures_checked)
READ = next(claim.id for claim in load().claims.values() if claim.figures_checked)
MARK = "Numbers to be re-read at source."


def claims_in(value: Any) -> Iterator[dict[str, Any]]:
    """Every claim of the ledger anywhere in a piece's content, by its statement."""
    if isinstance(value, dict):
        if "statement" in value:
            yield value
        for part in value.values():
            yield from claims_in(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from claims_in(part)


def test_every_piece_passes_on_whether_the_numbers_were_checked() -> None:
    curriculum, seen = load(), 0
    for piece_id in piece_ids():
        for claim in claims_in(json.loads(json.dumps(content(piece_id)))):
            assert claim == json.loads(json.dumps(evidence.claim(curriculum, claim["id"]))), piece_id
            seen += 1
    assert seen > 20


def test_one_module_of_the_page_writes_a_claim() -> None:
    """A second one would have to remember the mark."""
    writing = [path.name for path in STATIC.glob("*.js") if "figures_checked" in path.read_text("utf-8")]
    assert writing == ["evidence.js"]


@pytest.mark.browser
@pytest.mark.parametrize("kind", ["explorer", "self-check"])
def test_a_claim_with_unread_numbers_is_marked(open_piece: Callable[..., Page], kind: str) -> None:
    claims = [evidence.claim(load(), name) for name in (UNREAD, READ)]
    if kind == "explorer":
        page = open_piece({**explorer.content("learning-what-is-safe"), "claims": claims, "prediction": None})
    else:
        page = open_piece({**self_check.content(self_check.self_check_ids()[0]), "claims": claims})
        page.locator("input").first.check()
        page.get_by_role("button", name="Check my answer").click()
    page.get_by_text("What this rests on").click()
    assert page.locator(".es-basis").count() == 2
    expect(page.locator(".es-basis").first).to_contain_text(MARK)
    expect(page.locator(".es-basis").last).not_to_contain_text(MARK)
