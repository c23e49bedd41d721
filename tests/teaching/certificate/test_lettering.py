"""Names are printed as their owners write them, or refused with the reason."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from importlib.util import find_spec
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from hypothesis import given
from hypothesis import strategies as st

from earned_security.teaching import TeachingError
from earned_security.teaching.certificate import lettering as module
from earned_security.teaching.certificate.lettering import FONT, lettering, letters


@pytest.mark.parametrize(
    "name",
    ["Ann O’Neill-Smith", "Zoë Ångström", "Nguyễn Thị Hồng", "Đorđe Šćepanović", "Ἑλένη Παππά", "Юлія Ґудзь", "Գայանե", "ნინო",
     "Łucja Żak", "Gülşen İnönü", "José M.ª Núñez", "Kaʻiulani"],
)  # fmt: skip
def test_names_that_need_nothing_more(name: str) -> None:
    assert lettering(name, "The name") == module.Lettering(unicodedata.normalize("NFC", name), FONT, False)


def test_letters_taken_apart_are_put_together() -> None:
    assert lettering(unicodedata.normalize("NFD", "Zoë  Ångström"), "The name").text == "Zoë Ångström"


@pytest.mark.parametrize("name", ["محمد علي", "דוד לוי", "x̌an"])
def test_letters_that_join_are_shaped_or_refused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "find_spec", lambda package: None)
    with pytest.raises(TeachingError, match=r"printed wrongly.*pip install uharfbuzz"):
        lettering(name, "The name")
    monkeypatch.setattr(module, "find_spec", lambda package: object())
    assert lettering(name, "The name").shaped


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("山田 花子", "the font has no '山'"),
        ("สมชาย", "the font has no"),
        ("Ann 😀\U0001f9e1", "the font has no"),
        ("Ann\u202eeoR", "U\\+202E"),
        ("Ann\x07", "U\\+0007"),
    ],
)
def test_what_cannot_be_printed_is_said(name: str, said: str) -> None:
    with pytest.raises(TeachingError, match=said):
        lettering(name, "The name")


def a_font(path: Path, text: str) -> Path:
    """A font with a square for each letter."""
    names = {ord(letter): f"u{ord(letter):04X}" for letter in text}
    pen = TTGlyphPen(None)
    pen.moveTo((50, 0))
    for point in ((50, 700), (650, 700), (650, 0)):
        pen.lineTo(point)
    pen.closePath()
    square = pen.glyph()
    order = [".notdef", *names.values()]
    built = FontBuilder(1000)
    built.setupGlyphOrder(order)
    built.setupCharacterMap(names)
    built.setupGlyf(dict.fromkeys(order, square))
    built.setupHorizontalMetrics(dict.fromkeys(order, (700, 50)))
    built.setupHorizontalHeader(ascent=800, descent=-200)
    built.setupNameTable({"familyName": "Squares", "styleName": "Regular"})
    built.setupOS2()
    built.setupPost()
    built.save(path)
    return path


def test_a_provider_may_bring_a_font(tmp_path: Path) -> None:
    own = a_font(tmp_path / "own.ttf", "山田花子 ")
    assert lettering("山田 花子", "The name", own).font == own
    assert lettering("Ann", "The name", own).font == FONT
    (tmp_path / "no.ttf").write_text("no font")
    with pytest.raises(TeachingError, match="not a font"):
        lettering("山田", "The name", tmp_path / "no.ttf")


@given(st.text(min_size=1, max_size=30))
def test_any_text_is_printed_whole_or_refused(text: str) -> None:
    try:
        plan = lettering(text, "The name")
    except TeachingError:
        return
    assert all(ord(letter) in letters(plan.font) for letter in plan.text)
    assert not plan.shaped or find_spec("uharfbuzz")


def test_the_vendored_font_is_what_its_record_says() -> None:
    record = json.loads((FONT.parent / "vendor.json").read_text("utf-8"))[FONT.name]
    assert hashlib.sha256(FONT.read_bytes()).hexdigest() == record["sha256"]
    assert record["version"] and record["licence"] and (FONT.parent / "DejaVuSans.LICENSE").exists()
