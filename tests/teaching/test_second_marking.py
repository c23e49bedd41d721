"""Second marking: the sample, the form, and agreement that says no more than it knows."""

from __future__ import annotations

import csv
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earned_security.curriculum.source import ContentError
from earned_security.teaching import TeachingError
from earned_security.teaching.roster import pseudonym
from earned_security.teaching.second_marking import (
    interval,
    read_form,
    sample,
    weighted_kappa,
    words,
    write_form,
)

from .a_course import ASSIGNMENT, ACourse

TEXT = "shapes-favourite"
PAIRS = st.lists(st.tuples(st.integers(0, 10), st.integers(0, 10)), min_size=2, max_size=40)


def test_weighted_kappa_by_hand() -> None:
    # Pairs (0,0) (1,1) (2,1) (2,2). Observed: (0 + 0 + 1 + 0) / 4 = 1/4. Expected, all first marks 0,1,2,2 against all
    # second marks 0,1,1,2: 0+1+1+4, 1+0+0+1, 4+1+1+0, 4+1+1+0 = 20, over 16 = 5/4. Kappa = 1 - (1/4) / (5/4) = 4/5.
    assert weighted_kappa([(0, 0), (1, 1), (2, 1), (2, 2)]) == pytest.approx(0.8)
    # Two categories: the ordinary kappa. 20 both yes, 5 and 10 apart, 15 both no: 0.7 observed, 0.5 by chance.
    table = [(1, 1)] * 20 + [(1, 0)] * 5 + [(0, 1)] * 10 + [(0, 0)] * 15
    assert weighted_kappa(table) == pytest.approx((0.7 - 0.5) / (1 - 0.5))


@given(PAIRS)
def test_weighted_kappa_is_the_concordance_of_the_marks(pairs: list[tuple[int, int]]) -> None:
    # With squared weights it equals 2 cov / (var + var + squared difference of means), by algebra.
    first, second = zip(*pairs, strict=True)
    count = len(pairs)
    one, two = sum(first) / count, sum(second) / count
    covariance = sum((a - one) * (b - two) for a, b in pairs) / count
    spread = sum((a - one) ** 2 for a in first) / count + sum((b - two) ** 2 for b in second) / count
    kappa = weighted_kappa(pairs)
    if kappa is None:
        assert len({*first, *second}) == 1
    else:
        assert kappa == pytest.approx(2 * covariance / (spread + (one - two) ** 2), abs=1e-9)
        assert -1 - 1e-9 <= kappa <= 1


def test_agreement_is_worded_by_how_much_there_is() -> None:
    few = "\n".join(words("Dialogue", 10, [(8, 7), (5, 5), (2, 4)]))
    assert "The same points for 1 of 3" in few
    assert "So few texts say nothing" in few
    assert "interval" not in few
    some = [(one, one + (one % 3 == 0)) for one in range(12)]
    assert "hint, not a measurement" in "\n".join(words("Dialogue", 12, some))
    many = "\n".join(words("Dialogue", 12, some * 3))
    assert "95 % interval" in many
    assert "hint" not in many
    assert "not defined" in "\n".join(words("Dialogue", 10, [(3, 3)]))
    assert "not defined" in "\n".join(words("Dialogue", 10, [(3, 3), (3, 3)]))


def test_the_interval_holds_the_value_and_is_the_same_each_time() -> None:
    pairs = [(one % 11, (one * one + one) % 11) for one in range(60)]
    found = interval(pairs)
    kappa = weighted_kappa(pairs)
    assert found is not None
    assert kappa is not None
    assert found == interval(pairs)
    assert found[0] < kappa < found[1]
    assert interval(pairs[:9]) is None
    assert interval([(1, 1)] * 20) is None


@given(st.sets(st.text("abc", min_size=1, max_size=5), max_size=30), st.floats(0.01, 1), st.integers())
def test_the_sample(names: set[str], share: float, seed: int) -> None:
    drawn = sample(names, share, seed)
    assert drawn == sample(sorted(names, reverse=True), share, seed)
    assert set(drawn) <= names
    assert abs(len(drawn) - share * len(names)) < 1 + 1e-6
    assert bool(drawn) == bool(names)
    assert len(drawn) >= math.floor(share * len(names))


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> ACourse:
    course = ACourse.make(tmp_path_factory.mktemp("second") / "course")
    for number, text in enumerate(["I like stars.", "=1+1", "", 'A circle,\nround; "so".']):
        course.hand_in(f"learner{number}", {TEXT: text})
    course.mark()
    return course


def test_a_form_goes_out_and_comes_back(course: ACourse) -> None:
    form = write_form(course.folder, ASSIGNMENT, share=1.0)
    assert (form.submissions, form.rows) == (4, 3), "one left the text out"
    text = form.file.read_text("utf-8-sig")
    assert "learner" not in text
    rows = list(csv.DictReader(text.splitlines(keepends=True)))
    assert {row["text"] for row in rows} == {"I like stars.", "'=1+1", 'A circle,\nround; "so".'}
    assert "Secretcriterion" in form.schemes.read_text("utf-8")
    with pytest.raises(TeachingError, match="there already"):
        write_form(course.folder, ASSIGNMENT)

    with pytest.raises(TeachingError, match="both"):
        read_form(course.folder, ASSIGNMENT, form.file)
    names = {pseudonym(f"learner{number}", "course"): number for number in range(4)}
    for row in rows:
        row["points"] = {0: "4", 1: "1,5", 3: "0"}[names[row["submission"]]]

    def save(rows: list[dict[str, str]]) -> None:
        with form.file.open("w", encoding="utf-8", newline="") as file:
            out = csv.DictWriter(file, list(rows[0]), delimiter=";")
            out.writeheader()
            out.writerows(rows)

    save(rows)
    course.mark_by_hand("learner0", TEXT, 4.0)
    course.mark_by_hand("learner1", TEXT, 1.0)
    said = "\n".join(read_form(course.folder, ASSIGNMENT, form.file))
    assert "A favourite (0 to 4 points): 2 texts marked twice." in said
    assert "The same points for 1 of 2; the largest difference is 0.5." in said
    assert "0.25 points more" in said
    assert "has not marked them yet: 1." in said

    rows[0]["points"] = "5"
    rows[1]["item"] = "other"
    save(rows)
    with pytest.raises(ContentError) as caught:
        read_form(course.folder, ASSIGNMENT, form.file)
    assert [problem.message[:20] for problem in caught.value.problems] == [
        "The points are '5'; ",
        "'other' is no text o",
    ]
