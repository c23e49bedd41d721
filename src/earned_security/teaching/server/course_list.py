"""nbgrader's Course List for instructors: each course leads to the server of the account that marks it."""

from __future__ import annotations

import os
from typing import Any

from jupyter_server.utils import url_path_join
from nbgrader.server_extensions.course_list import handlers
from tornado import gen


def courses(environment: str, hub_prefix: str, host: str) -> list[dict[str, str]]:
    """What the list shows. ``environment``: ``course=grader`` for each course, parted by spaces."""
    pairs = [entry.split("=", 1) for entry in environment.split()]
    return [
        {
            "course_id": course,
            "url": f"{host}{url_path_join(hub_prefix, 'user', grader, 'lab')}?formgrader=true",
            "kind": "jupyterhub",
        }
        for course, grader in pairs
    ]


class CourseListHandler(handlers.CourseListHandler):
    """In place of nbgrader's, which looks for a service of JupyterHub for each course."""

    @gen.coroutine
    def check_for_local_formgrader(self, config: Any) -> Any:
        raise gen.Return([])

    @gen.coroutine
    def check_for_jupyterhub_formgraders(self, config: Any) -> Any:
        prefix = os.environ.get("JUPYTERHUB_BASE_URL", "/")
        raise gen.Return(courses(os.environ.get("EARNED_GRADERS", ""), prefix, self.get_base_url()))


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "earned_security.teaching.server.course_list"}]


def _load_jupyter_server_extension(app: Any) -> None:
    app.web_app.settings["assignment_dir"] = app.root_dir
    base = app.web_app.settings["base_url"]
    found = [("/formgraders", CourseListHandler), ("/nbgrader_version", handlers.NbGraderVersionHandler)]
    app.web_app.add_handlers(".*$", [(url_path_join(base, path), handler) for path, handler in found])
