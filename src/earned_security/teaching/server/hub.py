"""JupyterHub for a class: who may sign in, what a person's server is given, who may open the server that marks."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from earned_security.publishing.jupyterlab.start import LAB
from earned_security.teaching.server.classes import ClassServer

ROLES = Path(__file__).parent / "roles"
FOLDER = "earned-security"  # in a person's home: the modules, and the assignments that were fetched


def environment(server: ClassServer, name: str) -> dict[str, str]:
    """What the server of this person is started with: the settings of their role, their courses, the exchange.

    It is a convenience and no protection: a person can change what runs under their own account. What must not be
    reached is kept by the permissions of the operating system (see ``setup``).

    Raises:
        PermissionError: nobody of that name belongs to a course.
    """
    role = server.role_of(name)
    if role is None:
        raise PermissionError(f"{name} belongs to no course of this server.")
    given = {
        "JUPYTER_CONFIG_PATH": os.pathsep.join(map(str, (ROLES / role, ROLES / "everyone", LAB))),
        "JUPYTER_PATH": str(LAB),
        "JUPYTER_PREFER_ENV_PATH": "1",
        "PYTHONSAFEPATH": "1",
        "EARNED_SERVER_ROLE": role,
        "EARNED_EXCHANGE": str(server.exchange),
        "EARNED_COURSES": " ".join(course.id for course in server.courses_of(name)),
    }
    if role == "instructor":
        given["EARNED_GRADERS"] = " ".join(f"{each.id}={each.grader}" for each in server.taught_by(name))
    if role == "grader":
        given["EARNED_COURSE_FOLDER"] = str(server.graders[name].folder)
    else:
        given["EARNED_LEARNERS_FILES"] = str(server.learners_files)
    return given


def roles(server: ClassServer) -> list[dict[str, Any]]:
    """JupyterHub's roles: instructors may start and open the server of their course's grader account."""
    found: list[dict[str, Any]] = [
        # JupyterHub's own role of this name may open every server, and keeps whoever once had it: it has nobody.
        {"name": "admin", "users": []},
        {
            "name": "administrators",
            "description": "May start, stop and remove anybody's server, and open none of them",
            "users": sorted(server.admins),
            "scopes": ["admin-ui", "read:hub", "list:users", "read:users", "servers", "delete:users"],
        },
        {
            "name": "graders",
            "description": "Accounts that mark",
            "users": sorted(server.graders),
            "scopes": ["self"],
        },
    ]
    for course in server.courses:
        scopes = ("access:servers", "servers", "read:users:name", "read:users:activity")
        found.append(
            {
                "name": f"instructors-of-{course.id}",
                "description": f"Instructors of {course.id}",
                "users": list(course.instructors),
                "scopes": [f"{scope}!user={course.grader}" for scope in scopes],
            }
        )
    return found


def configure(c: Any, server: ClassServer) -> None:
    """Set up a JupyterHub; ``c`` is what ``get_config()`` gives. Spawner, sign-in and proxy are the deployment's.

    Whoever is taken out of ``server.yaml`` cannot sign in or start a server after the hub's next start.
    """
    c.Authenticator.allowed_users = set(server.people)
    c.Authenticator.allow_existing_users = False  # only whoever server.yaml names
    c.JupyterHub.load_roles = roles(server)
    c.JupyterHub.concurrent_spawn_limit = server.concurrent_starts
    c.JupyterHub.cleanup_servers = False  # a restarted hub finds everybody's server where it was
    c.Spawner.cmd = [sys.executable, "-P", "-m", "earned_security.teaching.server.session"]
    c.Spawner.start_timeout = c.Spawner.http_timeout = 120
    c.Spawner.pre_spawn_hook = lambda spawner: prepare(spawner, server)


def prepare(spawner: Any, server: ClassServer) -> None:
    """Before a server starts: its environment, and the folder in which it opens."""
    name = spawner.user.name
    spawner.environment = {**spawner.environment, **environment(server, name)}
    if course := server.graders.get(name):
        spawner.notebook_dir = str(course.folder)
        spawner.default_url = "/lab"
    else:
        spawner.notebook_dir = f"~/{FOLDER}"
        spawner.default_url = "/lab/tree/Welcome.md"
