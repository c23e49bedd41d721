"""What a learner gets in JupyterLab: the folder, its notebooks, and opening it."""
