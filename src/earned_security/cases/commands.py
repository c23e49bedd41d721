"""The commands of `earned` for those who write cases: begin one, draw it, play it here, walk it by chance."""

from __future__ import annotations

import argparse
import re
import statistics
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from earned_security import locale
from earned_security.cases.drawing import draw
from earned_security.cases.graph import VALUES, Case, case_ids, load, of
from earned_security.cases.play import (
    RETURN,
    SAFETY,
    Play,
    PlayError,
    available,
    choose,
    scene_text,
    start,
    undo,
)
from earned_security.cases.walks import random_play
from earned_security.curriculum import source

_TEMPLATE = Path(__file__).parent / "template"
TEMPLATE = {"": _TEMPLATE / "case.txt", ".walks": _TEMPLATE / "walks.txt"}
"""The files that a new case begins with, by what stands in their name after the case's own."""


def add(commands: Any) -> None:
    """Add `earned case` to the subparsers of `earned`."""
    parser = commands.add_parser("case", help="For writers of cases: begin, draw, play or walk one.")
    inner = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    words = "Write a small case with notes, and walks, to begin a new one with."
    begin = inner.add_parser("new", help=words, description=words)
    begin.add_argument("name", metavar="NAME", help="its name: small letters, digits and hyphens")
    begin.set_defaults(act=lambda arguments: _new(arguments.name))

    def command(
        name: str, act: Callable[[argparse.Namespace, Case], int], words: str
    ) -> argparse.ArgumentParser:
        added: argparse.ArgumentParser = inner.add_parser(name, help=words, description=words)
        added.add_argument("case", metavar="FILE", help="the case's file, or its name")
        added.set_defaults(act=lambda arguments: _run(act, arguments))
        return added

    added = command("draw", _draw, "Draw the case's scenes and where the options lead, as an SVG file.")
    added.add_argument("--output", type=Path, help="where to write it (default: the case's name, here)")
    command("play", _play, "Play the case here in the terminal, with the values and why.")
    words = (
        "Play the case by chance many times; say how often each scene and option is reached, and the values."
    )
    added = command("walk", _walk, words)
    added.add_argument("--random", type=int, default=1000, metavar="N", help="how many plays (default: 1000)")
    added.add_argument("--seed", type=int, default=0, help="the same seed gives the same plays")


def _new(name: str) -> int:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
        print(f"'{name}' cannot be a case's name; use small letters, digits and hyphens, such as new-case.")
        return 1
    own, *course = (folder for folder in source.folders() if folder not in locale.data_folders())
    if not course and not (own / "cases" / "safety.yaml").exists():
        print("This is an installed course. Say in EARNED_SECURITY_LOCAL which folder your own cases are in.")
        return 1
    files = {kind: own / "cases" / f"{name}{kind}.yaml" for kind in ("", ".walks")}
    taken = [str(path) for path in files.values() if path.exists()]
    if taken or name == "safety" or name in case_ids():
        print(f"There is a '{name}' already, and it was left as it is. {' '.join(taken)}".strip())
        return 1
    (own / "cases").mkdir(parents=True, exist_ok=True)
    for kind, path in files.items():
        path.write_text(TEMPLATE[kind].read_text(encoding="utf-8").replace("NAME", name), encoding="utf-8")
        print(f"Written: {path}")
    print(f"Play it with `earned case play {name}`, and see what `earned check` says as you write.")
    return 0


def _run(act: Callable[[argparse.Namespace, Case], int], arguments: argparse.Namespace) -> int:
    """Raises :class:`ContentError` for a file with mistakes, each with its line."""
    path = Path(arguments.case)
    if path.is_file():
        document = source.read_document(path)
        if mistakes := source.validate(document, "case"):
            raise source.ContentError(mistakes)
        return act(arguments, of(document.data))
    if arguments.case in case_ids():
        return act(arguments, load(arguments.case))
    print(f"There is no file {path}, and no case of that name. The course's cases: {', '.join(case_ids())}.")
    return 1


def _draw(arguments: argparse.Namespace, case: Case) -> int:
    target = arguments.output or Path(f"{case.id}.svg")
    target.write_text(draw(case), encoding="utf-8")
    print(f"The drawing is in {target}; open it in a web browser.")
    return 0


def _play(arguments: argparse.Namespace, case: Case) -> int:
    play, told = start(case), ""
    while True:
        scene = case.scenes[play.scene]
        if play.scene != told or not scene.options:
            print(f"\n== {scene.title}\n\n{scene_text(case, play).strip()}\n")
        told = play.scene
        if scene.ending:
            print(f"This is the end: {scene.ending}.")
            return 0
        options = [RETURN] if scene.returns else [option.id for option in available(case, play)]
        texts = {option.id: option.text for option in scene.options} | {RETURN: "Back to the case."}
        for number, option in enumerate(options, 1):
            print(f"  {number}  {texts[option].strip()}")
        try:
            answer = input("\nA number, s for the safety branch, u to undo, q to leave: ").strip()
        except (EOFError, KeyboardInterrupt):
            answer = "q"
        if answer == "q":
            return 0
        if answer == "u":
            play, told = undo(case, play), ""
            continue
        chosen = SAFETY if answer == "s" else None
        if answer.isascii() and answer.isdigit() and 1 <= int(answer) <= len(options):
            chosen = options[int(answer) - 1]
        try:
            after = choose(case, play, chosen) if chosen else None
        except PlayError as error:
            print(error)
            continue
        if after is None:
            print(f"Please answer with a number from 1 to {len(options)}, s, u or q.")
            continue
        _say(case, play, after)
        play = after


def _say(case: Case, before: Play, after: Play) -> None:
    """What the client does, why, and what it did to the values."""
    step = after.steps[-1]
    option = next((one for one in case.scenes[before.scene].options if one.id == step.option), None)
    if option is None:
        return
    print(f"\n{option.response.strip()}\n")
    if option.safety_failure:
        print(f"The scene stops. {option.safety_failure.strip()}\n")
    print(f"[{option.quality}] {option.rationale.strip()}")
    if option.trade_off:
        print(f"The trade-off: {option.trade_off.strip()}")
    print("; ".join(f"{name.replace('_', ' ')} {getattr(step.after, name):+d}" for name in VALUES))
    if step.saturated:
        print(f"At the end of the scale: {', '.join(step.saturated)}")


def _walk(arguments: argparse.Namespace, case: Case) -> int:
    try:
        plays = [random_play(case, arguments.seed + number) for number in range(arguments.random)]
    except PlayError as error:
        print(error)
        return 1
    print("\n".join(account(case, plays)))
    return 0


def account(case: Case, plays: list[Play]) -> Iterator[str]:
    """What a number of plays reached, in lines: endings, scenes and options in percent, the spread of the values."""
    share = "{:6.1%}".format
    count = len(plays)
    scenes = Counter(scene for play in plays for scene in {step.scene for step in play.steps} | {play.scene})
    options = Counter(choice for play in plays for choice in set(play.path))
    saturating = sum(bool(play.saturations) for play in plays)
    steps = sorted(len(play.steps) for play in plays)
    yield f"{count} plays, {steps[0]} to {steps[-1]} choices, median {statistics.median(steps):g}."
    yield f"{share(saturating / count).strip()} reach an end of the scale (-6 or +6) with some value."
    yield "\nHow the values end (lowest, quarter, median, quarter, highest):"
    for name in VALUES:
        ends = sorted(getattr(play.values, name) for play in plays)
        marks = [ends[round(part * (count - 1))] for part in (0, 0.25, 0.5, 0.75, 1)]
        yield f"  {name.replace('_', ' '):<18}" + "".join(f"{mark:>5d}" for mark in marks)
    yield "\nHow often each scene and option is reached:"
    for scene in case.scenes.values():
        yield f"{share(scenes[scene.id] / count)}  {scene.id}  {scene.title}"
        for option in scene.options:
            rare = "" if options[scene.id, option.id] else "   never"
            yield f"        {share(options[scene.id, option.id] / count)}  {option.id} ({option.quality}){rare}"
