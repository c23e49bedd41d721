"""The page that leads to the printed forms: each with its size, or that there are none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from earned_security.publishing.printing import paper_page

PAGES = {"book/on-paper": "# On paper\n\n```{on-paper}\n```\n"}
HANDOUT = "handouts/04-building-safety-and-trust.pdf"


def printed(folder: Path) -> Path:
    """What stands for the work of `earned print`."""
    (folder / "handouts").mkdir(parents=True)
    for name, size in {"book.pdf": 6_350_000, "book.epub": 770_000, HANDOUT: 40_400}.items():
        (folder / name).write_bytes(bytes(size))
    (folder / "notes.txt").write_text("not a printed form", encoding="utf-8")
    return folder


def test_each_printed_form_is_linked_with_its_size(tmp_path: Path, tiny_book: Callable[..., Any]) -> None:
    paper_page.put_beside(printed(tmp_path / "made"), tmp_path / "html")
    page = tiny_book(PAGES).page("book/on-paper")
    assert '<a href="../print/book.pdf">The whole book (PDF)</a> (6.3 MB)' in page
    assert '<a href="../print/book.epub">' in page and "(0.8 MB)" in page
    assert f'<a href="../print/{HANDOUT}">4. Building safety and trust</a> (40 kB)' in page
    assert "checklist.pdf" not in page and "notes.txt" not in page and "comes without" not in page


def test_a_book_without_them_says_so_until_they_come(tmp_path: Path, tiny_book: Callable[..., Any]) -> None:
    page = tiny_book(PAGES).page("book/on-paper")
    assert "comes without its printed forms" in page and "../print/" not in page
    paper_page.put_beside(printed(tmp_path / "made"), tmp_path / "html")
    assert "comes without" not in tiny_book(PAGES).page("book/on-paper")


def test_the_printed_form_itself_says_nothing_of_it(tiny_book: Callable[..., Any]) -> None:
    built = tiny_book(PAGES, builder="epub")
    assert "comes without" not in (built.folder / "book" / "on-paper.xhtml").read_text(encoding="utf-8")


def test_what_is_no_longer_made_is_no_longer_there(tmp_path: Path) -> None:
    made = printed(tmp_path / "made")
    paper_page.put_beside(made, tmp_path / "html")
    (made / "book.epub").unlink()
    paper_page.put_beside(made, tmp_path / "html")
    assert set(paper_page.files(tmp_path / "html")) == {"book.pdf", HANDOUT}
