"""A finished page keeps every space that a reader sees."""

from __future__ import annotations

from earned_security.publishing.site.finishing import compact

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
