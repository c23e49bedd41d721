"""A new case from `earned case new`, and the guide for authors: what they show holds."""

from __future__ import annotations

import re
import shutil
import textwrap
from pathlib import Path

import pytest
import yaml

from earned_security import cases, cli
from earned_security.cases import check, commands, conditions, walks
from earned_security.curriculum import check as curriculum_check
from earned_security.curriculum import source

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "book" / "writing-a-case.md").read_text(encoding="utf-8")
CASE, WALKS = (commands.TEMPLATE[kind].read_text(encoding="utf-8") for kind in ("", ".walks"))


@pytest.fixture
def local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("EARNED_SECURITY_LOCAL", str(tmp_path / "ours"))
    return tmp_path / "ours"


def test_a_new_case_has_no_problem_and_goes_as_its_walks_say(local: Path) -> None:
    assert cli.main(["case", "new", "our-case"]) == 0
    assert sorted(path.name for path in (local / "cases").iterdir()) == [
        "our-case.walks.yaml",
        "our-case.yaml",
    ]
    assert check.problems() == []
    assert "our-case" in cases.case_ids()
    case = cases.load("our-case")
    endings = {play.scene for _, play in walks.paths(case, source.read("cases/our-case.walks"))}
    assert endings == {scene.id for scene in case.scenes.values() if scene.ending}
    plays = [walks.random_play(case, seed) for seed in range(500)]
    assert sum(bool(play.saturations) for play in plays) / 500 < 0.2


def test_the_template_uses_the_whole_format(local: Path) -> None:
    """So that an author finds every field there."""
    schema = (source.SCHEMA / "case.json").read_text(encoding="utf-8")
    others = {"properties", "items", "condition", "option", "citations", "returns"}
    fields = set(re.findall(r'"([a-z_]+)": \{', schema)) - others
    shown = CASE + "".join(re.findall(r"`\{.*?\}`", GUIDE))
    assert {field for field in fields if f"{field}:" not in shown} == set()


def test_a_new_case_never_overwrites(local: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["case", "new", "our-case"]) == 0
    file = local / "cases" / "our-case.yaml"
    file.write_text("mine\n", encoding="utf-8")
    assert cli.main(["case", "new", "our-case"]) == 1
    assert file.read_text(encoding="utf-8") == "mine\n"
    assert "it was left as it is" in capsys.readouterr().out
    file.unlink()
    assert cli.main(["case", "new", "our-case"]) == 1, "walks alone are somebody's work too"
    assert not file.exists()


@pytest.mark.parametrize("name", ["tomasz", "safety", "Our Case", "../claims", "", "a--b"])
def test_a_name_that_is_taken_or_no_name_writes_nothing(
    local: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert cli.main(["case", "new", name]) == 1
    assert not list(local.rglob("*")) and name in capsys.readouterr().out


def test_without_a_folder_of_its_own_a_case_goes_to_the_course(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("EARNED_SECURITY_LOCAL", raising=False)
    monkeypatch.setattr(source, "DATA", tmp_path)
    assert cli.main(["case", "new", "our-case"]) == 1, "an installed course has no text to write to"
    assert "EARNED_SECURITY_LOCAL" in capsys.readouterr().out
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "safety.yaml").write_text("id: safety\n", encoding="utf-8")
    assert cli.main(["case", "new", "our-case"]) == 0
    assert (tmp_path / "cases" / "our-case.walks.yaml").exists()


def blocks(language: str) -> list[str]:
    fenced = re.findall(r"^```(\w*)\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
    return [text for name, text in fenced if name == language]


def plain(text: str) -> str:
    """Without notes and indentation."""
    lines = [re.sub(r"\s+# .*$", "", line) for line in text.splitlines()]
    return textwrap.dedent(
        "\n".join(line for line in lines if line.strip() and not line.strip().startswith("#"))
    )


def test_every_example_of_the_guide_stands_in_the_template() -> None:
    examples = [block for block in blocks("yaml") if not block.startswith("locale:")]
    assert len(examples) >= 6
    inside = [plain(CASE), plain(WALKS)]
    for example in examples:
        lines = plain(example).splitlines()
        found = [
            [line.strip() for line in lines] == [line.strip() for line in whole[start : start + len(lines)]]
            for whole in (text.splitlines() for text in inside)
            for start in range(len(whole))
        ]
        assert any(found), example


def test_the_guides_conditions_are_conditions() -> None:
    written = [yaml.safe_load(text) for text in re.findall(r"`(\{.*?\})` \|", GUIDE)]
    assert {next(iter(condition)) for condition in written} == {"chosen", "value", "all", "any", "not"}
    template = yaml.safe_load(CASE)
    choices = {
        f"{scene['id']}/{option['id']}" for scene in template["scenes"] for option in scene.get("options", ())
    }
    for condition in written:
        for part in conditions.parts(condition):
            assert conditions.mistake(part) is None
            assert "chosen" not in part or set(conditions.choices(part)) <= choices


def test_the_guides_crisis_routes_hold(local: Path) -> None:
    local.mkdir()
    (routes,) = (block for block in blocks("yaml") if block.startswith("locale:"))
    (local / "crisis-routes.yaml").write_text(routes, encoding="utf-8")
    assert curriculum_check.problems() == []
    assert "the county's crisis team" in str(cases.load("tomasz").scenes)


def test_the_guides_commands_are_commands() -> None:
    given = [line for block in blocks("") for line in block.splitlines() if line.startswith("earned ")]
    assert len(given) >= 6
    for line in given:
        cli._parser().parse_args(line.split()[1:])


MISTAKES = {
    "has no effects": ("effects: {alliance: 0, trust: 0, client_arousal: 0, therapist_arousal: -1}\n", "\n"),
    "which is no scene": ("next: the-rupture", "next: the-ruptur"),
    "can never be reached": ("scene: e-good", "scene: e-mixed"),
    "is a dead end": ("    ending: good ", "    # ending: good "),
    "needs no condition": ("- text: There is time.", "- when: {chosen: first-minute/ask-openly}\n        text: There is time."),
    "is no scene/option of this case": ("first-minute/explain-everything", "explain-everything"),
    "is not in the evidence ledger": ("claims: [] ", "claims: [nothing-known] "),
    "Nothing is put in for": ("There is time.", "'There is time for {nobody}.'"),
    "stops before an ending": ("    - choose: look-back\n  ends: e-good", "  ends: last-scene"),
    "This is not valid YAML": ("title: The first minute", "title: The first minute: a beginning"),
}  # fmt: skip


def test_the_guide_quotes_what_the_check_says(tmp_path: Path) -> None:
    table = GUIDE.split("## What the check says")[1].split("\n## ")[0]
    assert re.findall(r"^\| `(.*?)` \|", table, re.MULTILINE) == list(MISTAKES)
    for message, (old, new) in MISTAKES.items():
        folder = tmp_path / message.replace("/", " ")
        (folder / "cases").mkdir(parents=True)
        for name in ("crisis-routes.yaml", "cases/safety.yaml"):
            shutil.copy(source.DATA / name, folder / name)
        for kind, text in (("", CASE), (".walks", WALKS)):
            changed = text.replace(old, new, 1).replace("NAME", "our-case")
            (folder / "cases" / f"our-case{kind}.yaml").write_text(changed, encoding="utf-8")
        found = check.problems(folder)
        assert any(message in problem.message for problem in found), (message, found)
