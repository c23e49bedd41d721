from __future__ import annotations

import base64
import hashlib

from hypothesis import given
from hypothesis import strategies as st

from earned_security.publishing.site.content_policy import with_policy

PAGE = "<!DOCTYPE html><html><head>{inside}</head><body>{scripts}</body></html>"


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_scripts_in_the_page_are_named_and_data_and_files_are_not() -> None:
    scripts = '<script>one()</script><script type="application/json">{}</script><script src="a.js"></script>'
    page = with_policy(PAGE.format(inside="<title>A</title>", scripts=scripts))
    assert f"script-src 'self' {_hash('one()')};" in page
    assert page.index("Content-Security-Policy") < page.index("<title>")


@given(st.lists(st.text(alphabet="ab \\n();é", max_size=12), max_size=4))
def test_it_stands_there_once_however_often_it_is_written(texts: list[str]) -> None:
    page = PAGE.format(inside="", scripts="".join(f"<script>{text}</script>" for text in texts))
    once = with_policy(page)
    assert with_policy(once) == once
    assert once.count("Content-Security-Policy") == 1
    assert all(_hash(text) in once for text in texts)
    assert "http:" not in once and "https:" not in once
