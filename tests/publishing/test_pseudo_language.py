"""A second language, made by machine: every directive and kind of piece in it, and no English word of the interface."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import asdict
from html import unescape
from pathlib import Path
from typing import Any

import nbformat
import pseudo
import pytest
from playwright.sync_api import expect

from earned_security import locale
from earned_security.curriculum import load, source
from earned_security.interactive import pieces
from earned_security.publishing import directives, supervision
from earned_security.publishing.jupyterlab import learner, notebooks
from earned_security.publishing.printing import documents
from earned_security.publishing.printing import pieces as paper
from earned_security.publishing.site import browsing

CURRICULUM = load()
MODULE = next(iter(CURRICULUM.modules.values()))
STRATEGY = next(iter(CURRICULUM.strategies))
CLAIM = next(claim.id for claim in CURRICULUM.claims.values() if not claim.figures_checked)
KINDS = [kind for kind in pieces.KINDS if kind != "take-along"]  # that one needs a kernel


def shown_pieces() -> list[str]:
    """One piece of each kind, and a self-check of each type."""
    found = {kind: pieces.KINDS[kind].ids()[0] for kind in KINDS}
    for name in pieces.KINDS["self-check"].ids():
        found.setdefault(pieces.content(name)["type"], name)
    return list(dict.fromkeys(found.values()))


PIECES = shown_pieces()
HEADING = pseudo.text("A page")
ARGUMENTS = {"module-opening": MODULE.id, "piece": PIECES[0], "strategy": STRATEGY}
PAGES = {
    "page": f"# {HEADING}\n\n{{claim}}`{CLAIM}`\n\n"
    + "".join(
        f"```{{{name}}} {ARGUMENTS.get(name, '')}\n```\n\n"
        for name in {**directives.DIRECTIVES, **supervision.DIRECTIVES}
        if name not in ("glossary-list", "source-and-evidence")
    ),
    "book/glossary": f"# {HEADING}\n\n```{{glossary-list}}\n```\n",
    "book/references": f"# {HEADING}\n\n```{{bibliography}}\n:all:\n```\n",
    **{f"piece-{name}": f"# {HEADING}\n\n```{{piece}} {name}\n```\n" for name in PIECES},
}

# The theme's frame leaves a narrow screen no room; the piece is to fit, not the frame.
BARE = """.sphinxsidebar, .related, .footer { display: none }
div.document, div.documentwrapper, div.bodywrapper, div.body { all: unset !important; display: block !important }"""


@pytest.fixture
def second_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The pseudo-language as an institution would add one, and in force."""
    pseudo.write(tmp_path / "own")
    monkeypatch.setenv("EARNED_SECURITY_LOCAL", str(tmp_path / "own"))
    monkeypatch.setenv(locale.LANGUAGE, pseudo.NAME)
    yield pseudo.NAME


@pytest.fixture
def known() -> set[str]:
    """What comes from the curriculum."""
    everything = [source.read(name) for name in ("crisis-routes", "source-map", "completion", "claims")]
    for name in (*source.names("modules"), *source.names("deliberate-practice")):
        everything.append(source.read(name))
    records = [*CURRICULUM.claims.values(), *CURRICULUM.strategies.values(), *CURRICULUM.glossary.values()]
    works = [reference.label for reference in CURRICULUM.references.values()]
    for strategy in CURRICULUM.strategies.values():
        works += [". ".join(strategy.typical_errors), ", ".join(strategy.fits_client_patterns)]
    works += [
        f"{entry.id}: {entry.text}" for module in CURRICULUM.modules.values() for entry in module.objectives
    ]
    contents = [pieces.content(name) for name in PIECES]
    return pseudo.corpus(everything, [asdict(record) for record in records], works, contents)


def texts(html: str) -> list[str]:
    """What a page of text holds, its labels too; without its list of references, which is not the course's wording."""
    body = re.sub(
        r"(?s)^.*?<body|<(script|style)\b.*?</\1>|<a class=\"headerlink.*?</a>|<ul class=\"es-ref.*?</ul>",
        "",
        html,
    )
    body = re.sub(r'(?s)<a class="reference internal" href="[^"]*references.html#[^"]*">.*?</a>', "", body)
    labels = re.findall(r'(?:aria-label|alt|title|placeholder)="([^"]*)"', body)
    body = re.sub(r"</?(a|b|code|em|i|small|span|strong)\b[^>]*>", pseudo.JOINT, body)
    return [unescape(text).strip() for text in (*labels, *re.findall(r">([^<]+)<", body)) if text.strip()]


def main_part(html: str) -> str:
    """A page without what its theme says around it."""
    (part,) = re.findall(r'(?s)<div class="body" role="main">(.*?)<div class="sphinxsidebar"', html)
    return f"<body>{part}"


def test_the_book_in_a_second_language(
    tiny_book: Callable[..., Any], second_language: str, known: set[str], chromium: Any
) -> None:
    built = tiny_book(PAGES, language=second_language)
    assert [line for line in built.warnings if "language" in line or "locale" in line] == []
    for name in ("page", "book/glossary"):
        html = built.page(name)
        assert re.search(r'<html[^>]* lang="en-XA"', html)
        assert html.count("⟦") > 10
        assert pseudo.english_words(texts(main_part(html)), known) == [], name
    server = browsing.Server(built.folder)
    context = chromium.new_context(viewport={"width": 320, "height": 800})
    for name in ("page", *(f"piece-{piece}" for piece in PIECES)):
        page = context.new_page()
        page.goto(f"{server.site}{name}.html")
        page.add_style_tag(content=BARE)
        for host in page.locator(".es-host").all():
            host.scroll_into_view_if_needed()
            expect(host).to_have_attribute("data-started", "yes")
        used = page.evaluate(pseudo.USE, ".es-host, .es-ledger, .es-stored, .es-where, .es-offline")
        assert sum("⟦" in text for text in used["shown"]) > 5, name
        assert pseudo.english_words(used["shown"], known) == [], name
        assert used["over"] <= 1, f"{name} is wider than a screen of 320 pixels"
        page.close()
    context.close()
    server.stop()


def test_a_learners_folder_in_a_second_language(second_language: str, known: set[str]) -> None:
    text = (
        f"# {HEADING}\n\n```{{module-opening}} {MODULE.id}\n```\n\n```{{strategy}} {STRATEGY}\n```\n\n"
        f"{HEADING} {{claim}}`{CLAIM}`\n\n```{{note}}\n{HEADING}\n```\n\n```{{completion-rule}}\n```\n"
    )
    notebook = notebooks.render(text, MODULE, CURRICULUM)
    taken = nbformat.reads(notebooks.take_along(), as_version=4)
    written = [cell.source for cell in (*notebook.cells, *taken.cells) if cell.cell_type == "markdown"]
    written += [learner.welcome({}, {}, book) for book in ("http://localhost:8888/book/", None)]
    lines = [
        re.sub(r"\]\([^)]*\)|[*>\[\]]|<[^>]+>", pseudo.JOINT, line)
        for text in written
        for line in text.split("\n")
    ]
    assert sum("⟦" in line for line in lines) > 40
    assert pseudo.english_words(lines, known) == []


@pytest.mark.parametrize("name", PIECES)
def test_paper_in_a_second_language(name: str, second_language: str, known: set[str]) -> None:
    place = paper.Place(HEADING, None, "pictures", lambda claim: None)
    body, answers = paper.on_paper(pieces.content(name), place)
    assert pseudo.english_words(texts(f"<body>{body}{answers}"), known) == []
    assert "⟦" in body + answers


def test_a_printed_document_names_its_language(second_language: str) -> None:
    assert '<html lang="en-XA">' in documents.checklist("⟦Course⟧", CURRICULUM.strategies.values())


def test_a_language_without_a_folder_is_warned_of_and_english(tiny_book: Callable[..., Any]) -> None:
    built = tiny_book({"page": f"# Page\n\n{{claim}}`{CLAIM}`\n"}, language="fr")
    (warning,) = [line for line in built.warnings if "locale/" in line]
    assert "There is no folder locale/fr, so the words of the interface are English." in warning
    assert "Open the claim" in built.page()
