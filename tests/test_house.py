"""The house itself: who imports whom, what is locked, what is vendored, what the wheel carries."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "earned_security"


def run(*command: str, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240, **options)  # type: ignore[call-overload,no-any-return]


def test_rooms_import_only_the_rooms_above_them_and_pure_rooms_stay_pure() -> None:
    script = Path(sys.executable).with_name("lint-imports")
    done = run(str(script))
    assert done.returncode == 0, done.stdout


def test_the_pure_rooms_load_without_any_installed_package() -> None:
    """As in the browser: nothing but the standard library (and the file lock) can be imported."""
    program = (
        "import sys; sys.path.insert(0, 'src'); sys.path = [p for p in sys.path if 'site-packages' not in p]\n"
        "import types; lock = types.ModuleType('filelock'); lock.FileLock = lock.Timeout = Exception\n"
        "sys.modules['filelock'] = lock\n"
        "import importlib, pkgutil\n"
        "for room in ('locale', 'curriculum', 'models', 'cases', 'assessment'):\n"
        "    package = importlib.import_module(f'earned_security.{room}')\n"
        "    for found in pkgutil.iter_modules(package.__path__):\n"
        "        importlib.import_module(f'{package.__name__}.{found.name}')\n"
    )
    done = run(sys.executable, "-S", "-c", program)
    assert done.returncode == 0, done.stderr


def test_the_lock_has_hashes_and_names_no_host() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in text and "--index-url" not in text and "--find-links" not in text
    for block in re.split(r"\n(?=[a-z0-9])", text):
        if "==" in block.split("\n")[0]:
            assert "--hash=sha256:" in block, block.split("\n")[0]


def test_vendored_files_are_what_their_record_says() -> None:
    folder = PACKAGE / "interactive" / "static" / "vendor"
    record = json.loads((folder / "vendor.json").read_text(encoding="utf-8"))
    assert {path.name for path in folder.glob("*.js")} == set(record)
    for name, entry in record.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == entry["sha256"], name
        assert entry["version"] and entry["licence"] and (folder / f"{name.split('.')[0]}.LICENSE").exists()


def test_no_file_is_much_longer_than_400_lines() -> None:
    code = [
        path
        for path in PACKAGE.rglob("*.*")
        if path.suffix in (".py", ".js", ".css") and "vendor" not in path.parts
    ]
    lines = {path.name: len(path.read_text(encoding="utf-8").splitlines()) for path in code}
    assert {name: count for name, count in lines.items() if count > 440} == {}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    done = run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder))
    assert done.returncode == 0, done.stderr
    return zipfile.ZipFile(next(folder.glob("*.whl")))


def test_the_wheel_carries_the_curriculum_as_json(wheel: zipfile.ZipFile) -> None:
    names = wheel.namelist()
    data = "earned_security/curriculum/data"
    assert {f"{data}/claims.json", f"{data}/references.json", f"{data}/cases/tomasz.json"} <= set(names)
    assert not [name for name in names if name.endswith((".yaml", ".bib"))]
    assert any(name.endswith("labextensions/@earned-security/lab/package.json") for name in names)


def test_the_wheel_works_without_a_yaml_reader(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    wheel.extractall(tmp_path)
    program = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); sys.modules['yaml'] = None\n"
        "from earned_security.curriculum import load\n"
        "c = load(); print(len(c.claims), len(c.references), c.modules['building-safety-and-trust'].title)\n"
    )
    done = run(sys.executable, "-S", "-c", program)
    assert done.stdout.strip() == "230 257 Building safety and trust", done.stderr


def test_the_wheel_holds_nothing_of_the_graded_bank(wheel: zipfile.ZipFile) -> None:
    from earned_security.curriculum.source import read_document

    everything = " ".join(
        " ".join(wheel.read(name).decode("utf-8", "replace").split()) for name in wheel.namelist()
    )

    def texts(value: object) -> list[str]:
        if isinstance(value, dict):
            return [text for entry in value.values() for text in texts(entry)]
        if isinstance(value, list):
            return [text for entry in value for text in texts(entry)]
        return [value] if isinstance(value, str) and len(value) > 60 else []

    for path in (ROOT / "exercises" / "bank").glob("*.yaml"):
        written = texts(read_document(path).data)
        assert len(written) > 50
        for text in written:
            assert " ".join(text.split()) not in everything, text
            assert json.dumps(" ".join(text.split()))[1:-1] not in everything, text
