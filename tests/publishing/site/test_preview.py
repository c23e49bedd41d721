"""The picture that goes with a link."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFont

from earned_security.publishing.site import preview


def _picture(title: str) -> Image.Image:
    return Image.open(io.BytesIO(preview.draw(title, "Module 4", "Earned Security")))


def test_it_is_a_small_png_of_the_size_that_previews_show() -> None:
    drawn = preview.draw("Building safety and trust", "Module 4", "Earned Security")
    assert drawn.startswith(b"\x89PNG") and len(drawn) < 40_000
    assert _picture("Building safety and trust").size == preview.SIZE
    assert drawn == preview.draw("Building safety and trust", "Module 4", "Earned Security")


@pytest.mark.parametrize("title", ["Short", "A title of many words " * 6, "Unbreakable" * 12, ""])
def test_the_title_never_runs_into_the_name_of_the_course(title: str) -> None:
    picture = _picture(title).convert("RGB")
    paper = picture.getpixel((600, 20))
    between = preview.SIZE[1] - preview.MARGIN - 45
    assert all(picture.getpixel((x, between)) == paper for x in range(30, preview.SIZE[0]))


@settings(max_examples=30)
@given(st.text(max_size=40))
def test_every_letter_it_prints_is_in_its_font(text: str) -> None:
    shown = preview.printable(text)
    assert all(letter.isascii() or letter in preview.PUNCTUATION for letter in shown)


def test_accents_and_dashes_become_plain() -> None:
    assert preview.printable("Étude – “two”") == "Etude - “two”"


@given(st.text(alphabet="abc ", max_size=80))
def test_wrapping_loses_no_word(text: str) -> None:
    font = ImageFont.load_default(20)
    assert isinstance(font, ImageFont.FreeTypeFont)
    assert " ".join(preview.wrapped(text, font, 120)) == " ".join(text.split())
