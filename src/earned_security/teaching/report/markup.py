"""The few forms of HTML that the report's page is made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

Cell = str | int | float | None


def paragraph(text: str, kind: str = "") -> str:
    return f"<p{_class(kind)}>{escape(text)}</p>"


def listed(lines: Iterable[str], kind: str = "") -> str:
    """A list of texts that are HTML already."""
    return f"<ul{_class(kind)}>" + "".join(f"<li>{line}</li>" for line in lines) + "</ul>"


def table(
    caption: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]], words: Iterable[int] = ()
) -> str:
    """A table whose first column heads its rows; None is a dash.

    Args:
        words: the columns that hold texts, which are set from the left.
    """
    texts = {0, *words}
    head = "".join(
        f'<th scope="col"{_class("words" if place in texts else "")}>{escape(text)}</th>'
        for place, text in enumerate(heads)
    )
    body = []
    for row in rows:
        first, *others = row
        cells = "".join(
            f"<td{_class('words' if place in texts else '')}>{shown(cell)}</td>"
            for place, cell in enumerate(others, start=1)
        )
        body.append(f'<tr><th scope="row">{shown(first)}</th>{cells}</tr>')
    return scrolling(
        f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(body)}</tbody></table>",
        caption,
    )


def scrolling(content: str, label: str) -> str:
    """What may be wider than the screen: it scrolls by itself, with the keyboard as well."""
    return f'<div class="wide" tabindex="0" role="group" aria-label="{escape(label)}">{content}</div>'


def figure(svg: str, caption: str, beside: str, label: str = "The same as a table") -> str:
    """A drawing, its caption, and the same numbers as a table."""
    return (
        f"<figure><figcaption>{escape(caption)}</figcaption>{scrolling(svg, f'Figure: {caption}')}"
        f"{folded(label, beside)}</figure>"
    )


def folded(summary: str, content: str) -> str:
    return f"<details><summary>{escape(summary)}</summary>{content}</details>"


def shown(cell: Cell) -> str:
    if cell is None:
        return "–"
    return escape(f"{cell:g}" if isinstance(cell, float) else str(cell))


def number(value: float | None, digits: int = 2, unit: str = "") -> str | None:
    """With so many digits; a minus that is a minus; None stays."""
    if value is None:
        return None
    text = f"{value:.{digits}f}"
    if float(text) == 0:
        text = text.lstrip("-")
    return text.replace("-", "−") + unit


def interval(limits: tuple[float, float] | None, digits: int = 2, unit: str = "") -> str | None:
    if limits is None:
        return None
    return f"{number(limits[0], digits)} to {number(limits[1], digits, unit)}"


def _class(kind: str) -> str:
    return f' class="{kind}"' if kind else ""
