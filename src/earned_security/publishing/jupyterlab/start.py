"""Opening one JupyterLab, rooted in the learner's folder, with the book beside it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

LAB = Path(__file__).parent / "lab"


def port_is_free(port: int) -> bool:
    """Whether nothing on this machine listens on ``port``."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) != 0


def environment(folder: Path) -> dict[str, str]:
    """The course's own settings and kernel, apart from any other Jupyter of this person."""
    settings = folder / ".jupyter"
    (settings / "ipython").mkdir(parents=True, exist_ok=True)
    return {
        **os.environ,
        "JUPYTER_CONFIG_DIR": str(settings),
        "JUPYTER_CONFIG_PATH": str(LAB),
        "JUPYTER_PATH": str(LAB),
        "JUPYTER_PREFER_ENV_PATH": "1",
        "IPYTHONDIR": str(settings / "ipython"),
    }


def command(folder: Path, book: Path, port: int, browser: bool) -> list[str]:
    """The JupyterLab command line."""
    arguments = [
        sys.executable,
        "-m",
        "jupyterlab",
        f"--ServerApp.root_dir={folder}",
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        "--ServerApp.log_level=WARN",
        "--ServerApp.kernel_websocket_connection_class=earned_security.publishing.jupyterlab.kernel_connection.PromptConnection",
        f"--BookServer.folder={book}",
        "--LabApp.default_url=/lab/tree/Welcome.md",
    ]
    if not browser:
        arguments.append("--ServerApp.open_browser=False")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--ServerApp.allow_root=True")  # a container's only account
    return arguments


def serve(folder: Path, book: Path, port: int, browser: bool) -> int:
    """Run JupyterLab until it is stopped; its exit status."""
    with subprocess.Popen(command(folder, book, port, browser), env=environment(folder), cwd=folder) as lab:
        try:
            return lab.wait()
        except KeyboardInterrupt:
            lab.terminate()
            return lab.wait()
