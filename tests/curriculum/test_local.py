"""An institution's own folder: routes of its place, cases of its own."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from earned_security import cases
from earned_security.cases import check as cases_check
from earned_security.curriculum import check, source

TESTS = Path(__file__).parents[1]


@pytest.fixture
def local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "ours"
    (folder / "cases").mkdir(parents=True)
    monkeypatch.setenv("EARNED_SECURITY_LOCAL", str(folder))
    return folder


ROUTES = """locale: Exampleshire
read_by: the training lead
read_on: "2026-11-01"
local_crisis_route: the county's crisis team
routes:
  - {id: emergency, title: Now, text: Ring the emergency number.}
  - {id: emergency-department, title: Go, text: Go to the county hospital with somebody.}
  - {id: helpline, title: Talk, text: The county line answers by day and by night.}
  - {id: own-service, title: Yours, text: Use your own plan.}
  - {id: somebody-else, title: Others, text: Speak to the safeguarding lead today.}
"""


def test_a_places_routes_reach_every_case(local: Path) -> None:
    (local / "crisis-routes.yaml").write_text(ROUTES, encoding="utf-8")
    assert check.problems() == []
    case = cases.load("tomasz")
    assert [route.title for route in case.crisis_routes] == ["Now", "Go", "Talk", "Yours", "Others"]
    assert "the county's crisis team" in str(case.scenes) and "local emergency number" not in str(case.scenes)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("id: helpline", "id: own-service", "There is no route 'helpline': who can be spoken to today"),
        ("read_by: the training lead\n", "", "'read_by' is missing"),
        ('read_on: "2026-11-01"\n', "", "'read_on' is missing"),
        (
            "the county's crisis team",
            "the <crisis team>",
            "'<crisis team>' looks as if it waits to be filled in",
        ),
        ("Ring the emergency number.", "TODO", "'TODO' looks as if it waits to be filled in"),
        ("The county line", "The line ___", "'___' looks as if it waits to be filled in"),
    ],
)
def test_what_a_places_routes_lack_is_named_with_its_line(
    local: Path, old: str, new: str, message: str
) -> None:
    assert old in ROUTES
    file = local / "crisis-routes.yaml"
    file.write_text(ROUTES.replace(old, new, 1), encoding="utf-8")
    found = [problem for problem in check.problems() if message in problem.message]
    assert found and found[0].file == file
    if new and "looks as if" in message:
        assert new in file.read_text(encoding="utf-8").splitlines()[found[0].line - 1]


def test_the_public_routes_name_no_number_and_wait_for_nothing() -> None:
    assert source.read("crisis-routes")["locale"] == "anywhere"
    texts = " ".join(route["text"] for route in source.read("crisis-routes")["routes"])
    assert not any(letter.isdigit() for letter in texts)
    assert "international directories" in texts


def test_a_private_case_is_a_case_like_any_other(local: Path) -> None:
    text = source.path_of("cases/tomasz").read_text(encoding="utf-8").replace("id: tomasz", "id: ours", 1)
    (local / "cases" / "ours.yaml").write_text(text, encoding="utf-8")
    shutil.copy(source.path_of("cases/tomasz.walks"), local / "cases" / "ours.walks.yaml")
    assert "ours" in cases.case_ids()
    assert cases.load("ours").first_scene == cases.load("tomasz").first_scene
    ours = [problem for problem in cases_check.problems() if problem.file.is_relative_to(local)]
    assert ours == []
    (local / "cases" / "ours.yaml").write_text(
        text.replace("next: c1d2", "next: nowhere", 1), encoding="utf-8"
    )
    assert [p.message for p in cases_check.problems() if p.file == local / "cases" / "ours.yaml"] == [
        "Option 'sleep-history' of scene 'c1d1' leads to 'nowhere', which is no scene."
    ]
