"""The markup that a page of the course may use, and finding every use of it in a text, with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# Pages that others point to.
LEDGER = "book/evidence-ledger"
REFERENCES = "book/references"
CRISIS = "book/crisis-and-grounding"

ROLES = frozenset({"claim", "cite:p", "cite:t", "term", "doc", "ref"})
# In a module, because a learner's notebook has a form for each.
MODULE_DIRECTIVES = frozenset(
    {"module-opening", "piece", "strategy", "source-and-evidence", "code-cell"}
    | {"note", "important", "admonition", "tip", "warning", "seealso", "figure", "dropdown"}
)
# In the pages around the modules, which are only published as a book.
PAGE_DIRECTIVES = MODULE_DIRECTIVES | {
    "ledger",
    "glossary-list",
    "crisis-routes",
    "stored",
    "source-coverage",
    "marking-rules",
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


_OPENING = re.compile(r"^\s*(?P<fence>`{3,}|~{3,}|:{3,})(?P<rest>.*)$")
_DIRECTIVE = re.compile(r"^\{(?P<name>[^}\s]+)\}\s*(?P<argument>.*)$")
_CODE_SPAN = re.compile(r"(?<!`)(?P<ticks>`+)(?!`)(?P<text>.+?)(?<!`)(?P=ticks)(?!`)", re.DOTALL)
_ROLE_NAME = re.compile(r"\{(?P<name>[A-Za-z:][A-Za-z0-9:_-]*)\}$")


def uses(text: str) -> list[Use]:
    """Every role and directive in a MyST text, in order of line; what stands in code is left out."""
    lines = text.split("\n")
    first = 0
    if lines and lines[0].strip() == "---":  # the header of a text notebook
        closing = [number for number, line in enumerate(lines[1:], start=1) if line.strip() == "---"]
        first = closing[0] + 1 if closing else 0
    return sorted(_walk(lines[first:], first + 1), key=lambda use: use.line)


def _walk(lines: list[str], number: int) -> Iterator[Use]:
    """``number``: the line on which the first of these lines stands."""
    prose: list[str] = []  # lines in fences are left empty, so that lines still count
    index = 0
    while index < len(lines):
        opening = _OPENING.match(lines[index])
        if not opening:
            prose.append("" if lines[index].lstrip().startswith("%") else lines[index])
            index += 1
            continue
        end = _closing(lines, index, opening["fence"])
        body = lines[index + 1 : end]
        directive = _DIRECTIVE.match(opening["rest"].strip())
        if directive:
            name, argument = directive["name"], directive["argument"].strip()
            yield Use("directive", name, argument, number + index, "\n".join(body))
            if name in CONTAINERS:
                yield from _roles(argument, number + index)
                yield from _walk(body, number + index + 1)
        prose.extend([""] * (min(end, len(lines) - 1) - index + 1))
        index = end + 1
    yield from _roles("\n".join(prose), number)


def _closing(lines: list[str], start: int, fence: str) -> int:
    """The line that closes a fence, or the end of the text."""
    closing = re.compile(rf"^\s*{re.escape(fence[0])}{{{len(fence)},}}\s*$")
    for index in range(start + 1, len(lines)):
        if closing.match(lines[index]):
            return index
    return len(lines)


def _roles(text: str, number: int) -> Iterator[Use]:
    # A code span never reaches over an empty line: paragraphs are looked at one by one.
    for paragraph in re.finditer(r"(?:[^\n]*\S[^\n]*(?:\n|$))+", text):
        for span in _CODE_SPAN.finditer(paragraph.group()):
            named = _ROLE_NAME.search(paragraph.group()[: span.start()])
            if named:
                before = text[: paragraph.start()] + paragraph.group()[: named.start()]
                argument = " ".join(span["text"].split())
                yield Use("role", named["name"], argument, number + before.count("\n"))
