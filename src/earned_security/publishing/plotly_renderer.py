"""A plotly figure in the book: drawn by one script, described in words, with a table of its numbers.

The entry point group ``myst_nb.mime_renderers`` in ``pyproject.toml`` names :class:`PlotlyRenderer`.
"""

from __future__ import annotations

import array
import base64
import math
from html import escape
from typing import Any

from docutils import nodes
from sphinx.util import logging

from earned_security.locale import words
from earned_security.publishing.ledger import data as script_data
from earned_security.publishing.nodes import static_html

logger = logging.getLogger(__name__)

MIME_TYPE = "application/vnd.plotly.v1+json"
# More rows than this help nobody: a longer series is shown at even steps.
ROWS = 40
_TYPE_CODES = {"f8": "d", "f4": "f", "i4": "i", "u4": "I", "i2": "h", "u2": "H", "i1": "b", "u1": "B"}


def values(series: Any) -> list[Any]:
    """A series of a plotly figure as a list; plotly packs one into base64 where numpy is installed."""
    if isinstance(series, dict) and "bdata" in series:
        unpacked = array.array(_TYPE_CODES[series["dtype"]])
        unpacked.frombytes(base64.b64decode(series["bdata"]))
        return list(unpacked)
    return list(series) if isinstance(series, (list, tuple)) else []


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.3g}" if math.isfinite(value) else ""
    return "" if value is None else escape(str(value))


def _axis(figure: dict[str, Any], name: str) -> str:
    title = figure.get("layout", {}).get(f"{name}axis", {}).get("title") or {}
    return str(title.get("text", "") if isinstance(title, dict) else title) or name


def tables(figure: dict[str, Any]) -> str:
    """The numbers of each trace as an HTML table."""
    made = []
    for trace in figure.get("data", []):
        rows = list(zip(values(trace.get("x")), values(trace.get("y")), strict=False))
        if not rows:
            continue
        step = math.ceil(len(rows) / ROWS)
        shown = rows[::step] + ([] if (len(rows) - 1) % step == 0 else [rows[-1]])
        name = escape(str(trace.get("name") or words("pages.figure.unnamed")))
        few = words("pages.figure.everyFew", name=name, step=step, count=len(rows))
        caption = name if step == 1 else few
        head = "".join(f'<th scope="col">{escape(_axis(figure, axis))}</th>' for axis in ("x", "y"))
        body = "".join(f"<tr><td>{_cell(x)}</td><td>{_cell(y)}</td></tr>" for x, y in shown)
        made.append(
            f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        )
    return "".join(made)


def description(figure: dict[str, Any]) -> str:
    """What the figure shows, in words: ``layout.meta.alt``; empty where its author gave none."""
    meta = figure.get("layout", {}).get("meta")
    return str(meta.get("alt", "")).strip() if isinstance(meta, dict) else ""


def html(figure: dict[str, Any]) -> str:
    """A figure for the page; ``figure.js`` draws it, without plotly's template of some 7 kB."""
    layout = {name: value for name, value in figure.get("layout", {}).items() if name != "template"}
    return (
        '<div class="es-page-figure">'
        f'<div class="es-plot" role="img" aria-label="{escape(description(figure))}"></div>'
        f'<script type="application/json">{script_data({**figure, "layout": layout})}</script>'
        f"<details><summary>{words('pages.figure.numbers')}</summary>{tables(figure)}</details></div>"
    )


class PlotlyRenderer:
    """A mime renderer of myst-nb."""

    mime_priority_overrides = (("*", MIME_TYPE, 1),)

    @staticmethod
    def handle_mime(renderer: Any, data: Any, inline: bool) -> list[nodes.Element] | None:
        """The figure as nodes; None leaves any other kind of output to myst-nb."""
        if inline or data.mime_type != MIME_TYPE:
            return None
        described = description(data.content)
        if not described:
            message = "This figure has no description: give it layout.meta = {'alt': '...'}."
            location = f"{renderer.renderer.document['source']}:{data.line}"
            logger.warning(message, location=location, type="earned", subtype="figure")
        plain = nodes.paragraph(text=words("pages.figure.onPaper", description=described))
        return [static_html("", plain, html=html(data.content), script="figure", figure=data.content)]
