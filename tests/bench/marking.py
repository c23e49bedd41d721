"""Marking the same submissions in three ways, one after the other, in one run.

Stock is nbgrader's own autograde, which runs every notebook in a kernel; plain is the same command with this
course's preprocessors; bulk is `earned mark`. Each works in a process of its own on a copy of the same course.
Starting (imports, opening the course) is measured apart. Processor time counts kernels; memory is the largest
process. `python -m tests.bench.marking --large` measures bulk alone on 1,000 and 5,000 submissions.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import handed_in

from earned_security.teaching.bank import Bank, read_bank
from earned_security.teaching.synthetic import trainees

ROOT = Path(__file__).parents[2]
WAYS = {
    "stock": "stock nbgrader autograde",
    "plain": "nbgrader autograde, our preprocessors",
    "bulk": "earned mark",
}


def the_bank() -> Bank:
    return read_bank(ROOT / "exercises" / "bank" / "04-building-safety-and-trust.yaml")


def used() -> float:
    """Seconds of processor time of this process and of its finished children."""
    both = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in both)


def peak() -> float:
    """Megabytes of the largest process: this one, or the largest of its children."""
    both = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    unit = 1e6 if sys.platform == "darwin" else 1e3
    return max(usage.ru_maxrss for usage in both) / unit


def work(way: str, course: Path, assignment: str, started: float) -> dict[str, float]:
    """Mark everybody in this process; what it took."""
    if way == "bulk":
        # what it imports on its way, so that starting is measured apart
        from earned_security.teaching import marker, rebuild, records  # noqa: F401
        from earned_security.teaching.bulk import mark_course

        def act() -> None:
            outcomes = mark_course(course, assignment)
            assert all(outcome.state == "marked" for outcome in outcomes), outcomes
    else:
        from nbgrader.apps import NbGraderAPI

        from earned_security.teaching.bulk import configuration
        from earned_security.teaching.preprocessors import mark, save_marks  # noqa: F401
        from earned_security.teaching.preprocessors import rebuild as _rebuild  # noqa: F401

        config = configuration(course)
        config.NbGraderAPI.log_level = 40
        api = NbGraderAPI(config=config)

        def act() -> None:
            result = api.autograde(assignment, "*")
            assert result["success"], result

    ready, before = time.time(), used()
    act()
    return {
        "start": ready - started,
        "seconds": time.time() - ready,
        "processor": used() - before,
        "memory": peak(),
    }


def measure(way: str, course: Path, assignment: str) -> dict[str, float]:
    command = [
        sys.executable,
        "-W",
        "ignore",
        __file__,
        "--work",
        way,
        str(course),
        assignment,
        str(time.time()),
    ]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def copy(original: Path, folder: Path, execute: bool) -> Path:
    shutil.copytree(original, folder)
    text = handed_in.CONFIGURATION.format(execute=execute)
    (folder / "nbgrader_config.py").write_text(text, "utf-8")
    return folder


def prepare(folder: Path, bank: Bank, count: int) -> Any:
    made = handed_in.course(folder, bank)
    handed_in.place_all(made, bank, trainees(bank, count, seed=0))
    return made


def compare(count: int, ways: list[str], folder: Path) -> None:
    bank = the_bank()
    original = prepare(folder / "original", bank, count).root
    print(f"{count} submissions of {bank.assignment}: {len(bank.items)} items\n")
    print(f"{'':38}{'start':>8}{'per submission':>32}{'memory':>10}{'ratio':>8}")
    print(f"{'':38}{'s':>8}{'s':>11}{'processor s':>21}{'MB':>10}{'':>8}")
    first, marks = None, []
    for way in ways:
        course = copy(original, folder / way, execute=way == "stock")
        took = measure(way, course, bank.assignment)
        each, processor = took["seconds"] / count, took["processor"] / count
        first = first or each
        print(
            f"{WAYS[way]:38}{took['start']:8.2f}{each:11.4f}{processor:21.4f}"
            f"{took['memory']:10.0f}{first / each:7.1f}×",
            flush=True,
        )
        marks.append(scores(course))
    same = all(each == marks[0] for each in marks)
    print(f"\nMarks of all {len(ways)}: {'equal' if same else 'NOT EQUAL'}")
    if not same:
        raise SystemExit(1)


def scores(course: Path) -> Any:
    import sqlite3

    with sqlite3.connect(course / "gradebook.db") as gradebook:
        return sorted(
            gradebook.execute(
                "select s.student_id, c.name, g.auto_score from grade g join base_cell c on c.id = g.cell_id "
                "join submitted_notebook n on n.id = g.notebook_id "
                "join submitted_assignment s on s.id = n.assignment_id"
            ).fetchall()
        )


def large(sizes: list[int], folder: Path) -> None:
    bank = the_bank()
    print(f"{WAYS['bulk']}: {len(bank.items)} items\n")
    print(f"{'submissions':>12}{'ms each':>10}{'processor ms each':>20}{'memory MB':>12}")
    for size in sizes:
        course = prepare(folder / str(size), bank, size).root
        took = measure("bulk", course, bank.assignment)
        print(
            f"{size:12}{1000 * took['seconds'] / size:10.2f}{1000 * took['processor'] / size:20.2f}"
            f"{took['memory']:12.0f}",
            flush=True,
        )
        shutil.rmtree(folder / str(size))


def profile(count: int, folder: Path) -> None:
    """Where the time of `earned mark` goes."""
    import cProfile
    import pstats

    from earned_security.teaching.bulk import mark_course

    bank = the_bank()
    course = prepare(folder / "profile", bank, count).root
    mark_course(copy(course, folder / "warm", False), bank.assignment)
    profiler = cProfile.Profile()
    profiler.runcall(mark_course, course, bank.assignment)
    pstats.Stats(profiler).sort_stats("cumulative").print_stats(
        r"earned_security|nbformat|json|posix|sqlite|execute", 45
    )


def run() -> None:
    """The comparison on 40 submissions, for `make bench`."""
    print(f"Python {platform.python_version()}, {os.cpu_count()} processors, {platform.platform()}")
    with tempfile.TemporaryDirectory(prefix="earned-bench-") as name:
        compare(40, list(WAYS), Path(name))


def main() -> None:
    if sys.argv[1:2] == ["--work"]:
        way, course, assignment, started = sys.argv[2:6]
        print(json.dumps(work(way, Path(course), assignment, float(started))))
        return
    parser = argparse.ArgumentParser(prog="python -m tests.bench.marking", description=__doc__.split("\n")[0])
    parser.add_argument(
        "--students", type=int, default=40, metavar="N", help="submissions (default: %(default)s)"
    )
    parser.add_argument(
        "--ways", nargs="+", choices=WAYS, default=list(WAYS), help="only these, in this order"
    )
    parser.add_argument(
        "--large", action="store_true", help="earned mark on 1,000 and 5,000 submissions instead"
    )
    parser.add_argument("--sizes", nargs="+", type=int, default=[1000, 5000], help="other sizes for --large")
    parser.add_argument(
        "--profile", action="store_true", help="say where the time of earned mark goes instead"
    )
    arguments = parser.parse_args()
    print(f"Python {platform.python_version()}, {os.cpu_count()} processors, {platform.platform()}")
    with tempfile.TemporaryDirectory(prefix="earned-bench-") as name:
        if arguments.profile:
            profile(arguments.students, Path(name))
        elif arguments.large:
            large(arguments.sizes, Path(name))
        else:
            compare(arguments.students, arguments.ways, Path(name))


if __name__ == "__main__":
    main()
