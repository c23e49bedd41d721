"""Every mistake in a bank is named with its file and line, all in one run."""

from __future__ import annotations

from pathlib import Path

import pytest

from earned_security.assessment import check
from earned_security.curriculum import source

SHAPES = Path(__file__).parents[1] / "teaching" / "data" / "99-shapes.yaml"


@pytest.fixture
def clean() -> str:
    return SHAPES.read_text("utf-8").replace("example-claim", source.read("claims")[0]["id"])


def found(folder: Path, text: str) -> list[str]:
    """The problems of a bank, as ``line: message``, apart from those of the course's own self-checks."""
    path = folder / "99-shapes.yaml"
    path.write_text(text, "utf-8")
    return [f"{p.line}: {p.message}" for p in check.problems(folder) if p.file == path]


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_a_clean_bank_has_no_problem(tmp_path: Path, clean: str) -> None:
    assert found(tmp_path, clean) == []


def test_the_courses_own_items_have_no_problem() -> None:
    assert check.problems(Path(__file__).parents[2] / "exercises" / "bank") == []


MISTAKES = [
    ("key: triangle", "", "- id: shapes-three-sides", "no key"),
    ("key: triangle", "key: hexagon", "key: hexagon", "'hexagon', which is not an option"),
    (", rationale: Secretrationale cube yes.", "", "- {id: cube", "cube has no rationale"),
    (
        "rationale: Secretrationale straight line.",
        "",
        "- id: shapes-angles",
        "shapes-angles has no rationale",
    ),
    ("objective: M4.3\n    points: 1\n", "objective: M99.9\n    points: 1\n", "objective: M99.9", "'M99.9'"),
    (
        "    points: 3\n    claims: [",
        "    points: 3\n    claims: [no-such-claim, ",
        "claims: [no-such",
        "no-such-claim",
    ),
    ("id: shapes-corners", "id: shapes-three-sides", None, "an item already"),
    ("points: 3", "points: 0", "points: 0", "above 0"),
    ("points: 3", "points: many", "points: many", "above 0"),
    ("title: Shapes\n", "title: Shapes\ntotal_points: 99\n", "total_points", "add up to 18, not to 99"),
    ("id: shapes-corners", "id: Shapes_Corners", "id: Shapes_Corners", "not an id"),
    ("id: shapes-corners", "id: " + "a" * 61, "id: aaa", "at most 60"),
    ("type: match", "type: guess", "type: guess", "not a type of item"),
    ("[cube, brick, dice]", "cube", "key: cube", "must be a list"),
    ("[cube, brick, dice]", "[cube, cube]", "key: [cube", "twice"),
    ("[cube, brick, dice]", "[cube, cone]", "key: [cube", "'cone'"),
    ("{id: ball,", "{id: cube,", "{id: cube, text: A ball", "twice in options"),
    ("six: hexagon, ", "", "key: {five", "nothing about 'six'"),
    ("six: hexagon", "seven: hexagon", "key: {five", "'seven', which is not an entry"),
    ("six: hexagon", "six: heptagon", "key: {five", "'heptagon', which is not an option"),
    (
        "key: {five: pentagon, six: hexagon, eight: octagon}",
        "key: pentagon",
        "key: pentagon",
        "for each entry",
    ),
    ("[three, four], [", "[three, ten], [", "before: [[three", "'ten', which is not a step"),
    ("[three, four], [", "[three], [", "before: [[three", "is a pair"),
    ("[seven, nine]]", "[seven, nine], [nine, three]]", "before: [[", "in a circle"),
    ("safety: [three]", "safety: [ten]", "safety: [ten]", "'ten'"),
    ("[[three, four], [four, seven], [seven, nine]]", "[]", "key:\n      before: []", "under 'before'"),
    (
        "[[three, four], [four, seven], [seven, nine]]",
        "[[seven, four]]",
        "options:\n      - {id: seven",
        "already",
    ),
    ("{value: 7, tolerance: 1}", "{value: 11, tolerance: 1}", "key: {value: 11", "not on the scale"),
    ("{value: 7, tolerance: 1}", "{value: 7, tolerance: -1}", "key: {value: 7", "a value and a tolerance"),
    ("{min: 0, max: 10,", "{min: 10, max: 0,", "scale: {min: 10", "a greater max"),
    ("points: 4", "points: 5", "points: 5", "add up to 4, not to 5"),
    (
        "    model_answer: Secretmodel I like the circle because it has no corners.\n",
        "",
        "- id: shapes-fav",
        "model",
    ),
    (
        "{points: 2, text: Secretlevel with}",
        "{points: -2, text: x}",
        "- criterion: Secretcriterion gives",
        "of 0 or",
    ),
    ("type: numeric", "type: play-case", "- id: shapes-angles", "is not a case of the course"),
    ("type: numeric", "type: play-case", "- id: shapes-angles", "which share of the points is for repair"),
]


@pytest.mark.parametrize(("old", "new", "place", "words"), MISTAKES, ids=[mistake[3] for mistake in MISTAKES])
def test_a_mistake_is_named_with_its_line(
    tmp_path: Path, clean: str, old: str, new: str, place: str | None, words: str
) -> None:
    assert old in clean
    text = clean.replace(old, new, 1)
    problems = found(tmp_path, text)
    fitting = [problem for problem in problems if words in problem]
    assert fitting, problems
    if place:
        assert any(problem.startswith(f"{line_of(text, place)}: ") for problem in fitting), problems


def test_several_mistakes_are_named_in_one_run(tmp_path: Path, clean: str) -> None:
    text = clean
    for old, new, _, _ in (MISTAKES[1], MISTAKES[2], MISTAKES[4], MISTAKES[9], MISTAKES[17]):
        text = text.replace(old, new, 1)
    problems = "\n".join(found(tmp_path, text))
    for _, _, _, words in (MISTAKES[1], MISTAKES[2], MISTAKES[4], MISTAKES[9], MISTAKES[17]):
        assert words in problems


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "a: [",
        "items: 3",
        "items: [3, {}, {id: [1]}]",
        "items: [{type: [x]}]",
        "- {id: x, type: order, key: 3}",
        "items: [{type: choose-one, key: [a], options: [3, {id: [x]}], claims: [[1]], objective: [1]}]",
        "items: [{type: scale, key: 3, scale: 4}, {type: match, key: {1: 2}, entries: 3}]",
        "items: [{type: free-text, rubric: 4}]",
    ],
)
def test_a_file_of_another_shape_is_a_problem_not_a_crash(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, text)


def test_without_a_bank_only_the_self_checks_are_looked_at(tmp_path: Path) -> None:
    assert check.problems() == check.problems(tmp_path / "missing")
