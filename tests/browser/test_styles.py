"""The one style sheet shows each page as the theme's whole sheets would."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from earned_security.publishing.site import styles

pytestmark = pytest.mark.browser

LOOK = """() => [...document.querySelectorAll("body, body *")].map((one) => {
  const box = one.getBoundingClientRect();
  const style = getComputedStyle(one);
  const said = ["color", "backgroundColor", "borderTopColor", "fontSize", "fontWeight", "fontFamily", "display",
    "visibility", "opacity", "position", "textDecorationLine", "listStyleType", "cursor", "outlineStyle", "transform"];
  return [one.tagName + "." + one.className, box.x, box.y, box.width, box.height, ...said.map((name) => style[name])].join(" ");
})"""
# The whole sheets come into the place of the one, and each is waited for.
WHOLE = """async (names) => {
  const link = document.querySelector("link[href*='/earned-security.css']");
  const folder = new URL(".", link.href);
  for (const name of names) {
    const sheet = document.createElement("link");
    sheet.rel = "stylesheet";
    sheet.href = new URL(name, folder);
    link.before(sheet);
    await new Promise((done, failed) => { sheet.onload = done; sheet.onerror = failed; });
  }
  link.remove();
}"""


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
@pytest.mark.parametrize(
    "name", ["book/index", "notebooks/04-building-safety-and-trust", "book/glossary", "search"]
)
def test_a_page_looks_as_with_the_whole_sheets(
    visit: Any, book_folder: Path, name: str, size: str, theme: str
) -> None:
    opened = visit(name, theme=theme, size=size)
    opened.page.wait_for_timeout(500)
    ours = opened.page.evaluate(LOOK)
    static = book_folder / "_static"
    (own,) = (path.parent for path in static.glob("earned-security-*/book.css"))
    others = [path for pattern in styles.OTHERS for path in sorted(static.glob(pattern))]
    assert len(others) == len(styles.OTHERS)
    sheets = [*others, *(own / sheet for sheet in styles.OWN)]
    opened.page.evaluate(WHOLE, [path.relative_to(static).as_posix() for path in sheets])
    opened.page.wait_for_timeout(500)
    assert opened.page.evaluate(LOOK) == ours
