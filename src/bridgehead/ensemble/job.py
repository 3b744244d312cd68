"""What a worker needs to make draws: the region's files and the plan, in a form that travels to other machines."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bridgehead.ensemble.plan import Asked, EnsemblePlan
from bridgehead.errors import BridgeheadError
from bridgehead.version import VERSION


@dataclass(frozen=True)
class Job:
    """files: the region's data files by name; backgrounds: scenarios as TOML by id; estimates: the file's text; plan_hash: what the
    worker's own plan must come to, so that another version or library cannot mix its numbers in."""

    files: Mapping[str, bytes]
    asked: Asked
    plan_hash: str
    backgrounds: Mapping[str, str] = field(default_factory=dict)
    estimates: str | None = None
    scenarios: Mapping[str, str] | None = None
    version: str = VERSION

    @classmethod
    def of(cls, plan: EnsemblePlan, folder: Path, estimates: Path | None = None) -> Job:
        """The job of a plan whose region was read from `folder`."""
        from bridgehead.policy import scenario_text
        from bridgehead.region.read import DATA_FILES

        files = {name: (folder / name).read_bytes() for name in DATA_FILES if (folder / name).is_file()}
        backgrounds = {id: scenario_text(scenario) for id, scenario in plan.backgrounds.items()}
        text = None if estimates is None else estimates.read_text(encoding="utf-8")
        scenarios = None if plan.scenarios is None else {id: scenario_text(scenario) for id, scenario in plan.scenarios.items()}
        return cls(files, plan.asked, plan.hash, backgrounds, text, scenarios)

    def plan(self) -> EnsemblePlan:
        """The plan again, from the files; BridgeheadError where it is not the same, as on a machine with another version."""
        import tomllib

        from bridgehead.calibrate.estimates import read_estimates
        from bridgehead.policy import read_scenario
        from bridgehead.region import read_region

        if self.version != VERSION:
            raise BridgeheadError(f"a worker has version {VERSION} of the program, and the ensemble is asked for by {self.version}")
        with tempfile.TemporaryDirectory(prefix="bridgehead-") as name:
            folder = Path(name) / "region"
            folder.mkdir()
            for file, content in self.files.items():
                (folder / file).write_bytes(content)
            region = read_region(folder)
            estimates = None
            if self.estimates is not None:
                path = Path(name) / "estimates.toml"
                path.write_text(self.estimates, encoding="utf-8")
                estimates = read_estimates(path)

        def read(texts: Mapping[str, str]) -> dict[str, Any]:
            return {id: replace(read_scenario(tomllib.loads(text), region), text=text) for id, text in texts.items()}

        scenarios = None if self.scenarios is None else read(self.scenarios)
        plan = EnsemblePlan.of(region, self.asked, scenarios=scenarios, backgrounds=read(self.backgrounds), estimates=estimates)
        if plan.hash != self.plan_hash:
            raise BridgeheadError("a worker reads another plan from the same files; its version or libraries are not those of the command")
        return plan
