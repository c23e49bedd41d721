"""Steps that nbgrader takes by dotted name from its configuration; one a file."""
