"""What the page needs to say where a learner was: which pieces stand on which page, and how a case comes to an end.

Nothing about the learner is here, or leaves the browser: ``static/progress.js`` reads this beside what is stored.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from earned_security.publishing import assets, nodes

# Of a case, what stepping through it needs; none of its words.
_SCENE = ("id", "ending", "safety", "returns", "time_passes")
_OPTION = ("id", "when", "effects", "ways", "safety_failure", "enters_safety")
_CASE = ("id", "version", "oldest_loadable_version", "first_scene", "first_values", "safety_scene")
_MODULE = re.compile(r"notebooks/(?P<number>\d\d)-")
_KEY = "earned_security_pieces"


def outline(case: dict[str, Any]) -> dict[str, Any]:
    """The content of a case without its text: enough to replay a path and to see whether it ended."""
    scenes = {
        name: {field: bool(scene[field]) if field == "ending" else scene[field] for field in _SCENE}
        | {"options": [{field: option[field] for field in _OPTION} for option in scene["options"]]}
        for name, scene in case["scenes"].items()
    }
    return {field: case[field] for field in _CASE} | {"scenes": scenes}


def gather(app: Sphinx, doctree: Any) -> None:
    """Note a page's pieces, in their order, when it is read."""
    pieces = [
        {name: json.loads(node["content"])[name] for name in ("id", "kind", "title")}
        for node in doctree.findall(nodes.piece_host)
    ]
    app.env.metadata[app.env.docname][_KEY] = pieces


def places(app: Sphinx) -> dict[str, Any]:
    """``{"pages": [{"page", "title", "module", "pieces": [id]}], "pieces": {id: {"kind", "title"}}}``, in the book's order.

    ``module`` is a module's number, and 0 for any other page.
    """
    pages: list[dict[str, Any]] = []
    known: dict[str, Any] = {}
    for page in dict.fromkeys([*_in_order(app), *sorted(app.env.found_docs)]):
        pieces = app.env.metadata[page].get(_KEY, [])
        module = _MODULE.match(page)
        if pieces or module:
            title = app.env.titles[page].astext()
            number = int(module["number"]) if module else 0
            pages.append(
                {"page": page, "title": title, "module": number, "pieces": [one["id"] for one in pieces]}
            )
        known |= {one["id"]: {"kind": one["kind"], "title": one["title"]} for one in pieces}
    return {"pages": pages, "pieces": known}


def _in_order(app: Sphinx) -> list[str]:
    """The pages as the table of contents has them."""
    found, waiting = [], [app.config.root_doc]
    while waiting:
        page = waiting.pop(0)
        if page not in found:
            found.append(page)
            waiting = [*app.env.toctree_includes.get(page, []), *waiting]
    return found


def write(app: Sphinx) -> None:
    """Write ``places.json``, and each case's outline, beside the scripts."""
    folder = assets.folder(Path(app.outdir))
    found = places(app)
    _write(folder / "places.json", found)
    for name in found["pieces"]:
        content = json.loads((folder / "content" / f"{name}.json").read_text(encoding="utf-8"))
        if "scenes" in content:
            _write(folder / "outlines" / f"{name}.json", outline(content))


def _write(path: Path, content: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
