"""What a browser keeps of the book when somebody asks for it offline: a list of files, each with its hash and size.

The list holds what the pages themselves show: every page, what it loads, and the course's own files. Downloads, and
the notebook in the browser, are not among them: they would weigh many times as much.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from earned_security.publishing import assets
from earned_security.publishing.site import built_pages
from earned_security.publishing.site.built_pages import BuiltPage

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

_STYLE = re.compile(r"""(?:url\(["']?|@import\s+["'])(?P<address>[^"')]+)""")


def _leads_to(name: str, addresses: Iterable[str]) -> set[str]:
    """The files of the book to which addresses lead, as a page or a style sheet names them."""
    files = {built_pages.target(name, one)[0] for one in addresses if not built_pages.is_elsewhere(one)}
    return {f"{file}index.html" if file.endswith("/") or not file else file for file in files}


def files(folder: Path, pages: Mapping[str, BuiltPage], own: str = "") -> list[str]:
    """The files that the copy holds, by name: what is reached from ``index.html``, the search, all below ``own``."""
    known: set[str] = set()
    waiting = {"index.html", "search.html"}  # no link leads to the search, but a form
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
        if name in pages:
            waiting |= _leads_to(name, (one.text for one in (*pages[name].links, *pages[name].loaded)))
        elif path.suffix == ".css":
            found = _STYLE.finditer(path.read_text(encoding="utf-8"))
            waiting |= _leads_to(name, (match["address"] for match in found))
    return sorted(known)


def listing(folder: Path, pages: Mapping[str, BuiltPage], own: str = "") -> dict[str, Any]:
    """``{"version": str, "files": {name: [sha256, bytes]}}``; the version follows from the files."""
    found = {}
    for name in files(folder, pages, own):
        content = (folder / name).read_bytes()
        found[name] = [hashlib.sha256(content).hexdigest(), len(content)]
    version = hashlib.sha256(json.dumps(found).encode()).hexdigest()[:16]
    return {"version": version, "files": found}


def write(app: Sphinx, pages: Mapping[str, BuiltPage]) -> None:
    """Put the list, and the worker that answers from a copy, into the finished book's own folder."""
    folder = Path(app.outdir)
    # A worker sees the folder that it lies in, and what is below.
    shutil.copyfile(assets.HERE / "static" / WORKER, folder / WORKER)
    listed = listing(folder, pages, f"_static/{assets.folder_name()}")
    (folder / LIST).write_text(json.dumps(listed, separators=(",", ":")), encoding="utf-8")
