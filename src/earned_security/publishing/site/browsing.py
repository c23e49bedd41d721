"""The built book in a headless browser: served as a plain folder, and opened in a tab that notices what goes wrong.

Needs playwright, axe-playwright-python (both in the group ``dev``) and a Chromium or Chrome.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

# The book lies deep in somebody's site.
PREFIX = "/some/where/"
SIZES = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
THEMES = ("light", "dark")
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
# Nothing but this machine can be reached, so a page that asks another host fails.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
# How a fault of a visit begins: a request to another host; and what the console says, and files that are not there.
FOREIGN = "asked another place: "
ERRORS = ("console: ", "error: ", "failed: ", "4", "5")
# The theme keeps what the reader chose here.
_SET_THEME = "try { for (const name of ['mode', 'theme']) localStorage.setItem(name, 'THEME'); } catch {}"
_SETTLE = """async () => {
  const done = (part) => part.matches("[data-started], [data-drawn], :has([role=alert])");
  for (const part of document.querySelectorAll(".es-host, .es-page-figure")) {
    for (let tries = 0; tries < 300 && !done(part); tries += 1) {
      part.scrollIntoView();
      await new Promise((next) => setTimeout(next, 50));
    }
  }
  window.scrollTo(0, 0);
}"""
NO_BROWSER = (
    "No Chromium or Chrome was found. Install one (Debian: `apt-get install chromium`), or name its program in "
    "EARNED_BROWSER."
)


def find_browser() -> str | None:
    """The program of a Chromium or Chrome; ``EARNED_BROWSER`` names another. None where there is none."""
    named = os.environ.get("EARNED_BROWSER")
    return named or next((path for name in NAMES if (path := shutil.which(name))), None)


@contextmanager
def browser(program: str) -> Iterator[Any]:
    """A headless browser, a playwright ``Browser``, for as long as it is needed."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield started
        started.close()


class _UnderPrefix(SimpleHTTPRequestHandler):
    """A plain folder server."""

    def do_GET(self) -> None:
        if not self.path.startswith(PREFIX):
            self.send_error(404)
            return
        self.path = "/" + self.path.removeprefix(PREFIX)
        with suppress(ConnectionError):  # a page that is left takes no more
            super().do_GET()

    def log_message(self, format: str, *arguments: object) -> None:
        pass


@dataclass
class Server:
    """A folder, served until it is stopped. ``site``: its address, with a slash at its end."""

    folder: Path
    site: str = field(init=False)

    def __post_init__(self) -> None:
        handler = partial(_UnderPrefix, directory=str(self.folder))
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.site = f"http://127.0.0.1:{self._server.server_port}{PREFIX}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


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
        self.page.evaluate(_SETTLE)

    def too_wide(self) -> int:
        """Pixels by which the page is wider than the screen; 0 or less where it fits."""
        return int(
            self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
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


def visit(
    browser: Any,
    site: str,
    name: str,
    theme: str = "light",
    size: str = "desktop",
    before: str = "",
    **options: Any,
) -> Visit:
    """Open a page in a context of its own, which whoever asked for it closes (``visit.page.context``).

    Args:
        name: the page's name without its ending: ``book/index``.
        before: a script that runs before the page's own.
        options: for the browser's context.
    """
    context = browser.new_context(viewport=SIZES[size], reduced_motion="reduce", **options)
    context.add_init_script(_SET_THEME.replace("THEME", theme))
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
        opened.faults.append(f"{FOREIGN}{address}")
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
