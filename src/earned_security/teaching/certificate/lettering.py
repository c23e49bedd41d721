"""Which letters can be printed correctly: a name is printed as its owner writes it, or refused with the reason.

The font that is vendored, DejaVu Sans, has Latin, Greek, Cyrillic, Armenian, Georgian, Hebrew and Arabic letters, among
others. A provider may name a font of its own for others. Scripts in which letters join, change place or run from the
right need HarfBuzz (the package ``uharfbuzz``); printed without it they would be wrong, so they are not.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from earned_security.teaching import TeachingError

FONT = Path(__file__).parent / "fonts" / "DejaVuSans.ttf"

# Scripts whose letters stand side by side as they are, by the beginning of their names in Unicode.
_PLAIN = (
    "LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "GEORGIAN", "CJK UNIFIED", "CJK COMPATIBILITY", "HIRAGANA", "KATAKANA",
    "HANGUL SYLLABLE", "BOPOMOFO", "MODIFIER LETTER APOSTROPHE", "MODIFIER LETTER TURNED COMMA", "IDEOGRAPHIC",
    "FEMININE ORDINAL", "MASCULINE ORDINAL", "MICRO SIGN",
)  # fmt: skip
_JOINERS = "\u200c\u200d"


@dataclass(frozen=True)
class Lettering:
    """How a text is to be printed. ``font``: its file. ``shaped``: by HarfBuzz."""

    text: str
    font: Path
    shaped: bool


def lettering(text: str, what: str, own_font: Path | None = None) -> Lettering:
    """How to print a text so that it is right.

    Args:
        what: what it is, for the sentence that refuses: "The name".
        own_font: the provider's font, for letters that the vendored one lacks.

    Raises:
        TeachingError: it cannot be printed correctly; says why, and what would help.
    """
    text = unicodedata.normalize("NFC", " ".join(text.split()))
    shaped = not all(map(_stands_alone, text))
    for letter in text:
        if unicodedata.category(letter)[0] == "C" and letter not in _JOINERS:
            raise TeachingError(
                f"{what}, {text!r}, holds a character that cannot be printed (U+{ord(letter):04X}). Correct it."
            )
    fonts = [FONT, *([own_font] if own_font else [])]
    font = next((font for font in fonts if all(ord(letter) in letters(font) for letter in text)), None)
    if font is None:
        lacking = next(letter for letter in text if ord(letter) not in letters(FONT))
        raise TeachingError(
            f"{what}, {text}, cannot be printed: the font has no '{lacking}' ({unicodedata.name(lacking, 'unknown')}). "
            "Name a font that has all its letters under `certificate: font` in course.yaml."
        )
    if shaped and find_spec("uharfbuzz") is None:
        raise TeachingError(
            f"{what}, {text}, would be printed wrongly: its letters join or change their order. "
            "Install what does this, and try again: pip install uharfbuzz"
        )
    return Lettering(text, font, shaped)


@lru_cache(maxsize=4)
def letters(font: Path) -> frozenset[int]:
    """The code points for which a font has a letter.

    Raises:
        TeachingError: the file is no font that can be used.
    """
    from fontTools.ttLib import TTFont, TTLibError

    try:
        with TTFont(font, lazy=True) as opened:
            return frozenset(opened.getBestCmap() or ())
    except (OSError, TTLibError) as error:
        raise TeachingError(f"{font} is not a font that can be used ({error}). Give a .ttf file.") from error


def _stands_alone(letter: str) -> bool:
    category = unicodedata.category(letter)
    if category[0] in "LM":
        return category[0] == "L" and unicodedata.name(letter, "").startswith(_PLAIN)
    return letter not in _JOINERS and unicodedata.bidirectional(letter) not in ("R", "AL", "AN")
