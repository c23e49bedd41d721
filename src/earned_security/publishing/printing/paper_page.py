"""The page of the book that leads to its printed forms, where they lie beside it."""

from __future__ import annotations

import shutil
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from earned_security.curriculum import Curriculum
from earned_security.locale import words
from earned_security.publishing.nodes import curriculum_of

PAGE = "book/on-paper"
FOLDER = "print"
WHOLE = {"book.pdf": "pdf", "book.epub": "epub", "checklist.pdf": "checklist"}


def put_beside(printed: Path, book: Path) -> None:
    """Copy what ``earned print`` made into the folder of the book."""
    shutil.rmtree(book / FOLDER, ignore_errors=True)
    shutil.copytree(printed, book / FOLDER)


def files(book: Path) -> dict[str, int]:
    """The printed forms beside a built book, and their bytes; empty where there are none."""
    folder = book / FOLDER
    found = sorted(path for path in folder.rglob("*") if path.suffix in {".pdf", ".epub"})
    return {path.relative_to(folder).as_posix(): path.stat().st_size for path in found}


def _size(count: int) -> str:
    return f"{count / 1_000_000:.1f} MB" if count >= 100_000 else f"{max(1, round(count / 1000))} kB"


def html(found: dict[str, int], curriculum: Curriculum) -> str:
    """Links with their sizes, or that there are none."""
    if not found:
        absent = words("pages.onPaper.absent", command="<code>earned book --print</code>")
        return f"<p>{absent}</p>"

    def listed(titles: dict[str, str]) -> str:
        entries = (
            f'<li><a href="../{FOLDER}/{escape(name)}">{escape(title)}</a> ({_size(found[name])})</li>'
            for name, title in titles.items()
            if name in found
        )
        return f"<ul>{''.join(entries)}</ul>"

    whole = {name: words(f"pages.onPaper.{kind}") for name, kind in WHOLE.items()}
    handouts = {
        f"handouts/{module.number:02}-{module.id}.pdf": f"{module.number}. {module.title}"
        for module in curriculum.modules.values()
    }
    return f"{listed(whole)}<h2>{words('pages.onPaper.handouts')}</h2>{listed(handouts)}"


class OnPaper(SphinxDirective):
    """``{on-paper}``: the PDF, the EPUB, the checklist and the handouts, where they lie beside this book."""

    def run(self) -> list[nodes.Node]:
        app = self.env.app
        listed = nodes.raw("", html(files(Path(app.outdir)), curriculum_of(app)), format="html")
        return [addnodes.only("", listed, expr="not epub")]  # which is itself a printed form


def _outdated(app: Sphinx, env: Any, added: set[str], changed: set[str], removed: set[str]) -> list[str]:
    """The page is written again when the printed forms come, go or change."""
    before, env.earned_security_paper = getattr(env, "earned_security_paper", None), files(Path(app.outdir))
    return [PAGE] if env.earned_security_paper != before and PAGE in env.found_docs else []


def connect(app: Sphinx) -> None:
    """Add the page's directive to a Sphinx application."""
    app.add_directive("on-paper", OnPaper)
    app.connect("env-get-outdated", _outdated)
