"""Pieces in headless Chromium: the static files over HTTP, a stand-in for the host that stores entries."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from earned_security import locale
from earned_security.curriculum import Problem, source
from earned_security.interactive import check, pieces
from earned_security.interactive.piece import STATIC, bundle

HERE = Path(__file__).parent

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>A piece</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">
<link rel="stylesheet" href="/pieces.css">
<style>body { margin: 0 } main { padding: 0 16px; font-family: sans-serif }
main > :is(h1, h2) { position: absolute; left: -999em }
html[data-theme="dark"] body { background: #10161c }</style>
<main><h1>A page</h1><h2>A part</h2></main>
<script type="module" src="/fake-host.js"></script>"""

Open = Callable[..., Page]


class _Handler(SimpleHTTPRequestHandler):
    contents: dict[str, Any]

    def do_GET(self) -> None:
        path = self.path.split("?")[0]
        kind, _, name = path.strip("/").partition("/")
        if kind == "content":
            self._send(json.dumps(self.contents[name]), "application/json")
        elif kind == "bundle":
            self._send(bundle(name), "text/javascript")
        elif kind == "piece":
            self._send(PAGE, "text/html")
        elif path == "/words.js":
            self._send(
                locale.fill_module((STATIC / "words.js").read_text(encoding="utf-8")), "text/javascript"
            )
        elif path == "/fake-host.js":
            self._send((HERE / "fake-host.js").read_text(encoding="utf-8"), "text/javascript")
        else:
            super().do_GET()

    def _send(self, text: str, kind: str) -> None:
        data = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *arguments: Any) -> None:
        pass


@pytest.fixture(scope="session")
def contents() -> dict[str, Any]:
    """What the server shows at ``/piece/<id>``; a test may add to it."""
    return {}


@pytest.fixture(scope="session")
def server(contents: dict[str, Any]) -> Iterator[str]:
    handler = type("Handler", (_Handler,), {"contents": contents})
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(STATIC))) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_address[1]}"
        running.shutdown()


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport={"width": 1000, "height": 800})
    yield context
    context.close()


@pytest.fixture
def open_piece(context: BrowserContext, server: str, contents: dict[str, Any]) -> Iterator[Open]:
    """``open_piece(content, mode="acknowledge", theme="light")`` opens a tab; its errors fail the test."""
    errors: list[str] = []

    def open_page(content: dict[str, Any], mode: str = "acknowledge", theme: str = "light") -> Page:
        contents[content["id"]] = content
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{server}/piece/{content['id']}?mode={mode}&theme={theme}")
        page.wait_for_selector("html[data-ready]")
        return page

    yield open_page
    assert not errors


@pytest.fixture(scope="session")
def checklist() -> dict[str, Any]:
    return pieces.content("strategy-checklist")


@pytest.fixture
def problems_after(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Problem]]:
    """Plant a mistake in a file of the content: its problems, none of which was there before."""

    def plant(name: str, old: str, new: str, beside: tuple[str, ...] = ()) -> list[Problem]:
        for file in (name, *beside):
            (tmp_path / file).parent.mkdir(exist_ok=True)
            shutil.copy(source.DATA / file, tmp_path / file)
        monkeypatch.setattr(source, "DATA", tmp_path)
        assert check.problems() == []
        path = tmp_path / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        found = check.problems()
        assert all(problem.file == path and problem.line > 1 for problem in found), found
        return found

    return plant
