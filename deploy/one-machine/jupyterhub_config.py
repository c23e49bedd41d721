"""JupyterHub for one machine: one account of the operating system for each person. The README says how to run it.

Read from the environment:
    EARNED_SERVER: the server's description (default: server.yaml beside this file).
    EARNED_STATE: the hub's own folder, for its database and secrets (default: /srv/earned-security/hub).
    EARNED_SIGN_IN: ``accounts`` (default: name and password of the account), ``institution`` or ``lti`` (see sign_in.py).
    EARNED_HUB_PORT, EARNED_PROXY_PORT: where hub and proxy talk to each other, on this machine only.
"""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import sign_in

from earned_security.teaching.server import classes, hub

here = Path(__file__).parent
c = get_config()  # noqa: F821  (given by JupyterHub)
server = classes.read(Path(os.environ.get("EARNED_SERVER", here / "server.yaml")))
state = Path(os.environ.get("EARNED_STATE", "/srv/earned-security/hub"))
hub_port = int(os.environ.get("EARNED_HUB_PORT", "8081"))
proxy_port = int(os.environ.get("EARNED_PROXY_PORT", "8001"))

hub.configure(c, server)
sign_in.configure(c, server, os.environ)

c.JupyterHub.spawner_class = "jupyterhub.spawner.LocalProcessSpawner"
c.Spawner.args = ["--ServerApp.ip=127.0.0.1"]

# The proxy is a process of its own, so that a restart of the hub interrupts nobody.
c.ConfigurableHTTPProxy.should_start = False
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{proxy_port}"
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{hub_port}"
c.JupyterHub.cleanup_proxy = False

# What the hub has to remember. Nobody else may read it.
state.mkdir(parents=True, exist_ok=True)
state.chmod(0o700)
c.JupyterHub.db_url = f"sqlite:///{state / 'jupyterhub.sqlite'}"
c.JupyterHub.cookie_secret_file = str(state / "cookie_secret")
c.JupyterHub.pid_file = str(state / "jupyterhub.pid")
