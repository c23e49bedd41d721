"""The workflow that publishes: the project's own commands, as a person could type them."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import yaml

from earned_security import cli

WORKFLOW = Path(__file__).parents[2] / ".github" / "workflows" / "publish.yml"


def test_it_runs_only_commands_that_exist_and_checks_before_it_publishes() -> None:
    jobs = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))["jobs"]
    commands = [step["run"] for job in jobs.values() for step in job["steps"] if "run" in step]
    parsed = []
    for command in commands:
        make, target, *options = shlex.split(re.sub(r"\$\{\{.*?\}\}", "https://example.org/", command))
        assert make == "make"
        arguments = [word for option in options for word in shlex.split(option.removeprefix("ARGS="))]
        parsed.append((target, cli._parser().parse_args([target, *arguments])))
    (published,) = [arguments for target, arguments in parsed if target == "book"]
    assert published.check and published.address == "https://example.org/"
    assert jobs["deploy"]["needs"] == "build"
    (uploaded,) = [
        step["with"]["path"]
        for step in jobs["build"]["steps"]
        if "upload-pages-artifact" in step.get("uses", "")
    ]
    assert uploaded == "_build/html"
