"""From a control to what it shows, in the built book in Chromium; the peer is the bare drawing or page change."""

from __future__ import annotations

import statistics
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from earned_security.publishing import book
from earned_security.publishing.site import browsing

ROOT = Path(__file__).parents[2]
MODULE = "notebooks/04-building-safety-and-trust.html"
ROUNDS = 60

# A choice, up to the page laid out anew; the peer puts the same elements into the page and lays it out.
SELF_CHECK = """async (rounds) => {
  const check = document.querySelector(".es-self-check");
  const button = (name) => [...check.querySelectorAll("button")].find((one) => one.textContent === name);
  const ours = [], peer = [];
  for (let round = 0; round < rounds; round += 1) {
    check.querySelectorAll("input")[round % 4].click();
    let start = performance.now();
    button("Check my answer").click();
    document.body.getBoundingClientRect();
    ours.push(performance.now() - start);
    const copy = check.cloneNode(true);
    start = performance.now();
    check.after(copy);
    document.body.getBoundingClientRect();
    peer.push(performance.now() - start);
    copy.remove();
    button("Try again").click();
    await new Promise(requestAnimationFrame);
  }
  return { ours, peer };
}"""

CASE = """async (rounds) => {
  const piece = document.querySelector(".es-case");
  const act = () => piece.querySelector("button.es-primary");
  const ours = [], peer = [];
  act().click();
  for (let round = 0; round < rounds; round += 1) {
    piece.querySelector("input[type=radio]").click();
    let start = performance.now();
    act().click();
    document.body.getBoundingClientRect();
    ours.push(performance.now() - start);
    const copy = piece.cloneNode(true);
    start = performance.now();
    piece.after(copy);
    document.body.getBoundingClientRect();
    peer.push(performance.now() - start);
    copy.remove();
    [...piece.querySelectorAll("button")].find((one) => one.textContent === "Undo the last choice").click();
    await new Promise(requestAnimationFrame);
  }
  return { ours, peer };
}"""


def percentile(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


def _row(name: str, times: dict[str, list[float]], peer: str) -> str:
    ours, theirs = (statistics.median(times[who]) for who in ("ours", "peer"))
    return f"{name:<28}{ours:>8.1f}{percentile(times['ours']):>8.1f}{theirs:>10.1f}{ours / theirs:>8.2f}   {peer}"


def _open(browser: Any, address: str, host: str) -> Any:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(address)
    page.locator(host).first.scroll_into_view_if_needed()
    page.locator(f"{host} .es-piece").first.wait_for()
    return page


@contextmanager
def served_book() -> Iterator[tuple[Any, str, Path]]:
    """A browser, the address at which the built book is served, and its folder."""
    folder = book.built(ROOT)
    if not (folder / "index.html").exists() and book.build(ROOT) != 0:
        raise SystemExit("The book could not be built; see above.")
    program = browsing.find_browser()
    if program is None:
        raise SystemExit(browsing.NO_BROWSER)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with browsing.browser(program) as browser:
        yield browser, f"http://127.0.0.1:{server.server_port}", folder
    server.shutdown()


def run() -> None:
    """Print medians and 95th percentiles in milliseconds, and the ratio to the peer."""
    print(f"{'milliseconds':<28}{'median':>8}{'p95':>8}{'peer':>10}{'ratio':>8}   peer")
    with served_book() as (browser, site, _):
        address = f"{site}/{MODULE}"
        page = _open(browser, address, "#piece-m4-sc-secure-bond-first")
        print(_row("self-check: to feedback", page.evaluate(SELF_CHECK, ROUNDS), "the same elements put in"))
        page = _open(browser, address, "#piece-tomasz")
        print(_row("case: choice to response", page.evaluate(CASE, ROUNDS), "the same elements put in"))


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:
        pass
