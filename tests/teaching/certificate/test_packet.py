"""The packet for sponsors and the form of evaluation: everything derived, nothing of a key, and usable in a browser."""

from __future__ import annotations

import json
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import yaml

from earned_security import cli, curriculum
from earned_security.curriculum import check, course_metadata, source
from earned_security.teaching import course_folder
from earned_security.teaching.bank import OPEN_BANK, read_banks

COURSE = curriculum.load()


@pytest.fixture(scope="module")
def packet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = course_folder.new(tmp_path_factory.mktemp("packet") / "course")
    path = folder / "course.yaml"
    own = {"provider": "An <Institute>", "states": {"fees": "There are none."}}
    path.write_text(yaml.safe_dump(yaml.safe_load(path.read_text("utf-8")) | {"certificate": own}), "utf-8")
    assert cli.main(["metadata", str(folder)]) == 0
    return folder / "course-metadata"


@pytest.fixture(scope="module")
def data(packet: Path) -> dict[str, Any]:
    return dict(json.loads((packet / "course-metadata.json").read_text("utf-8")))


def test_minutes_dates_objectives_and_references_are_those_of_the_course(data: dict[str, Any]) -> None:
    modules = list(COURSE.modules.values())
    assert (
        data["minutes"]
        == sum(module["minutes"] for module in data["modules"])
        == sum(m.minutes for m in modules)
    )
    assert data["hours"] * 60 == data["minutes"]
    assert data["released"] == max(m.data["written"] for m in modules)
    assert data["review_due"] == min(m.data["review_due"] for m in modules)
    listed = [each["id"] for module in data["modules"] for each in module["objectives"]]
    assert listed == list(COURSE.objectives)
    cited = {key for claim in COURSE.claims.values() if not claim.background for key in claim.citations}
    assert {each["key"] for each in data["references"]} == cited


def test_each_objective_has_its_items_and_nothing_of_their_keys(packet: Path, data: dict[str, Any]) -> None:
    for module in data["modules"]:
        for objective in module["objectives"]:
            assert len(objective["items"]) >= (3 if objective["kind"] == "knowledge" else 1), objective["id"]
    listed = sum(len(each["items"]) for module in data["modules"] for each in module["objectives"])
    banks = read_banks(OPEN_BANK)
    assert listed == sum(len(bank.items) for bank in banks)
    page = unescape((packet / "course-metadata.html").read_text("utf-8"))
    preparing = [item for bank in banks for item, key in bank.items if key.prepares]
    assert preparing and page.count(", prepares)") == len(preparing), (
        "what only prepares is not said to assess"
    )
    assert all(f"{item.id} ({item.type}, {item.points:g}, prepares)" in page for item in preparing)
    text = "".join(file.read_text("utf-8") for file in packet.iterdir())
    for bank in banks:
        for item, key in bank.items:
            assert item.prompt[:60] not in text, item.id
            assert all(
                rationale[:60] not in text for rationale in key.rationales.values() if len(rationale) > 20
            )


def test_no_credit_is_claimed_and_what_is_not_stated_is_said(packet: Path, data: dict[str, Any]) -> None:
    assert data["sponsor"] is None
    page = unescape((packet / "course-metadata.html").read_text("utf-8"))
    assert "The course carries no continuing-education credit." in page
    assert "No licensed clinician has reviewed this course." in page
    stated = [one["id"] for one in data["provider"]["states"] if one["stated"]]
    assert stated == ["fees"] and "There are none." in page
    # everything that is asked, but the fees; and of the provider, address and contact
    assert page.count("Not stated yet by the provider.") == len(data["provider"]["states"]) - 1 + 2
    assert "An &lt;Institute&gt;" in (packet / "course-metadata.html").read_text("utf-8")


def test_the_form_is_filled_in_and_saved_without_a_network(
    packet: Path, data: dict[str, Any], chromium: Any
) -> None:
    page = chromium.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((packet / "evaluation-form.html").as_uri())
    questions = len(COURSE.objectives) + sum(q["answer"] == "scale" for q in data["evaluation"]["questions"])
    assert page.get_by_role("group").count() == questions
    first = page.get_by_role("group").first
    first.get_by_label("Largely").check()
    page.get_by_label("How many hours").fill("19.5")
    with page.expect_download() as caught:
        page.get_by_role("button", name="Save my answers").click()
    saved = json.loads(Path(caught.value.path()).read_text("utf-8"))
    assert saved["answers"] == {"M1.1": "4", "course-hours": "19.5"}
    assert "2 answers" in page.get_by_role("status").inner_text()
    assert [url for url in asked if url.startswith("http")] == []
    printed = page.pdf()
    assert printed.startswith(b"%PDF")
    page.close()


@pytest.mark.parametrize("name", ["course-metadata.html", "evaluation-form.html"])
def test_the_pages_have_no_barriers_that_axe_finds(packet: Path, chromium: Any, name: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = chromium.new_page()
    page.goto((packet / name).as_uri())
    assert Axe().run(page).response["violations"] == []
    page.close()


def test_the_file_is_in_order() -> None:
    assert not [p for p in check.problems() if p.file.name == "course-metadata.yaml"]
    assert course_metadata.load().authors == "The Earned Security authors"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("level: intermediate", "level: easy", "must be one of"),
        ("  - id: fees\n", "  - id: complaints\n", "'complaints' stands twice"),
        ("authors: The Earned Security authors", "authors: Somebody", "authors"),
        ("title: Earned Security\n", "credits: 20\n", "credits"),
        ("    answer: number", "    answer: hours", "must be one of"),
    ],
)
def test_a_mistake_is_named_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, said: str
) -> None:
    text = (source.DATA / "course-metadata.yaml").read_text("utf-8")
    assert old in text
    (tmp_path / "course-metadata.yaml").write_text(text.replace(old, new, 1), "utf-8")
    monkeypatch.setenv("EARNED_SECURITY_LOCAL", str(tmp_path))
    found = [p for p in check.problems() if p.file == tmp_path / "course-metadata.yaml"]
    assert any(said in problem.message for problem in found), found


def test_dates_come_from_the_modules() -> None:
    modules = list(COURSE.modules.values())
    assert isinstance(course_metadata.released(modules), date)
    assert course_metadata.released(modules) <= course_metadata.review_due(modules)
