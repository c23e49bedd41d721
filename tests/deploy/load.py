"""A class arrives: trainees sign in one after another, open a module, answer, fetch, answer and hand in.

Everybody talks to the hub and to their own server as JupyterLab does, by REST and by the kernel's channel. Half of the
machine's work is thus the real one; only the browsers are missing.
"""

from __future__ import annotations

import statistics
import threading
import time
import traceback
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from lab.test_formgrader import ASSIGNMENT, BANK

from deploy.machine import COURSE, PASSWORD, Machine, machine
from deploy.person import Person
from earned_security.assessment import responses
from earned_security.teaching.synthetic import trainees as synthetic

MODULE = "modules/04-building-safety-and-trust.ipynb"
NOTEBOOK = f"{COURSE}/{ASSIGNMENT}/{ASSIGNMENT}.ipynb"
STEPS = (
    "sign in",
    "server starts",
    "module opens",
    "piece answers",
    "fetch",
    "exercises open",
    "answer",
    "submit",
)


@dataclass
class Outcome:
    """``seconds``: by step. ``errors``: in words. ``lost``: answers that are not in what was handed in."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)
    answers: int = 0
    lost: list[str] = field(default_factory=list)
    handed_in: int = 0
    away: float = 0.0

    def lines(self) -> list[str]:
        heads = [f"{'step':16}{'median s':>10}{'95 % s':>10}{'slowest s':>11}{'times':>8}"]
        for step in STEPS:
            taken = sorted(self.seconds.get(step, []))
            if taken:
                late = taken[min(len(taken) - 1, int(0.95 * len(taken)))]
                middle = statistics.median(taken)
                heads.append(f"{step:16}{middle:10.2f}{late:10.2f}{taken[-1]:11.2f}{len(taken):8}")
        slowest = max(self.seconds, key=lambda step: max(self.seconds[step]), default="none")
        return [
            *heads,
            f"slowest step: {slowest}",
            f"errors: {len(self.errors)}; answers: {self.answers}, lost: {len(self.lost)}; handed in: {self.handed_in}",
            *(f"hub away for {self.away:.1f} s in the middle" for _ in range(self.away > 0)),
            *self.errors[:5],
            *self.lost[:5],
        ]


def attend(server: Machine, name: str, answers: dict[str, Any], outcome: Outcome) -> None:
    """One trainee's visit."""
    person = Person(server.address, server.account(name), PASSWORD)

    def timed(step: str, act: Any) -> Any:
        before = time.monotonic()
        result = act()
        outcome.seconds[step].append(time.monotonic() - before)
        return result

    timed("sign in", person.sign_in)
    timed("server starts", person.start)
    kernel = timed("module opens", lambda: person.open(MODULE))
    model, state = timed("piece answers", lambda: kernel.show(kernel.pieces()[0]))
    choice = state["content"]["options"][0]["id"]
    timed("answer", lambda: kernel.enter(model, {"answer": choice}))
    kernel.close()
    timed("fetch", lambda: person.exchange("fetch", COURSE, ASSIGNMENT))
    kernel = timed("exercises open", lambda: person.open(NOTEBOOK))
    for cell in kernel.pieces():
        item = cell.split('"')[1]
        if item not in answers:
            continue
        model, _ = timed("piece answers", lambda cell=cell: kernel.show(cell))
        timed("answer", lambda model=model, item=item: kernel.enter(model, {"answer": answers[item]}))
    kernel.close()
    timed("submit", lambda: person.exchange("submit", COURSE, ASSIGNMENT))


def measure(count: int, minutes: float, kill: bool) -> Outcome:
    """Let ``count`` trainees arrive evenly over some minutes; ``kill``: end the hub in the middle and start it again."""
    names = tuple(f"t{number:02}" for number in range(1, count + 1))
    items = {item.id for item, _ in BANK.items if item.type != "play-case"}
    answers = {
        name: {item: value for item, value in person.answers.items() if item in items}
        for name, person in zip(names, synthetic(BANK, count, 0), strict=True)
    }
    outcome = Outcome()
    with machine(names, concurrent_starts=4) as server:
        server.earned("course", "assemble", str(server.course), ASSIGNMENT, account=server.grader)
        server.run(
            "sh",
            "-c",
            f"cd {server.course} && nbgrader release_assignment {ASSIGNMENT}",
            account=server.grader,
        )

        def visit(name: str, arrives: float) -> None:
            time.sleep(arrives)
            try:
                attend(server, name, answers[name], outcome)
            except Exception:
                outcome.errors.append(f"{name}: {traceback.format_exc(limit=-3)}")

        gap = 60 * minutes / count
        visits = [
            threading.Thread(target=visit, args=(name, gap * place)) for place, name in enumerate(names)
        ]
        for each in visits:
            each.start()
        if kill:
            time.sleep(30 * minutes)
            before = time.monotonic()
            server.kill_hub()
            time.sleep(5)
            server.start_hub()
            outcome.away = time.monotonic() - before
        for each in visits:
            each.join()
        look(server, answers, outcome)
    return outcome


def look(server: Machine, answers: dict[str, dict[str, Any]], outcome: Outcome) -> None:
    """Compare what was handed in, as it lies in the exchange, with what was answered."""
    for name, given in answers.items():
        account = server.account(name)
        outcome.answers += len(given)
        found = list((server.exchange / COURSE / "inbound").glob(f"{account}+{ASSIGNMENT}+*"))
        outcome.handed_in += len(found)
        stored: dict[str, Any] = {}
        if found and (found[-1] / "responses.json").exists():
            entries = responses.parse((found[-1] / "responses.json").read_bytes()).entries
            stored = {item.removesuffix("/answer"): entry["value"] for item, entry in entries.items()}
        outcome.lost += [f"{name}: {item}" for item, value in given.items() if stored.get(item) != value]
