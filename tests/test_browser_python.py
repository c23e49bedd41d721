"""The pure rooms in the browser's Python (3.14, Pyodide): the same program gives the same answers as here."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import filelock
import pytest

from earned_security.publishing.lite import fetching

ROOT = Path(__file__).parents[1]

PROGRAM = """
import json
from earned_security.curriculum import load, source
from earned_security.cases import graph, walks
from earned_security.assessment.items import split
from earned_security.assessment.marking import mark
from earned_security.models import threat_learning

found = {}
curriculum = load()
found["claims"] = sorted(curriculum.claims)
case = graph.load("tomasz")
found["play"] = [repr(walks.random_play(case, seed)) for seed in range(50)]
responses = ["a", ["a", "b"], {"x": "y"}, 3, None, "", [[]], {"a": [1]}]
found["marks"] = [
    [round(mark(*split(entry), response).points, 6) for response in responses]
    for name in source.names("self-checks") for entry in source.read(name)
]
model = threat_learning.MODEL
ends = {name: getattr(allowed, "maximum", None) or allowed.values[-1] for name, allowed in model.domain.items()}
found["model"] = repr(model.simulate(ends))
json.dumps(found)
"""

SCRIPT = """
import { loadPyodide } from "%s/pyodide.mjs";
const python = await loadPyodide({ indexURL: "%s/" });
for (const [inside, outside] of [["/course", "%s"], ["/lock", "%s"]]) {
  python.FS.mkdirTree(inside);
  python.mountNodeFS(inside, outside);
}
python.runPython("import sys; sys.path[:0] = ['/course', '/lock']");
console.log(python.runPython("import sys; sys.version.split()[0]"));
console.log(python.runPython(%s));
"""


@pytest.fixture(scope="module")
def pyodide() -> Path:
    """Pyodide from npm, kept between runs."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip(
            "Node.js and npm were not found, so the pure rooms were not tried in the browser's Python."
        )
    return fetching.runtime(ROOT / "_build" / "tools")


@pytest.mark.slow
def test_the_pure_rooms_answer_in_the_browsers_python_as_here(pyodide: Path, tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True, timeout=120)
    course = tmp_path / "course"
    zipfile.ZipFile(next(tmp_path.glob("*.whl"))).extractall(course)
    lock = tmp_path / "lock"
    shutil.copytree(Path(filelock.__file__).parent, lock / "filelock")
    script = tmp_path / "run.mjs"
    script.write_text(SCRIPT % (pyodide, pyodide, course, lock, json.dumps(PROGRAM)), encoding="utf-8")
    done = subprocess.run(["node", str(script)], capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr
    version, there = done.stdout.strip().splitlines()[-2:]
    assert version.startswith("3.14")
    namespace: dict[str, object] = {}
    *body, last = PROGRAM.strip().splitlines()
    exec("\n".join(body), namespace)
    assert json.loads(there) == json.loads(str(eval(last, namespace)))
