"""Lighthouse's scores for performance: our book beside a default Jupyter Book of the same content, in one run.

Needs Node.js with npm, which fetch Lighthouse into ``_build`` at first use, and a Chromium or Chrome. Takes about half
an hour. No other host can be reached: what a page asks of one fails at once, which is to the default book's advantage. Goals: on a phone 75 or more and 25 points above the default book, on a desktop 95 or more.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import statistics
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from earned_security.publishing import book
from earned_security.publishing.site import browsing
from tests.bench import default_book

ROOT = Path(__file__).parents[2]
VERSION = "12.8.2"  # the last one that runs on Node 18
FOLDER = ROOT / "_build" / "lighthouse"
PAGES = {
    "welcome": "book/index",
    "a module": "notebooks/04-building-safety-and-trust",
    "explorers": "book/explorers/stress",
    "a case": "book/cases/tomasz",
    "the ledger": "book/evidence-ledger",
}
FORMS: dict[str, list[str]] = {"mobile": [], "desktop": ["--preset=desktop"]}
ROUNDS = 5
NO_NODE = (
    "Lighthouse needs Node.js 18 or newer, with npm: `{missing}` was not found. Install it (Debian: "
    "`apt-get install nodejs npm`), then run this again."
)


@dataclass(frozen=True)
class Score:
    """One run: points of 100; the first and the largest paint and the time blocked in milliseconds; layout shift."""

    points: float
    first: float
    largest: float
    blocked: float
    shift: float


class _Compressed(SimpleHTTPRequestHandler):
    """A plain folder server that compresses text, as hosts do."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            self.send_error(404)
            return
        kind = self.guess_type(str(path))
        compress = kind.startswith("text/") or any(name in kind for name in ("json", "javascript", "svg"))
        body = _compressed(path) if compress else path.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        if compress:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        pass


@lru_cache(maxsize=512)
def _compressed(path: Path) -> bytes:
    return gzip.compress(path.read_bytes())


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Compressed, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def install() -> Path:
    """Lighthouse's program, fetched by npm where it is not there yet.

    Raises:
        SystemExit: Node or npm is missing, or npm failed; the message says what to do.
    """
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            raise SystemExit(NO_NODE.format(missing=program))
    program = FOLDER / "node_modules" / "lighthouse" / "cli" / "index.js"
    about = program.parents[1] / "package.json"
    if not about.exists() or json.loads(about.read_text(encoding="utf-8"))["version"] != VERSION:
        print(f"Fetching Lighthouse {VERSION} into {FOLDER} ...", flush=True)
        FOLDER.mkdir(parents=True, exist_ok=True)
        (FOLDER / "package.json").write_text("{}", encoding="utf-8")
        command = ["npm", "install", "--no-audit", "--no-fund", "--silent", f"lighthouse@{VERSION}"]
        if subprocess.run(command, cwd=FOLDER, check=False).returncode != 0:
            raise SystemExit("npm could not fetch Lighthouse (see above). It needs a network, once.")
    return program


def measure(program: Path, browser: str, address: str, form: str) -> Score:
    """One run of Lighthouse, with a simulated phone or desktop: other work on the machine then distorts it least."""
    flags = "--headless=new --no-sandbox --disable-dev-shm-usage"
    flags += " --host-resolver-rules='MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'"
    command = ["node", str(program), address, "--quiet", "--output=json", "--only-categories=performance"]
    command += ["--throttling-method=simulate", f"--chrome-flags={flags}", *FORMS[form]]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "CHROME_PATH": browser}
    )
    if done.returncode != 0:
        raise SystemExit(f"Lighthouse failed on {address}:\n{done.stderr[-2000:]}")
    found = json.loads(done.stdout)
    score = found["categories"]["performance"]["score"]
    if score is None:
        raise SystemExit(
            f"Lighthouse gave {address} no score: {found.get('runtimeError') or found['runWarnings']}"
        )

    def value(name: str) -> float:
        return float(found["audits"][name].get("numericValue") or 0)

    return Score(
        100 * score,
        value("first-contentful-paint"),
        value("largest-contentful-paint"),
        value("total-blocking-time"),
        value("cumulative-layout-shift"),
    )


def _middle(scores: list[Score]) -> Score:
    return Score(
        *(statistics.median(values) for values in zip(*(vars(one).values() for one in scores), strict=True))
    )


def _line(name: str, form: str, ours: Score, peer: Score) -> str:
    figures = f"{ours.first / 1000:>8.1f}{ours.largest / 1000:>9.1f}{ours.blocked:>9.0f}{ours.shift:>7.2f}"
    return f"{name:<12}{form:<9}{ours.points:>6.0f}{peer.points:>9.0f}{ours.points - peer.points:>+9.0f}{figures}"


def run(rounds: int = ROUNDS) -> None:
    """Print the medians for each page, ours and the default book's, run in turn."""
    program, browser = install(), browsing.find_browser()
    if browser is None:
        raise SystemExit(browsing.NO_BROWSER)
    ours = Path(os.environ.get("EARNED_BOOK") or book.built(ROOT))
    if not (ours / "index.html").exists() and book.build(ROOT) != 0:
        raise SystemExit("The book could not be built; see above.")
    with tempfile.TemporaryDirectory(prefix="earned-bench-") as folder:
        print("Building the default book ...", flush=True)
        peer = default_book.make(ours, list(PAGES.values()), Path(folder))
        print(f"Lighthouse {VERSION}, medians of {rounds}. Load of the machine: {_load()}")
        print(f"{'':<21}{'ours':>6}{'default':>9}{'':>9}{'first':>8}{'largest':>9}{'blocked':>9}{'shift':>7}")
        with _served(ours) as our_site, _served(peer) as peer_site:
            for form in FORMS:
                for name, page in PAGES.items():
                    scores: dict[str, list[Score]] = {our_site: [], peer_site: []}
                    for _ in range(rounds):
                        for site, found in scores.items():
                            found.append(measure(program, browser, f"{site}/{page}.html", form))
                    print(
                        _line(name, form, _middle(scores[our_site]), _middle(scores[peer_site])), flush=True
                    )
        print(f"first, largest: seconds to the paint; blocked: milliseconds. Load at the end: {_load()}")


def _load() -> str:
    return ", ".join(f"{value:.1f}" for value in os.getloadavg()) if hasattr(os, "getloadavg") else "unknown"
