"""The first page of a person's folder on a class server."""

from __future__ import annotations

from collections.abc import Mapping

TEXT = """# Welcome to Earned Security

A course for clinicians who work with adults hurt in close relationships. You need no programming here: you read, choose,
order, match, play a case and write.

## Your assignments

Open *Assignment List* in the menu *Nbgrader*: there you fetch what your instructor has released, hand it in, and fetch
your feedback.

## Modules

{modules}

## To practise

These are not handed in.

{exercises}

## The book

[Open the book]({book}): the same modules to read, with the evidence ledger, the strategy checklist, the glossary and
the references.

## Good to know

- When a module opens, its interactive parts appear by themselves after a few seconds. A line at the top says in words
  when they are ready.
- What you enter is kept on your institution's server, in your own folder. Other trainees cannot open it. Your instructors
  read what you hand in; whoever runs the server could read everything.
- "Saved" means that your answer is on the server's disk. If the line says that it is not saved yet, leave the page open:
  your answer waits there.
- Do not write anything that could identify a client. Reflections are not read in real time.
- If something here comes too close, stop: [a way out, and grounding]({book}book/crisis-and-grounding.html).
- This course trains judgement. It is not supervision, treatment, diagnosis or legal advice, and no licensed clinician
  has reviewed it yet.
"""


def welcome(modules: Mapping[str, str], exercises: Mapping[str, str], book: str) -> str:
    """The page. Titles by file; ``book``: its address, with a slash at the end."""

    def links(files: Mapping[str, str]) -> str:
        return "\n".join(f"- [{title}](<{name}>)" for name, title in files.items()) or "None yet."

    return TEXT.format(modules=links(modules), exercises=links(exercises), book=book)
