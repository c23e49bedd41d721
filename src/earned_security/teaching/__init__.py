"""Teaching: assembling assignments, nbgrader, a demonstration class. Needs Linux or macOS."""


class TeachingError(RuntimeError):
    """A step of teaching failed; the message says which, why and what to do next."""
