"""What a learner did in a module as xAPI 1.0.3 statements: a file to hand in; nothing is sent anywhere.

One statement for each self-check that has an answer, with what was answered and, where a rule marks it, its score; and one for
the module: *completed* where every self-check on its page has an answer, else *progressed* with how far. Only self-checks are
in it, whose keys are public. What was written freely stays out unless asked for.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from earned_security import cases, curriculum
from earned_security.assessment.items import Item, Key, split
from earned_security.assessment.marking import mark
from earned_security.assessment.responses import Entry, ResponsesError, inspect
from earned_security.curriculum import Module, source
from earned_security.teaching import TeachingError
from earned_security.teaching.export.qti import number
from earned_security.teaching.export.wording import plain

VERSION = "1.0.3"
_VERBS = "http://adlnet.gov/expapi/verbs/"
_MODULE = "http://adlnet.gov/expapi/activities/module"
_INTERACTION = "http://adlnet.gov/expapi/activities/cmi.interaction"
_PROGRESS = "https://w3id.org/xapi/cmi5/result/extensions/progress"
_NAMES = uuid.UUID("7a2f7b0e-3c57-5a0e-9f43-2f1d4c0e8f11")
_INTERACTIONS = {
    "choose-one": "choice",
    "choose-many": "choice",
    "mark-passages": "choice",
    "match": "matching",
    "classify": "matching",
    "order": "sequencing",
    "scale": "numeric",
    "numeric": "numeric",
    "free-text": "long-fill-in",
}
Statement = dict[str, Any]


@dataclass(frozen=True)
class Learner:
    """Who the statements are about. ``mail``: an address; without one, ``account`` is a name in this course."""

    name: str
    mail: str = ""
    account: str = ""

    def actor(self) -> dict[str, Any]:
        if self.mail:
            return {"objectType": "Agent", "name": self.name, "mbox": f"mailto:{self.mail}"}
        account = {"homePage": "urn:earned-security:learners", "name": self.account or self.name}
        return {"objectType": "Agent", "name": self.name, "account": account}


@dataclass(frozen=True)
class Done:
    """One self-check of a module, and what is stored for it; ``entry`` None: nothing.

    ``judged``: whether its feedback says what is right; without that it has no score either.
    """

    item: Item
    key: Key
    entry: Entry | None
    judged: bool = True


def find_module(name: str) -> Module:
    """A module by its id or its number.

    Raises:
        TeachingError: there is none.
    """
    modules = curriculum.load().modules
    for module in modules.values():
        if name in (module.id, str(module.number), f"{module.number:02}", f"{module.number:02}-{module.id}"):
            return module
    raise TeachingError(f"No module is called '{name}'. There are: {', '.join(modules)}.")


def read(progress: Path, module: Module) -> list[Done]:
    """What a learner has answered of a module's self-checks, from their ``progress.json``.

    Raises:
        TeachingError: the file is missing or cannot be read.
    """
    if not progress.is_file():
        raise TeachingError(
            f"{progress} was not found. Name your folder, in which 'modules' lies, or the file that "
            "“Take your work along” saved."
        )
    try:
        entries = inspect(progress).entries
    except ResponsesError as error:
        raise TeachingError(f"{progress} cannot be read: {error}") from error
    found = []
    for entry in source.read(_file_of(module)):
        item, key = split(entry)
        found.append(Done(item, key, _stored(entries, item), entry.get("feedback", "full") == "full"))
    return found


def _file_of(module: Module) -> str:
    return f"self-checks/{module.number:02}-{module.id}"


def _stored(entries: Mapping[str, Entry], item: Item) -> Entry | None:
    entry = entries.get(f"{item.id}/{'play' if item.type == 'play-case' else 'answer'}")
    return entry if entry and entry["value"] is not None else None


def statements(
    module: Module, found: Iterable[Done], learner: Learner, texts: bool = False
) -> list[Statement]:
    """The statements, in the order of time; empty where nothing was answered.

    Args:
        texts: also what was written freely, in its own words.
    """
    found = list(found)
    answered = [done for done in found if done.entry]
    if not answered:
        return []
    context = {"contextActivities": {"parent": [{"objectType": "Activity", "id": _id(module.id)}]}}
    made = sorted(
        (_answered(done, learner, context, texts) for done in answered), key=lambda one: str(one["timestamp"])
    )
    share = len(answered) / len(found)
    whole = len(answered) == len(found)
    result = {"completion": whole, **({} if whole else {"extensions": {_PROGRESS: int(100 * share)}})}
    about = {
        "objectType": "Activity",
        "id": _id(module.id),
        "definition": {"type": _MODULE, "name": {"en": module.title}},
    }
    verb = "completed" if whole else "progressed"
    return [*made, _statement(learner, verb, about, result, {}, str(made[-1]["timestamp"]))]


def _answered(done: Done, learner: Learner, context: Mapping[str, Any], texts: bool) -> Statement:
    item, entry = done.item, done.entry or {}
    result: dict[str, Any] = {}
    earned = mark(item, done.key, entry["value"])
    if done.judged and not earned.details.get("by_hand"):
        scaled = round(earned.points / earned.maximum, 4) if earned.maximum else 0.0
        result["score"] = {"scaled": scaled, "raw": earned.points, "min": 0, "max": earned.maximum}
        result["success"] = earned.points == earned.maximum
    definition: dict[str, Any] = {
        "type": _INTERACTION,
        "name": {"en": plain(item.title)},
        "description": {"en": plain(item.prompt)},
        "interactionType": _INTERACTIONS.get(item.type, "other"),
    }
    definition |= _components(item)
    response = _response(item, entry["value"])
    if response is not None and (item.type != "free-text" or texts):
        result["response"] = response
    about = {"objectType": "Activity", "id": _id(item.id), "definition": definition}
    return _statement(learner, "answered", about, result, context, _moment(entry["time"]))


def _components(item: Item) -> dict[str, Any]:
    def named(field: str) -> list[dict[str, Any]]:
        return [{"id": name, "description": {"en": plain(text)}} for name, text in item.texts(field).items()]

    if item.type in ("choose-one", "choose-many", "order"):
        return {"choices": named("options")}
    if item.type == "mark-passages":
        return {"choices": named("passages")}
    if item.type in ("match", "classify"):
        return {"source": named("entries"), "target": named("options")}
    return {}


def _response(item: Item, value: Any) -> str | None:
    """An answer as xAPI writes it; None where it is none that this item has."""
    if item.type == "play-case":
        ended = _ended(item, value)
        return None if ended is None else ("to an ending" if ended else "not to an ending")
    if isinstance(value, list):
        return "[,]".join(map(str, value))
    if isinstance(value, dict):
        return "[,]".join(f"{entry}[.]{option}" for entry, option in value.items())
    return number(value) if isinstance(value, int | float) else str(value)


def _ended(item: Item, value: Any) -> bool | None:
    case = cases.load(item.content["case"])
    play, _ = cases.from_stored(case, value)
    return None if play is None else bool(case.scenes[play.scene].ending)


def _statement(
    learner: Learner,
    verb: str,
    about: Mapping[str, Any],
    result: Mapping[str, Any],
    context: Mapping[str, Any],
    moment: str,
) -> Statement:
    actor = learner.actor()
    said: Statement = {
        "id": str(uuid.uuid5(_NAMES, f"{actor} {verb} {about['id']} {moment} {result}")),
        "version": VERSION,
        "actor": actor,
        "verb": {"id": f"{_VERBS}{verb}", "display": {"en": verb}},
        "object": about,
        "timestamp": moment,
    }
    return said | ({"result": result} if result else {}) | ({"context": context} if context else {})


def _id(name: str) -> str:
    return f"urn:earned-security:{name}"


def _moment(milliseconds: int) -> str:
    moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
