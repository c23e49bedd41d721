"""The platform's Assignment and Grade Services, version 2.0, as far as sending marks needs them.

By hand on PyJWT and requests, because it is four requests. PyLTI1p3, the library that others use, has had no release
since 2022; it follows the platform's paging by an address in small letters, which breaks addresses that are not, and
waits for ever for a platform that does not answer. https://www.imsglobal.org/spec/lti-ags/v2p0
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin, urlsplit, urlunsplit

import requests

from earned_security.teaching import TeachingError
from earned_security.teaching.lti.settings import Settings, is_safe, jwk

_AGS = "https://purl.imsglobal.org/spec/lti-ags/scope"
SCOPES = {"lineitem": f"{_AGS}/lineitem", "readonly": f"{_AGS}/lineitem.readonly", "score": f"{_AGS}/score"}
_LINE_ITEM = "application/vnd.ims.lis.v2.lineitem+json"
_LINE_ITEMS = "application/vnd.ims.lis.v2.lineitemcontainer+json"
_SCORE = "application/vnd.ims.lis.v1.score+json"
_SECONDS = 30
_MOST_PAGES = 100
TAG = "earned-security"


@dataclass(frozen=True)
class LineItem:
    """One column of the platform's gradebook. ``id`` is its address. ``maximum``: the points it is out of."""

    id: str
    label: str
    maximum: float


class Refused(TeachingError):
    """The platform answered, and refused one request; others may go through."""


class Platform:
    """One course in one platform.

    Args:
        line_items_url: the address of its columns.
        key: the course's private key, as PEM.

    Every method raises TeachingError where the platform cannot be reached or refuses; the message says what to do.
    """

    def __init__(self, settings: Settings, line_items_url: str, key: bytes) -> None:
        if not is_safe(line_items_url):
            raise TeachingError(f"The columns' address is {line_items_url}; it must begin with https://.")
        self._settings, self._line_items_url, self._key = settings, line_items_url, key
        self._session = requests.Session()
        self._tokens: dict[str, str] = {}

    def line_item(self, assignment: str) -> LineItem | None:
        """The column that belongs to an assignment; None: there is none yet."""
        found = [item for item in self._line_items() if item.get("resourceId") == assignment]
        if len(found) > 1:
            labels = ", ".join(f"“{item.get('label')}”" for item in found)
            raise TeachingError(
                f"The learning management system has {len(found)} columns for {assignment}: {labels}. Delete all but "
                "one there."
            )
        return self._read(found[0]) if found else None

    def create(self, assignment: str, label: str, maximum: float) -> LineItem:
        """Add a column for an assignment."""
        body = {"scoreMaximum": maximum, "label": label, "resourceId": assignment, "tag": TAG}
        answer = self._ask("POST", self._line_items_url, "lineitem", _LINE_ITEM, body, _LINE_ITEM)
        return self._read(_json(answer))

    def send(self, item: LineItem, user_id: str, points: float, maximum: float) -> None:
        """Send one person's final mark."""
        body = {
            # Platforms ignore what is not later than what they have, so this needs more than whole seconds.
            "timestamp": datetime.now(UTC).isoformat(timespec="microseconds"),
            "userId": user_id,
            "scoreGiven": points,
            "scoreMaximum": maximum,
            "activityProgress": "Completed",
            "gradingProgress": "FullyGraded",
        }
        self._ask("POST", scores_url(item.id), "score", None, body, _SCORE)

    def _line_items(self) -> Iterator[Mapping[str, Any]]:
        address: str | None = self._line_items_url
        for _ in range(_MOST_PAGES):
            if address is None:
                return
            answer = self._ask(
                "GET", address, "lineitem" if self._settings.create_columns else "readonly", _LINE_ITEMS
            )
            page = _json(answer)
            if not isinstance(page, list):
                raise TeachingError(
                    "The learning management system answered with something that is no list of columns."
                )
            yield from (item for item in page if isinstance(item, dict))
            following = answer.links.get("next", {}).get("url")
            address = self._here(urljoin(address, following)) if following else None
        raise TeachingError("The learning management system's list of columns has no end.")

    def _read(self, data: Any) -> LineItem:
        try:
            address, maximum = self._here(str(data["id"])), float(data["scoreMaximum"])
        except (TypeError, KeyError, ValueError) as error:
            raise TeachingError(
                "The learning management system described a column in a way that cannot be read."
            ) from error
        return LineItem(address, str(data.get("label", "")), maximum)

    def _here(self, address: str) -> str:
        """An address that the platform gave; its token goes to no other host."""
        if urlsplit(address)[:2] != urlsplit(self._line_items_url)[:2]:
            raise TeachingError(
                f"The learning management system pointed to another host, {urlsplit(address).hostname}; nothing was "
                "sent there. Ask whoever looks after it whether that is right."
            )
        return address

    def _ask(
        self, method: str, address: str, scope: str, accept: str | None, body: Any = None, kind: str = ""
    ) -> requests.Response:
        headers = {"Authorization": f"Bearer {self._token(scope)}"}
        if accept:
            headers["Accept"] = accept
        if body is not None:
            headers["Content-Type"] = kind
        return _checked(self._request(method, address, headers=headers, json=body), scope)

    def _token(self, scope: str) -> str:
        if scope not in self._tokens:
            self._tokens[scope] = self._new_token(SCOPES[scope])
        return self._tokens[scope]

    def _new_token(self, scope: str) -> str:
        """https://www.imsglobal.org/spec/security/v1p0/#using-json-web-tokens-with-oauth-2-0-client-credentials-grant"""
        import jwt

        now = int(time.time())
        claims = {
            "iss": self._settings.client_id,
            "sub": self._settings.client_id,
            "aud": self._settings.token_audience,
            "iat": now - 5,
            "exp": now + 60,
            "jti": str(uuid.uuid4()),
        }
        signed = jwt.encode(claims, self._key, "RS256", headers={"kid": jwk(self._key)["kid"]})
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": signed,
            "scope": scope,
        }
        answer = self._request("POST", self._settings.token_url, data=form)
        if not answer.ok or answer.is_redirect:
            raise TeachingError(
                f"The learning management system did not let this course in ({_said(answer)}). Is the course's public "
                "key entered there, is client_id in lti.yaml the one it gave, and is the tool allowed to use "
                "“Assignment and Grade Services” there?"
            )
        data = _json(answer)
        token = data.get("access_token") if isinstance(data, dict) else None
        if not isinstance(token, str):
            raise TeachingError(
                "The learning management system gave no access token. Is token_url in lti.yaml right?"
            )
        return token

    def _request(self, method: str, address: str, **more: Any) -> requests.Response:
        try:
            return self._session.request(method, address, timeout=_SECONDS, allow_redirects=False, **more)
        except requests.RequestException as error:
            raise TeachingError(
                f"The learning management system at {urlsplit(address).hostname} could not be reached "
                f"({type(error).__name__}). Try again later; what was sent is remembered."
            ) from error


def scores_url(line_item: str) -> str:
    """Where scores for a column go: its address with ``/scores`` after its path, before what follows a ``?``."""
    parts = urlsplit(line_item)
    return urlunsplit(parts._replace(path=parts.path.rstrip("/") + "/scores"))


def _checked(answer: requests.Response, scope: str) -> requests.Response:
    if answer.ok and not answer.is_redirect:
        return answer
    if answer.status_code in (401, 403):
        wanted = (
            "send marks" if scope == "score" else "see its columns" if scope == "readonly" else "make columns"
        )
        raise TeachingError(
            f"The learning management system does not allow this course to {wanted} ({_said(answer)}). Ask whoever "
            f"looks after it to allow the tool the scope {SCOPES[scope]}."
        )
    if answer.status_code == 429 or answer.status_code >= 500:
        raise TeachingError(
            f"The learning management system is busy or out of order ({_said(answer)}). Try again later; what was "
            "sent is remembered."
        )
    if scope != "score":
        raise TeachingError(
            f"The learning management system refused what has to do with its columns ({_said(answer)}). Is their address "
            "right (line_items_url in lti.yaml, or what the file under launches says)?"
        )
    raise Refused(f"the learning management system refused it ({_said(answer)})")


def _said(answer: requests.Response) -> str:
    """The status, and one short line of what the platform said about it."""
    try:
        data = answer.json()
        words = data.get("error_description") or data.get("error") or data.get("message") or ""
    except (ValueError, AttributeError):
        words = ""
    text = "".join(character for character in str(words)[:200] if character.isprintable())
    return f"{answer.status_code}, {text}" if text else str(answer.status_code)


def _json(answer: requests.Response) -> Any:
    try:
        return answer.json()
    except ValueError as error:
        raise TeachingError(
            "The learning management system answered with something that is not JSON."
        ) from error
