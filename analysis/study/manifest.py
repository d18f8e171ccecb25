"""The manifest of a study: what each stage was made from and what it left."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from analysis.errors import ArtefactError
from analysis.io.files import write_text
from analysis.io.inside import is_inner_name

MANIFEST_VERSION = 1


@dataclass(frozen=True)
class StageRecord:
    """What a stage was made from and what it left.

    ``inputs`` maps what it depends on to a hash, ``outputs`` each file (relative to the study)
    to the hash of its content.
    """

    inputs: Mapping[str, str]
    outputs: Mapping[str, str]


@dataclass(frozen=True)
class Manifest:
    """The record of every stage that has run."""

    stages: Mapping[str, StageRecord] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> "Manifest":
        """Read a manifest; an absent one is empty.

        Raises
        ------
        ArtefactError
            The file is no manifest of this version.
        """
        if not path.exists():
            return cls()
        try:
            stored = json.loads(path.read_text(encoding="utf-8"))
            if stored["version"] != MANIFEST_VERSION:
                raise ArtefactError(f"{path} is of version {stored['version']}; delete it and run again")
            stages = {
                str(name): StageRecord(_hashes(item["inputs"]), _hashes(item["outputs"]))
                for name, item in stored["stages"].items()
            }
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise ArtefactError(
                f"{path} is damaged and tells nothing of the study's stages; delete it and run again"
            ) from error
        outside = [name for record in stages.values() for name in record.outputs if not is_inner_name(name)]
        if outside:
            raise ArtefactError(
                f"{path} names the file {outside[0]!r}, which lies outside the study; delete it and run again"
            )
        return cls(stages)

    def with_stage(self, name: str, record: StageRecord) -> "Manifest":
        """Return a manifest in which `record` stands for the stage `name`."""
        return Manifest({**self.stages, name: record})

    def write(self, path: Path) -> None:
        """Write the manifest, atomically."""
        stages = {
            name: {"inputs": dict(sorted(record.inputs.items())), "outputs": dict(sorted(record.outputs.items()))}
            for name, record in self.stages.items()
        }
        content = {"version": MANIFEST_VERSION, "stages": stages}
        write_text(path, json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n")


def _hashes(stored: object) -> dict[str, str]:
    if not isinstance(stored, dict) or not all(isinstance(part, str) for pair in stored.items() for part in pair):
        raise ValueError("what stages were made from, and what they left, must be names with hashes")
    return stored
