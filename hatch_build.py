"""Build hook: the wheel carries the content compiled to one JSON file, so that it runs without reading YAML."""

import sys
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileContent(BuildHookInterface):
    """Compile ``data/`` for a wheel; an editable install reads it where it stands."""

    def initialize(self, version, build_data):
        """Write the compiled file and put it into the wheel."""
        if version == "editable":
            return
        sys.path.insert(0, str(Path(self.root) / "src"))
        import msgspec

        from twovoices.check import kinds
        from twovoices.content import store

        made = Path(self.directory) / store.PACKAGED
        made.parent.mkdir(parents=True, exist_ok=True)
        made.write_bytes(msgspec.json.encode(kinds.compiled(), order="deterministic"))
        build_data["force_include"][str(made)] = f"twovoices/_data/{store.PACKAGED}"
