"""What holds for every model, for the tests of each: its settings, its results, what it refuses."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import strategies as st

from earned_security import models


def settings_of(model: models.Model) -> st.SearchStrategy[dict[str, Any]]:
    """Anything inside the model's domain, its ends as often as what lies between."""
    drawn: dict[str, st.SearchStrategy[Any]] = {}
    for name, allowed in model.domain.items():
        if isinstance(allowed, models.Choice):
            drawn[name] = st.sampled_from(allowed.values)
        elif allowed.whole:
            drawn[name] = st.integers(int(allowed.minimum), int(allowed.maximum))
        else:
            ends = st.sampled_from([allowed.minimum, allowed.maximum])
            drawn[name] = st.floats(allowed.minimum, allowed.maximum) | ends
    return st.fixed_dictionaries(drawn)


def check_result(model: models.Model, settings: dict[str, Any], size: float) -> models.Result:
    """The result; named as promised, finite, JSON, no number of a series beyond ``size``, the same every time."""
    result = model.simulate(settings)
    assert result == model.simulate(dict(settings))
    assert set(result["series"]) == set(model.series)
    assert set(result["quantities"]) <= set(model.quantities)
    assert result["regime"] in model.regimes
    assert all(math.isfinite(number) for number in result["quantities"].values())
    for name, series in result["series"].items():
        assert all(value is None or abs(value) <= size for value in series), name
    json.dumps(result, allow_nan=False)
    return result


def check_refusals(model: models.Model, settings: dict[str, Any]) -> None:
    """Each parameter outside its domain is refused by name, with what is allowed."""
    for name, allowed in model.domain.items():
        wrong: list[Any] = [None, True, math.nan, math.inf, [], "0.5"]
        if isinstance(allowed, models.Range):
            wrong += [
                allowed.minimum - 1,
                allowed.minimum - 0.01,
                allowed.maximum + 0.01,
                allowed.maximum + 1,
            ]
            wrong += [allowed.minimum + 0.5] if allowed.whole else []
            said = f"from {allowed.minimum:g} to {allowed.maximum:g}"
            said = f"a whole number {said}" if allowed.whole else said
        else:
            wrong += ["gone", 7.2]
            said = ", ".join(allowed.values)
        for value in wrong:
            with pytest.raises(
                ValueError, match=f"The parameter {name.replace('_', ' ')} must be "
            ) as refused:
                model.simulate({**settings, name: value})
            assert said in str(refused.value)
        with pytest.raises(ValueError, match="is missing"):
            model.simulate({other: value for other, value in settings.items() if other != name})
