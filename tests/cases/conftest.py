"""Cases to play: a small one that uses every feature of the format, and those of the curriculum."""

from __future__ import annotations

from pathlib import Path

import pytest

from earned_security import cases
from earned_security.cases import graph
from earned_security.curriculum import source

DATA = Path(__file__).parent / "data"


def read(name: str) -> object:
    return source.read_document(DATA / f"{name}.yaml").data


@pytest.fixture(scope="session")
def small() -> cases.Case:
    return graph.build(read("cases/small"), read("cases/safety"), read("crisis-routes"))  # type: ignore[arg-type]


@pytest.fixture(scope="session", params=["small", *cases.case_ids()])
def case_and_walks(request: pytest.FixtureRequest) -> tuple[cases.Case, list[dict[str, object]]]:
    """A case with its written walks."""
    if request.param == "small":
        return request.getfixturevalue("small"), read("cases/small.walks")  # type: ignore[return-value]
    return cases.load(request.param), source.read(f"cases/{request.param}.walks")
