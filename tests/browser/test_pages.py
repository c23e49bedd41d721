"""Every page of the book loads whole, asks nobody else for anything, and satisfies axe, light and dark."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from earned_security.publishing.site import built_pages, inspection, measuring
from earned_security.publishing.site.browsing import Server

ROOT = Path(__file__).parents[2]
SCREENSHOTS = ROOT / "_build" / "screenshots"

pytestmark = pytest.mark.browser


def _pages() -> list[str]:
    """The pages in the table of contents, and those that Sphinx adds."""
    contents = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    chapters = [chapter for part in contents["parts"] for chapter in part["chapters"]]
    pages = [page["file"] for chapter in chapters for page in (chapter, *chapter.get("sections", ()))]
    return [contents["root"], *pages, "search"]


PAGES = _pages()
# How many arrows to the pages before and after go past the screen's edge.
ARROWS_CUT_OFF = """[...document.querySelectorAll(".prev-next-area i")].map((arrow) => arrow.getBoundingClientRect())
  .filter(({ left, right }) => left < 0 || right > document.documentElement.clientWidth).length"""


def _look(opened: Any, name: str, size: str, theme: str) -> None:
    """Save what the page looks like; it must fit the screen and satisfy axe."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    opened.page.screenshot(path=SCREENSHOTS / f"{name.replace('/', '-')}-{size}-{theme}.png", full_page=True)
    assert opened.too_wide() <= 0, f"The page is {opened.too_wide()} pixels wider than the {size} screen."
    assert opened.page.evaluate(ARROWS_CUT_OFF) == 0, "An arrow at the page's foot is cut off."
    assert opened.axe() == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_loads_whole_fits_and_axe_finds_nothing(visit: Any, name: str, theme: str) -> None:
    opened = visit(name, theme=theme)
    assert opened.page.locator("html").get_attribute("data-theme") == theme
    assert opened.faults == []
    _look(opened, name, "desktop", theme)
    opened.resize("phone")
    _look(opened, name, "phone", theme)
    assert opened.faults == []


def test_nothing_is_wrong_with_the_built_book(book_folder: Path) -> None:
    assert {f"{name}.html" for name in PAGES} <= set(built_pages.read(book_folder))
    assert [str(problem) for problem in inspection.problems(ROOT, book_folder)] == []


def test_the_address_of_the_book_leads_to_its_first_page(visit: Any, site: str) -> None:
    opened = visit("search")
    opened.page.goto(site)
    opened.page.wait_for_url(f"**/{PAGES[0]}.html")
    assert opened.page.locator("article h1").first.is_visible()
    assert opened.faults == []


@pytest.mark.parametrize("name", PAGES)
def test_the_first_view_of_a_page_is_light(
    chromium: Any, serve: Callable[[Path], Server], book_folder: Path, name: str
) -> None:
    seen = measuring.first_view(chromium, serve(book_folder), name)
    assert 0 < seen.weight < seen.limit


def test_what_only_a_browser_sees_fails_the_check(chromium: Any, tmp_path: Path) -> None:
    pages = {
        "sound": "<p>Text.</p>",
        "barrier": "<p>Text.</p><input type='text'>",
        "broken": "<p>Text.</p><script>throw new Error('planted')</script>",
        "heavy": f"<p>Text.</p><style>/* {os.urandom(500_000).hex()} */</style>",
        "foreign": "<p>Text.</p><script>fetch('https://example.org/').catch(() => {})</script>",
        "wide": "<p style='width: 3000px'>Text.</p>",
        "later": "<details><summary>More</summary><img src='noise.svg'></details>",
        "stuck": "<div class='es-host' id='piece-a' data-kind='case' data-started><button class='es-primary'>On</button></div>",
    }
    (tmp_path / "noise.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", encoding="utf-8")
    for name, body in pages.items():
        html = (
            "<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'><title>A page</title>"
            "<link rel='icon' href='noise.svg'><meta name='viewport' content='width=device-width'></head>"
            f"<body><main><h1>A page</h1>{body}</main></body></html>"
        )
        (tmp_path / f"{name}.html").write_text(html, encoding="utf-8")
    found: dict[str, str] = {}
    table, problems = measuring.look(chromium, tmp_path)
    for problem in problems:
        found[problem.file.stem] = found.get(problem.file.stem, "") + problem.message
    assert "sound" not in found
    for theme in ("light", "dark"):
        for when in ("before", "after"):
            assert f"axe, {theme}, {when} use: label" in found["barrier"]
    assert "error: planted" in found["broken"]
    assert "Its first view weighs" in found["heavy"]
    assert "asked another place: https://example.org/" in found["foreign"]
    assert "pixels wider than the screen" in found["wide"]
    assert "axe, light, after use: image-alt" in found["later"] and "before use" not in found["later"]
    assert "The piece piece-a (case) could not be used to its end." in found["stuck"]
    figures = {one.page.removesuffix(".html"): one for one in table}
    assert set(figures) == set(pages)
    sound = figures["sound"]
    assert (sound.foreign, sound.errors, sound.axe) == (0, 0, (0, 0, 0, 0))
    assert sound.requests == 2 and sound.weight > 0
    assert sound.html == (tmp_path / "sound.html").stat().st_size
    assert figures["foreign"].foreign > 0 and figures["broken"].errors > 0
    assert figures["barrier"].axe == (1, 1, 1, 1) and figures["later"].axe == (0, 1, 0, 1)
    measuring.write(table, tmp_path / "pages.csv")
    with (tmp_path / "pages.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["page"] for row in rows} == {one.page for one in table}
    shown = list(measuring.summary(table, heaviest=1))
    assert "heavy.html" in shown[1] and f"all {len(pages)} pages" in shown[-1] and len(shown) == 3


def test_a_search_needs_nothing_but_the_book(visit: Any) -> None:
    opened = visit("book/index")
    opened.page.goto(opened.page.url.replace("book/index.html", "search.html?q=rupture"))
    results = opened.page.locator("#search-results li a")
    results.first.wait_for()
    assert results.count() > 3
    kept = opened.page.evaluate("JSON.stringify({ ...localStorage, ...sessionStorage })")
    assert "rupture" not in kept, "on a shared device the next reader would see what was searched for"
    assert "06-alliance-rupture-repair" in " ".join(
        link.get_attribute("href") or "" for link in results.all()
    )
    results.first.click()
    opened.page.locator("article h1").wait_for()
    assert opened.faults == []


def test_the_policy_of_a_page_refuses_other_hosts_and_other_scripts(visit: Any) -> None:
    opened = visit("book/index")
    done = opened.page.evaluate(
        """async () => {
          const script = document.createElement("script");
          script.textContent = "globalThis.injected = true";
          document.body.append(script);
          return [globalThis.injected ?? false, await fetch("https://example.org/").then(() => true, () => false)];
        }"""
    )
    assert done == [False, False]
    assert any("Content Security Policy" in fault for fault in opened.faults)


def test_the_foot_of_a_page_says_how_to_cite_it(visit: Any) -> None:
    opened = visit("notebooks/04-building-safety-and-trust", theme="dark", size="phone")
    cited = opened.page.locator("footer .es-cite")
    assert not cited.locator("pre").is_visible()
    cited.get_by_text("Cite this page").press("Enter")
    assert "Building safety and trust. In: Earned Security" in cited.locator("p").inner_text()
    assert cited.locator("pre").is_visible()
    assert opened.too_wide() <= 0
    assert opened.axe() == []


def test_without_javascript_everything_can_be_read(visit: Any, book_folder: Path) -> None:
    opened = visit("book/evidence-ledger", java_script_enabled=False)
    assert opened.page.locator(".es-claims > li:visible").count() > 200
    checklist = (book_folder / "book/strategy-checklist.html").read_text(encoding="utf-8")
    assert re.search(r"<noscript><p>.{0,80}This part needs JavaScript", checklist)
