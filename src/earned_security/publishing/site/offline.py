"""What a browser keeps of the book when somebody asks for it offline: a list of files, each with its hash and size.

The list holds what the pages themselves show: every page, what it loads, and the course's own files. Downloads, and
the notebook in the browser, are not among them: they would weigh many times as much.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin

from sphinx.application import Sphinx

from earned_security.publishing import assets

LIST = "offline.json"
WORKER = "offline-worker.js"

# What the pages show; a link to anything else, such as a PDF, needs the network.
SHOWN = {
    ".html",
    ".css",
    ".js",
    ".json",
    ".svg",
    ".png",
    ".jpg",
    ".webp",
    ".gif",
    ".ico",
    ".woff2",
    ".webmanifest",
}
# The notebook in the browser is a site of its own; the theme's icon fonts are drawn on no page.
APART = ("lite/", "_static/vendor/fontawesome/")

_LINK = re.compile(r"""<[a-z][^>]*?\b(?:href|src)=(["'])(?P<address>.*?)\1""")
_STYLE = re.compile(r"""(?:url\(["']?|@import\s+["'])(?P<address>[^"')]+)""")


def links(name: str, text: str) -> set[str]:
    """The files of the book to which a page or style sheet leads, by their names in the book's folder."""
    pattern = {".html": _LINK, ".css": _STYLE}.get(PurePosixPath(name).suffix)
    found = set()
    for match in pattern.finditer(text) if pattern else ():
        address = match["address"].replace("&amp;", "&")
        if not re.match(r"[a-z][a-z0-9+.-]*:|//|/", address):
            target = unquote(urldefrag(urljoin(f"/{name}", address)).url.split("?")[0]).lstrip("/")
            found.add(f"{target}index.html" if target.endswith("/") or not target else target)
    return found


def files(folder: Path, own: str = "") -> list[str]:
    """The files that the copy holds, by name: what can be reached from ``index.html``, and everything below ``own``."""
    known: set[str] = set()
    waiting = {"index.html"}
    if own:
        waiting |= {
            path.relative_to(folder).as_posix() for path in (folder / own).rglob("*") if path.is_file()
        }
    while waiting:
        name = waiting.pop()
        path = folder / name
        if name in known or not path.is_file() or path.suffix not in SHOWN or name.startswith(APART):
            continue
        known.add(name)
        if path.suffix in (".html", ".css"):
            waiting |= links(name, path.read_text(encoding="utf-8"))
    return sorted(known)


def listing(folder: Path, own: str = "") -> dict[str, Any]:
    """``{"version": str, "files": {name: [sha256, bytes]}}``; the version follows from the files."""
    found = {}
    for name in files(folder, own):
        content = (folder / name).read_bytes()
        found[name] = [hashlib.sha256(content).hexdigest(), len(content)]
    version = hashlib.sha256(json.dumps(found).encode()).hexdigest()[:16]
    return {"version": version, "files": found}


def write(app: Sphinx, error: Exception | None) -> None:
    """Put the list, and the worker that answers from a copy, into the finished book's own folder."""
    if error is not None or app.builder.name != "html":
        return
    folder = Path(app.outdir)
    # A worker sees the folder that it lies in, and what is below.
    shutil.copyfile(assets.HERE / "static" / WORKER, folder / WORKER)
    listed = listing(folder, f"_static/{assets.folder_name()}")
    (folder / LIST).write_text(json.dumps(listed, separators=(",", ":")), encoding="utf-8")
