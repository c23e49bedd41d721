from __future__ import annotations

from pathlib import Path

import pytest

from earned_security.curriculum import Problem
from earned_security.publishing import check

ROOT = Path(__file__).parents[2]

PAGE = """# A page

{claim}`safety-outranks-technique` {cite:p}`steele2017` {term}`frame` {doc}`other`
{claim}`safety-outranks-techniqe`
{cite:p}`steele2017,nobody2000` {cite:t}`nobody2000`
{term}`words <no such term>`
{doc}`/book/nowhere`
{numref}`x`

```{piece} no-such-piece
```

```{strategy} no-such-strategy
```

```{module-opening} no-such-module
```

```{warning-sign}
```

```{code-cell} python
from earned_security.interactive import figure
figure("no-such-figure")
```
"""


def _course(
    folder: Path, page: str = PAGE, module: str = "# Module\n", contents: str | None = None
) -> list[Problem]:
    (folder / "book").mkdir()
    (folder / "notebooks").mkdir()
    (folder / "book" / "page.md").write_text(page, encoding="utf-8")
    (folder / "book" / "other.md").write_text("# Other\n", encoding="utf-8")
    (folder / "notebooks" / "01-module.md").write_text(module, encoding="utf-8")
    if contents:
        (folder / "_toc.yml").write_text(contents, encoding="utf-8")
    return check.problems(folder)


def test_a_table_whose_column_has_no_name(tmp_path: Path) -> None:
    page = "# Page\n\n| | Two |\n| --- | --- |\n| a | |\n\n| One | Two |\n|---|:---:|\n| | b |\n"
    (found,) = _course(tmp_path, page)
    assert found.line == 3 and "no name" in found.message


def test_every_mistake_is_named_with_its_line(tmp_path: Path) -> None:
    found = _course(tmp_path, PAGE)
    assert {problem.file for problem in found} == {tmp_path / "book" / "page.md"}
    expected = {
        4: "safety-outranks-techniqe",
        5: "nobody2000",
        6: "no such term",
        7: "book/nowhere",
        8: "{numref}",
        10: "no-such-piece",
        13: "no-such-strategy",
        16: "no-such-module",
        19: "{warning-sign}",
        22: "no-such-figure",
    }
    assert sorted(problem.line for problem in found) == sorted(expected)
    for problem in found:
        assert expected[problem.line] in problem.message


def test_a_near_name_is_suggested(tmp_path: Path) -> None:
    found = _course(tmp_path, "{claim}`safety-outranks-techniqe`\n")
    assert "Did you mean 'safety-outranks-technique'?" in found[0].message


@pytest.mark.parametrize("name", ["ledger", "stored", "list-table", "bibliography"])
def test_what_no_notebook_can_show_is_refused_in_a_module(tmp_path: Path, name: str) -> None:
    found = _course(tmp_path, "# Page\n", f"# Module\n\n```{{{name}}}\n```\n")
    assert [(problem.file.name, problem.line) for problem in found] == [("01-module.md", 3)]


def test_the_table_of_contents_and_the_pages_agree(tmp_path: Path) -> None:
    contents = "format: jb-book\nroot: book/page\nparts:\n  - chapters:\n      - file: book/gone\n"
    found = _course(tmp_path, "# Page\n", contents=contents)
    assert [(problem.line, problem.file.name) for problem in found] == [
        (1, "_toc.yml"),
        (1, "_toc.yml"),
        (5, "_toc.yml"),
    ]
    assert "book/gone" in found[2].message


def test_the_course_has_no_mistake() -> None:
    assert check.problems(ROOT) == []
