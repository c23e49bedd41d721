"""`make bench`: every benchmark, or those named."""

from __future__ import annotations

import argparse
import importlib
import tempfile
from pathlib import Path

BENCHMARKS = ("pages", "explorers", "marking")
# Only where they are named. Lighthouse needs Node and half an hour, the class server root and a quarter.
ON_REQUEST = ("lighthouse", "class-server")


def main() -> None:
    parser = argparse.ArgumentParser(
        description="Speed and memory, as ratios against a peer in the same run."
    )
    parser.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help=f"which benchmarks: {', '.join((*BENCHMARKS, *ON_REQUEST))} (default: all but the last two)",
    )
    parser.add_argument("--large", action="store_true", help="marking on 1,000 and 5,000 submissions instead")
    arguments = parser.parse_args()
    if arguments.large:
        from tests.bench import marking

        with tempfile.TemporaryDirectory(prefix="earned-bench-") as folder:
            marking.large([1000, 5000], Path(folder))
        return
    for name in arguments.names or BENCHMARKS:
        importlib.import_module(f"tests.bench.{name.replace('-', '_')}").run()


if __name__ == "__main__":
    main()
