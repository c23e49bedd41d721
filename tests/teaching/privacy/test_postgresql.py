"""The same with the gradebook in a PostgreSQL server: nothing is left in the database, nor in the files of its tables."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from earned_security.teaching.privacy import deletion, export
from earned_security.teaching.privacy.place import Place

from ..test_postgresql import server  # noqa: F401
from .conftest import LEARNER, OTHERS, TEXT, contents_of, everywhere

pytestmark = pytest.mark.slow


def test_a_gradebook_in_postgresql(server: str, tmp_path: Path) -> None:  # noqa: F811
    course = everywhere(tmp_path / "class", db_url=server)
    place = Place.of(course.folder)
    path = export.export(place, place.identity(LEARNER))
    with zipfile.ZipFile(path) as archive:
        rows = csv.DictReader(
            io.StringIO(archive.read("gradebook/marks-and-comments.csv").decode("utf-8-sig"))
        )
        assert [row["points_by_hand"] for row in rows if row["item"] == TEXT] == ["3.0"]

    others = {name: mark for name, mark in course.standings.items() if name[0] != LEARNER}
    done = deletion.delete(place, place.identity(LEARNER))
    assert course.standings == others
    assert any("The database server's own logs" in each for each in done.left)
    assert {name for name, _ in others} == set(OTHERS)

    engine = create_engine(server)
    with engine.connect() as connection:
        connection.execute(text("CHECKPOINT"))  # what is in memory goes to the files
        tables = ("student", "submitted_assignment", "submitted_notebook", "grade", "comment")
        files = [
            connection.execute(text(f"SELECT pg_relation_filepath('{table}')")).scalar_one()
            for table in tables
        ]
        data = Path(connection.execute(text("SHOW data_directory")).scalar_one())
        for table in tables:
            dead = connection.execute(text(f"SELECT * FROM {table}")).mappings().all()
            assert not [row for row in dead if LEARNER in row.values()]
    engine.dispose()
    kept = b"".join((data / name).read_bytes() for name in files)
    assert b"annohara-b" in kept, "these are the files"
    for words in (b"ann.ohara@example.org", b"770012", b"for her alone"):
        assert words not in kept
    assert not [name for name in contents_of(course.folder) if f"/{LEARNER}/" in name]
