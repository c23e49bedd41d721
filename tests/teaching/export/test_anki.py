"""The deck: what stands on its cards, that a card stays itself, and that Anki's own form holds it."""

from __future__ import annotations

import io
import re
import sqlite3
import zipfile
from html import unescape
from pathlib import Path

import pytest

from earned_security import cli, curriculum
from earned_security.teaching.export import anki

pytest.importorskip("genanki", reason="The course's part 'export' is not installed.")
KNOWN = curriculum.load()


def notes(deck: bytes, place: Path) -> dict[str, list[str]]:
    """The notes of a package by their identity, as Anki's database has them."""
    with zipfile.ZipFile(io.BytesIO(deck)) as archive:
        archive.extract("collection.anki2", place)
    with sqlite3.connect(place / "collection.anki2") as database:
        rows = database.execute("select guid, flds from notes").fetchall()
    database.close()
    return {guid: fields.split("\x1f") for guid, fields in rows}


def test_the_deck_holds_each_term_and_self_check_once(tmp_path: Path) -> None:
    found = notes(anki.deck(1.7e9), tmp_path)
    cards = [*anki.glossary(KNOWN), *anki.self_checks(KNOWN)]
    assert len(found) == len(cards) == len({card.id for card in cards})
    assert len(cards) > 150
    assert {fields[0] for fields in found.values()} == {card.front for card in cards}


def test_a_card_stays_itself_when_its_text_or_the_moment_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = notes(anki.deck(1.7e9), tmp_path)
    card = anki.Card("term/alliance", "<p>alliance</p>", "<p>Other words.</p>", "", ())
    monkeypatch.setattr(anki, "glossary", lambda known: iter([card]))
    monkeypatch.setattr(anki, "self_checks", lambda known: iter([]))
    ((guid, fields),) = notes(anki.deck(1.8e9), tmp_path).items()
    assert before[guid][0] == fields[0] and before[guid][1] != fields[1]


def test_the_same_moment_gives_the_same_bytes() -> None:
    assert anki.deck(1.7e9) == anki.deck(1.7e9)


def test_each_claim_that_a_card_rests_on_stands_there_with_its_grade() -> None:
    for term, card in zip(KNOWN.glossary.values(), anki.glossary(KNOWN), strict=True):
        for name in term.claims:
            claim = KNOWN.claims[name]
            assert f"<b>{claim.grade}</b>: " in card.basis and claim.statement in unescape(card.basis)
            assert ("re-read at source" in card.basis) or claim.figures_checked


def test_text_comes_from_the_content_alone() -> None:
    for term, card in zip(KNOWN.glossary.values(), anki.glossary(KNOWN), strict=True):
        words = unescape(re.sub(r"<[^>]+>", "", card.back))
        assert words.startswith(" ".join(term.definition.replace("*", "").split())[:30])


def test_the_right_answer_and_its_reason_stand_on_the_back() -> None:
    cards = {card.id: card for card in anki.self_checks(KNOWN)}
    card = cards["self-check/m4-sc-secure-bond-first"]
    assert "It is not known to be needed" in card.back and "live dispute" in card.back
    assert "recovery stalls, so the bond comes first" in card.front and "misconception" not in card.front
    assert card.tags == ("self-check", "module-4")


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["export", "anki", str(tmp_path / "deck.apkg")]) == 0
    assert notes((tmp_path / "deck.apkg").read_bytes(), tmp_path)
    assert "what you learned stays" in capsys.readouterr().out
