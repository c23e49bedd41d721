"""Compile YAML to JSON for the wheel, the curriculum's and the catalogues of words: the browser's Python cannot read YAML."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileYaml(BuildHookInterface):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        sys.path.insert(0, str(Path(self.root, "src")))
        from earned_security import locale
        from earned_security.curriculum import source

        for place, compile_to in (("curriculum/data", source.compile_to), ("locale", locale.compile_to)):
            folder = Path(self.directory, "compiled", place)
            for file in compile_to(folder):
                inside = f"earned_security/{place}/{file.relative_to(folder).as_posix()}"
                build_data["force_include"][str(file)] = inside
