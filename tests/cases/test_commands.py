"""`earned case`: drawing, playing in the terminal, walking by chance."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from earned_security import cases, cli
from earned_security.cases import commands, drawing, walks

DATA = Path(__file__).parent / "data" / "cases"
SMALL = str(DATA / "small.yaml")


@pytest.mark.parametrize("case_id", cases.case_ids())
def test_a_drawing_has_every_scene_and_every_way(case_id: str) -> None:
    case = cases.load(case_id)
    drawn = drawing.draw(case)
    ElementTree.fromstring(drawn)
    own = [scene for scene in case.scenes.values() if not scene.safety]
    boxes = {scene for row in drawing.rows(case) for scene in row}
    assert boxes - {case.safety_scene} == {scene.id for scene in own}
    assert drawn.count("<rect") == len(boxes)
    ways = {
        (scene.id, option.quality, target)
        for scene in own
        for option in scene.options
        for target in [way.scene for way in option.ways] + [case.safety_scene] * option.enters_safety
    }
    assert drawn.count("<circle") == len(ways)


def test_a_later_scene_stands_below_every_scene_that_leads_to_it_forwards() -> None:
    case = cases.load("tomasz")
    row = {scene: number for number, scenes in enumerate(drawing.rows(case)) for scene in scenes}
    order = list(case.scenes)
    for scene in (one for one in case.scenes.values() if not one.safety):
        for way in (way for option in scene.options for way in option.ways):
            if order.index(way.scene) > order.index(scene.id):
                assert row[way.scene] > row[scene.id]


def test_draw_writes_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["case", "draw", "tomasz", "--output", str(tmp_path / "t.svg")]) == 0
    assert (tmp_path / "t.svg").read_text(encoding="utf-8") == drawing.draw(cases.load("tomasz"))
    assert "open it in a web browser" in capsys.readouterr().out


def test_walk_says_how_often_each_scene_and_option_is_reached(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["case", "walk", "tomasz", "--random", "50", "--seed", "3"]) == 0
    said = capsys.readouterr().out
    case = cases.load("tomasz")
    assert said.startswith("50 plays, ")
    for scene in case.scenes.values():
        assert f"  {scene.id}  " in said
        assert all(f"  {option.id} (" in said for option in scene.options)
    plays = [walks.random_play(case, 3 + number) for number in range(50)]
    share = sum(bool(play.saturations) for play in plays) / 50
    assert f"{share:.1%} reach an end of the scale" in said
    ends = sorted(play.values.trust for play in plays)
    spread = re.search(r"trust +(-?\d+) .* (-?\d+)\n", said)
    assert spread and [int(spread[1]), int(spread[2])] == [ends[0], ends[-1]]
    assert list(commands.account(case, plays)) == list(commands.account(case, plays))


def test_a_case_is_played_in_the_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = iter(["nonsense", "99", "1", "u", "s", "s", "q"])
    monkeypatch.setattr("builtins.input", lambda prompt: next(answers))
    case = cases.load("tomasz")
    first = case.scenes[case.first_scene]
    assert cli.main(["case", "play", "tomasz"]) == 0
    said = capsys.readouterr().out
    assert said.count("Please answer with a number from 1 to 4") == 2
    assert first.options[0].response.strip() in said and first.options[0].rationale.strip() in said
    assert "This is the safety branch already." in said
    assert said.count(f"== {first.title}") == 2, "undo shows the scene again"


def test_a_file_with_mistakes_gets_its_lines_and_a_wrong_name_the_right_ones(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "broken.yaml").write_text("id: broken\nversion: one\n", encoding="utf-8")
    assert cli.main(["case", "walk", str(tmp_path / "broken.yaml")]) == 1
    said = capsys.readouterr().err
    assert "broken.yaml:2: 'version' must be a" in said and "has no" in said
    assert cli.main(["case", "walk", "no-such-case"]) == 1
    assert "The course's cases:" in capsys.readouterr().out
