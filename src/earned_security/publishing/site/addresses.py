"""Addresses that have been published stay: a list of them, and redirects for what has moved.

``book/addresses.txt`` lists the pages, the files and the places in pages that others may link to.
``book/redirects.yaml`` says where an old address leads now; the build makes it lead there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from html import escape
from os.path import relpath
from pathlib import Path, PurePosixPath

from sphinx.application import Sphinx

from earned_security import locale
from earned_security.curriculum import ContentError, Problem, source
from earned_security.locale import words
from earned_security.publishing.site import built_pages
from earned_security.publishing.site.built_pages import BuiltPage

LIST = "book/addresses.txt"
REDIRECTS = "book/redirects.yaml"

HEAD = """# Every address of the book that others may link to: pages, files, and in pages the claims, terms, strategies,
# references and interactive parts. None of them may vanish: `earned book --check` says so when one does.
# `earned book --record` adds new ones. What has moved gets a line in redirects.yaml.
"""
# Places with a name of their own. Headings are not among them, unless another page leads there.
_NAMED = re.compile(r"(claim|term|strategy|piece)-")
# Not promised: files whose names follow from their content, and the notebooks in the browser, which may be left out.
_APART = ("_static/", "_images/", "lite/")


def found(folder: Path, pages: Mapping[str, BuiltPage]) -> set[str]:
    """What a built book offers to be linked to."""
    offered = set(pages)
    references = "book/references.html"
    for name, page in pages.items():
        offered |= {f"{name}#{place}" for place in page.ids if _NAMED.match(place)}
        for link in page.links:
            if built_pages.is_elsewhere(link.text):
                continue
            file, place = built_pages.target(name, link.text)
            if (folder / file).is_file() and not file.startswith(_APART):
                offered.add(file)
                if place and file != name and file in pages and place in pages[file].ids:
                    offered.add(f"{file}#{place}")
    if references in pages:
        offered |= {
            f"{references}#{place}"
            for place in pages[references].ids
            if re.fullmatch(r"[a-z-]+\d{4}\w*", place)
        }
    return offered


def listed(root: Path) -> dict[str, int]:
    """The addresses that were published, each with its line in the list."""
    path = root / LIST
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return {line: number for number, line in enumerate(lines, start=1) if line and not line.startswith("#")}


def redirects(root: Path) -> dict[str, str]:
    """Where old addresses lead now, by old address.

    Raises:
        ContentError: the file cannot be read as such a list.
    """
    path = root / REDIRECTS
    if not path.exists():
        return {}
    document = source.read_document(path)
    if found := source.validate(document, "redirects"):
        raise ContentError(found)
    return document.data or {}


def redirect_problems(root: Path) -> list[Problem]:
    """Every mistake in the list of redirects, without a built book."""
    try:
        redirects(root)
    except ContentError as error:
        return list(error.problems)
    return []


def followed(address: str, moved: Mapping[str, str]) -> str:
    """Where an address leads in the end. A page that has moved takes its places with it."""
    for _ in range(len(moved) + 1):
        page, _, place = address.partition("#")
        if address in moved:
            address = moved[address]
        elif place and page in moved:
            address = f"{moved[page].partition('#')[0]}#{place}"
        else:
            break
    return address


def _is_there(address: str, folder: Path, pages: Mapping[str, BuiltPage]) -> bool:
    file, _, place = address.partition("#")
    return place in pages[file].ids if place and file in pages else (folder / file).is_file() and not place


def problems(root: Path, folder: Path, pages: Mapping[str, BuiltPage]) -> list[Problem]:
    """Published addresses that lead nowhere, redirects that do, and addresses that are not on the list yet.

    Args:
        root: the checkout, with the list and the redirects.
        folder: the built book.
        pages: its pages, from :func:`earned_security.publishing.site.built_pages.read`.
    """
    known, moved = listed(root), redirects(root)
    problems = []
    for address, line in known.items():
        if not _is_there(followed(address, moved), folder, pages):
            message = (
                f"{address} was published and is gone: others may link to it. Bring it back, or say in {REDIRECTS} "
                f"where it leads now."
            )
            problems.append(Problem(root / LIST, line, message))
    lines = (root / REDIRECTS).read_text(encoding="utf-8").splitlines() if moved else []
    for old in moved:
        if not _is_there(followed(old, moved), folder, pages):
            line = next((number for number, text in enumerate(lines, start=1) if text.startswith(old)), 1)
            problems.append(
                Problem(root / REDIRECTS, line, f"{old} leads to {moved[old]}, which is not there.")
            )
    if new := sorted(found(folder, pages) - set(known)):
        message = (
            f"{len(new)} addresses are not on this list, for instance {new[0]}. Run `earned book --record`."
        )
        problems.append(Problem(root / LIST, 1, message))
    return problems


def record(root: Path, folder: Path) -> int:
    """Add a built book's addresses to the list; how many were new. Nothing is ever taken off it here."""
    known = set(listed(root))
    new = found(folder, built_pages.read(folder)) - known
    text = "".join(f"{address}\n" for address in sorted(known | new))
    (root / LIST).write_text(HEAD + text, encoding="utf-8")
    return len(new)


def _page(title: str, address: str, place: str) -> str:
    """A page that leads on to ``address``, to the place that was asked for, or else to ``place``."""
    fallback = f"#{place}" if place else ""
    moved, link = escape(words("pages.moved.page")), escape(words("pages.moved.link"))
    return (
        f'<!DOCTYPE html><html lang="{locale.tag()}"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="description" content="{moved}"><meta name="robots" content="noindex">'
        f'<noscript><meta http-equiv="refresh" content="0; url={escape(address + fallback)}"></noscript>'
        f"<script>location.replace({json.dumps(address)} + (location.hash || {json.dumps(fallback)}))</script></head>"
        f'<body><main><h1>{moved}</h1><p><a href="{escape(address + fallback)}">{link}</a></p>'
        "</main></body></html>\n"
    )


def _with_place(html: str, old: str, new: str, address: str) -> str:
    """A page in which the old place leads on: it stands at the new one, or is a link at the page's end."""
    if f'id="{old}"' in html:
        return html
    if not address:
        return re.sub(
            rf'(<[a-z0-9]+\b[^>]*\bid="{re.escape(new)}")',
            rf'<span id="{escape(old)}"></span>\1',
            html,
            count=1,
        )
    said = escape(words("pages.moved.part"))
    moved = f'<p id="{escape(old)}"><a href="{escape(address)}">{said}</a></p>\n'
    end = next(tag for tag in ("</article>", "</main>", "</body>") if tag in html)
    before, _, after = html.rpartition(end)
    return f"{before}{moved}{end}{after}"


def write(app: Sphinx) -> None:
    """Take pages that are no longer in the book out of a finished one, and make old addresses lead to new ones."""
    folder, moved = Path(app.outdir), redirects(Path(app.srcdir))
    for path in built_pages.files(folder):
        page = path.relative_to(folder).with_suffix("").as_posix()
        if "/" in page and page not in app.env.found_docs:  # the others are Sphinx's own
            path.unlink()
    for old in moved:
        page, _, place = old.partition("#")
        new_page, _, new_place = followed(old, moved).partition("#")
        if not place:
            path = folder / page
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(_page(app.config.html_title, _from(page, new_page), new_place), encoding="utf-8")
            continue
        host = followed(page, moved).partition("#")[0]  # the page on which somebody who asks for it arrives
        if (folder / host).is_file():
            html = (folder / host).read_text(encoding="utf-8")
            address = "" if new_page == host else f"{_from(host, new_page)}#{new_place}"
            (folder / host).write_text(_with_place(html, place, new_place, address), encoding="utf-8")


def _from(page: str, other: str) -> str:
    """How a page names another."""
    return PurePosixPath(relpath(other, PurePosixPath(page).parent)).as_posix()


def connect(app: Sphinx) -> None:
    """Add the redirects to a Sphinx application. Pages are written again when they change."""
    path = Path(app.srcdir, REDIRECTS)
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    app.add_config_value("earned_security_redirects", text, "html", [str])
