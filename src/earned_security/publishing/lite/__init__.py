"""Notebooks that run in the browser, beside the book."""
