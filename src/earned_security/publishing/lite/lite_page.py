"""The page of the book that leads to the notebooks in the browser: what they weigh first, then where they open."""

from __future__ import annotations

import json
import math
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from earned_security.curriculum import Curriculum, Module
from earned_security.locale import words
from earned_security.publishing.lite import lite
from earned_security.publishing.nodes import curriculum_of

PAGE = "book/open-as-a-notebook"


def place(module: Module) -> str:
    """The module's place on the page."""
    return f"notebook-{module.id}"


def link(module: Module) -> str:
    """HTML for a module's page: the link to its place on this page."""
    address = f"../{PAGE}.html#{place(module)}"
    text = f'<a href="{address}">{words("pages.inTheBrowser.link")}</a>'
    return f"<p>{words('pages.inTheBrowser.text', link=text)}</p>"


def megabytes(size: int) -> int:
    """Bytes as whole megabytes, never fewer than there are."""
    return math.ceil(size / 1_000_000)


def _read(app: Sphinx) -> dict[str, Any] | None:
    """What the site beside this book says of itself; None where there is none."""
    path = Path(app.outdir, lite.FOLDER, lite.ABOUT)
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else None


def html(about: dict[str, Any] | None, curriculum: Curriculum) -> str:
    """The size and the list of notebooks, or that there are none; each module has its place either way."""
    modules = curriculum.modules.values()
    if about is None:
        places = "".join(f'<span id="{place(module)}"></span>' for module in modules)
        absent = words("pages.inTheBrowser.absent", command="<code>earned book --lite</code>")
        return f"<p>{places}{absent}</p>"
    sizes = {name: megabytes(about[name]) for name in ("bytes", "compressed")}
    anchors = {f"modules/{module.number:02}-{module.id}.ipynb": place(module) for module in modules}

    def listed(titles: dict[str, str]) -> str:
        entries = []
        for name, title in titles.items():
            at = f' id="{anchors[name]}"' if name in anchors else ""
            address = escape(f"../{lite.address(name)}")
            entries.append(f'<li{at}><a href="{address}">{escape(title)}</a></li>')
        return f'<ul class="es-notebooks">{"".join(entries)}</ul>'

    return (
        f"<p>{words('pages.inTheBrowser.size', **sizes)}</p>"
        f"<h2>{words('pages.inTheBrowser.modules')}</h2>{listed(about['modules'])}"
        f"<h2>{words('pages.inTheBrowser.exercises')}</h2>{listed(about['exercises'])}"
    )


class NotebooksInTheBrowser(SphinxDirective):
    """``{notebooks-in-the-browser}``: what they weigh and where they open, where they lie beside this book."""

    def run(self) -> list[nodes.Node]:
        app = self.env.app
        listed = nodes.raw("", html(_read(app), curriculum_of(app)), format="html")
        on_paper = nodes.paragraph(text=words("pages.inTheBrowser.onPaper"))
        return [addnodes.only("", listed, expr="not epub"), addnodes.only("", on_paper, expr="epub")]


def _outdated(app: Sphinx, env: Any, added: set[str], changed: set[str], removed: set[str]) -> list[str]:
    """The page is written again when the notebooks beside the book come, go or change."""
    before, env.earned_security_lite = getattr(env, "earned_security_lite", None), _read(app)
    return [PAGE] if env.earned_security_lite != before and PAGE in env.found_docs else []


def connect(app: Sphinx) -> None:
    """Add the page's directive to a Sphinx application."""
    app.add_directive("notebooks-in-the-browser", NotebooksInTheBrowser)
    app.connect("env-get-outdated", _outdated)
