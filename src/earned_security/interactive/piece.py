"""The contract between a piece, the person who uses it and the place where it is shown.

A piece is a front-end module (``static/<kind>.js``) with a few traits. A live kernel gives them
through :class:`Piece`; a static page gives the same through ``publishing/static/host.js``.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from earned_security.assessment.responses import Responses, ResponsesError

STATIC = Path(__file__).parent / "static"


@lru_cache(maxsize=64)
def bundle(name: str) -> str:
    """The text of ``static/<name>`` with its relative imports inlined as ``data:`` addresses.

    A kernel hands a widget one text, so ``import ... from "./common.js"`` has no address to resolve
    against; in a static page the same files are served as they are.
    """
    path = STATIC / name

    def inline(match: re.Match[str]) -> str:
        imported = (path.parent / match["file"]).resolve().relative_to(STATIC.resolve()).as_posix()
        encoded = base64.b64encode(bundle(imported).encode()).decode()
        return f'{match["before"]}"data:text/javascript;base64,{encoded}"'

    pattern = re.compile(r'(?P<before>\bfrom\s+)"(?P<file>\.{1,2}/[^"]+\.js)"')
    return pattern.sub(inline, path.read_text(encoding="utf-8"))


class Piece(anywidget.AnyWidget):
    """One interactive piece in a notebook.

    Traits:
        content: what is shown; ``id``, ``kind`` and ``title`` always, the rest by kind. Never a graded key.
        entries: what the learner did and is stored: ``{name: {"value": JSON, "time": milliseconds}}``.
        outbox: what the page asks to store: ``{"attempt": n, "entries": {...}}``; the later time wins.
        notice: what happened to the stored file that the learner should know; empty as a rule.
        problem: why the last request could not be stored, in words; empty when it was.
        storage_key: under which name the page keeps entries that are not yet stored.

    The page shows "Saved" only for an entry that it reads back in ``entries``.
    """

    content = traitlets.Dict().tag(sync=True)
    entries = traitlets.Dict().tag(sync=True)
    outbox = traitlets.Dict().tag(sync=True)
    notice = traitlets.Unicode("").tag(sync=True)
    problem = traitlets.Unicode("").tag(sync=True)
    storage_key = traitlets.Unicode("").tag(sync=True)

    def __init__(self, content: dict[str, Any], responses: Responses) -> None:
        self._responses = responses
        self._names = f"{content['id']}/"
        place = hashlib.sha256(str(responses.path.resolve()).encode()).hexdigest()[:12]
        super().__init__(
            _esm=bundle(f"{content['kind']}.js"),
            _css=(STATIC / "pieces.css").read_text(encoding="utf-8"),
            content=content,
            storage_key=f"{place}/{content['id']}",
        )
        self._store({})
        self.observe(lambda change: self._store(change["new"].get("entries", {})), names="outbox")
        self.on_msg(self._answer)

    def _store(self, outbox: dict[str, Any]) -> None:
        """Merge into the file first; only what was read back from the disk is shown as stored."""
        try:
            named = {self._names + name: entry for name, entry in outbox.items()}
            stored = self._responses.merge(named) if named else self._responses.read()
        except ResponsesError as error:
            self.problem = str(error)
            return
        self.problem = ""
        self.notice = self._responses.notice
        self.entries = {
            name.removeprefix(self._names): entry for name, entry in stored.items() if name.startswith(self._names)
        }
        if self.comm is not None:  # an acknowledgement is owed even where nothing changed
            self.send_state(["entries", "problem"])

    def _answer(self, _widget: Any, message: Any, _buffers: Any) -> None:
        """The page asks for plotly's script, once, on the first figure: a kernel is its only server."""
        if isinstance(message, dict) and message.get("type") == "plotly":
            script = (STATIC / "vendor" / "plotly-basic.min.js").read_bytes()
            self.send({"type": "plotly"}, buffers=[script])
