"""One style sheet with the rules that the pages can use, and no others."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from earned_security.publishing import assets
from earned_security.publishing.site import styles

USED = {"here", "place", "open"}


@pytest.mark.parametrize(
    ("sheet", "kept"),
    [
        (".here { color: red }", ".here{color: red}"),
        (".gone { color: red }", ""),
        (".gone, .here , p > .open{color:red}", ".here,p > .open{color:red}"),
        (".here .gone { color: red }", ""),
        ("#place{} #lost{}", "#place{}"),
        ("p:not(.gone)::before{content: '  /* a */ '}", 'p:not(.gone)::before{content: "  /* a */ "}'),
        ("a:is(.gone, .here):hover[data-gone]{}", "a:is(.gone, .here):hover[data-gone]{}"),
        (r".he\72 e{}", ".here{}"),
        (".bs-tooltip-auto .here{}", ".bs-tooltip-auto .here{}"),
        ("@media print{.gone{a:b} .here{a:b}}", "@media print{.here{a:b}}"),
        ("@media print{@supports (a:b){.gone{a:b}}}", ""),
        ("/* said */ p{a /* said */:\n\n  b}", "p{a : b}"),
        ("/*! A licence */p{}", "/*! A licence */\np{}"),
        ("@charset 'UTF-8';@import 'other.css';p{}", "p{}"),
        ("@font-face{font-family:Font Awesome\\ 6 Free}p{}", "p{}"),
        ("@keyframes turn{from{a:b}}", "@keyframes turn{from{a:b}}"),
        (
            ':root{--a:url("data:image/svg+xml,%3Csvg/%3E")}',
            ':root{--a:url("data:image/svg+xml,%3Csvg/%3E")}',
        ),
    ],
)
def test_what_stays_of_a_style_sheet(sheet: str, kept: str) -> None:
    assert styles.reduced(sheet, USED) == kept


def test_a_book_has_one_sheet_whose_address_follows_its_content(
    tiny_book: Callable[..., Any], tmp_path: Path
) -> None:
    def address(html: str) -> str:
        (link,) = re.findall(r'<link[^>]*rel="stylesheet"[^>]*>', html)
        found = re.search(r'href="_static/earned-security\.css\?v=(\w{10})"', link)
        assert found, link
        return found[1]

    built = tiny_book({"page": "# A page\n\n> Said.\n", "other": "# Other\n"})
    sheet = (built.folder / "_static" / styles.SHEET).read_text(encoding="utf-8")
    own = assets.folder(built.folder)
    for name in styles.OWN:
        assert (own / name).read_text(encoding="utf-8") in sheet
    assert ".sphinxsidebar" in sheet and ".versionmodified" not in sheet
    first = address(built.page())
    assert address(built.page("other")) == first
    # When one page needs another rule, every page gets the new address.
    built = tiny_book({"page": '# A page\n\n<p class="versionmodified">Said.</p>\n', "other": "# Other\n"})
    assert ".versionmodified" in (built.folder / "_static" / styles.SHEET).read_text(encoding="utf-8")
    assert address(built.page()) == address(built.page("other")) != first
