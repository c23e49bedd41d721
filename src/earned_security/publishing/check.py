"""Content mistakes in the book's pages and the modules, with file and line, without building anything."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import pairwise
from pathlib import Path

from earned_security.curriculum import ContentError, Curriculum, Problem, load
from earned_security.publishing import markup
from earned_security.publishing.statements import unsupported

_TITLED = re.compile(r"^(?P<title>.*?)\s*<(?P<target>[^<>]+)>$", re.DOTALL)
# Pages on making and running it: their numbers are settings.
_ABOUT_THE_COURSE = re.compile(r"(?:^|/)(?:teaching/|(?:for|writing)-)[^/]*$")
_FIGURE_CALL = re.compile(r"""\bfigure\(\s*["'](?P<id>[^"']*)["']\s*\)""")


@dataclass(frozen=True)
class Known:
    """What a page may name. ``pieces`` is None where a mistake elsewhere keeps them from being listed."""

    curriculum: Curriculum
    pieces: Collection[str] | None
    figures: Collection[str]
    pages: Collection[str]


def _suggest(name: str, known: Collection[str]) -> str:
    near = get_close_matches(name, known, n=1)
    return f" Did you mean '{near[0]}'?" if near else ""


def _unknown(what: str, name: str, known: Collection[str], where: str) -> str | None:
    if name in known:
        return None
    return f"There is no {what} '{name}' in {where}.{_suggest(name, known)}"


def _target(argument: str) -> str:
    titled = _TITLED.match(argument)
    return titled["target"].strip() if titled else argument.strip()


def _of_role(use: markup.Use, known: Known, page: str) -> Iterator[str | None]:
    curriculum = known.curriculum
    if use.name not in markup.ROLES:
        yield f"The role {{{use.name}}} is not one of the course's: {', '.join(sorted(markup.ROLES))}."
    elif use.name == "claim":
        yield _unknown("claim", use.argument, curriculum.claims, "claims.yaml")
    elif use.name.startswith("cite:"):
        for key in use.argument.split(","):
            yield _unknown("reference", key.strip(), curriculum.references, "references.bib")
    elif use.name == "term":
        terms = {term.casefold(): term for term in curriculum.glossary}
        yield _unknown("term", _target(use.argument).casefold(), terms, "glossary.yaml")
    elif use.name == "doc":
        target = _target(use.argument)
        folder = "/" if target.startswith("/") else f"/{posixpath.dirname(page)}"
        name = posixpath.normpath(posixpath.join(folder, target.lstrip("/"))).lstrip("/")
        yield _unknown("page", name, known.pages, "the course")


def _of_directive(use: markup.Use, known: Known, allowed: Collection[str]) -> Iterator[str | None]:
    curriculum = known.curriculum
    if use.name not in allowed:
        yield f"The directive {{{use.name}}} cannot stand here; use one of: {', '.join(sorted(allowed))}."
    elif use.name == "piece" and known.pieces is not None:
        yield _unknown("piece", use.argument, known.pieces, "the course")
    elif use.name == "strategy":
        yield _unknown("strategy", use.argument, curriculum.strategies, "strategies.yaml")
    elif use.name == "module-opening":
        yield _unknown("module", use.argument, curriculum.modules, "curriculum/data/modules")
    elif use.name == "code-cell":
        for call in _FIGURE_CALL.finditer(use.body):
            yield _unknown("figure", call["id"], known.figures, "interactive/figures")


def _nameless_columns(lines: list[str]) -> Iterator[int]:
    """Where a table's head has an empty cell, which leaves whoever hears the table read without its column."""
    for number, (head, rule) in enumerate(pairwise(lines), start=1):
        is_head = head.strip().startswith("|") and re.fullmatch(r"\s*\|(\s*:?-{3,}:?\s*\|)+\s*", rule)
        if is_head and "" in [cell.strip() for cell in head.strip().strip("|").split("|")]:
            yield number


def page_problems(path: Path, page: str, known: Known) -> list[Problem]:
    """The mistakes of one page; ``page`` is its name from the root, as ``{doc}`` writes it."""
    allowed = markup.MODULE_DIRECTIVES if page.startswith("notebooks/") else markup.PAGE_DIRECTIVES
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        return [Problem(path, 1, f"This file cannot be read as text: {error}.")]
    found = [
        Problem(
            path, number, "A column of this table has no name; write one into the empty cell of its head."
        )
        for number in _nameless_columns(text.splitlines())
    ]
    for use in markup.uses(text):
        of = _of_role(use, known, page) if use.kind == "role" else _of_directive(use, known, allowed)
        found += [Problem(path, use.line, message) for message in of if message]
    if not _ABOUT_THE_COURSE.search(page):
        for line, sentence in unsupported(text):
            message = (
                f"This states a number or a finding and cites nothing: '{sentence[:80]}'. Cite its claim right after "
                "it, or say why there is none on a line of its own before the paragraph: % no claim: an invented example"
            )
            found.append(Problem(path, line, message))
    return found


def _names(root: Path) -> dict[str, Path]:
    paths = [*root.glob("book/**/*.md"), *root.glob("notebooks/**/*.md")]
    return {path.relative_to(root).with_suffix("").as_posix(): path for path in sorted(paths)}


def _contents_problems(root: Path, pages: Collection[str]) -> Iterator[Problem]:
    """The table of contents names each page once, and no page that is not there."""
    contents = root / "_toc.yml"
    if not contents.exists():
        return
    listed = set()
    for number, line in enumerate(contents.read_text(encoding="utf-8").splitlines(), start=1):
        entry = re.match(r"\s*(?:- )?(?:file|root):\s*(\S+)", line)
        if entry:
            listed.add(entry[1])
            message = _unknown("page", entry[1], pages, "the course")
            if message:
                yield Problem(contents, number, message)
    for page in sorted(set(pages) - listed):
        yield Problem(contents, 1, f"The page '{page}' is not in the table of contents; add it.")


def problems(root: Path) -> list[Problem]:
    """Every mistake in ``book/`` and ``notebooks/`` below a checkout, sorted.

    Where the curriculum cannot be read there is nothing to hold the pages against; its own check says why.
    """
    pages = _names(root)
    try:
        curriculum = load()
    except (ContentError, KeyError, TypeError):
        return []
    known = Known(curriculum, _pieces(), _figures(), pages)
    found = [problem for page, path in pages.items() for problem in page_problems(path, page, known)]
    return sorted({*found, *_contents_problems(root, pages)})


def _pieces() -> Collection[str] | None:
    from earned_security.interactive import pieces

    try:
        return pieces.piece_ids()
    except (ContentError, KeyError):
        return None  # the check of that room names the mistake


def _figures() -> Collection[str]:
    from earned_security.interactive import figures

    return figures.figure_ids()
