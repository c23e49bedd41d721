"""`earned start` as a process of its own, and what the tests ask of it."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
TOKEN = "a-token-for-tests"
MODULE = "modules/04-building-safety-and-trust.ipynb"
EXERCISE = "exercises/building-safety-and-trust/building-safety-and-trust.ipynb"
READY = "Ready. What you enter is saved on this computer."
READY_ON_SERVER = "Ready. What you enter is saved in your folder on the class server."


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Lab:
    """A running `earned start`."""

    folder: Path
    port: int
    process: subprocess.Popen[str] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [sys.executable, "-m", "earned_security.cli", "start", "--no-browser"]
        command += ["--folder", str(self.folder), "--port", str(self.port)]
        log = (self.folder.parent / "lab.log").open("a")
        environment = {**os.environ, "JUPYTER_TOKEN": TOKEN}
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=log, stderr=log, text=True, start_new_session=True
        )
        deadline = time.monotonic() + 600  # a new checkout builds the book first
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            try:
                self.ask("api")
                return
            except OSError:
                time.sleep(0.3)
        raise AssertionError((self.folder.parent / "lab.log").read_text()[-4000:])

    def kill(self) -> None:
        """End the server and its kernels at once, as a power cut would."""
        assert self.process is not None
        for kernel in self.kernels():
            os.kill(kernel, signal.SIGKILL)
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def ask(self, path: str) -> Any:
        with urllib.request.urlopen(f"{self.address}/{path}?token={TOKEN}", timeout=10) as answer:
            return json.loads(answer.read())

    def kernels(self) -> list[int]:
        """The process of every running kernel of this server."""
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    command = (entry / "cmdline").read_text()
                    surroundings = (entry / "environ").read_text()
                except OSError:
                    continue
                if "ipykernel_launcher" in command and str(self.folder) in surroundings:
                    found.append(int(entry.name))
        return found


def wait_until_ready(page: Any) -> None:
    page.get_by_text(READY).wait_for(timeout=90_000)


def saved(piece: Any) -> None:
    """Wait until the piece says so."""
    piece.get_by_role("status").get_by_text(re.compile(r"^Saved\.")).first.wait_for()


def stored(file: Path) -> dict[str, Any]:
    """What is on the disk: values by name."""
    entries = json.loads(file.read_text(encoding="utf-8"))["entries"]
    return {name: entry["value"] for name, entry in entries.items()}
