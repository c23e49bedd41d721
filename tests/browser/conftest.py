"""The built book, served below a sub-path, and a page that notices everything that goes wrong in it."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from earned_security.publishing import book

ROOT = Path(__file__).parents[2]
PREFIX = "/some/where/"
SIZES = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
# The theme keeps what the reader chose here.
SET_THEME = "try { for (const name of ['mode', 'theme']) localStorage.setItem(name, 'THEME'); } catch {}"


class _UnderPrefix(SimpleHTTPRequestHandler):
    """A plain folder server, as if the book lay deep in somebody's site."""

    def do_GET(self) -> None:
        if not self.path.startswith(PREFIX):
            self.send_error(404)
            return
        self.path = "/" + self.path.removeprefix(PREFIX)
        super().do_GET()

    def log_message(self, format: str, *arguments: object) -> None:
        pass


@dataclass
class Visit:
    """A page of the book in a browser, and what went wrong while it was open."""

    page: Any
    faults: list[str] = field(default_factory=list)

    def resize(self, size: str) -> None:
        self.page.set_viewport_size(SIZES[size])
        self.page.wait_for_timeout(500)  # the theme looks again at what now scrolls, a little later

    def settle(self) -> None:
        """Bring every piece and figure into view and wait until each has started."""
        self.page.evaluate(
            """async () => {
              const done = (part) => part.matches("[data-started], [data-drawn], :has([role=alert])");
              for (const part of document.querySelectorAll(".es-host, .es-page-figure")) {
                for (let tries = 0; tries < 300 && !done(part); tries += 1) {
                  part.scrollIntoView();
                  await new Promise((next) => setTimeout(next, 50));
                }
              }
              window.scrollTo(0, 0);
            }"""
        )

    def axe(self) -> list[str]:
        """What axe finds wrong, in one line each."""
        from axe_playwright_python.sync_playwright import Axe

        before = list(self.faults)
        results = Axe().run(self.page)
        self.faults[:] = before  # axe itself looks for style sheets where there are none
        return [
            f"{violation['id']}: {node['html'][:160]} | {node.get('failureSummary', '')[:300]}"
            for violation in results.response["violations"]
            for node in violation["nodes"]
        ]


@pytest.fixture(scope="session")
def book_folder() -> Path:
    """The built book. ``EARNED_BOOK`` names one that is already built."""
    if named := os.environ.get("EARNED_BOOK"):
        return Path(named)
    assert book.build(ROOT) == 0, "The book was not built without a warning; see above."
    return book.built(ROOT)


@pytest.fixture(scope="session")
def site(book_folder: Path) -> Iterator[str]:
    """The address of the served book, with a slash at its end."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_UnderPrefix, directory=str(book_folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}{PREFIX}"
    server.shutdown()


@pytest.fixture
def visit(chromium: Any, site: str) -> Iterator[Callable[..., Visit]]:
    """Open a page of the book: ``visit("book/index", theme="dark", size="phone")``."""
    contexts = []

    def open_page(
        name: str, theme: str = "light", size: str = "desktop", before: str = "", **options: Any
    ) -> Visit:
        context = chromium.new_context(viewport=SIZES[size], reduced_motion="reduce", **options)
        contexts.append(context)
        context.add_init_script(SET_THEME.replace("THEME", theme))
        if before:
            context.add_init_script(before)
        page = context.new_page()
        page.set_default_timeout(20_000)
        opened = Visit(page)

        def guard(route: Any) -> None:
            address = route.request.url
            if address.startswith((site, "data:", "blob:")):
                route.continue_()
                return
            opened.faults.append(f"asked another place: {address}")
            route.abort()

        page.route("**/*", guard)

        def answered(response: Any) -> None:
            if response.status >= 400:
                opened.faults.append(f"{response.status}: {response.url}")

        def said(message: Any) -> None:
            if message.type == "error":
                opened.faults.append(f"console: {message.text}")

        def failed(request: Any) -> None:
            if request.failure != "net::ERR_ABORTED":  # going on to another page ends what is under way
                opened.faults.append(f"failed: {request.url}")

        page.on("requestfailed", failed)
        page.on("response", answered)
        page.on("pageerror", lambda error: opened.faults.append(f"error: {error}"))
        page.on("console", said)
        page.goto(f"{site}{name}.html")
        if options.get("java_script_enabled", True):
            opened.settle()
        return opened

    yield open_page
    for context in contexts:
        context.close()
