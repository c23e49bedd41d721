"""What every model of this room offers: a checked domain, a run, and names for what it returns."""

from __future__ import annotations

import importlib
import math
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict

Parameters = Mapping[str, Any]


class Result(TypedDict):
    """What a run returns; every number is finite, and all of it is JSON.

    series: numbers by name, in order; None where a point has no value. What may share a table has one length.
    quantities: single numbers by name. One that does not exist for a run (never reached) is absent.
    regime: which of the model's regimes the run is in.
    """

    series: dict[str, list[float | None]]
    quantities: dict[str, float]
    regime: str


@dataclass(frozen=True)
class Range:
    """The numbers for which a model's equations hold, ends included. ``whole``: whole numbers only."""

    minimum: float
    maximum: float
    whole: bool = False

    def __contains__(self, value: object) -> bool:
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            return False
        return self.minimum <= value <= self.maximum and (not self.whole or float(value).is_integer())

    def __str__(self) -> str:
        return f"{'a whole number ' if self.whole else ''}from {self.minimum:g} to {self.maximum:g}"


@dataclass(frozen=True)
class Choice:
    """The values that a parameter with fixed options may take."""

    values: tuple[str, ...]

    def __contains__(self, value: object) -> bool:
        return isinstance(value, str) and value in self.values

    def __str__(self) -> str:
        return "one of: " + ", ".join(self.values)


@dataclass(frozen=True)
class Model:
    """A published model, ready to run.

    Attributes:
        equations: takes the parameters by name, already checked, and returns a :class:`Result`. Pure.
        domain: for each parameter, where the equations hold.
        series, quantities, regimes: the names that a result may use.
        source: keys of the works the equations come from.
    """

    equations: Callable[..., Result]
    domain: Mapping[str, Range | Choice]
    series: tuple[str, ...]
    quantities: tuple[str, ...]
    regimes: tuple[str, ...]
    source: tuple[str, ...]

    def simulate(self, parameters: Parameters) -> Result:
        """Run the model; the same parameters always give the same result.

        Raises:
            ValueError: a parameter is unknown, missing or outside its domain; the message names the range.
        """
        problem = refusal(self.domain, parameters)
        if problem:
            raise ValueError(problem)
        return self.equations(**parameters)


def refusal(domain: Mapping[str, Range | Choice], parameters: Parameters) -> str | None:
    """Why these parameters cannot be used, in words that name the range; None where they can."""
    unknown = sorted(set(parameters) - set(domain))
    if unknown:
        return f"There is no parameter {unknown[0]!r}; the parameters are {', '.join(domain)}."
    for name, allowed in domain.items():
        label = name.replace("_", " ")
        if name not in parameters:
            return f"The parameter {label} is missing; it must be {allowed}."
        if parameters[name] not in allowed:
            return f"The parameter {label} must be {allowed}; {parameters[name]!r} is not."
    return None


def names() -> list[str]:
    """The names of all models: ``threat-learning`` is ``models/threat_learning.py``."""
    modules = pkgutil.iter_modules([str(Path(__file__).parent)])
    return sorted(
        module.name.replace("_", "-") for module in modules if module.name not in ("model", "peaks")
    )


def get(name: str) -> Model:
    """The model of this name.

    Raises:
        KeyError: there is no such model.
    """
    if name not in names():
        raise KeyError(name)
    module = importlib.import_module(f"earned_security.models.{name.replace('-', '_')}")
    model: Model = module.MODEL
    return model
