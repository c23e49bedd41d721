"""Explorers in Python: what the page is given, what a kernel computes, which mistakes are named."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from earned_security import models
from earned_security.assessment.responses import Responses
from earned_security.curriculum import source
from earned_security.interactive import check, explorer

FILE = "explorers/learning-what-is-safe.yaml"
IDS = explorer.explorer_ids()


def drawn(content: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Settings that a reader can reach."""
    values: dict[str, st.SearchStrategy[Any]] = {}
    for name, allowed in explorer.domain(content["parameters"]).items():
        if isinstance(allowed, models.Choice):
            values[name] = st.sampled_from(allowed.values)
        elif allowed.whole:
            values[name] = st.integers(int(allowed.minimum), int(allowed.maximum))
        else:
            values[name] = st.floats(allowed.minimum, allowed.maximum)
    return st.fixed_dictionaries(values)


def test_the_first_explorer_is_there() -> None:
    assert "learning-what-is-safe" in IDS


@pytest.mark.parametrize("explorer_id", IDS)
def test_content_is_public_json_and_light(explorer_id: str) -> None:
    content = explorer.content(explorer_id)
    assert content["id"] == explorer_id
    assert (content["kind"], content["compute"]) == ("explorer", "page")
    assert len(json.dumps(content, allow_nan=False)) < 30_000
    assert content["limits"] and content["label"]
    assert all(claim["works"] and claim["caveat"] for claim in content["claims"])


@pytest.mark.parametrize("explorer_id", IDS)
def test_the_figure_is_a_template_without_numbers_or_colours(explorer_id: str) -> None:
    figure = explorer.content(explorer_id)["figure"]
    for trace in figure["data"]:
        assert "x" not in trace and "y" not in trace
        assert {"x", "y", "colour"} <= set(trace["meta"])
        assert "color" not in trace.get("line", {}) and "color" not in trace.get("marker", {})
    named = [trace for trace in figure["data"] if trace.get("showlegend", True)]
    shapes = {(t["mode"], t.get("line", {}).get("dash"), t.get("marker", {}).get("symbol")) for t in named}
    assert len(shapes) == len(named), "told apart by colour alone"


@pytest.mark.parametrize("explorer_id", IDS)
def test_every_reading_can_be_completed_at_every_setting(explorer_id: str) -> None:
    content = explorer.content(explorer_id)

    @settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
    @given(drawn(content))
    def completes(values: dict[str, Any]) -> None:
        result = explorer.compute(content, values)
        sentence = content["readings"][result["regime"]]
        known = set(result["quantities"]) | {n for n, value in values.items() if not isinstance(value, str)}
        assert {name for _, name, _, _ in Formatter().parse(sentence) if name} <= known
        columns = [result["series"][column["series"]] for column in content["table"]]
        assert len({len(column) for column in columns}) == 1
        json.dumps(result, allow_nan=False)

    completes()


@pytest.mark.parametrize("explorer_id", IDS)
def test_a_value_outside_what_the_reader_may_set_is_refused_with_the_range(explorer_id: str) -> None:
    content = explorer.content(explorer_id)
    for parameter in content["parameters"]:
        for beyond in [parameter["max"] + 1, parameter["min"] - 1] if "min" in parameter else ["nothing"]:
            with pytest.raises(ValueError, match=parameter["name"].replace("_", " ")) as refused:
                explorer.compute(content, {**explorer.defaults(content), parameter["name"]: beyond})
            if "min" in parameter:
                assert f"from {parameter['min']:g} to {parameter['max']:g}" in str(refused.value)


def test_a_kernel_answers_with_the_parameters_it_computed(tmp_path: Path) -> None:
    content = explorer.content("learning-what-is-safe")
    shown = explorer.Explorer(content, Responses(tmp_path / "progress.json"))
    assert shown.content["compute"] == "kernel"
    assert shown.result["parameters"] == explorer.defaults(content)
    changed = {**explorer.defaults(content), "consistency": 100}
    shown.parameters = changed
    assert shown.result == {**explorer.compute(content, changed), "parameters": changed}
    shown.parameters = {**changed, "eta": 7}
    assert shown.result["problem"] == "The parameter eta must be from 0 to 1; 7 is not."
    assert "series" not in shown.result


def test_a_page_that_asks_is_answered_before_its_settings_are_noted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = explorer.content("learning-what-is-safe")
    shown = explorer.Explorer(content, Responses(tmp_path / "progress.json"))
    sent: list[Any] = []
    monkeypatch.setattr(shown, "send", sent.append)
    monkeypatch.setattr(shown, "send_state", lambda names=None: sent.append(set(names or ())))
    changed = {**explorer.defaults(content), "consistency": 100}
    for _ in range(2):
        shown._handle_custom_msg({"type": "run", "parameters": changed}, [])
    result = {**explorer.compute(content, changed), "parameters": changed}
    assert [each for each in sent if each] == [
        {"type": "result", "result": result},
        {"parameters"},
        {"type": "result", "result": result},
    ]
    for other in ({"type": "run"}, {"type": "run", "parameters": None}, {"type": "other"}, "run"):
        shown._handle_custom_msg(other, [])
    assert shown.parameters == changed


def test_an_explorer_that_is_not_there() -> None:
    with pytest.raises(KeyError):
        explorer.content("no-such-explorer")


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("copy") / "data"
    shutil.copytree(source.DATA, copy)
    return copy


@pytest.fixture
def data(copied: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the data to plant mistakes in."""
    shutil.copy(source.DATA / FILE, copied / FILE)
    monkeypatch.setattr(source, "DATA", copied)
    return copied


def test_the_explorers_have_no_problem() -> None:
    assert check.problems() == []


MISTAKES = {
    "not YAML": ("toy: false", "toy: [", "not valid YAML", None),
    "a field that is not known": ("toy: false", "toy: false\ncolour: red", "Not a known field", None),
    "a missing field": ("limits: |", "caveats: |", "no limits", None),
    "an unknown model": ("model: threat-learning", "model: wishful-thinking", "not a known model", 0),
    "an unknown figure": ("figure: learning-what-is-safe", "figure: a-drawing", "not a known figure", 0),
    "an unknown claim": ("latent-cause-account", "cause-account", "'cause-account' is not a known claim", 0),
    "an unknown series": ("series: danger_followed", "series: danger", "'danger' is not a series", 0),
    "an unknown quantity": (
        "{end_mixed} at the",
        "{the_end} at the",
        "'{the_end}' is neither a quantity",
        -1,
    ),
    "a number in no known form": ("{end_mixed} at the", "{end_mixed:9} at the", "is no form", -1),
    "an open brace": ("{end_mixed} at the", "{end_mixed at the", "brace is open", -1),
    "an unknown regime": ("  kept-settles: >-", "  kept-well: >-", "'kept-well' is not a regime", 0),
    "a regime without a reading": (
        "  kept-settles: >-",
        "  kept-well: >-",
        "'kept-settles' has no reading",
        None,
    ),
    "a start outside its range": ("value: 75", "value: 175", "'consistency' starts at 175", 0),
    "a preset outside its range": ("{consistency: 90}", "{consistency: 190}", "from 0 to 100", 0),
    "a preset that sets nothing known": (
        "{consistency: 90}",
        "{constancy: 90}",
        "'constancy' is not a param",
        0,
    ),
    "a range beyond the equations": ("max: 100", "max: 110", "goes beyond", None),
    "an unknown parameter": ("- name: pause", "- name: rest", "no parameter 'rest'", 0),
    "a parameter that is missing": ("- name: pause", "- name: rest", "needs the parameter 'pause'", None),
    "a range the wrong way round": ("min: 0.05", "min: 2.05", "below the largest", 0),
    "a condition that cannot hold": ("when: {model: pearce-hall}", "when: {model: x}", "is never 'x'", 0),
    "two presets of one name": ("id: like-a-coin", "id: every-time", "'every-time' stands twice", 0),
    "two right predictions": ("text: Stay where", "right: true\n      text: Stay where", "exactly one", None),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_named_with_file_and_line(data: Path, mistake: str) -> None:
    old, new, message, offset = MISTAKES[mistake]
    text = (data / FILE).read_text(encoding="utf-8")
    place = text.index(old)
    (data / FILE).write_text(text.replace(old, new, 1), encoding="utf-8")
    found = [problem for problem in check.problems() if message in problem.message]
    assert found, [str(problem) for problem in check.problems()]
    assert all(problem.file == data / FILE for problem in found)
    if offset is not None:
        assert found[0].line == text.count("\n", 0, place) + 1 + offset


def test_all_mistakes_are_named_in_one_run(data: Path) -> None:
    text = (data / FILE).read_text(encoding="utf-8")
    for name in (
        "an unknown claim",
        "an unknown series",
        "a preset outside its range",
        "a start outside its range",
    ):
        text = text.replace(MISTAKES[name][0], MISTAKES[name][1], 1)
    (data / FILE).write_text(text, encoding="utf-8")
    assert len(check.problems()) == 4


def test_a_model_without_a_twin_is_named(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "twins.js").write_text("export const twins = {};", encoding="utf-8")
    monkeypatch.setattr(check, "STATIC", tmp_path)
    wanted = {f"'{explorer.content(name)['model']}' has no twin in static/models/twins.js." for name in IDS}
    assert {problem.message for problem in check.problems()} == wanted
