"""The class server on Kubernetes: one identity for each person, and what each person's pod may reach.

Zero to JupyterHub runs every pod as the same user. Here everybody has a number of their own, which is written down
and never given to anybody else, because files on the shared exchange belong to it. Runs in the hub's pod.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import earned_security
from earned_security.curriculum import ContentError
from earned_security.teaching import TeachingError
from earned_security.teaching.server import classes, hub
from earned_security.teaching.server.classes import ClassServer

FIRST, LAST = 20_000, 59_999  # no account of an image, and in the range of an ordinary one
HOME = "/home/jovyan"
EVERYONE, ONE = "everyone", "people"  # folders of the accounts volume
EXTRAUSERS = "/var/lib/extrausers"  # where libnss-extrausers looks for accounts
ROLE_LABEL = "earned-security.org/role"


class Identities:
    """Who has which number, kept in a file.

    Args:
        path: on a volume that outlives the hub's pod, and is backed up.

    Raises:
        TeachingError: the file is damaged. No new one is begun: files would change hands.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            self._numbers = {str(name): int(number) for name, number in data.items()}
        except FileNotFoundError:
            self._numbers = {}
        except (OSError, ValueError, TypeError, AttributeError) as error:
            raise TeachingError(
                f"{path} says which number each person has, and it cannot be read. Put it back from a backup: without "
                "it, people would get each other's files."
            ) from error
        if len(set(self._numbers.values())) < len(self._numbers):
            raise TeachingError(f"{path} gives two people the same number. Put it back from a backup.")

    def __getitem__(self, name: str) -> int:
        return self._numbers[name]

    def ensure(self, names: Iterable[str]) -> None:
        """Give a number to each of these who has none. Whoever left keeps theirs, so that nobody else gets it.

        Raises:
            TeachingError: there are no numbers left.
        """
        new = sorted(set(names) - set(self._numbers))
        if not new:
            return
        first = max(self._numbers.values(), default=FIRST - 1) + 1
        if first + len(new) - 1 > LAST:
            raise TeachingError(f"There are no numbers left for {len(new)} people.")
        self._numbers.update(zip(new, range(first, first + len(new)), strict=True))
        _write(self._path, json.dumps(self._numbers, indent=1), 0o600)


def write_accounts(
    folder: Path, identities: Identities, graders: Iterable[str], names: Iterable[str]
) -> None:
    """Write the accounts as libnss-extrausers reads them: to graders everybody's, to anybody else their own."""
    names = sorted({*names, *graders})
    _write_accounts(folder / EVERYONE, [(name, identities[name]) for name in names])
    for name in names:
        _write_accounts(folder / ONE / name, [(name, identities[name])])


def _write_accounts(folder: Path, people: list[tuple[str, int]]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    passwd = "".join(f"{name}:x:{number}:{number}::{HOME}:/bin/bash\n" for name, number in people)
    _write(folder / "passwd", passwd, 0o644)
    _write(folder / "group", "".join(f"{name}:x:{number}:\n" for name, number in people), 0o644)


def _write(path: Path, text: str, mode: int) -> None:
    new = path.with_name(f".{path.name}.new")
    with new.open("w", encoding="utf-8") as stream:
        os.fchmod(stream.fileno(), mode)
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    new.replace(path)


def configure(c: Any, settings: Mapping[str, Any]) -> None:
    """Set up the hub after Zero to JupyterHub has; ``c`` is JupyterHub's configuration.

    Args:
        settings: ``custom.earnedSecurity`` of values.yaml.

    Raises:
        SystemExit: ``server.yaml`` has mistakes, or the numbers cannot be read; the hub then does not start.
    """
    try:
        server = classes.read(Path(settings["server"]))
        identities = Identities(Path(settings["identities"]))
        identities.ensure([*server.graders, *server.people])
        write_accounts(Path(settings["accounts"]), identities, server.graders, server.people)
    except (ContentError, TeachingError, OSError) as error:
        raise SystemExit(f"The class server was not started.\n{error}") from error
    before = list(c.JupyterHub.load_roles) if "load_roles" in c.JupyterHub else []
    hub.configure(c, server)
    c.JupyterHub.load_roles = [*before, *c.JupyterHub.load_roles]  # the chart's own: it stops idle servers
    # The hub's Python is not that of a person's pod.
    c.Spawner.cmd = [settings["python"], "-P", "-m", "earned_security.teaching.server.session"]
    c.KubeSpawner.uid = c.KubeSpawner.gid = lambda spawner: identities[spawner.user.name]
    # No fsGroup: where a driver applies it to shared volumes, each start would give the exchange to whoever starts.
    c.KubeSpawner.fs_gid = None
    # What the hub notes of sign-ins is open to its own group; those who mark read it, to send marks.
    c.KubeSpawner.supplemental_gids = lambda spawner: [1000] if spawner.user.name in server.graders else []
    c.KubeSpawner.container_security_context = {
        "runAsNonRoot": True,
        "capabilities": {"drop": ["ALL"]},
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    chart = Chart(
        volumes=_by_name(c.KubeSpawner.get("volumes")),
        mounts=_by_name(c.KubeSpawner.get("volume_mounts")),
        init=list(c.KubeSpawner.get("init_containers") or []),
    )
    c.Spawner.pre_spawn_hook = lambda spawner: prepare(spawner, server, identities, chart, settings)


class Chart:
    """What the chart has set for every pod; what is added for one person never stays for the next start."""

    def __init__(self, volumes: Mapping[str, Any], mounts: Mapping[str, Any], init: list[Any]) -> None:
        self.volumes, self.mounts, self.init = volumes, mounts, init


def _by_name(found: Any) -> dict[str, Any]:
    """The chart gives mappings; it allows lists as well."""
    if isinstance(found, Mapping):
        return dict(found)
    return {f"{number}-{entry['name']}": entry for number, entry in enumerate(found or ())}


def prepare(
    spawner: Any, server: ClassServer, identities: Identities, chart: Chart, settings: Mapping[str, Any]
) -> None:
    """Before a server starts: environment, volumes and image of this person's pod."""
    name = spawner.user.name
    course = server.graders.get(name)
    hub.prepare(spawner, server)
    package = settings["graderPackage" if course else "package"]
    spawner.environment = {**in_image(spawner.environment, package), "HOME": HOME}
    spawner.extra_labels = {**spawner.extra_labels, ROLE_LABEL: str(server.role_of(name))}
    home = next(iter(key for key in chart.volumes if key.startswith("volume-")), "home")
    accounts = EVERYONE if course else f"{ONE}/{name}"
    volumes = {"exchange": settings["exchangeClaim"], "accounts": settings["accountsClaim"]}
    spawner.volumes = {
        **chart.volumes,
        **{
            key: {"name": key, "persistentVolumeClaim": {"claimName": claim}}
            for key, claim in volumes.items()
        },
    }
    shared = {
        "exchange": {"name": "exchange", "mountPath": str(server.exchange)},
        "accounts": {"name": "accounts", "mountPath": EXTRAUSERS, "subPath": accounts, "readOnly": True},
    }
    number = identities[name]
    # As root, before anything of the person runs: a fresh volume belongs to nobody.
    owned = ["/volume/home"] if course is None else ["/volume/home", "/volume/course"]
    first = _init("own-folder", settings["image"], number, owned, home)
    if course is None:
        spawner.image = settings["image"]
        spawner.volume_mounts = {**chart.mounts, **shared}
        spawner.init_containers = [*chart.init, first]
        return
    spawner.image = settings["graderImage"]
    spawner.volumes["server"] = {"name": "server", "secret": {"secretName": settings["serverSecret"]}}
    own = {
        "course": {"name": home, "mountPath": str(course.folder), "subPath": "course"},
        "server": {
            "name": "server",
            "mountPath": str(PurePosixPath(settings["server"]).parent),
            "readOnly": True,
        },
        "launches": {
            "name": "accounts",
            "mountPath": settings["launches"],
            "subPath": "launches",
            "readOnly": True,
        },
    }
    spawner.volume_mounts = {**chart.mounts, **shared, **own}
    second = {
        "name": "prepare-exchange",
        "image": settings["graderImage"],
        "command": [settings["graderEarned"], "server", "prepare", settings["server"]],
        "securityContext": _root("CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID"),
        "volumeMounts": [*shared.values(), own["course"], own["server"]],
    }
    spawner.init_containers = [*chart.init, first, second]


def in_image(environment: Mapping[str, Any], package: str) -> dict[str, Any]:
    """The same environment with the paths that the course's package has in a person's image."""
    here = str(Path(earned_security.__file__).parent)
    return {
        name: value.replace(here, package) if isinstance(value, str) else value
        for name, value in environment.items()
    }


def _init(name: str, image: str, number: int, folders: list[str], volume: str) -> dict[str, Any]:
    command = ["install", "-d", "-m", "0700", "-o", str(number), "-g", str(number), *folders]
    return {
        "name": name,
        "image": image,
        "command": command,
        "securityContext": _root("CHOWN", "DAC_OVERRIDE", "FOWNER"),
        "volumeMounts": [{"name": volume, "mountPath": "/volume"}],
    }


def _root(*capabilities: str) -> dict[str, Any]:
    return {
        "runAsUser": 0,
        "runAsGroup": 0,
        "runAsNonRoot": False,
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"], "add": list(capabilities)},
        "seccompProfile": {"type": "RuntimeDefault"},
    }
