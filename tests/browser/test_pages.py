"""Every page of the book loads whole, asks nobody else for anything, and satisfies axe, light and dark."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin

import pytest
import yaml

ROOT = Path(__file__).parents[2]
SCREENSHOTS = ROOT / "_build" / "screenshots"
HOSTS = re.compile(r"(?:unpkg|jsdelivr|cdnjs|googleapis|gstatic)\.\w+")

pytestmark = pytest.mark.browser


def _pages() -> list[str]:
    """The pages in the table of contents, and those that Sphinx adds."""
    contents = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    chapters = [chapter for part in contents["parts"] for chapter in part["chapters"]]
    pages = [page["file"] for chapter in chapters for page in (chapter, *chapter.get("sections", ()))]
    return [contents["root"], *pages, "search"]


PAGES = _pages()


def _look(opened: Any, name: str, size: str, theme: str) -> None:
    """Save what the page looks like; it must fit the screen and satisfy axe."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    opened.page.screenshot(path=SCREENSHOTS / f"{name.replace('/', '-')}-{size}-{theme}.png", full_page=True)
    over = opened.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert over <= 0, f"The page is {over} pixels wider than the {size} screen."
    assert opened.axe() == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_loads_whole_fits_and_axe_finds_nothing(visit: Any, name: str, theme: str) -> None:
    opened = visit(name, theme=theme)
    assert opened.page.locator("html").get_attribute("data-theme") == theme
    assert opened.faults == []
    _look(opened, name, "desktop", theme)
    opened.resize("phone")
    _look(opened, name, "phone", theme)
    assert opened.faults == []


class _Links(HTMLParser):
    """The links of a page, what it loads, and the places in it."""

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


def _parsed(book_folder: Path) -> dict[str, _Links]:
    parsed = {}
    for path in sorted(book_folder.rglob("*.html")):
        name = path.relative_to(book_folder)
        if "_static" not in name.parts:
            parser = parsed[name.as_posix()] = _Links()
            parser.feed(path.read_text(encoding="utf-8"))
    return parsed


def test_every_link_inside_the_book_leads_somewhere(book_folder: Path) -> None:
    parsed = _parsed(book_folder)
    assert {f"{name}.html" for name in PAGES} <= set(parsed)
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


def test_the_address_of_the_book_leads_to_its_first_page(visit: Any, site: str) -> None:
    opened = visit("search")
    opened.page.goto(site)
    opened.page.wait_for_url(f"**/{PAGES[0]}.html")
    assert opened.page.locator("article h1").first.is_visible()
    assert opened.faults == []


def test_pages_name_no_other_host(book_folder: Path) -> None:
    foreign = []
    for name, parser in _parsed(book_folder).items():
        foreign += [f"{name}: {address}" for address in parser.loaded if re.match(r"([a-z]+:)?//", address)]
        found = HOSTS.findall((book_folder / name).read_text(encoding="utf-8"))
        foreign += [f"{name}: {host}" for host in found]
    assert foreign == []


def test_pages_are_light(book_folder: Path) -> None:
    weights = {name: (book_folder / f"{name}.html").stat().st_size for name in PAGES}
    assert {name: weight for name, weight in weights.items() if weight > 160_000} == {}


def test_without_javascript_everything_can_be_read(visit: Any, book_folder: Path) -> None:
    opened = visit("book/evidence-ledger", java_script_enabled=False)
    assert opened.page.locator(".es-claims > li:visible").count() > 200
    checklist = (book_folder / "book/strategy-checklist.html").read_text(encoding="utf-8")
    assert re.search(r"<noscript><p>.{0,80}This part needs JavaScript", checklist)
