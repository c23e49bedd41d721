"""The markup that a page of the course may use, and finding every use of it in a text, with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from earned_security.curriculum import Module

# Pages that others point to.
LEDGER = "book/evidence-ledger"
REFERENCES = "book/references"
CRISIS = "book/crisis-and-grounding"


def module_page(module: Module) -> str:
    """The page of a module: ``notebooks/04-building-safety-and-trust``."""
    return f"notebooks/{module.number:02}-{module.id}"


ROLES = frozenset({"claim", "cite:p", "cite:t", "term", "doc", "ref"})
# In a module, because a learner's notebook has a form for each.
MODULE_DIRECTIVES = frozenset(
    {"module-opening", "piece", "strategy", "source-and-evidence", "completion-rule", "code-cell"}
    | {"note", "important", "admonition", "tip", "warning", "seealso", "figure", "dropdown"}
)
# In the pages around the modules, which are only published as a book.
PAGE_DIRECTIVES = MODULE_DIRECTIVES | {
    "ledger",
    "glossary-list",
    "crisis-routes",
    "stored",
    "where-you-were",
    "offline-copy",
    "notebooks-in-the-browser",
    "on-paper",
    "source-coverage",
    "marking-rules",
    "observable-markers",
    "supervision-by-module",
    "bibliography",
    "list-table",
    "tableofcontents",
}
# Directives whose body is more of the same text; the body of any other is its own.
CONTAINERS = frozenset(
    {"source-and-evidence", "module-opening", "note", "important", "admonition", "tip", "warning", "seealso"}
    | {"figure", "dropdown", "list-table"}
)


@dataclass(frozen=True)
class Use:
    """One use of a role or directive.

    ``argument``: what follows a directive's name, or what a role encloses. ``body``: a directive's lines.
    ``line``: counted from 1.
    """

    kind: str
    name: str
    argument: str
    line: int
    body: str = ""


@dataclass(frozen=True)
class Paragraph:
    """Lines that stand together. ``line``: the first of them. ``comment``: what a ``%`` line before them says."""

    text: str
    line: int
    comment: str = ""


_OPENING = re.compile(r"^\s*(?P<fence>`{3,}|~{3,}|:{3,})(?P<rest>.*)$")
_DIRECTIVE = re.compile(r"^\{(?P<name>[^}\s]+)\}\s*(?P<argument>.*)$")
_CODE_SPAN = re.compile(r"(?<!`)(?P<ticks>`+)(?!`)(?P<text>.+?)(?<!`)(?P=ticks)(?!`)", re.DOTALL)
_ROLE_NAME = re.compile(r"\{(?P<name>[A-Za-z:][A-Za-z0-9:_-]*)\}$")


def uses(text: str) -> list[Use]:
    """Every role and directive in a MyST text, in order of line; what stands in code is left out."""
    found: list[Use] = []
    for part in _parts(text):
        found += [part] if isinstance(part, Use) else _roles(part)
    return sorted(found, key=lambda use: use.line)


def paragraphs(text: str) -> list[Paragraph]:
    """Every paragraph, list, table and heading of a MyST text, in order of line, those in notes and the like too."""
    return sorted((part for part in _parts(text) if isinstance(part, Paragraph)), key=lambda part: part.line)


def _parts(text: str) -> Iterator[Use | Paragraph]:
    lines = text.split("\n")
    first = 0
    if lines and lines[0].strip() == "---":  # the header of a text notebook
        closing = [number for number, line in enumerate(lines[1:], start=1) if line.strip() == "---"]
        first = closing[0] + 1 if closing else 0
    yield from _walk(lines[first:], first + 1)


def _walk(lines: list[str], number: int) -> Iterator[Use | Paragraph]:
    """``number``: the line on which the first of these lines stands."""
    prose: list[str] = []
    comment = ""

    def paragraph(end: int) -> Iterator[Paragraph]:
        nonlocal comment
        if prose:
            yield Paragraph("\n".join(prose), number + end - len(prose), comment)
            comment = ""
        prose.clear()

    index = 0
    while index < len(lines):
        line = lines[index]
        opening = _OPENING.match(line)
        if not opening:
            if not line.strip():
                yield from paragraph(index)
            elif line.lstrip().startswith("%"):
                yield from paragraph(index)
                comment = line.strip("% ")
            else:
                prose.append(line)
            index += 1
            continue
        yield from paragraph(index)
        comment = ""
        end = _closing(lines, index, opening["fence"])
        body = lines[index + 1 : end]
        directive = _DIRECTIVE.match(opening["rest"].strip())
        if directive:
            name, argument = directive["name"], directive["argument"].strip()
            yield Use("directive", name, argument, number + index, "\n".join(body))
            if name in CONTAINERS:
                yield from _roles(Paragraph(argument, number + index))
                yield from _walk(body, number + index + 1)
        index = end + 1
    yield from paragraph(index)


def _closing(lines: list[str], start: int, fence: str) -> int:
    """The line that closes a fence, or the end of the text."""
    closing = re.compile(rf"^\s*{re.escape(fence[0])}{{{len(fence)},}}\s*$")
    for index in range(start + 1, len(lines)):
        if closing.match(lines[index]):
            return index
    return len(lines)


def _roles(paragraph: Paragraph) -> Iterator[Use]:
    # A code span never reaches over an empty line, so paragraphs are looked at one by one.
    for span in _CODE_SPAN.finditer(paragraph.text):
        before = paragraph.text[: span.start()]
        named = _ROLE_NAME.search(before)
        if named:
            argument = " ".join(span["text"].split())
            line = paragraph.line + before[: named.start()].count("\n")
            yield Use("role", named["name"], argument, line)
