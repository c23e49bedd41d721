"""The form on which learners evaluate the course: one page, to be filled in on the screen or printed; nothing is sent.

It asks for no name. "Save my answers" writes them into a file that the learner gives to the provider.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from earned_security.teaching.certificate.html_page import html_page

_STYLE = """
fieldset { border: 1px solid #8b98a3; margin: 0 0 .75rem; padding: .5rem .75rem; }
legend { font-weight: 600; padding: 0 .25rem; }
.scale { display: flex; flex-wrap: wrap; gap: .25rem 1rem; }
.scale label { display: inline-flex; align-items: center; gap: .4rem; min-height: 44px; }
input[type=radio] { width: 1.25rem; height: 1.25rem; accent-color: #1f5f66; }
label.long { display: block; font-weight: 600; margin-top: .75rem; }
textarea, input[type=number] { font: inherit; border: 1px solid #5a6772; padding: .5rem; min-height: 44px; box-sizing: border-box; }
textarea { width: 100%; min-height: 6rem; }
button { font: inherit; min-height: 44px; padding: .5rem 1.25rem; background: #1f5f66; color: #fff; border: 0; border-radius: 4px; }
:focus-visible { outline: 3px solid #b35900; outline-offset: 2px; }
@media print { .scale label { min-height: 0; } .screen { display: none; } input[type=radio] { appearance: none; border: 1px solid #000; border-radius: 50%; } }
"""

# Reads the form itself, so that a question added to the YAML needs nothing here.
_SCRIPT = """
const form = document.querySelector("form");
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const answers = {};
  for (const [name, value] of new FormData(form)) if (value !== "") answers[name] = value;
  const record = { form: "earned-security-evaluation/1", course: form.dataset.course, version: form.dataset.version, answers };
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([JSON.stringify(record, null, 2) + "\\n"], { type: "application/json" }));
  link.download = "course-evaluation.json";
  link.click();
  document.querySelector("[role=status]").textContent =
    Object.keys(answers).length + " answers were put into the file course-evaluation.json. Give it to your provider.";
});
"""


def page(data: Mapping[str, Any]) -> str:
    """The form for the course that :func:`..packet.gather` describes."""
    evaluation = data["evaluation"]
    scale = evaluation["scale"]
    parts = [
        f"<h1>{escape(data['title'])}: your evaluation</h1>",
        "<p>You may leave out whatever you like. Write no name and nothing about a client. Nothing is sent from this page: "
        "save your answers as a file, or print the page and fill it in by hand.</p>",
        f'<form data-course="{escape(data["title"])}" data-version="{escape(data["version"])}">',
        f"<h2>The objectives: {escape(evaluation['objective_question'])}</h2>",
    ]
    for module in data["modules"]:
        parts.append(f"<h3>{module['number']}. {escape(module['title'])}</h3>")
        for objective in module["objectives"]:
            text = objective["text"]
            parts.append(_scale(objective["id"], f"{objective['id']}: {text}", scale))
    parts.append("<h2>The course</h2>")
    for question in evaluation["questions"]:
        name, asks = f"course-{question['id']}", question["asks"]
        if question["answer"] == "scale":
            parts.append(_scale(name, asks, scale))
            continue
        control = (
            f'<input type="number" id="{name}" name="{name}" min="0" max="500" step="0.5">'
            if question["answer"] == "number"
            else f'<textarea id="{name}" name="{name}" rows="4"></textarea>'
        )
        parts.append(f'<label class="long" for="{name}">{escape(asks)}</label>{control}')
    parts += [
        '<p class="screen"><button type="submit">Save my answers</button></p><p role="status" class="screen"></p>',
        "</form>",
        f"<script>{_SCRIPT}</script>",
    ]
    return html_page(f"{data['title']}: evaluation", parts, _STYLE)


def _scale(name: str, asks: str, scale: Sequence[str]) -> str:
    choices = "".join(
        f'<label><input type="radio" name="{escape(name)}" value="{number}"> {escape(words)}</label>'
        for number, words in enumerate(scale, 1)
    )
    return f'<fieldset><legend>{escape(asks)}</legend><div class="scale">{choices}</div></fieldset>'
