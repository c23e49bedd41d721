"""``earned print``: the EPUB, the whole book as PDF, a handout for each module, and the checklist."""

from __future__ import annotations

import importlib.util
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from earned_security import __version__
from earned_security.curriculum import load
from earned_security.locale import words
from earned_security.publishing import book, edition
from earned_security.publishing.printing import browser, documents


def folder(root: Path) -> Path:
    """Where the printed documents lie."""
    return root / "_build" / "print"


def make(root: Path, say: Callable[[str], None]) -> int:
    """Make everything that can be printed, into ``_build/print``.

    Returns:
        0 where all was made, and 1 where the book could not be built.

    Raises:
        PrintingError: there is no browser to print with, or it failed; or pikepdf is not installed.
    """
    browser.find()
    if importlib.util.find_spec("pikepdf") is None:
        raise browser.PrintingError("Printing needs pikepdf: pip install 'earned-security[print]'")
    say("Building the EPUB ...")
    built, output = book.built(root, "epub"), folder(root)
    shutil.rmtree(built, ignore_errors=True)
    if book.build(root, builder="epub") != 0:
        return 1
    shutil.rmtree(output, ignore_errors=True)
    (output / "handouts").mkdir(parents=True)
    shutil.copyfile(built / "book.epub", output / "book.epub")
    described = edition.read(root)
    title, _, subtitle = (described.title if described else "The book").partition(": ")
    authors = ", ".join(described.authors) if described else ""
    chapters = documents.chapters(built, root / "_toc.yml")

    say("Printing the book ...")
    licence = words("paper.licence")
    version = words("paper.version", version=__version__)
    about = [line for line in (subtitle.capitalize(), authors, version, licence) if line]
    pages: dict[str, int] = {}
    for _ in range(3):  # the first print tells on which page each chapter begins, the second one says so
        html = documents.whole_book(title, about, chapters, built, pages)
        found = _print(html, output / "book.pdf", authors)
        if found == pages:
            break
        pages = found
    for chapter in chapters:
        if chapter.kicker:
            name = Path(chapter.name).name
            say(f"Printing the handout {name} ...")
            html = documents.handout(title, chapter, built, licence)
            _print(html, output / "handouts" / f"{name}.pdf", authors)
    say("Printing the checklist ...")
    _print(documents.checklist(title, load().strategies.values()), output / "checklist.pdf", authors)
    say(f"All of it lies in {output}")
    return 0


def _print(html: str, pdf: Path, authors: str) -> dict[str, int]:
    """Print a document; the page, from 1, of every place in it that a link leads to."""
    with tempfile.TemporaryDirectory() as working:
        page = Path(working, "page.html")
        page.write_text(html, encoding="utf-8")
        browser.to_pdf(page, pdf)
    return finish(pdf, authors)


def finish(pdf: Path, authors: str) -> dict[str, int]:
    """Name the authors, take out what differs from one print to the next, and pack the file to half its size.

    Returns:
        The page, from 1, of each named place in the document.
    """
    import pikepdf

    with pikepdf.open(pdf, allow_overwriting_input=True) as document:
        numbers: dict[Any, int] = {page.objgen: n for n, page in enumerate(document.pages, start=1)}
        places: Any = document.Root.get("/Dests", {})
        found = {name.removeprefix("/"): numbers[places[name][0].objgen] for name in places}
        for entry in ("/CreationDate", "/ModDate", "/Creator"):
            if entry in document.docinfo:
                del document.docinfo[entry]
        document.docinfo["/Author"] = authors
        _renumber(document)
        if "/ID" in document.trailer:
            del document.trailer["/ID"]  # made from the hour; a new one is made from what the file holds
        packed = pikepdf.ObjectStreamMode.generate
        document.save(pdf, object_stream_mode=packed, deterministic_id=True)
    return found


def _renumber(document: Any) -> None:
    """Number the cells of tables, which Chromium names after its own count, in the same order from 1."""
    import pikepdf

    tagged = [entry for entry in document.objects if isinstance(entry, pikepdf.Dictionary)]
    cells = sorted({bytes(entry.ID) for entry in tagged if "/S" in entry and "/ID" in entry})
    names = {cell: pikepdf.String(f"cell{number:08}") for number, cell in enumerate(cells, start=1)}

    def rename(value: Any, keys: Any) -> None:
        for key in keys:
            child = value[key]
            if isinstance(child, pikepdf.String):
                value[key] = names.get(bytes(child), child)
            elif isinstance(child, pikepdf.Array) and not child.is_indirect:
                rename(child, range(len(child)))
            elif isinstance(child, pikepdf.Dictionary) and not child.is_indirect:
                rename(child, list(child.keys()))

    for entry in tagged:
        rename(entry, [key for key in ("/ID", "/A", "/Names", "/Limits") if key in entry])
