"""What a learner hands in of a module: valid xAPI by an independent library, from their own file, with nothing they did not mean."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from strategies import best_play, case_of, right

from earned_security import cli, curriculum
from earned_security.assessment.items import split
from earned_security.curriculum import source
from earned_security.teaching import TeachingError
from earned_security.teaching.bank import Bank
from earned_security.teaching.export import xapi
from earned_security.teaching.export.xapi import Learner

from . import from_npm

ADL = "http://adlnet.gov/expapi/verbs/"
ANN = Learner("Ann Example", "ann@example.org")
SECRET = "What I wrote for myself alone"


def answers(module: xapi.Module) -> dict[str, Any]:
    """All self-checks of a module, answered rightly; texts with words of one's own."""
    entries = {}
    for number, entry in enumerate(source.read(f"self-checks/{module.number:02}-{module.id}")):
        item, key = split(entry)
        name, value = (
            ("play", best_play(case_of(item))) if item.type == "play-case" else ("answer", right(item, key))
        )
        value = SECRET if item.type == "free-text" else value
        entries[f"{item.id}/{name}"] = {"value": value, "time": 1_800_000_000_000 + number}
    return entries


def folder(place: Path, entries: dict[str, Any]) -> Path:
    (place / "modules").mkdir(parents=True)
    text = json.dumps(
        {"schema_version": 1, "assignment": None, "course_version": "0.1.0", "entries": entries}
    )
    (place / "modules" / "progress.json").write_text(text, "utf-8")
    return place


def said(place: Path, module: xapi.Module, **options: Any) -> list[dict[str, Any]]:
    return xapi.statements(module, xapi.read(place / "modules" / "progress.json", module), ANN, **options)


@pytest.fixture(scope="module")
def all_done(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    """The statements of every module, all self-checks answered, by the module's id."""
    found = {}
    for module in curriculum.load().modules.values():
        place = folder(tmp_path_factory.mktemp("learner") / module.id, answers(module))
        found[module.id] = said(place, module, texts=True)
    return found


def test_a_finished_module_is_completed_and_each_self_check_answered(
    all_done: dict[str, list[dict[str, Any]]],
) -> None:
    for name, statements in all_done.items():
        module = curriculum.load().modules[name]
        *checks, last = statements
        assert len(checks) == len(answers(module))
        assert {one["verb"]["id"] for one in checks} == {f"{ADL}answered"}
        assert last["verb"]["id"] == f"{ADL}completed" and last["result"] == {"completion": True}
        for one in checks:
            score = one["result"].get("score")
            assert score is None or (score["raw"] == score["max"] and score["scaled"] == 1), one["object"][
                "id"
            ]


def test_an_independent_library_finds_every_statement_valid(
    all_done: dict[str, list[dict[str, Any]]], tmp_path: Path
) -> None:
    if not shutil.which("node"):
        pytest.skip("node was not found.")
    modules = from_npm.fetch(tmp_path, "@learninglocker/xapi-validation", "lodash", "rulr")
    statements = [one for each in all_done.values() for one in each]
    partly = dict(list(answers(xapi.find_module("4")).items())[:3])
    statements += said(folder(tmp_path / "partly", partly), xapi.find_module("4"))
    wrong = {**statements[0], "verb": {"id": "answered"}}
    (tmp_path / "statements.json").write_text(json.dumps({"good": statements, "wrong": [wrong]}))
    script = f"""
      const validate = require({json.dumps(str(modules / "@learninglocker/xapi-validation"))}).default;
      const all = JSON.parse(require("fs").readFileSync("statements.json"));
      const faults = (list) => list.flatMap((one) => validate(one).map(String));
      console.log(JSON.stringify({{ good: faults(all.good), wrong: faults(all.wrong).length }}));
    """
    done = subprocess.run(
        ["node", "-e", script], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert len(statements) > 100 and found["good"] == []
    assert found["wrong"] > 0  # the library does look


def test_what_is_not_answered_keeps_the_module_from_being_completed(tmp_path: Path) -> None:
    module = xapi.find_module("4")
    entries = answers(module)
    erased = next(iter(entries))
    entries[erased] = {**entries[erased], "value": None}
    last = said(folder(tmp_path, entries), module)[-1]
    assert last["verb"]["id"] == f"{ADL}progressed"
    assert last["result"]["completion"] is False
    assert last["result"]["extensions"][xapi._PROGRESS] == 100 * (len(entries) - 1) // len(entries)


def test_a_wrong_answer_has_its_score_and_no_right_answer_beside_it(tmp_path: Path) -> None:
    entries = {"m4-sc-validation/answer": {"value": ["agree"], "time": 1_800_000_000_000}}
    one, _ = said(folder(tmp_path, entries), xapi.find_module("4"))
    assert one["result"]["score"]["scaled"] == 0 and one["result"]["success"] is False
    assert one["result"]["response"] == "agree"
    assert "correctResponsesPattern" not in json.dumps(one)


def test_what_was_written_freely_stays_out_unless_asked_for(all_types: Bank) -> None:
    item, key = next(pair for pair in all_types.items if pair[0].type == "free-text")
    done = [xapi.Done(item, key, {"value": SECRET, "time": 1_800_000_000_000})]
    module = xapi.find_module("4")
    shy, open_ = (xapi.statements(module, done, ANN, texts) for texts in (False, True))
    assert SECRET not in json.dumps(shy) and "result" not in shy[0]
    assert open_[0]["result"] == {"response": SECRET}


def test_where_nothing_is_judged_there_is_no_score(all_types: Bank) -> None:
    item, key = all_types.items[0]
    done = [xapi.Done(item, key, {"value": key.value, "time": 1_800_000_000_000}, judged=False)]
    assert xapi.statements(xapi.find_module("4"), done, ANN)[0]["result"] == {"response": key.value}


def test_the_same_file_gives_the_same_statements(tmp_path: Path) -> None:
    module = xapi.find_module("building-safety-and-trust")
    place = folder(tmp_path, answers(module))
    assert said(place, module) == said(place, module)
    ids = [one["id"] for one in said(place, module)]
    assert len(set(ids)) == len(ids)


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = folder(tmp_path / "learner", answers(xapi.find_module("4")))
    file = tmp_path / "handed-in.json"
    command = ["export", "xapi", str(place), "4", "--name", "Ann", "--to", str(file)]
    assert cli.main(command) == 0
    assert "Nothing was sent" in capsys.readouterr().out
    assert json.loads(file.read_text("utf-8"))[-1]["actor"]["account"]["name"] == "Ann"
    taken_along = place / "modules" / "progress.json"
    assert cli.main([*command[:2], str(taken_along), *command[3:]]) == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere", "4"], "was not found"),
        (["learner", "99"], "No module is called '99'"),
        (["learner", "4", "--mail", "not an address"], "is no mail address"),
        (["learner", "5"], "Nothing is answered yet"),
        (["damaged", "4"], "cannot be read"),
    ],
)
def test_what_goes_wrong_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    folder(tmp_path / "learner", {"m4-sc-validation/answer": {"value": ["agree"], "time": 1}})
    folder(tmp_path / "damaged", {})
    (tmp_path / "damaged/modules/progress.json").write_text("{")
    assert cli.main(["export", "xapi", str(tmp_path / arguments[0]), *arguments[1:]]) == 1
    assert words in capsys.readouterr().err


def test_a_module_has_a_number_and_a_name() -> None:
    assert xapi.find_module("04").id == xapi.find_module("building-safety-and-trust").id
    with pytest.raises(TeachingError, match="There are"):
        xapi.find_module("nothing")
