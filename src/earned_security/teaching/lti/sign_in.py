"""Signing in to the class server from a learning management system: jupyterhub-ltiauthenticator, and what it leaves open.

It checks signature, issuer, audience, age and nonce of each launch. What is added here: only deployments and courses
that were named come in; a launch is taken once; whom the platform knows by an id is the account that the institution
says; and the id is noted, so that marks find the way back. What somebody may do here is said by ``server.yaml`` alone:
a platform that calls a person an instructor makes none of them.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jupyterhub.handlers import BaseHandler
from jupyterhub.utils import url_path_join
from ltiauthenticator.lti13.auth import LTI13Authenticator
from tornado.web import HTTPError
from traitlets import Dict, List, Unicode
from traitlets import Set as SetOf

from earned_security.curriculum import ContentError
from earned_security.curriculum.source import read_document, validate
from earned_security.teaching import TeachingError
from earned_security.teaching.lti import launches
from earned_security.teaching.roster import read_roster

_CLAIM = "https://purl.imsglobal.org/spec/lti/claim"
_AGS_CLAIM = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
SETTINGS = "earned_security.teaching.lti.sign_in.LTISignIn"


def configure(c: Any, file: Path) -> None:
    """Let people sign in from a learning management system, as a YAML file says; ``c`` is JupyterHub's configuration.

    Its entries are the settings of LTISignIn below; who may come in and as what stays with ``server.yaml``.

    Raises:
        ContentError: the file has mistakes; each is named with its line.
    """
    document = read_document(file)
    if found := validate(document, "lti-sign-in"):
        raise ContentError(found)
    c.JupyterHub.authenticator_class = SETTINGS
    for name, value in document.data.items():
        many = name in ("client_id", "deployments")
        c.LTISignIn[name] = {str(one) for one in value} if many else value
    for name in ("rosters", "launches", "public_keys"):  # beside the file, if they are not said in full
        value = document.data.get(name)
        if isinstance(value, str):
            c.LTISignIn[name] = str(file.parent / value)
        elif isinstance(value, list):
            c.LTISignIn[name] = [str(file.parent / each) for each in value]
        elif isinstance(value, dict):
            c.LTISignIn[name] = {course: str(file.parent / each) for course, each in value.items()}


class LTISignIn(LTI13Authenticator):
    """Set as ``c.JupyterHub.authenticator_class``; takes the settings of LTI13Authenticator as well.

    Needed there: ``issuer``, ``authorize_url``, ``jwks_endpoint``, ``client_id``.
    """

    deployments = SetOf(Unicode(), config=True, help="The deployment ids that may sign in; empty: any.")
    courses = Dict(
        key_trait=Unicode(),
        value_trait=Unicode(),
        config=True,
        help="The course here, by the id of the course (context) in the platform. Nobody comes in from any other.",
    )
    accounts = Dict(
        key_trait=Unicode(),
        value_trait=Unicode(),
        config=True,
        help="The account here, by the platform's id for a person: for instructors, who are on no roster.",
    )
    rosters = Dict(
        key_trait=Unicode(),
        value_trait=Unicode(),
        config=True,
        help="A roster (CSV) for a course here: whoever has the platform's id in its column lms_user_id gets the "
        "account named in its column id. Without one, the account is named by username_key.",
    )
    launches = Unicode(
        "",
        config=True,
        help="The folder where it is noted for sending marks who signed in; empty: it is not.",
    )
    public_keys = List(
        Unicode(),
        config=True,
        help="Files lti-public-keys.json, shown at lti13/keys to platforms that ask for the address of a key set.",
    )
    # The id that the platform made for the person: unlike an address or a name, nobody can set or take over one.
    username_key = Unicode("sub", config=True, help=LTI13Authenticator.username_key.help)

    def get_handlers(self, app: Any) -> list[Any]:
        return [*super().get_handlers(app), (url_path_join("lti13", "keys"), KeysHandler)]

    async def authenticate(self, handler: Any, data: dict[str, Any] | None = None) -> dict[str, Any]:
        """The account and nothing else; what the platform says of the person is not kept."""
        token = data or {}
        self._take_once(token)
        if self.deployments and str(token.get(f"{_CLAIM}/deployment_id")) not in self.deployments:
            raise HTTPError(
                403, "This class server does not know this deployment of the tool. Tell your instructor."
            )
        course = self.courses.get(str((token.get(f"{_CLAIM}/context") or {}).get("id", "")))
        if not course:
            raise HTTPError(
                403, "No class here belongs to the course from which you came. Tell your instructor."
            )
        account = self.normalize_username(self._account(token, course))
        if self.launches and account in self.allowed_users:
            self._note(course, account, token)
        return {"name": account}

    def _take_once(self, token: Mapping[str, Any]) -> None:
        """A launch that was taken before is refused, also where somebody has the cookies that belong to it."""
        now = time.time()
        taken: dict[str, float] = getattr(self, "_taken", {})
        self._taken = {nonce: until for nonce, until in taken.items() if until > now}
        nonce = str(token.get("nonce", ""))
        if not nonce or nonce in self._taken:
            raise HTTPError(400, "This sign-in was used before. Open the course again from where you came.")
        self._taken[nonce] = float(token.get("exp", now)) + 60

    def _account(self, token: Mapping[str, Any], course: str) -> str:
        user_id = str(token.get("sub") or "")
        if not user_id:
            raise HTTPError(
                403, "The learning management system did not say who you are. Tell your instructor."
            )
        if user_id in self.accounts:
            return str(self.accounts[user_id])
        if file := self.rosters.get(course):
            try:
                people = {person.lms_user_id: person.id for person in read_roster(Path(file))}
            except ContentError as error:
                self.log.error("The roster of %s cannot be used: %s", course, error)
                raise HTTPError(
                    500, "The roster of this class cannot be used. Tell your instructor."
                ) from error
            if user_id not in people:
                raise HTTPError(403, f"You are not on the roster of this class. Your id for it is {user_id}.")
            return people[user_id]
        return str(self.get_username(dict(token)))

    def _note(self, course: str, account: str, token: Mapping[str, Any]) -> None:
        endpoint = token.get(_AGS_CLAIM) or {}
        address = endpoint.get("lineitems") if isinstance(endpoint, dict) else None
        try:
            launches.note(Path(self.launches) / f"{course}.json", account, str(token["sub"]), address)
        except (OSError, TeachingError) as error:  # marks can be sent later; learning goes on
            self.log.error("A sign-in to %s could not be noted for sending marks: %s", course, error)


class KeysHandler(BaseHandler):
    """The public keys of the courses, as a JSON Web Key Set."""

    def get(self) -> None:
        keys = []
        for file in self.authenticator.public_keys:
            keys += json.loads(Path(file).read_text(encoding="utf-8"))["keys"]
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps({"keys": keys}))
