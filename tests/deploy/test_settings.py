"""What the hub is told about a class: who belongs to it, what their servers are given, who may open which."""

from __future__ import annotations

import asyncio
import json
import os
import runpy
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from traitlets.config import Config

from deploy.machine import DEPLOY
from earned_security import cli
from earned_security.curriculum import ContentError
from earned_security.teaching import TeachingError
from earned_security.teaching.server import classes, course_list, hub, nbgrader_settings, session, setup
from earned_security.teaching.server.welcome import welcome

TWO_COURSES = """\
address: https://class.example.org/
book: https://class.example.org/book
exchange: exchange
learners_files: files
admins: [root-person]
courses:
  spring:
    folder: spring
    instructors: [ines]
    trainees: [ada, ben]
  autumn:
    folder: autumn
    grader: marks-autumn
    instructors: [otto]
    roster: autumn.csv
"""


@pytest.fixture
def described(tmp_path: Path) -> Path:
    (tmp_path / "autumn.csv").write_text("id,first_name\nada,Ada\nines,Ines\n")
    file = tmp_path / "server.yaml"
    file.write_text(TWO_COURSES)
    return file


@pytest.fixture
def server(described: Path) -> classes.ClassServer:
    return classes.read(described)


def test_who_belongs_where(server: classes.ClassServer) -> None:
    roles = {
        name: server.role_of(name) for name in ("ada", "ines", "otto", "grader-spring", "marks-autumn", "eve")
    }
    assert roles == {
        "ada": "trainee",
        "ines": "instructor",
        "otto": "instructor",
        "grader-spring": "grader",
        "marks-autumn": "grader",
        "eve": None,
    }
    assert [course.id for course in server.courses_of("ada")] == ["spring", "autumn"]
    assert [course.id for course in server.taught_by("ines")] == ["spring"]
    assert server.people == {"ada", "ben", "ines", "otto", "root-person"}
    assert server.exchange.is_absolute() and server.book.endswith("/book/")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("[ada, ben]", "[ada, Ben]", "'Ben' cannot be the name of an account"),
        ("[root-person]", "[Root]", "'Root' cannot be the name of an account"),
        ("[ada, ben]", "[ada, ines]", "an instructor and a trainee"),
        ("marks-autumn", "otto", "it can be nobody else's account"),
        ("marks-autumn", "grader-spring", "it can be nobody else's account"),
        ("    instructors: [ines]\n", "", "instructors"),
        ("  spring:", "  Spring Term:", "Spring Term"),
        ("https://class.example.org/\n", "class.example.org\n", "address"),
        ("admins:", "owners:", "Not a known field"),
    ],
)
def test_a_mistake_is_named_with_its_line(described: Path, old: str, new: str, words: str) -> None:
    described.write_text(TWO_COURSES.replace(old, new))
    with pytest.raises(ContentError) as raised:
        classes.read(described)
    assert words in str(raised.value)
    assert all(problem.line >= 1 for problem in raised.value.problems)


def test_a_server_is_given_what_its_role_needs(server: classes.ClassServer) -> None:
    given = {name: hub.environment(server, name) for name in ("ada", "ines", "grader-spring")}
    for name, role in (("ada", "trainee"), ("ines", "instructor"), ("grader-spring", "grader")):
        paths = given[name]["JUPYTER_CONFIG_PATH"].split(os.pathsep)
        assert paths[0].endswith(f"roles/{role}")
        assert all(Path(path).is_dir() for path in paths)
    assert given["ada"]["EARNED_COURSES"] == "spring autumn"
    assert given["ines"]["EARNED_GRADERS"] == "spring=grader-spring"
    assert "EARNED_GRADERS" not in given["ada"]
    assert "EARNED_LEARNERS_FILES" not in given["grader-spring"]
    with pytest.raises(PermissionError):
        hub.environment(server, "eve")


def test_only_an_instructor_of_the_course_may_open_where_it_is_marked(server: classes.ClassServer) -> None:
    roles = {role["name"]: role for role in hub.roles(server)}
    assert roles["graders"]["scopes"] == ["self"]
    for course, grader in (("spring", "grader-spring"), ("autumn", "marks-autumn")):
        scopes = roles[f"instructors-of-{course}"]["scopes"]
        assert scopes and all(scope.endswith(f"!user={grader}") for scope in scopes)
    members = {name: role["users"] for name, role in roles.items()}
    assert members == {
        "admin": [],
        "administrators": ["root-person"],
        "graders": ["grader-spring", "marks-autumn"],
        "instructors-of-spring": ["ines"],
        "instructors-of-autumn": ["otto"],
    }


def hub_as_it_starts(server: classes.ClassServer, folder: Path) -> Any:
    """JupyterHub's database after a start with these roles."""
    from jupyterhub.app import JupyterHub
    from jupyterhub.auth import DummyAuthenticator

    c = Config()
    hub.configure(c, server)
    app = JupyterHub(config=c, db_url=f"sqlite:///{folder / 'hub.sqlite'}", log_level=50)
    app.init_db()
    app.authenticator = DummyAuthenticator(parent=app)

    async def start() -> None:
        await app.init_role_creation()
        await app.init_users()
        await app.init_role_assignment()

    with ThreadPoolExecutor() as apart:  # a browser test before this one may have left its loop running here
        apart.submit(asyncio.run, start()).result()
    return app.db


def test_an_administrator_stops_servers_and_opens_none(server: classes.ClassServer, tmp_path: Path) -> None:
    from jupyterhub import orm, scopes

    def may(db: Any, name: str) -> set[str]:
        return set(scopes.get_scopes_for(orm.User.find(db, name)))

    db = hub_as_it_starts(server, tmp_path)
    allowed = may(db, "root-person")
    assert {"admin-ui", "servers", "delete:servers", "delete:users"} <= allowed
    assert {scope for scope in allowed if scope.startswith("access:servers")} == {
        "access:servers!user=root-person"
    }
    assert not {"admin:users", "admin:servers", "tokens", "shutdown"} & allowed
    assert "access:servers!user=grader-spring" in may(db, "ines")
    assert not any("grader" in scope or "marks" in scope for scope in may(db, "ada"))
    # Whoever was an administrator, of whatever kind, is none when server.yaml says so no longer.
    orm.User.find(db, "root-person").admin = True
    db.commit()
    db = hub_as_it_starts(replace(server, admins=()), tmp_path)
    assert not orm.User.find(db, "root-person").admin and "servers" not in may(db, "root-person")


def test_formgrader_is_on_for_the_account_that_marks_alone() -> None:
    found = {}
    for role in ("trainee", "instructor", "grader"):
        settings = json.loads((hub.ROLES / role / "jupyter_server_config.json").read_text())
        page = json.loads((hub.ROLES / role / "labconfig" / "page_config.json").read_text())
        shown = not page["disabledExtensions"].get("@jupyter/nbgrader:formgrader", False)
        found[role] = (
            settings["ServerApp"]["jpserver_extensions"]["nbgrader.server_extensions.formgrader"],
            shown,
        )
        assert page["disabledExtensions"]["@jupyter/nbgrader:validate-assignment"]
    assert found == {"trainee": (False, False), "instructor": (False, False), "grader": (True, True)}


def test_before_a_server_starts_its_folder_and_page_are_chosen(server: classes.ClassServer) -> None:
    def started(name: str) -> Any:
        spawner = SimpleNamespace(user=SimpleNamespace(name=name), environment={"KEPT": "1"})
        hub.prepare(spawner, server)
        return spawner

    ada, marks = started("ada"), started("marks-autumn")
    assert ada.notebook_dir == "~/earned-security" and ada.default_url == "/lab/tree/Welcome.md"
    assert marks.notebook_dir == str(server.graders["marks-autumn"].folder)
    assert ada.environment["KEPT"] == "1" and ada.environment["EARNED_SERVER_ROLE"] == "trainee"
    with pytest.raises(PermissionError):
        started("eve")


def test_the_course_list_leads_to_the_server_that_marks() -> None:
    assert course_list.courses("spring=grader-spring", "/", "https://class.example.org") == [
        {
            "course_id": "spring",
            "url": "https://class.example.org/user/grader-spring/lab?formgrader=true",
            "kind": "jupyterhub",
        }
    ]
    assert course_list.courses("", "/", "https://class.example.org") == []


def test_nbgrader_knows_the_exchange_and_the_courses(monkeypatch: pytest.MonkeyPatch) -> None:
    c = Config()
    nbgrader_settings.configure(c, {"EARNED_EXCHANGE": "/srv/exchange", "EARNED_SERVER_ROLE": "trainee"})
    assert c.Exchange.root == "/srv/exchange" and c.Exchange.path_includes_course is True
    monkeypatch.setenv("EARNED_COURSES", "spring autumn")
    assert nbgrader_settings.Enrolment().get_student_courses("*") == ["spring", "autumn"]
    monkeypatch.delenv("EARNED_COURSES")
    assert nbgrader_settings.Enrolment().get_student_courses("*") == []


def test_a_persons_folder_keeps_what_they_wrote(tmp_path: Path) -> None:
    source, home = tmp_path / "files", tmp_path / "home"
    setup.write_files(source, {"Welcome.md": "first", "modules/one.md": "text"})
    session.put_files(source, home)
    mine = home / hub.FOLDER / "modules" / "one.md"
    mine.write_text("what I wrote")
    setup.write_files(source, {"Welcome.md": "second", "modules/one.md": "new text"})
    session.put_files(source, home)
    assert mine.read_text() == "what I wrote"
    assert (home / hub.FOLDER / "Welcome.md").read_text() == "second"
    assert (source / "Welcome.md").stat().st_mode & 0o777 == 0o644


def test_the_first_page_says_where_answers_lie() -> None:
    text = welcome({"modules/a b.ipynb": "1. A"}, {}, "https://class.example.org/book/")
    assert "[1. A](<modules/a b.ipynb>)" in text and "None yet." in text
    assert "on your institution's server" in text and "book/book/crisis-and-grounding.html" in text
    assert "sent nowhere" not in text


def configured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, file: Path, **surroundings: str) -> Config:
    """jupyterhub_config.py, run as JupyterHub runs it."""
    given = {"EARNED_SERVER": str(file), "EARNED_STATE": str(tmp_path / "hub"), **surroundings}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    monkeypatch.syspath_prepend(str(DEPLOY))
    c = Config()
    runpy.run_path(str(DEPLOY / "jupyterhub_config.py"), {"get_config": lambda: c})
    return c


def test_the_configuration_as_it_stands(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    c = configured(monkeypatch, tmp_path, DEPLOY / "server.yaml")
    assert c.JupyterHub.authenticator_class == "pam"
    assert c.Authenticator.allowed_users == {"ines", "ada", "ben", "chi"}
    assert c.Authenticator.allow_existing_users is False
    assert c.JupyterHub.cleanup_servers is False and c.JupyterHub.cleanup_proxy is False
    assert c.JupyterHub.concurrent_spawn_limit == 4
    assert (tmp_path / "hub").stat().st_mode & 0o777 == 0o700


def test_a_way_to_sign_in_that_is_not_complete_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    published = tmp_path / ".well-known" / "openid-configuration"
    published.parent.mkdir()
    published.write_text('{"token_endpoint": "https://login.example.org/token"}')
    for surroundings, words in (
        (
            {
                "EARNED_SIGN_IN": "institution",
                "OIDC_ISSUER": tmp_path.as_uri(),
                "OIDC_CLIENT_ID": "a",
                "OIDC_CLIENT_SECRET": "b",
            },
            "does not name what is needed: 'authorization_endpoint'",
        ),
        ({"EARNED_SIGN_IN": "institution"}, "OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET"),
        ({"EARNED_SIGN_IN": "magic"}, "must be accounts, institution or lti"),
        (
            {
                "EARNED_SIGN_IN": "institution",
                "OIDC_ISSUER": "http://127.0.0.1:9",
                "OIDC_CLIENT_ID": "a",
                "OIDC_CLIENT_SECRET": "b",
            },
            "could not be read",
        ),
    ):
        with monkeypatch.context() as patch, pytest.raises(SystemExit, match=words):
            configured(patch, tmp_path, DEPLOY / "server.yaml", **surroundings)


def test_what_is_open_to_others_is_found(server: classes.ClassServer) -> None:
    found = "\n".join(setup.problems(server))
    assert "spring has no folder" in found and "The exchange" in found and "no learner's files" in found
    folder = server.courses[0].folder
    folder.mkdir()
    (folder / "course.yaml").write_text("course: spring\n")
    folder.chmod(0o750)  # the group may be everybody's
    server.exchange.mkdir()
    server.exchange.chmod(0o777)
    inbound = server.exchange / "spring" / "inbound"
    inbound.mkdir(parents=True)
    inbound.chmod(0o777)
    found = "\n".join(setup.problems(server))
    assert f"chmod 700 {folder}" in found and f"chmod 1777 {server.exchange}" in found
    assert f"chmod 3733 {inbound}" in found
    inbound.chmod(0o3733)
    folder.chmod(0o700)
    server.exchange.chmod(0o1777)
    found = "\n".join(setup.problems(server))
    assert not any(f"chmod {mode}" in found for mode in ("700", "1777", "3733"))


def test_a_home_that_is_open_or_too_far_down_is_found(
    server: classes.ClassServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    home.chmod(0o750)
    for path, words in (
        (home, f"chmod 700 {home}"),
        (Path("/home", "x" * 60), "has more than 52 characters"),
    ):
        monkeypatch.setattr(setup, "_account", lambda name, path=path: SimpleNamespace(pw_dir=str(path)))
        assert words in "\n".join(setup.problems(server))


def test_preparing_needs_root_and_accounts(
    server: classes.ClassServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup.os, "geteuid", lambda: 1000)
    with pytest.raises(TeachingError, match="as root"):
        setup.prepare(server, False, print)
    monkeypatch.setattr(setup.os, "geteuid", lambda: 0)
    with pytest.raises(TeachingError, match="no account on this machine for grader-spring"):
        setup.prepare(server, False, print)


def test_the_command_says_what_is_wrong(
    described: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cli.main(["server", "check", str(described)]) == 1
    assert "who belongs to the courses" not in capsys.readouterr().out
    with monkeypatch.context() as patch:
        patch.setattr(setup, "reachable", lambda path: path == described)
        assert cli.main(["server", "check", str(described)]) == 1
    said = capsys.readouterr().out
    assert "problems." in said and f"chmod 700 {described.parent}" in said
    described.write_text("address: x\n")
    assert cli.main(["server", "check", str(described)]) == 1
    assert "server.yaml:1" in capsys.readouterr().err
