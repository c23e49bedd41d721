"""The built book, served below a sub-path, and a page that notices everything that goes wrong in it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from earned_security.publishing import book
from earned_security.publishing.site import browsing
from earned_security.publishing.site.browsing import Server, Visit

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def book_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The book, built once for all workers. ``EARNED_BOOK`` names one that is already built."""
    if named := os.environ.get("EARNED_BOOK"):
        return Path(named)
    run = tmp_path_factory.getbasetemp() if worker_id == "master" else tmp_path_factory.getbasetemp().parent
    with FileLock(run / "book.lock"):
        if not (run / "book").exists():
            assert book.build(ROOT) == 0, "The book was not built without a warning; see above."
            (run / "book").touch()
    return book.built(ROOT)


@pytest.fixture
def serve() -> Iterator[Callable[[Path], Server]]:
    """Serve a folder: ``serve(folder)``, to be stopped at will."""
    servers: list[Server] = []

    def start(folder: Path) -> Server:
        servers.append(Server(folder))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


@pytest.fixture(scope="session")
def site(book_folder: Path) -> Iterator[str]:
    """The address of the served book, with a slash at its end."""
    server = Server(book_folder)
    yield server.site
    server.stop()


@pytest.fixture
def visit(chromium: Any, site: str) -> Iterator[Callable[..., Visit]]:
    """Open a page of the book: ``visit("book/index", theme="dark", size="phone")``."""
    contexts: list[Any] = []

    def open_page(name: str, *arguments: Any, **options: Any) -> Visit:
        opened = browsing.visit(chromium, site, name, *arguments, **options)
        contexts.append(opened.page.context)
        return opened

    yield open_page
    for context in contexts:
        context.close()
