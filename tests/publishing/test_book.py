from __future__ import annotations

import os
from pathlib import Path

import pytest

from earned_security.publishing import book


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A book of one page, with no extension of ours."""
    (tmp_path / "_config.yml").write_text("title: Tiny\nonly_build_toc_files: true\n", encoding="utf-8")
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: page\n", encoding="utf-8")
    (tmp_path / "page.md").write_text("# Page\n", encoding="utf-8")
    return tmp_path


def test_a_build_that_hangs_fails(
    root: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(book, "TIME_LIMIT", 0.2)
    assert book.build(root) == 1
    assert "not built within" in capfd.readouterr().err


@pytest.mark.slow
def test_a_warning_fails_the_build_and_fails_it_again(root: Path) -> None:
    assert not book.is_current(root)
    assert book.build(root) == 0
    assert (book.built(root) / "index.html").exists()
    assert book.is_current(root)
    (root / "page.md").write_text("# Page\n\n{doc}`nowhere`\n", encoding="utf-8")
    assert book.build(root) == 1
    assert not book.is_current(root), "a build that failed has been taken for a book"
    assert book.build(root) == 1, "the second build passed over the warning of the first"
    (root / "page.md").write_text("# Page\n\nMended.\n", encoding="utf-8")
    assert book.build(root) == 0


@pytest.mark.parametrize("name", ["_toc.yml", "book/page.md", "src/earned_security/locale/en/pages.yaml"])
def test_a_book_is_current_until_something_it_is_made_of_is_newer(root: Path, name: str) -> None:
    changed, page = root / name, book.built(root) / "index.html"
    made = book._made(root / "_build", "html")
    for path in (changed, page, made):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("format: jb-book\nroot: page\n", encoding="utf-8")
    built = made.stat().st_mtime
    os.utime(changed, (built - 9, built - 9))
    os.utime(root / "_toc.yml", (built - 9, built - 9))
    os.utime(root / "_config.yml", (built - 9, built - 9))
    assert book.is_current(root)
    os.utime(changed, (built + 9, built + 9))
    assert not book.is_current(root)
    os.utime(changed, (built - 9, built - 9))
    made.unlink()
    assert not book.is_current(root), "a book whose build did not pass"
    made.touch()
    page.unlink()
    os.utime(changed, (built - 9, built - 9))
    assert not book.is_current(root), "there is no book"
