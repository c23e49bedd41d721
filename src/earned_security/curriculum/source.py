"""Reading the curriculum's text: YAML with line numbers in a checkout, JSON in an installed wheel.

A clinician edits YAML. A checkout reads that YAML, so an edit never goes stale; building the
wheel compiles every file to JSON (see ``hatch_build.py``), because the browser's Python has no
YAML reader. Only this file knows the difference.
"""

from __future__ import annotations

import codecs
import json
import os
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from earned_security import locale

DATA = Path(__file__).parent / "data"
SCHEMA = Path(__file__).parent / "schema"

KeyPath = tuple[str | int, ...]


@dataclass(frozen=True, order=True)
class Problem:
    """A mistake in the content: the file, the line (from 1) and what to do about it."""

    file: Path
    line: int
    message: str

    def __str__(self) -> str:
        try:
            shown = self.file.resolve().relative_to(Path.cwd())
        except ValueError:
            shown = self.file
        return f"{shown}:{self.line}: {self.message}"


class ContentError(ValueError):
    """Content that cannot be used. ``problems`` names each mistake with file and line."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


_NUMBERS = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float", "tag:yaml.org,2002:timestamp")


@dataclass(frozen=True)
class Document:
    """One YAML file: its data, and the line on which each entry stands."""

    path: Path
    data: Any
    lines: dict[KeyPath, int] = field(repr=False)

    def line(self, path: KeyPath = ()) -> int:
        """The line of an entry, or of the nearest entry around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def problem(self, path: KeyPath, message: str) -> Problem:
        return Problem(self.path, self.line(path), message)


def read_document(path: Path) -> Document:
    """Read a YAML file, remembering lines.

    Raises:
        ContentError: the file is not readable text or not YAML, a key stands twice in a mapping, or is true or false.
    """
    import yaml

    loader_class = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        loader = loader_class(path.read_text(encoding="utf-8"))
        node = loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ContentError([Problem(path, line, f"This is not valid YAML: {error.problem}.")]) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ContentError([Problem(path, 1, f"This file cannot be read as text: {error}.")]) from error
    lines: dict[KeyPath, int] = {}
    found: list[Problem] = []

    def walk(node: Any, at: KeyPath) -> None:
        lines.setdefault(at, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for key, value in node.value:
                name = key.value
                if key.tag == "tag:yaml.org,2002:bool":
                    message = (
                        f"'{name}' means true or false here; put yes, no, on and off in quotation marks."
                    )
                    found.append(Problem(path, key.start_mark.line + 1, message))
                elif key.tag in _NUMBERS:
                    key.tag = "tag:yaml.org,2002:str"  # an id may be 1234567, or 007
                if name in seen:
                    message = f"'{name}' stands twice here; keep one of the two."
                    found.append(Problem(path, key.start_mark.line + 1, message))
                seen.add(name)
                lines[(*at, name)] = key.start_mark.line + 1
                walk(value, (*at, name))
        elif isinstance(node, yaml.SequenceNode):
            for index, value in enumerate(node.value):
                walk(value, (*at, index))

    if node is not None:
        walk(node, ())
    if found:
        raise ContentError(found)
    data = loader.construct_document(node) if node is not None else None
    return Document(path, data, lines)


def validate(document: Document, schema: str) -> list[Problem]:
    """Check a document against ``schema/<schema>.json``; every mistake, with its line."""
    import jsonschema
    import referencing
    import referencing.jsonschema

    # One schema may refer to another beside it, as bank.json does to the items of item-list.json.
    rules = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in SCHEMA.glob("*.json")}
    neighbours: referencing.Registry[Any] = referencing.Registry().with_resources(
        (name, referencing.jsonschema.DRAFT202012.create_resource(rule)) for name, rule in rules.items()
    )
    validator = jsonschema.Draft202012Validator(rules[f"{schema}.json"], registry=neighbours)
    return sorted(
        document.problem(tuple(error.absolute_path), _plain(error))
        for error in validator.iter_errors(document.data)
    )


def _plain(error: Any) -> str:
    """A schema error in words that a clinician can act on."""
    where = error.absolute_path[-1] if error.absolute_path else "the file"
    if error.validator == "required":
        missing = [name for name in error.validator_value if name not in error.instance]
        name = error.instance.get("id") if isinstance(error.instance, dict) else None
        return f"{name or 'This entry'} has no {', '.join(missing)}; add it."
    if error.validator == "additionalProperties":
        return f"{error.message.replace('Additional properties are not allowed', 'Not a known field')}."
    if error.validator == "enum":
        return f"'{where}' is '{error.instance}'; it must be one of: {', '.join(map(str, error.validator_value))}."
    if error.validator == "type":
        return f"'{where}' must be a {error.validator_value}, not {error.instance!r}."
    if error.validator in ("minLength", "minItems"):
        return f"'{where}' is empty or too short."
    return f"'{where}': {error.message}."


@lru_cache(maxsize=256)
def _read(path: Path, modified: int) -> Any:
    if path.suffix == ".json":
        return json.loads(path.read_text(encoding="utf-8"))
    return read_document(path).data


def folders() -> list[Path]:
    """Where data is looked for, in order: an institution's own folder, if there is one, then the course's.

    ``EARNED_SECURITY_LOCAL`` names the institution's folder. It may hold ``crisis-routes.yaml``, with the
    routes of its place, and ``cases/``, with cases of its own. A file in the folder of the language in force,
    ``locale/<language>/data/``, comes before the course's file of the same name.
    """
    own = os.environ.get("EARNED_SECURITY_LOCAL")
    return [*([Path(own).expanduser()] if own else []), *locale.data_folders(), DATA]


def read(name: str) -> Any:
    """The data of ``<name>``, for instance ``read("claims")``, from the first of :func:`folders` that has it.

    Treat it as read-only.

    Raises:
        KeyError: there is no such file.
        ContentError: the file cannot be read.
    """
    for folder in folders():
        for suffix in (".yaml", ".json"):
            path = folder / f"{name}{suffix}"
            if path.exists():
                return _read(path, path.stat().st_mtime_ns)
    raise KeyError(name)


def names(folder: str) -> list[str]:
    """The names in ``<folder>``, in order, as :func:`read` takes them."""
    files = (path for place in folders() for path in (place / folder).glob("*.*"))
    return sorted(
        {f"{folder}/{path.name.split('.')[0]}" for path in files if path.suffix in (".yaml", ".json")}
    )


def path_of(name: str) -> Path:
    """The YAML file behind a name (in a checkout)."""
    paths = [folder / f"{name}.yaml" for folder in folders()]
    return next((path for path in paths if path.exists()), paths[-1])


def read_references() -> dict[str, dict[str, str]]:
    """The bibliography as plain fields by key: ``author`` (list joined by " and "), ``year``, ``title`` ..."""
    compiled = DATA / "references.json"
    if compiled.exists():
        return dict(json.loads(compiled.read_text(encoding="utf-8")))
    path = DATA / "references.bib"
    return _references(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _references(path: Path, modified: int) -> dict[str, dict[str, str]]:
    import latexcodec  # noqa: F401  registers the codec
    from pybtex.database import parse_file

    def plain(text: object) -> str:
        decoded = codecs.lookup("ulatex").decode(str(text))[0]  # type: ignore[arg-type]
        return str(decoded).replace("{", "").replace("}", "")

    entries = {}
    for key, entry in parse_file(str(path), bib_format="bibtex").entries.items():
        fields = {name: plain(value) for name, value in entry.fields.items()}
        for role, people in entry.persons.items():
            fields[role] = " and ".join(plain(person) for person in people)
        entries[key] = {"type": entry.type, **fields}
    return entries


def compile_to(folder: Path) -> list[Path]:
    """Write every data file as JSON below ``folder``; what the wheel carries in place of the YAML."""
    written = []
    sources: dict[str, Any] = {"references": read_references()}
    for path in sorted(DATA.rglob("*.yaml")):
        sources[path.relative_to(DATA).with_suffix("").as_posix()] = read_document(path).data
    for name, data in sources.items():
        target = folder / f"{name}.json"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps(data, ensure_ascii=False, sort_keys=False), encoding="utf-8")
        written.append(target)
    return written
