"""How people sign in: with their account of this machine, through their institution (OAuth 2, OpenID Connect), or by LTI.

For ``EARNED_SIGN_IN=institution``, from the environment:
    OIDC_ISSUER: the address of the institution's service; its three addresses are read from what it publishes there.
    OIDC_CLIENT_ID, OIDC_CLIENT_SECRET: what it gave for this server. Redirect address: ADDRESS/hub/oauth_callback
    OIDC_USERNAME: which claim is the account's name (default: preferred_username).
    OIDC_NAME: what the button says (default: your institution).

For ``EARNED_SIGN_IN=lti``, from a learning management system by LTI 1.3:
    EARNED_LTI: a YAML file with the settings of earned_security.teaching.lti.sign_in.
"""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from earned_security.curriculum import ContentError
from earned_security.teaching.lti import sign_in as lti
from earned_security.teaching.server.classes import ClassServer

PUBLISHED = "/.well-known/openid-configuration"


def configure(c: Any, server: ClassServer, environment: Mapping[str, str]) -> None:
    """Choose the way to sign in; who may is decided by server.yaml alone.

    Raises:
        SystemExit: a setting is missing or unknown, or the institution's service cannot be reached.
    """
    way = environment.get("EARNED_SIGN_IN", "accounts")
    if way == "accounts":
        c.JupyterHub.authenticator_class = "pam"
        # True, where a session of PAM does something that people need, such as mounting their home.
        c.PAMAuthenticator.open_sessions = False
        c.PAMAuthenticator.admin_groups = set()
    elif way == "institution":
        _institution(c, server, environment)
    elif way == "lti":
        _learning_management_system(c, environment)
    else:
        raise SystemExit(f"EARNED_SIGN_IN is '{way}'; it must be accounts, institution or lti.")


def _learning_management_system(c: Any, environment: Mapping[str, str]) -> None:
    if not (file := environment.get("EARNED_LTI")):
        raise SystemExit(
            "To sign in from a learning management system, set EARNED_LTI, the file that describes it."
        )
    try:
        lti.configure(c, Path(file).resolve())
    except ContentError as error:
        raise SystemExit(f"People cannot sign in from the learning management system:\n{error}") from error


def _institution(c: Any, server: ClassServer, environment: Mapping[str, str]) -> None:
    needed = ("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")
    if missing := [name for name in needed if not environment.get(name)]:
        raise SystemExit(f"To sign in through the institution, set {', '.join(missing)} as well.")
    issuer = environment["OIDC_ISSUER"].rstrip("/")
    try:
        with urllib.request.urlopen(issuer + PUBLISHED, timeout=20) as answer:
            published = json.load(answer)
        authorize, token, userinfo = (
            published[f"{name}_endpoint"] for name in ("authorization", "token", "userinfo")
        )
    except (OSError, ValueError) as error:
        raise SystemExit(f"{issuer}{PUBLISHED} could not be read: {error}") from error
    except (KeyError, TypeError) as error:
        raise SystemExit(f"{issuer}{PUBLISHED} does not name what is needed: {error}") from error
    # An account of this machine must be there before: server.yaml names it, `earned server prepare` makes it.
    c.JupyterHub.authenticator_class = "generic-oauth"
    c.GenericOAuthenticator.client_id = environment["OIDC_CLIENT_ID"]
    c.GenericOAuthenticator.client_secret = environment["OIDC_CLIENT_SECRET"]
    c.GenericOAuthenticator.authorize_url = authorize
    c.GenericOAuthenticator.token_url = token
    c.GenericOAuthenticator.userdata_url = userinfo
    c.GenericOAuthenticator.oauth_callback_url = f"{server.address}/hub/oauth_callback"
    c.GenericOAuthenticator.scope = ["openid", "profile", "email"]
    c.GenericOAuthenticator.username_claim = environment.get("OIDC_USERNAME", "preferred_username")
    c.GenericOAuthenticator.login_service = environment.get("OIDC_NAME", "your institution")
