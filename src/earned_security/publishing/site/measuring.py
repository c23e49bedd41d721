"""What a browser finds in each page of the built book: requests, weight, errors and barriers, before and after use.

Each page is opened on a phone, to see what it asks for before anybody scrolls; then on a desktop, where it is looked at
in light and dark, used, and looked at again.
"""

from __future__ import annotations

import csv
import gzip
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag

from earned_security.curriculum import Problem
from earned_security.publishing.site import browsing, built_pages
from earned_security.publishing.site.browsing import SIZES, THEMES, Server, visit

# Bytes, compressed, that a phone asks for before anybody scrolls: of a page of text, and of one that draws.
FIRST_VIEW = 350_000
FIRST_VIEW_DRAWN = 900_000
STATES = tuple(product(THEMES, ("before", "after")))
# The notebooks in the browser, a site of its own beside the book; a program, whose first view has no limit here.
LITE = "lite/lab/index"

_SHOW_THEME = """(theme) => { Object.assign(document.documentElement.dataset, { mode: theme, theme }); }"""
_USE = Path(__file__).with_name("using.js")


@dataclass(frozen=True)
class Measured:
    """One page. ``weight``: bytes, compressed, of its first view, which may be ``limit`` (0: any). ``html``: bytes.

    ``foreign``: requests to other hosts, ``errors`` of the browser's console and of files that were not there, in all
    states. ``axe``: findings in each of ``STATES``; none for a page that was not looked at so.
    """

    page: str
    requests: int
    weight: int
    limit: int
    html: int
    foreign: int = 0
    errors: int = 0
    axe: tuple[int, ...] = ()

    def row(self) -> list[str | int]:
        """The page as a line of the table; its cells are named by ``HEAD``."""
        axe = self.axe or ("",) * len(STATES)
        return [self.page, self.requests, self.weight, self.html, self.foreign, self.errors, *axe]


HEAD = (
    "page",
    "requests",
    "first view, bytes gzip",
    "HTML, bytes",
    "foreign requests",
    "console errors",
    *(f"axe findings, {theme}, {when} use" for theme, when in STATES),
)


@lru_cache(maxsize=512)
def _compressed(path: Path) -> int:
    return len(gzip.compress(path.read_bytes()))


def first_view(browser: Any, server: Server, name: str) -> Measured:
    """A page as a phone first shows it: what it asks for before anybody scrolls."""
    asked: set[str] = set()
    count = 0

    def note(request: Any) -> None:
        nonlocal count
        if not request.url.startswith(("data:", "blob:")):
            count += 1
            asked.add(unquote(urldefrag(request.url).url.split("?")[0]))

    with browser.new_context(viewport=SIZES["phone"]) as context:
        page = context.new_page()
        page.on("request", note)
        page.goto(f"{server.site}{name}.html", wait_until="networkidle", timeout=120_000)
        draws = page.locator(".es-page-figure, [id^=piece-]").count()
    files = [server.folder / address.removeprefix(server.site) for address in asked]
    return Measured(
        page=f"{name}.html",
        requests=count,
        weight=sum(_compressed(file) for file in files if file.is_file()),
        limit=0 if name == LITE else FIRST_VIEW_DRAWN if draws else FIRST_VIEW,
        html=(server.folder / f"{name}.html").stat().st_size,
        foreign=sum(not address.startswith(server.site) for address in asked),
    )


def _used(browser: Any, server: Server, name: str) -> tuple[dict[tuple[str, str], list[str]], list[str]]:
    """What axe finds in each state of a page, and every other fault."""
    found: dict[tuple[str, str], list[str]] = {}
    faults: list[str] = []
    opened = visit(browser, server.site, name)

    def look(when: str) -> None:
        for theme in THEMES:
            opened.page.evaluate(_SHOW_THEME, theme)
            opened.page.wait_for_timeout(300)  # figures are drawn anew
            found[theme, when] = [f"axe, {theme}, {when} use: {finding}" for finding in opened.axe()]

    try:
        if (over := opened.too_wide()) > 0:
            faults.append(f"The page is {over} pixels wider than the screen.")
        look("before")
        unused = opened.page.evaluate(_USE.read_text(encoding="utf-8"))
        faults += [f"The piece {piece} could not be used to its end." for piece in unused]
        look("after")
        return found, [*faults, *opened.faults]
    finally:
        opened.page.context.close()


def page(browser: Any, server: Server, name: str) -> tuple[Measured, list[str]]:
    """A page of the book by its name without an ending: its figures, and each fault in a sentence."""
    seen = first_view(browser, server, name)
    axe, faults = _used(browser, server, name)
    measured = replace(
        seen,
        foreign=seen.foreign + sum(fault.startswith(browsing.FOREIGN) for fault in faults),
        errors=sum(fault.startswith(browsing.ERRORS) for fault in faults),
        axe=tuple(len(axe[state]) for state in STATES),
    )
    findings = [finding for state in STATES for finding in axe[state]]
    return measured, list(dict.fromkeys([*findings, *faults, *_heavy(seen)]))


def _heavy(seen: Measured) -> Iterator[str]:
    if seen.limit and seen.weight > seen.limit:
        yield f"Its first view weighs {seen.weight} bytes compressed; {seen.limit} is the limit."


def look(
    browser: Any, folder: Path, say: Callable[[str], None] = lambda _: None
) -> tuple[list[Measured], list[Problem]]:
    """Every page of a built book, and its notebooks in the browser where they are there.

    Args:
        folder: the built book.
        say: told which page is being looked at.
    """
    table: list[Measured] = []
    problems: list[Problem] = []
    names = [path.relative_to(folder).with_suffix("").as_posix() for path in built_pages.files(folder)]
    names = [name for name in names if name != "index"]  # leads on at once
    server = Server(folder)
    try:
        for number, name in enumerate(names, start=1):
            say(f"{number} of {len(names)}: looking at {name} ...")
            measured, faults = page(browser, server, name)
            table.append(measured)
            problems += [Problem(folder / measured.page, 1, fault) for fault in faults]
        if (folder / f"{LITE}.html").exists():
            say("Looking at the notebooks in the browser ...")
            lite = first_view(browser, server, LITE)
            table.append(lite)
            if lite.foreign:
                problems.append(
                    Problem(folder / lite.page, 1, f"It asks other hosts: {lite.foreign} requests.")
                )
    finally:
        server.stop()
    return table, problems


def write(table: Sequence[Measured], path: Path) -> None:
    """Write the table as a file of comma-separated values, one page a line."""
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([HEAD, *(one.row() for one in table)])


def summary(table: Sequence[Measured], heaviest: int = 5) -> Iterator[str]:
    """The table in short, line by line: the pages with the heaviest first view, and all of them together."""
    yield f"{'':44}{'requests':>9}{'kB gzip':>9}{'kB HTML':>9}{'foreign':>9}{'errors':>8}{'axe':>5}"

    def line(title: str, pages: Iterable[Measured], requests: int, weight: int, html: int) -> str:
        rest = [(one.foreign, one.errors, sum(one.axe)) for one in pages]
        foreign, errors, axe = (sum(column) for column in zip(*rest, strict=True))
        kilo = f"{requests:>9}{weight / 1000:>9.0f}{html / 1000:>9.0f}"
        return f"{title[-43:]:44}{kilo}{foreign:>9}{errors:>8}{axe:>5}"

    for one in sorted(table, key=lambda one: -one.weight)[:heaviest]:
        yield line(one.page, [one], one.requests, one.weight, one.html)
    book = [one for one in table if one.axe]
    if book:
        most = (
            max(one.requests for one in book),
            max(one.weight for one in book),
            max(one.html for one in book),
        )
        yield line(f"all {len(book)} pages (the most; others: sums)", book, *most)


def problems(folder: Path, say: Callable[[str], None]) -> list[Problem]:
    """All of this in this machine's browser; the table goes into ``pages.csv`` beside the book.

    Where there is no browser, ``say`` is told so, and nothing is found; ``EARNED_REQUIRE_BROWSER=1`` makes that a
    problem.
    """
    program = browsing.find_browser()
    if program is None:
        if os.environ.get("EARNED_REQUIRE_BROWSER") == "1":
            return [Problem(folder, 1, browsing.NO_BROWSER)]
        say(f"{browsing.NO_BROWSER} What only a browser can tell (axe, errors, first views) was not checked.")
        return []
    with browsing.browser(program) as started:
        table, found = look(started, folder, say)
    write(table, folder.parent / "pages.csv")
    for line in summary(table):
        say(line)
    say(f"The whole table: {folder.parent / 'pages.csv'}")
    return found
