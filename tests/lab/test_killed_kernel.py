"""A real kernel, killed 200 times while answers are given: what was acknowledged is on the disk, always readable."""

from __future__ import annotations

import json
import os
import random
import signal
from pathlib import Path

import pytest
from jupyter_client.manager import KernelManager

TIMES = 200

# The learner's side, as a piece has it in a kernel: an outbox comes in, and what is stored is shown back.
GIVE_ANSWERS = """
from pathlib import Path
from earned_security.assessment.responses import Responses
from earned_security.interactive.piece import Piece
piece = Piece({"id": "an-item", "kind": "exercise", "title": "x"}, Responses(Path("responses.json")))
number = FIRST
while True:
    number += 1
    entry = {"value": f"answer {number} " + "x" * (number % 7) * 4000, "time": number}
    piece.outbox = {"attempt": number, "entries": {f"answer-{number % 5}": entry}}
    if piece.entries.get(f"answer-{number % 5}", {}).get("time") == number:
        print(number, flush=True)
"""


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_what_was_shown_as_saved_survives_every_kill(tmp_path: Path) -> None:
    chance = random.Random(0)
    answers = tmp_path / "responses.json"
    acknowledged: dict[str, int] = {}
    last = 0
    for _ in range(TIMES):
        last = give_and_kill(tmp_path, last, chance.uniform(0.0, 0.25), acknowledged)
        entries = json.loads(answers.read_text(encoding="utf-8"))["entries"]
        for name, time in acknowledged.items():
            assert entries[f"an-item/{name}"]["time"] >= time
    assert last > TIMES and len(acknowledged) == 5
    assert not list(tmp_path.glob("*damaged*"))


def give_and_kill(folder: Path, first: int, seconds: float, acknowledged: dict[str, int]) -> int:
    """Start a kernel, let it take answers, kill it a moment after its first acknowledgement; the last number."""
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(cwd=str(folder))
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        client.execute(GIVE_ANSWERS.replace("FIRST", str(first)))
        shown = ""
        while not shown.strip():
            message = client.get_iopub_msg(timeout=60)
            assert message["msg_type"] != "error", message["content"]
            shown += message["content"]["text"] if message["msg_type"] == "stream" else ""
        process = manager.provisioner.process.pid  # type: ignore[union-attr, attr-defined]
        signal.sigtimedwait([], seconds)  # a wait that no other signal shortens
        os.kill(process, signal.SIGKILL)
        while True:
            try:
                message = client.get_iopub_msg(timeout=0.3)
            except Exception:  # the queue's own Empty: nothing more comes from a killed kernel
                break
            if message["msg_type"] == "stream":
                shown += message["content"]["text"]
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    numbers = [int(line) for line in shown.split("\n")[:-1] if line.isdigit()]
    for number in numbers:
        name = f"answer-{number % 5}"
        acknowledged[name] = max(acknowledged.get(name, 0), number)
    return max(numbers) + 1000  # numbers that were given but not acknowledged are passed over
