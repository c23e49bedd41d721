"""The picture that goes with a link to a page: its title, what kind of page it is, and the course's name."""

from __future__ import annotations

import io
import re
import unicodedata

from PIL import Image, ImageDraw, ImageFont

SIZE = (1200, 630)
MARGIN = 90
INK, PAPER, ACCENT = "#ffffff", "#12404c", "#8fd3e2"
# Largest first: the title takes the largest size at which it fits.
TITLE_SIZES = (80, 68, 58, 48, 42)
LINES = 3
# Beyond ASCII, what that font has.
PUNCTUATION = "‘’“”…"


def printable(text: str) -> str:
    """The text in the letters of the font that comes with Pillow: Latin ones, without accents."""
    text = re.sub("[–—]", "-", text)
    plain = (unicodedata.normalize("NFKD", letter).encode("ascii", "ignore").decode() for letter in text)
    return "".join(
        letter if letter in PUNCTUATION else base for letter, base in zip(text, plain, strict=True)
    )


def _font(size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size)
    assert isinstance(font, ImageFont.FreeTypeFont)
    return font


def wrapped(text: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """The text in lines no wider than ``width`` pixels; a longer word stands alone."""
    lines: list[str] = []
    for word in text.split():
        if lines and font.getlength(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def draw(title: str, kind: str, course: str, size: tuple[int, int] = SIZE) -> bytes:
    """A PNG of 1200 by 630 pixels, the size that link previews show whole; or of another size.

    Args:
        kind: what the page is, such as ``Module 4``; may be empty.
        course: the name of the course.
        size: width and height in pixels.
    """
    image = Image.new("RGB", size, PAPER)
    pen = ImageDraw.Draw(image)
    width = size[0] - 2 * MARGIN
    for letters in TITLE_SIZES:
        font = _font(letters)
        lines = wrapped(printable(title), font, width)
        if len(lines) <= LINES and all(font.getlength(line) <= width for line in lines):
            break
    pen.rectangle((0, 0, 24, size[1]), fill=ACCENT)
    pen.text((MARGIN, MARGIN), printable(kind), font=_font(40), fill=ACCENT)
    pen.multiline_text(
        (MARGIN, MARGIN + 75), "\n".join(lines[:LINES]), font=font, fill=INK, spacing=letters // 4
    )
    pen.text((MARGIN, size[1] - MARGIN), printable(course), font=_font(40), fill=INK, anchor="ls")
    result = io.BytesIO()
    # Sixteen colours are enough for letters on a plain ground, and a tenth of the bytes.
    image.quantize(16, dither=Image.Dither.NONE).save(result, "PNG", optimize=True)
    return result.getvalue()
