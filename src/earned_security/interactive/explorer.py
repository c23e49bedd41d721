"""Explorers: a model that a reader can move. What the page is given, and what a kernel computes for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import traitlets

from earned_security import models
from earned_security.assessment.responses import Responses
from earned_security.curriculum import load, source
from earned_security.interactive import explorer_figures
from earned_security.interactive.evidence import claim
from earned_security.interactive.piece import Piece


def explorer_ids() -> list[str]:
    """The ids of all explorers: the file names in ``curriculum/data/explorers``."""
    return [name.removeprefix("explorers/") for name in source.names("explorers")]


def content(explorer_id: str) -> dict[str, Any]:
    """Everything the page shows, as JSON. ``compute`` is "page": the model's twin runs there.

    Raises:
        KeyError: there is no such explorer.
        ContentError: its file cannot be read.
    """
    data, curriculum = source.read(f"explorers/{explorer_id}"), load()
    return {
        **data,
        "id": explorer_id,
        "kind": "explorer",
        "compute": "page",
        "twin": data["model"],
        "figure": explorer_figures.template(data["figure"], data["toy"]),
        "claims": [claim(curriculum, name) for name in data["claims"]],
    }


def domain(parameters: list[dict[str, Any]]) -> dict[str, models.Range | models.Choice]:
    """What a reader may set, by parameter name. A whole step from a whole minimum means whole numbers."""
    return {parameter["name"]: _allowed(parameter) for parameter in parameters}


def defaults(content: Mapping[str, Any]) -> dict[str, Any]:
    """The values that an explorer opens with."""
    return {parameter["name"]: parameter["value"] for parameter in content["parameters"]}


def compute(content: Mapping[str, Any], values: Mapping[str, Any]) -> models.Result:
    """The explorer's model at these values.

    Raises:
        ValueError: a value is missing, unknown or outside its range; the message names the range.
    """
    problem = models.refusal(domain(content["parameters"]), values)
    if problem:
        raise ValueError(problem)
    return models.get(content["model"]).simulate(values)


class Explorer(Piece):
    """An explorer in a notebook: the page asks for a run at some values, Python answers with what the model returned.

    Traits:
        parameters: a value for each parameter of ``content``, by name; as the reader left them.
        result: what the model returned, with ``parameters`` as they were computed; or ``problem``, in words,
            where they were refused.
    """

    parameters = traitlets.Dict().tag(sync=True)
    result = traitlets.Dict()

    def __init__(self, content: dict[str, Any], responses: Responses) -> None:
        super().__init__({**content, "compute": "kernel"}, responses)
        self.observe(self._compute, names="parameters")
        self.parameters = defaults(content)

    def _compute(self, change: Any) -> None:
        values = dict(change["new"])
        try:
            self.result = {**compute(self.content, values), "parameters": values}
        except ValueError as error:
            self.result = {"problem": str(error), "parameters": values}

    def _answer(self, widget: Any, message: Any, buffers: Any) -> None:
        super()._answer(widget, message, buffers)
        match message:
            case {"type": "run", "parameters": dict(values)}:
                with self.hold_sync():  # the answer first: one message, where a trait would take a page two
                    self.parameters = values
                    self.send({"type": "result", "result": self.result})


def _allowed(parameter: Mapping[str, Any]) -> models.Range | models.Choice:
    if "options" in parameter:
        return models.Choice(tuple(option["value"] for option in parameter["options"]))
    whole = float(parameter["min"]).is_integer() and float(parameter["step"]).is_integer()
    return models.Range(parameter["min"], parameter["max"], whole)
