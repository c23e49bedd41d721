"""The Sphinx extension on tiny books."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import struct
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from earned_security.assessment.rules import by_type
from earned_security.curriculum import completion, load, source
from earned_security.interactive import pieces
from earned_security.publishing import assets, extension, plotly_renderer

Book = Callable[..., Any]
CURRICULUM = load()
CLAIM = CURRICULUM.claims["safety-outranks-technique"]
UNREAD = next(claim for claim in CURRICULUM.claims.values() if not claim.figures_checked)
FROM_MEMORY = next(reference for reference in CURRICULUM.references.values() if reference.from_memory)


REFERENCES = {"book/references": "# References\n\n```{bibliography}\n:all:\n```\n"}
LEDGER = {"book/evidence-ledger": "# Ledger\n\n```{ledger}\n```\n"}
GLOSSARY = {"book/glossary": "# Glossary\n\n```{glossary-list}\n```\n"}


@pytest.fixture
def piece(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A stand-in piece ``a-piece``."""
    content = {"id": "a-piece", "kind": "case", "title": "A <piece>", "text": "</script>"}
    monkeypatch.setattr(pieces, "piece_ids", lambda: {"a-piece": "case"})
    monkeypatch.setattr(pieces, "content", lambda piece_id: content)
    return content


def test_the_completion_rule_is_a_list_of_its_three_parts(tiny_book: Book) -> None:
    built = tiny_book({"page": "# Page\n\n```{completion-rule}\n```\n"})
    assert built.warnings == []
    (listed,) = re.findall(r"<ul[^>]*>\s*<li><p><strong>The knowledge test.*?</ul>", built.page(), re.DOTALL)
    said = " ".join(re.sub(r"<[^>]+>", "", listed).replace("’", "'").split())
    assert said == " ".join(completion.load().in_words().replace("**", "").replace("- ", "").split())


def test_a_claim_is_a_button_with_one_card_however_often_it_is_named(tiny_book: Book) -> None:
    built = tiny_book(
        REFERENCES | {"page": f"# Page\n\nOne {{claim}}`{CLAIM.id}`, two {{claim}}`{CLAIM.id}`.\n"}
    )
    html = built.page()
    assert built.warnings == []
    buttons = re.findall(r"<button[^>]*popovertarget=\"([^\"]+)\"[^>]*aria-label=\"([^\"]+)\"", html)
    assert buttons == [(f"card-{CLAIM.id}", "Evidence: clinical consensus. Open the claim")] * 2
    (card,) = re.findall(rf'<div popover id="card-{CLAIM.id}".*?</div>', html, re.DOTALL)
    assert CLAIM.statement in card and CLAIM.caveat in card
    for key in CLAIM.citations:
        assert f'href="book/references.html#{key}"' in card


def test_with_a_ledger_the_page_has_short_cards_and_the_whole_ones_are_a_file(tiny_book: Book) -> None:
    pages = {
        "section/page": f"# Page\n\n{{claim}}`{CLAIM.id}` {{claim}}`{UNREAD.id}`\n",
        **LEDGER,
        **REFERENCES,
    }
    built = tiny_book(pages)
    html = built.page("section/page")
    short = dict(re.findall(r'<div popover id="card-([^"]+)"(.*?)</div>', html, re.DOTALL))
    assert set(short) == {CLAIM.id, UNREAD.id}
    for claim in (CLAIM, UNREAD):
        assert f'href="../book/evidence-ledger.html#claim-{claim.id}"' in short[claim.id]
        assert claim.statement not in html
    (source,) = re.findall(r'class="es-cards" data-source="([^"?]+)\?v=[0-9a-f]{10}"', html)
    assert source == "section-page.html" and "/cards.js" in html
    (file,) = built.folder.rglob(f"cards/{source}")
    whole = dict(re.findall(r'<div popover id="card-([^"]+)"(.*?)</div>', file.read_text("utf-8"), re.DOTALL))
    assert set(whole) == set(short)
    assert (
        CLAIM.caveat in whole[CLAIM.id]
        and f'href="../book/references.html#{CLAIM.citations[0]}"' in whole[CLAIM.id]
    )
    assert "Numbers to be re-read at source" in whole[UNREAD.id]
    assert f'id="claim-{CLAIM.id}"' in built.page("book/evidence-ledger")


def test_unchecked_numbers_never_stand_without_their_mark(tiny_book: Book) -> None:
    html = tiny_book({"page": f"# Page\n\n{{claim}}`{UNREAD.id}` {{claim}}`{CLAIM.id}`\n"}).page()
    cards = dict(re.findall(r'id="card-([^"]+)"(.*?)</div>', html, re.DOTALL))
    assert "Numbers to be re-read at source" in cards[UNREAD.id]
    assert "Numbers to be re-read at source" not in cards[CLAIM.id]


def test_the_ledger_lists_every_claim_with_counts(tiny_book: Book) -> None:
    html = tiny_book(LEDGER).page("book/evidence-ledger")
    assert set(re.findall(r'<li id="claim-([^"]+)"', html)) == set(CURRICULUM.claims)
    strong = sum(claim.grade == "strong" for claim in CURRICULUM.claims.values())
    assert f'<option value="strong">strong ({strong})</option>' in html
    assert "ledger.js" in html


def test_unknown_names_are_warnings_with_file_and_line(tiny_book: Book, piece: dict[str, Any]) -> None:
    text = (
        "# Page\n\n{claim}`no-claim`\n\n{cite:p}`nobody2000`\n\n```{piece} no-piece\n```\n\n"
        "```{strategy} no-strategy\n```\n\n```{module-opening} no-module\n```\n\n{term}`no term`\n"
    )
    warnings = tiny_book({"page": text}).warnings
    for line, name in [
        (3, "no-claim"),
        (7, "no-piece"),
        (10, "no-strategy"),
        (13, "no-module"),
        (16, "no term"),
    ]:
        assert any(f"page.md:{line}: WARNING" in warning and name in warning for warning in warnings), (
            warnings
        )
    assert any("nobody2000" in warning for warning in warnings)


def test_a_piece_is_a_place_in_the_page_and_a_file_beside_its_script(
    tiny_book: Book, piece: dict[str, Any]
) -> None:
    built = tiny_book({"page": "# Page\n\n```{piece} a-piece\n```\n", "other": "# Other\n"})
    html = built.page()
    name = re.search(r'<div class="es-host" id="piece-a-piece" data-content="([^"?]+)\?v=\w+"[^>]*>', html)
    assert name and "<noscript><p><strong>A &lt;piece&gt;</strong>" in html
    folder = assets.folder(built.folder)
    assert json.loads((folder / "content" / name[1]).read_text(encoding="utf-8")) == piece
    assert f'<script type="module" src="_static/{folder.name}/host.js' in html
    assert "host.js" not in built.page("other")


def test_every_file_that_a_script_imports_is_there(tiny_book: Book) -> None:
    folder = assets.folder(tiny_book({"page": "# Page\n"}).folder)
    for script in folder.rglob("*.js"):
        for imported in re.findall(
            r"""\bfrom\s+"(\.[^"]+)";?$""", script.read_text(encoding="utf-8"), re.MULTILINE
        ):
            assert (script.parent / imported).resolve().is_file(), f"{script.name} imports {imported}"


def test_a_reference_from_memory_is_marked_and_notes_are_not_printed(tiny_book: Book) -> None:
    html = tiny_book(REFERENCES).page("book/references")
    entry = re.search(rf'<li id="{FROM_MEMORY.key}">.*?</li>', html, re.DOTALL)
    assert entry and "Reference from memory, not yet checked." in entry[0]
    marked = html.count("Reference from memory, not yet checked.")
    assert marked == sum(reference.from_memory for reference in CURRICULUM.references.values())
    assert "checknote" not in html and "verified:" not in html


def test_a_citation_gives_author_and_year(tiny_book: Book) -> None:
    html = re.sub(
        r"<[^>]+>", "", tiny_book({"page": "# Page\n\nSo {cite:p}`shenk2011,steele2017`.\n"}).page()
    )
    assert "So (Shenk and Fruzzetti, 2011; Steele et al., 2017)." in html


def test_a_term_leads_to_its_definition(tiny_book: Book) -> None:
    term = next(iter(CURRICULUM.glossary.values()))
    pages = {
        "page": f"# Page\n\n{{term}}`{term.term}`\n",
        "book/glossary": "# Glossary\n\n```{glossary-list}\n```\n",
    }
    built = tiny_book(pages)
    assert built.warnings == []
    link = re.search(r'href="(book/glossary.html#(term-[^"]+))"', built.page())
    assert link and f'id="{link[2]}"' in built.page("book/glossary")


def test_a_module_opens_with_minutes_objectives_and_a_way_out(tiny_book: Book) -> None:
    module = next(iter(CURRICULUM.modules.values()))
    html = tiny_book({"page": f"# Page\n\n```{{module-opening}} {module.id}\nA word more.\n```\n"}).page()
    assert f"{module.minutes} minutes" in html and "A word more." in html
    assert all(objective.id in html for objective in module.objectives)
    assert 'href="book/crisis-and-grounding.html"' in html


def test_a_strategy_is_shown_with_all_its_fields(tiny_book: Book) -> None:
    strategy = next(iter(CURRICULUM.strategies.values()))
    built = tiny_book({"page": f"# Page\n\n```{{strategy}} {strategy.id}\n```\n"}, builder="text")
    text = " ".join(built.page().split())
    for field in (
        strategy.what_it_looks_like,
        strategy.when_to_use,
        strategy.observable_marker,
        strategy.grade_is_for,
    ):
        assert " ".join(field.split()) in text
    assert built.warnings == []


@pytest.mark.parametrize("builder", ["text", "latex"])
def test_other_formats_get_words(tiny_book: Book, piece: dict[str, Any], builder: str) -> None:
    pages = {
        "index": f"# Page\n\nSo {{claim}}`{CLAIM.id}`.\n\n```{{piece}} a-piece\n```\n\n```{{stored}}\n```\n\n"
        "```{ledger}\n```\n\n```{source-coverage}\n```\n\n```{marking-rules}\n```\n\n```{crisis-routes}\n```\n\n```{toctree}\nbook/references\n"
        "book/crisis-and-grounding\n```\n"
    }
    built = tiny_book(pages, builder=builder)
    text = "\n".join(path.read_text(encoding="utf-8") for path in built.folder.glob("*.t*"))
    assert "evidence: clinical consensus" in text and "an interactive part of the book" in text
    assert "<button" not in text and "popover" not in text
    assert " ".join(by_type()["order"].share.split()[:6]) in " ".join(text.split())
    assert " ".join(CLAIM.statement.split()[:4]) in " ".join(text.split())


def test_the_footer_says_what_this_is_not_and_leads_out(
    tiny_book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    contexts: list[dict[str, Any]] = []
    original = extension._complete_page

    def spy(app: Any, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
        original(app, page, template, context, doctree)
        contexts.append(context)

    monkeypatch.setattr(extension, "_complete_page", spy)
    tiny_book({"deep/page": "---\norphan: true\n---\n# Page\n"})
    footer = next(context["theme_extra_footer"] for context in contexts if context["pagename"] == "deep/page")
    assert "not supervision" in footer and 'href="../book/crisis-and-grounding.html"' in footer


def test_a_page_is_read_again_when_the_curriculum_changes(
    tiny_book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    shutil.copytree(source.DATA, data)
    monkeypatch.setattr(source, "DATA", data)
    page = tiny_book({"page": "# Page\n"}).folder / "page.html"
    before = page.stat().st_mtime_ns
    tiny_book({"page": "# Page\n"})
    assert page.stat().st_mtime_ns == before
    later = time.time_ns() + 1_000_000_000
    os.utime(data / "claims.yaml", ns=(later, later))
    tiny_book({"page": "# Page\n"})
    assert page.stat().st_mtime_ns > before


def test_a_script_from_another_host_is_taken_out_and_warned_of() -> None:
    class Asset:
        filename = "https://example.org/script.js"

    class Local:
        filename = "_static/copybutton.js"

    class Own:
        filename = "_static/own.js"

    kept = Own()
    context: dict[str, Any] = {"script_files": [Asset(), Local(), kept], "css_files": []}
    assets.refuse(None, "page", "page.html", context, None)
    assert context["script_files"] == [kept]


FIGURE = """---
file_format: mystnb
kernelspec: {name: python3}
---
# Page

```{code-cell} python
from plotly.graph_objects import Figure
drawn = Figure(data=[{"type": "scatter", "name": "trust", "x": [0, 1, 2], "y": [1, 2.5, 4]}])
drawn.update_layout(meta={"alt": 'Trust "rises".'})
drawn
```
"""


def test_a_figure_is_described_and_its_numbers_are_a_table(tiny_book: Book) -> None:
    built = tiny_book({"page": FIGURE}, notebooks=True)
    html = built.page()
    assert [said for said in built.warnings if "WARNING: " in said] == []
    assert 'role="img" aria-label="Trust &quot;rises&quot;."' in html
    assert "<caption>trust</caption>" in html and "<td>2.5</td>" in html
    assert "figure.js" in html and "require" not in html and "cdn" not in html
    undescribed = FIGURE.replace("meta={", "title={").replace('"alt"', '"text"')
    warnings = tiny_book({"page": undescribed}, notebooks=True).warnings
    found = re.search(r"page\.md:(\d+): WARNING: This figure has no description", "\n".join(warnings))
    assert found and 7 <= int(found[1]) <= 11


@pytest.mark.parametrize("count", [1, 40, 41, 1000])
def test_a_long_table_is_thinned_and_keeps_its_ends(count: int) -> None:
    figure = {"data": [{"x": list(range(count)), "y": [0.5] * count}]}
    rows = [int(x) for x in re.findall(r"<tr><td>(\d+)</td>", plotly_renderer.tables(figure))]
    assert rows[0] == 0 and rows[-1] == count - 1 and len(rows) <= 42


def test_numbers_that_plotly_packed_are_unpacked() -> None:
    packed = base64.b64encode(struct.pack("<3d", 1.0, 2.5, -4.0)).decode()
    assert plotly_renderer.values({"dtype": "f8", "bdata": packed}) == [1.0, 2.5, -4.0]
