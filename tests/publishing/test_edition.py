"""How the course and its pages are cited, and the dates that stand on a module."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pybtex.database import parse_string

from earned_security import __version__
from earned_security.curriculum import load
from earned_security.publishing import edition

ROOT = Path(__file__).parents[2]
BOOK = edition.Edition("A course", ("Ada Low", "A group"), ("Low, Ada", "{A group}"), "1.2", "2027-03-04")


def test_the_citation_file_is_of_this_version() -> None:
    read = edition.read(ROOT)
    assert read is not None
    assert read.version == __version__
    assert read.title.startswith("Earned Security") and read.authors == ("The Earned Security authors",)


def test_people_and_groups_are_named_as_each_format_wants_it(tmp_path: Path) -> None:
    (tmp_path / edition.CITATION).write_text(
        "title: A course\nversion: 1.2\ndate-released: '2027-03-04'\nauthors:\n"
        "  - {given-names: Ada, name-particle: van, family-names: Low}\n  - {name: A group}\n",
        encoding="utf-8",
    )
    read = edition.read(tmp_path)
    assert read is not None
    assert read.authors == ("Ada van Low", "A group") and read.names == ("van Low, Ada", "{A group}")
    assert edition.read(tmp_path / "elsewhere") is None


def test_a_page_is_cited_within_the_course_and_the_course_as_itself() -> None:
    assert BOOK.plain("A page", "https://example.org/a.html") == (
        "Ada Low; A group (2027). A page. In: A course (version 1.2). https://example.org/a.html"
    )
    assert BOOK.plain("A course", None) == "Ada Low; A group (2027). A course (version 1.2)."


@given(st.text(alphabet="ab &%#_$“”é?", min_size=1).filter(str.strip), st.booleans())
def test_reference_managers_can_read_it(title: str, known: bool) -> None:
    address = "https://example.org/a.html" if known else None
    ((key, entry),) = parse_string(BOOK.bibtex("book/a-page", title, address), "bibtex").entries.items()
    assert key == "earned-security-a-page"
    assert entry.fields["booktitle"] == "A course" and entry.fields["year"] == "2027"
    assert entry.fields.get("url") == address
    assert [" ".join(person.last_names) for person in entry.persons["author"]] == ["Low", "{A group}"]
    assert " ".join(entry.fields["title"].replace("\\", "").split()) == " ".join(title.split())


def test_the_foot_of_a_page_has_both_folded_and_harmless() -> None:
    html = BOOK.html("page", "<script>", None)
    assert html.startswith("<details") and "<details open" not in html
    assert "<script>" not in html and "@incollection{" in html


@pytest.mark.parametrize(
    ("day", "words"), [("2026-11-02", "2 November 2026"), ("2027-01-31", "31 January 2027")]
)
def test_a_date_in_words(day: str, words: str) -> None:
    assert edition.in_words(day) == words


def test_every_module_has_its_edition_and_both_dates() -> None:
    for module in load().modules.values():
        said = edition.dates(module)
        assert __version__ in said
        assert edition.in_words(module.data["written"]) in said
        assert edition.in_words(module.data["review_due"]) in said
