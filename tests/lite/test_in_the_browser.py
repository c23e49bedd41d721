"""A person opens a module and an exercise in the browser alone; what they hand in is collected and marked."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from handed_in import course
from lite.conftest import ASSIGNMENT, EXERCISE, MODULE, Reader, Site, wait_until_ready

from earned_security.assessment import archive, responses
from earned_security.assessment.marking import mark
from earned_security.publishing.jupyterlab.learner import TAKE_ALONG
from earned_security.publishing.lite import lite
from earned_security.teaching import bank
from earned_security.teaching.bulk import mark_course

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(900)]

BANK = next(one for one in bank.read_banks(bank.OPEN_BANK) if one.assignment == ASSIGNMENT)
ITEM, KEY = next(pair for pair in BANK.items if pair[0].id == "m4-which-line-validates")
New = Callable[[], Reader]


def saved(piece: Any) -> None:
    piece.get_by_role("status").get_by_text(re.compile(r"^Saved\.")).first.wait_for()


def writing(page: Any) -> Any:
    return page.locator(".es-exercise", has=page.locator("textarea")).last


def answer(page: Any) -> str:
    """Answer the first question and one in writing; the first answer."""
    first = page.locator(".es-exercise").first
    choice = first.get_by_role("radio").nth(1)
    choice.check()
    saved(first)
    writing(page).locator("textarea").fill("What it is, what may be hard, what else there is.")
    page.keyboard.press("Tab")
    saved(writing(page))
    return str(choice.get_attribute("value"))


def test_a_module_opens_and_is_used_and_keeps_what_was_entered(site: Site, reader: New) -> None:
    browser = reader()
    page = browser.open(MODULE)
    fetched = sum(path.stat().st_size for path in set(site.sent))
    cells = json.loads((site.folder / "lite" / "files" / MODULE).read_text(encoding="utf-8"))["cells"]
    pieces = [cell for cell in cells if "piece" in cell["metadata"].get("tags", [])]
    assert page.locator(".es-piece").count() == len(pieces) >= 10
    assert page.locator("[data-mime-type*=stderr]").count() == 0
    page.locator(".jp-RenderedPlotly .main-svg").first.wait_for()

    explorer = page.locator(".es-explorer")
    explorer.get_by_role("button", name="Show me without a prediction").click()
    explorer.locator(".main-svg").first.wait_for()
    sentence = explorer.locator(".es-reading").inner_text()
    explorer.get_by_role("slider").first.press("ArrowRight")
    explorer.locator(".es-reading").filter(has_not_text=sentence).wait_for()

    found = Axe().run(page, context=[".es-piece"]).response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []

    box = page.locator(".es-checklist").get_by_role("checkbox", name=re.compile("Predictable frame")).first
    box.focus()
    page.keyboard.press("Space")
    saved(page.locator(".es-checklist"))
    page.reload()
    wait_until_ready(page)
    assert box.is_checked()

    along = browser.open(TAKE_ALONG)
    along.get_by_text(re.compile("work of yours in [1-9] interactive parts")).wait_for()
    with along.expect_download() as download:
        along.get_by_role("button", name="Save all of it as a file").click()
    entries = responses.inspect(download.value.path()).entries
    assert entries["strategy-checklist/predictable-frame"]["value"]["ticked"] is True
    assert browser.faults == []

    about = json.loads((site.folder / "lite" / lite.ABOUT).read_text(encoding="utf-8"))
    learners = (site.folder / "lite" / "files" / MODULE).stat().st_size
    assert about["bytes"] / 2 < fetched - learners <= about["bytes"], "what the book says is what is fetched"


def test_an_exercise_is_answered_found_again_handed_in_collected_and_marked(
    reader: New, tmp_path: Path
) -> None:
    browser = reader()
    page = browser.open(EXERCISE)
    assert page.locator(".es-exercise").count() == len(BANK.items)
    chosen = answer(page)
    page.reload()
    wait_until_ready(page)
    assert page.locator(".es-exercise").first.locator(f"input[value={chosen}]").is_checked()
    assert writing(page).locator("textarea").input_value().startswith("What it is")

    piece = page.locator(".es-submission")
    piece.get_by_role("button", name="Make the file to hand in").press("Enter")
    with page.expect_download() as download:
        piece.get_by_role("button", name="Make it all the same").press("Enter")
    piece.get_by_text("It also lies beside the notebook.").wait_for()
    page.keyboard.press("Control+s")
    page.wait_for_timeout(1000)
    assert page.locator(".jp-Dialog").count() == 0, "making the file changed nothing that the page had open"
    data = download.value.path().read_bytes()
    assert download.value.suggested_filename == archive.name(ASSIGNMENT)
    assert archive.read(data).bank_version == BANK.version
    assert browser.faults == []

    made = course(tmp_path / "course", BANK)
    with made.gradebook() as gradebook:
        gradebook.add_student("anna")
    mails = made.root / "downloaded" / ASSIGNMENT / "archive"
    mails.mkdir(parents=True)
    (mails / f"anna_{archive.name(ASSIGNMENT)}").write_bytes(data)
    command = [sys.executable, "-m", "nbgrader", "zip_collect", ASSIGNMENT]
    done = subprocess.run(command, cwd=made.root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert [outcome.state for outcome in mark_course(made.root, ASSIGNMENT)] == ["marked"]
    with made.gradebook() as gradebook:
        grade = gradebook.find_grade(ITEM.id, ASSIGNMENT, ASSIGNMENT, "anna")
        assert grade.auto_score == pytest.approx(mark(ITEM, KEY, chosen).points)


def test_answers_move_to_another_browser_and_to_a_folder(reader: New, tmp_path: Path) -> None:
    page = reader().open(EXERCISE)
    chosen = answer(page)
    page.get_by_role("button", name=re.compile("Refresh")).first.click()
    page.locator(".jp-DirListing-item", has_text="responses.json").first.click(button="right")
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="Download").click()
    file = tmp_path / "responses.json"
    download.value.save_as(file)
    assert responses.inspect(file).entries[f"{ITEM.id}/answer"]["value"] == chosen

    other = reader().open(EXERCISE)
    assert not other.locator(".es-exercise").first.locator(f"input[value={chosen}]").is_checked()
    with other.expect_file_chooser() as chooser:
        other.get_by_role("button", name=re.compile("Upload")).first.click()
    chooser.value.set_files(file)
    other.locator(".jp-DirListing-item", has_text="responses.json").first.wait_for()
    other.reload()
    wait_until_ready(other)
    assert other.locator(".es-exercise").first.locator(f"input[value={chosen}]").is_checked()


def test_a_window_that_keeps_nothing_never_says_saved(reader: New) -> None:
    """Without a service worker, as over http, Python cannot reach the browser's storage."""
    browser = reader()
    browser.context.add_init_script("delete Navigator.prototype.serviceWorker")
    page = browser.open(MODULE)
    checklist = page.locator(".es-checklist")
    checklist.get_by_role("checkbox", name=re.compile("Predictable frame")).first.check()
    checklist.get_by_text("this window of the browser keeps no files").wait_for()
    assert checklist.get_by_text(re.compile(r"^Saved\.")).count() == 0


def test_everything_can_be_erased(reader: New) -> None:
    browser = reader()
    page = browser.open(EXERCISE)
    chosen = answer(page)
    page.get_by_role("menuitem", name="Help", exact=True).click()
    page.get_by_role("menuitem", name="Clear Browser Data").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Clear", exact=True).click()
    page.close()
    page = browser.open(EXERCISE)
    assert not page.locator(".es-exercise").first.locator(f"input[value={chosen}]").is_checked()


def test_the_page_can_ask_no_other_host(site: Site, reader: New) -> None:
    page = reader().context.new_page()
    page.goto(f"{site.address}lite/lab/index.html")
    refused = page.evaluate(
        """() => new Promise((told) => {
          addEventListener("securitypolicyviolation", (event) => told(event.violatedDirective));
          fetch("http://127.0.0.1:9/").catch(() => {});
        })"""
    )
    assert refused == "connect-src"


def test_no_key_and_no_rationale_of_a_graded_item_is_in_the_site(site_folder: Path) -> None:
    shipped = "".join(
        path.read_text(encoding="utf-8")
        for path in (site_folder / "lite" / "files").rglob("*.*")
        if path.is_file()
    )
    secrets = [
        text
        for one in bank.read_banks(bank.OPEN_BANK)
        for _, key in one.items
        for text in getattr(key, "rationales", {}).values()
    ]
    assert len(secrets) > 100
    assert not [text for text in secrets if json.dumps(text, ensure_ascii=False)[1:-1] in shipped]
