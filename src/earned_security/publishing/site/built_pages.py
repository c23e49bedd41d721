"""The pages of a built book, read back: where they lead, what they load, what they show and which places they have."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin

# Links of the theme's own that load nothing.
_NOT_LOADED = {"index", "search", "next", "prev", "canonical"}
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)
_FILE_NAME = re.compile(r"\.(png|jpe?g|gif|svg|webp)$", re.IGNORECASE)


@dataclass(frozen=True)
class Mention:
    """Something that a page names, and the line that names it."""

    text: str
    line: int


@dataclass
class BuiltPage:
    """What stands in a page.

    ``links`` lead somewhere, ``loaded`` is fetched with the page; both as written. ``ids``: its places, by line.
    ``classes``: those that anything in it has.
    ``unnamed``: pictures that say nothing to whoever cannot see them.
    """

    path: Path
    links: list[Mention] = field(default_factory=list)
    loaded: list[Mention] = field(default_factory=list)
    ids: dict[str, int] = field(default_factory=dict)
    classes: set[str] = field(default_factory=set)
    unnamed: list[Mention] = field(default_factory=list)
    has_policy: bool = False
    has_description: bool = False


class _Reader(HTMLParser):
    def __init__(self, page: BuiltPage) -> None:
        super().__init__()
        self.page = page

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attributes}
        line = self.getpos()[0]
        if "id" in found:
            self.page.ids.setdefault(found["id"], line)
        self.page.classes.update(found.get("class", "").split())
        if tag == "a" and "href" in found:
            self.page.links.append(Mention(found["href"], line))
        elif tag == "link" and found.get("rel") not in _NOT_LOADED:
            self.page.loaded.append(Mention(found.get("href", ""), line))
        elif tag == "meta":
            self.page.has_policy |= found.get("http-equiv") == "Content-Security-Policy"
            self.page.has_description |= found.get("name") == "description" and bool(found.get("content"))
        elif "src" in found:
            self.page.loaded.append(Mention(found["src"], line))
        for entry in found.get("srcset", "").split(",") if found.get("srcset") else ():
            self.page.loaded.append(Mention(entry.split()[0], line))
        for address in re.findall(r"url\(['\"]?([^'\")]+)", found.get("style", "")):
            self.page.loaded.append(Mention(address, line))
        if _unnamed(tag, found):
            self.page.unnamed.append(Mention(found.get("src", tag), line))


def _unnamed(tag: str, found: dict[str, str]) -> bool:
    """A picture whose description is missing, or is its file's name, which stands there when nobody wrote one."""
    if found.get("role") == "img":
        return not (found.get("aria-label") or found.get("aria-labelledby"))
    if tag != "img":
        return False
    described = found.get("alt")
    return described is None or bool(_FILE_NAME.search(described))


def files(folder: Path) -> list[Path]:
    """The book's own pages; other sites may lie beside them in the folder."""
    return sorted(
        [*folder.glob("*.html"), *folder.glob("book/**/*.html"), *folder.glob("notebooks/**/*.html")]
    )


def read(folder: Path) -> dict[str, BuiltPage]:
    """Every page by its name in the book, such as ``book/glossary.html``."""
    pages = {}
    for path in files(folder):
        page = pages[path.relative_to(folder).as_posix()] = BuiltPage(path)
        _Reader(page).feed(path.read_text(encoding="utf-8"))
    return pages


def is_elsewhere(address: str) -> bool:
    """Whether an address, as written in a page, leaves the book."""
    return bool(_ELSEWHERE.match(address))


def target(page: str, address: str) -> tuple[str, str]:
    """The file and the place in it to which an address leads from a page; the place may be empty."""
    whole, place = urldefrag(urljoin(f"/{page}", address))
    return unquote(whole).split("?")[0].lstrip("/"), unquote(place)


def lost(folder: Path, pages: dict[str, BuiltPage]) -> Iterable[tuple[BuiltPage, Mention, str]]:
    """Links and files of the book itself that are not there, with the page and the reason."""
    for name, page in pages.items():
        for mention in {*page.links, *page.loaded}:
            if is_elsewhere(mention.text):
                continue
            file, place = target(name, mention.text)
            if (folder / file).is_dir():
                file = f"{file.rstrip('/')}/index.html".lstrip("/")
            if not (folder / file).is_file():
                yield page, mention, "there is no such file"
            elif place and file in pages and place not in pages[file].ids:
                yield page, mention, f"the page has no place named '{place}'"
