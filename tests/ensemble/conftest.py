"""What tests of ensembles share: small plans of the toy region, and the case's data."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bridgehead.cases import case_folder
from bridgehead.ensemble import Asked, EnsemblePlan
from bridgehead.policy import read_scenario
from bridgehead.region import read_region

TOY = case_folder("toy") / "region"
SCENARIOS = [case_folder("toy") / "scenarios" / f"{name}.toml" for name in ("3_land_release", "4_productivity")]


@pytest.fixture(scope="session")
def case_region():
    """The case's data, not solved."""
    return read_region(case_folder("yangtze") / "region")


@pytest.fixture
def toy_plan(toy_region):
    """A function that plans an ensemble of the toy region."""

    def make(**asked):
        scenarios = {path.stem: read_scenario(path, toy_region) for path in SCENARIOS}
        return EnsemblePlan.of(toy_region, Asked(**{"draws": 4, "seed": 1, "batch": 2, **asked}), scenarios=scenarios)

    return make


@pytest.fixture
def with_parameter(toy_region):
    """The toy region with one parameter's range replaced."""

    def make(name, **numbers):
        return replace(toy_region, parameters={**toy_region.parameters, name: replace(toy_region.parameters[name], **numbers)})

    return make


def command(*arguments: str, **how) -> subprocess.Popen:
    """`bridgehead` in a process of its own."""
    line = [sys.executable, "-m", "bridgehead.report.cli", *map(str, arguments)]
    return subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "COLUMNS": "200"}, **how)


def asked_for(out: Path, *more: object, draws: int = 4) -> list[str]:
    """The command line of a small ensemble of the toy region."""
    scenarios = [part for path in SCENARIOS for part in ("--scenario", str(path))]
    return ["ensemble", "toy", *scenarios, "--draws", str(draws), "--seed", "1", "--batch", "2", "--out", str(out), *map(str, more)]
