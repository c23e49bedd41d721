"""A module's notebook, to be taken from its page."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat

from earned_security.curriculum import load
from earned_security.publishing.jupyterlab import notebooks

ROOT = Path(__file__).parents[3]
NAME = "04-building-safety-and-trust"


def test_a_modules_page_leads_to_its_notebook_as_a_learner_gets_it(
    tiny_book: Callable[..., Any], tmp_path: Path
) -> None:
    curriculum = load()
    module = curriculum.modules["building-safety-and-trust"]
    text = f"# Building safety and trust\n\n```{{module-opening}} {module.id}\n```\n\nSo {{term}}`rupture`.\n"
    pages = {f"notebooks/{NAME}": text, "book/glossary": "# Glossary\n\n```{glossary-list}\n```\n"}
    old = tmp_path / "html" / "notebooks" / "00-gone.ipynb"
    old.parent.mkdir(parents=True)
    old.write_text("{}", encoding="utf-8")
    built = tiny_book(pages)
    (link,) = re.findall(
        r'<a href="([^"]+)" download>Take this module as a notebook</a>', built.page(f"notebooks/{NAME}")
    )
    taken = built.folder / "notebooks" / link
    notebook = nbformat.read(taken, as_version=4)
    nbformat.validate(notebook)
    assert notebook == notebooks.render(text, module, curriculum)
    assert "{term}" not in taken.read_text(encoding="utf-8")
    assert not old.exists()


def test_other_formats_have_no_such_link(tiny_book: Callable[..., Any]) -> None:
    text = "# A\n\n```{module-opening} building-safety-and-trust\n```\n"
    built = tiny_book({f"notebooks/{NAME}": text}, builder="text")
    assert "Take this module" not in built.page(f"notebooks/{NAME}")
