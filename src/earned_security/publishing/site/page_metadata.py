"""What a page says of itself: to search engines, to the preview of a link, and to somebody who cites it.

One setting, the address where the book will live (``html.baseurl`` in ``_config.yml``, or ``EARNED_BOOK_ADDRESS`` in the
environment), gives pages their canonical address and the book its site map and preview pictures. Without it there are
none, because each of them is an address.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ConfigError
from sphinx.util import logging

from earned_security import locale
from earned_security.curriculum import Curriculum, Module
from earned_security.locale import words
from earned_security.publishing import edition
from earned_security.publishing.book import ADDRESS
from earned_security.publishing.ledger import data as script_data
from earned_security.publishing.markup import module_page
from earned_security.publishing.nodes import claim_badge, curriculum_of

logger = logging.getLogger(__name__)

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
# Search engines and previews show about this many characters.
LENGTH = 200
PICTURES = "_images/preview"
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z“\"(])")


def module_of(page: str, curriculum: Curriculum) -> Module | None:
    """The module whose page this is, if it is one."""
    return next((module for module in curriculum.modules.values() if module_page(module) == page), None)


def shortened(text: str, length: int = LENGTH) -> str:
    """The first whole sentences that fit; where not even one does, its first words."""
    text = " ".join(text.split())
    first, *others = _SENTENCE.split(text)
    if len(first) > length:
        return f"{first[: length - 1].rsplit(' ', 1)[0].rstrip(' ,;:')}…"
    for sentence in others:
        if len(first) + 1 + len(sentence) > length:
            break
        first += f" {sentence}"
    return first


def describe_module(module: Module) -> str:
    """A module in a sentence, from its data."""
    first = module.objectives[0].text
    said = words("pages.about.module", number=module.number, minutes=module.minutes, objective=first)
    return shortened(said)


def first_words(doctree: nodes.document) -> str:
    """The first paragraph of a page's text, without its badges."""
    for section in doctree.findall(nodes.section):
        for paragraph in section.children:
            if isinstance(paragraph, nodes.paragraph):
                text = paragraph.deepcopy()
                for badge in list(text.findall(claim_badge)):
                    badge.parent.remove(badge)
                return re.sub(r"\s+([.,;:])", r"\1", text.astext())
    return ""


def description(
    page: str, doctree: nodes.document, front_matter: dict[str, Any], curriculum: Curriculum
) -> str:
    """What a page is about: ``description`` in its front matter, a module's data, or its first sentences."""
    written = front_matter.get("description")
    if written:
        return shortened(str(written))
    module = module_of(page, curriculum)
    return describe_module(module) if module else shortened(first_words(doctree))


def kind(page: str, curriculum: Curriculum) -> str:
    """What sort of page it is, for its picture."""
    module = module_of(page, curriculum)
    if module:
        return words("pages.about.kinds.module", number=module.number)
    kinds = {"book/cases": "case", "book/explorers": "explorers"}
    found = kinds.get(page.rpartition("/")[0])
    return words(f"pages.about.kinds.{found}") if found else ""


def _authors(book: edition.Edition) -> list[dict[str, str]]:
    """People and groups; a group's name stands in braces for BibTeX."""
    return [
        {"@type": "Organization" if name.startswith("{") else "Person", "name": author}
        for author, name in zip(book.authors, book.names, strict=True)
    ]


def module_data(book: edition.Edition, module: Module, address: str | None) -> dict[str, Any]:
    """One module for search engines (schema.org). ``address``: its page's, or None."""
    return {
        "@type": "LearningResource",
        "name": module.title,
        "position": module.number,
        "description": describe_module(module),
        "timeRequired": f"PT{module.minutes}M",
        "author": _authors(book),
        "dateModified": module.data["written"],
        "license": LICENCE,
        **({"url": address} if address else {}),
    }


def course_data(
    book: edition.Edition, about: str, curriculum: Curriculum, locate: Callable[[str], str | None]
) -> dict[str, Any]:
    """The course for search engines. ``locate``: a page's address by its name, the book's for an empty one."""
    modules = curriculum.modules.values()
    address = locate("")
    return {
        "@type": "Course",
        "name": book.title,
        "description": about,
        "provider": _authors(book)[0],
        "author": _authors(book),
        "version": book.version,
        "datePublished": book.released,
        "inLanguage": locale.tag(),
        "isAccessibleForFree": True,
        "license": LICENCE,
        "audience": {"@type": "EducationalAudience", "educationalRole": "clinician"},
        "timeRequired": f"PT{sum(module.minutes for module in modules)}M",
        "hasPart": [
            module_data(book, module, locate(module_page(module)))
            | {"teaches": [objective.text for objective in module.objectives]}
            for module in modules
        ],
        **({"url": address} if address else {}),
    }


def set_address(app: Sphinx, config: Any) -> None:
    """The environment's address, where it names one, comes before the configuration's.

    Raises:
        ConfigError: it is no web address.
    """
    address = os.environ.get(ADDRESS) or config.html_baseurl
    if address and not re.fullmatch(r"https?://[^\s?#]+", address):
        message = f"The book's address is '{address}'. Write a whole one, such as https://example.org/course/"
        raise ConfigError(message)
    config.html_baseurl = f"{address.rstrip('/')}/" if address else ""


def locate(app: Sphinx, page: str) -> str | None:
    """A page's whole address; of the book itself for an empty name; None where the book has no address."""
    base = app.config.html_baseurl
    return (f"{base}{app.builder.get_target_uri(page)}" if page else base) if base else None


def _tag(name: str, value: str) -> str:
    attribute = "property" if name.startswith("og:") else "name"
    return f'<meta {attribute}="{name}" content="{escape(value)}" />'


def _picture(app: Sphinx, page: str, title: str) -> str:
    """Draw a page's picture; its address."""
    from earned_security.publishing.site import (
        preview,  # only where it is needed: drawing loads a large library
    )

    course = str(app.config.html_title)
    name = f"{PICTURES}/{page.replace('/', '-')}.png"
    path = Path(app.outdir, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(preview.draw(title, kind(page, curriculum_of(app)), course if title != course else ""))
    return f"{app.config.html_baseurl}{name}"


def write(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Add all of this to a page that is being written."""
    if doctree is None or app.builder.name != "html":
        return
    curriculum = curriculum_of(app)
    course, title = str(app.config.html_title), app.env.titles[page].astext()
    about = description(page, doctree, app.env.metadata.get(page, {}), curriculum)
    address = locate(app, page)
    tags = {
        "description": about,
        "og:title": title,
        "og:description": about,
        "og:type": "website" if page == app.config.root_doc else "article",
        "og:site_name": course,
    }
    if address:
        tags |= {
            "og:url": address,
            "og:image": _picture(app, page, title),
            "og:image:alt": f"{course}: {title}",
        }
        tags["twitter:card"] = "summary_large_image"
    lines = [_tag(name, value) for name, value in tags.items() if value]
    book = edition.read(Path(app.srcdir))
    if book:
        module = module_of(page, curriculum)
        structured: dict[str, Any] = {}
        if page == app.config.root_doc:
            context["course_title"] = book.title
            structured = course_data(book, about, curriculum, lambda name: locate(app, name))
        elif module:
            whole = {"@type": "Course", "name": book.title, "url": locate(app, "")}
            within = {name: value for name, value in whole.items() if value}
            structured = module_data(book, module, address) | {"isPartOf": within}
        if structured:
            text = script_data({"@context": "https://schema.org"} | structured)
            lines.append(f'<script type="application/ld+json">{text}</script>')
        cited = book.title if page == app.config.root_doc else title
        context["theme_extra_footer"] = context.get("theme_extra_footer", "") + book.html(
            page, cited, address
        )
    context["metatags"] = "\n    ".join([context.get("metatags", ""), *lines])


def write_site_map(app: Sphinx) -> None:
    """``sitemap.xml``: every page's address, and a module's date. Without an address there is none, and it says so."""
    path = Path(app.outdir, "sitemap.xml")
    if not app.config.html_baseurl:
        path.unlink(missing_ok=True)
        logger.info(
            "The book has no address yet, so it was built without canonical addresses, a site map and pictures for "
            "links. Give it one when it has a home: html.baseurl in _config.yml, or %s.",
            ADDRESS,
        )
        return
    entries = []
    for page in sorted(app.env.found_docs):
        module = module_of(page, curriculum_of(app))
        changed = f"<lastmod>{module.data['written']}</lastmod>" if module else ""
        entries.append(f"<url><loc>{escape(locate(app, page) or '')}</loc>{changed}</url>\n")
    text = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{"".join(entries)}</urlset>\n'
    path.write_text(f'<?xml version="1.0" encoding="UTF-8"?>\n{text}', encoding="utf-8")


def connect(app: Sphinx) -> None:
    """Add this to a Sphinx application. Pages are written again when the edition changes."""
    path = Path(app.srcdir, edition.CITATION)
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    app.add_config_value("earned_security_edition", text, "html", [str])
    app.connect("config-inited", set_address)
    app.connect("html-page-context", write, priority=600)  # after the footer
