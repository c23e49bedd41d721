"""Plotly figures as pictures: drawn once, by the page's own plotly in Chromium, as SVG that PDF and EPUB share."""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from collections.abc import Mapping
from html import escape, unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from earned_security.publishing.ledger import data as script_data
from earned_security.publishing.plotly_renderer import description
from earned_security.publishing.printing import browser

PLOTLY = Path(__file__).parents[2] / "interactive" / "static" / "vendor" / "plotly-basic.min.js"
FOLDER = "_images"
WIDTH, HEIGHT = 720, 420  # CSS pixels
FONT = "Liberation Sans, Arial, sans-serif"
# Random numbers only name parts of a drawing; the same figure is the same file.
_DRAW = """
let seed = 1;
Math.random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
addEventListener("load", async () => {
  for (const place of document.querySelectorAll("script[type='application/json']")) {
    seed = 1;
    const { data, layout } = JSON.parse(place.textContent);
    const height = layout.height ?? HEIGHT;
    const picture = await Plotly.toImage({ data, layout: { ...layout, autosize: false, width: WIDTH, height } },
      { format: "svg", width: WIDTH, height });
    const drawn = document.createElement("pre");
    drawn.id = place.id;
    drawn.textContent = picture;
    document.body.append(drawn);
  }
});
""".replace("WIDTH", str(WIDTH)).replace("HEIGHT", str(HEIGHT))
_DRAWN = re.compile(r'<pre id="(?P<name>[^"]+)">data:image/svg\+xml,(?P<svg>[^<]*)</pre>')


def on_paper(figure: Mapping[str, Any]) -> dict[str, Any]:
    """A figure in black ink on white paper, its data and layout only."""
    axes = {
        name: {"automargin": True, "gridcolor": "#dfe5e8", "linecolor": "#46535e", "tickcolor": "#46535e"}
        | axis
        for name, axis in {"xaxis": {}, "yaxis": {}, **figure.get("layout", {})}.items()
        if re.fullmatch(r"[xy]axis\d*", name)
    }
    layout = {name: value for name, value in figure.get("layout", {}).items() if name != "template"}
    ink = {"font": {"family": FONT, "size": 14, **layout.get("font", {}), "color": "#1f2a33"}}
    return {
        "data": figure["data"],
        "layout": {**layout, **axes, **ink, "paper_bgcolor": "#ffffff", "plot_bgcolor": "#ffffff"},
    }


def name(figure: Mapping[str, Any]) -> str:
    """The file of a figure, named after what it draws."""
    text = json.dumps(on_paper(figure), sort_keys=True)
    return f"figure-{hashlib.sha256(text.encode()).hexdigest()[:12]}.svg"


def image(figure: Mapping[str, Any], folder: str, alternative: str = "") -> str:
    """The figure as an ``<img>``. ``folder``: where the pictures lie, seen from the page."""
    described = escape(" ".join((alternative or description(dict(figure))).split()))
    return f'<p class="es-picture"><img src="{folder}/{name(figure)}" alt="{described}"/></p>'


def draw(figures: Mapping[str, Mapping[str, Any]], folder: Path) -> None:
    """Draw figures, given by the name of their file, into a folder.

    Raises:
        PrintingError: there is no browser, or it left a figure out.
    """
    missing = {file: figure for file, figure in figures.items() if not (folder / file).exists()}
    if not missing:
        return
    places = "".join(
        f'<script type="application/json" id="{file}">{script_data(on_paper(figure))}</script>'
        for file, figure in missing.items()
    )
    page = f'<!doctype html><meta charset="utf-8"><body>{places}<script>{_DRAW}</script>'
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as working:
        source = Path(working, "figures.html")
        source.write_text(f'{page}<script src="{PLOTLY.as_uri()}"></script></body>', encoding="utf-8")
        for found in _DRAWN.finditer(browser.drawn(source)):
            svg = unquote(unescape(found["svg"]))
            (folder / found["name"]).write_text(svg, encoding="utf-8")
    if left := [file for file in missing if not (folder / file).exists()]:
        raise browser.PrintingError(f"{len(left)} of {len(missing)} figures were not drawn.")
