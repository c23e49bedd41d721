"""A platform, and a course that is registered there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from earned_security import cli

from ..a_course import ACourse
from .platform import CLIENT, Platform, running


@pytest.fixture
def platform() -> Iterator[Platform]:
    with running() as found:
        yield found


def register(course: ACourse, platform: Platform, **more: Any) -> None:
    """As an instructor and whoever looks after the platform do it together."""
    folder: Path = course.folder
    if not (folder / "lti.yaml").exists():
        assert cli.main(["lti", "new", str(folder)]) == 0
    platform.tool_key = load_pem_public_key((folder / "lti-public-key.pem").read_bytes())
    said = {
        "client_id": CLIENT,
        "token_url": f"{platform.address}/token",
        "line_items_url": platform.line_items_url,
    }
    (folder / "lti.yaml").write_text(yaml.safe_dump({**said, "user_ids": "roster", **more}), "utf-8")
