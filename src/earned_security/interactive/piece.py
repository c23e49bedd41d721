"""The contract between a piece, the person who uses it and the place where it is shown.

A piece is a front-end module (``static/<kind>.js``) with a few traits. A live kernel gives them
through :class:`Piece`; a static page gives the same through ``publishing/static/host.js``.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
import weakref
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar

import anywidget
import traitlets

from earned_security import locale
from earned_security.assessment.responses import Responses, ResponsesError

STATIC = Path(__file__).parent / "static"

_IMPORT = re.compile(r'(?P<before>\bfrom\s+)"(?P<file>\.{1,2}/[^"]+\.js)"')

# A module's address is made once a page, so that all pieces share one copy of what they import.
# A control that has the focus keeps its keys: JupyterLab would take arrows, Enter and letters for its own commands.
_LOADER = """\
const addresses = (globalThis.earnedSecurityModules ??= {});
for (const [name, text] of Object.entries(%s)) {
  addresses[name] ??= URL.createObjectURL(new Blob(
    [text.replace(/"earned:([^"]+)"/g, (_, imported) => JSON.stringify(addresses[imported]))],
    { type: "text/javascript" }));
}
const piece = (await import(addresses[%s])).default;
const keepKeys = ({ target }) => target.setAttribute("data-lm-suppress-shortcuts", "true");
export default {
  render(context) {
    context.el.lang = %s;
    context.el.addEventListener("focusin", keepKeys);
    return piece.render(context);
  },
};
"""


def bundle(name: str) -> str:
    """The front-end module ``static/<name>`` and everything that it imports, as one module, in the language in force.

    A kernel hands a widget one text, so ``import ... from "./common.js"`` has no address to resolve
    against; in a static page the same files are served as they are.

    Raises:
        FileNotFoundError: there is no such file, or it imports one that is not there.
        ValueError: an import leads out of ``static``.
    """
    return _bundle(name, locale.tag())


@lru_cache(maxsize=16)
def _bundle(name: str, language: str) -> str:
    modules: dict[str, str] = {}

    def add(path: Path) -> str:
        """Add a module after those that it imports; return its name, which changes with its text."""

        def named(match: re.Match[str]) -> str:
            return f'{match["before"]}"earned:{add((path.parent / match["file"]).resolve())}"'

        text = _IMPORT.sub(named, locale.fill_module(path.read_text(encoding="utf-8")))
        digest = hashlib.sha256(text.encode()).hexdigest()[:12]
        module = f"{path.relative_to(STATIC.resolve()).as_posix()}#{digest}"
        modules.setdefault(module, text)
        return module

    main = add((STATIC / name).resolve())
    return _LOADER % (json.dumps(modules, ensure_ascii=False), json.dumps(main), json.dumps(language))


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

    # Every piece that is open in this kernel: the same piece may stand in two tabs or two cells.
    _open: ClassVar[weakref.WeakSet[Piece]] = weakref.WeakSet()

    def __init__(self, content: dict[str, Any], responses: Responses) -> None:
        self._responses = responses
        self._names = f"{content['id']}/"
        self._esm = bundle(f"{content['kind']}.js")
        self._css = (STATIC / "pieces.css").read_text(encoding="utf-8")
        place = hashlib.sha256(str(responses.path.resolve()).encode()).hexdigest()[:12]
        super().__init__(content=content, storage_key=f"{place}/{content['id']}")
        self._store({})
        self.observe(self._take, names="outbox")
        self.on_msg(self._answer)
        Piece._open.add(self)

    def _take(self, change: Any) -> None:
        entries = change["new"].get("entries")
        self._store(entries if isinstance(entries, dict) else {})

    def _store(self, outbox: dict[str, Any]) -> None:
        """Merge into the file first; only what was read back from the disk is shown as stored."""
        self.problem = ""  # so that a problem that comes again is told again
        try:
            # What is shown as stored goes along, to be stored again where the file was lost meanwhile.
            offered = {self._names + name: entry for name, entry in {**self.entries, **outbox}.items()}
            stored = self._responses.merge(offered) if outbox else self._responses.read()
        except ResponsesError as error:
            self.problem = str(error)
            return
        for piece in Piece._open | {self}:
            if piece.storage_key == self.storage_key:
                piece._show(stored, self._responses.notice)
            elif piece._responses.path == self._responses.path:
                piece.entries = piece._own(stored)  # a piece that looks at another's entries sees them change

    def _own(self, stored: dict[str, Any]) -> dict[str, Any]:
        """Of everything in the file, this piece's entries under their own names."""
        named = {name: self._name_of(name) for name in stored}
        return {own: stored[name] for name, own in named.items() if own is not None}

    def _name_of(self, stored: str) -> str | None:
        return stored.removeprefix(self._names) if stored.startswith(self._names) else None

    def _show(self, stored: dict[str, Any], notice: str) -> None:
        self.notice = notice
        self.entries = self._own(stored)
        if self.comm is not None:  # an acknowledgement is owed even where nothing changed
            self.send_state(["entries", "problem"])

    def _answer(self, _widget: Any, message: Any, _buffers: Any) -> None:
        """The page asks for plotly's script, once, on the first figure: a kernel is its only server."""
        if isinstance(message, dict) and message.get("type") == "plotly":
            script = (STATIC / "vendor" / "plotly-basic.min.js").read_bytes()
            self.send({"type": "plotly"}, buffers=[script])


class UnknownPieceError(KeyError):
    """There is no piece of that name. The message suggests what may be meant."""

    def __str__(self) -> str:
        return str(self.args[0])


class Message:
    """What a notebook shows in place of a piece that cannot be shown: words, and no traceback."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return f'<p role="alert">{html.escape(self.text)}</p>'
