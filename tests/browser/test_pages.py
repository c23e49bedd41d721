"""Every page of the book: it loads whole, asks nobody else for anything, and axe finds nothing, light and dark."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin

import pytest
import yaml

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.browser


def _pages() -> list[str]:
    """The pages in the table of contents, and those that Sphinx adds."""
    text = (ROOT / "_toc.yml").read_text(encoding="utf-8")
    contents = yaml.safe_load(text)
    chapters = [chapter["file"] for part in contents["parts"] for chapter in part["chapters"]]
    return [contents["root"], *chapters, "search", "genindex"]


PAGES = _pages()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_loads_whole_and_axe_finds_nothing(visit: Any, name: str, theme: str) -> None:
    opened = visit(name, theme=theme)
    assert opened.page.locator("html").get_attribute("data-theme") == theme
    assert opened.axe() == []
    assert opened.faults == []


@pytest.mark.parametrize("size", ["phone", "desktop"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_its_screen(visit: Any, name: str, size: str) -> None:
    opened = visit(name, size=size)
    shots = ROOT / "_build" / "screenshots"
    shots.mkdir(parents=True, exist_ok=True)
    opened.page.screenshot(path=shots / f"{name.replace('/', '-')}-{size}.png", full_page=True)
    over = opened.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert over <= 0, f"The page is {over} pixels wider than the screen."
    assert opened.faults == []


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.ids: set[str] = set()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = {name: value for name, value in attributes if value is not None}
        if "id" in found:
            self.ids.add(found["id"])
        if tag == "a" and "href" in found:
            self.links.append(found["href"])
        elif tag == "link" and found.get("rel") not in ("index", "search", "next", "prev", "canonical"):
            self.loaded.append(found.get("href", ""))
        elif "src" in found:
            self.loaded.append(found["src"])


def test_every_link_inside_the_book_leads_somewhere(book_folder: Path) -> None:
    parsed = {}
    for path in book_folder.rglob("*.html"):
        if "_static" in path.relative_to(book_folder).parts:
            continue
        parser = _Links()
        parser.feed(path.read_text(encoding="utf-8"))
        parsed[path.relative_to(book_folder).as_posix()] = parser
    lost = []
    for name, parser in parsed.items():
        for link in {*parser.links, *parser.loaded}:
            if re.match(r"[a-z]+:", link):
                continue
            address, anchor = urldefrag(urljoin(f"/{name}", link))
            target = unquote(address).split("?")[0].lstrip("/")
            if not (book_folder / target).is_file():
                lost.append(f"{name}: {link}")
            elif anchor and target in parsed and unquote(anchor) not in parsed[target].ids:
                lost.append(f"{name}: {link} (no such place)")
    assert lost == []


def test_pages_are_light_and_name_no_other_host(book_folder: Path) -> None:
    heavy, foreign = [], []
    for name in PAGES:
        path = book_folder / f"{name}.html"
        text = path.read_text(encoding="utf-8")
        if len(text.encode()) > 160_000:
            heavy.append(f"{name}: {len(text.encode())}")
        parser = _Links()
        parser.feed(text)
        foreign += [f"{name}: {address}" for address in parser.loaded if re.match(r"([a-z]+:)?//", address)]
        foreign += [f"{name}: {found}" for found in re.findall(r"(?:unpkg|jsdelivr|cdnjs|googleapis)\.\w+", text)]
    assert heavy == []
    assert foreign == []
