"""The learner's notebook: a module's text with every role and directive resolved to portable Markdown.

JupyterLab knows neither roles nor directives. So a module is rendered, not copied: citations become words and
links, a claim becomes a badge in words with an openable note under its paragraph, a piece becomes one collapsed
cell. Cell ids follow from the text around them, so that a new version of the course changes no other cell.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.colon_fence import colon_fence_plugin
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from earned_security import __version__
from earned_security.curriculum import Claim, Curriculum, Module, Strategy, completion
from earned_security.locale import words
from earned_security.publishing import edition
from earned_security.publishing.ledger import grade_name

ROLE = re.compile(r"\{(?P<name>[a-z:]+)\}`(?P<text>[^`]+)`")
DIRECTIVE = re.compile(r"^\{(?P<name>[a-z-]+)\}\s*(?P<argument>.*)$")
CODE = re.compile(r"(`+)[^`].*?\1", re.DOTALL)
NOTES = ("note", "important", "admonition", "tip", "warning", "seealso")
PIECE_CELL = 'from earned_security.interactive import {function}\n{function}("{id}")'


@dataclass
class _Writer:
    """Collects cells. A cell's id is its section's heading and its place in that section."""

    curriculum: Curriculum
    module: Module
    cells: list[Any] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    section: str = "opening"
    count: int = 0

    def identify(self, name: str = "") -> str:
        self.count += 1
        return (
            re.sub(r"[^a-z0-9]+", "-", f"{self.section}-{name or self.count}".lower())
            .strip("-")[-64:]
            .strip("-")
        )

    def flush(self) -> None:
        text = "\n\n".join(part.strip("\n") for part in self.lines if part.strip())
        self.lines = []
        if text:
            self.cells.append(new_markdown_cell(text, id=self.identify()))

    def heading(self, text: str) -> None:
        self.flush()
        self.section, self.count = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:48], 0

    def piece(self, piece_id: str) -> None:
        self.flush()
        source = PIECE_CELL.format(function="piece", id=piece_id)
        metadata = {"jupyter": {"source_hidden": True}, "tags": ["piece"]}
        self.cells.append(new_code_cell(source, metadata=metadata, id=f"piece-{piece_id}"[:64]))

    def code(self, source: str) -> None:
        self.flush()
        metadata = {"jupyter": {"source_hidden": True}, "tags": ["figure"]}
        cell = new_code_cell(source, metadata=metadata, id=self.identify("figure"))
        cell.outputs = _figure_outputs(source)
        self.cells.append(cell)


def _figure_outputs(source: str) -> list[Any]:
    """A figure is drawn beforehand, so that it is there when the notebook opens and needs no kernel."""
    called = re.search(r'\bfigure\("(?P<name>[a-z0-9-]+)"\)', source)
    if not called:
        return []
    from earned_security.interactive.figures import figure

    drawn = json.loads(figure(called["name"]).to_json())
    described = (drawn.get("layout", {}).get("meta") or {}).get("alt", called["name"])
    return [
        new_output("display_data", data={"application/vnd.plotly.v1+json": drawn, "text/plain": described})
    ]


def _claim_note(claim: Claim, curriculum: Curriculum) -> str:
    works = "; ".join(_work(key, curriculum) for key in claim.citations)
    unread = "" if claim.figures_checked else f" *{words('notebooks.unread')}*"
    sources = words("notebooks.sources", works=works)
    return f"**{grade_name(claim.grade)}**: {claim.statement}{unread} {claim.caveat} {sources}"


def _work(key: str, curriculum: Curriculum) -> str:
    reference = curriculum.references[key]
    return f"[{reference.label}]({reference.address})" if reference.address else reference.label


def _inline(text: str, curriculum: Curriculum, claims: list[Claim]) -> str:
    """Resolve the roles in a stretch of Markdown; what stands in code is left alone."""

    def role(match: re.Match[str]) -> str:
        name, content = match["name"], match["text"].strip()
        if name == "claim":
            claim = curriculum.claims[content]
            if claim not in claims:
                claims.append(claim)
            return words("notebooks.grade", grade=grade_name(claim.grade))
        if name in ("cite:p", "cite"):
            return f"({'; '.join(_work(key.strip(), curriculum) for key in content.split(','))})"
        if name == "cite:t":
            return "; ".join(_work(key.strip(), curriculum) for key in content.split(","))
        if name in ("term", "doc", "ref"):
            return content.split("<")[0].strip() or content
        raise ValueError(f"The role {{{name}}} has no form in a notebook.")

    pieces, position = [], 0
    for code in CODE.finditer(text):
        if text[: code.start()].endswith("}"):  # the backticks of a role
            continue
        pieces += [ROLE.sub(role, text[position : code.start()]), code.group()]
        position = code.end()
    return "".join([*pieces, ROLE.sub(role, text[position:])])


def _with_claims(text: str, curriculum: Curriculum) -> str:
    """A block with its roles resolved, and beneath it the claims it rests on, to be opened."""
    claims: list[Claim] = []
    resolved = _inline(text, curriculum, claims)
    if not claims:
        return resolved
    grades = words("notebooks.evidence", grades=", ".join(grade_name(claim.grade) for claim in claims))
    notes = "\n".join(f"- {_claim_note(claim, curriculum)}" for claim in claims)
    return f"{resolved}\n\n<details><summary>{grades}</summary>\n\n{notes}\n\n</details>"


def _opening(module: Module, curriculum: Curriculum) -> str:
    objectives = "\n".join(
        f"- {objective.id}: {objective.text} ({words(f'pages.opening.kinds.{objective.kind}')})"
        for objective in module.objectives
    )
    minutes = words("notebooks.minutes", minutes=module.minutes)
    parts = [minutes, words("pages.opening.objectives"), objectives]
    for name, place in (
        ("content_note", "contentNote"),
        ("way_out", "wayOut"),
        ("grounding", "grounding"),
    ):
        heading = words(f"pages.opening.{place}")
        if text := module.data.get(name):
            lines = text if isinstance(text, str) else "\n".join(f"- {entry}" for entry in text)
            parts.append(
                f"**{heading}.** {lines.strip()}" if isinstance(text, str) else f"**{heading}**\n\n{lines}"
            )
    parts.append(edition.dates(module))
    return "\n\n".join(_inline(part, curriculum, []) for part in parts)


def _strategy(strategy: Strategy, curriculum: Curriculum) -> str:
    works = "; ".join(_work(key, curriculum) for key in strategy.citations)
    grade = grade_name(strategy.evidence_grade)
    lines = {
        "when": strategy.when_to_use,
        "cautions": strategy.when_not_to_use_or_cautions,
        "lookFor": strategy.observable_marker,
        "evidence": f"{grade} ({strategy.grade_is_for}). {works}",
    }
    labelled = (f"*{words(f'notebooks.strategy.{place}')}* {text}" for place, text in lines.items())
    return "\n>\n> ".join([f"> **{strategy.name}.** {strategy.what_it_looks_like}", *labelled])


def _tokens(text: str) -> list[Token]:
    parser = MarkdownIt("commonmark").enable("table").use(colon_fence_plugin)
    return [token for token in parser.parse(text) if token.level == 0 and token.map and token.nesting >= 0]


def _directive(token: Token, writer: _Writer) -> bool:
    """Write a directive; False where the token is none."""
    if token.type not in ("fence", "colon_fence"):
        return False
    match = DIRECTIVE.match(token.info.strip())
    if not match:
        return False
    name, argument = match["name"], match["argument"].strip()
    options = re.match(r"(?:\s*:[a-z-]+:.*\n?)*", token.content)
    body = token.content[options.end() if options else 0 :]
    curriculum = writer.curriculum
    if name == "piece":
        writer.piece(argument)
    elif name == "code-cell":
        writer.code(body.strip())
    elif name == "module-opening":
        writer.lines.append(_opening(curriculum.modules[argument], curriculum))
    elif name == "strategy":
        writer.lines.append(_strategy(curriculum.strategies[argument], curriculum))
    elif name == "source-and-evidence":
        _blocks(body, writer)
    elif name == "completion-rule":
        writer.lines.append(completion.load().in_words())
    elif name == "dropdown":
        inner = _render(body, writer)
        title = html.escape(_inline(argument, curriculum, []))
        writer.lines.append(f"<details><summary>{title}</summary>\n\n{inner}\n\n</details>")
    elif name in NOTES:
        title = argument or words(f"notebooks.notes.{name}")
        quoted = "\n".join(f"> {line}".rstrip() for line in _render(body, writer).splitlines())
        writer.lines.append(f"> **{_inline(title, curriculum, [])}**\n>\n{quoted}")
    else:
        raise ValueError(f"The directive {{{name}}} has no form in a notebook.")
    return True


def _render(text: str, writer: _Writer) -> str:
    """Markdown inside a directive, resolved; pieces cannot stand there."""
    inside = _Writer(writer.curriculum, writer.module)
    _blocks(text, inside)
    return "\n\n".join(inside.lines)


def _blocks(text: str, writer: _Writer) -> None:
    lines = text.splitlines()
    for token in _tokens(text):
        if _directive(token, writer) or token.map is None:
            continue
        block = "\n".join(lines[token.map[0] : token.map[1]])
        if block.startswith(("(", "% ")) and re.fullmatch(r"\([\w-]+\)=|%.*", block.strip(), re.DOTALL):
            continue  # a target or a comment for authors
        if token.type == "heading_open":
            writer.heading(block.lstrip("# "))
        if block.strip() != "+++":
            writer.lines.append(_with_claims(block, writer.curriculum))


def render(text: str, module: Module, curriculum: Curriculum) -> Any:
    """A module's MyST text as a notebook (an nbformat 4.5 node).

    Raises:
        ValueError: a role or directive that has no form in a notebook; ``earned check`` names its line.
        KeyError: an unknown claim, reference or strategy; likewise.
    """
    body = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL)
    writer = _Writer(curriculum, module)
    _blocks(body, writer)
    writer.flush()
    metadata = {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        "language_info": {"name": "python"},
        "earned_security": {"module": module.id, "course_version": __version__},
    }
    notebook = new_notebook(cells=writer.cells, metadata=metadata)
    nbformat.validate(notebook)
    return notebook


def take_along() -> str:
    """The notebook, as text, in which a learner saves the work in the modules as a file and brings such a file in."""
    source = PIECE_CELL.format(function="piece", id="take-along")
    hidden = {"jupyter": {"source_hidden": True}, "tags": ["piece"]}
    cells = [
        new_markdown_cell(words("notebooks.takeAlong"), id="opening"),
        new_code_cell(source, metadata=hidden, id="piece-take-along"),
    ]
    metadata = {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        "language_info": {"name": "python"},
        "earned_security": {"course_version": __version__},
    }
    return str(nbformat.writes(new_notebook(cells=cells, metadata=metadata))) + "\n"


def render_all(
    folder: Path, curriculum: Curriculum, say: Callable[[str], None] = lambda _: None
) -> dict[str, str]:
    """Every module in ``folder`` as notebook text, by file name."""
    rendered = {}
    for path in sorted(folder.glob("*.md")):
        say(f"Preparing {path.stem} ...")
        module = next(m for m in curriculum.modules.values() if path.stem == f"{m.number:02}-{m.id}")
        notebook = render(path.read_text(encoding="utf-8"), module, curriculum)
        rendered[f"{path.stem}.ipynb"] = nbformat.writes(notebook) + "\n"
    return rendered
