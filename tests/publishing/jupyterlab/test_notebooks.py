"""A learner's notebook is portable: no role, no directive, stable ids, pieces as one collapsed cell."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest

from earned_security.curriculum import completion, load
from earned_security.publishing import edition
from earned_security.publishing.jupyterlab import notebooks

ROOT = Path(__file__).parents[3]
CURRICULUM = load()
MODULE = CURRICULUM.modules["building-safety-and-trust"]
HEADER = "---\nkernelspec: {name: python3}\n---\n"


def cells(text: str) -> list[nbformat.NotebookNode]:
    return list(notebooks.render(HEADER + text, MODULE, CURRICULUM).cells)


def only(text: str) -> str:
    (cell,) = cells(text)
    return str(cell.source)


def test_a_module_opens_with_its_edition_and_its_dates() -> None:
    assert only(f"```{{module-opening}} {MODULE.id}\n```\n").endswith(edition.dates(MODULE))


def test_a_claim_becomes_its_grade_and_a_note_beneath_its_paragraph() -> None:
    source = only("Empathy helps {claim}`validation-lab`, on average.\n")
    claim = CURRICULUM.claims["validation-lab"]
    assert source.startswith(
        f"Empathy helps [{claim.grade}], on average.\n\n<details><summary>Evidence: {claim.grade}"
    )
    assert claim.statement in source and claim.caveat in source


def test_a_citation_becomes_author_and_year_with_a_link() -> None:
    source = only("As found {cite:p}`shenk2011`.\n")
    assert re.fullmatch(r"As found \(\[Shenk & Fruzzetti, 2011\]\(https://doi\.org/\S+\)\)\.", source)


def test_a_term_becomes_its_words() -> None:
    assert (
        only("A {term}`rupture` and {doc}`the ledger </book/evidence-ledger>`.\n")
        == "A rupture and the ledger."
    )


def test_what_stands_in_code_is_left_alone() -> None:
    assert only("Write `` {claim}`x` `` for a claim.\n") == "Write `` {claim}`x` `` for a claim."


def test_a_piece_is_one_collapsed_cell_that_the_extension_may_run() -> None:
    before, piece, after = cells("Before.\n\n```{piece} tomasz\n```\n\nAfter.\n")
    assert (before.source, after.source) == ("Before.", "After.")
    assert piece.source == 'from earned_security.interactive import piece\npiece("tomasz")'
    assert piece.metadata.jupyter.source_hidden is True
    extension = (
        ROOT
        / "src/earned_security/publishing/jupyterlab/lab/labextensions/@earned-security/lab/static/extension.js"
    )
    pattern = re.search(r"const PIECE = /(.+)/;", extension.read_text(encoding="utf-8"))
    assert pattern and re.fullmatch(pattern[1].strip("^$"), piece.source)


@pytest.mark.parametrize("fence", ["```", ":::"])
def test_a_note_becomes_a_quotation(fence: str) -> None:
    assert only(f"{fence}{{note}} Mind this\nText.\n{fence}\n") == "> **Mind this**\n>\n> Text."


def test_the_completion_rule_stands_in_a_notebook_in_words() -> None:
    assert only("```{completion-rule}\n```\n") == completion.load().in_words()


def test_a_dropdown_becomes_details_and_resolves_its_body() -> None:
    source = only(":::{dropdown} More\nA {term}`rupture`.\n:::\n")
    assert source == "<details><summary>More</summary>\n\nA rupture.\n\n</details>"


def test_what_has_no_form_in_a_notebook_is_refused() -> None:
    with pytest.raises(ValueError, match="glossary-list"):
        cells("```{glossary-list}\n```\n")
    with pytest.raises(ValueError, match="math"):
        cells("So {math}`x`.\n")


def test_ids_are_stable_when_another_section_changes() -> None:
    one = cells("## First\n\nText.\n\n## Second\n\nText.\n\n```{piece} tomasz\n```\n\nMore.\n")
    two = cells(
        "## First\n\nText, longer.\n\n```{piece} strategy-checklist\n```\n\nNew.\n\n## Second\n\nText.\n\n```{piece} tomasz\n```\n\nMore.\n"
    )
    ids = {cell.id for cell in two}
    assert {cell.id for cell in one} <= ids and len(ids) == len(two)


def test_every_module_renders_to_a_valid_notebook_without_a_role() -> None:
    rendered = notebooks.render_all(ROOT / "notebooks", CURRICULUM)
    assert rendered
    for name, text in rendered.items():
        notebook = nbformat.reads(text, as_version=4)
        nbformat.validate(notebook)
        ids = [cell.id for cell in notebook.cells]
        assert len(set(ids)) == len(ids), name
        for cell in notebook.cells:
            assert not re.search(r"\{[a-z:-]+\}`|^[`:~]{3,}\{", cell.source, re.MULTILINE), (
                f"{name}: {cell.source}"
            )
        assert text == notebooks.render_all(ROOT / "notebooks", CURRICULUM)[name], "the same every time"
