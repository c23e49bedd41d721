"""Answering in a real JupyterLab: "Saved" means on the disk, and nothing entered is ever lost."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import Any

import pytest
from lab.running import EXERCISE, Lab, saved, stored, wait_until_ready

from earned_security.teaching import bank

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
ANSWER = "m4-which-line-validates/answer"
BANK = next(one for one in bank.read_banks(bank.OPEN_BANK) if one.assignment == "building-safety-and-trust")
Open = Callable[..., Any]


def writing(page: Any) -> Any:
    """The task that is a text; the played case before it has a field for its written alternative, folded away."""
    return page.locator(".es-exercise", has=page.locator("textarea")).last


def exercise(page: Any, number: int) -> Any:
    return page.locator(".es-exercise").nth(number)


def test_every_item_is_shown_with_nothing_run_by_hand(open_notebook: Open) -> None:
    page = open_notebook(EXERCISE)
    assert page.locator(".es-exercise").count() == len(BANK.items)
    assert page.locator(".jp-RenderedText[data-mime-type*=stderr]").count() == 0


def test_answers_by_keyboard_alone_are_found_after_a_reload(lab: Lab, open_notebook: Open) -> None:
    page = open_notebook(EXERCISE)
    answers = lab.folder / EXERCISE.replace("building-safety-and-trust.ipynb", "responses.json")

    choice = exercise(page, 0)
    choice.get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    saved(choice)
    assert choice.get_by_role("radio").nth(1).is_checked(), "the arrow moved to the second answer"
    chosen = choice.get_by_role("radio").nth(1).get_attribute("value")
    assert stored(answers)[ANSWER] == chosen

    writing(page).locator("textarea").focus()
    page.keyboard.type("What it is, what may be hard, what else there is.")
    page.keyboard.press("Tab")
    saved(writing(page))

    order = page.locator(".es-exercise", has=page.get_by_role("button", name="Move up")).first
    before = order.get_by_role("listitem").first.inner_text()
    order.get_by_role("button", name="Move down").first.focus()
    page.keyboard.press("Enter")
    saved(order)
    assert order.get_by_role("listitem").first.inner_text() != before

    page.reload()
    wait_until_ready(page)
    assert exercise(page, 0).locator(f"input[value={chosen}]").is_checked()
    assert writing(page).locator("textarea").input_value().startswith("What it is")


def test_what_is_entered_while_the_kernel_is_gone_is_saved_when_it_is_back(
    lab: Lab, open_notebook: Open
) -> None:
    page = open_notebook(EXERCISE)
    answers = lab.folder / EXERCISE.replace("building-safety-and-trust.ipynb", "responses.json")
    piece = writing(page)
    (kernel,) = lab.kernels()
    os.kill(kernel, signal.SIGSTOP)
    piece.locator("textarea").fill("Written while the kernel was gone.")
    piece.get_by_text("Not saved yet.").wait_for()
    os.kill(kernel, signal.SIGKILL)
    page.get_by_role(
        "button", name="Ok", exact=True
    ).click()  # JupyterLab's own word that the kernel restarts
    wait_until_ready(page)
    saved(writing(page))
    assert "Written while the kernel was gone." in stored(answers).values()


def test_what_was_shown_as_saved_is_there_after_the_server_was_killed(lab: Lab, open_notebook: Open) -> None:
    page = open_notebook(EXERCISE)
    piece = writing(page)
    piece.locator("textarea").fill("Saved before the power went.")
    saved(piece)
    lab.kill()
    lab.start()
    again = open_notebook(EXERCISE)
    assert writing(again).locator("textarea").input_value() == "Saved before the power went."


def test_two_tabs_do_not_lose_each_others_answers(lab: Lab, open_notebook: Open) -> None:
    one = open_notebook(EXERCISE)
    other = open_notebook(EXERCISE, one.context)
    exercise(one, 0).get_by_role("radio").nth(1).check()
    exercise(other, 2).get_by_role("radio").nth(1).check()
    saved(exercise(one, 0))
    saved(exercise(other, 2))
    answers = stored(lab.folder / EXERCISE.replace("building-safety-and-trust.ipynb", "responses.json"))
    assert {ANSWER, "m4-smallest-reliable-act/answer"} <= set(answers)


def test_a_damaged_answers_file_is_set_aside_and_work_goes_on(lab: Lab, open_notebook: Open) -> None:
    folder = (lab.folder / EXERCISE).parent
    (folder / "responses.json").write_text('{"entries": {', encoding="utf-8")
    page = open_notebook(EXERCISE)
    page.get_by_text("set aside").first.wait_for()
    damaged = list(folder.glob("responses.damaged-*.json"))
    assert len(damaged) == 1 and damaged[0].read_text(encoding="utf-8") == '{"entries": {'
    exercise(page, 0).get_by_role("radio").first.check()
    saved(exercise(page, 0))
    assert ANSWER in stored(folder / "responses.json")


def test_no_cell_but_a_pieces_own_is_run(lab: Lab, open_notebook: Open) -> None:
    """A notebook from elsewhere may hold anything; only the exact two lines of a piece run on opening."""
    import nbformat
    from nbformat.v4 import new_code_cell, new_notebook

    hostile = [
        'open("it-ran", "w")',
        'from earned_security.interactive import piece\npiece("strategy-checklist"); open("it-ran", "w")',
        'from earned_security.interactive import piece\npiece("strategy-checklist")\nopen("it-ran", "w")',
        'from earned_security.interactive import exercise\npiece("x")\n',
    ]
    cells = [new_code_cell(source) for source in hostile]
    metadata = {
        "earned_security": {"module": "x"},
        "kernelspec": {"name": "python3", "display_name": "Python 3"},
    }
    folder = lab.folder / "from-elsewhere"
    folder.mkdir()
    (folder / "earned_security.py").write_text('open("it-ran", "w")', encoding="utf-8")
    cells.append(new_code_cell('from earned_security.interactive import piece\npiece("strategy-checklist")'))
    nbformat.write(new_notebook(cells=cells, metadata=metadata), folder / "a.ipynb")
    page = open_notebook("from-elsewhere/a.ipynb")
    assert page.locator(".es-checklist").count() == 1, (
        "the one true piece is shown, from the course's own package"
    )
    assert not (folder / "it-ran").exists()
