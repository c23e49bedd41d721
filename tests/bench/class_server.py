"""How a class server of this machine takes a class: 40 trainees within five minutes, then the same with the hub killed.

Needs root, for the accounts. Prints each step's times; errors and lost answers must be 0.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

TRAINEES, MINUTES = 40, 5.0


def run() -> None:
    sys.path.insert(0, str(Path(__file__).parents[1]))
    from deploy.load import measure
    from deploy.machine import CannotRun

    cores = os.cpu_count()
    failed = False
    for kill in (False, True):
        told = ", the hub killed and started again in the middle" if kill else ""
        print(f"\n{TRAINEES} trainees over {MINUTES:g} minutes on {cores} processors{told}", flush=True)
        try:
            outcome = measure(TRAINEES, MINUTES, kill)
        except CannotRun as missing:
            print(missing)
            return
        print("\n".join(outcome.lines()), flush=True)
        failed = failed or bool(outcome.errors or outcome.lost)
    if failed:
        raise SystemExit("Something failed or was lost; see above.")
