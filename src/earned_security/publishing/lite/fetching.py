"""What the notebooks in the browser are made of, from npm and PyPI: pinned by hash, fetched once into a cache."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PYODIDE = "314.0.7"
PYODIDE_SHA256 = "66b7949e5a0cba2250b586d7e368bf12fb482800748d182c4618254b685ffaa0"
PYTHON = "3.14"
REQUIREMENTS = Path(__file__).with_name("lite-requirements.txt")
RUNTIME_FILES = (
    "pyodide.mjs",
    "pyodide.asm.mjs",
    "pyodide.asm.wasm",
    "pyodide-lock.json",
    "python_stdlib.zip",
)

# JupyterLite's kernel is an extension too. It is fetched, and not installed: JupyterLab itself would stumble over it.
KERNEL_PACKAGE = "jupyterlite-pyodide-kernel"
KERNEL_VERSION = "0.8.6"
KERNEL_SHA256 = "c9e698420e7f95f156c09c1474898ee6727b35b1740b369cb5f5aaa59ea73d3f"
KERNEL_FOLDER = "share/jupyter/labextensions/@jupyterlite/pyodide-kernel-extension/"

# One moment for whatever is built, so that the same source gives the same bytes.
EPOCH = "1577836800"


class LiteError(Exception):
    """The notebook in the browser cannot be built. The message says why, and what to do."""


def run(*command: str, folder: Path, words: str) -> None:
    """Run a program.

    Raises:
        LiteError: it is not there or failed; ``words`` say what it was for.
    """
    try:
        environment = {**os.environ, "SOURCE_DATE_EPOCH": EPOCH}
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
    except FileNotFoundError as error:
        raise LiteError(
            f"{words} needs {command[0]}, which was not found. Install it and try again."
        ) from error
    if done.returncode != 0:
        raise LiteError(f"{words} failed:\n{(done.stdout + done.stderr)[-4000:]}")


def require(file: Path, digest: str) -> None:
    """Let only the pinned file pass.

    Raises:
        LiteError: it is another one; it was removed.
    """
    if hashlib.sha256(file.read_bytes()).hexdigest() != digest:
        file.unlink()
        raise LiteError(
            f"{file.name} is not the file that the course was tested with. Try again; if that does not help, the "
            "registry serves another file under this name."
        )


@contextmanager
def fetched_whole(folder: Path) -> Iterator[Path]:
    """A new folder to fetch into; it gets its name only when everything is there."""
    part = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    yield part
    part.replace(folder)


def pip_download(folder: Path, *wanted: str) -> None:
    """Wheels of pure Python for the browser's Python from PyPI."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    command += ["--platform=any", f"--python-version={PYTHON}", "--implementation=py", "--abi=none", *wanted]
    run(*command, folder=folder, words="Fetching the packages for the browser's Python")


def runtime(cache: Path) -> Path:
    """Pyodide from npm, unpacked below ``cache``; fetched once.

    Raises:
        LiteError: npm is missing, cannot reach its registry, or gave another file than the pinned one.
    """
    folder = cache / f"pyodide-{PYODIDE}"
    if not folder.exists():
        with fetched_whole(folder) as part:
            run(
                "npm",
                "pack",
                "--silent",
                f"pyodide@{PYODIDE}",
                folder=part,
                words="Fetching Pyodide from npm",
            )
            archive = part / f"pyodide-{PYODIDE}.tgz"
            require(archive, PYODIDE_SHA256)
            with tarfile.open(archive) as packed:
                for name in RUNTIME_FILES:
                    member = packed.extractfile(f"package/{name}")
                    assert member is not None
                    (part / name).write_bytes(member.read())
            archive.unlink()
    return folder


def kernel(cache: Path) -> Path:
    """JupyterLite's kernel from PyPI, the JupyterLab extension in its package; fetched once.

    Raises:
        LiteError: pip cannot reach it, or it is not the pinned one.
    """
    folder = cache / f"{KERNEL_PACKAGE}-{KERNEL_VERSION}"
    if not folder.exists():
        with fetched_whole(folder) as part:
            pip_download(part, f"{KERNEL_PACKAGE}=={KERNEL_VERSION}")
            package = next(part.glob("*.whl"))
            require(package, KERNEL_SHA256)
            with zipfile.ZipFile(package) as wheel:
                for name in wheel.namelist():
                    _, found, inside = name.partition(KERNEL_FOLDER)
                    if found and inside and not inside.endswith("/"):
                        (part / inside).parent.mkdir(parents=True, exist_ok=True)
                        (part / inside).write_bytes(wheel.read(name))
            package.unlink()
    return folder


def wheels(cache: Path) -> list[Path]:
    """The packages of ``lite-requirements.txt`` from PyPI, below ``cache``; fetched once for each version of that file.

    Raises:
        LiteError: pip cannot reach them, or a hash is not the pinned one.
    """
    digest = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()[:12]
    folder = cache / f"wheels-{digest}"
    if not folder.exists():
        with fetched_whole(folder) as part:
            pip_download(part, "--require-hashes", "--requirement", str(REQUIREMENTS))
    return sorted(folder.glob("*.whl"))
