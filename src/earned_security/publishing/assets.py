"""The book's own files: copied once, loaded where they are needed, and nothing from any other host."""

from __future__ import annotations

import hashlib
import shutil
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any

from myst_nb.sphinx_ext import add_global_html_resources
from sphinx.application import Sphinx
from sphinx.util import logging

from earned_security import locale

logger = logging.getLogger(__name__)

HERE = Path(__file__).parent
SOURCES = (HERE.parent / "interactive" / "static", HERE / "static")

# Extensions that Jupyter Book always loads; the course uses none, and some ask another host for scripts.
UNUSED = ("sphinx_thebe", "sphinx_comments", "sphinx_copybutton", "sphinx_togglebutton")
UNUSED_FILES = ("sphinx-thebe", "clipboard", "copybutton", "togglebutton", "design-tabs")


def _files() -> list[tuple[Path, str]]:
    return [
        (path, path.relative_to(folder).as_posix())
        for folder in SOURCES
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    ]


def _content(path: Path) -> bytes:
    """A file as the book has it: a module of words holds those of the book's language."""
    content = path.read_bytes()
    return locale.fill_module(content.decode()).encode() if path.name.startswith("words") else content


def folder_name() -> str:
    """The folder below ``_static``, named after its content, so that no browser mixes two versions or languages."""
    return _folder_name(locale.language())


@lru_cache(maxsize=4)
def _folder_name(language: str) -> str:
    digest = hashlib.sha256()
    for path, name in _files():
        digest.update(name.encode() + _content(path))
    return f"earned-security-{digest.hexdigest()[:10]}"


def folder(output: Path) -> Path:
    """The same folder in a built book."""
    return output / "_static" / folder_name()


def copy(app: Sphinx) -> None:
    """Copy the files into the book."""
    if app.builder.format != "html":
        return
    current = folder(Path(app.outdir))
    for old in current.parent.glob("earned-security-*"):
        if old != current:
            shutil.rmtree(old)
    for path, inside in _files():
        target = current / inside
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(_content(path))
    if "myst_nb" in app.extensions:
        # It copies its style sheet at the end, which would make a first build's pages differ from a second's.
        add_global_html_resources(app, None)


def front_page(app: Sphinx) -> None:
    """The address of the book itself leads to its first page, whichever page that is."""
    first = app.config.root_doc
    if first != "index":
        title = escape(app.config.html_title)
        address = app.builder.get_target_uri(first)
        Path(app.outdir, "index.html").write_text(
            f'<!DOCTYPE html><html lang="{locale.tag()}"><head><meta charset="utf-8"><title>{title}</title>'
            f'<meta http-equiv="refresh" content="0; url={address}"></head>'
            f'<body><main><h1><a href="{address}">{title}</a></h1></main></body></html>\n',
            encoding="utf-8",
        )


def silence(app: Sphinx) -> None:
    """Take the extensions that the course does not use out of the build."""
    for listeners in list(app.events.listeners.values()):
        for listener in list(listeners):
            module = getattr(listener.handler, "__module__", "") or ""
            if module.split(".")[0] in UNUSED:
                app.disconnect(listener.id)


def refuse(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object) -> None:
    """No page loads what the course does not use, nor anything from another host, whoever asks for it."""
    for kind in ("script_files", "css_files"):
        for asset in list(context.get(kind, [])):
            address = str(getattr(asset, "filename", asset) or "")
            if Path(address).name.startswith(UNUSED_FILES):
                context[kind].remove(asset)
            if address.startswith(("http:", "https:", "//")):
                context[kind].remove(asset)
                message = "A page would load %s from another host; it was taken out. Remove what asks for it."
                logger.warning(message, address, location=page, type="earned", subtype="host")


def defer(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object) -> None:
    """A page's text waits for no script, but for the page of the search, whose own scripts wait for nothing."""
    if page != "search":
        wanted = [script for script in context.get("script_files", ()) if _is_needed(script)]
        context["script_files"] = [_deferred(script) for script in wanted]


def _is_needed(script: Any) -> bool:
    """The theme writes into each page what its menu of versions asks, and the book has no such menu."""
    return (
        not str(getattr(script, "attributes", {}).get("body", ""))
        .lstrip()
        .startswith("DOCUMENTATION_OPTIONS.")
    )


def _deferred(script: Any) -> Any:
    """The same script, for which the page's text does not wait."""
    if not getattr(script, "filename", None) or script.attributes.get("type") == "module":
        return script
    return type(script)(script.filename, priority=script.priority, **{**script.attributes, "defer": "defer"})
