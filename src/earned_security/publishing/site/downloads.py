"""Files to take away from the book: each module's notebook, rendered as a learner gets it."""

from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx

from earned_security.locale import words
from earned_security.publishing.jupyterlab import notebooks
from earned_security.publishing.nodes import curriculum_of

FOLDER = "notebooks"


def link(page: str) -> str:
    """HTML for a module's page: the link to its notebook, which lies beside it."""
    name = f"{page.rpartition('/')[2]}.ipynb"
    link = f'<a href="{name}" download>{words("pages.download.link")}</a>'
    return f"<p>{words('pages.download.text', link=link)}</p>"


def write(app: Sphinx) -> None:
    """Write the notebooks into a finished book, each beside the module's page."""
    source = Path(app.srcdir, FOLDER)
    if not source.is_dir():
        return
    folder = Path(app.outdir, FOLDER)
    rendered = notebooks.render_all(source, curriculum_of(app))
    for old in folder.glob("*.ipynb"):
        if old.name not in rendered:
            old.unlink()
    for name, text in rendered.items():
        (folder / name).write_text(text, encoding="utf-8")
