"""`earned`: the course's commands. Each imports what it needs, so that `earned --help` is instant."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from earned_security.curriculum import Curriculum

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
    from earned_security.curriculum import load
    from earned_security.publishing import book, learner, notebooks
    from earned_security.publishing.start import port_is_free, serve
    from earned_security.teaching import practice

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
    curriculum = load()
    print("Preparing your folder ...", flush=True)
    modules = notebooks.render_all(root / "notebooks", curriculum)
    exercises = practice.files(root / "exercises")
    titles = {f"modules/{name}": f"{int(name[:2])}. {_title(name, curriculum)}" for name in modules}
    files = {f"modules/{name}": text for name, text in modules.items()} | {
        f"exercises/{name}": text for name, text in exercises.files.items()
    }
    files["Welcome.md"] = learner.welcome(
        titles,
        {f"exercises/{name}": title for name, title in exercises.titles.items()},
        f"http://localhost:{arguments.port}/book/",
    )
    ours = [name for name in files if name.endswith("items.json")]
    for sentence in learner.prepare(folder, files, __version__, ours):
        print(sentence)
    built = root / "_build" / "html"
    if not (built / "index.html").exists():
        print("Building the book: once, about a minute ...", flush=True)
        if book.build(root) != 0:
            print("The book could not be built (see above). The modules and exercises work without it.")
    print(
        f"Your folder: {folder}\nThe course opens at http://localhost:{arguments.port}/lab . Stop it with Ctrl+C."
    )
    return serve(folder, built, arguments.port, arguments.browser)


def _title(name: str, curriculum: Curriculum) -> str:
    return next(m.title for m in curriculum.modules.values() if name.startswith(f"{m.number:02}-"))


def book(arguments: argparse.Namespace) -> int:
    from earned_security.publishing import book as builder

    return builder.build(course_root())


def check(arguments: argparse.Namespace) -> int:
    from earned_security import checking

    problems = checking.problems(course_root())
    for problem in problems:
        print(problem)
    print(f"{len(problems)} problems." if len(problems) != 1 else "1 problem.")
    return 1 if problems else 0


def demonstrate_class(arguments: argparse.Namespace) -> int:
    if sys.platform == "win32":
        print(
            "A class needs Linux or macOS, because nbgrader's exchange does. Reading and learning work here."
        )
        return 1
    from earned_security.teaching import TeachingError, demonstration

    try:
        demonstration.run(students=arguments.students, seed=arguments.seed, folder=arguments.folder)
    except TeachingError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _teach(act: Callable[[], Iterable[str]]) -> int:
    """Print what a step of teaching says; its failure in words."""
    if sys.platform == "win32":
        print(
            "Teaching needs Linux or macOS, because nbgrader's exchange does. Reading and learning work here."
        )
        return 1
    from earned_security.curriculum import ContentError
    from earned_security.teaching import TeachingError

    try:
        for line in act():
            print(line)
    except (TeachingError, ContentError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def course_new(arguments: argparse.Namespace) -> int:
    def act() -> Iterable[str]:
        from earned_security.teaching import course_folder

        folder = course_folder.new(arguments.folder)
        yield f"The course is in {folder}. Its settings are in course.yaml; read them through first. Then:"
        yield f"  earned course roster {folder} ROSTER.csv"
        yield f"  earned course assemble {folder} ASSIGNMENT"
        yield f"  earned course check {folder}"

    return _teach(act)


def course_roster(arguments: argparse.Namespace) -> int:
    def act() -> Iterable[str]:
        from earned_security.teaching import course_folder

        count = course_folder.enrol(arguments.folder, arguments.roster)
        yield f"{count} learners are in the gradebook, with their names as the settings say. Nobody was removed."

    return _teach(act)


def course_assemble(arguments: argparse.Namespace) -> int:
    def act() -> Iterable[str]:
        from earned_security.teaching import course_folder

        yield f"What learners will get: {course_folder.assemble(arguments.folder, arguments.assignment)}"
        yield f"Release it in formgrader, or in the course's folder: nbgrader release_assignment {arguments.assignment}"

    return _teach(act)


def course_check(arguments: argparse.Namespace) -> int:
    found = 0

    def act() -> Iterable[str]:
        nonlocal found
        from earned_security.teaching import course_check as checking

        problems = checking.problems(arguments.folder)
        found = len(problems)
        yield from map(str, problems)
        yield f"{found} problems." if found != 1 else "1 problem."

    return _teach(act) or int(found > 0)


def regrade(arguments: argparse.Namespace) -> int:
    def act() -> Iterable[str]:
        from earned_security.teaching import repair

        report = repair.regrade(arguments.folder, arguments.assignment, say=print)
        yield from report.lines()
        yield f"The same as a table: {report.file}"
        yield "Generate and release feedback again where points changed."

    return _teach(act)


def mark(arguments: argparse.Namespace) -> int:
    failed = 0

    def act() -> Iterable[str]:
        nonlocal failed
        from earned_security.teaching import bulk

        outcomes = bulk.mark_course(
            arguments.folder,
            arguments.assignment,
            arguments.students,
            arguments.force,
            say=lambda line: print(f"Marked {line}", flush=True),
        )
        failed = sum(outcome.state == "could not be marked" for outcome in outcomes)
        yield from bulk.report(outcomes)

    return _teach(act) or int(failed > 0)


def bench(arguments: argparse.Namespace) -> int:
    import subprocess

    command = [sys.executable, "-m", "tests.bench", *arguments.names, *(["--large"] * arguments.large)]
    return subprocess.run(command, cwd=course_root(), check=False).returncode


def second_marking(arguments: argparse.Namespace) -> int:
    def act() -> Iterable[str]:
        from earned_security.teaching import second_marking

        if arguments.read:
            yield from second_marking.read_form(arguments.folder, arguments.assignment, arguments.read)
            return
        form = second_marking.write_form(
            arguments.folder, arguments.assignment, arguments.share, arguments.seed
        )
        yield f"{form.rows} texts of {form.submissions} submissions. For the second marker: {form.file}"
        yield f"The mark schemes: {form.schemes}"
        yield f"Afterwards: earned second-marking {arguments.folder} {arguments.assignment} --read {form.file}"

    return _teach(act)


def intake(arguments: argparse.Namespace) -> int:
    def act() -> Iterable[str]:
        from earned_security.teaching import placed

        return placed.report(arguments.course.expanduser().resolve(), arguments.assignment)

    return _teach(act)


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
    command("book", book, "Build the book into _build/html; a warning is an error.")
    command("check", check, "Check all content; every problem at once, with file and line.")
    words = "Demonstrate a class: synthetic trainees go through a whole nbgrader cycle. Linux and macOS."
    added = command("class", demonstrate_class, words)
    added.add_argument(
        "--students", type=int, default=12, metavar="N", help="how many trainees (default: %(default)s)"
    )
    added.add_argument("--seed", type=int, default=0, metavar="S", help="the same seed gives the same class")
    added.add_argument("--folder", type=Path, help="where to put the course (default: a temporary folder)")
    _course_parser(command("course", lambda _: 0, "A real course: make, check and fill its folder."))
    words = "Check what was handed in before it is marked; list what is in quarantine, and why."
    added = command("intake", intake, words)
    added.add_argument("course", type=Path, metavar="COURSE", help="the course's folder")
    added.add_argument("--assignment", metavar="A", help="only this assignment (default: all)")
    words = "Mark everybody again after a corrected key or a dropped item, and say what changed."
    added = command("regrade", regrade, words)
    added.add_argument("folder", type=Path, metavar="COURSE", help="the course's folder")
    added.add_argument("assignment", metavar="ASSIGNMENT")
    words = "Mark what was handed in for an assignment, a whole class at once; no code of a trainee runs."
    added = command("mark", mark, words)
    added.add_argument("folder", type=Path, metavar="COURSE", help="the course's folder")
    added.add_argument("assignment", metavar="ASSIGNMENT")
    added.add_argument("--students", nargs="+", metavar="ID", help="only these (default: everybody)")
    added.add_argument(
        "--force", action="store_true", help="also what is marked already and not handed in again"
    )
    added = command("bench", bench, "Measure speed and memory, as ratios against a peer in the same run.")
    added.add_argument("names", nargs="*", metavar="NAME", help="pages or marking (default: both)")
    added.add_argument("--large", action="store_true", help="marking on 1,000 and 5,000 submissions instead")
    words = "Draw a sample for a second marker, or read the second marks back and say how far both agree."
    added = command("second-marking", second_marking, words)
    added.add_argument("folder", type=Path, metavar="COURSE", help="the course's folder")
    added.add_argument("assignment", metavar="ASSIGNMENT")
    added.add_argument("--share", type=_share, help="of those who handed in (default: as course.yaml says)")
    added.add_argument("--seed", type=int, default=0, help="the same seed draws the same sample")
    added.add_argument("--read", type=Path, metavar="FORM", help="the filled-in form")
    return parser


def _share(text: str) -> float:
    if not 0 < float(text) <= 1:
        raise argparse.ArgumentTypeError("must be above 0 and at most 1")
    return float(text)


def _course_parser(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def command(name: str, act: Callable[[argparse.Namespace], int], words: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=words, description=words)
        added.set_defaults(act=act)
        added.add_argument("folder", type=Path, metavar="FOLDER", help="the course's folder")
        return added

    command("new", course_new, "Make the folder of a new course, with its settings.")
    words = "Import learners from a CSV file with the columns id, first_name, last_name, email; only id is needed."
    command("roster", course_roster, words).add_argument("roster", type=Path, metavar="ROSTER.csv")
    words = "Make an assignment from the banks: the instructor's source and the version for learners."
    command("assemble", course_assemble, words).add_argument("assignment", metavar="ASSIGNMENT")
    command(
        "check", course_check, "Find what would go wrong later: settings, banks, keys, exchange, gradebook."
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; its exit status."""
    from earned_security.curriculum import ContentError

    arguments = _parser().parse_args(argv)
    try:
        return int(arguments.act(arguments))
    except ContentError as error:
        print(
            f"The course's content has mistakes:\n{error}\nRun `earned check` for the whole list.",
            file=sys.stderr,
        )
        return 1


if __name__ == "__main__":
    sys.exit(main())
