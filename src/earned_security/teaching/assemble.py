"""From the bank to notebooks: the source that nbgrader takes, and the practice copy for a learner's folder.

In the source notebook of an assignment
- a marked item is one locked grade cell: two lines that show the exercise, then its key as hidden tests;
- a free text is a locked cell that shows the form, a locked cell whose mark scheme (rubric, model answer) is
  removed from the released version, and a cell marked by hand, into which the text is put before marking.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from earned_security import __version__
from earned_security.assessment import rules
from earned_security.assessment.items import Item, Key
from earned_security.assessment.marking import BY_HAND
from earned_security.teaching import TeachingError
from earned_security.teaching.bank import Bank

EXERCISE = 'from earned_security.interactive import exercise\nexercise("{id}")'
SUBMISSION = 'from earned_security.interactive import submission\nsubmission("{assignment}")'
BEGIN_TESTS, END_TESTS = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"
BEGIN_SCHEME, END_SCHEME = "<!-- ### BEGIN MARK SCHEME -->", "<!-- ### END MARK SCHEME -->"
MODEL_ANSWER = "**A model answer**"
PLACE = "*What you write above is put here when your work is marked.*"

INTRODUCTION = """# {title}

{introduction}

- Each exercise below is a form. Nothing needs to be run or typed as code.
- *Saved* under an exercise means that your answer is on the disk, in `responses.json` beside this notebook.
  Where it says that an answer is not saved yet, leave the page open: it waits there and is sent again.
- You can change every answer until you hand in, except the choices in a played case.
- {hand_in}
- Do not write anything that could identify a client.
- *How this is marked* below says what an answer earns.
- **What you write here is not read in real time.** If you are worried about your own safety or that of
  somebody else, do not wait for a reply here: turn to your supervisor, to the crisis service where you are,
  or to the local emergency number. If an exercise comes too close, you may stop and leave it out.

## How this is marked

{rules}"""

HAND_IN = (
    "To hand in, look over your answers in the last part of this notebook. Then save the notebook and use *Submit* in "
    "the list of assignments, or the command `nbgrader submit {assignment}`. Where your instructor wants a file "
    "instead, the last part makes it: one archive with the notebook and your answers."
)
PRACTICE = (
    "This copy is for practice: nothing leaves this computer. If somebody asks you for it, the last part of this "
    "notebook makes one file of the notebook and your answers."
)


def _nbgrader(grade_id: str, points: float | None, solution: bool = False) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "schema_version": 3,
        "grade_id": grade_id,
        "grade": points is not None,
        "solution": solution,
        "task": False,
        "locked": not solution,
    }
    return entry if points is None else {**entry, "points": points}


def _form(item: Item, entry: dict[str, Any] | None, hidden: str = "") -> Any:
    metadata: dict[str, Any] = {"jupyter": {"source_hidden": True}, "tags": ["piece"]}
    if entry:
        metadata["nbgrader"] = entry
    name = entry["grade_id"] if entry else item.id
    return new_code_cell(EXERCISE.format(id=item.id) + hidden, metadata=metadata, id=name)


def _hidden_tests(item: Item, key: Key) -> str:
    public = json.dumps(item.public(), ensure_ascii=True, sort_keys=True)
    value = json.dumps(key.value, ensure_ascii=True, sort_keys=True)
    lines = [
        "",
        BEGIN_TESTS,
        "from earned_security.teaching.grade import grade",
        f"grade({public!r}, {value!r})",
    ]
    return "\n".join([*lines, END_TESTS])


def mark_scheme(item: Item, key: Key, general: Iterable[str] = ()) -> str:
    """Prompt, rubric, comments to reuse and model answer as Markdown, for the person who marks.

    Args:
        general: comments of the course, for every text; they follow those of the item.
    """
    lines = [item.prompt.strip(), "", f"#### For the marker: {item.points:g} points", *_rubric(key)]
    if comments := (*key.comments, *general):
        lines += ["", "**Comments to copy and adapt**", "", *(f"- {comment}" for comment in comments)]
    return "\n".join([*lines, "", MODEL_ANSWER, "", key.model_answer.strip()])


def _rubric(key: Key) -> Iterator[str]:
    for criterion in key.rubric:
        yield from ("", f"**{criterion['criterion']}**", "")
        yield from (f"- {level['points']:g}: {level['text']}" for level in criterion["levels"])


def observers_sheets(bank: Bank) -> str:
    """For those who observe: each task with its rubric as Markdown, to be printed; no model answer, no comments."""
    sheets = [
        "\n".join(
            [
                f"## {item.title} ({item.objective})",
                "",
                item.prompt.strip(),
                "",
                f"**Trainee, date, observer:** ........ **Points, of {item.points:g}:** ........",
                *_rubric(key),
            ]
        )
        for item, key in bank.items
    ]
    return "\n\n".join([f"# {bank.title}: sheets for observers", *sheets]) + "\n"


def _cells(item: Item, key: Key, comments: Iterable[str]) -> list[Any]:
    if item.type not in BY_HAND:
        return [_form(item, _nbgrader(item.id, item.points), _hidden_tests(item, key))]
    by_hand = {
        "nbgrader": _nbgrader(item.id, item.points, solution=True),
        "earned_security": {"objective": item.objective},
    }
    scheme = f"**{item.title}**\n\n{BEGIN_SCHEME}\n\n{mark_scheme(item, key, comments)}\n\n{END_SCHEME}"
    return [
        _form(item, _nbgrader(f"{item.id}-form", None)),
        new_markdown_cell(
            scheme, metadata={"nbgrader": _nbgrader(f"{item.id}-scheme", None)}, id=f"{item.id}-scheme"
        ),
        new_markdown_cell(PLACE, metadata=by_hand, id=item.id),
    ]


def _submission(bank: Bank) -> Any:
    metadata = {"jupyter": {"source_hidden": True}, "tags": ["piece"]}
    return new_code_cell(SUBMISSION.format(assignment=bank.assignment), metadata=metadata, id="submission")


def _notebook(bank: Bank, hand_in: str, cells: Iterable[Any]) -> str:
    opening = INTRODUCTION.format(
        title=bank.title,
        introduction=bank.introduction.strip(),
        hand_in=hand_in,
        rules=rules.in_words(item.type for item, _ in bank.items),
    )
    notebook = new_notebook(
        cells=[new_markdown_cell(opening, id="introduction"), *cells, _submission(bank)],
        metadata={
            "kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"},
            "language_info": {"name": "python"},
            "earned_security": {
                "assignment": bank.assignment,
                "course_version": __version__,
                "bank_version": bank.version,
            },
        },
    )
    nbformat.validate(notebook)
    return str(nbformat.writes(notebook)) + "\n"


def source_notebook(bank: Bank, comments: Iterable[str] = ()) -> str:
    """The notebook from which nbgrader makes an assignment. Holds the keys: for the instructor only.

    Args:
        comments: of the course, shown to the marker beside each rubric.
    """
    general = tuple(comments)
    hand_in = HAND_IN.format(assignment=bank.assignment)
    return _notebook(bank, hand_in, [cell for item, key in bank.items for cell in _cells(item, key, general)])


def practice_notebook(bank: Bank) -> str:
    """The same exercises without keys and without nbgrader, for a learner who is in no class."""
    return _notebook(bank, PRACTICE, [_form(item, None) for item, _ in bank.items])


def items_json(bank: Bank, shuffle_options: bool = False) -> str:
    """What ``exercise("<id>")`` reads beside the notebook: the public part of every item.

    Args:
        shuffle_options: each learner sees the options in an order of their own.
    """
    data = {
        "assignment": bank.assignment,
        "title": bank.title,
        "course_version": __version__,
        "bank_version": bank.version,
        "shuffle_options": shuffle_options,
        "items": [item.public() for item, _ in bank.items],
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def assemble(bank: Bank, course: Path, shuffle_options: bool = False, comments: Iterable[str] = ()) -> Path:
    """Write ``source/<assignment>/`` of an nbgrader course, and return that folder.

    Raises:
        TeachingError: the folder holds an answers file; nbgrader would put it over every learner's answers.
    """
    folder = course / "source" / bank.assignment
    folder.mkdir(parents=True, exist_ok=True)
    if stray := sorted(path.name for path in folder.glob("*responses*")):
        raise TeachingError(
            f"{folder} holds {', '.join(stray)}. nbgrader would put it over every learner's answers; "
            "move it away."
        )
    (folder / f"{bank.assignment}.ipynb").write_text(source_notebook(bank, comments), encoding="utf-8")
    (folder / "items.json").write_text(items_json(bank, shuffle_options), encoding="utf-8")
    return folder
