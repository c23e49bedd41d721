"""Compile the curriculum's YAML to JSON for the wheel: the browser's Python cannot read YAML."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileCurriculum(BuildHookInterface):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        source_file = Path(self.root, "src/earned_security/curriculum/source.py")
        specification = importlib.util.spec_from_file_location("curriculum_source", source_file)
        source = importlib.util.module_from_spec(specification)
        sys.modules["curriculum_source"] = source
        specification.loader.exec_module(source)
        folder = Path(self.directory, "compiled-curriculum")
        for file in source.compile_to(folder):
            inside = f"earned_security/curriculum/data/{file.relative_to(folder).as_posix()}"
            build_data["force_include"][str(file)] = inside
