"""The report on a course: marks, gain in knowledge, the items, the paths through cases. `earned report` writes it."""
