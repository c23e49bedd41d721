"""The class server: JupyterHub with nbgrader for one or several courses. `deploy/` holds what runs it."""
