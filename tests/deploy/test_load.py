"""A small class at once, with the hub killed and started again in the middle. `make bench ARGS=class-server` takes 40."""

from __future__ import annotations

import os

import pytest

from deploy.load import measure
from deploy.machine import NOT_ROOT, CannotRun


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason=NOT_ROOT)
def test_five_trainees_and_a_hub_that_is_killed_lose_nothing() -> None:
    try:
        outcome = measure(count=5, minutes=0.7, kill=True)
    except CannotRun as missing:
        pytest.skip(str(missing))
    assert outcome.errors == [] and outcome.lost == [], "\n".join(outcome.lines())
    assert outcome.handed_in == 5 and outcome.answers > 20
