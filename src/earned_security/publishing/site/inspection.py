"""What must hold of the built book before anybody reads it; `earned book --check` and the browser tests ask here.

Each check reads the built files, so that it sees what a reader gets, whoever wrote it into a page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from earned_security.curriculum import Problem
from earned_security.publishing.site import addresses, built_pages, measuring
from earned_security.publishing.site.built_pages import BuiltPage

# Bytes of a page's HTML.
PAGE_LIMIT = 150_000
# Hosts that libraries ask for scripts, styles and fonts; none may even be named in a page or a file it loads.
HOSTS = re.compile(r"(?:unpkg|jsdelivr|cdnjs|googleapis|gstatic)\.\w+")
_STYLE_ADDRESS = re.compile(r"""(?:url\(|@import)\s*['"]?((?:[a-z]+:)?//[^'")\s]+)""", re.IGNORECASE)

Pages = Mapping[str, BuiltPage]


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def lost_links(folder: Path, pages: Pages) -> Iterator[Problem]:
    """Links inside the book that lead nowhere, and files of its own that it loads and does not have."""
    for page, mention, reason in built_pages.lost(folder, dict(pages)):
        yield Problem(page.path, mention.line, f"'{mention.text}' leads nowhere: {reason}.")


def foreign_hosts(folder: Path, pages: Pages) -> Iterator[Problem]:
    """Anything that a page or a style sheet would fetch from another host."""
    for page in pages.values():
        for mention in page.loaded:
            if re.match(r"([a-z]+:)?//", mention.text):
                message = f"The page loads {mention.text} from another host; put a copy into the book, or leave it out."
                yield Problem(page.path, mention.line, message)
        text = page.path.read_text(encoding="utf-8")
        for match in HOSTS.finditer(text):
            yield Problem(page.path, _line(text, match.start()), f"The page names the host {match[0]}.")
    for path in sorted(folder.glob("_static/**/*.css")):
        text = path.read_text(encoding="utf-8")
        for match in _STYLE_ADDRESS.finditer(text):
            yield Problem(
                path, _line(text, match.start()), f"The style sheet loads {match[1]} from another host."
            )


def unnamed_pictures(folder: Path, pages: Pages) -> Iterator[Problem]:
    """Pictures and figures without a description in words."""
    for page in pages.values():
        for mention in page.unnamed:
            message = f"The picture '{mention.text}' has no description: write one into its alt text."
            yield Problem(page.path, mention.line, message)


def heavy_pages(folder: Path, pages: Pages) -> Iterator[Problem]:
    """Pages whose HTML alone is too much for a phone on a ward."""
    for page in pages.values():
        weight = page.path.stat().st_size
        if weight > PAGE_LIMIT:
            message = f"The page has {weight} bytes of HTML; {PAGE_LIMIT} is the limit. Move a part to another page."
            yield Problem(page.path, 1, message)


def incomplete_heads(folder: Path, pages: Pages) -> Iterator[Problem]:
    """Pages without a policy for the browser, or without a description for those who search."""
    for page in pages.values():
        if not page.has_policy:
            yield Problem(page.path, 1, "The page has no Content-Security-Policy.")
        if not page.has_description and page.path.name not in ("search.html", "index.html"):
            message = "The page has no description: begin it with a sentence, or give its front matter a 'description'."
            yield Problem(page.path, 1, message)


CHECKS: tuple[Callable[[Path, Pages], Iterator[Problem]], ...] = (
    lost_links,
    foreign_hosts,
    unnamed_pictures,
    heavy_pages,
    incomplete_heads,
)


def problems(root: Path, folder: Path) -> list[Problem]:
    """Everything that is wrong with a built book and needs no browser to be seen.

    Args:
        root: the checkout, which holds the list of published addresses.
        folder: the built book.
    """
    pages = built_pages.read(folder)
    found = [problem for check in CHECKS for problem in check(folder, pages)]
    return sorted({*found, *addresses.problems(root, folder, pages)})


def inspect(root: Path, folder: Path, say: Callable[[str], None] = print) -> int:
    """All of this, and what a browser sees, each problem said in a line; how many there are."""
    found = [*problems(root, folder), *measuring.problems(folder, say)]
    for problem in found:
        say(str(problem))
    say(f"{len(found)} problems." if len(found) != 1 else "1 problem.")
    return len(found)
