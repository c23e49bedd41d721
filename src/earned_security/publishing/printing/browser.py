"""Chromium or Chrome, by its own command line: to draw figures and to print."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

from earned_security.publishing.site import browsing

# Seconds for one document; the whole book takes a fraction of it.
TIME_LIMIT = 300
# Nothing is fetched: what is printed lies in files beside each other.
ARGUMENTS = ("--headless", "--disable-gpu", "--no-first-run", "--host-resolver-rules=MAP * ~NOTFOUND")


class PrintingError(RuntimeError):
    """Something that printing needs is missing, or failed. The message says what to do."""


def find() -> str:
    """The browser's program: the one that EARNED_BROWSER names, or else the first that is installed.

    Raises:
        PrintingError: there is none.
    """
    found = browsing.find_browser()
    if found is None:
        raise PrintingError(f"Printing needs a browser. {browsing.NO_BROWSER}")
    return found


def to_pdf(page: Path, pdf: Path) -> None:
    """Print an HTML file as a tagged PDF with bookmarks.

    Raises:
        PrintingError: nothing was printed.
    """
    pdf.unlink(missing_ok=True)
    _run(page, f"--print-to-pdf={pdf}", "--no-pdf-header-footer", "--generate-pdf-document-outline")
    if not pdf.exists():
        raise PrintingError(f"The browser printed nothing for {pdf.name}.")


def drawn(page: Path) -> str:
    """An HTML file as it stands after its scripts have run.

    Raises:
        PrintingError: the browser failed.
    """
    # Virtual time: waiting in the page takes no time, and the page is read when nothing is left to wait for.
    return _run(page, "--dump-dom", "--virtual-time-budget=60000", "--allow-file-access-from-files")


def _run(page: Path, *arguments: str) -> str:
    with tempfile.TemporaryDirectory() as profile:
        command = [find(), *ARGUMENTS, f"--user-data-dir={profile}", *arguments, page.resolve().as_uri()]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            command.insert(1, "--no-sandbox")  # Chromium's own condition when it is run as root
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, encoding="utf-8", timeout=TIME_LIMIT
            )
        except subprocess.TimeoutExpired as error:
            raise PrintingError(f"The browser did not finish {page.name} in {TIME_LIMIT} seconds.") from error
    if done.returncode != 0:
        raise PrintingError(f"The browser could not open {page.name}:\n{done.stderr[-1000:]}")
    return done.stdout
