"""How stress, threat and dyads behave: published models. Standard library; imports no other room.

Each model is one file with a ``MODEL``; its twin for the page is ``interactive/static/models/<name>.js``.
"""

from earned_security.models.model import Choice, Model, Range, Result, get, names, refusal

__all__ = ["Choice", "Model", "Range", "Result", "get", "names", "refusal"]
