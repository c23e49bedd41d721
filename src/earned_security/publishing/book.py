"""Building the book: the same as ``jupyter-book build .``, with warnings as errors and a limit of time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from filelock import FileLock

from earned_security.curriculum import source

# Seconds for the whole book. A build that hangs fails; it never passes late.
TIME_LIMIT = 900

# What the book is made of, in a checkout.
SOURCES = ("_config.yml", "_toc.yml", "CITATION.cff", "book", "notebooks", "src")

# In the environment: where the book will live, in place of ``html.baseurl`` in ``_config.yml``.
ADDRESS = "EARNED_BOOK_ADDRESS"


def built(root: Path, builder: str = "html") -> Path:
    """Where the built book lies."""
    return root / "_build" / builder


def is_current(root: Path) -> bool:
    """Whether the last build passed, and nothing the book is made of has changed since that build began."""
    made = _made(root / "_build", "html")
    if not made.exists() or not (built(root) / "index.html").exists():
        return False
    since = made.stat().st_mtime
    folders = [*(root / name for name in SOURCES), *source.folders()]
    files = [path for folder in folders for path in (folder, *folder.rglob("*"))]
    return all(path.stat().st_mtime <= since for path in files if path.is_file() and path.suffix != ".pyc")


def _made(folder: Path, builder: str) -> Path:
    """Its time is when the build began that made the book. A build that failed leaves none, whatever it wrote."""
    return folder / f".{builder}-made"


def build(
    root: Path, table_of_contents: Path | None = None, output: Path | None = None, builder: str = "html"
) -> int:
    """Build the book of a checkout; a second build of it waits for the first.

    Args:
        root: the checkout, which holds ``_config.yml`` and ``_toc.yml``.
        table_of_contents: another file in place of ``_toc.yml``.
        output: a folder to hold ``_build`` in place of ``root``.
        builder: one of Sphinx's, "html" or "epub".

    Returns:
        0 where the book was built without a warning, and 1 otherwise.
    """
    command = [sys.executable, "-c", "from jupyter_book.cli.main import main; main()", "build", str(root)]
    command += ["-W", "-n", "--keep-going"]
    command += [] if builder == "html" else ["--builder", "custom", "--custom-builder", builder]
    command += ["--toc", str(table_of_contents)] if table_of_contents else []
    command += ["--path-output", str(output)] if output else []
    folder = (output or root) / "_build"
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / ".lock"):
        made = _made(folder, builder)
        begun = made.with_suffix(".begun")
        made.unlink(missing_ok=True)
        begun.touch()
        if _run(command, root) == 0:
            begun.replace(made)
            return 0
        # Sphinx takes a page with a warning for read: unless this is forgotten, the next build would pass.
        (folder / ".doctrees" / "environment.pickle").unlink(missing_ok=True)
    return 1


def _run(command: list[str], root: Path) -> int:
    # Its own group, so that the kernels it started end with it.
    process = subprocess.Popen(command, cwd=root, start_new_session=os.name == "posix")
    try:
        return process.wait(TIME_LIMIT)
    except subprocess.TimeoutExpired:
        print(
            f"The book was not built within {TIME_LIMIT} seconds, so the build was stopped.", file=sys.stderr
        )
        return 1
    finally:
        if process.poll() is None:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    if os.name == "posix":
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()
