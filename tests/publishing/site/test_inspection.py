"""A sound book passes its inspection; each planted fault fails it, with the file and the line."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from earned_security import cli
from earned_security.publishing import book
from earned_security.publishing.site import addresses, browsing, inspection

Book = Callable[..., Any]
PAGE = "# A page\n\nIt begins with a sentence.\n"
PICTURE = "```{image} picture.svg\n:alt: A circle\n```\n"


@pytest.fixture
def sound(tiny_book: Book, tmp_path: Path) -> Callable[..., list[str]]:
    """Build a tiny book with a page of this text and inspect it: the problems, one line each."""
    source = tmp_path / "source"
    source.mkdir()
    (source / "picture.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', encoding="utf-8")

    def build_and_inspect(text: str = PAGE, record: bool = True, **more: str) -> list[str]:
        pages = {name: f"# {name}\n\nThis page has a sentence.\n" for name in ("index", "book/references")}
        pages["index"] += "\n```{toctree}\n:glob:\n\n*\nbook/*\n```\n"
        pages["book/crisis-and-grounding"] = "# A way out\n\nYou may stop.\n"
        built = tiny_book({**pages, "page": text, **more})
        if record:
            addresses.record(source, built.folder)
        return [str(problem) for problem in inspection.problems(source, built.folder)]

    return build_and_inspect


def test_a_sound_book_has_no_problem(sound: Callable[..., list[str]]) -> None:
    assert sound(PAGE + PICTURE) == []


FAULTS = {
    '<script src="https://example.org/a.js"></script>': "loads https://example.org/a.js from another host",
    '<p style="background: url(//example.org/a.png)">a</p>': "loads //example.org/a.png from another host",
    "<p>cdn.jsdelivr.net</p>": "names the host jsdelivr.net",
    '<img src="_images/picture.svg">': "The picture '_images/picture.svg' has no description",
    '<div role="img"></div>': "The picture 'div' has no description",
    '<a href="gone.html">gone</a>': "'gone.html' leads nowhere: there is no such file",
    '<a href="index.html#gone">gone</a>': "has no place named 'gone'",
    f"<p>{'heavy ' * 30_000}</p>": "150000 is the limit",
}


def test_each_planted_fault_is_found_where_it_stands(sound: Callable[..., list[str]]) -> None:
    problems = sound("\n\n".join([PAGE, PICTURE, *FAULTS]))
    for fault, said in FAULTS.items():
        (problem,) = [problem for problem in problems if said in problem]
        found = re.match(r"(.+/page\.html):(\d+): ", problem)
        assert found, problem
        line = Path(found[1]).read_text(encoding="utf-8").splitlines()[int(found[2]) - 1]
        assert fault in line or "limit" in said
    assert len(problems) == len(FAULTS)


def test_a_picture_whose_alt_text_nobody_wrote_is_found(sound: Callable[..., list[str]]) -> None:
    (problem,) = sound(f"{PAGE}\n```{{image}} picture.svg\n```\n")
    assert "has no description" in problem


def test_a_page_without_a_sentence_has_no_description(sound: Callable[..., list[str]]) -> None:
    (problem,) = sound("# A page\n\n- only\n- a list\n")
    assert "page.html:1: The page has no description" in problem


def test_a_foreign_style_is_found(sound: Callable[..., list[str]], tmp_path: Path) -> None:
    assert sound() == []
    sheet = tmp_path / "html" / "_static" / "planted.css"
    sheet.write_text("p {}\n@import url('https://example.org/font.css');\n", encoding="utf-8")
    found = [str(problem) for problem in inspection.problems(tmp_path / "source", tmp_path / "html")]
    assert found == [f"{sheet}:2: The style sheet loads https://example.org/font.css from another host."]


def test_the_command_fails_on_a_problem_and_says_what_it_could_not_see(
    sound: Callable[..., list[str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert sound() == []
    monkeypatch.setattr(cli, "course_root", lambda: tmp_path / "source")
    monkeypatch.setattr(book, "build", lambda root: 0)
    monkeypatch.setattr(book, "built", lambda root: tmp_path / "html")
    monkeypatch.setattr(browsing, "find_browser", lambda: None)
    monkeypatch.delenv("EARNED_REQUIRE_BROWSER", raising=False)
    assert cli.main(["book", "--check"]) == 0
    shown = capsys.readouterr().out
    assert "0 problems." in shown and "No Chromium or Chrome was found" in shown
    monkeypatch.setenv("EARNED_REQUIRE_BROWSER", "1")
    assert cli.main(["book", "--check"]) == 1
    assert "1 problem." in capsys.readouterr().out
    monkeypatch.delenv("EARNED_REQUIRE_BROWSER")
    (tmp_path / "html" / "page.html").unlink()
    assert cli.main(["book", "--check"]) == 1
    assert "page.html was published and is gone" in capsys.readouterr().out
    assert cli.main(["book"]) == 0
    monkeypatch.setattr(book, "build", lambda root: 1)
    assert cli.main(["book", "--check"]) == 1
