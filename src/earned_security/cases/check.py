"""What is wrong with the case files: every mistake with file and line, all in one run.

Mistakes of form and of links are looked for in the text as it stands, so that one does not hide another.
Only where a case has none of these is it played: every state that conditions can tell apart, and every walk.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from earned_security.cases import conditions, explore, walks
from earned_security.cases.graph import PLACEHOLDER, Case, build, fill
from earned_security.cases.play import RETURN, SAFETY
from earned_security.curriculum import source
from earned_security.curriculum.source import ContentError, Document, KeyPath, Problem

FEWEST_DECISIONS = 8
QUALITIES = ("preferred", "defensible", "poor")
REQUIRED_WORDS = ("client", "they", "them", "their", "setting", "named_person")

Placed = tuple[KeyPath, Mapping[str, Any]]


def problems(
    data: Path | None = None, claims: Collection[str] | None = None, references: Collection[str] | None = None
) -> list[Problem]:
    """Every mistake in ``data/cases``, in the order of files and lines.

    Args:
        data: the folder of the curriculum's YAML; the curriculum's own, with an institution's, if left out.
        claims: ids of the evidence ledger.
        references: keys of the bibliography.
    """
    folders = [data] if data else source.folders()
    routes = next(
        path for folder in [*folders, source.DATA] if (path := folder / "crisis-routes.yaml").exists()
    )
    claims = _known_claims() if claims is None else claims
    references = _known_references() if references is None else references
    found: list[Problem] = []
    crisis = _valid(routes, "crisis-routes", [])  # its mistakes are the curriculum's to report
    safety = _valid(folders[-1] / "cases" / "safety.yaml", "safety", found)
    sound = crisis is not None and crisis[1] and safety is not None and safety[1]
    if safety:
        broken = [*_links(safety[0], None), *_unreached(safety[0])]
        found += [*broken, *_sources(safety[0], claims, references)]
        sound = sound and not broken
    for path in sorted(path for folder in folders for path in (folder / "cases").glob("*.yaml")):
        if path.name == "safety.yaml" or path.name.endswith(".walks.yaml"):
            continue
        case = _valid(path, "case", found)
        if case is None:
            continue
        document, well_formed = case
        branch = safety[0] if safety else None
        broken = [*_links(document, branch), *_unreached(document)]
        found += [*broken, *_sources(document, claims, references), *_editorial(document)]
        if document.data.get("id") != path.stem:
            found.append(document.problem(("id",), f"The id must be the file's name, '{path.stem}'."))
        if crisis:
            found += _unfilled(document, branch, crisis[0])
        steps = _valid(path.with_name(f"{path.stem}.walks.yaml"), "walks", found, list)
        if well_formed and sound and not broken and crisis and branch:
            built = build(document.data, branch.data, crisis[0].data)
            written = steps[0].data if steps and steps[1] else []
            unmet = explore.problems(
                built, document, branch, [play for _, play in walks.paths(built, written)]
            )
            if written and steps and not unmet:
                unmet = list(_walk_problems(built, steps[0]))
            found += unmet
    return sorted(set(found))


class _Everything(frozenset[str]):
    """In place of a list of names that cannot be read; the curriculum's own check says why."""

    def __contains__(self, name: object) -> bool:
        return True


def _known_claims() -> Collection[str]:
    try:
        return {str(entry.get("id")) for entry in source.read("claims") if isinstance(entry, Mapping)}
    except (ContentError, KeyError, TypeError):
        return _Everything()


def _known_references() -> Collection[str]:
    try:
        return source.read_references().keys()
    except Exception:  # pybtex raises a family of its own
        return _Everything()


def _valid(path: Path, schema: str, found: list[Problem], kind: type = dict) -> tuple[Document, bool] | None:
    """A file and whether it fits its schema; its mistakes are added to those found."""
    if not path.exists():
        found.append(Problem(path, 1, f"There is no {path.name}; add it."))
        return None
    try:
        document = source.read_document(path)
    except ContentError as error:
        found += error.problems
        return None
    if not isinstance(document.data, kind):
        found.append(document.problem((), _not_of_kind(document.data, kind)))
        return None
    mistakes = source.validate(document, schema)
    found += mistakes
    return document, not mistakes


def _not_of_kind(data: Any, kind: type) -> str:
    if data is None:
        return "This file is empty; `earned case new NAME` writes a case to begin with."
    if kind is list:
        return "Walks are written as a list, each beginning with '- name:'; this file holds something else."
    if isinstance(data, list):
        return "A case is written as fields such as 'id:'; this file holds a list, as a file of walks does."
    return "A case is written as fields such as 'id:'; this file holds only text."


def _entries(holder: Any, name: str, at: KeyPath = ()) -> Iterator[Placed]:
    """The mappings in a list, each with its place, whatever else may stand there."""
    listed = holder.get(name) if isinstance(holder, Mapping) else None
    for index, entry in enumerate(listed if isinstance(listed, list) else []):
        if isinstance(entry, Mapping):
            yield (*at, name, index), entry


def _scenes(document: Document | None) -> list[Placed]:
    return list(_entries(document.data, "scenes")) if document else []


def _scene_ids(document: Document | None) -> set[str]:
    return {str(scene.get("id")) for _, scene in _scenes(document)}


def _options(document: Document) -> list[tuple[KeyPath, Mapping[str, Any], str]]:
    """Every option with its place and its scene's id."""
    return [
        (place, option, str(scene.get("id")))
        for at, scene in _scenes(document)
        for place, option in _entries(scene, "options", at)
    ]


def _ways(option: Mapping[str, Any], at: KeyPath) -> list[tuple[KeyPath, str]]:
    """Where an option leads, each with the place where it is written."""
    leads = option.get("next")
    if isinstance(leads, str):
        return [((*at, "next"), leads)]
    return [
        ((*place, "scene"), str(way["scene"]))
        for place, way in _entries(option, "next", at)
        if "scene" in way
    ]


def _links(document: Document, safety: Document | None) -> list[Problem]:
    """Mistakes in how the scenes hang together. ``safety``: the safety branch, ``None`` for itself."""
    own, branch = _scene_ids(document), _scene_ids(safety)
    is_case = document.path.stem != "safety"
    found = [*_repeated(document), *_conditions(document, safety)]
    start = document.data.get("start")
    if own and isinstance(start, Mapping) and "scene" in start and str(start["scene"]) not in own:
        found.append(
            document.problem(("start", "scene"), f"There is no scene '{start['scene']}' to start in.")
        )
    for at, scene in _scenes(document):
        found += _kind_of_scene(document, at, scene, is_case)
    for at, option, scene_id in _options(document):
        name = f"Option '{option.get('id')}' of scene '{scene_id}'"
        if "next" not in option and "safety_failure" not in option:
            found.append(document.problem(at, f"{name} leads nowhere; add next."))
        if "next" in option and "safety_failure" in option:
            message = f"{name} stops the scene (safety_failure), so it has no next; remove one of the two."
            found.append(document.problem((*at, "next"), message))
        if option.get("enters_safety") and not is_case:
            found.append(document.problem((*at, "enters_safety"), f"{name} is in the safety branch already."))
        for place, leads_to in _ways(option, at):
            if leads_to in branch:
                message = (
                    f"{name} leads into the safety branch; write enters_safety: true, next: the scene after."
                )
                found.append(document.problem(place, message))
            elif leads_to not in own:
                found.append(document.problem(place, f"{name} leads to '{leads_to}', which is no scene."))
        listed = option.get("next")
        if isinstance(listed, list) and listed and isinstance(listed[-1], Mapping) and "when" in listed[-1]:
            message = (
                f"The last next of {name[0].lower()}{name[1:]} needs no condition, for when no other holds."
            )
            found.append(document.problem((*at, "next", len(listed) - 1), message))
    return found


def _kind_of_scene(
    document: Document, at: KeyPath, scene: Mapping[str, Any], is_case: bool
) -> Iterator[Problem]:
    """A scene is a decision, an ending or the close of the safety branch, and has a text in every state."""
    name = f"Scene '{scene.get('id')}'"
    kinds = [bool(scene.get("options")), "ending" in scene, bool(scene.get("returns"))]
    if not any(kinds):
        yield document.problem(at, f"{name} is a dead end: it has no options and is no ending.")
    elif sum(kinds) > 1:
        yield document.problem(at, f"{name} cannot have options and be an ending or a close as well.")
    elif kinds[1] and not is_case:
        yield document.problem(
            (*at, "ending"), f"{name} is in the safety branch, which ends with returns: true."
        )
    elif kinds[2] and is_case:
        yield document.problem((*at, "returns"), f"{name} has returns: true, which is for the safety branch.")
    texts = scene.get("text")
    if isinstance(texts, list) and texts and isinstance(texts[-1], Mapping) and "when" in texts[-1]:
        message = f"The last text of {name[0].lower()}{name[1:]} needs no condition, for when no other holds."
        yield document.problem((*at, "text", len(texts) - 1), message)


def _repeated(document: Document) -> Iterator[Problem]:
    """Ids that stand twice, and ids that mean something else."""
    seen: set[str] = set()
    for at, scene in _scenes(document):
        if str(scene.get("id")) in seen:
            yield document.problem((*at, "id"), f"Scene '{scene['id']}' stands twice.")
        seen.add(str(scene.get("id")))
        in_scene: set[str] = set()
        for place, option in _entries(scene, "options", at):
            if str(option.get("id")) in in_scene:
                message = f"Option '{option['id']}' stands twice in scene '{scene.get('id')}'."
                yield document.problem((*place, "id"), message)
            if option.get("id") in (SAFETY, RETURN):
                yield document.problem(
                    (*place, "id"), f"'{option['id']}' is kept for the safety branch; rename it."
                )
            in_scene.add(str(option.get("id")))


def _conditions(document: Document, safety: Document | None) -> Iterator[Problem]:
    """Conditions that cannot be read or that name a choice that there is not."""
    known = {f"{scene}/{SAFETY}" for scene in _scene_ids(document)}
    for file in (document, safety):
        known |= {f"{scene}/{option.get('id')}" for _, option, scene in (_options(file) if file else ())}

    def walk(value: Any, at: KeyPath) -> Iterator[Problem]:
        if isinstance(value, list):
            for index, entry in enumerate(value):
                yield from walk(entry, (*at, index))
        elif isinstance(value, Mapping):
            for name, entry in value.items():
                if name == "when" and isinstance(entry, Mapping):
                    yield from read(entry, (*at, name))
                else:
                    yield from walk(entry, (*at, name))

    def read(condition: Mapping[str, Any], at: KeyPath) -> Iterator[Problem]:
        message = conditions.mistake(condition)
        if message:
            yield document.problem(at, message)
        named = condition.get("chosen")
        for choice in named if isinstance(named, list) else [named] if isinstance(named, str) else []:
            if str(choice) not in known:
                yield document.problem((*at, "chosen"), f"'{choice}' is no scene/option of this case.")
        for name in ("all", "any"):
            for place, inner in _entries(condition, name, at):
                yield from read(inner, place)
        if isinstance(condition.get("not"), Mapping):
            yield from read(condition["not"], (*at, "not"))

    yield from walk(document.data, ())


def _unreached(document: Document) -> list[Problem]:
    """Scenes that no option leads to. Silent where a link is broken: mending it may reach them."""
    scenes = {str(scene.get("id")): at for at, scene in _scenes(document)}
    leads: dict[str, set[str]] = {name: set() for name in scenes}
    for at, option, scene_id in _options(document):
        leads[scene_id] |= {leads_to for _, leads_to in _ways(option, at)}
    start = document.data.get("start")
    first = str(start.get("scene")) if isinstance(start, Mapping) else next(iter(scenes), "")
    if first not in scenes or any(not way <= scenes.keys() for way in leads.values()):
        return []
    reached, waiting = {first}, [first]
    while waiting:
        for name in leads[waiting.pop()] - reached:
            reached.add(name)
            waiting.append(name)
    lost = scenes.keys() - reached
    message = "Scene '{}' can never be reached: no option leads to it."
    return [document.problem(scenes[name], message.format(name)) for name in lost]


def _sources(document: Document, claims: Collection[str], references: Collection[str]) -> Iterator[Problem]:
    """Claims and citations that the ledger and the bibliography do not have."""

    def unknown(holder: Any, name: str, at: KeyPath, known: Collection[str], what: str) -> Iterator[Problem]:
        listed = holder.get(name) if isinstance(holder, Mapping) else None
        for index, entry in enumerate(listed if isinstance(listed, list) else []):
            if str(entry) not in known:
                yield document.problem((*at, name, index), f"'{entry}' is not in {what}.")

    for at, option, _ in _options(document):
        yield from unknown(option, "claims", at, claims, "the evidence ledger (claims.yaml)")
        yield from unknown(option, "citations", at, references, "the bibliography (references.bib)")
    yield from unknown(document.data, "references", (), references, "the bibliography (references.bib)")
    debrief = document.data.get("debrief")
    yield from unknown(debrief, "references", ("debrief",), references, "the bibliography (references.bib)")


def _editorial(document: Document) -> Iterator[Problem]:
    """The curriculum's own rules for a case."""
    data = document.data
    decisions = [(at, scene) for at, scene in _scenes(document) if scene.get("options")]
    if 0 < len(decisions) < FEWEST_DECISIONS:
        message = f"The case has {len(decisions)} decisions; it needs {FEWEST_DECISIONS} or more."
        yield document.problem(("scenes",), message)
    options = [option for _, option, _ in _options(document)]
    marked = [str(entry.get("marks")) for entry in [*options, *(scene for _, scene in decisions)]]
    if options and not any("rupture" in marks for marks in marked):
        yield document.problem(("scenes",), "The case has no rupture; write marks: [rupture] where it is.")
    if options and not any("repair" in marks for marks in marked):
        yield document.problem(
            ("scenes",), "The case has no repair; write marks: [repair] at the options that repair."
        )
    for at, scene in decisions:
        qualities = [option.get("quality") for _, option in _entries(scene, "options")]
        for quality in ("preferred", "poor"):
            if quality not in qualities and all(known in QUALITIES for known in qualities):
                yield document.problem(at, f"Scene '{scene.get('id')}' has no {quality} option.")
    version, oldest = data.get("version"), data.get("oldest_loadable_version")
    if isinstance(version, int) and isinstance(oldest, int) and oldest > version:
        yield document.problem(
            ("oldest_loadable_version",), "The oldest loadable version is newer than the case."
        )


def _unfilled(case: Document, branch: Document | None, crisis: Document) -> Iterator[Problem]:
    """Placeholders that this case has no word for, in its own text or in the safety branch."""
    given = case.data.get("words")
    if not isinstance(given, Mapping) or not all(isinstance(given.get(name), str) for name in REQUIRED_WORDS):
        return  # reported by the schema
    words = {**given, "local_crisis_route": str(crisis.data.get("local_crisis_route"))}

    def texts(value: Any, at: KeyPath) -> Iterator[tuple[KeyPath, str]]:
        if isinstance(value, str):
            yield at, value
        elif isinstance(value, list | Mapping):
            for name, entry in value.items() if isinstance(value, Mapping) else enumerate(value):
                yield from texts(entry, (*at, name))

    for document in [case, branch] if branch else [case]:
        for at, text in texts(document.data, ()):
            filled = fill(text, words)
            for name in dict.fromkeys(PLACEHOLDER.findall(filled)):
                advice = f"Nothing is put in for '{{{name}}}' in the case '{case.path.stem}'"
                if name in ("interpreter", "parts"):
                    advice += f", which has none; write the passage as [[{name}: ...]]"
                yield document.problem(at, f"{advice}.")
            if "[[" in filled or "]]" in filled:
                names = "interpreter, parts, room, video or phone"
                yield document.problem(at, f"A [[...]] passage is not closed, or its name is not {names}.")
            if text.strip() and not filled.strip():
                yield document.problem(at, f"Nothing is left of this text in the case '{case.path.stem}'.")


def _walk_problems(case: Case, document: Document) -> Iterator[Problem]:
    """Walks that do not reach what they expect, and walks that end before an ending."""
    for index, walk in enumerate(document.data):
        play, failures = walks.run(case, walk)
        for failure in failures:
            at: KeyPath = (index, "ends") if failure.step is None else (index, "steps", failure.step)
            yield document.problem(at, f"Walk '{walk['name']}': {failure.message}")
        if not failures and not case.scenes[play.scene].ending:
            yield document.problem((index, "ends"), f"Walk '{walk['name']}' stops before an ending.")
