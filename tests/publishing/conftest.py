"""Tiny books: a few pages, built by Sphinx with the course's extension."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from earned_security.curriculum import source

ALWAYS = {
    "index": "# Start\n\n```{toctree}\n:glob:\n\n*\nbook/*\n```\n",
    "book/references": "# References\n\n```{bibliography}\n```\n",
    "book/crisis-and-grounding": "# A way out\n",
}


@dataclass
class Built:
    """A built tiny book and what Sphinx warned of, one line each."""

    folder: Path
    warnings: list[str]

    def page(self, name: str = "page") -> str:
        files = [path for path in self.folder.glob(f"{name}.*") if path.suffix in (".html", ".txt", ".tex")]
        return files[0].read_text(encoding="utf-8")


@pytest.fixture
def tiny_book(tmp_path: Path) -> Callable[..., Built]:
    """Build pages, given as text by name: ``tiny_book({"page": "# Title"}, builder="text")``."""
    from sphinx.application import Sphinx
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    def build(
        pages: dict[str, str], builder: str = "html", notebooks: bool = False, language: str = "en"
    ) -> Built:
        folder = tmp_path / "source"
        for name, text in {**ALWAYS, **pages}.items():
            path = folder / f"{name}.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                path.write_text(text, encoding="utf-8")
        output = tmp_path / builder
        warnings = io.StringIO()
        settings = {
            "extensions": [
                "myst_nb" if notebooks else "myst_parser",
                "sphinxcontrib.bibtex",
                "earned_security.publishing",
            ],
            "bibtex_bibfiles": [str(source.DATA / "references.bib")],
            "bibtex_default_style": "earned_security",
            "bibtex_reference_style": "earned_security",
            "bibtex_cite_id": "{key}",
            "bibtex_tooltips": False,
            "source_suffix": {".md": "myst-nb" if notebooks else "markdown"},
            "nitpicky": True,
            "language": language,
            "myst_heading_anchors": 3,
            "html_theme": "basic",
            "html_use_index": False,
        }
        with patch_docutils(None), docutils_namespace():
            app = Sphinx(
                folder,
                None,
                output,
                tmp_path / "doctrees",
                builder,
                settings,
                None,
                warnings,
                keep_going=True,
            )
            app.build()
        plain = re.sub(r"\x1b\[[0-9;]*m", "", warnings.getvalue())
        return Built(output, [line for line in plain.splitlines() if line.strip()])

    return build
