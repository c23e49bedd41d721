"""The page that leads to the notebooks in the browser: it says their size, or that there are none."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from earned_security.curriculum import load
from earned_security.publishing.lite import lite, lite_page

ABOUT = {
    "modules": {"modules/04-building-safety-and-trust.ipynb": "4. Building safety & trust"},
    "exercises": {"exercises/a b/a b.ipynb": "Practice"},
    "bytes": 36_400_001,
    "compressed": 19_000_000,
}
PAGES = {
    "book/open-as-a-notebook": "# Open as a notebook\n\n```{notebooks-in-the-browser}\n```\n",
    "notebooks/04-building-safety-and-trust": "# Safety\n\n```{module-opening} building-safety-and-trust\n```\n",
    "index": "# Start\n\n```{toctree}\n:glob:\n\nbook/*\nnotebooks/*\n```\n",
}
PLACE = 'id="notebook-building-safety-and-trust"'


def beside(output: Path, about: dict[str, Any]) -> None:
    (output / lite.FOLDER).mkdir(parents=True, exist_ok=True)
    (output / lite.FOLDER / lite.ABOUT).write_text(json.dumps(about), encoding="utf-8")


def test_the_size_stands_before_any_link(tmp_path: Path, tiny_book: Callable[..., Any]) -> None:
    beside(tmp_path / "html", ABOUT)
    html = tiny_book(PAGES).page("book/open-as-a-notebook")
    assert "at most 19 MB, or 37 MB" in html
    assert html.index("37 MB") < html.index("lite/lab/index.html")
    name = "04-building-safety-and-trust"
    assert f'href="../lite/lab/index.html?workspace={name}&amp;path=modules/{name}.ipynb"' in html
    assert "workspace=a%20b&amp;path=exercises/a%20b/a%20b.ipynb" in html and "safety &amp; trust" in html
    assert PLACE in html


def test_a_book_without_them_says_so_and_every_module_has_its_place(tiny_book: Callable[..., Any]) -> None:
    html = tiny_book(PAGES).page("book/open-as-a-notebook")
    assert "comes without the notebooks" in html and "lite/lab" not in html
    assert html.count('id="notebook-') == len(load().modules)


def test_each_module_leads_to_its_place_where_the_page_is_there(tiny_book: Callable[..., Any]) -> None:
    built = tiny_book(PAGES)
    page = built.page("notebooks/04-building-safety-and-trust")
    assert 'href="../book/open-as-a-notebook.html#notebook-building-safety-and-trust"' in page
    assert not [warning for warning in built.warnings if "notebook" in warning]


def test_the_page_changes_when_the_notebooks_come_and_go(
    tmp_path: Path, tiny_book: Callable[..., Any]
) -> None:
    assert "comes without" in tiny_book(PAGES).page("book/open-as-a-notebook")
    beside(tmp_path / "html", ABOUT)
    assert "at most 19 MB" in tiny_book(PAGES).page("book/open-as-a-notebook")
    (tmp_path / "html" / lite.FOLDER / lite.ABOUT).unlink()
    assert "comes without" in tiny_book(PAGES).page("book/open-as-a-notebook")


def test_megabytes_are_never_fewer_than_there_are() -> None:
    assert [lite_page.megabytes(size) for size in (1, 1_000_000, 1_000_001)] == [1, 1, 2]


def test_on_paper_it_says_where_they_open_and_not_what_is_missing(tiny_book: Callable[..., Any]) -> None:
    built = tiny_book(PAGES, builder="epub")
    page = (built.folder / "book" / "open-as-a-notebook.xhtml").read_text(encoding="utf-8")
    assert "of the book on the web" in page and "comes without" not in page and "earned book" not in page
