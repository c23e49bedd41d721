"""The words of the interface, one folder for each language. Standard library; imports no other room.

A folder such as ``en/`` holds catalogues that a translator edits: YAML, nested by place, with ``{name}`` where a value
goes in. English is complete; what another language leaves out is shown in English. In a wheel the same files are JSON
(see ``hatch_build.py``). An institution's own folder (``EARNED_SECURITY_LOCAL``) may hold ``locale/`` as well, for a
language that the course does not have, or for other words.
"""

from __future__ import annotations

import json
import os
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
LANGUAGE = "EARNED_LANGUAGE"
"""In the environment: the language of everything that is shown. The book sets it from Sphinx's ``language``."""
ENGLISH = "en"
DATA = "data"
"""The folder of a language that may hold files of the curriculum's data, translated."""

PLACEHOLDER = re.compile(r"\{(\w+)\}")
# In a front-end module: what stands in place of the words until the module is served.
_PLACE = re.compile(r"\bcatalogue\(([^)]*)\)")


def roots() -> list[Path]:
    """Where folders of languages lie: an institution's own folder, if there is one, then the course's."""
    own = os.environ.get("EARNED_SECURITY_LOCAL")
    return [Path(own).expanduser() / "locale", HERE] if own else [HERE]


def languages() -> list[str]:
    """The languages that have a folder, as Sphinx names them: ``de``, ``pt_BR``."""
    found = {path.name for root in roots() if root.is_dir() for path in root.iterdir() if path.is_dir()}
    return sorted(name for name in found if name[0].isalpha())


def language() -> str:
    """The language in force: what ``EARNED_LANGUAGE`` names where it has a folder, else English."""
    wanted = os.environ.get(LANGUAGE) or ENGLISH
    known = re.fullmatch(r"[A-Za-z]\w*", wanted) and any((root / wanted).is_dir() for root in roots())
    return wanted if known else ENGLISH


def tag() -> str:
    """The language in force as a ``lang`` attribute has it: ``pt-BR``."""
    return language().replace("_", "-")


def data_folders() -> list[Path]:
    """Where translated files of the curriculum's data lie, in the order in which they are looked for; often nowhere."""
    return [folder for root in roots() if (folder := root / language() / DATA).is_dir()]


def files(name: str) -> list[Path]:
    """A language's catalogues, those of an institution last, because they come before the course's own."""
    suffix = {".yaml", ".json"}
    return [
        path
        for root in reversed(roots())
        for path in sorted((root / name).glob("*.*"))
        if path.suffix in suffix
    ]


def words(key: str, /, **values: object) -> str:
    """Words by their place: ``words("pages.ledger.claims", count=46)``; the first part is the catalogue's file.

    Raises:
        KeyError: English has no such entry.
    """
    found = str(_lookup(key))
    return PLACEHOLDER.sub(lambda match: str(values.get(match[1], match[0])), found) if values else found


def listed(key: str) -> tuple[str, ...]:
    """The words of a list in the catalogue, or the entries of a mapping, in order.

    Raises:
        KeyError: English has no such entry.
    """
    found = _lookup(key)
    return tuple(found.values() if isinstance(found, dict) else found)


def fill_module(text: str) -> str:
    """A front-end module as a page gets it: ``catalogue("pieces", "cases")`` becomes the words of these files, joined."""

    def filled(match: re.Match[str]) -> str:
        joined: dict[str, Any] = {}
        for name in re.findall(r'"(\w+)"', match[1]):
            joined |= _lookup(name)
        return json.dumps(joined, ensure_ascii=False, separators=(",", ":"))

    return _PLACE.sub(filled, text)


def _lookup(key: str) -> Any:
    found: Any = _catalogue(language(), tuple(roots()))
    for part in key.split("."):
        try:
            found = found[part]
        except (KeyError, TypeError):
            raise KeyError(f"The catalogue of words has no entry '{key}'.") from None
    return found


@lru_cache(maxsize=8)
def _catalogue(name: str, places: tuple[Path, ...]) -> dict[str, Any]:
    """Every word of a language by file and place, English where it has none. ``places`` are :func:`roots`."""
    whole: dict[str, Any] = {}
    for path in files(ENGLISH):
        whole[path.stem] = _laid_over(whole[path.stem], read(path)) if path.stem in whole else read(path)
    for path in files(name) if name != ENGLISH else ():
        if path.stem in whole:
            whole[path.stem] = _laid_over(whole[path.stem], read(path))
    return whole


def _laid_over(below: Any, above: Any) -> Any:
    """A translation over English: only where both have the same form, and where the translation says anything."""
    if isinstance(below, dict):
        given = above if isinstance(above, dict) else {}
        return {name: _laid_over(value, given.get(name)) for name, value in below.items()}
    if isinstance(below, list):
        return above if isinstance(above, list) and len(above) == len(below) and all(above) else below
    return above if isinstance(above, str) and above.strip() else below


def read(path: Path) -> Any:
    """A catalogue's content."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".json":
        return json.loads(text)
    import yaml

    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def compile_to(folder: Path) -> list[Path]:
    """Write every YAML file of the languages as JSON below ``folder``; what the wheel carries in place of the YAML."""
    written = []
    for path in sorted(HERE.rglob("*.yaml")):
        target = folder / path.relative_to(HERE).with_suffix(".json")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps(read(path), ensure_ascii=False), encoding="utf-8")
        written.append(target)
    return written
