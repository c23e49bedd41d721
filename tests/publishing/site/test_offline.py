"""What a copy of the book holds: everything that its pages show, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from earned_security.publishing.site import built_pages, offline


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("book/a.html", '<a href="b.html#part">', {"book/b.html"}),
        ("book/a.html", "<script defer src='../_static/x.js?v=1'></script>", {"_static/x.js"}),
        ("book/a.html", '<a class="x" href="../">', {"index.html"}),
        ("book/a.html", '<a href="cases/">', {"book/cases/index.html"}),
        ("book/a.html", '<img srcset="one.png 1x, two.png 2x">', {"book/one.png", "book/two.png"}),
        ("book/a.html", '<img src="two%20words.svg">', {"book/two words.svg"}),
        ("a.html", '<a href="https://example.org/"><a href="//example.org/"><a href="mailto:a@b">', set()),
        ("a.html", '<img src="data:image/png;base64,AA">', set()),
        (
            "_static/s.css",
            'a { background: url("images/a.svg") } b { src: url(data:x) }',
            {"_static/images/a.svg"},
        ),
        ("_static/styles/s.css", '@import "../b.css";', {"_static/b.css"}),
        ("_static/styles/s.css", "@import url(c.css);", {"_static/styles/c.css"}),
        ("a.js", 'import "./b.js"', set()),
    ],
)
def test_the_files_to_which_a_page_leads(name: str, text: str, found: set[str], tmp_path: Path) -> None:
    site = _site(tmp_path, **{**dict.fromkeys(found, ""), name: text, "index.html": f'<a href="{name}">'})
    assert set(_listed(site)["files"]) - {"index.html", name} == found - {"index.html"}


def _site(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def _listed(site: Path, own: str = "") -> dict[str, Any]:
    return offline.listing(site, built_pages.read(site), own)


def test_what_is_reached_is_listed_and_downloads_and_strays_are_not(tmp_path: Path) -> None:
    page = '<a href="book/a.html"><a href="book.pdf"><a href="lite/index.html"><a href="gone.html"><a href="../up.html">'
    site = _site(tmp_path / "site", **{
        "index.html": page, "book__a.html": '<link href="../s.css"><a href="a.html">', "s.css": "a { b: url(i.svg) }",
        "i.svg": "<svg/>", "book.pdf": "x", "lite__index.html": "x", "stray.html": "x", "own__content__c.json": "{}",
        "own__d.txt": "x",
    })  # fmt: skip
    (tmp_path / "up.html").write_text("outside", encoding="utf-8")
    assert list(_listed(site, "own")["files"]) == [
        "book/a.html",
        "i.svg",
        "index.html",
        "own/content/c.json",
        "s.css",
    ]


def test_the_version_changes_with_any_file_and_with_nothing_else(tmp_path: Path) -> None:
    site = _site(tmp_path, **{"index.html": '<a href="a.html">', "a.html": "one"})
    first = _listed(site)
    assert first["files"]["a.html"] == [sha256(b"one").hexdigest(), 3]
    (site / "stray.txt").write_text("x", encoding="utf-8")
    assert _listed(site) == first
    (site / "a.html").write_text("two", encoding="utf-8")
    second = _listed(site)
    assert second["version"] != first["version"]
    assert second["files"]["index.html"] == first["files"]["index.html"]


def test_a_built_book_lists_its_files_as_they_are_at_the_end(tiny_book: Callable[..., object]) -> None:
    built = tiny_book({"page": "# A page\n\n```{piece} strategy-checklist\n```\n\n```{offline-copy}\n```\n"})
    assert built.warnings == []  # type: ignore[attr-defined]
    folder: Path = built.folder  # type: ignore[attr-defined]
    listed = json.loads((folder / offline.LIST).read_text(encoding="utf-8"))["files"]
    assert "page.html" in listed and any(name.endswith("content/strategy-checklist.json") for name in listed)
    for name, (digest, size) in listed.items():
        content = (folder / name).read_bytes()
        assert (sha256(content).hexdigest(), len(content)) == (digest, size)
    assert "Content-Security-Policy" in (folder / "page.html").read_text(encoding="utf-8")
    assert (folder / offline.WORKER).is_file()
