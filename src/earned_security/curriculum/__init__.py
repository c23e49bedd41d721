"""What is taught: the data a clinician edits, its schema, its loader. Imports no other room."""

from earned_security.curriculum.loader import load
from earned_security.curriculum.model import (
    GRADES,
    Claim,
    Curriculum,
    Module,
    Objective,
    Reference,
    Strategy,
    Term,
)
from earned_security.curriculum.source import ContentError, Problem

__all__ = [
    "GRADES",
    "Claim",
    "ContentError",
    "Curriculum",
    "Module",
    "Objective",
    "Problem",
    "Reference",
    "Strategy",
    "Term",
    "load",
]
