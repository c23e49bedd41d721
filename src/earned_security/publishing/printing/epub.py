"""The EPUB: Sphinx's own builder, with claims, pieces and figures in a form that needs no script."""

from __future__ import annotations

import json
import posixpath
import shutil
import uuid
from pathlib import Path
from typing import Any
from zipfile import ZipFile, ZipInfo

from docutils import nodes as docutils_nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.application import Sphinx
from sphinx.builders.epub3 import Epub3Builder

from earned_security import __version__
from earned_security.locale import words
from earned_security.publishing import edition, markup
from earned_security.publishing.nodes import (
    claim_badge,
    claim_cards,
    claim_ledger,
    curriculum_of,
    piece_host,
    reference_link,
    static_html,
)
from earned_security.publishing.printing import evidence, explorers, figures, pieces
from earned_security.publishing.site import preview

STYLE = Path(__file__).parent / "epub.css"
# Made for every Sphinx site, and of no use to a reader of a book.
KEPT_IN_STATIC = ("epub.css", "pygments.css")
COVER, COVER_SIZE = "_static/cover.png", (1200, 1600)

# What a reader who cannot see, or cannot hold a book, wants to know before opening it.
ACCESSIBILITY = {
    "accessMode": ("textual", "visual"),
    "accessModeSufficient": ("textual",),
    "accessibilityFeature": ("alternativeText", "structuralNavigation", "tableOfContents", "readingOrder"),
    "accessibilityHazard": ("none",),
}


class BookEpubBuilder(Epub3Builder):
    """Sphinx's EPUB builder; figures are drawn first, and what only a website needs is left out."""

    def init(self) -> None:
        self.config.templates_path = []  # the site's own templates are for its theme
        super().init()
        language = self.config.epub_language
        self.html_tag = self.html_tag.replace(">", f' lang="{language}" xml:lang="{language}">')

    def get_toc(self) -> None:
        """The table of contents, with the one name that each page has: no ``book/../notebooks``."""
        super().get_toc()
        for entry in self.refnodes:
            entry["refuri"] = posixpath.normpath(entry["refuri"])

    def content_metadata(self) -> dict[str, Any]:
        """The date is that of the edition, so that the same source gives the same file."""
        metadata = super().content_metadata()
        if (found := edition.read(Path(self.srcdir))) is not None:
            metadata["date"] = f"{found.released}T00:00:00Z"
        return metadata

    def build_epub(self) -> None:
        super().build_epub()
        path = Path(self.outdir, f"{self.config.epub_basename}.epub")
        with ZipFile(path) as made:
            files = {entry.filename: (entry.compress_type, made.read(entry)) for entry in made.infolist()}
        with ZipFile(path, "w") as dated:
            for name, (compression, content) in files.items():
                dated.writestr(ZipInfo(name), content, compression)  # every date is 1980

    def toc_metadata(self, level: int, navpoints: list[Any]) -> dict[str, Any]:
        return {**super().toc_metadata(level, navpoints), "uid": self.config.epub_identifier}

    def build_content(self) -> None:
        super().build_content()
        package = Path(self.outdir, "content.opf")
        said = "".join(
            f'<meta property="schema:{name}">{value}</meta>'
            for name, values in [
                *ACCESSIBILITY.items(),
                ("accessibilitySummary", [words("paper.accessibility")]),
            ]
            for value in values
        )
        text = package.read_text(encoding="utf-8")
        text = text.replace("</metadata>", f"{said}</metadata>", 1)
        text = text.replace(f'href="{COVER}"', f'href="{COVER}" properties="cover-image"', 1)
        package.write_text(text, encoding="utf-8")

    def handle_finish(self) -> None:
        output = Path(self.outdir)
        figures.draw(getattr(self, "earned_security_figures", {}), output / figures.FOLDER)
        for path in (output / "_static").iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            elif path.name not in KEPT_IN_STATIC:
                path.unlink()
        shutil.copyfile(STYLE, output / "_static" / "epub.css")
        found = edition.read(Path(self.srcdir))
        title = (found.title if found else self.config.epub_title).partition(": ")[0]
        cover = preview.draw(
            title, words("paper.version", version=__version__), self.config.epub_author, COVER_SIZE
        )
        (output / COVER).write_bytes(cover)
        for name in ("index.html", "search.xhtml", ".nojekyll", "genindex.xhtml"):
            (output / name).unlink(missing_ok=True)
        super().handle_finish()

    @property
    def figures(self) -> dict[str, dict[str, Any]]:
        """The figures of the pages written so far, by the name of their file."""
        found: dict[str, dict[str, Any]] = self.__dict__.setdefault("earned_security_figures", {})
        return found


def connect(app: Sphinx) -> None:
    """Add the builder and its settings to a Sphinx application."""
    app.add_builder(BookEpubBuilder, override=True)
    app.connect("config-inited", _configure, priority=950)  # when the address of the book is known
    app.connect("doctree-resolved", _on_paper, priority=900)
    app.connect("html-page-context", _only_our_style, priority=990)


def _configure(app: Sphinx, config: Any) -> None:
    address = config.html_baseurl or f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, config.project)}"
    given = {
        "epub_show_urls": "no",
        "epub_tocscope": "includehidden",
        "epub_tocdepth": 2,
        "epub_tocdup": False,
        "epub_basename": "book",
        "epub_cover": (COVER, "epub-cover.html"),
        "epub_title": config.html_title or config.project,
        "epub_identifier": address,
        "epub_scheme": "URL" if config.html_baseurl else "UUID",
        "epub_uid": "book-id",
        "epub_description": words("paper.description"),
        "epub_copyright": f"{config.copyright} {config.author}, CC BY 4.0".strip(),
        "epub_contributor": config.author,
        "epub_use_index": False,
        "epub_css_files": [],
        "version": config.version or __version__,
    }
    for name, value in given.items():
        config[name] = value


def _only_our_style(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    if isinstance(app.builder, BookEpubBuilder):
        context["script_files"] = []
        context["css_files"] = [file for file in context["css_files"] if _name(file) in KEPT_IN_STATIC]
        context["metatags"] = ""
        context["favicon_url"] = context["logo_url"] = None


def _name(file: Any) -> str:
    return Path(str(getattr(file, "filename", file) or "")).name.split("?")[0]


def _on_paper(app: Sphinx, doctree: Any, page: str) -> None:
    """Give everything on a page that needs a script, or a click, the form that paper has."""
    if not isinstance(app.builder, BookEpubBuilder):
        return
    curriculum = curriculum_of(app)
    claims: list[str] = next((node["claims"] for node in doctree.findall(claim_cards)), [])
    link = reference_link(app.env, lambda other: _address(app, page, other))
    place = _place(app, doctree, page)
    answers: list[str] = []
    for badge in list(doctree.findall(claim_badge)):
        number = claims.index(badge["claim"]) + 1
        _replace(badge, evidence.mark(curriculum.claims[badge["claim"]], number))
    for ledger in list(doctree.findall(claim_ledger)):
        _replace(ledger, evidence.ledger(curriculum.claims.values(), curriculum.references, link))
    for host in list(doctree.findall(piece_host)):
        content = json.loads(host["content"])
        if content["kind"] == "explorer":
            figure = explorers.figure(content, explorers.result_of(content))
            app.builder.figures[figures.name(figure)] = figure
        shown, answer = pieces.on_paper(content, place)
        _replace(host, shown)
        if answer and answer not in answers:
            answers.append(answer)
    for static in list(doctree.findall(static_html)):
        if figure := static.get("figure"):
            app.builder.figures[figures.name(figure)] = figure
            _replace(static, figures.image(figure, place.pictures))
        else:
            static.replace_self(static.children)
    for code in list(doctree.findall(_is_code_of_a_figure)):
        shown = code.parent if isinstance(code.parent, HideCodeCellNode) else code
        shown.parent.remove(shown)
    for cards in list(doctree.findall(claim_cards)):
        shown = evidence.notes((curriculum.claims[claim] for claim in claims), curriculum.references, link)
        _replace(cards, shown)
    if answers:
        heading = f"<h2>{words('paper.answers')}</h2>"
        doctree += _raw(f'<section class="es-answers">{heading}{"".join(answers)}</section>')


def _is_code_of_a_figure(node: Any) -> bool:
    return isinstance(node, docutils_nodes.container) and "cell_input" in node.get("classes", ())


def _replace(node: Any, xhtml: str) -> None:
    node.replace_self(_raw(xhtml))


def _raw(xhtml: str) -> docutils_nodes.raw:
    return docutils_nodes.raw("", xhtml, format="html")


def _place(app: Sphinx, doctree: Any, page: str) -> pieces.Place:
    title = next((node.astext() for node in doctree.findall(docutils_nodes.title)), page)
    base = app.config.html_baseurl
    ledger = _address(app, page, markup.LEDGER)
    return pieces.Place(
        page=title,
        address=f"{base.rstrip('/')}/{page}.html" if base else None,
        pictures="/".join([".."] * page.count("/") + [figures.FOLDER]),
        in_ledger=lambda claim: f"{ledger}#claim-{claim}" if ledger is not None else None,
    )


def _address(app: Sphinx, page: str, other: str) -> str | None:
    if other not in app.env.found_docs:
        return None
    return "" if other == page else str(app.builder.get_relative_uri(page, other))
