"""Building the notebooks in the browser: the steps that need neither npm nor a registry."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path

import pytest

from earned_security.publishing.jupyterlab.start import LAB
from earned_security.publishing.lite import lite

ROOT = Path(__file__).parents[3]
METADATA = "Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n{required}\n"


def wheel(
    folder: Path, name: str, files: dict[str, str], required: str = "", tag: str = "py3-none-any"
) -> Path:
    path = folder / f"{name}-1.2-{tag}.whl"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr(f"{name}-1.2.dist-info/METADATA", METADATA.format(name=name, required=required))
        for file, text in files.items():
            packed.writestr(file, text)
    return path


def test_a_wheel_is_read_for_the_lock(tmp_path: Path) -> None:
    required = (
        "Requires-Dist: Other_Package>=2\nRequires-Dist: elsewhere\nRequires-Dist: extra; extra == 'more'"
    )
    path = wheel(tmp_path, "my_package", {"mine/a.py": "", "single.py": "", "mine/data.json": ""}, required)
    package = lite.read_wheel(path)
    assert (package.name, package.version, package.imports) == ("my-package", "1.2", ("mine", "single"))
    assert package.depends == {"other-package", "elsewhere"}
    entry = package.entry(["other-package", "my-package"])
    assert entry["depends"] == ["other-package"], "what is not in the lock is not waited for"
    assert entry["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert entry["file_name"] == path.name


def test_a_compiled_wheel_is_refused(tmp_path: Path) -> None:
    path = wheel(tmp_path, "fast", {"fast.so": ""}, tag="cp314-cp314-manylinux_2_28_x86_64")
    with pytest.raises(lite.LiteError, match="pure Python"):
        lite.read_wheel(path)


def test_a_slim_wheel_keeps_what_is_imported_and_is_the_same_each_time(tmp_path: Path) -> None:
    kept = {"plotly/graph_objs/__init__.py": "x = 1", "earned_security/interactive/static/case.js": "1"}
    left_out = {
        "plotly/package_data/plotly.min.js": "2",
        "plotly-1.2.data/data/share/jupyter/labextensions/a.js": "3",
        "jedi/third_party/typeshed/a.pyi": "4",
        "earned_security/teaching/bank.py": "5",
        "earned_security/publishing/lite/lite.py": "6",
    }
    source = wheel(tmp_path, "plotly", {**kept, **left_out})
    one, two = tmp_path / "one.whl", tmp_path / "two.whl"
    lite.slim(source, one)
    lite.slim(source, two)
    assert one.read_bytes() == two.read_bytes()
    assert set(zipfile.ZipFile(one).namelist()) == {*kept, "plotly-1.2.dist-info/METADATA"}


def test_the_lock_names_our_packages_and_no_other(tmp_path: Path) -> None:
    packages = [lite.read_wheel(wheel(tmp_path, name, {f"{name}.py": ""})) for name in ("b", "a")]
    runtime = {"info": {"python": "3.14.2"}, "packages": {"numpy": {"file_name": "numpy.whl"}}}
    made = lite.lock(runtime, packages)
    assert made["info"] == runtime["info"]
    assert list(made["packages"]) == ["a", "b"]


def test_the_settings_ask_nobody_else_and_show_pieces_on_opening() -> None:
    settings = lite.configuration(["earned-security", "anywidget"])["jupyter-config-data"]
    kernel = settings["litePluginSettings"][lite.KERNEL]
    assert kernel["disablePyPIFallback"] is True
    assert kernel["loadPyodideOptions"]["packages"] == ["anywidget", "earned-security"]
    assert settings["showPiecesOnOpening"] == "true"
    assert "@jupyter/nbgrader" in settings["disabledExtensions"]


def test_the_courses_own_extension_is_found_and_a_missing_one_is_named() -> None:
    assert lite.extension("@earned-security/lab") == LAB / "labextensions" / "@earned-security/lab"
    with pytest.raises(lite.LiteError, match="no-such-extension"):
        lite.extension("no-such-extension")


def test_a_finished_page_refuses_other_hosts_and_the_learners_files_are_left_alone(tmp_path: Path) -> None:
    for name in ("lab/index.html", "files/mine.html"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text("<html><head><script>1</script></head></html>", encoding="utf-8")
    lite.finish(tmp_path)
    page = (tmp_path / "lab/index.html").read_text(encoding="utf-8")
    assert "default-src 'none'" in page and "'sha256-" in page and 'href="../favicon.svg"' in page
    assert "Content-Security-Policy" not in (tmp_path / "files/mine.html").read_text(encoding="utf-8")


def test_the_weight_leaves_out_the_learners_files(tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "module.ipynb").write_text("x" * 5000)
    (tmp_path / "runtime.wasm").write_text("y" * 1000)
    found = lite.weight(tmp_path)
    assert found["bytes"] == 1000 > found["compressed"] > 0
    assert json.dumps(found)
