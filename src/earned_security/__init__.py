"""Earned Security: a curriculum for clinicians who work with attachment trauma."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("earned-security")
except PackageNotFoundError:  # running from a source tree that is not installed
    __version__ = "0+unknown"

__all__ = ["__version__"]
