"""Cells of CSV files that people open in a spreadsheet."""

from __future__ import annotations

# Also in its wide form.
_BEGINS_A_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe is put before what begins like one."""
    return f"'{text}" if text.lstrip(" ").startswith(_BEGINS_A_FORMULA) else text
