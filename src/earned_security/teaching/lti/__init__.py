"""LTI 1.3: signing in from a learning management system, and sending marks back to it.

``sign_in`` runs in JupyterHub, ``scores`` and ``service`` on the instructor's side; ``launches`` is the file that the
first writes and the second reads. The field's words: the learning management system is the *platform*, a column of
its gradebook a *line item*.
"""
