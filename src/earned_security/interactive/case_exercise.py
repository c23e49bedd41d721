"""A case as a graded exercise: Python plays, and the page is given one scene at a time.

Neither the released files nor the page hold the graph: no rationale, quality or effect of any option.
"""

from __future__ import annotations

from typing import Any

import traitlets

from earned_security import cases
from earned_security.assessment.responses import Responses
from earned_security.interactive.piece import Piece
from earned_security.locale import words


def opening(case: cases.Case) -> dict[str, Any]:
    """What is said before the first scene, and the ways to help that are always open."""
    return {
        "content_note": case.content_note,
        "people": [{"name": person.name, "description": person.description} for person in case.people],
        "crisis_routes": [{"title": route.title, "text": route.text} for route in case.crisis_routes],
    }


def view(case: cases.Case, stored: Any) -> dict[str, Any]:
    """The scene that a stored play has come to, without a word on how it was played.

    ``stored``: ``{"version", "path"}``, or None. The result has ``version`` and ``path`` as they are to be
    stored, ``scene``, ``title`` and ``text``, ``chosen`` and ``response`` (of the choice before; empty at the
    start), ``again`` (the same decision is offered again), ``options`` (id and text), ``safety`` (this is the
    safety branch), ``ended``, and ``problem``, in words, where what is stored cannot be followed.
    """
    play, problem = cases.from_stored(case, stored) if _has_path(stored) else (cases.start(case), "")
    if play is None:
        play, problem = cases.start(case), words("kernel.caseChanged")
    scene = case.scenes[play.scene]
    options = [{"id": option.id, "text": option.text} for option in cases.available(case, play)]
    last = play.steps[-1] if play.steps else None
    taken = last and next((o for o in case.scenes[last.scene].options if o.id == last.option), None)
    return {
        **cases.to_stored(case, play),
        "scene": scene.id,
        "title": scene.title,
        "text": cases.scene_text(case, play),
        "chosen": taken.text if taken else "",
        "response": taken.response if taken else "",
        "again": bool(last and last.stopped),
        "options": options,
        "returns": scene.returns,
        "safety": scene.safety,
        "ended": scene.ending is not None,
        "problem": problem,
    }


def _has_path(stored: Any) -> bool:
    return stored is not None and not (isinstance(stored, dict) and "path" not in stored)


class CaseExercise(Piece):
    """A case to be played for marks: each choice is stored first, then the next scene is shown.

    Traits:
        view: the scene that the stored play has come to, see :func:`view`; empty where nothing could be read.
    """

    view = traitlets.Dict().tag(sync=True)

    def __init__(self, content: dict[str, Any], responses: Responses) -> None:
        self._case = cases.load(content["case"])
        super().__init__({**content, **opening(self._case)}, responses)
        self.observe(self._play_on, names="entries")
        if not self.problem:
            self._play_on()

    def _play_on(self, _change: Any = None) -> None:
        self.view = view(self._case, self.entries.get("answer", {}).get("value"))
