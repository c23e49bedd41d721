"""The same source makes the same book, byte for byte, but for Sphinx's own note of its settings."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from earned_security.publishing import book, edition

ROOT = Path(__file__).parents[2]
APART = {".buildinfo"}
PAGES = {
    "page": """---
file_format: mystnb
kernelspec: {name: python3}
---
# Page

See {claim}`safety-outranks-technique`, {term}`rupture` and {cite:p}`shenk2011,steele2017`.

```{code-cell} python
from plotly.graph_objects import Figure
Figure(data=[{"type": "scatter", "x": [0, 1], "y": [1, 2]}], layout={"meta": {"alt": "Trust rises."}})
```
""",
    "notebooks/04-building-safety-and-trust": "# Module\n\n```{module-opening} building-safety-and-trust\n```\n",
    "book/references": "# References\n\n```{bibliography}\n:all:\n```\n",
    "book/glossary": "# Glossary\n\n```{glossary-list}\n```\n",
    "book/evidence-ledger": "# Ledger\n\n```{ledger}\n```\n",
}


def _bytes(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file() and path.name not in APART)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_two_builds_are_the_same(
    tiny_book: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(book.ADDRESS, "https://example.org/course")
    (tmp_path / "source").mkdir()
    shutil.copyfile(ROOT / edition.CITATION, tmp_path / "source" / edition.CITATION)
    first = _bytes(tiny_book(PAGES, notebooks=True).folder)
    for folder in ("html", "doctrees"):
        shutil.rmtree(tmp_path / folder)
    second = _bytes(tiny_book(PAGES, notebooks=True).folder)
    assert set(first) == set(second)
    assert [name for name in first if first[name] != second[name]] == []
    assert {"sitemap.xml", "_images/preview/page.png", "notebooks/04-building-safety-and-trust.ipynb"} <= set(
        first
    )
