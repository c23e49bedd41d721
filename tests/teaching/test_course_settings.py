"""course.yaml: the template says the defaults, mistakes are named by line, and dates and attempts are counted right."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earned_security.curriculum.source import ContentError
from earned_security.teaching.course_settings import CourseSettings, LateRule, problems, read

TEMPLATE = Path(__file__).parents[2] / "exercises"
START = datetime(2027, 3, 1, tzinfo=UTC)

EXAMPLE = """
timezone: Europe/Amsterdam
private_bank: bank
attempts: 2
assignments:
  shapes: {due: 2027-03-01 18:00, closes: 2027-03-15}
  lines: {due: 2027-03-02, attempts: 1}
  free: {}
learners:
  ann: {extra_days: 7, extra_attempts: 1}
  ben: {due: {shapes: 2027-03-20 18:00}}
right_answers: after_close
"""


def settings_from(folder: Path, text: str) -> CourseSettings:
    (folder / "course.yaml").write_text(text, "utf-8")
    return read(folder)


def test_the_template_says_what_holds_without_it(tmp_path: Path) -> None:
    template = settings_from(tmp_path, (TEMPLATE / "course.yaml").read_text("utf-8"))
    assert template == CourseSettings(tmp_path)
    (tmp_path / "empty").mkdir()
    assert read(tmp_path / "empty") == CourseSettings(tmp_path / "empty")


def test_what_the_template_shows_as_an_example_can_be_used(tmp_path: Path) -> None:
    text = (TEMPLATE / "course.yaml").read_text("utf-8")
    for name in ("assignments", "learners"):
        text = text.replace(f"{name}: {{}}\n#", f"{name}:\n#")
    lines = [line[1:] if line.startswith("#  ") else line for line in text.splitlines()]
    settings = settings_from(tmp_path, "\n".join(lines))
    assert settings.learners["ann"].extra_days == 7
    assert settings.attempts_of("building-safety-and-trust", "ann") == 3


def test_dates_folders_and_attempts(tmp_path: Path) -> None:
    settings = settings_from(tmp_path, EXAMPLE)
    assert settings.private_bank == tmp_path / "bank"
    assert settings.due("shapes", "cem") == datetime(2027, 3, 1, 17, tzinfo=UTC)
    assert settings.due("shapes", "ann") == datetime(2027, 3, 8, 17, tzinfo=UTC)
    assert settings.due("shapes", "ben") == datetime(2027, 3, 20, 17, tzinfo=UTC)
    assert settings.due("lines", "cem") == datetime(2027, 3, 2, 22, 59, 59, tzinfo=UTC), (
        "the end of the day there"
    )
    assert settings.due("free", "ann") is None
    assert [settings.attempts_of(name, "ann") for name in ("shapes", "lines", "free")] == [3, 2, 3]
    assert settings.attempts_of("shapes", "cem") == 2
    assert CourseSettings(tmp_path).attempts_of("shapes", "cem") is None


@pytest.mark.parametrize("learner", ["1234567", "007", "1e3", "2027-03-01", "ann"])
def test_an_extension_goes_to_an_id_as_it_is_written(tmp_path: Path, learner: str) -> None:
    settings = settings_from(tmp_path, f"attempts: 1\nlearners:\n  {learner}:\n    extra_attempts: 2\n")
    assert settings.attempts_of("shapes", learner) == 3
    assert settings.attempts_of("shapes", "ben") == 1


def test_a_learner_called_no_needs_quotation_marks(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="quotation marks"):
        settings_from(tmp_path, "learners:\n  no:\n    extra_attempts: 2\n")
    assert settings_from(tmp_path, "learners:\n  'no':\n    extra_attempts: 2\n").learners["no"]


def test_right_answers_are_withheld_while_anybody_may_still_hand_in(tmp_path: Path) -> None:
    settings = settings_from(tmp_path, EXAMPLE)
    closed = datetime(2027, 3, 15, 22, 59, 59, tzinfo=UTC)
    assert not settings.shows_right_answers("shapes", closed)
    assert settings.shows_right_answers("shapes", closed + timedelta(seconds=1))
    assert settings.closes("lines") == datetime(2027, 3, 9, 22, 59, 59, tzinfo=UTC), "the last extension"
    assert settings.closes("free") is None
    assert not settings.shows_right_answers("free", datetime(2999, 1, 1, tzinfo=UTC)), "it never closes"
    assert not CourseSettings(tmp_path).shows_right_answers("shapes")
    for word, shown in (("no", False), ("yes", True), ("'yes'", True), ("'no'", False)):
        assert settings_from(tmp_path, f"right_answers: {word}").shows_right_answers("shapes") is shown


def test_which_attempt_counts(tmp_path: Path) -> None:
    times = [START + timedelta(hours=hour) for hour in (3, 1, 2)]
    some = CourseSettings(tmp_path, attempts=2)
    assert some.counting_attempt("shapes", "ann", times) == 2
    assert CourseSettings(tmp_path).counting_attempt("shapes", "ann", times) == 0
    assert CourseSettings(tmp_path, counting="first").counting_attempt("shapes", "ann", times) == 1
    assert some.counting_attempt("shapes", "ann", []) is None


RULES = st.builds(
    LateRule, st.floats(0, 600), st.floats(0, 1), st.none() | st.floats(0, 30, allow_subnormal=False)
)


@given(RULES, st.floats(-1e6, 1e7), st.floats(0, 1e6))
def test_lateness_never_adds_points_and_never_gets_cheaper(
    rule: LateRule, seconds: float, more: float
) -> None:
    settings = CourseSettings(Path(), late=rule)
    one, other = settings.late_factor(seconds), settings.late_factor(seconds + more)
    assert 0 <= other <= one <= 1
    if seconds <= 60 * rule.grace_minutes:
        assert one == 1


def test_lateness_by_the_day(tmp_path: Path) -> None:
    settings = settings_from(tmp_path, "late: {grace_minutes: 10, per_day: 0.25, refuse_after_days: 2}")
    day = 86400
    found = [settings.late_factor(600 + seconds) for seconds in (0, 1, day, day + 1, 2 * day, 2 * day + 1)]
    assert found == [1, 0.75, 0.75, 0.5, 0.5, 0]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("\nattempt: 3", 2, "Not a known field"),
        ("course: x\nattempts: many", 2, "'attempts' must be a"),
        ("a: [\n", 2, "not valid YAML"),
        ("\ntimezone: Mars/Olympus", 2, "not a time zone"),
        ("assignments:\n  shapes:\n    due: soon", 3, "'soon' is not a date"),
        ("learners:\n  ann:\n    due:\n      shapes: 32 March", 4, "'32 March' is not a date"),
        ("right_answers: maybe", 1, "must be one of"),
        ("late:\n  per_day: 2", 2, "'per_day'"),
        ("db_url: gradebook.db", 1, "'db_url'"),
        (
            "db_url: postgresql+psycopg://a:b%20c@host/name",
            1,
            "'db_url'",
        ),  # nbgrader's database tool stops at it
    ],
)
def test_each_mistake_is_named_with_its_line(tmp_path: Path, text: str, line: int, words: str) -> None:
    (tmp_path / "course.yaml").write_text(text, "utf-8")
    (problem, *_) = problems(tmp_path)
    assert (problem.line, problem.file) == (line, tmp_path / "course.yaml")
    assert words in problem.message
    with pytest.raises(ContentError, match=r"course\.yaml"):
        read(tmp_path)
