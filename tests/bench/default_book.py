"""The peer: a Jupyter Book as one gets it by default, with the same prose, plotly figures and ipywidgets.

Each page of ours is taken apart again: its text stays as it is, a figure becomes plotly's own (drawn by the script that
plotly puts into a notebook), and a piece becomes ipywidgets of the same kind of control.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import nbformat
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

CONFIG = "title: The same book, as it comes\nexecute:\n  execute_notebooks: force\n  timeout: 120\n"
RENDERER = "import plotly.io\nplotly.io.renderers.default = 'notebook'"
FIGURE = "import plotly.graph_objects\nplotly.graph_objects.Figure({figure!r}).show()"
# What a reader moves, and what then changes: the curve of an explorer, the words of everything else.
EXPLORER = """import ipywidgets, plotly.graph_objects
x = [step / 20 for step in range(200)]
figure = plotly.graph_objects.Figure([dict(type='scatter', x=x, y=[value ** 0.5 for value in x])])
display(ipywidgets.VBox([ipywidgets.FloatSlider(description='Pace'), ipywidgets.Dropdown(options=['a', 'b'])]))
figure.show()"""
QUESTION = """import ipywidgets
options = ['The first answer, in a sentence.', 'The second answer.', 'The third answer.', 'None of them.']
choices = ipywidgets.RadioButtons(options=options)
display(ipywidgets.VBox([choices, ipywidgets.Button(description='Check my answer'), ipywidgets.HTML()]))"""


def _code(source: str) -> Any:
    return new_code_cell(source, metadata={"tags": ["hide-input"]})


def _cells(part: Any) -> Iterator[Any]:
    """The cells for a part of one of our pages."""
    classes = part.get("class", [])
    if part.name in ("h1", "h2", "h3", "h4"):
        yield new_markdown_cell(f"{'#' * int(part.name[1])} {part.get_text(strip=True).removesuffix('#')}")
    elif "es-host" in classes:
        yield _code(EXPLORER if part.get("data-kind") == "explorer" else QUESTION)
    elif "es-page-figure" in classes:
        figure = json.loads(part.find("script").string)
        yield _code(FIGURE.format(figure={"data": figure["data"], "layout": figure.get("layout", {})}))
    elif part.name == "section" or part.select(".es-host, .es-page-figure, section"):
        for child in part.find_all(recursive=False):
            yield from _cells(child)
    elif "es-cards" not in classes and part.get_text(strip=True):
        yield new_markdown_cell(" ".join(str(part).split()))


def notebook(html: str) -> Any:
    """One of our built pages as a notebook."""
    article = BeautifulSoup(html, "html.parser").find("article")
    assert article is not None
    for link in article.select("a"):
        link.unwrap()
    for badge in article.select("button.es-claim"):
        badge.replace_with(f"[{badge.get_text()}]")
    return new_notebook(
        cells=[
            _code(RENDERER),
            *(cell for part in article.find_all(recursive=False) for cell in _cells(part)),
        ]
    )


def make(ours: Path, pages: Sequence[str], folder: Path) -> Path:
    """Build it; where its pages lie.

    Args:
        ours: our built book.
        pages: their names without an ending; they have the same in the peer.
        folder: where to work.

    Raises:
        SystemExit: it could not be built.
    """
    for page in pages:
        path = folder / f"{page}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        made = notebook((ours / f"{page}.html").read_text(encoding="utf-8"))
        made.cells[0], made.cells[1] = made.cells[1], made.cells[0]  # a page begins with its title
        nbformat.write(made, path)
    chapters = "".join(f"  - file: {page}\n" for page in pages[1:])
    (folder / "_toc.yml").write_text(
        f"format: jb-book\nroot: {pages[0]}\nchapters:\n{chapters}", encoding="utf-8"
    )
    (folder / "_config.yml").write_text(CONFIG, encoding="utf-8")
    command = [sys.executable, "-c", "from jupyter_book.cli.main import main; main()", "build", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"The default book could not be built:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return folder / "_build" / "html"
