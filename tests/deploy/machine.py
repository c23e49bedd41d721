"""One real class server on this machine: accounts, folders, proxy and hub, as the README of deploy/one-machine says.

Everything is made for the test and taken away by it: accounts begin with ``earnedtest-``.
"""

from __future__ import annotations

import json
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from lab.running import free_port
from packaging.requirements import Requirement

REPOSITORY = Path(__file__).parents[2]
DEPLOY = REPOSITORY / "deploy" / "one-machine"
PASSWORD = "a-password-for-tests"
COURSE = "attachment-2027"
NOT_ROOT = (
    "Accounts can only be made by root, so the class server was not tried. Run the tests as root to try it."
)


class CannotRun(Exception):
    """What this machine lacks, in words."""


def interpreter() -> str:
    """A Python of this version that every account can run: this one's, or the system's."""
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for candidate in (getattr(sys, "_base_executable", sys.executable), f"/usr/bin/{name}"):
        path = Path(candidate).resolve()
        if path.exists() and all(above.stat().st_mode & 0o001 for above in (path, *path.parents)):
            return str(path)
    raise CannotRun(f"No {name} that every account can run was found; apt install {name} {name}-venv")


def proxy() -> Path:
    """The pinned proxy from npm, installed as the README says; once for a checkout."""
    lock = (DEPLOY / "package-lock.json").read_text(encoding="utf-8")
    place = REPOSITORY / "_build" / "class-server-proxy"
    program = place / "node_modules" / ".bin" / "configurable-http-proxy"
    if not program.exists() or (place / "package-lock.json").read_text(encoding="utf-8") != lock:
        place.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(DEPLOY / name, place / name)
        try:
            subprocess.run(["npm", "ci", "--silent"], cwd=place, check=True, capture_output=True, timeout=200)
        except (OSError, subprocess.SubprocessError) as error:
            raise CannotRun(f"The proxy could not be installed with npm: {error}") from error
    return program


def pinned_for(version: str) -> list[str]:
    """What the lock pins otherwise for a Python of this version than for the one that runs the tests."""
    found = []
    for line in (REPOSITORY / "requirements.lock").read_text(encoding="utf-8").splitlines():
        if line[:1].isalpha() and "python_full_version" in line:
            one = Requirement(line.rstrip("\\ "))
            if one.marker and one.marker.evaluate({"python_full_version": version}) > one.marker.evaluate():
                found.append(f"{one.name}{one.specifier}")
    return found


@dataclass
class Machine:
    """A class server. ``people``: accounts by the short names that tests use."""

    root: Path
    prefix: str
    trainees: tuple[str, ...]
    concurrent_starts: int = 4
    sign_in: Mapping[str, str] = field(default_factory=dict)
    hub_process: subprocess.Popen[bytes] | None = None
    proxy_process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        self.port, self.hub_port, self.proxy_port = free_port(), free_port(), free_port()
        self.token = secrets.token_hex(16)
        self.checkout = self.root / "checkout"
        self.course = self.root / "courses" / COURSE
        self.exchange = self.root / "exchange"
        self.description = self.root / "server.yaml"
        self.python = self.root / "venv" / "bin" / "python"
        self.grader = self.account("grader")

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def people(self) -> tuple[str, ...]:
        return ("ines", *self.trainees)

    def account(self, short: str) -> str:
        return f"{self.prefix}-{short}"

    def home(self, short: str) -> Path:
        return Path(pwd.getpwnam(self.account(short)).pw_dir)

    # Setting up

    def install(self) -> None:
        """The course's package and its bank, as on a server: the bank is for graders only."""
        self.root.chmod(0o755)
        subprocess.run([interpreter(), "-m", "venv", "--without-pip", self.root / "venv"], check=True)
        for name in ("src", "exercises", "notebooks", "deploy"):
            shutil.copytree(
                REPOSITORY / name, self.checkout / name, ignore=shutil.ignore_patterns("__pycache__")
            )
        shutil.copy(REPOSITORY / "_config.yml", self.checkout)
        packages = next((Path(sys.prefix) / "lib").glob("python3*/site-packages"))
        ours = next((self.root / "venv" / "lib").glob("python3*/site-packages"))
        (ours / "course.pth").write_text(f"{self.checkout / 'src'}\n{packages}\n")
        version = self.run(
            str(self.python), "-c", "import platform; print(platform.python_version())"
        ).stdout.strip()
        if others := pinned_for(version):
            pip = [
                sys.executable,
                "-m",
                "pip",
                "install",
                "--quiet",
                "--no-deps",
                "--target",
                str(ours),
                *others,
            ]
            subprocess.run(pip, check=True, capture_output=True)
        for name in ("share", "etc"):
            (self.root / "venv" / name).symlink_to(Path(sys.prefix) / name)
        for name, module in (
            ("alembic", "alembic.config"),
            ("earned", "earned_security.cli"),
            ("nbgrader", "nbgrader.apps.nbgraderapp"),
        ):
            script = self.root / "venv" / "bin" / name
            script.write_text(f"#!{self.python}\nimport sys\nfrom {module} import main\nsys.exit(main())\n")
            script.chmod(0o755)
        subprocess.run(["chmod", "-R", "o-rwx", self.checkout / "exercises"], check=True)

    def describe(self) -> None:
        course = {
            "folder": str(self.course),
            "grader": self.grader,
            "instructors": [self.account("ines")],
            "trainees": [self.account(name) for name in self.trainees],
        }
        data = {
            "address": self.address,
            "book": f"{self.address}/book",
            "exchange": str(self.exchange),
            "learners_files": str(self.root / "learners-files"),
            "concurrent_starts": self.concurrent_starts,
            "courses": {COURSE: course},
        }
        self.description.write_text(yaml.safe_dump(data), encoding="utf-8")
        self.description.chmod(0o600)  # as in a folder of root's

    def prepare(self) -> None:
        """Accounts, folders and permissions, by the course's own command."""
        self.describe()
        self.earned("server", "files", str(self.description))
        said = self.earned("server", "prepare", str(self.description), "--create-accounts")
        assert f"Course {COURSE}" in said, said
        passwords = "".join(f"{self.account(name)}:{PASSWORD}\n" for name in self.people)
        subprocess.run(["chpasswd"], input=passwords, text=True, check=True)
        group = pwd.getpwnam(self.grader).pw_gid
        for path in (self.checkout / "exercises", *(self.checkout / "exercises").rglob("*")):
            os.chown(path, 0, group)

    def earned(self, *arguments: str, account: str | None = None) -> str:
        """One command of `earned` on this machine, as root or as an account; what it printed."""
        return self.run(str(self.python), "-m", "earned_security.cli", *arguments, account=account).stdout

    def run(
        self, *command: str, account: str | None = None, check: bool = True
    ) -> subprocess.CompletedProcess[str]:
        environment = {"PATH": f"{self.python.parent}:/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"}
        cwd = self.checkout
        if account:
            home = pwd.getpwnam(account).pw_dir
            environment |= {"HOME": home, "USER": account, "LOGNAME": account}
            command, cwd = (
                ("setpriv", f"--reuid={account}", f"--regid={account}", "--init-groups", *command),
                Path(home),
            )
        done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
        if check and done.returncode:
            raise AssertionError(f"{' '.join(command)}\n{done.stdout}\n{done.stderr}")
        return done

    # Running

    def start_proxy(self) -> None:
        command = ["node", str(proxy()), "--ip=127.0.0.1", f"--port={self.port}", "--api-ip=127.0.0.1"]
        command += [f"--api-port={self.proxy_port}", f"--default-target=http://127.0.0.1:{self.hub_port}"]
        command += [f"--error-target=http://127.0.0.1:{self.hub_port}/hub/error"]
        environment = {**os.environ, "CONFIGPROXY_AUTH_TOKEN": self.token}
        self.proxy_process = self._started(command, "proxy.log", environment)
        self._wait(f"http://127.0.0.1:{self.proxy_port}/api/routes", "proxy.log")

    def start_hub(self) -> None:
        environment = {
            "PATH": f"{self.python.parent}:/usr/sbin:/usr/bin:/sbin:/bin",
            "LANG": "C.UTF-8",
            "CONFIGPROXY_AUTH_TOKEN": self.token,
            "EARNED_SERVER": str(self.description),
            "EARNED_STATE": str(self.root / "hub"),
            "EARNED_HUB_PORT": str(self.hub_port),
            "EARNED_PROXY_PORT": str(self.proxy_port),
            **self.sign_in,
        }
        config = self.checkout / "deploy" / "one-machine" / "jupyterhub_config.py"
        command = [str(self.python), "-m", "jupyterhub", "-f", str(config)]
        self.hub_process = self._started(command, "hub.log", environment)
        self._wait(f"{self.address}/hub/api/", "hub.log")

    def kill_hub(self) -> None:
        """At once, as a power cut would; nobody's server is touched."""
        assert self.hub_process is not None
        self.hub_process.kill()
        self.hub_process.wait()

    def log(self) -> str:
        return (self.root / "hub.log").read_text(errors="replace")

    def _started(
        self, command: list[str], log: str, environment: Mapping[str, str]
    ) -> subprocess.Popen[bytes]:
        with (self.root / log).open("ab") as stream:
            return subprocess.Popen(
                command,
                cwd=self.root,
                env=dict(environment),
                stdout=stream,
                stderr=stream,
                start_new_session=True,
            )

    def _wait(self, address: str, log: str) -> None:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(address, timeout=5):
                    return
            except urllib.error.HTTPError as error:
                if error.code in (401, 403):
                    return  # it is there, and asks who we are
            except OSError:
                pass
            process = self.hub_process if log == "hub.log" else self.proxy_process
            if process is not None and process.poll() is not None:
                break
            time.sleep(0.2)
        raise AssertionError((self.root / log).read_text(errors="replace")[-6000:])

    # Taking away

    def remove(self) -> None:
        for process in (self.hub_process, self.proxy_process):
            if process is not None and process.poll() is None:
                process.kill()
                process.wait()
        accounts = [entry for entry in pwd.getpwall() if entry.pw_name.startswith(f"{self.prefix}-")]
        _end({entry.pw_uid for entry in accounts})
        for entry in accounts:
            subprocess.run(["userdel", "--remove", entry.pw_name], capture_output=True, check=False)
        shutil.rmtree(self.root, ignore_errors=True)


def _end(users: Iterable[int]) -> None:
    """End every process of these accounts, which exist for this test alone."""
    users = set(users)
    for sent in (signal.SIGTERM, signal.SIGKILL):
        found = list(_processes(users))
        for number in found:
            with suppress(ProcessLookupError):
                os.kill(number, sent)
        deadline = time.monotonic() + 5
        while found and time.monotonic() < deadline and list(_processes(users)):
            time.sleep(0.1)


def _processes(users: set[int]) -> Iterator[int]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                if entry.stat().st_uid in users:
                    yield int(entry.name)


@contextmanager
def machine(
    trainees: tuple[str, ...], concurrent_starts: int = 4, sign_in: Mapping[str, str] | None = None
) -> Iterator[Machine]:
    """A prepared and running class server; taken away at the end.

    Raises:
        CannotRun: this machine lacks what is needed, in words.
    """
    if os.geteuid() != 0:
        raise CannotRun(NOT_ROOT)
    proxy()
    prefix = f"earnedtest-{secrets.token_hex(2)}"
    made = Machine(
        Path(tempfile.mkdtemp(prefix="earned-test-", dir="/var/tmp")), prefix, trainees, concurrent_starts
    )
    made.sign_in = {name: text.replace("{port}", str(made.port)) for name, text in (sign_in or {}).items()}
    try:
        made.install()
        made.prepare()
        made.start_proxy()
        made.start_hub()
        yield made
    finally:
        made.remove()


def written(path: Path) -> dict[str, object]:
    """A JSON file."""
    return dict(json.loads(path.read_text(encoding="utf-8")))
