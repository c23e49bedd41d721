"""A finished page keeps every space that a reader sees."""

from __future__ import annotations

from pathlib import Path

import pytest
from sphinx.errors import ExtensionError

from earned_security.publishing.site.finishing import compact, forget_searches

PAGE = """<body>

   <p>One
     two</p>

  <pre class="a">
    kept

    as it is</pre>   <b>three</b>
  <script>
    kept()
  </script>

</body>
"""


def test_empty_lines_and_indentation_go_and_what_is_verbatim_stays() -> None:
    kept = '<pre class="a">\n    kept\n\n    as it is</pre>   <b>three</b>\n<script>\n    kept()\n  </script>\n</body>\n'
    assert compact(PAGE) == f"<body>\n<p>One\ntwo</p>\n{kept}"
    assert compact(compact(PAGE)) == compact(PAGE)


def test_the_words_of_a_search_are_not_kept_or_the_build_stops(tmp_path: Path) -> None:
    script = tmp_path / "_static" / "sphinx_highlight.js"
    script.parent.mkdir()
    script.write_text("const SPHINX_HIGHLIGHT_ENABLED = true\n", encoding="utf-8")
    for _ in range(2):
        forget_searches(tmp_path)
        assert script.read_text(encoding="utf-8") == "const SPHINX_HIGHLIGHT_ENABLED = false\n"
    script.write_text("another way\n", encoding="utf-8")
    with pytest.raises(ExtensionError, match="sphinx_highlight"):
        forget_searches(tmp_path)
