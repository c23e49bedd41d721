"""Figures that a module's text draws, one module of this package each: ``figure("two-ways-through-lateness")``.

Each figure carries its description in words as ``layout.meta["alt"]``. Lines differ in dash and marker as
well as in colour; paper and ink are left to the page, light or dark. Scatter traces only, or bars.
"""

from __future__ import annotations

import importlib
import pkgutil

import plotly.graph_objects as go


def figure(name: str) -> go.Figure:
    """A figure of the course: what ``figure()`` of its module returns.

    Raises:
        KeyError: there is no such figure; the message names those that there are.
    """
    if name not in figure_ids():
        raise KeyError(f"There is no figure '{name}'. There are: {', '.join(figure_ids())}.")
    drawn: go.Figure = importlib.import_module(f"{__name__}.{name.replace('-', '_')}").figure()
    return drawn


def figure_ids() -> list[str]:
    """The names of all figures, in order."""
    modules = (module.name for module in pkgutil.iter_modules(__path__) if module.name != "drawing")
    return sorted(name.replace("_", "-") for name in modules)
