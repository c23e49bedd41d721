"""A published address stays, or leads on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pseudo
import pytest
from hypothesis import given
from hypothesis import strategies as st

from earned_security import locale
from earned_security.curriculum import ContentError, load
from earned_security.publishing.site import addresses, built_pages

Book = Callable[..., Any]
ROOT = Path(__file__).parents[3]
GLOSSARY = {"book/glossary": "# Glossary\n\nWords.\n\n```{glossary-list}\n```\n"}


def _problems(root: Path, folder: Path) -> list[str]:
    return [str(problem) for problem in addresses.problems(root, folder, built_pages.read(folder))]


def _found(folder: Path) -> set[str]:
    return addresses.found(folder, built_pages.read(folder))


def test_pages_terms_and_places_that_pages_lead_to_are_listed(tiny_book: Book, tmp_path: Path) -> None:
    pages = {
        **GLOSSARY,
        "index": "# Start\n\n```{toctree}\n:glob:\n:maxdepth: 1\n\n*\nbook/*\n```\n",
        "page": "# A page\n\nSee {ref}`there <a-label>`.\n",
        "other": "# Other\n\n(a-label)=\n## Linked to\n\nText.\n\n## Not linked to\n\nText.\n",
        "book/references": "# References\n\nWorks.\n\n```{bibliography}\n:all:\n```\n",
        "book/evidence-ledger": "# Ledger\n\n```{ledger}\n```\n",
    }
    built = tiny_book(pages)
    curriculum = load()
    found = _found(built.folder)
    assert {"page.html", "other.html", "book/glossary.html", "other.html#a-label"} <= found
    assert not any(address.endswith("not-linked-to") for address in found)
    assert {f"book/evidence-ledger.html#claim-{claim}" for claim in curriculum.claims} <= found
    assert {f"book/references.html#{key}" for key in curriculum.references} <= found
    terms = [address for address in found if address.startswith("book/glossary.html#term-")]
    assert len(terms) == len(curriculum.glossary)
    assert addresses.record(tmp_path / "source", built.folder) == len(found)
    assert addresses.record(tmp_path / "source", built.folder) == 0
    assert _problems(tmp_path / "source", built.folder) == []


def test_what_is_new_is_asked_for_and_what_vanished_is_named_with_its_line(
    tiny_book: Book, tmp_path: Path
) -> None:
    source = tmp_path / "source"
    built = tiny_book({"page": "# A page\n", "old": "# Old\n"})
    (problem,) = _problems(source, built.folder)
    assert "are not on this list" in problem and "--record" in problem
    addresses.record(source, built.folder)
    (source / "old.md").unlink()
    (built.folder / "old.html").unlink()
    line = (source / addresses.LIST).read_text(encoding="utf-8").splitlines().index("old.html") + 1
    (problem,) = _problems(source, built.folder)
    assert problem.startswith(f"{source / addresses.LIST}:{line}: old.html was published and is gone")
    assert addresses.record(source, built.folder) == 0
    assert "old.html" in addresses.listed(source), "recording took a promise back"


def test_an_old_page_and_an_old_place_lead_on(tiny_book: Book, tmp_path: Path) -> None:
    source = tmp_path / "source"
    built = tiny_book({**GLOSSARY, "page": "# A page\n", "book/other": "# Other\n"})
    addresses.record(source, built.folder)
    listed = source / addresses.LIST
    old = [
        "book/gone.html",
        "book/glossary.html#term-gone",
        "book/glossary.html#term-moved",
        "book/gone.html#place",
    ]
    listed.write_text(
        listed.read_text(encoding="utf-8") + "".join(f"{name}\n" for name in old), encoding="utf-8"
    )
    assert len(_problems(source, built.folder)) == len(old)
    (source / addresses.REDIRECTS).write_text(
        "book/gone.html: book/glossary.html\n"
        "book/gone.html#place: book/glossary.html#term-rupture\n"
        "book/glossary.html#term-gone: book/glossary.html#term-rupture\n"
        "book/glossary.html#term-moved: page.html#piece\n",
        encoding="utf-8",
    )
    pages = {**GLOSSARY, "page": '# A page\n\n<p id="piece">a</p>\n', "book/other": "# Other\n"}
    for _ in range(2):  # and again when nothing has changed
        built = tiny_book(pages)
        addresses.record(source, built.folder)
        assert _problems(source, built.folder) == []
        html = built.page("book/glossary")
        for place in ("term-gone", "term-moved", "place"):
            assert html.count(f'id="{place}"') == 1
        assert html.index('id="term-gone"') < html.index('id="term-rupture"')
    redirect = (built.folder / "book/gone.html").read_text(encoding="utf-8")
    assert 'location.replace("glossary.html"' in redirect and "'sha256-" in redirect


def test_what_has_moved_says_so_in_the_books_language(
    tiny_book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pseudo.write(tmp_path / "own")
    monkeypatch.setenv("EARNED_SECURITY_LOCAL", str(tmp_path / "own"))
    monkeypatch.setenv(locale.LANGUAGE, pseudo.NAME)
    redirects = tmp_path / "source" / addresses.REDIRECTS
    redirects.parent.mkdir(parents=True)
    redirects.write_text("book/gone.html: page.html\npage.html#old: other.html#new\n", encoding="utf-8")
    pages = {"page": "# A page\n", "other": "# Other\n"}
    built = tiny_book(pages, language=pseudo.NAME)
    gone = (built.folder / "book/gone.html").read_text(encoding="utf-8")
    assert '<html lang="en-XA">' in gone and "⟦" in gone and "has moved" not in gone + built.page()


def test_a_redirect_that_leads_nowhere_is_named(tiny_book: Book, tmp_path: Path) -> None:
    source = tmp_path / "source"
    built = tiny_book({"page": "# A page\n"})
    addresses.record(source, built.folder)
    (source / addresses.REDIRECTS).write_text("# Moved\na.html: b.html\n", encoding="utf-8")
    (problem,) = _problems(source, built.folder)
    assert problem == f"{source / addresses.REDIRECTS}:2: a.html leads to b.html, which is not there."


def test_a_page_that_was_taken_out_is_not_left_from_an_earlier_build(tiny_book: Book, tmp_path: Path) -> None:
    source = tmp_path / "source"
    built = tiny_book({"book/old": "# Old\n", "book/kept": "# Kept\n"})
    addresses.record(source, built.folder)
    (source / "book/old.md").unlink()
    built = tiny_book({"book/kept": "# Kept\n"})
    (problem,) = _problems(source, built.folder)
    assert "book/old.html was published and is gone" in problem


NAMES = st.sampled_from(["a.html", "b.html", "a.html#x", "b.html#y"])


@given(NAMES, st.dictionaries(NAMES, NAMES))
def test_following_always_ends(address: str, moved: dict[str, str]) -> None:
    end = addresses.followed(address, moved)
    if not moved:
        assert end == address


@pytest.mark.parametrize(
    ("text", "line"),
    [("- book/a.html\n", 1), ("book/a.html: book/b.html\nbook/c.html: 3\n", 2), ("a: [\n", 2)],
)
def test_a_list_of_redirects_with_a_mistake_names_its_line(tmp_path: Path, text: str, line: int) -> None:
    path = tmp_path / addresses.REDIRECTS
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    assert [(problem.file, problem.line) for problem in addresses.redirect_problems(tmp_path)] == [
        (path, line)
    ]
    with pytest.raises(ContentError):
        addresses.redirects(tmp_path)


def test_the_courses_own_list_and_redirects_can_be_read() -> None:
    assert "book/index.html" in addresses.listed(ROOT)
    assert addresses.redirects(ROOT) is not None
