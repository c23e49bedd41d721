"""The commands, as a person types them."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from earned_security import cli


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(["--help"])
    shown = capsys.readouterr().out
    assert stopped.value.code == 0
    for command in ("start", "book", "check", "class"):
        assert command in shown


def test_a_port_that_is_taken_is_said_plainly(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert cli.main(["start", "--port", str(port), "--folder", str(tmp_path), "--no-browser"]) == 1
    shown = capsys.readouterr().out
    assert f"Port {port} is already in use" in shown and f"--port {port + 1}" in shown


def test_the_learners_folder_never_lies_in_the_course(capsys: pytest.CaptureFixture[str]) -> None:
    inside = cli.course_root() / "learner"
    assert cli.main(["start", "--folder", str(inside), "--no-browser"]) == 1
    assert "cannot lie inside the course" in capsys.readouterr().out
    assert not inside.exists()


def test_outside_the_course_it_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cli, "__file__", str(tmp_path / "cli.py"))
    with pytest.raises(SystemExit, match="folder of the course"):
        cli.course_root()


def test_check_prints_a_count_and_fails_on_problems(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from earned_security import checking
    from earned_security.curriculum import Problem

    monkeypatch.setattr(checking, "problems", lambda root: [Problem(Path("/a.yaml"), 3, "Mend this.")])
    assert cli.main(["check"]) == 1
    assert capsys.readouterr().out == "/a.yaml:3: Mend this.\n1 problem.\n"
    monkeypatch.setattr(checking, "problems", lambda root: [])
    assert cli.main(["check"]) == 0
    assert capsys.readouterr().out == "0 problems.\n"
