"""What pages say of themselves: in a tiny book with an address, and in one without."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sphinx.errors import ConfigError

from earned_security.curriculum import load
from earned_security.publishing import book, edition
from earned_security.publishing.site import page_metadata

Book = Callable[..., Any]
ROOT = Path(__file__).parents[3]
CURRICULUM = load()
MODULE = CURRICULUM.modules["building-safety-and-trust"]
PAGE = "notebooks/04-building-safety-and-trust"
HOME = "https://example.org/course"
PAGES = {
    "page": "# A page\n\n```{note}\nNot this.\n```\n\nThis is *first* {claim}`safety-outranks-technique`. Then this.\n",
    "deep/described": "---\ndescription: Written by hand.\n---\n# Described\n\nNot this.\n",
    PAGE: f"# Building safety and trust\n\n```{{module-opening}} {MODULE.id}\n```\n",
}


class _Meta(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag == "meta" and (name := given.get("name") or given.get("property")):
            assert name not in self.found or name == "viewport", f"{name} stands there twice"
            self.found[name] = given.get("content") or ""
        if tag == "link" and given.get("rel") == "canonical":
            self.found["canonical"] = given.get("href") or ""


def _meta(built: Any, page: str) -> dict[str, str]:
    return _Meta(built.page(page)).found


def _structured(built: Any, page: str) -> list[dict[str, Any]]:
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', built.page(page), re.DOTALL)
    return [json.loads(text) for text in found]


@pytest.fixture
def at_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The book has an address and an edition."""
    monkeypatch.setenv(book.ADDRESS, HOME)
    (tmp_path / "source").mkdir()
    shutil.copyfile(ROOT / edition.CITATION, tmp_path / "source" / edition.CITATION)


def test_a_page_says_what_it_is_about(tiny_book: Book) -> None:
    built = tiny_book(PAGES)
    assert _meta(built, "page")["description"] == "This is first. Then this."
    assert _meta(built, "deep/described")["og:description"] == "Written by hand."
    said = _meta(built, PAGE)["description"]
    assert said.startswith(f"Module 4, {MODULE.minutes} minutes: by the end you can ") and len(said) <= 200
    assert _meta(built, PAGE)["og:title"] == MODULE.title


def test_without_an_address_nothing_claims_to_have_one(tiny_book: Book) -> None:
    built = tiny_book(PAGES)
    assert not {"canonical", "og:url", "og:image"} & set(_meta(built, "page"))
    assert not (built.folder / "sitemap.xml").exists()
    assert not (built.folder / page_metadata.PICTURES).exists()


def test_with_an_address_every_page_has_its_own_and_a_picture(tiny_book: Book, at_home: None) -> None:
    built = tiny_book(PAGES)
    said = _meta(built, "deep/described")
    assert said["canonical"] == said["og:url"] == f"{HOME}/deep/described.html"
    picture = built.folder / said["og:image"].removeprefix(f"{HOME}/")
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert "Described" in said["og:image:alt"]
    places = ElementTree.parse(built.folder / "sitemap.xml").getroot()
    ns = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    listed = {place.findtext(f"{ns}loc"): place.findtext(f"{ns}lastmod") for place in places}
    assert listed[f"{HOME}/{PAGE}.html"] == MODULE.data["written"]
    assert {f"{HOME}/page.html", f"{HOME}/index.html", f"{HOME}/book/references.html"} <= set(listed)


def test_when_the_address_is_taken_away_so_is_the_site_map(
    tiny_book: Book, at_home: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny_book(PAGES)
    monkeypatch.delenv(book.ADDRESS)
    built = tiny_book(PAGES)
    assert not (built.folder / "sitemap.xml").exists()
    assert "canonical" not in _meta(built, "page")


@pytest.mark.parametrize("address", ["example.org/course", "https://", "https://example.org/?a=b", "here"])
def test_half_an_address_is_refused(tiny_book: Book, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv(book.ADDRESS, address)
    with pytest.raises(ConfigError, match="Write a whole one"):
        tiny_book(PAGES)


def test_search_engines_find_a_course_and_its_modules(tiny_book: Book, at_home: None) -> None:
    built = tiny_book(PAGES)
    (course,) = _structured(built, "index")
    assert course["@type"] == "Course" and course["url"] == f"{HOME}/"
    assert {"name", "description", "provider"} <= set(course)
    assert [part["name"] for part in course["hasPart"]] == [m.title for m in CURRICULUM.modules.values()]
    assert course["timeRequired"] == f"PT{sum(module.minutes for module in CURRICULUM.modules.values())}M"
    (module,) = _structured(built, PAGE)
    assert module["isPartOf"]["name"] == course["name"] and module["url"] == f"{HOME}/{PAGE}.html"
    assert course["hasPart"][MODULE.number - 1]["teaches"] == [
        objective.text for objective in MODULE.objectives
    ]
    assert _structured(built, "page") == []


def test_the_foot_of_every_page_says_how_to_cite_it(
    tiny_book: Book, at_home: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    feet: dict[str, str] = {}
    original = page_metadata.write

    def spy(app: Any, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
        original(app, page, template, context, doctree)
        feet[page] = unescape(context.get("theme_extra_footer", ""))

    monkeypatch.setattr(page_metadata, "write", spy)
    tiny_book(PAGES)
    assert "A page. In: Earned Security: an interactive curriculum" in feet["page"]
    assert f"{HOME}/page.html" in feet["page"] and "not supervision" in feet["page"]
    assert "In: Earned" not in feet["index"] and "@misc{" in feet["index"]
    assert "Cite this page" not in feet["search"]


def test_a_module_shows_its_edition_and_its_dates(tiny_book: Book) -> None:
    built = tiny_book(PAGES)
    assert edition.dates(MODULE) in built.page(PAGE)


@given(st.text(alphabet="Ab. ?“,é", max_size=400), st.integers(min_value=20, max_value=200))
def test_what_is_shortened_fits_and_is_a_beginning(text: str, length: int) -> None:
    short = page_metadata.shortened(text, length)
    assert len(short) <= length
    assert " ".join(text.split()).startswith(short.rstrip("…"))


def test_whole_sentences_are_kept() -> None:
    assert (
        page_metadata.shortened("One is short. Two is longer. Three.", 30) == "One is short. Two is longer."
    )
    assert page_metadata.shortened("A sentence that is far too long for this.", 20) == "A sentence that is…"
