"""Words by their place: English, another language over it, an institution's own, and the wheel's JSON."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pseudo
import pytest
from hypothesis import given
from hypothesis import strategies as st

from earned_security import locale
from earned_security.curriculum import GRADES, source
from earned_security.interactive.piece import STATIC, bundle
from earned_security.locale import words

PACKAGE = Path(locale.__file__).parents[1]


def say(folder: Path, catalogue: str, text: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{catalogue}.yaml").write_text(text, encoding="utf-8")


@pytest.fixture
def german(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a language that is just begun, and in force."""
    monkeypatch.setenv("EARNED_SECURITY_LOCAL", str(tmp_path))
    monkeypatch.setenv(locale.LANGUAGE, "de")
    say(tmp_path / "locale" / "de", "pages", "ledger:\n  count: '{count} Aussagen'\n  grade: ''\n")
    return tmp_path / "locale" / "de"


def texts(data: Any) -> list[str]:
    if isinstance(data, (dict, list)):
        return [text for part in (data.values() if isinstance(data, dict) else data) for text in texts(part)]
    return [data]


def test_words_stand_in_their_places() -> None:
    assert words("pages.ledger.count", count=46) == "46 claims by grade"
    assert words("pages.ledger.count") == "{count} claims by grade"
    assert words("pages.piece", title="{count}") == "{count}: an interactive part of the book."
    assert len(locale.listed("pages.edition.months")) == 12
    with pytest.raises(KeyError, match=r"pages\.ledger\.nothing"):
        words("pages.ledger.nothing")
    with pytest.raises(KeyError):
        words("pages.ledger.count.deeper")


def test_what_a_language_does_not_say_is_english(german: Path) -> None:
    assert locale.languages() == ["de", "en"] and locale.language() == "de"
    assert words("pages.ledger.count", count=46) == "46 Aussagen"
    assert words("pages.ledger.grade") == "Grade", "nothing is said"
    assert words("pages.ledger.claims") == "Claims", "not there"
    assert words("paper.contents") == "Contents", "the whole catalogue is not there"


def test_a_text_in_place_of_a_group_or_a_list_is_not_taken(german: Path) -> None:
    say(german, "pages", "ledger: Verzeichnis\nedition:\n  months: [Januar, Februar]\n")
    assert words("pages.ledger.count", count=1) == "1 claims by grade"
    assert locale.listed("pages.edition.months")[0] == "January"


def test_an_institution_may_have_other_words_than_the_course(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EARNED_SECURITY_LOCAL", str(tmp_path))
    say(tmp_path / "locale" / "en", "pages", "ledger:\n  claims: Statements\n")
    assert words("pages.ledger.claims") == "Statements"
    assert words("pages.ledger.grade") == "Grade"


@pytest.mark.parametrize("wanted", ["", "xx", "../locale"])
def test_a_language_without_a_folder_is_english(wanted: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(locale.LANGUAGE, wanted)
    assert locale.language() == "en" and locale.tag() == "en"
    assert words("paper.contents") == "Contents"


def test_a_page_gets_the_words_of_the_language_in_force(german: Path) -> None:
    say(german, "pieces", "store:\n  saved: Gesichert.\n")
    module = locale.fill_module((STATIC / "words.js").read_text(encoding="utf-8"))
    filled = json.loads(re.search(r"words = (\{.*\});", module)[1])  # type: ignore[index]
    assert filled["store"]["saved"] == "Gesichert."
    assert {"checklist", "case", "exercise", "submission"} <= set(filled)
    shown = bundle("evidence.js") if (STATIC / "evidence.js").exists() else bundle("case.js")
    assert "Gesichert." in shown and 'context.el.lang = "de"' in shown


def test_every_place_of_words_in_a_module_is_filled() -> None:
    for path in [*STATIC.glob("*.js"), *(PACKAGE / "publishing" / "static").glob("*.js")]:
        assert "catalogue(" not in locale.fill_module(path.read_text(encoding="utf-8")), path.name


def test_a_translated_file_of_data_takes_the_place_of_the_english_one(german: Path) -> None:
    say(german / "data", "crisis-routes", "routes:\n- title: Notruf\n  text: Hier steht, wen man anruft.\n")
    assert source.read("crisis-routes")["routes"][0]["title"] == "Notruf"
    assert source.path_of("crisis-routes").is_relative_to(german)
    assert source.read("claims") == source.read_document(source.DATA / "claims.yaml").data


def test_the_wheels_json_holds_what_the_yaml_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = locale.compile_to(tmp_path)
    assert {path.suffix for path in made} == {".json"}
    yaml = {path.stem: locale.read(path) for path in locale.files("en")}
    monkeypatch.setattr(locale, "HERE", tmp_path)
    assert {path.stem: locale.read(path) for path in locale.files("en")} == yaml


def test_every_word_that_the_code_asks_for_is_there() -> None:
    """Whole keys; those that end in a name, such as a grade, are held by the tests of what uses them."""
    code = [path for path in PACKAGE.rglob("*.py") if not path.is_relative_to(PACKAGE / "locale")]
    catalogues = {path.stem for path in locale.files("en")}
    keys = {
        key
        for path in code
        for key in re.findall(
            r"""\b(?:words|listed|sentence)\(\s*["']([\w.-]+)["']""", path.read_text("utf-8")
        )
        if key.partition(".")[0] in catalogues
    }
    assert len(keys) > 150
    for key in keys:
        locale.listed(key) if key == "pages.edition.months" or key == "marking.general" else words(key)
    for grade in GRADES:
        assert words(f"pieces.grades.{grade}")


def test_every_word_that_a_script_asks_for_is_there() -> None:
    names = {"words.js": ("language", "pieces", "exercises", "cases"), "words-book.js": ("language", "book")}
    asked = 0
    for path in [*STATIC.glob("*.js"), *(PACKAGE / "publishing" / "static").glob("*.js")]:
        text = path.read_text(encoding="utf-8")
        for module, catalogues in names.items():
            if f'"./{module}"' not in text and not (module == "words.js" and '"./common.js"' in text):
                continue
            if module == "words.js" and '"./words-book.js"' in text:
                continue  # its `words` are the book's
            known: dict[str, Any] = {}
            for catalogue in catalogues:
                known |= locale.read(locale.HERE / "en" / f"{catalogue}.yaml")
            chains = re.findall(r"""(?<![\w.])words((?:\.\w+)+)(?!\w*")""", text)
            for short, whole in re.findall(r"const (\w+) = words((?:\.\w+)+);", text):
                chains += [f"{whole}{rest}" for rest in re.findall(rf"(?<![\w.]){short}((?:\.\w+)+)", text)]
            for chain in chains:
                found: Any = known
                for part in chain.strip(".").split("."):
                    if not isinstance(found, dict):
                        break  # a method of a text or of a list
                    assert part in found, f"{path.name}: words{chain}"
                    found = found[part]
                asked += 1
    assert asked > 200


_LITERAL = re.compile(
    r"""//[^\n]*|/\*.*?\*/|"(?P<double>(?:[^"\\\n]|\\.)*)"|'(?P<single>(?:[^'\\\n]|\\.)*)'|`(?P<template>(?:[^`\\]|\\.)*)`""",
    re.DOTALL,
)
# Two words with a space between them, or a capital and a small letter: English, as far as a pattern can tell.
_ENGLISH = re.compile(r"\b[A-Za-z]{2,} [a-z]{2,}\b|^[A-Z][a-z]{2,}[.:!?…]?$")
_THROWN = re.compile(
    r"""new \w*Error\((?:"[^"\n]*"|`[^`]*`)"""
)  # for developers; the page says it in its own words
# Not shown: names of keys and events, style.
_NOT_SHOWN = re.compile(
    r"^(Escape|Enter|Tab|Home|End|Page(Up|Down)|Arrow\w+|Space|Error|Line|Plotly|Infinity|NaN|[A-Z]\w*Error)$"
    r"|^use strict$|[{}<>=;#]|^[a-z-]+(\s*,\s*[a-z-]+)+$|\bes-|:not\(|\bpx\b|^[.\[]"
)


@pytest.mark.parametrize(
    "path",
    [
        path
        for path in [*STATIC.rglob("*.js"), *(PACKAGE / "publishing" / "static").glob("*.js")]
        if "vendor" not in path.parts
    ],
    ids=lambda path: path.name,
)
def test_no_script_holds_words_of_its_own(path: Path) -> None:
    found = []
    text = _THROWN.sub("(", path.read_text(encoding="utf-8"))
    for match in _LITERAL.finditer(text):
        for literal in match.groupdict().values():
            plain = re.sub(r"\$\{[^}]*\}", " ", literal or "").strip()
            if _ENGLISH.search(plain) and not _NOT_SHOWN.search(plain):
                found.append(literal)
    assert not found, "words belong in locale/en"


@given(st.text(alphabet=st.sampled_from("aeb {}nx.#-\n")).filter(lambda text: "⟦" not in text))
def test_the_pseudo_language_keeps_places(english: str) -> None:
    assert locale.PLACEHOLDER.findall(pseudo.text(english)) == locale.PLACEHOLDER.findall(english)


def test_the_pseudo_language_is_longer_and_in_brackets() -> None:
    whole = [text for path in locale.files("en") for text in texts(locale.read(path)) if " " in text]
    assert sum(map(len, map(pseudo.text, whole))) > 1.3 * sum(map(len, whole))
    assert pseudo.outside_brackets(pseudo.text("Saved. {count} left")) == ""
    assert pseudo.outside_brackets("⟦a ⟦b⟧ c⟧ d") == "d"


def test_an_english_word_outside_brackets_is_found() -> None:
    known = pseudo.corpus(
        {"title": "A client stays away", "text": ["Ask again. It costs {count} minutes of the session."]}
    )
    assert pseudo.english_words(["⟦Áñ⟧ 3", "⟦x ¦A client stays away¦ y⟧", "Ask again."], known) == []
    assert pseudo.english_words(["It costs 12 minutes of the session."], known) == []
    assert pseudo.english_words(["⟦Áñ⟧ Save", "A client", "Ask"], known) == ["Save", "A client", "Ask"]
