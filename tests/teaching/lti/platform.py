"""A small learning management system that speaks LTI 1.3: sign-in, keys, tokens, columns and scores.

Written from the specifications alone, with none of the code that it tests. It is strict where they are: a token request
is checked as https://www.imsglobal.org/spec/security/v1p0 says, a score as https://www.imsglobal.org/spec/lti-ags/v2p0.
"""

from __future__ import annotations

import html
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

CLAIM = "https://purl.imsglobal.org/spec/lti/claim"
AGS = "https://purl.imsglobal.org/spec/lti-ags"
MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership"
CLIENT, DEPLOYMENT, CONTEXT = "the-tool", "1", "course-17"


@dataclass
class Platform:
    """``columns``: the line items by number; ``scores``: what came in, by number; ``people``: ids that it knows."""

    address: str = ""
    key: Any = field(default_factory=lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048))
    tool_key: Any = None
    columns: dict[str, dict[str, Any]] = field(default_factory=dict)
    scores: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    people: set[str] = field(default_factory=set)
    tokens: dict[str, set[str]] = field(default_factory=dict)
    assertions: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    allowed: set[str] = field(default_factory=lambda: {"lineitem", "lineitem.readonly", "score"})
    page: int = 2
    fault: int | None = None  # answer every request for a service with this status
    foreign: str | None = None  # where the next page is said to be

    # The browser's side.

    def claims(self, nonce: str, who: str, roles: list[str], /, **changed: Any) -> dict[str, Any]:
        now = int(time.time())
        claims = {
            "iss": self.address,
            "aud": CLIENT,
            "sub": who,
            "iat": now,
            "exp": now + 300,
            "nonce": nonce,
            f"{CLAIM}/message_type": "LtiResourceLinkRequest",
            f"{CLAIM}/version": "1.3.0",
            f"{CLAIM}/deployment_id": DEPLOYMENT,
            f"{CLAIM}/target_link_uri": "http://tool/hub/",
            f"{CLAIM}/resource_link": {"id": "link-1"},
            f"{CLAIM}/context": {"id": CONTEXT, "label": "ATT", "title": "Attachment"},
            f"{CLAIM}/roles": roles,
            f"{AGS}/claim/endpoint": {
                "scope": [f"{AGS}/scope/{name}" for name in sorted(self.allowed)],
                "lineitems": self.line_items_url,
            },
        }
        return {name: value for name, value in {**claims, **changed}.items() if value is not None}

    def sign(self, claims: dict[str, Any], key: Any = None) -> str:
        return jwt.encode(claims, key or self.key, "RS256", headers={"kid": "platform-1"})

    @property
    def line_items_url(self) -> str:
        return f"{self.address}/Contexts/17/LineItems?type_id=3"

    # The services.

    def token(self, form: dict[str, str]) -> tuple[int, Any]:
        try:
            claims = jwt.decode(
                form["client_assertion"],
                self.tool_key,
                algorithms=["RS256"],
                audience=f"{self.address}/token",
                issuer=CLIENT,
                options={"require": ["iss", "sub", "aud", "iat", "exp", "jti"]},
            )
        except (jwt.PyJWTError, KeyError) as error:
            return 401, {"error": "invalid_client", "error_description": str(error)}
        right = (
            form.get("grant_type") == "client_credentials"
            and form.get("client_assertion_type") == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
            and claims["sub"] == CLIENT
            and claims["jti"] not in self.assertions
        )
        if not right:
            return 400, {"error": "invalid_request"}
        self.assertions.add(claims["jti"])
        scopes = set(form.get("scope", "").split())
        if not scopes or scopes - {f"{AGS}/scope/{name}" for name in self.allowed}:
            return 400, {"error": "invalid_scope"}
        token = secrets.token_urlsafe()
        self.tokens[token] = scopes
        return 200, {
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": 3600,
            "scope": " ".join(scopes),
        }

    def may(self, header: str, *names: str) -> bool:
        scopes = self.tokens.get(header.removeprefix("Bearer "), set())
        return bool(scopes & {f"{AGS}/scope/{name}" for name in names})

    def add_column(self, **more: Any) -> str:
        number = str(len(self.columns) + 1)
        address = f"{self.address}/Contexts/17/LineItems/{number}/LineItem?type_id=3"
        self.columns[number] = {"id": address, "scoreMaximum": 10, "label": f"Column {number}", **more}
        return number

    def score(self, number: str, sent: dict[str, Any], kind: str) -> tuple[int, Any]:
        needed = {"timestamp", "userId", "activityProgress", "gradingProgress"}
        if (
            kind != "application/vnd.ims.lis.v1.score+json"
            or needed - set(sent)
            or number not in self.columns
        ):
            return 400, {"error": "not a score"}
        when = datetime.fromisoformat(sent["timestamp"])
        before = [each for each in self.scores.get(number, []) if each["userId"] == sent["userId"]]
        if when.tzinfo is None or (before and datetime.fromisoformat(before[-1]["timestamp"]) >= when):
            return 409, {"error": "not later than what is here"}
        if sent["userId"] not in self.people:
            return 404, {"error": "no such user in this course"}
        if "scoreGiven" in sent and not (sent["scoreGiven"] >= 0 and sent["scoreMaximum"] > 0):
            return 400, {"error": "not a score"}
        self.scores.setdefault(number, []).append(sent)
        return 204, None


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    platform: Platform

    def log_message(self, *args: Any) -> None:
        pass

    def _answer(self, status: int, data: Any = None, kind: str = "application/json", **headers: str) -> None:
        body = b"" if data is None else data.encode() if isinstance(data, str) else json.dumps(data).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        platform, parts = self.platform, urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/keys":
            key = RSAAlgorithm.to_jwk(platform.key.public_key(), as_dict=True)
            self._answer(200, {"keys": [{**key, "kid": "platform-1", "alg": "RS256", "use": "sig"}]})
        elif parts.path == "/sign-in":
            self._sign_in(query)
        elif parts.path == "/Contexts/17/LineItems":
            self._line_items(query)
        else:
            self._answer(404)

    def _sign_in(self, query: dict[str, str]) -> None:
        right = {
            "response_type": "id_token",
            "response_mode": "form_post",
            "scope": "openid",
            "prompt": "none",
        }
        if query.get("client_id") != CLIENT or any(query.get(name) != value for name, value in right.items()):
            self._answer(400, {"error": "invalid_request"})
            return
        who, _, role = query["login_hint"].partition("/")
        token = self.platform.sign(self.platform.claims(query["nonce"], who, [f"{MEMBERSHIP}#{role}"]))
        fields = {"id_token": token, "state": query["state"]}
        inputs = "".join(
            f'<input name="{name}" value="{html.escape(value)}">' for name, value in fields.items()
        )
        page = f'<form method="post" action="{html.escape(query["redirect_uri"])}">{inputs}</form>'
        self._answer(200, page, "text/html")

    def _line_items(self, query: dict[str, str]) -> None:
        platform = self.platform
        platform.asked.append(f"GET {self.path}")
        if platform.fault:
            self._answer(platform.fault, {"error": "planted"})
        elif not platform.may(self.headers.get("Authorization", ""), "lineitem", "lineitem.readonly"):
            self._answer(403, {"error": "insufficient_scope"})
        else:
            start = int(query.get("From", 0))
            some = list(platform.columns.values())[start : start + platform.page]
            headers = {}
            if start + platform.page < len(platform.columns):
                more = f"{self.path.split('?')[0]}?" + urlencode({**query, "From": start + platform.page})
                headers["Link"] = f'<{platform.foreign or platform.address}{more}>; rel="next"'
            self._answer(200, some, "application/vnd.ims.lis.v2.lineitemcontainer+json", **headers)

    def do_POST(self) -> None:
        platform, parts = self.platform, urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        platform.asked.append(f"POST {self.path}")
        who, kind = self.headers.get("Authorization", ""), self.headers.get("Content-Type", "")
        if parts.path == "/token":
            form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
            self._answer(*platform.token(form))
        elif platform.fault:
            self._answer(platform.fault, {"error": "planted"})
        elif parts.path == "/Contexts/17/LineItems":
            if not platform.may(who, "lineitem"):
                self._answer(403, {"error": "insufficient_scope"})
            elif kind != "application/vnd.ims.lis.v2.lineitem+json":
                self._answer(415)
            else:
                self._answer(201, platform.columns[platform.add_column(**json.loads(body))])
        elif parts.path.endswith("/LineItem/scores"):
            if not platform.may(who, "score"):
                self._answer(403, {"error": "insufficient_scope"})
            else:
                self._answer(*platform.score(parts.path.split("/")[4], json.loads(body), kind))
        else:
            self._answer(404)


@contextmanager
def running() -> Iterator[Platform]:
    """A platform on a free port of this machine."""
    platform = Platform()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"platform": platform}))
    platform.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield platform
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
