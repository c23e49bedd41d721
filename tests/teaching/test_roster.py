"""The roster: CSV as spreadsheets write it, mistakes by line, names in the gradebook."""

from __future__ import annotations

from pathlib import Path

import pytest

from earned_security.curriculum.source import ContentError
from earned_security.teaching import course_folder
from earned_security.teaching.roster import Person, pseudonym, read_roster


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "roster.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("id,first_name,last_name,email\nann,Ann,Özil,ann@example.org\n", "utf-8"),
        ("\ufeffID;First name;Last name;E\r\nann;Ann;Özil;\r\n\r\n", "utf-8"),
        ("last_name\tid\tfirst_name\nÖzil\t ann \tAnn\n", "utf-8-sig"),
    ],
)
def test_as_spreadsheets_write_it(tmp_path: Path, text: str, encoding: str) -> None:
    (person,) = read_roster(written(tmp_path, text, encoding))
    assert (person.id, person.first_name, person.last_name) == ("ann", "Ann", "Özil")


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "no learner"),
        ("id\n", 1, "no learner"),
        ("name\nann\n", 1, "one of them 'id'"),
        ("id\nann\n\nAnn\n", 4, "line 2 already"),
        ("id,first_name\n,Ann\n", 2, "no id"),
        ("id\n../../etc\n", 2, "cannot be an id"),
        ("id\nann+shapes\n", 2, "cannot be an id"),
        ("id\n=1\n", 2, "cannot be an id"),
        ("id,first_name\nann,Ann,Oh\n", 2, "3 columns"),
        ('id\n"ann\n', 2, "cannot be read as CSV"),
    ],
)
def test_each_mistake_is_named_with_its_line(tmp_path: Path, text: str, line: int, words: str) -> None:
    with pytest.raises(ContentError) as caught:
        read_roster(written(tmp_path, text))
    assert [(problem.line, words in problem.message) for problem in caught.value.problems] == [(line, True)]


def test_what_is_not_text_is_said(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="CSV UTF-8"):
        read_roster(written(tmp_path, "id,last_name\nann,Özil\n", "latin-1"))
    with pytest.raises(ContentError, match="cannot be read"):
        read_roster(tmp_path / "none.csv")


def test_names_are_in_the_gradebook_and_made_up_ones_under_blind_marking(tmp_path: Path) -> None:
    folder = course_folder.new(tmp_path / "course")
    file = written(tmp_path, "id,first_name,last_name,email\nann,Ann,Oh,a@example.org\nben,,,\n")

    def shown() -> dict[str, tuple[str, str, str | None]]:
        _, api = course_folder.open_course(folder)
        with api.gradebook as gradebook:
            return {each.id: (each.first_name, each.last_name, each.email) for each in gradebook.students}

    assert course_folder.enrol(folder, file) == 2
    assert shown() == {"ann": ("Ann", "Oh", "a@example.org"), "ben": ("ben", "ben", None)}
    settings = folder / "course.yaml"
    settings.write_text(
        settings.read_text("utf-8").replace("blind_marking: no", "blind_marking: yes"), "utf-8"
    )
    course_folder.enrol(folder, file)
    assert shown()["ann"] == ("Learner", pseudonym("ann", "course"), None)
    assert "Ann" not in str(shown())
    settings.write_text(
        settings.read_text("utf-8").replace("blind_marking: yes", "blind_marking: no"), "utf-8"
    )
    course_folder.enrol(folder, file)
    assert shown()["ann"] == ("Ann", "Oh", "a@example.org")


def test_made_up_names_stay_and_differ() -> None:
    names = {pseudonym(f"learner{number}", "course") for number in range(1000)}
    assert len(names) == 1000
    assert pseudonym("ann", "course") == pseudonym("ann", "course") != pseudonym("ann", "other")
    assert "ann" not in pseudonym("ann", "course").lower()
    assert Person("x").email == ""


def test_the_name_in_a_learning_management_system_belongs_to_one_learner(tmp_path: Path) -> None:
    people = read_roster(written(tmp_path, "id,lms_user_id\nann,12345\nben,\ncai,\n"))
    assert [person.lms_user_id for person in people] == ["12345", "", ""]
    with pytest.raises(ContentError, match="'12345' is the lms_user_id of ann already"):
        read_roster(written(tmp_path, "id,lms_user_id\nann,12345\nben,12345\n"))
