"""Parting a file: what is theirs goes, and every byte of what is others' stays as it is."""

from __future__ import annotations

import csv
import io
import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from earned_security.teaching.privacy import settings_file
from earned_security.teaching.privacy.contents import Unreadable, part
from earned_security.teaching.privacy.identity import Identity

ANN = Identity(
    "ann", "K7QF-2M", (("Ann", "O'Hara"),), ("ann@example.org",), ("12",), ("test-a",), ("ann-b", "annette")
)
CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0"), max_size=8).filter(
    lambda text: not ANN.is_cell(text.removeprefix("'"))
)
OTHER = st.tuples(
    st.sampled_from(["ben", "ann-b", "annette", "12.5", ""]), CELLS, st.integers(0, 99).map(str)
)


def table(rows: list[tuple[str, ...]]) -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows(rows)
    return stream.getvalue().encode()


@given(st.lists(OTHER, max_size=6), st.integers(0, 6), CELLS)
def test_a_table_without_a_learner_is_the_table_of_the_others(
    others: list[tuple[str, ...]], place: int, text: str
) -> None:
    head = ("learner", "text", "points")
    hers = ("ann", text, "12")
    data = table([head, *others[:place], hers, *others[place:]])
    parted = part("marks.csv", data, ANN)
    assert parted is not None and parted.count == 1
    assert parted.rest == table([head, *others])
    assert parted.theirs == table([head, hers])
    assert part("marks.csv", table([head, *others]), ANN) is None


@pytest.mark.parametrize(
    ("head", "row", "is_hers"),
    [
        ("Full name,Points", '"O\'Hara, Ann",3', True),
        ("Student;Points", "Ann O'Hara;3", True),
        ("Email address,Points", "ANN@example.org,3", True),
        ("submission,text", "K7QF-2M,a star", True),
        ("lms_user_id,Points", "12,3", True),
        ("learner,Points", "ben,12", False),
        ("learner,Points", "annette,3", False),
        ("learner,comment", "ben,as ann said", False),
        ("learner,text", "'ann,3", True),
    ],
)
def test_whose_a_row_is(head: str, row: str, is_hers: bool) -> None:
    parted = part("a.csv", f"{head}\n{row}\n".encode(), ANN)
    assert (parted is not None) == is_hers
    assert parted is None or parted.rest == f"{head}\n".encode()


def test_json_of_every_form() -> None:
    kept = {"learner": "ben", "points": 12}
    actor = {"actor": {"name": "Ann O'Hara", "mbox": "mailto:ann@example.org"}, "verb": "completed"}
    data = {
        "by learner": {"ann": {"points": 1}, "ben": {"points": 12}},
        "records": [{"learner": "ann", "points": 1}, kept],
        "rows": [["ann", "item", 1.0], ["ben", "item", 12]],
        "names": ["ann", "ben", "annette"],
        "statements": [actor],
        "12": "no name",
    }
    parted = part("a.json", json.dumps(data).encode(), ANN)
    assert parted is not None and parted.rest is not None
    assert json.loads(parted.rest) == {
        "by learner": {"ben": {"points": 12}},
        "records": [kept],
        "rows": [["ben", "item", 12]],
        "names": ["ben", "annette"],
        "statements": [],
        "12": "no name",
    }
    assert parted.count == 5
    whole = part("statement.json", json.dumps(actor).encode(), ANN)
    assert whole is not None and whole.rest is None


def test_an_id_may_be_a_number() -> None:
    who = Identity("1234567", "K7QF-2M", lms=("12",))
    data = {
        "people": {"1234567": "sub-1", "7654321": "sub-2"},
        "rows": [["1234567", "item", 1.0], ["7654321", "item", 12]],
        "names": ["1234567", "7654321"],
        "modules": {"12": "the twelfth"},
        "points": [1234567, 12],
    }
    parted = part("a.json", json.dumps(data).encode(), who)
    assert parted is not None and parted.rest is not None and parted.count == 3
    assert json.loads(parted.rest) == {
        "people": {"7654321": "sub-2"},
        "rows": [["7654321", "item", 12]],
        "names": ["7654321"],
        "modules": {"12": "the twelfth"},
        "points": [1234567, 12],
    }
    short = Identity("12", "K7QF-2M", is_word=True)
    assert part("a.json", json.dumps(data).encode(), short) is None


@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=5), inner),
    )
)
def test_json_that_names_nobody_stays(value: object) -> None:
    data = json.dumps(value).encode()
    parted = part("a.json", data, Identity("a-learner-of-long-name", "ZZZZ-ZZ"))
    assert parted is None


@pytest.mark.parametrize("name", ["a.zip", "a.tar.gz", "a.db", "a.csv"])
def test_what_is_damaged_is_said(name: str) -> None:
    data = b"SQLite format 3\0and nothing" if name == "a.db" else b"nothing of the kind"
    data += b'\n"never closed,' if name == "a.csv" else b""
    with pytest.raises(Unreadable):
        part(name, data + b" ann", ANN)


@pytest.mark.parametrize(
    ("name", "is_hers"),
    [
        ("ann", True),
        ("ann.pdf", True),
        ("certificate-ann.pdf", True),
        ("Ann_O_Hara.pdf", True),
        ("ann+shapes+2027", True),
        ("K7QF-2M.txt", True),
        ("ann-b", False),
        ("certificate-ann-b.pdf", False),
        ("annette.pdf", False),
        ("joann.pdf", False),
    ],
)
def test_whose_a_file_is_by_its_name(name: str, is_hers: bool) -> None:
    assert ANN.owns(name) is is_hers


@pytest.mark.parametrize(
    "text",
    [
        "course: x\nlearners:\n  ann:\n    extra_days: 7  # agreed\n\n# What follows\n  ben: {extra_days: 1}\nlate: {}\n",
        "learners:\n  ben: {extra_days: 1}\n  ann: {extra_days: 7}\n",
        "learners: {ann: {extra_days: 7}, ben: {extra_days: 1}}\n",
    ],
)
def test_an_extension_is_taken_out_of_the_settings(text: str) -> None:
    assert "7" in settings_file.entry(text, "ann")
    left = settings_file.without(text, "ann")
    assert yaml.safe_load(left) == {**yaml.safe_load(text), "learners": {"ben": {"extra_days": 1}}}
    assert ("# What follows" in left) == ("# What follows" in text)


@pytest.mark.parametrize("learner", ["1234567", "007", "no"])
@pytest.mark.parametrize(
    "form", ["learners:\n  {}: {{extra_days: 7}}\n  ben: {{}}\n", "learners: {{{}: {{}}, ben: {{}}}}\n"]
)
def test_an_id_that_yaml_takes_for_something_else(learner: str, form: str) -> None:
    text = form.format(learner)
    assert settings_file.entry(text, learner)
    assert yaml.safe_load(settings_file.without(text, learner)) == {"learners": {"ben": {}}}


def test_the_last_extension_leaves_an_empty_list() -> None:
    left = settings_file.without("learners:  # by id\n  ann: {extra_days: 7}\nlate: {}\n", "ann")
    assert yaml.safe_load(left) == {"learners": {}, "late": {}}
    assert "# by id" in left
    assert settings_file.without("late: {}\n", "ann") == "late: {}\n"
