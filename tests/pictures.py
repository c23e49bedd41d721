"""Pictures for the manual, made by the tests that drive the real thing; only where ``EARNED_PICTURES=1`` asks for them."""

from __future__ import annotations

import io
import os
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator, Page

FOLDER = Path(__file__).parents[1] / "book" / "teaching" / "pictures"
LARGEST = 60_000  # bytes: a page of the manual has several


def take(shown: Page | Locator, name: str) -> None:
    """Save what a page or a part of it shows as ``name.png``, with as many colours as the size allows.

    No picture may show a key or a model answer of a graded item: the book is public.
    """
    if os.environ.get("EARNED_PICTURES") != "1":
        return
    image = Image.open(io.BytesIO(shown.screenshot())).convert("RGB")
    FOLDER.mkdir(parents=True, exist_ok=True)
    for colours in (128, 64, 32, 16):
        path = FOLDER / f"{name}.png"
        image.quantize(colours, dither=Image.Dither.NONE).save(path, optimize=True)
        if path.stat().st_size <= LARGEST:
            return
    raise AssertionError(f"{name}.png cannot be made small enough")
