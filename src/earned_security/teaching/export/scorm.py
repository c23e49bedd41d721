"""A module as a SCORM package: its page of the built book with all its pieces, for a learning management system.

The package holds what the page needs and no more. Links that lead out of it are words; the way out and grounding comes along.
``scorm.js`` beside this file reports which self-checks have an answer and what they earned. A module is formative: there is no pass
mark in it, and no graded key.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path, PurePosixPath
from typing import Any, Literal
from urllib.parse import unquote
from xml.etree.ElementTree import Element, SubElement

from earned_security.curriculum import Module
from earned_security.teaching import TeachingError
from earned_security.teaching.export.qti import written
from earned_security.teaching.export.qti_package import archive

Version = Literal["2004", "1.2"]
VERSIONS: tuple[Version, ...] = ("2004", "1.2")
WAY_OUT = "book/crisis-and-grounding.html"
_SCRIPT = Path(__file__).with_name("scorm.js")
_IMPORT = re.compile(r'(?:from\s+|import\(\s*|import\s+)"(\.{1,2}/[^"]+\.js)"')
_ENTRY_SCRIPTS = ("host.js", "cards.js", "figure.js")
_PLOTLY = "vendor/plotly-basic.min.js"
_BY_HAND = ("free-text", "play-case")
WORDS = {
    "connected": "Self-checks answered: {answered} of {all}. This is reported to your learning management system with what "
    "they earned. What you write stays in this browser.",
    "completed": "Self-checks answered: {answered} of {all}. Your learning management system has this module as completed.",
    "alone": "Self-checks answered: {answered} of {all}. No learning management system was found around this page, so nothing "
    "is reported.",
    "refused": "Your learning management system did not take this. Go on if you like; it is told again at the next answer.",
}
LICENCE = (
    '<p>The texts may be shared and adapted with attribution: <a rel="noopener license" target="_blank" '
    'href="https://creativecommons.org/licenses/by/4.0/">CC BY 4.0</a>.</p>'
)
_STYLE = (
    ".scorm-page { max-width: 52rem; margin: 0 auto; padding: 1rem; }\n"
    ".scorm-status { border-top: 1px solid var(--pst-color-border, currentColor); margin-top: 2rem; padding-top: 1rem; }"
)


def package(built: Path, module: Module, version: Version = "2004") -> bytes:
    """A module's page of a built book as a zip archive.

    Args:
        built: the built book, ``_build/html``.

    Raises:
        TeachingError: the book is not built, or BeautifulSoup is missing.
    """
    page = f"notebooks/{module.number:02}-{module.id}.html"
    for needed in (page, WAY_OUT):
        if not (built / needed).is_file():
            raise TeachingError(
                f"The built book was not found ({built / needed}). Build it first: earned book"
            )
    soup = _soup(built / page)
    assets = _assets(soup)
    files: dict[str, bytes] = {}
    contents = _contents(built, soup, assets)
    files |= {
        f"{assets}/content/{name}": json.dumps(content, ensure_ascii=False).encode()
        for name, content in contents.items()
    }
    checks = [check(content) for content in contents.values() if content["kind"] == "self-check"]
    kinds = {content["kind"] for content in contents.values()}
    plots = "explorer" in kinds or soup.select_one(".es-page-figure") is not None
    files |= _scripts(built, assets, {f"{kind}.js" for kind in kinds}, plots)
    files[f"{assets}/scorm.js"] = _SCRIPT.read_bytes()
    styles = [link["href"] for link in soup.select('link[rel~="stylesheet"]')]
    for address in styles:
        name = _inside(page, address)
        files[name] = (built / name).read_bytes()
    if cards := soup.select_one(".es-cards[data-source]"):
        name = f"{assets}/cards/{_bare(cards['data-source'])}"
        files[name] = _cards((built / name).read_text(encoding="utf-8")).encode()
    about = {"checks": checks, "words": WORDS}
    files[page] = _page(soup, assets, styles, about).encode()
    way_out = _soup(built / WAY_OUT)
    files[WAY_OUT] = _page(way_out, assets, styles, None).encode()
    files["imsmanifest.xml"] = _manifest(module, page, sorted(files), version)
    return archive(files)


def check(content: Mapping[str, Any]) -> dict[str, Any]:
    """What the report needs of a self-check: its key, which is public, and whether it has a score."""
    kind = content["type"]
    ends = content.get("scale") or {}
    return {
        "id": content["id"],
        "type": kind,
        "points": content["points"],
        "judged": kind not in _BY_HAND and content.get("feedback") != "neutral",
        "name": "play" if kind == "play-case" else "answer",
        "stored": "text" if kind in _BY_HAND else "answer",
        "key": content.get("key"),
        **{name: ends[name] for name in ("min", "max") if name in ends},
    }


def _soup(path: Path) -> Any:
    try:
        from bs4 import BeautifulSoup
    except ImportError as error:
        raise TeachingError("A SCORM package needs more: pip install 'earned-security[teach]'") from error
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def _bare(address: str) -> str:
    return unquote(address.partition("#")[0].partition("?")[0])


def _inside(page: str, address: str) -> str:
    """What a relative address on a page names, as a path in the book."""
    parts: list[str] = []
    for part in (PurePosixPath(page).parent / _bare(address)).parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


def _assets(soup: Any) -> str:
    """The folder of the course's own scripts, as the page names it."""
    for script in soup.select("script[src]"):
        if _bare(script["src"]).endswith("/host.js"):
            return _inside("notebooks/page.html", script["src"]).removesuffix("/host.js")
    raise TeachingError("This page of the book has no pieces; build the book again: earned book")


def _contents(built: Path, soup: Any, assets: str) -> dict[str, dict[str, Any]]:
    """What each piece of the page shows, by the name of its file; each once, in the page's order."""
    found = {}
    for host in soup.select(".es-host[data-content]"):
        name = _bare(host["data-content"])
        found[name] = json.loads((built / assets / "content" / name).read_text(encoding="utf-8"))
    return found


def _scripts(built: Path, assets: str, kinds: Iterable[str], plots: bool) -> dict[str, bytes]:
    """The scripts that the page's pieces need, with all that these import."""
    files: dict[str, bytes] = {}
    waiting = [*_ENTRY_SCRIPTS, *sorted(kinds)]
    while waiting:
        name = waiting.pop()
        path = f"{assets}/{name}"
        if path in files:
            continue
        files[path] = (built / path).read_bytes()
        imported = _IMPORT.findall(files[path].decode("utf-8"))
        waiting += [_inside(name, address) for address in imported]
    if plots:
        for name in (_PLOTLY, "vendor/plotly-basic.LICENSE"):
            files[f"{assets}/{name}"] = (built / assets / name).read_bytes()
    return files


def _unlinked(part: Any, keep: bool) -> None:
    """Turn links that lead out of the package into words; ``keep``: the way out stays one."""
    for link in part.select("a[href]"):
        address = link["href"]
        if address.startswith(("http:", "https:")):
            link["target"], link["rel"] = "_blank", "noopener"
        elif not address.startswith("#") and not (keep and _bare(address).endswith(WAY_OUT)):
            link.unwrap()


def _cards(text: str) -> str:
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(text, "html.parser")
    _unlinked(soup, keep=False)
    return str(soup)


def _article(soup: Any) -> Any:
    article = soup.find("article")
    for link in article.select("a.headerlink"):
        link.decompose()
    for link in article.select('a[href*="open-as-a-notebook"], a[download]'):
        if link.parent is not None:
            (link.find_parent("p") or link).decompose()
    for region in article.select(".es-where"):
        region.decompose()
    _unlinked(article, keep=True)
    return article


def _colophon(soup: Any) -> str:
    """Who wrote it and what it is not, as the book's own page says at its foot."""
    parts = soup.select(".component-author") + soup.select(".extra_footer > p")
    for part in parts:
        _unlinked(part, keep=True)
    return f"<footer>{''.join(map(str, parts))}{LICENCE}</footer>"


def _page(soup: Any, assets: str, styles: Iterable[str], about: Mapping[str, Any] | None) -> str:
    """A page that stands by itself. ``about``: what is reported; None where nothing is."""
    title = soup.find("h1").get_text().rstrip("#").strip()
    language = soup.html.get("lang", "en")
    sheets = "".join(f'<link rel="stylesheet" href="{escape(address)}">' for address in styles)
    scripts, status = "", ""
    if about is not None:
        told = json.dumps(about, ensure_ascii=False).replace("<", "\\u003c")
        names = ("scorm.js", *_ENTRY_SCRIPTS)
        scripts = f'<script type="application/json" id="scorm-about">{told}</script>' + "".join(
            f'<script type="module" src="../{assets}/{name}"></script>' for name in names
        )
        status = '<p class="scorm-status" id="scorm-status" role="status"></p>'
    return (
        f'<!DOCTYPE html><html lang="{escape(language)}" data-theme="light"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(title)}</title>{sheets}'
        f'<style>{_STYLE}</style></head><body><main class="scorm-page">{_article(soup)}{status}{_colophon(soup)}</main>{scripts}</body></html>\n'
    )


_2004 = ("http://www.imsglobal.org/xsd/imscp_v1p1", "http://www.adlnet.org/xsd/adlcp_v1p3")
_12 = ("http://www.imsproject.org/xsd/imscp_rootv1p1p2", "http://www.adlnet.org/xsd/adlcp_rootv1p2")


def _manifest(module: Module, page: str, files: Iterable[str], version: Version) -> bytes:
    packaging, adl = _2004 if version == "2004" else _12
    root = Element(
        "manifest",
        {
            "xmlns": packaging,
            "xmlns:adlcp": adl,
            "identifier": f"earned-security-{module.id}",
            "version": "1",
        },
    )
    metadata = SubElement(root, "metadata")
    SubElement(metadata, "schema").text = "ADL SCORM"
    SubElement(metadata, "schemaversion").text = "2004 4th Edition" if version == "2004" else "1.2"
    organizations = SubElement(root, "organizations", default="course")
    organization = SubElement(organizations, "organization", identifier="course")
    SubElement(organization, "title").text = module.title
    item = SubElement(organization, "item", identifier="module", identifierref="page")
    SubElement(item, "title").text = module.title
    kind = "adlcp:scormType" if version == "2004" else "adlcp:scormtype"
    resource = SubElement(
        SubElement(root, "resources"),
        "resource",
        {"identifier": "page", "type": "webcontent", kind: "sco", "href": page},
    )
    for name in files:
        SubElement(resource, "file", href=name)
    return written(root)
