"""One real JupyterLab, opened by `earned start` on a new learner's folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from lab.running import TOKEN, Lab, free_port, wait_until_ready


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    lab = Lab(tmp_path_factory.mktemp("lab") / "learner", free_port())
    lab.start()
    yield lab
    lab.kill()


@pytest.fixture
def open_notebook(lab: Lab, chromium: Any) -> Iterator[Callable[..., Any]]:
    """Open a notebook and wait until the line at its top says that it is ready."""
    contexts = []

    def opened(name: str, context: Any = None) -> Any:
        if context is None:
            context = chromium.new_context(viewport={"width": 1280, "height": 1000})
            contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.goto(f"{lab.address}/lab/tree/{name}?token={TOKEN}&reset")
        wait_until_ready(page)
        return page

    yield opened
    for context in contexts:
        context.close()
