"""How JupyterLab's server answers a page: at once."""

from __future__ import annotations

from typing import Any

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection


class PromptConnection(ZMQChannelsWebsocketConnection):
    """A kernel's messages without the 40 milliseconds for which small ones are held back otherwise.

    TCP waits to fill a packet while the browser waits to confirm the last one; a control that is moved shows it.
    """

    def connect(self) -> Any:
        self.websocket_handler.set_nodelay(True)
        return super().connect()
