"""One person at the class server without a browser: pages, REST and a kernel's channel, as JupyterLab uses them."""

from __future__ import annotations

import json
import re
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

import requests
import websocket

WAIT = 240.0


class Unanswered(Exception):
    """What was asked did not come in time."""


@dataclass
class Person:
    """Signed in by name and password. Every request is tried again while a server starts or the hub is away."""

    address: str
    name: str
    password: str
    session: requests.Session = field(default_factory=requests.Session)

    @property
    def mine(self) -> str:
        return f"{self.address}/user/{self.name}/"

    def sign_in(self) -> None:
        """Raises AssertionError: the hub does not take the password."""
        page = self.patiently("GET", f"{self.address}/hub/login")
        assert page.ok, page.text[:500]
        form = {"username": self.name, "password": self.password, "_xsrf": self.xsrf("/hub/")}
        answer = self.patiently("POST", f"{self.address}/hub/login?next=%2Fhub%2Fhome", data=form)
        assert answer.url.endswith("/hub/home"), f"{answer.status_code} {answer.url}"

    def start(self, server: str | None = None) -> None:
        """Start the own server, or that of an account which one may start, and wait until it answers."""
        name = server or self.name
        deadline = time.monotonic() + WAIT
        while time.monotonic() < deadline:
            answer = self.patiently("GET", f"{self.address}/hub/spawn/{name}", busy=False)
            if "/oauth2/authorize" in answer.url:  # somebody else's server: JupyterHub asks once
                scopes = re.findall(r'name="scopes" value="([^"]+)"', answer.text)
                form = {"_xsrf": self.xsrf("/hub/"), "scopes": scopes}
                answer = self.patiently(
                    "POST", answer.url, busy=False, data=form, headers={"Referer": answer.url}
                )
            if urlparse(answer.url).path.startswith(f"/user/{name}/") and answer.ok:
                self.patiently("GET", f"{self.address}/user/{name}/api/status")
                return
            # Refused by the hub. A server that a new hub found half started says 404 until it is ready.
            if answer.status_code in (403, 404) and urlparse(answer.url).path.startswith("/hub/"):
                answer.raise_for_status()
            time.sleep(1.0)
        raise Unanswered(
            f"The server of {name} did not start: {answer.status_code} {answer.url} {answer.text[:2000]}"
        )

    def patiently(self, method: str, address: str, busy: bool = True, **options: Any) -> requests.Response:
        """One request; while nobody answers, or it is said to be busy, again."""
        deadline = time.monotonic() + WAIT
        while True:
            try:
                answer = self.session.request(method, address, timeout=60, **options)
                if not busy or answer.status_code not in (424, 429, 502, 503, 504):
                    return answer
                trouble = f"{answer.status_code} {address}"
            except requests.RequestException as error:
                trouble = repr(error)
            if time.monotonic() > deadline:
                raise Unanswered(trouble)
            time.sleep(1.0)

    def xsrf(self, path: str) -> str:
        found = [
            cookie.value for cookie in self.session.cookies if cookie.name == "_xsrf" and cookie.path == path
        ]
        return found[-1] or "" if found else ""

    def ask(self, method: str, path: str, server: str | None = None, **options: Any) -> requests.Response:
        """A request to a person's server, the own one where none is named."""
        prefix = f"/user/{server or self.name}/"
        headers = {"X-XSRFToken": self.xsrf(prefix), "Referer": f"{self.address}{prefix}lab"}
        return self.patiently(method, f"{self.address}{prefix}{path}", headers=headers, **options)

    def get(self, path: str) -> Any:
        answer = self.ask("GET", path)
        answer.raise_for_status()
        return answer.json()

    def post(self, path: str, **options: Any) -> Any:
        answer = self.ask("POST", path, **options)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def exchange(self, step: str, course: str, assignment: str) -> Any:
        """``fetch`` or ``submit``, as the buttons of the Assignment List do."""
        answer = self.post(f"assignments/{step}", params={"course_id": course, "assignment_id": assignment})
        assert answer["success"], answer
        return answer

    def open(self, notebook: str) -> Kernel:
        """A notebook, and its kernel, ready."""
        content = self.get(f"api/contents/{notebook}")["content"]
        about = {
            "path": notebook,
            "name": Path(notebook).name,
            "type": "notebook",
            "kernel": {"name": "python3"},
        }
        made = self.post("api/sessions", json=about)
        return Kernel(self, made["kernel"]["id"], made["id"], content)


@dataclass
class Kernel:
    """A kernel's channel; whatever breaks it, it is opened again."""

    person: Person
    id: str
    session: str
    notebook: Any
    channel: Any = None
    client: str = field(default_factory=lambda: uuid.uuid4().hex)

    def connect(self) -> None:
        person = self.person
        address = (
            f"{person.mine.replace('http', 'ws', 1)}api/kernels/{self.id}/channels?session_id={self.client}"
        )
        cookies = [c for c in person.session.cookies if f"/user/{person.name}/".startswith(c.path)]
        self.channel = websocket.create_connection(
            address,
            timeout=60,
            cookie="; ".join(f"{cookie.name}={cookie.value}" for cookie in cookies),
            origin=person.address,
        )

    def send(self, kind: str, content: Any, channel: str = "shell") -> str:
        if self.channel is None:
            self.connect()
        number = uuid.uuid4().hex
        header = {
            "msg_id": number,
            "msg_type": kind,
            "session": self.client,
            "username": "",
            "version": "5.3",
            "date": "2027-01-01T00:00:00Z",
        }
        message = {
            "header": header,
            "parent_header": {},
            "metadata": {},
            "content": content,
            "channel": channel,
        }
        self.channel.send(json.dumps(message))
        return number

    def messages(self) -> Any:
        """What the kernel says, until its channel is quiet for a minute."""
        deadline = time.monotonic() + WAIT
        while time.monotonic() < deadline:
            data = self.channel.recv()
            if isinstance(data, bytes):  # a message with buffers: its text is the first part
                count = int.from_bytes(data[:4], "big")
                starts = [int.from_bytes(data[4 + 4 * n : 8 + 4 * n], "big") for n in range(count)] + [
                    len(data)
                ]
                data = data[starts[0] : starts[1]].decode()
            yield json.loads(data)
        raise Unanswered("The kernel said nothing more.")

    def run(self, code: str) -> dict[str, Any]:
        """Run code; the states of the widgets that it made, by the model's name, and what it printed as ``""``."""
        request = self.send(
            "execute_request",
            {
                "code": code,
                "silent": False,
                "store_history": False,
                "allow_stdin": False,
                "stop_on_error": True,
            },
        )
        models: dict[str, Any] = {}
        printed, replied, idle = "", False, False
        for message in self.messages():
            if message["parent_header"].get("msg_id") != request:
                continue
            kind, content = message["header"]["msg_type"], message["content"]
            if kind == "comm_open":
                models[content["comm_id"]] = content["data"]["state"]
            elif kind == "stream":
                printed += content["text"]
            elif kind == "error":
                raise AssertionError("\n".join(content["traceback"])[-2000:])
            replied = replied or kind == "execute_reply"
            idle = idle or (kind == "status" and content["execution_state"] == "idle")
            if replied and idle:
                return {**models, "": printed}
        raise Unanswered(code)

    def show(self, code: str) -> tuple[str, dict[str, Any]]:
        """Run a two-line cell that shows a piece; its model's name and state."""
        models = {name: state for name, state in self.run(code).items() if name and "outbox" in state}
        ((name, state),) = models.items()
        return name, state

    def enter(self, model: str, entries: dict[str, Any]) -> None:
        """What a page does when something is entered: ask to store it, and wait until it is read back."""
        stamped = {name: {"value": value, "time": int(time.time() * 1000)} for name, value in entries.items()}
        outbox = {"attempt": 1, "entries": stamped}
        data = {"method": "update", "state": {"outbox": outbox}, "buffer_paths": []}
        self.send("comm_msg", {"comm_id": model, "data": data})
        for message in self.messages():
            if message["header"]["msg_type"] != "comm_msg" or message["content"]["comm_id"] != model:
                continue
            state = message["content"]["data"].get("state", {})
            if state.get("problem"):
                raise AssertionError(state["problem"])
            stored = state.get("entries", {})
            if all(stored.get(name, {}).get("value") == entry["value"] for name, entry in stamped.items()):
                return
        raise Unanswered(model)

    def pieces(self) -> list[str]:
        """The cells that show a piece."""
        sources = ("".join(cell["source"]) for cell in self.notebook["cells"] if cell["cell_type"] == "code")
        return [source for source in sources if source.startswith("from earned_security.interactive import ")]

    def close(self) -> None:
        if self.channel is not None:
            self.channel.close()
        self.person.ask("DELETE", f"api/sessions/{self.session}")
