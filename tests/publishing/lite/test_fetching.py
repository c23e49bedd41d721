"""What is fetched for the notebooks in the browser is the pinned file, whole."""

from __future__ import annotations

import contextlib
import hashlib
import re
from pathlib import Path

import pytest

from earned_security.publishing.lite import fetching

ROOT = Path(__file__).parents[3]


def test_every_package_is_pinned_with_its_hash_as_the_course_is() -> None:
    pinned = dict(
        re.findall(r"^([\w.-]+)==([^\s\\]+)", fetching.REQUIREMENTS.read_text(encoding="utf-8"), re.M)
    )
    text = fetching.REQUIREMENTS.read_text(encoding="utf-8")
    assert len(pinned) > 15 and text.count("--hash=sha256:") >= len(pinned)
    course = dict(
        re.findall(r"^([\w.-]+)==([^\s\\]+)", (ROOT / "requirements.lock").read_text("utf-8"), re.M)
    )
    shared = set(pinned) & set(course)
    assert {"anywidget", "ipywidgets", "plotly"} <= shared
    assert {name: pinned[name] for name in shared} == {name: course[name] for name in shared}


def test_another_file_than_the_pinned_one_is_refused_and_removed(tmp_path: Path) -> None:
    file = tmp_path / "pyodide.tgz"
    file.write_bytes(b"ours")
    fetching.require(file, hashlib.sha256(b"ours").hexdigest())
    with pytest.raises(fetching.LiteError, match="is not the file"):
        fetching.require(file, fetching.PYODIDE_SHA256)
    assert not file.exists()


def test_a_folder_that_was_not_fetched_whole_is_not_there(tmp_path: Path) -> None:
    for fails in (True, False):
        with contextlib.suppress(KeyboardInterrupt), fetching.fetched_whole(tmp_path / "wheels") as part:
            (part / "a.whl").touch()
            if fails:
                raise KeyboardInterrupt
        assert (tmp_path / "wheels").exists() is not fails


def test_a_missing_tool_is_named(tmp_path: Path) -> None:
    with pytest.raises(fetching.LiteError, match="no-such-program"):
        fetching.run("no-such-program", folder=tmp_path, words="Fetching")
