"""`earned`: the course's commands. Each imports what it needs, so that `earned --help` is instant."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from earned_security.cases import commands as cases_commands
from earned_security.teaching import commands as teaching_commands
from earned_security.teaching import completion_command, lti_command
from earned_security.teaching.certificate import certificate_command
from earned_security.teaching.export import export_command
from earned_security.teaching.privacy import privacy_command
from earned_security.teaching.report import report_command
from earned_security.teaching.server import server_command

if TYPE_CHECKING:
    from earned_security.curriculum import Curriculum
    from earned_security.publishing.jupyterlab import learner

DESCRIPTION = """Earned Security: training for clinicians who work with attachment trauma.

Start with `earned start`. It prepares your folder and opens the course in your web browser."""


def course_root() -> Path:
    """The checkout: the nearest folder, from here or from this file upwards, that holds the course's modules."""
    for start in (Path.cwd(), Path(__file__).resolve()):
        for folder in (start, *start.parents):
            if (folder / "_config.yml").exists() and (folder / "notebooks").is_dir():
                return folder
    raise SystemExit(
        "The course's text was not found. Run this in the folder of the course, the one that holds 'notebooks'."
    )


def start(arguments: argparse.Namespace) -> int:
    from earned_security import __version__
    from earned_security.publishing import book
    from earned_security.publishing.jupyterlab import learner
    from earned_security.publishing.jupyterlab.start import port_is_free, serve

    root, folder = course_root(), arguments.folder.expanduser().resolve()
    if folder == root or root in folder.parents:
        print(f"Your folder cannot lie inside the course itself ({root}). Choose another with --folder.")
        return 1
    if not port_is_free(arguments.port):
        print(
            f"Port {arguments.port} is already in use, perhaps by this course in another window: look at "
            f"http://localhost:{arguments.port}/lab first. Or choose another port: "
            f"earned start --port {arguments.port + 1}"
        )
        return 1
    print("Preparing your folder ...", flush=True)
    files = material(root, f"http://localhost:{arguments.port}/book/").files
    ours = [name for name in files if name.endswith("items.json")]
    for sentence in learner.prepare(folder, files, __version__, ours):
        print(sentence)
    if not book.is_current(root):
        print("Building the book: about a minute at first, seconds after a change ...", flush=True)
        if book.build(root) != 0:
            print(
                "The book could not be built (see above); an older one is shown, if there is one. The modules and "
                "exercises work without it."
            )
    print(
        f"Your folder: {folder}\nThe course opens at http://localhost:{arguments.port}/lab . Stop it with Ctrl+C."
    )
    return serve(folder, book.built(root), arguments.port, arguments.browser)


def material(root: Path, book: str | None) -> learner.Material:
    """What a learner gets of a checkout. ``book``: as :func:`earned_security.publishing.jupyterlab.learner.welcome` takes it."""
    from earned_security.curriculum import load
    from earned_security.publishing.jupyterlab import learner, notebooks
    from earned_security.teaching import practice

    curriculum = load()
    rendered = notebooks.render_all(root / "notebooks", curriculum)
    practised = practice.files(root / "exercises")
    modules = {f"modules/{name}": f"{int(name[:2])}. {_title(name, curriculum)}" for name in rendered}
    exercises = {f"exercises/{name}": title for name, title in practised.titles.items()}
    files = {f"modules/{name}": text for name, text in rendered.items()} | {
        f"exercises/{name}": text for name, text in practised.files.items()
    }
    files[learner.TAKE_ALONG] = notebooks.take_along()
    files["Welcome.md"] = learner.welcome(modules, exercises, book)
    return learner.Material(files, modules, exercises)


def _title(name: str, curriculum: Curriculum) -> str:
    return next(m.title for m in curriculum.modules.values() if name.startswith(f"{m.number:02}-"))


def book(arguments: argparse.Namespace) -> int:
    from earned_security.publishing import book as builder

    root = course_root()
    if arguments.address:
        os.environ[builder.ADDRESS] = arguments.address
    if arguments.lite:
        from earned_security.publishing.lite import fetching, lite

        print("Building the notebooks for the browser ...", flush=True)
        try:
            lite.build(root, builder.built(root) / lite.FOLDER, material(root, None))
        except fetching.LiteError as error:
            print(error, file=sys.stderr)
            return 1
    if arguments.print:
        from earned_security.publishing.printing import command, paper_page

        if (failed := print_book(arguments)) != 0:
            return failed
        paper_page.put_beside(command.folder(root), builder.built(root))
    if (failed := builder.build(root)) != 0:
        return failed
    if arguments.record:
        from earned_security.publishing.site import addresses

        new = addresses.record(root, builder.built(root))
        print(f"{new} new addresses are in {addresses.LIST}; they are now promised to last.")
    if arguments.check:
        from earned_security.publishing.site import inspection

        return 1 if inspection.inspect(root, builder.built(root)) else 0
    return 0


def print_book(arguments: argparse.Namespace) -> int:
    from earned_security.publishing import book as builder
    from earned_security.publishing.printing import browser, command

    if arguments.address:
        os.environ[builder.ADDRESS] = arguments.address
    try:
        return command.make(course_root(), lambda sentence: print(sentence, flush=True))
    except browser.PrintingError as error:
        print(error, file=sys.stderr)
        return 1


def check(arguments: argparse.Namespace) -> int:
    from earned_security import checking

    problems = checking.problems(course_root())
    for problem in problems:
        print(problem)
    print(f"{len(problems)} problems." if len(problems) != 1 else "1 problem.")
    return 1 if problems else 0


def bench(arguments: argparse.Namespace) -> int:
    import subprocess

    command = [sys.executable, "-m", "tests.bench", *arguments.names, *(["--large"] * arguments.large)]
    return subprocess.run(command, cwd=course_root(), check=False).returncode


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="earned", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def command(name: str, act: Callable[[argparse.Namespace], int], words: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=words, description=words)
        added.set_defaults(act=act)
        return added

    words = "Open the course: prepares your folder and opens JupyterLab in your web browser."
    added = command("start", start, words)
    added.add_argument(
        "--folder", type=Path, default=Path("~/earned-security"), help="your folder (default: %(default)s)"
    )
    added.add_argument(
        "--port", type=int, default=8888, help="where the course is served (default: %(default)s)"
    )
    added.add_argument(
        "--no-browser", dest="browser", action="store_false", help="print the address, open nothing"
    )
    added = command("book", book, "Build the book into _build/html; a warning is an error.")
    words = "first put the notebooks that run in a browser beside it; needs npm and the course's part 'lite'"
    added.add_argument("--lite", action="store_true", help=words)
    words = "first make the PDF, the EPUB and the handouts, and put them beside it; as `earned print`, needs Chromium"
    added.add_argument("--print", action="store_true", help=words)
    words = "then look for lost links, foreign hosts, heavy pages, vanished addresses and barriers, as before publishing"
    added.add_argument("--check", action="store_true", help=words)
    words = "add the book's new addresses to the list of those that may not vanish"
    added.add_argument("--record", action="store_true", help=words)
    added.add_argument("--address", help="where the book will live, in place of html.baseurl in _config.yml")
    added = command(
        "print", print_book, "Make book.pdf, book.epub, handouts and the checklist in _build/print."
    )
    added.add_argument(
        "--address", metavar="URL", help="where the book lives on the web; printed beside what is interactive"
    )
    command("check", check, "Check all content; every problem at once, with file and line.")
    added = command("bench", bench, "Measure speed and memory, as ratios against a peer in the same run.")
    added.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help="pages, explorers, marking (default: these), lighthouse or class-server",
    )
    added.add_argument("--large", action="store_true", help="marking on 1,000 and 5,000 submissions instead")
    cases_commands.add(commands)
    teaching_commands.add(commands)
    completion_command.add(commands)
    report_command.add(commands)
    certificate_command.add(commands)
    privacy_command.add(commands)
    lti_command.add(commands)
    export_command.add(commands)
    server_command.add(commands, lambda book: material(course_root(), book))
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; its exit status."""
    from earned_security.curriculum import ContentError

    arguments = _parser().parse_args(argv)
    try:
        return int(arguments.act(arguments))
    except BrokenPipeError:  # read by something that has seen enough, such as `head`
        sys.stdout = None
        return 1
    except ContentError as error:
        print(
            f"The course's content has mistakes:\n{error}\nRun `earned check` for the whole list.",
            file=sys.stderr,
        )
        return 1


if __name__ == "__main__":
    sys.exit(main())
