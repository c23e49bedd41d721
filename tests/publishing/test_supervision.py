"""The guide for supervisors: every strategy by its marker, every module by what is practised and observed."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from earned_security.curriculum import load, source
from earned_security.publishing import ledger, supervision

ROOT = Path(__file__).parents[2]
CURRICULUM = load()
Book = Callable[..., Any]

PAGE = (
    "# Page\n\n## Markers\n\n```{observable-markers}\n```\n\n## Modules\n\n```{supervision-by-module}\n```\n"
)


def plain(html: str) -> str:
    """The text of a page, on one line, with quotation marks and dots as in the data."""
    text = " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())
    return text.translate({ord("“"): '"', ord("”"): '"', ord("‘"): "'", ord("’"): "'", ord("…"): "..."})


@pytest.fixture
def guide(tiny_book: Book) -> str:
    built = tiny_book({"page": PAGE})
    assert built.warnings == []
    return str(built.page())


def test_every_strategy_stands_in_its_group_with_marker_errors_cautions_and_grade(guide: str) -> None:
    groups = list(dict.fromkeys(strategy.group for strategy in CURRICULUM.strategies.values()))
    assert re.findall(r"<h3>(\d [^<]+)<", guide) == groups
    entries = re.findall(r'<dt id="([^"]+)">(.*?)</dt>\s*<dd>(.*?)</dd>', guide, re.DOTALL)
    for (place, term, text), strategy in zip(entries, CURRICULUM.strategies.values(), strict=True):
        assert place == f"strategy-{strategy.id}"
        assert plain(term) == f"{strategy.name} evidence: {ledger.grade_name(strategy.evidence_grade)}"
        said = plain(text)
        for part in (
            strategy.observable_marker,
            strategy.what_it_looks_like,
            *strategy.typical_errors,
            strategy.when_not_to_use_or_cautions,
            strategy.grade_is_for,
        ):
            assert " ".join(part.split()) in said
        assert said.index(strategy.observable_marker) < said.index(strategy.what_it_looks_like)


def test_every_module_has_its_skill_its_criteria_and_its_observed_tasks(guide: str) -> None:
    said = plain(guide)
    for module in CURRICULUM.modules.values():
        assert f"Module {module.number}: {module.title}" in said
        first = source.read(f"deliberate-practice/{module.number:02}-{module.id}")[0]
        assert first["skill"] in said
        assert all(criterion in said for criterion in first["criteria"])
        for objective in module.objectives:
            stands = f"{objective.id}: {' '.join(objective.text.split())}" in said
            assert stands == (objective.kind == "performance"), objective.id


def test_a_module_that_is_in_the_book_is_linked_at_its_page_for_supervision(tiny_book: Book) -> None:
    name = "02-attachment-in-adults"
    built = tiny_book(
        {"book/page": PAGE, f"notebooks/{name}": "# Two\n\n## Hand-over page for supervision\n"}
    )
    page = built.page("book/page")
    assert re.findall(r'href="([^"]+#hand-over[^"]*)"', page) == [
        f"../notebooks/{name}.html#{supervision.HAND_OVER}"
    ]
    assert f'id="{supervision.HAND_OVER}"' in built.page(f"notebooks/{name}")


def test_every_module_has_the_page_that_the_guide_links_to() -> None:
    for path in sorted((ROOT / "notebooks").glob("*.md")):
        headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
        places = [re.sub(r"[^a-z0-9]+", "-", heading.lower()) for heading in headings]
        assert places.count(supervision.HAND_OVER) == 1, path.name


def test_the_page_of_the_guide_builds_without_a_warning(tiny_book: Book) -> None:
    text = (ROOT / "book" / "for-supervisors.md").read_text(encoding="utf-8")
    others = ("strategy-checklist", "how-marking-works", "for-instructors")
    pages = {f"book/{name}": f"# {name}\n" for name in others}
    references = "# References\n\n```{bibliography}\n:all:\n```\n"
    built = tiny_book({**pages, "book/references": references, "book/for-supervisors": text})
    assert built.warnings == []
    said = plain(built.page("book/for-supervisors"))
    assert "not a validated rating scale" in said and "has not been tested" in said


def test_the_link_follows_the_builder(tiny_book: Book) -> None:
    name = "02-attachment-in-adults"
    pages = {"book/page": PAGE, f"notebooks/{name}": "# Two\n\n## Hand-over page for supervision\n"}
    tiny_book(pages)  # an EPUB made after the site reads nothing again
    built = tiny_book(pages, builder="epub")
    page = (built.folder / "book/page.xhtml").read_text(encoding="utf-8")
    assert f'href="../notebooks/{name}.xhtml#{supervision.HAND_OVER}"' in page
