"""Feedback: where to read again, and the right answer only where the settings say so."""

from __future__ import annotations

import dataclasses
import html
import re
from pathlib import Path

import pytest

from earned_security.assessment.marking import DROPPED
from earned_security.teaching.assemble import mark_scheme
from earned_security.teaching.bank import OPEN_BANK, Bank, read_banks
from earned_security.teaching.preprocessors.explain import model_answer, read_again, right_answer, sections

from .a_course import ASSIGNMENT, ACourse
from .test_hostile import RIGHT


def test_the_right_answer_by_type(bank: Bank) -> None:
    said = {item.id: right_answer(item, key.value)[1:] for item, key in bank.items}
    assert said["shapes-three-sides"] == ["- A triangle"]
    assert said["shapes-corners"] == ["- A cube", "- A brick", "- A die"]
    assert "- Five sides → Pentagon" in said["shapes-names"]
    assert said["shapes-how-round"] == ["- 7, or up to 1 away from it"]
    assert said["shapes-angles"] == ["- 180 degrees"]
    assert said["shapes-spoken"] == ["- I drew a square.", "- And then a star."]
    assert all(" comes before: " in line for line in said["shapes-by-sides"])
    assert said["shapes-favourite"] == []
    for item, _ in bank.items:
        assert right_answer(item, {DROPPED: "full"}) == []


def test_where_to_read_again_is_a_section_that_rests_on_the_same_claims() -> None:
    text = "# T\n## One\n{claim}`a`\n## What the source said\n{claim}`a` {claim}`b`\n## Two\n{claim}`a` {claim}`a`\n"
    assert sections(text, ("a",)) == ["One", "Two"]
    assert sections(text, ("b",)) == ["What the source said"]
    assert sections(text, ("c",)) == []
    for bank in read_banks(OPEN_BANK):
        for item, _ in bank.items:
            assert re.fullmatch(r"Read again: module \d+, [^“]+(, “[^”]+”){1,2}\.", read_again(item)), item.id
    lost = dataclasses.replace(item, objective="M99.1")
    assert read_again(lost) == "Read again the module that this belongs to."


def test_reusable_comments_stand_in_the_mark_scheme_and_not_in_the_model_answer(bank: Bank) -> None:
    item, key = bank.items[-1]
    key = dataclasses.replace(key, comments=("Name one more.",))
    scheme = mark_scheme(item, key, ["Well argued."])
    assert scheme.index("- Name one more.") < scheme.index("- Well argued.")
    found = model_answer(scheme + "\n\n<!-- ### END MARK SCHEME -->")
    assert found.startswith("**A model answer**")
    assert found.endswith(key.model_answer)
    assert model_answer("nothing") == ""


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> ACourse:
    course = ACourse.make(tmp_path_factory.mktemp("explain") / "course", comments=["Secretcomment: say why."])
    course.hand_in("ann", {**RIGHT, "shapes-three-sides": "circle"})
    course.mark()
    return course


def page(course: ACourse) -> str:
    done = course.api.generate_feedback(ASSIGNMENT, force=True)
    assert done["success"], done
    path = Path(course.folder, "feedback", "ann", ASSIGNMENT, f"{ASSIGNMENT}.html")
    return html.unescape(re.sub(r"<[^>]+>", "", path.read_text("utf-8")))


def test_the_feedback_page_withholds_the_right_answer_until_the_settings_allow_it(course: ACourse) -> None:
    withheld = page(course)
    assert "A circle" in withheld
    assert "Points: 0 of 1." in withheld
    assert withheld.count("Read again: module 4, Building safety and trust") == 1, (
        "only where points are missing"
    )
    for secret in ("The answer looked for", "A triangle", "Secret", "A model answer"):
        assert secret not in withheld

    course.set(right_answers="after_close", assignments={ASSIGNMENT: {"due": "2999-01-01"}})
    assert "The answer looked for" not in page(course)
    course.set(right_answers="after_close", assignments={ASSIGNMENT: {"due": "2026-01-01"}})
    shown = page(course)
    assert shown.count("The answer looked for:") == 8
    assert "A triangle" in shown
    assert "Secretmodel I like the circle" in shown
    for secret in ("Secretrationale", "Secretcomment", "Secretlevel", "HIDDEN TESTS", "grade("):
        assert secret not in shown


def test_the_marker_sees_rubric_comments_and_model_answer_and_the_learner_none_of_it(course: ACourse) -> None:
    marker = (course.folder / "autograded" / "ann" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb").read_text("utf-8")
    released = "".join(
        path.read_text("utf-8") for path in (course.folder / "release").rglob("*") if path.is_file()
    )
    for words in ("Secretcriterion", "Secretlevel", "Secretmodel", "Secretcomment"):
        assert words in marker
        assert words not in released
