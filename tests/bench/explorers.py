"""From a control to the figure laid out anew, for every explorer: in the built book, where the page computes, and in
JupyterLab, where Python does. A control is moved through its whole range and back, with a rest now and then. The peer
is plotly drawing the same figure again with nothing computed.
"""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from earned_security.interactive import explorer
from tests.bench.pages import percentile, served_book

STIFF = ("gland-mass", "cortisol-day", "three-person-rhythm")
GOALS = {"page": (16, 50), "live": (50, 200)}  # milliseconds, 95th percentile: others, stiff
STEPS = 60  # from one end of the range to the other

MEASURE = """async ([index, name, values]) => {
  const piece = document.querySelectorAll(".es-explorer")[index];
  const plot = piece.querySelector(".js-plotly-plot");
  const range = piece.querySelector(`[data-parameter="${name}"] input[type=range]`);
  const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
  const drawn = () => new Promise((done) => {
    const watch = new MutationObserver(() => { watch.disconnect(); done(); });
    watch.observe(plot, { attributeFilter: ["aria-label"] }); // set with every drawing
  });
  const ours = [], peer = [];
  for (const [round, value] of values.entries()) {
    const rested = round % 12 === 11;
    await pause(rested ? 400 : 30);
    const shown = drawn();
    let start = performance.now();
    range.value = value;
    range.dispatchEvent(new Event("input", { bubbles: true }));
    await shown;
    document.body.getBoundingClientRect();
    ours.push(performance.now() - start);
    if (!rested) continue;
    await pause(400);
    const data = structuredClone(plot.data);
    start = performance.now();
    await Plotly.react(plot, data, plot.layout);
    document.body.getBoundingClientRect();
    peer.push(performance.now() - start);
  }
  return { ours, peer };
}"""


def _row(explorer_id: str, where: str, times: dict[str, list[float]]) -> str:
    goal = GOALS[where][explorer.content(explorer_id)["model"] in STIFF]
    ours, theirs = statistics.median(times["ours"]), statistics.median(times["peer"])
    p95 = percentile(times["ours"])
    return f"{explorer_id:<24}{where:<6}{ours:>8.1f}{p95:>8.1f}{goal:>8}{theirs:>10.1f}{ours / theirs:>8.2f}"


def _measure(page: Any, explorer_id: str, index: int, where: str) -> None:
    parameters = explorer.content(explorer_id)["parameters"]
    telling = next(each for each in parameters if "min" in each and "when" not in each)
    up = [telling["min"] + (telling["max"] - telling["min"]) * step / STEPS for step in range(STEPS + 1)]
    piece = page.locator(".es-explorer").nth(index)
    piece.scroll_into_view_if_needed()
    button = piece.get_by_role("button", name="Show me without a prediction")
    if button.count():
        button.click()
    piece.locator(".es-figure").scroll_into_view_if_needed()
    piece.locator(".main-svg").first.wait_for()
    page.wait_for_timeout(1000)
    arguments = [index, telling["name"], [*up, *reversed(up)]]
    print(_row(explorer_id, where, page.evaluate(MEASURE, arguments)), flush=True)


def run() -> None:
    """Print medians and 95th percentiles in milliseconds, the goal for the latter, and the ratio to the peer."""
    print(f"{'milliseconds':<30}{'median':>8}{'p95':>8}{'goal':>8}{'peer':>10}{'ratio':>8}")
    with served_book() as (browser, address, folder):
        for explorer_id in explorer.explorer_ids():
            place = next(
                path
                for path in sorted(folder.rglob("*.html"))
                if f'id="piece-{explorer_id}"' in path.read_text("utf-8")
            )
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.goto(f"{address}/{place.relative_to(folder).as_posix()}")
            page.locator(f"#piece-{explorer_id}").scroll_into_view_if_needed()
            page.locator(f"#piece-{explorer_id} .es-piece").wait_for()
            every = page.locator(".es-explorer").count()
            index = next(
                number for number in range(every)
                if page.locator(".es-explorer").nth(number).locator(f"xpath=ancestor::*[@id='piece-{explorer_id}']").count()
            )  # fmt: skip
            _measure(page, explorer_id, index, "page")
            page.close()
        _live(browser)


def _live(browser: Any) -> None:
    import sys

    sys.path.append(str(Path(__file__).parents[1]))  # the tests' own helpers
    from lab.running import TOKEN, Lab, free_port, wait_until_ready

    lab = Lab(Path(tempfile.mkdtemp()) / "learner", free_port())
    lab.start()
    try:
        for explorer_id in explorer.explorer_ids():
            source = f'from earned_security.interactive import piece\npiece("{explorer_id}")'
            notebook = new_notebook(
                cells=[new_code_cell(source)], metadata={"earned_security": {"module": "bench"}}
            )
            notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
            nbformat.write(notebook, lab.folder / f"{explorer_id}.ipynb")
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.goto(f"{lab.address}/lab/tree/{explorer_id}.ipynb?token={TOKEN}&reset")
            wait_until_ready(page)
            page.locator(".es-explorer").wait_for()
            _measure(page, explorer_id, 0, "live")
            page.close()
    finally:
        lab.kill()
