"""What happens to the book once Sphinx has written every page, in the order that it needs."""

from __future__ import annotations

import re
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from earned_security.publishing import assets
from earned_security.publishing.site import (
    addresses,
    built_pages,
    content_policy,
    downloads,
    offline,
    page_metadata,
    progress,
    styles,
)

# What keeps its spaces.
_VERBATIM = re.compile(r"(<(pre|script|style|textarea)\b.*?</\2>)", re.DOTALL)

_HIGHLIGHT = "SPHINX_HIGHLIGHT_ENABLED"


def compact(html: str) -> str:
    """A page without the templates' empty lines and indentation."""
    parts = _VERBATIM.split(html)
    # Text, a part as it stands, and the name of its element, in turn.
    parts[::3] = [re.sub(r"\n\s+", "\n", part) for part in parts[::3]]
    del parts[2::3]
    return "".join(parts)


def forget_searches(output: Path) -> None:
    """Let no page keep the words that somebody searched for: Sphinx would, in the browser, to highlight them.

    Raises:
        ExtensionError: this Sphinx does so in another way.
    """
    path = output / "_static" / "sphinx_highlight.js"
    script = path.read_text(encoding="utf-8").replace(f"{_HIGHLIGHT} = true", f"{_HIGHLIGHT} = false")
    if f"{_HIGHLIGHT} = false" not in script:
        raise ExtensionError(f"{path.name} has no {_HIGHLIGHT}: look how this Sphinx keeps a search's words.")
    path.write_text(script, encoding="utf-8")


def finish(app: Sphinx, error: Exception | None) -> None:
    """Complete a book that was built as web pages without an error."""
    if error is not None or app.builder.name != "html":
        return
    forget_searches(Path(app.outdir))
    assets.front_page(app)
    addresses.write(app)
    page_metadata.write_site_map(app)
    downloads.write(app)
    progress.write(app)
    pages = built_pages.read(Path(app.outdir))
    version = styles.write(app, pages)
    for page in pages.values():
        html = page.path.read_text(encoding="utf-8")
        complete = content_policy.with_policy(compact(styles.with_version(html, version)))
        if complete != html:
            page.path.write_text(complete, encoding="utf-8")
    offline.write(app, pages)  # it notes every file as it is now
