"""A tiny OpenID Connect provider: one person is signed in there, and it checks what the hub sends."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlparse

CLIENT, SECRET = "class-server", "a-secret-for-tests"


@dataclass
class Provider:
    issuer: str
    person: str = ""
    asked: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)


@contextmanager
def provider() -> Iterator[Provider]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            pass

        def answer(self, body: Any, status: int = 200, **headers: str) -> None:
            text = body if isinstance(body, str) else json.dumps(body)
            self.send_response(status)
            self.send_header("Content-Type", "text/html" if isinstance(body, str) else "application/json")
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(text.encode())

        def do_GET(self) -> None:
            address = urlparse(self.path)
            query = {name: values[0] for name, values in parse_qs(address.query).items()}
            if address.path == "/.well-known/openid-configuration":
                ends = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
                self.answer({f"{name}_endpoint": f"{made.issuer}/{path}" for name, path in ends.items()})
            elif address.path == "/authorize":
                assert query["client_id"] == CLIENT and query["response_type"] == "code", query
                assert "openid" in query["scope"], query
                made.asked.append("authorize")
                code = secrets.token_hex(8)
                made.codes[code] = {**query, "person": made.person}
                back = f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"
                self.answer(
                    "<!doctype html><title>Sign in</title><button type=button "
                    f"onclick='location.href={json.dumps(back)}'>Continue</button>"
                )
            elif address.path == "/userinfo":
                made.asked.append("userinfo")
                person = made.tokens[self.headers["Authorization"].split()[1]]
                self.answer({"sub": person, "preferred_username": person})
            else:
                self.answer("", 404)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            basic = self.headers.get("Authorization", "")
            given = base64.b64decode(basic.split()[1]).decode() if basic.startswith("Basic") else ""
            sent = given or f"{form.get('client_id')}:{form.get('client_secret')}"
            asked = made.codes.pop(form["code"], None)
            if sent != f"{CLIENT}:{SECRET}" or asked is None or form["redirect_uri"] != asked["redirect_uri"]:
                self.answer({"error": "invalid_grant"}, 400)
                return
            if challenge := asked.get("code_challenge"):
                digest = hashlib.sha256(form["code_verifier"].encode()).digest()
                assert base64.urlsafe_b64encode(digest).decode().rstrip("=") == challenge
            made.asked.append("token")
            token = secrets.token_hex(16)
            made.tokens[token] = asked["person"]
            self.answer({"access_token": token, "token_type": "Bearer", "expires_in": 600})

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made = Provider(f"http://127.0.0.1:{running.server_port}")
    threading.Thread(target=running.serve_forever, daemon=True).start()
    try:
        yield made
    finally:
        running.shutdown()
        running.server_close()
