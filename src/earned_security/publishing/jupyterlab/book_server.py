"""A Jupyter server extension that serves the built book at ``book/``, beside JupyterLab."""

from __future__ import annotations

from typing import Any

import traitlets
from jupyter_server.extension.application import ExtensionApp
from tornado.web import RedirectHandler, StaticFileHandler


class BookServer(ExtensionApp):
    """The book as static files. ``folder``: the built HTML."""

    name = "earned_security_book"
    folder = traitlets.Unicode(help="The folder of the built book.").tag(config=True)

    def initialize_handlers(self) -> None:
        assert self.serverapp is not None
        options = {"path": self.folder, "default_filename": "index.html"}
        self.handlers += [
            (r"/book", RedirectHandler, {"url": f"{self.serverapp.base_url}book/", "permanent": False}),
            (r"/book/(.*)", StaticFileHandler, options),
        ]


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    return [{"module": "earned_security.publishing.jupyterlab.book_server", "app": BookServer}]
