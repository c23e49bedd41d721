"""The book offline: never without being asked, whole without a network, renewed file by file, removed again."""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

PAGE = "book/stored-on-this-device.html"
CHECKLIST = "book/strategy-checklist.html"
COPIES = "caches.keys()"
WORKERS = "navigator.serviceWorker.getRegistrations().then((all) => all.map(({ scope }) => scope))"


@pytest.fixture
def tab(chromium: Any) -> Iterator[Any]:
    """A tab of a browser that keeps its caches and workers between pages."""
    with chromium.new_context(viewport={"width": 390, "height": 844}) as context:
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("console", lambda message: print(message.text))
        page.on("requestfailed", lambda request: print(request.failure, request.url))
        page.on("response", lambda response: response.ok or print(response.status, response.url))
        yield page


@pytest.fixture
def own_book(book_folder: Path, tmp_path: Path) -> Path:
    """The book in a folder that a test may change."""
    folder = tmp_path / "book"
    shutil.copytree(book_folder, folder, ignore=shutil.ignore_patterns("lite", "*.pdf", "*.epub", "*.map"))
    return folder


def _place(tab: Any) -> Any:
    return tab.locator(".es-offline")


def _take(tab: Any, site: str) -> Any:
    tab.goto(site + PAGE)
    _place(tab).get_by_role("button", name="Take the book offline").click()
    assert _outcome(tab) == "Done. The book now opens without a network."
    return _place(tab)


def _outcome(tab: Any) -> str:
    """What is said at the end of a fetch, whatever it is; within two minutes, or how far it has come."""
    status = _place(tab).get_by_role("status")
    try:
        status.filter(has_text=re.compile("Done|Not all|Stopped")).wait_for(timeout=120_000)
    except PlaywrightTimeoutError:
        return f"Not ended: {_place(tab).inner_text()}"
    said: str = status.inner_text()
    return said


def _pages(folder: Path) -> list[str]:
    listed = json.loads((folder / "offline.json").read_text(encoding="utf-8"))["files"]
    return [
        name for name in listed if re.fullmatch(r"(book|notebooks)/.*\.html|search\.html|index\.html", name)
    ]


def test_nothing_is_kept_before_it_is_asked_for_and_the_size_is_said_first(
    tab: Any, serve: Callable[..., Any], book_folder: Path
) -> None:
    server = serve(book_folder)
    for page in ("book/index.html", PAGE):
        tab.goto(server.site + page, wait_until="networkidle")
        assert tab.evaluate(COPIES) == [] and tab.evaluate(WORKERS) == []
    listed = json.loads((book_folder / "offline.json").read_text(encoding="utf-8"))["files"]
    size = sum(bytes for _, bytes in listed.values()) / 1e6
    assert f"{size:.1f} MB on this device, in {len(listed)} files" in _place(tab).inner_text()


def test_there_is_no_button_before_there_is_a_list(
    tab: Any, serve: Callable[..., Any], book_folder: Path
) -> None:
    held: list[Any] = []
    tab.route("**/offline.json", lambda route: held.append(route))
    tab.goto(serve(book_folder).site + PAGE)
    _place(tab).get_by_role("status").wait_for(state="attached")
    expect(_place(tab).get_by_role("button")).to_have_count(0)
    while not held:
        tab.wait_for_timeout(50)
    held[0].continue_()
    expect(_place(tab).get_by_role("button")).to_have_text(["Take the book offline"])


def test_every_page_opens_and_a_piece_works_after_the_server_is_gone(
    tab: Any, serve: Callable[..., Any], book_folder: Path
) -> None:
    server = serve(book_folder)
    _take(tab, server.site)
    # Not the whole site: the notebooks in the browser, below lite/, have a worker of their own.
    scopes = [f"{server.site}{name}" for name in ("book/", "index.html", "notebooks/", "search.html")]
    assert sorted(tab.evaluate(WORKERS)) == scopes
    server.stop()
    errors: list[str] = []
    tab.on("pageerror", lambda error: errors.append(str(error)))

    def failed(request: Any) -> None:
        # Going on to the next page ends what is under way; whether the book has changed cannot be seen now.
        if request.failure != "net::ERR_ABORTED" and not request.url.endswith("/offline.json"):
            errors.append(request.url)

    tab.on("requestfailed", failed)
    for name in _pages(book_folder):
        tab.goto(server.site + name)
        tab.locator("h1:visible").first.wait_for()
        assert tab.evaluate("document.styleSheets.length") or name == "index.html"
    assert errors == []
    tab.goto(f"{server.site}index.html")
    tab.wait_for_url("**/book/index.html")
    tab.goto(server.site + CHECKLIST)
    tick = tab.locator('.es-strategy input[type="checkbox"]').first
    tick.check()
    tab.locator('.es-checklist .es-status[data-status="saved"]').wait_for()
    tab.reload()
    tick.wait_for()
    assert tick.is_checked()
    tab.goto(f"{server.site}search.html?q=frame")
    tab.locator("#search-results li").first.wait_for()


def test_renewing_fetches_only_what_has_changed(tab: Any, serve: Callable[..., Any], own_book: Path) -> None:
    server = serve(own_book)
    _take(tab, server.site)
    _change(own_book, "book/limits.html", "</article>", "<p>A new paragraph.</p></article>")
    asked: list[str] = []
    tab.context.on("request", lambda request: asked.append(request.url))
    tab.goto(server.site + PAGE)
    place = _place(tab)
    place.get_by_text("The book has changed since. To be fetched: 0.1 MB, files: 1.").wait_for()
    asked.clear()
    place.get_by_role("button", name="Renew the copy").click()
    assert _outcome(tab) == "Done. The copy is up to date."
    assert [url for url in asked if url.endswith(".html")] == [f"{server.site}book/limits.html"]
    assert len([url for url in asked if "/_static/" in url]) == 0
    assert len(tab.evaluate(COPIES)) == 1
    server.stop()
    tab.goto(server.site + "book/limits.html")
    assert tab.get_by_text("A new paragraph.").is_visible()


def test_with_a_network_the_newest_page_is_shown_and_an_old_copy_says_so(
    tab: Any, serve: Callable[..., Any], own_book: Path
) -> None:
    server = serve(own_book)
    _take(tab, server.site)
    _change(own_book, "book/limits.html", "</article>", "<p>A new paragraph.</p></article>")
    tab.goto(server.site + "book/limits.html")
    assert tab.get_by_text("A new paragraph.").is_visible()
    server.stop()
    tab.reload()
    assert not tab.get_by_text("A new paragraph.").count() and not tab.locator(".es-old-copy").count()
    tab.evaluate(
        """async (age) => {
          const [name] = await caches.keys();
          const cache = await caches.open(name);
          const address = (await cache.keys()).map(({ url }) => url).find((url) => url.endsWith("/offline.json"));
          const list = await (await cache.match(address)).json();
          await cache.put(address, new Response(JSON.stringify({ ...list, taken: list.taken - age })));
        }""",
        61 * 24 * 3600 * 1000,
    )
    tab.reload()
    assert "Numbers to ring and evidence may have changed" in tab.locator(".es-old-copy").inner_text()


def test_what_was_stopped_is_taken_up_again(tab: Any, serve: Callable[..., Any], own_book: Path) -> None:
    missing = own_book / "searchindex.js"
    away = missing.rename(own_book / "away.txt")
    server = serve(own_book)
    tab.goto(server.site + PAGE)
    place = _place(tab)
    place.get_by_role("button", name="Take the book offline").click()
    assert _outcome(tab).startswith("Not all of it came")
    assert "The copy is not complete." in place.inner_text()
    assert tab.evaluate(WORKERS) == []
    away.rename(missing)
    place.get_by_role("button", name="Fetch the rest").click()
    assert _outcome(tab) == "Done. The book now opens without a network."


def test_a_connection_that_fails_for_a_moment_ends_nothing(
    tab: Any, serve: Callable[..., Any], book_folder: Path
) -> None:
    server = serve(book_folder)
    failed: list[str] = []

    def fail_once(route: Any) -> None:
        if failed:
            route.continue_()
        else:
            failed.append(route.request.url)
            route.abort()

    tab.route("**/searchindex.js", fail_once)
    _take(tab, server.site)
    assert len(failed) == 1


def test_where_the_network_goes_in_the_middle_one_can_go_on(
    tab: Any, serve: Callable[..., Any], book_folder: Path
) -> None:
    server = serve(book_folder)
    tab.goto(server.site + PAGE)

    def go_away(route: Any) -> None:
        tab.context.set_offline(True)
        route.abort()

    tab.route("**/searchindex.js", go_away)
    _place(tab).get_by_role("button", name="Take the book offline").click()
    assert _outcome(tab).startswith("Not all of it came: the network did not answer.")
    tab.unroute("**/searchindex.js")
    tab.context.set_offline(False)
    _place(tab).get_by_role("button", name="Fetch the rest").click()
    assert _outcome(tab) == "Done. The book now opens without a network."


def test_a_file_that_is_not_what_the_book_lists_is_refused(
    tab: Any, serve: Callable[..., Any], own_book: Path
) -> None:
    page = own_book / "book/limits.html"
    page.write_text(page.read_text(encoding="utf-8") + "<!-- put in on the way -->", encoding="utf-8")
    server = serve(own_book)
    tab.goto(server.site + PAGE)
    _place(tab).get_by_role("button", name="Take the book offline").click()
    assert "book/limits.html is not what the book lists" in _outcome(tab)


def test_it_is_removed_and_what_was_entered_stays(
    tab: Any, serve: Callable[..., Any], book_folder: Path
) -> None:
    server = serve(book_folder)
    tab.goto(server.site + CHECKLIST)
    tab.locator('.es-strategy input[type="checkbox"]').first.check()
    tab.locator('.es-checklist .es-status[data-status="saved"]').wait_for()
    place = _take(tab, server.site)
    place.get_by_role("button", name="Remove the copy").click()
    place.get_by_text("The copy is removed from this device.").wait_for()
    assert tab.evaluate(COPIES) == [] and tab.evaluate(WORKERS) == []
    assert tab.evaluate("localStorage.getItem('earned-security:saved:strategy-checklist')")
    server.stop()
    with pytest.raises(Exception, match="ERR_CONNECTION_REFUSED"):
        tab.goto(server.site + "book/index.html")


def test_the_notebooks_in_the_browser_do_not_find_this_worker(
    tab: Any, serve: Callable[..., Any], own_book: Path
) -> None:
    """They take any worker that they find for their own, and remove all others of the site when theirs is new."""
    (own_book / "lite").mkdir()
    (own_book / "lite" / "index.html").write_text("<!DOCTYPE html><title>Apart</title>", encoding="utf-8")
    server = serve(own_book)
    _take(tab, server.site)
    assert tab.evaluate("Boolean(navigator.serviceWorker.controller)")
    tab.goto(server.site + "lite/index.html")
    assert not tab.evaluate("Boolean(navigator.serviceWorker.controller)")
    tab.evaluate(
        "navigator.serviceWorker.getRegistrations().then((all) => all.map((one) => one.unregister()))"
    )
    tab.goto(server.site + PAGE)
    _place(tab).get_by_text("The book has not changed since.").wait_for()
    server.stop()
    tab.goto(server.site + "book/limits.html")
    tab.locator("h1:visible").first.wait_for()


@pytest.mark.parametrize(
    ("switched", "words"),
    [
        ("Object.defineProperty(window, 'isSecureContext', { value: false })", "begins with https"),
        ("Object.defineProperty(window, 'caches', { value: undefined })", "private window"),
    ],
)
def test_where_it_cannot_be_done_the_page_says_why(visit: Any, switched: str, words: str) -> None:
    opened = visit("book/stored-on-this-device", before=switched)
    opened.page.locator(".es-offline").get_by_text(words).wait_for()
    assert opened.page.locator(".es-offline button").count() == 0
    assert opened.axe() == []


def test_opened_as_a_file_it_says_that_it_is_here_already(chromium: Any, book_folder: Path) -> None:
    with chromium.new_context() as context:
        page = context.new_page()
        page.goto((book_folder / PAGE).as_uri())
        page.locator(".es-offline").get_by_text("it is on this device already").wait_for()


def _change(folder: Path, name: str, before: str, after: str) -> None:
    """Change a page, and the list with it, as a new build would."""
    path = folder / name
    path.write_text(path.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
    listed = json.loads((folder / "offline.json").read_text(encoding="utf-8"))
    content = path.read_bytes()
    listed["files"][name] = [sha256(content).hexdigest(), len(content)]
    listed["version"] = f"changed{time.time_ns()}"
    (folder / "offline.json").write_text(json.dumps(listed), encoding="utf-8")
