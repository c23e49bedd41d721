"""The figures of the explorers, as templates without numbers: one module each, with a function ``figure``."""

from __future__ import annotations

import importlib
import json
import pkgutil
from typing import Any

TOY = "Toy, not from data"


def names() -> list[str]:
    """The names of all figures: ``learning-what-is-safe`` is ``learning_what_is_safe.py`` beside this file."""
    modules = (module.name for module in pkgutil.iter_modules(__path__) if module.name != "drawing")
    return sorted(name.replace("_", "-") for name in modules)


def template(name: str, toy: bool = False) -> dict[str, Any]:
    """The figure of this name as plotly JSON. A toy says so inside the figure.

    Raises:
        KeyError: there is no such figure.
    """
    if name not in names():
        raise KeyError(name)
    module = importlib.import_module(f"{__name__}.{name.replace('-', '_')}")
    figure = module.figure()
    figure.update_layout(
        template={},
        autosize=True,
        dragmode=False,
        hovermode=figure.layout.hovermode or "x unified",
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        showlegend=False,  # the page writes it as text that wraps, and redraws faster without
        margin_autoexpand=False,
    )
    figure.update_xaxes(fixedrange=True, zeroline=False)
    figure.update_yaxes(fixedrange=True, zeroline=False)
    if toy:
        figure.update_layout(margin_t=max(44, figure.layout.margin.t or 0))
        figure.add_annotation(
            text=TOY, xref="paper", yref="paper", x=1, xanchor="right", y=1, yanchor="bottom", yshift=14,
            showarrow=False,
        )  # fmt: skip
    plain: dict[str, Any] = json.loads(figure.to_json())
    return plain
