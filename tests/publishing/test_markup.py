from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from earned_security.publishing.markup import Use, uses

TEXT = """---
kernelspec: {name: "{claim}`in-the-header`"}
---
# A title

A sentence {claim}`one` that goes
on {cite:p}`first,second` and {term}`windows
of tolerance <window of tolerance>`.

In code: `{claim}`, ``{claim}`shown` ``, and no role: `plain`.

% {claim}`a comment`

```{note} See {term}`here`
Inside {claim}`two`.

:::{dropdown} More
{claim}`three`
:::
```

````
```{piece} shown
```
````

```{code-cell} python
:tags: [hide-input]
figure("a")  # {claim}`not-this`
```

```{piece} last
```
"""


def test_every_use_is_found_with_its_line() -> None:
    found = [(use.kind, use.name, use.argument, use.line) for use in uses(TEXT)]
    assert found == [
        ("role", "claim", "one", 6),
        ("role", "cite:p", "first,second", 7),
        ("role", "term", "windows of tolerance <window of tolerance>", 7),
        ("directive", "note", "See {term}`here`", 14),
        ("role", "term", "here", 14),
        ("role", "claim", "two", 15),
        ("directive", "dropdown", "More", 17),
        ("role", "claim", "three", 18),
        ("directive", "code-cell", "python", 27),
        ("directive", "piece", "last", 32),
    ]


def test_a_directive_keeps_its_body() -> None:
    (cell,) = [use for use in uses(TEXT) if use.name == "code-cell"]
    assert 'figure("a")' in cell.body


def test_a_fence_that_is_never_closed_ends_with_the_text() -> None:
    assert uses("```{note}\n{claim}`x`") == [
        Use("directive", "note", "", 1, "{claim}`x`"),
        Use("role", "claim", "x", 2),
    ]


@given(st.text(alphabet="`{}:~\n claim-"))
def test_any_text_can_be_searched(text: str) -> None:
    lines = text.count("\n") + 1
    assert all(1 <= use.line <= lines for use in uses(text))


@given(st.lists(st.sampled_from(["", "word", "- item", "> quote", "    deep"]), max_size=8))
def test_a_role_is_found_on_whichever_line_it_stands(before: list[str]) -> None:
    (found,) = uses("\n".join([*before, "", "{claim}`x`"]))
    assert found.line == len(before) + 2
