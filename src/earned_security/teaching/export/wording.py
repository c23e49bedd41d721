"""The bank's plain texts, with *emphasis*, as the HTML and the XML of other systems."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from xml.etree import ElementTree

_EMPHASIS = re.compile(r"(\*[^*]+\*)")


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text, each on one line."""
    return [" ".join(part.split()) for part in re.split(r"\n\s*\n", text.strip()) if part.strip()]


def runs(text: str) -> list[tuple[str, bool]]:
    """The parts of one line, each with whether it is emphasised."""
    parts = _EMPHASIS.split(" ".join(text.split()))
    return [(part[1:-1], True) if _EMPHASIS.fullmatch(part) else (part, False) for part in parts if part]


def plain(text: str) -> str:
    """One line without marks of emphasis."""
    return "".join(part for part, _ in runs(text))


def html(text: str) -> str:
    """Paragraphs as HTML; what is HTML in the text is shown and not obeyed."""
    return "".join(f"<p>{html_line(line)}</p>" for line in paragraphs(text))


def html_line(text: str) -> str:
    """One line as HTML."""
    return "".join(f"<em>{escape(part)}</em>" if strong else escape(part) for part, strong in runs(text))


def html_list(texts: Iterable[str]) -> str:
    """Lines as an HTML list; nothing where there are none."""
    lines = "".join(f"<li>{html_line(text)}</li>" for text in texts)
    return f"<ul>{lines}</ul>" if lines else ""


def put(parent: ElementTree.Element, text: str) -> None:
    """Write one line into an element after what it holds, emphasis as ``em``."""
    for part, strong in runs(text):
        if strong:
            ElementTree.SubElement(parent, "em").text = part
        elif len(parent):
            parent[-1].tail = (parent[-1].tail or "") + part
        else:
            parent.text = (parent.text or "") + part
