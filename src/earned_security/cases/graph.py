"""A case as a graph of scenes, with the safety branch merged in and the case's words put in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from earned_security.cases.conditions import Condition
from earned_security.curriculum import source

VALUES = ("alliance", "trust", "client_arousal", "therapist_arousal")
LOWEST, HIGHEST = -6, 6
WINDOW = (-2, 2)
"""Window of tolerance for arousal: above is flooding, below is shut-down. A teaching value."""

PLACEHOLDER = re.compile(r"\{([A-Za-z_]+)\}")
_PASSAGE = re.compile(r"\[\[(interpreter|parts|room|video|phone):\s?((?:(?!\[\[).)*?)\]\]", re.DOTALL)


@dataclass(frozen=True)
class Values:
    """The four values of a play, or a change of them: whole numbers, each -6 to 6 (a change -2 to 2)."""

    alliance: int
    trust: int
    client_arousal: int
    therapist_arousal: int

    def moved(self, by: Values) -> tuple[Values, tuple[str, ...]]:
        """The values after a change, and the names of those that the ends of the scale cut short."""
        wanted = {name: getattr(self, name) + getattr(by, name) for name in VALUES}
        kept = {name: max(LOWEST, min(HIGHEST, value)) for name, value in wanted.items()}
        return Values(**kept), tuple(name for name in VALUES if kept[name] != wanted[name])

    def settled(self) -> Values:
        """The values when time has passed: each arousal is one step nearer to 0. A teaching value."""
        return replace(
            self,
            client_arousal=_nearer_to_zero(self.client_arousal),
            therapist_arousal=_nearer_to_zero(self.therapist_arousal),
        )


def _nearer_to_zero(arousal: int) -> int:
    return arousal - (arousal > 0) + (arousal < 0)


@dataclass(frozen=True)
class Passage:
    """A text that is shown when its condition holds; without one, always."""

    text: str
    when: Condition | None = None


@dataclass(frozen=True)
class Way:
    """Where an option leads when its condition holds; without one, always."""

    scene: str
    when: Condition | None = None


@dataclass(frozen=True)
class Option:
    """Something the therapist can say or do.

    ``quality`` is preferred, defensible (with a trade-off) or poor. ``safety_failure`` says what should
    happen now: the scene stops and the decision is offered again. ``enters_safety``: the safety branch
    comes first, and ``ways`` say where play returns to.
    """

    id: str
    text: str
    quality: str
    effects: Values
    response: str
    rationale: str
    ways: tuple[Way, ...] = ()
    trade_off: str | None = None
    claims: tuple[str, ...] = ()
    citations: tuple[str, ...] = ()
    when: Condition | None = None
    safety_failure: str | None = None
    enters_safety: bool = False
    marks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scene:
    """A decision, an ending (good, mixed, poor), or (``returns``) the close of the safety branch.

    ``time_passes`` before it, so that both arousals settle by one step on arriving.
    """

    id: str
    title: str
    passages: tuple[Passage, ...]
    options: tuple[Option, ...] = ()
    ending: str | None = None
    returns: bool = False
    marks: tuple[str, ...] = ()
    safety: bool = False
    time_passes: bool = False


@dataclass(frozen=True)
class Person:
    name: str
    description: str


@dataclass(frozen=True)
class SafetyStep:
    title: str
    what_is_done: str


@dataclass(frozen=True)
class CrisisRoute:
    title: str
    text: str


@dataclass(frozen=True)
class Case:
    """One case, ready to be played. ``scenes`` holds the case's own scenes and those of the safety branch."""

    id: str
    version: int
    oldest_loadable_version: int
    title: str
    learning_aim: str
    content_note: str
    review_note: str
    alternative_task: str
    people: tuple[Person, ...]
    first_scene: str
    first_values: Values
    scenes: Mapping[str, Scene]
    safety_scene: str
    safety_steps: tuple[SafetyStep, ...]
    crisis_routes: tuple[CrisisRoute, ...]
    prompts: tuple[str, ...]
    references: tuple[str, ...]
    what_goes_wrong: str

    def public(self) -> dict[str, Any]:
        """The whole case as JSON, for the page's player; the field names are those of these classes."""
        return asdict(self)


def case_ids() -> list[str]:
    """The cases there are, in order; the safety branch is part of each and none of its own."""
    return [name.split("/")[1] for name in source.names("cases") if name != "cases/safety"]


def load(case_id: str) -> Case:
    """One case of the curriculum.

    Raises:
        KeyError: there is no such case.
        ContentError: a file cannot be read; ``earned check`` names every problem.
    """
    if case_id not in case_ids():
        raise KeyError(case_id)
    return of(source.read(f"cases/{case_id}"))


def of(case: Mapping[str, Any]) -> Case:
    """A case from the data of its file, with the course's safety branch and crisis routes."""
    return build(case, source.read("cases/safety"), source.read("crisis-routes"))


def build(case: Mapping[str, Any], safety: Mapping[str, Any], crisis: Mapping[str, Any]) -> Case:
    """A case from the data of its file, of ``safety.yaml`` and of ``crisis-routes.yaml``, all valid."""
    words = {**case["words"], "local_crisis_route": crisis["local_crisis_route"]}
    own, branch = put_in(case, words), put_in(safety, words)
    scenes = [
        *(_scene(entry, False) for entry in own["scenes"]),
        *(_scene(entry, True) for entry in branch["scenes"]),
    ]
    texts = ("id", "version", "oldest_loadable_version", "title", "learning_aim")
    notes = ("content_note", "review_note", "alternative_task")
    return Case(
        **{name: own[name] for name in (*texts, *notes)},
        people=tuple(Person(**entry) for entry in own["people"]),
        first_scene=own["start"]["scene"],
        first_values=Values(**{name: own["start"][name] for name in VALUES}),
        scenes={scene.id: scene for scene in scenes},
        safety_scene=branch["scenes"][0]["id"],
        safety_steps=tuple(SafetyStep(**entry) for entry in branch["steps"]),
        crisis_routes=tuple(CrisisRoute(entry["title"], entry["text"]) for entry in crisis["routes"]),
        prompts=tuple(own["debrief"]["prompts"]),
        references=tuple(dict.fromkeys([*own["debrief"]["references"], *branch.get("references", [])])),
        what_goes_wrong=own["debrief"]["what_goes_wrong"],
    )


def _scene(entry: Mapping[str, Any], safety: bool) -> Scene:
    text = entry["text"]
    passages = [{"text": text}] if isinstance(text, str) else text
    return Scene(
        id=entry["id"],
        title=entry["title"],
        passages=tuple(Passage(**passage) for passage in passages),
        options=tuple(_option(option) for option in entry.get("options", ())),
        ending=entry.get("ending"),
        returns=entry.get("returns", False),
        marks=tuple(entry.get("marks", ())),
        safety=safety,
        time_passes=entry.get("time_passes", False),
    )


def _option(entry: Mapping[str, Any]) -> Option:
    named = entry.get("next", ())
    ways = [{"scene": named}] if isinstance(named, str) else named
    lists: dict[str, Any] = {name: tuple(entry.get(name, ())) for name in ("claims", "citations", "marks")}
    plain = {name: entry[name] for name in entry if name not in (*lists, "next", "effects")}
    return Option(
        **plain, **lists, effects=Values(**entry["effects"]), ways=tuple(Way(**way) for way in ways)
    )


def put_in(data: Any, words: Mapping[str, str | None]) -> Any:
    """The data with every ``{word}`` replaced and every ``[[video: ...]]`` passage kept or left out."""
    if isinstance(data, str):
        return fill(data, words)
    if isinstance(data, list):
        return [put_in(entry, words) for entry in data]
    if isinstance(data, Mapping):
        return {name: put_in(entry, words) for name, entry in data.items()}
    return data


def fill(text: str, words: Mapping[str, str | None]) -> str:
    """One text with the words put in; ``{They}`` is ``{they}`` with a capital. Unknown words stay.

    ``[[interpreter: ...]]`` and ``[[parts: ...]]`` stay where the case has that word; ``[[room: ...]]``,
    ``[[video: ...]]`` and ``[[phone: ...]]`` where that is the setting.
    """

    def passage(match: re.Match[str]) -> str:
        shown = words.get(match[1]) is not None or words.get("setting") == match[1]
        return match[2] if shown else ""

    def word(match: re.Match[str]) -> str:
        given = words.get(match[1].lower())
        if given is None:
            return match[0]
        return given[:1].upper() + given[1:] if match[1][0].isupper() else given

    chosen = _PASSAGE.sub(passage, text)
    if chosen != text:  # a passage left out leaves its spaces behind
        chosen = re.sub(r"(?<=\S) {2,}", " ", chosen)
        chosen = re.sub(r" +(?=[.,;:!?\n]|$)", "", chosen)
        chosen = re.sub(r"^\s+", "", chosen)
    return PLACEHOLDER.sub(word, chosen)
