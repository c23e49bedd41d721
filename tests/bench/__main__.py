"""`make bench`: every benchmark, or those named."""

from __future__ import annotations

import argparse
import importlib

BENCHMARKS = ("pages", "marking")


def main() -> None:
    parser = argparse.ArgumentParser(
        description="Speed and memory, as ratios against a peer in the same run."
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which benchmarks: {', '.join(BENCHMARKS)}")
    for name in parser.parse_args().names or BENCHMARKS:
        importlib.import_module(f"tests.bench.{name}").run()


if __name__ == "__main__":
    main()
