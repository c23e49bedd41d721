"""nbgrader in everybody's server; the course's own file comes on top in the account that marks."""

from earned_security.teaching.server.nbgrader_settings import configure

configure(get_config())  # type: ignore[name-defined]  # noqa: F821  (given by nbgrader)
