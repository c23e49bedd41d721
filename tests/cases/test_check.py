"""Mistakes in case files: each gives one message, at the line where it stands."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from earned_security.cases import check
from earned_security.curriculum import Problem

DATA = Path(__file__).parent / "data"
CLAIMS, REFERENCES = {"small-claim"}, {"small2020", "small2021"}


def problems(folder: Path) -> list[Problem]:
    return check.problems(folder, CLAIMS, REFERENCES)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return shutil.copytree(DATA, tmp_path / "data")


def test_the_small_case_has_no_problem() -> None:
    assert problems(DATA) == []


def test_the_cases_of_the_curriculum_have_no_problem() -> None:
    assert check.problems() == []


@dataclass(frozen=True)
class Mistake:
    """``old`` becomes ``new`` in ``file``; one message with ``words`` stands at the line of ``at``."""

    old: str
    new: str
    words: str
    at: str
    file: str = "small"


EFFECTS = "        effects: {alliance: 1, trust: 1, client_arousal: 0, therapist_arousal: 0}\n"
MISTAKES = {
    "missing effects": Mistake(EFFECTS, "", "steady has no effects", "- id: steady"),
    "an effect too few": Mistake(
        ", therapist_arousal: 0}\n        response", "}\n        response", "therapist", "effects: {"
    ),
    "an effect too large": Mistake(
        "{alliance: 1, trust: 1,", "{alliance: 3, trust: 1,", "maximum of 2", "alliance: 3"
    ),
    "an unknown quality": Mistake("quality: preferred", "quality: fine", "must be one of", "quality: fine"),
    "no rationale": Mistake(
        "        rationale: Why steady is preferred.\n", "", "has no rationale", "- id: steady"
    ),
    "no response": Mistake(
        "        response: The client answers steady.\n", "", "has no response", "- id: steady"
    ),
    "no content note": Mistake(
        "content_note: Nothing that could disturb.\n", "", "has no content_note", "id: small"
    ),
    "an unknown field": Mistake("id: small\n", "id: small\nmood: low\n", "Not a known field", "id: small"),
    "an unknown next": Mistake("next: two", "next: tow", "leads to 'tow'", "next: tow"),
    "an unknown start": Mistake(
        "start: {scene: one", "start: {scene: none", "no scene 'none'", "start: {scene: none"
    ),
    "no next": Mistake("        next: two\n", "", "leads nowhere", "- id: steady"),
    "an unknown conditional next": Mistake(
        "scene: four-b\n", "scene: four-c\n", "leads to 'four-c'", "scene: four-c"
    ),
    "a way into the safety branch": Mistake("next: two", "next: sb2", "enters_safety: true", "next: sb2"),
    "a dead end": Mistake("    ending: good\n", "", "dead end", "- id: e-good"),
    "an ending with options": Mistake(
        "    ending: good\n", "    ending: good\n    returns: true\n", "as well", "- id: e-good"
    ),
    "an unreachable scene": Mistake(
        "  - id: e-good\n",
        "  - id: lost\n    title: Lost\n    text: Lost.\n    ending: poor\n  - id: e-good\n",
        "'lost' can never be reached",
        "- id: lost",
    ),
    "an unreachable option": Mistake(
        "when: {chosen: [four/accept, four-b/accept]}",
        "when: {all: [{chosen: one/cold}, {chosen: one/steady}]}",
        "'late-repair' of scene 'six' can never be reached",
        "- id: late-repair",
    ),
    "a condition on an unknown choice": Mistake(
        "chosen: one/cold", "chosen: one/warm", "'one/warm' is no", "one/warm"
    ),
    "a condition without a bound": Mistake(
        "trust, at_least: 3", "trust", "needs at_least", "when: {any: [{value: trust}"
    ),
    "a condition of two kinds": Mistake(
        "{chosen: one/cold}", "{chosen: one/cold, not: {chosen: one/cold}}", "exactly one", "not: {"
    ),
    "an unknown claim": Mistake("small-claim", "smal-claim", "not in the evidence ledger", "smal-claim"),
    "an unknown citation": Mistake(
        "citations: [small2020]", "citations: [small1999]", "bibliography", "small1999"
    ),
    "an unknown reference": Mistake(
        "references: [small2020]", "references: [small1999]", "bibliography", "small1999"
    ),
    "a scene twice": Mistake(
        "  - id: e-poor\n",
        "  - id: e-good\n    title: T\n    text: T\n    ending: good\n  - id: e-poor\n",
        "'e-good' stands twice",
        "  - id: e-good\n    title: T\n",
    ),
    "an option twice": Mistake(
        "- id: promise",
        "- id: let-it-pass",
        "stands twice",
        "- id: let-it-pass\n        text: The therapist chooses p",
    ),
    "a kept word as an id": Mistake(
        "- id: hint", "- id: return", "kept for the safety branch", "- id: return", "safety"
    ),
    "no poor option": Mistake("quality: poor\n", "quality: defensible\n", "no poor option", "- id: one"),
    "a missing word": Mistake("  named_person: her sister\n", "", "named_person", "words:"),
    "an unfilled placeholder": Mistake(
        "The text of one.", '"The text of {nobody}."', "'{nobody}'", "{nobody}"
    ),
    "an unfilled placeholder in the branch": Mistake(
        "[[interpreter:  {interpreter} waits.]]", "{interpreter}", "which has none", "{interpreter}", "safety"
    ),
    "a passage that is not closed": Mistake("stops.]]", "stops.", "not closed", "stops.", "safety"),
    "a failure with a next": Mistake(
        "enters_safety: true", "safety_failure: Stop.", "has no next", "next: six"
    ),
    "an older version that is newer": Mistake(
        "oldest_loadable_version: 2", "oldest_loadable_version: 4", "newer", "oldest"
    ),
    "no debrief prompts": Mistake(
        'prompts: ["What did you notice?", "What would you try?"]', "prompts: []", "empty", "prompts: []"
    ),
    "an id that is not the file's": Mistake("id: small\n", "id: tiny\n", "file's name", "id: tiny"),
    "text that is not YAML": Mistake("people:\n", "people: [\n", "not valid YAML", "  - {name: Ada"),
    "a branch that does not return": Mistake(
        "    returns: true\n", "", "dead end", "- id: sb-close", "safety"
    ),
    "a branch with an unknown reference": Mistake(
        "[small2021]", "[small1999]", "bibliography", "small1999", "safety"
    ),
    "a walk to the wrong scene": Mistake(
        "expect: {scene: four-b",
        "expect: {scene: four",
        "'four' is expected",
        "- choose: steady\n      expect: {scene: four",
        "small.walks",
    ),
    "a walk with a wrong value": Mistake(
        "trust: -3", "trust: -2", "-2 is expected", "- choose: cold\n      expect: {alliance", "small.walks"
    ),
    "a walk with an unknown choice": Mistake(
        "choose: hint", "choose: hind", "not one of its options", "choose: hind", "small.walks"
    ),
    "a walk with a wrong end": Mistake(
        "ends: e-poor", "ends: e-good", "'e-good' is expected", "ends: e-good\n- name: a late", "small.walks"
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_gives_one_message_at_its_line(folder: Path, name: str) -> None:
    mistake = MISTAKES[name]
    path = folder / "cases" / f"{mistake.file}.yaml"
    text = path.read_text(encoding="utf-8")
    assert mistake.old in text
    changed = text.replace(mistake.old, mistake.new, 1)
    path.write_text(changed, encoding="utf-8")
    found = problems(folder)
    assert len(found) == 1, found
    assert found[0].file == path and mistake.words in found[0].message
    position = changed.index(mistake.at)
    assert found[0].line == changed.count("\n", 0, position) + 1


SMALL = (DATA / "cases" / "small.yaml").read_text(encoding="utf-8")
HEAD, BODY = SMALL.split("scenes:\n")
MALFORMED = {
    "an empty file": (b"# to be written\n", 1, "This file is empty"),
    "prose": (b"Once there was a client.\n", 1, "holds only text"),
    "walks in place of the case": ((DATA / "cases" / "small.walks.yaml").read_bytes(), 1, "holds a list"),
    "another encoding": (SMALL.replace("Ada", "Ad\u00e9").encode("latin-1"), 1, "cannot be read as text"),
    "a tab": (SMALL.replace("  - {name: Ada", "\t- {name: Ada").encode(), 11, "not valid YAML"),
    "a title with a colon": (
        SMALL.replace("A small case\n", "Ada: a case\n", 1).replace("# A", "# Ada").encode(), 5, "not valid YAML"
    ),
    "two cases in one file": ((SMALL + "---\nid: two\n").encode(), SMALL.count("\n") + 1, "another document"),
    "a field twice": ((SMALL + "version: 3\n").encode(), SMALL.count("\n") + 1, "'version' stands twice"),
    "no scenes": ((HEAD + BODY[BODY.index("debrief:") :]).encode(), 2, "small has no scenes"),
    "scenes that are no list": (
        (HEAD + "scenes: {one: two}\n" + BODY[BODY.index("debrief:") :]).encode(), HEAD.count("\n") + 1, "'scenes'"
    ),
    "a file cut off at the end": (SMALL[: SMALL.index("\ndebrief:") + 1].encode(), 2, "small has no debrief"),
    "a line too far in": (SMALL.replace("start: {", " start: {").encode(), 21, "not valid YAML"),
}  # fmt: skip


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_file_gets_one_clear_message_with_file_and_line(folder: Path, name: str) -> None:
    written, line, words = MALFORMED[name]
    path = folder / "cases" / "small.yaml"
    path.write_bytes(written)
    found = problems(folder)
    assert [(problem.file, problem.line) for problem in found] == [(path, line)], found
    assert words in found[0].message and len(found[0].message) < 160


def test_walks_that_are_no_list_get_one_message(folder: Path) -> None:
    path = folder / "cases" / "small.walks.yaml"
    path.write_text("name: the best path\n", encoding="utf-8")
    (found,) = problems(folder)
    assert (found.file, found.line) == (path, 1) and "Walks are written as a list" in found.message


def change(folder: Path, edit: Any, file: str = "small") -> list[Problem]:
    path = folder / "cases" / f"{file}.yaml"
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    edit(data)
    path.write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
    return problems(folder)


def test_a_scene_whose_options_are_all_conditional_is_a_dead_end_on_some_paths(folder: Path) -> None:
    def edit(data: Any) -> None:
        for option in data["scenes"][1]["options"]:
            option["when"] = {"chosen": "one/cold"}

    found = change(folder, edit)
    assert any("dead end on some paths" in problem.message for problem in found)


def test_a_last_way_or_text_with_a_condition_is_named(folder: Path) -> None:
    def edit(data: Any) -> None:
        data["scenes"][1]["text"].pop()
        data["scenes"][2]["options"][0]["next"].reverse()

    messages = [problem.message for problem in change(folder, edit)]
    assert len(messages) == 2 and all("needs no condition" in message for message in messages)


def test_rupture_repair_and_eight_decisions_are_required(folder: Path) -> None:
    def edit(data: Any) -> None:
        by_id = {scene["id"]: scene for scene in data["scenes"]}
        data["scenes"] = [scene for scene in data["scenes"] if scene["id"] not in ("seven", "four-b")]
        by_id["three"]["options"][0]["next"] = "four"
        by_id["six"]["options"].pop()
        by_id["eight"]["options"][0]["next"] = "e-good"
        for option in by_id["six"]["options"]:
            option["next"] = "eight"
        by_id["eight"]["options"][1]["next"][1]["scene"] = "e-mixed"
        for scene in data["scenes"]:
            scene.pop("marks", None)
            for option in scene.get("options", ()):
                option.pop("marks", None)

    (folder / "cases" / "small.walks.yaml").write_text(
        yaml.safe_dump(
            [
                {
                    "name": "w",
                    "ends": "e-good",
                    "steps": [
                        {"choose": c}
                        for c in (
                            "steady",
                            "steady",
                            "steady",
                            "own-it",
                            "ask",
                            "ask",
                            "decide",
                            "plan",
                            "return",
                            "steady",
                            "steady",
                        )
                    ],
                }
            ]
        )
    )
    messages = [problem.message for problem in change(folder, edit)]
    assert len(messages) == 3
    for words in ("7 decisions", "no rupture", "no repair"):
        assert any(words in message for message in messages)


def test_missing_files_are_named(folder: Path) -> None:
    (folder / "cases" / "small.walks.yaml").unlink()
    (folder / "cases" / "safety.yaml").unlink()
    assert sorted(problem.file.name for problem in problems(folder)) == ["safety.yaml", "small.walks.yaml"]


def test_mistakes_in_every_file_are_named_in_one_run(folder: Path) -> None:
    planted = (
        "missing effects",
        "an unknown next",
        "an unknown claim",
        "an unknown reference",
        "no poor option",
        "an unfilled placeholder in the branch",
        "a branch with an unknown reference",
    )
    for name in planted:
        path = folder / "cases" / f"{MISTAKES[name].file}.yaml"
        text = path.read_text(encoding="utf-8")
        assert MISTAKES[name].old in text
        path.write_text(text.replace(MISTAKES[name].old, MISTAKES[name].new, 1), encoding="utf-8")
    messages = "\n".join(problem.message for problem in problems(folder))
    for name in planted:
        assert MISTAKES[name].words in messages


def nodes(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *(place for name, entry in inner for place in nodes(entry, (*at, name)))]


JUNK: list[Any] = [None, 7, "", "junk", [], [[]], {}, {"id": []}, ["junk", 7], {"when": 7}, True]


@settings(deadline=None, max_examples=40)
@given(
    pick=st.integers(0, 1000),
    junk=st.sampled_from(JUNK),
    file=st.sampled_from(["small", "safety", "small.walks"]),
)
def test_no_content_makes_the_check_itself_fail(
    tmp_path_factory: pytest.TempPathFactory, pick: int, junk: Any, file: str
) -> None:
    folder = shutil.copytree(DATA, tmp_path_factory.mktemp("junk") / "data")
    path = folder / "cases" / f"{file}.yaml"
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    places = nodes(data)[1:]
    place = places[pick % len(places)]
    holder = data
    for name in place[:-1]:
        holder = holder[name]
    holder[place[-1]] = junk
    path.write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
    assert all(problem.file.parent == folder / "cases" and problem.line >= 1 for problem in problems(folder))
