"""Rendering: the book and its static pieces, and the learner's notebooks.

This package is also the book's Sphinx extension (``extra_extensions`` in ``_config.yml``).
"""

from __future__ import annotations

from typing import Any


def setup(app: Any) -> dict[str, Any]:
    """What Sphinx calls. Reading the course in JupyterLab needs no Sphinx, so it is imported here."""
    from earned_security.publishing.extension import connect

    return connect(app)
