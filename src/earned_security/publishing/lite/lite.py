"""The course as notebooks in the browser: a JupyterLite site beside the book, which asks no other host for anything.

JupyterLite runs Python in the page (Pyodide). The runtime comes from npm and the packages from PyPI, both pinned with
their hashes; what a learner never uses is left out of them. ``pyodide-lock.json`` then names exactly these files, so
that ``import`` finds the course's package without an install cell and nothing is looked for elsewhere.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import shutil
import sys
import sysconfig
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email.parser import Parser
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

from earned_security import locale
from earned_security.publishing import assets
from earned_security.publishing.jupyterlab.learner import Material
from earned_security.publishing.jupyterlab.start import LAB
from earned_security.publishing.lite import fetching
from earned_security.publishing.lite.fetching import LiteError
from earned_security.publishing.site import content_policy

# Where the site lies in the book, and what it says of itself there.
FOLDER = "lite"
ABOUT = "earned-security.json"


EXTENSIONS = (
    "@jupyter-widgets/jupyterlab-manager",
    "@earned-security/lab",
    "anywidget",
    "jupyterlab-plotly",
)
KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel"

# Parts of a package that nothing in a learner's notebook reads: plotly's own scripts, JupyterLab extensions (a page
# loads them from the site), descriptions of other libraries for completion, and the rooms that only an author or
# instructor uses.
LEFT_OUT = re.compile(
    r"[^/]+\.data/|plotly/(package_data/.*\.js$|labextension/)|jedi/third_party/|.*/tests?/|"
    r"earned_security/(publishing|teaching|checking\.py|cli\.py)"
)
# One moment for every file, so that the same source gives the same bytes.
MOMENT = (2020, 1, 1, 0, 0, 0)

# JupyterLab compiles its settings' schemas, and a kernel hands a piece's script over as text: both count as evaluation.
# A page can ask no other host. Python runs beside the page, and is told of no other host to ask.
POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-eval' blob:{hashes}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; media-src 'self' data: blob:; connect-src 'self' data: blob:; "
    "worker-src 'self' blob:; frame-src 'self' blob:; manifest-src 'self'; base-uri 'self'; form-action 'self'"
)


@dataclass(frozen=True)
class Package:
    """A wheel as Pyodide's lock names it. ``depends`` are the names that its metadata asks for, of any package."""

    file: Path
    name: str
    version: str
    imports: tuple[str, ...]
    depends: frozenset[str]

    def entry(self, known: Iterable[str]) -> dict[str, Any]:
        """The entry in ``pyodide-lock.json``; only dependencies that are ``known`` there."""
        return {
            "name": self.name,
            "version": self.version,
            "file_name": self.file.name,
            "install_dir": "site",
            "sha256": hashlib.sha256(self.file.read_bytes()).hexdigest(),
            "package_type": "package",
            "imports": list(self.imports),
            "depends": sorted(self.depends & set(known)),
            "unvendored_tests": False,
        }


def address(notebook: str) -> str:
    """Where a notebook opens, from the book's own folder.

    Each has a workspace of its own: otherwise JupyterLab would open again all that were open before, each with a
    Python of its own.
    """
    workspace = quote(PurePosixPath(notebook).stem)
    return f"{FOLDER}/lab/index.html?workspace={workspace}&path={quote(notebook)}"


def normalized(name: str) -> str:
    """A package's name as package indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def read_wheel(path: Path) -> Package:
    """What Pyodide needs to know of a wheel.

    Raises:
        LiteError: the wheel holds something compiled, so the browser's Python cannot use it.
    """
    if not path.name.endswith("-none-any.whl"):
        raise LiteError(f"{path.name} holds compiled parts; the browser's Python runs pure Python only.")
    with zipfile.ZipFile(path) as wheel:
        names = wheel.namelist()
        metadata = next(name for name in names if re.fullmatch(r"[^/]+\.dist-info/METADATA", name))
        about = Parser().parsestr(wheel.read(metadata).decode("utf-8"))
    tops = {name.split("/")[0].removesuffix(".py") for name in names if name.endswith(".py")}
    required = (
        re.match(r"[\w.-]+", line) for line in about.get_all("Requires-Dist", []) if "extra ==" not in line
    )
    return Package(
        path,
        normalized(about["Name"]),
        about["Version"],
        tuple(sorted(top for top in tops if not top.endswith((".dist-info", ".data")))),
        frozenset(normalized(match.group()) for match in required if match),
    )


def slim(wheel: Path, target: Path) -> None:
    """Write a wheel without what is :data:`LEFT_OUT`, packed the same way on every machine."""
    with (
        zipfile.ZipFile(wheel) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as result,
    ):
        for name in sorted(source.namelist()):
            if not LEFT_OUT.match(name) and not name.endswith("/"):
                entry = zipfile.ZipInfo(name, MOMENT)
                entry.external_attr = 0o644 << 16
                entry.compress_type = zipfile.ZIP_DEFLATED
                result.writestr(entry, source.read(name))


def lock(runtime: Mapping[str, Any], packages: Iterable[Package]) -> dict[str, Any]:
    """Pyodide's lock with these packages and no other. ``runtime``: the lock that the runtime came with."""
    by_name = {package.name: package for package in packages}
    entries = {name: package.entry(by_name) for name, package in sorted(by_name.items())}
    return {**runtime, "packages": entries}


def configuration(packages: Iterable[str]) -> dict[str, Any]:
    """``jupyter-lite.json``: the course's settings, and every package loaded at the start from this site alone."""
    page = json.loads((LAB / "labconfig" / "page_config.json").read_text(encoding="utf-8"))
    options: dict[str, Any] = {"packages": sorted(packages)}
    if locale.language() != locale.ENGLISH:
        options["env"] = {locale.LANGUAGE: locale.language()}
    kernel = {
        "pyodideUrl": "./static/pyodide/pyodide.mjs",
        "disablePyPIFallback": True,
        "loadPyodideOptions": options,
    }
    return {
        "jupyter-lite-schema-version": 0,
        "jupyter-config-data": {
            "appName": "Earned Security",
            "showPiecesOnOpening": page["showPiecesOnOpening"],
            "disabledExtensions": [
                *(name for name, disabled in page["disabledExtensions"].items() if disabled),
                "jupyterlab-jupytext",
            ],
            "litePluginSettings": {KERNEL: kernel},
        },
    }


def course_wheel(root: Path, folder: Path) -> Path:
    """The course's own package, built from the checkout."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    fetching.run(*command, folder=root, words="Building the course's package")
    return next(folder.glob("*.whl"))


def extension(name: str) -> Path:
    """The folder of an installed JupyterLab extension; the course's own lies in this package.

    Raises:
        LiteError: it is not installed.
    """
    places = (LAB / "labextensions", Path(sysconfig.get_path("data")) / "share" / "jupyter" / "labextensions")
    for place in places:
        if (place / name / "package.json").exists():
            return place / name
    raise LiteError(
        f"The JupyterLab extension {name} is not installed. Install the course with its parts 'learn' and 'lite'."
    )


def _write_source(folder: Path, kernel: Path, files: Mapping[str, str], packages: list[Package]) -> None:
    """What JupyterLite builds from: settings, extensions and the learner's files."""
    for name, text in files.items():
        path = folder / "files" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    settings = configuration(package.name for package in packages)
    (folder / "jupyter-lite.json").write_text(json.dumps(settings, indent=1), encoding="utf-8")
    shutil.copyfile(LAB / "labconfig" / "default_setting_overrides.json", folder / "overrides.json")
    build = {
        "apps": ["lab"],
        "contents": ["files"],
        # What the kernel's package would do where it is installed is done here, the same everywhere.
        "disable_addons": [f"{fetching.KERNEL_PACKAGE}-{name}" for name in ("lock", "piplite", "pyodide")],
        "federated_extensions": [str(kernel), *(str(extension(name)) for name in EXTENSIONS)],
        "ignore_sys_prefix": ["federated_extensions"],
        "no_sourcemaps": True,
        "no_unused_shared_packages": True,
    }
    (folder / "jupyter_lite_config.json").write_text(json.dumps({"LiteBuildConfig": build}), encoding="utf-8")


def _write_runtime(folder: Path, runtime: Path, packages: list[Package]) -> None:
    """Pyodide and the packages, with a lock that names them."""
    folder.mkdir(parents=True)
    for file in (
        *(runtime / name for name in fetching.RUNTIME_FILES),
        *(package.file for package in packages),
    ):
        shutil.copyfile(file, folder / file.name)
    locked = lock(json.loads((runtime / "pyodide-lock.json").read_text(encoding="utf-8")), packages)
    (folder / "pyodide-lock.json").write_text(json.dumps(locked, indent=1), encoding="utf-8")


def finish(output: Path) -> None:
    """Give every page the policy and the course's icon."""
    shutil.copyfile(assets.HERE / "static" / "favicon.svg", output / "favicon.svg")
    for path in sorted(output.rglob("*.html")):
        if not path.is_relative_to(output / "files"):
            up = "../" * (len(path.relative_to(output).parts) - 1)
            html = path.read_text(encoding="utf-8")
            html = html.replace("<head>", f'<head><link rel="icon" href="{up}favicon.svg">', 1)
            path.write_text(content_policy.with_policy(html, POLICY), encoding="utf-8")


def weight(output: Path) -> dict[str, int]:
    """The most that a browser fetches, in bytes: the whole site but the learner's files, as it is and compressed."""
    parts = [
        path for path in output.rglob("*") if path.is_file() and not path.is_relative_to(output / "files")
    ]
    contents = [path.read_bytes() for path in parts]
    return {
        "bytes": sum(len(content) for content in contents),
        "compressed": sum(len(gzip.compress(content, 6)) for content in contents),
    }


def build(root: Path, output: Path, material: Material) -> None:
    """Build the site.

    Args:
        root: the checkout.
        output: where the site goes; what was there is replaced.

    Raises:
        LiteError: a tool or a package is missing or not the pinned one.
    """
    cache, work = root / "_build" / "lite-cache", root / "_build" / "lite"
    shutil.rmtree(work, ignore_errors=True)
    wheels, source = work / "wheels", work / "source"
    for folder in (wheels, source):
        folder.mkdir(parents=True)
    runtime, kernel = fetching.runtime(cache), fetching.kernel(cache)
    bundled = (kernel / "static" / "pypi").glob("*.whl")
    for wheel in (course_wheel(root, work / "course"), *bundled, *fetching.wheels(cache)):
        if not wheel.name.startswith("widgetsnbextension"):  # for the classic notebook only
            slim(wheel, wheels / wheel.name)
    packages = [read_wheel(path) for path in sorted(wheels.glob("*.whl"))]
    _write_source(source, kernel, material.files, packages)
    shutil.rmtree(output, ignore_errors=True)
    command = [sys.executable, "-m", "jupyterlite_core", "build", "--output-dir", str(output)]
    fetching.run(*command, folder=source, words="Building JupyterLite")
    _write_runtime(output / "static" / "pyodide", runtime, packages)
    finish(output)
    about = {"modules": material.modules, "exercises": material.exercises, **weight(output)}
    (output / ABOUT).write_text(json.dumps(about, ensure_ascii=False, indent=1), encoding="utf-8")
    shutil.rmtree(work)
