"""Launches from the platform into a real JupyterHub, over HTTP, as a browser makes them."""

from __future__ import annotations

import html
import importlib.util
import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml
from cryptography.hazmat.primitives.asymmetric import rsa
from traitlets.config import Config

from earned_security.curriculum import ContentError
from earned_security.teaching.lti.sign_in import configure

from .platform import CLAIM, CLIENT, CONTEXT, DEPLOYMENT, MEMBERSHIP, Platform, running

COURSE, TOKEN = "attachment", "a-token-for-looking"
INSTRUCTOR = f"{MEMBERSHIP}#Instructor"


@dataclass
class Hub:
    address: str
    folder: Path
    platform: Platform

    def begin(self, browser: requests.Session, hint: str = "u-1/Learner") -> dict[str, str]:
        """The platform opens the tool; the answer that the browser would then post, and where."""
        first = {
            "iss": self.platform.address,
            "login_hint": hint,
            "target_link_uri": f"{self.address}/hub/home",
            "client_id": CLIENT,
        }
        page = browser.get(f"{self.address}/hub/lti13/oauth_login", params=first)
        assert page.status_code == 200 and page.url.startswith(self.platform.address), page.text
        found = dict(re.findall(r'<input name="(\w+)" value="([^"]*)">', page.text))
        return {name: html.unescape(value) for name, value in found.items()}

    def finish(self, browser: requests.Session, answer: dict[str, str]) -> requests.Response:
        return browser.post(f"{self.address}/hub/lti13/oauth_callback", data=answer)

    def launch(self, hint: str, **changed: Any) -> tuple[requests.Session, requests.Response]:
        """A whole launch; ``changed``: claims that are not as they should be."""
        browser = requests.Session()
        answer = self.begin(browser, hint)
        if changed:
            who, _, role = hint.partition("/")
            claims = self.platform.claims(self._nonce(answer), who, [f"{MEMBERSHIP}#{role}"], **changed)
            answer["id_token"] = self.platform.sign(claims)
        return browser, self.finish(browser, answer)

    def _nonce(self, answer: dict[str, str]) -> str:
        import jwt

        return str(jwt.decode(answer["id_token"], options={"verify_signature": False})["nonce"])

    def user(self, name: str) -> Any:
        answer = requests.get(
            f"{self.address}/hub/api/users/{name}", headers={"Authorization": f"token {TOKEN}"}
        )
        return answer.json() if answer.ok else None


CONFIGURATION = """
from pathlib import Path

from jupyterhub.proxy import Proxy

from earned_security.teaching.lti import sign_in
from earned_security.teaching.server import classes, hub

class NoProxy(Proxy):
    "Everything is asked of the hub itself."
    should_start = False
    async def add_route(self, routespec, target, data): pass
    async def delete_route(self, routespec): pass
    async def get_all_routes(self): return {}

c = get_config()
hub.configure(c, classes.read(Path("server.yaml")))
sign_in.configure(c, Path("lti.yaml").resolve())
c.JupyterHub.proxy_class = NoProxy
c.JupyterHub.db_url = "sqlite://"
c.JupyterHub.cookie_secret_file = "cookie-secret"
"""

SERVER = {
    "address": "https://class.example",
    "book": "https://class.example/book",
    "exchange": "exchange",
    "learners_files": "files",
    "courses": {
        COURSE: {"folder": COURSE, "instructors": ["tessa"], "roster": "roster.csv"},
        "open": {"folder": "open", "instructors": ["tessa"], "trainees": ["uma"]},
    },
}


def _free() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    folder = tmp_path_factory.mktemp("hub")
    (folder / "launches").mkdir()
    (folder / "roster.csv").write_text("id,lms_user_id\nann,u-1\nben,u-2\n", "utf-8")
    (folder / "keys.json").write_text('{"keys": [{"kid": "ours"}]}', "utf-8")
    port = _free()
    with running() as platform, (folder / "log").open("wb") as log:
        settings = {
            "issuer": platform.address,
            "authorize_url": f"{platform.address}/sign-in",
            "jwks_endpoint": f"{platform.address}/keys",
            "client_id": [CLIENT],
            "deployments": [DEPLOYMENT],
            "courses": {CONTEXT: COURSE, "no-roster": "open"},
            "accounts": {"t-1": "Tessa"},
            "rosters": {COURSE: "roster.csv"},
            "launches": "launches",
            "public_keys": ["keys.json"],
        }
        looking = (
            f"c.JupyterHub.bind_url = 'http://127.0.0.1:{_free()}'\n"
            f"c.JupyterHub.hub_port = {port}\n"
            f"c.JupyterHub.services = [{{'name': 'looking', 'api_token': '{TOKEN}'}}]\n"
            "c.JupyterHub.load_roles.append("
            "{'name': 'looking', 'services': ['looking'], 'scopes': ['read:users', 'read:roles:users']})\n"
        )
        (folder / "lti.yaml").write_text(yaml.safe_dump(settings), "utf-8")
        (folder / "server.yaml").write_text(yaml.safe_dump(SERVER), "utf-8")
        (folder / "jupyterhub_config.py").write_text(CONFIGURATION + looking, "utf-8")
        process = subprocess.Popen([sys.executable, "-m", "jupyterhub"], cwd=folder, stdout=log, stderr=log)
        try:
            found = Hub(f"http://127.0.0.1:{port}", folder, platform)
            _wait(found, process)
            yield found
        finally:
            process.terminate()
            process.wait(30)


def _wait(hub: Hub, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            if requests.get(f"{hub.address}/hub/health", timeout=5).ok:
                return
        except requests.RequestException:
            time.sleep(0.2)
    raise AssertionError((hub.folder / "log").read_text("utf-8")[-4000:])


def signed_in(hub: Hub, browser: requests.Session) -> str | None:
    """Whose page the browser gets; None: it is asked to sign in."""
    page = browser.get(f"{hub.address}/hub/home", allow_redirects=False)
    found = re.search(r'user: "([^"]+)"', page.text)
    return found[1] if page.status_code == 200 and found else None


def test_a_learner_and_an_instructor_come_in_with_their_roles(hub: Hub) -> None:
    browser, answer = hub.launch("u-1/Learner")
    assert answer.ok and answer.url == f"{hub.address}/hub/home"
    assert signed_in(hub, browser) == "ann"
    assert set(hub.user("ann")["roles"]) == {"user"} and not hub.user("ann")["admin"]
    browser, _ = hub.launch("t-1/Instructor")
    assert signed_in(hub, browser) == "tessa"
    assert set(hub.user("tessa")["roles"]) == {"user", f"instructors-of-{COURSE}", "instructors-of-open"}
    # What sending marks needs is noted, and nothing else about them.
    noted = hub.folder / "launches" / f"{COURSE}.json"
    assert json.loads(noted.read_text()) == {
        "line_items_url": hub.platform.line_items_url,
        "people": {"ann": "u-1", "tessa": "t-1"},
    }
    assert noted.stat().st_mode & 0o777 == 0o640


def test_a_platform_makes_nobody_an_instructor(hub: Hub) -> None:
    for role in ("Instructor", "Administrator"):
        browser, _ = hub.launch(f"u-2/{role}")
        assert signed_in(hub, browser) == "ben"
        assert set(hub.user("ben")["roles"]) == {"user"} and not hub.user("ben")["admin"]


def test_without_a_roster_the_platforms_id_is_the_account(hub: Hub) -> None:
    context = {f"{CLAIM}/context": {"id": "no-roster", "label": "O"}}
    browser, _ = hub.launch("uma/Learner", **context)
    assert signed_in(hub, browser) == "uma"
    for stranger in ("someone", f"grader-{COURSE}", "ann"):
        browser, _ = hub.launch(f"{stranger}/Instructor", **context)
        # Ann belongs to the server: a platform that may say who somebody is may say this as well.
        assert signed_in(hub, browser) == ("ann" if stranger == "ann" else None)
    assert "someone" not in (hub.folder / "launches" / "open.json").read_text()


def test_a_launch_is_taken_once(hub: Hub) -> None:
    browser = requests.Session()
    answer = hub.begin(browser)
    kept = browser.cookies.copy()
    assert hub.finish(browser, answer).ok
    assert hub.finish(browser, answer).status_code == 400  # the cookie of that sign-in is gone
    thief = requests.Session()
    assert hub.finish(thief, answer).status_code == 400 and signed_in(hub, thief) is None
    thief.cookies = kept  # also with the cookies that belong to it
    assert hub.finish(thief, answer).status_code == 400
    thief.cookies.clear()
    own = hub.begin(thief)  # a sign-in of one's own, with another's token
    assert hub.finish(thief, {**own, "id_token": answer["id_token"]}).status_code == 400
    assert signed_in(hub, thief) is None


@pytest.mark.parametrize(
    "times",
    [
        {"exp": -10, "iat": -400},
        {"iat": -4000, "exp": 3000},  # still valid, but issued long ago
    ],
    ids=str,
)
def test_a_launch_of_another_time_does_not_come_in(hub: Hub, times: dict[str, int]) -> None:
    now = int(time.time())
    browser, answer = hub.launch("u-1/Learner", **{claim: now + at for claim, at in times.items()})
    assert 400 <= answer.status_code < 500, answer.text
    assert signed_in(hub, browser) is None


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": "another-tool"},
        {"aud": [CLIENT, "another-tool"]},  # and does not say for whom it is
        {"iss": "https://elsewhere.example"},
        {"nonce": "of-another-sign-in"},
        {"nonce": None},
        {"sub": None},
        {f"{CLAIM}/deployment_id": "2"},
        {f"{CLAIM}/context": {"id": "another-course", "label": "X"}},
        {f"{CLAIM}/context": None},
        {f"{CLAIM}/roles": None},
        {f"{CLAIM}/version": "1.1"},
        {"sub": "u-99"},  # not on the roster
    ],
    ids=str,
)
def test_what_is_not_as_it_should_be_does_not_come_in(hub: Hub, changed: dict[str, Any]) -> None:
    browser, answer = hub.launch("u-1/Learner", **changed)
    assert 400 <= answer.status_code < 500, answer.text
    assert signed_in(hub, browser) is None


def test_another_signature_does_not_come_in(hub: Hub) -> None:
    import jwt

    for forged in ("another key", "no signature", "another algorithm"):
        browser = requests.Session()
        answer = hub.begin(browser)
        claims = jwt.decode(answer["id_token"], options={"verify_signature": False})
        claims[f"{CLAIM}/roles"] = [INSTRUCTOR]
        if forged == "another key":
            other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
            answer["id_token"] = hub.platform.sign(claims, other)
        elif forged == "no signature":
            answer["id_token"] = jwt.encode(claims, None, "none", headers={"kid": "platform-1"})
        else:
            answer["id_token"] = jwt.encode(claims, "x" * 40, "HS256", headers={"kid": "platform-1"})
        assert hub.finish(browser, answer).status_code == 400
        assert signed_in(hub, browser) is None


def test_the_courses_public_keys_are_shown(hub: Hub) -> None:
    assert requests.get(f"{hub.address}/hub/lti13/keys").json() == {"keys": [{"kid": "ours"}]}


def test_a_mistake_in_the_settings_is_named(tmp_path: Path) -> None:
    file = tmp_path / "lti.yaml"
    file.write_text("issuer: http://lms.example\nclient: x\n", "utf-8")
    with pytest.raises(ContentError) as raised:
        configure(Config(), file)
    said = str(raised.value)
    assert "authorize_url" in said and "lti.yaml:1" in said and "Not a known field" in said


def test_one_machine_signs_in_by_lti_by_a_setting(tmp_path: Path) -> None:
    path = Path(__file__).resolve().parents[3] / "deploy" / "one-machine" / "sign_in.py"
    spec = importlib.util.spec_from_file_location("one_machine_sign_in", path)
    assert spec and spec.loader
    deployed = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(deployed)
    file = tmp_path / "lti.yaml"
    lms = "https://lms.example"
    settings = {
        "issuer": lms,
        "authorize_url": lms,
        "jwks_endpoint": lms,
        "client_id": ["x"],
        "courses": {"1": "a"},
    }
    file.write_text(yaml.safe_dump({**settings, "launches": "launches"}), "utf-8")
    c = Config()
    deployed.configure(c, None, {"EARNED_SIGN_IN": "lti", "EARNED_LTI": str(file)})
    assert c.JupyterHub.authenticator_class.endswith("LTISignIn") and c.LTISignIn.client_id == {"x"}
    assert c.LTISignIn.launches == str(tmp_path / "launches")
    with pytest.raises(SystemExit, match="set EARNED_LTI"):
        deployed.configure(c, None, {"EARNED_SIGN_IN": "lti"})
    file.write_text("issuer: 3\n", "utf-8")
    with pytest.raises(SystemExit, match=r"lti\.yaml:1"):
        deployed.configure(c, None, {"EARNED_SIGN_IN": "lti", "EARNED_LTI": str(file)})
