"""The notebooks in the browser: the site built once, served below a sub-path, and a page that notices what goes wrong."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from earned_security import cli
from earned_security.publishing.lite import lite

ROOT = Path(__file__).parents[2]
PREFIX = "/some/where/"
READY = "Ready. What you enter is saved on this computer."
MODULE = "modules/04-building-safety-and-trust.ipynb"
ASSIGNMENT = "building-safety-and-trust"
EXERCISE = f"exercises/{ASSIGNMENT}/{ASSIGNMENT}.ipynb"


@pytest.fixture(scope="session")
def site_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the site in ``lite``. ``EARNED_LITE`` names one that is already built."""
    if named := os.environ.get("EARNED_LITE"):
        return Path(named)
    pytest.importorskip("jupyterlite_core", reason="The course's part 'lite' is not installed.")
    if not shutil.which("npm"):
        pytest.skip("npm was not found, so the notebooks in the browser were not tried.")
    folder = tmp_path_factory.mktemp("site")
    lite.build(ROOT, folder / lite.FOLDER, cli.material(ROOT, None))
    return folder


@dataclass
class Site:
    """The served site; ``sent`` are the files that the browser fetched."""

    address: str
    folder: Path
    sent: list[Path] = field(default_factory=list)


@pytest.fixture
def site(site_folder: Path) -> Iterator[Site]:
    class Handler(SimpleHTTPRequestHandler):
        def do_GET(self) -> None:
            if not self.path.startswith(PREFIX):
                self.send_error(404)
                return
            self.path = "/" + self.path.removeprefix(PREFIX)
            path = Path(self.translate_path(self.path))
            if path.is_file():
                served.sent.append(path)
            super().do_GET()

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(site_folder)))
    served = Site(f"http://127.0.0.1:{server.server_port}{PREFIX}", site_folder)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield served
    server.shutdown()
    server.server_close()


@dataclass
class Reader:
    """One person's browser."""

    context: Any
    address: str
    faults: list[str] = field(default_factory=list)

    def open(self, name: str) -> Any:
        """A notebook, when the line at its top says that it is ready."""
        page = self.context.new_page()
        page.set_default_timeout(60_000)
        page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        page.on("console", lambda said: self.faults.append(said.text) if said.type == "error" else None)
        page.on(
            "request",
            lambda request: (
                None
                if request.url.startswith((self.address.removesuffix(PREFIX), "data:", "blob:"))
                else self.faults.append(f"asked another place: {request.url}")
            ),
        )
        page.goto(f"{self.address}{lite.address(name)}")
        wait_until_ready(page)
        return page


def wait_until_ready(page: Any) -> None:
    page.get_by_text(READY).wait_for(timeout=240_000)


@pytest.fixture
def reader(chromium: Any, site: Site) -> Iterator[Callable[[], Reader]]:
    """A new person's browser, with nothing in it."""
    contexts = []

    def new() -> Reader:
        context = chromium.new_context(viewport={"width": 1280, "height": 1000})
        contexts.append(context)
        return Reader(context, site.address)

    yield new
    for context in contexts:
        context.close()
