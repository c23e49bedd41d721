from __future__ import annotations

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
    assert book.build(root) == 0
    assert (book.built(root) / "index.html").exists()
    (root / "page.md").write_text("# Page\n\n{doc}`nowhere`\n", encoding="utf-8")
    assert book.build(root) == 1
    assert book.build(root) == 1, "the second build passed over the warning of the first"
    (root / "page.md").write_text("# Page\n\nMended.\n", encoding="utf-8")
    assert book.build(root) == 0
