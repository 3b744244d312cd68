"""What is installed and from what: locks, wheel, versions, and the Makefile's first words on a wrong Python."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from bridgehead.version import VERSION

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = {name: (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8") for name in ("run", "test")}


def pins(lock: str) -> dict[str, str]:
    """Package -> version and marker of a lock."""
    return {match[1]: match[2] for match in re.finditer(r"^([\w.-]+)==(.+?) \\$", lock, flags=re.MULTILINE)}


def names(requirements: list[str]) -> set[str]:
    return {re.match(r"[\w.-]+", requirement).group().lower().replace("_", "-") for requirement in requirements}


def test_locks_hold_all_that_is_needed():
    run, test = pins(LOCKS["run"]), pins(LOCKS["test"])
    assert names(PROJECT["project"]["dependencies"]) | {"hatchling"} <= set(run)
    assert names(PROJECT["dependency-groups"]["test"]) <= set(test)
    extras = PROJECT["project"]["optional-dependencies"]
    assert names(extras["web"]) <= set(run)  # `make serve` after `make appraise`
    assert names([each for extra in extras.values() for each in extra]) <= set(test)
    # One installation serves both: the tests' lock holds the command's at the same versions, wherever the command's does.
    for package, pin in run.items():
        assert test[package] in (pin, pin.partition(" ;")[0]), package


@pytest.mark.parametrize("lock", LOCKS.values(), ids=LOCKS)
def test_every_locked_package_has_hashes_and_no_index_is_named(lock):
    blocks = re.split(r"^(?=[\w.-]+==)", lock, flags=re.MULTILINE)[1:]
    assert len(blocks) == len(pins(lock))
    assert all("--hash=sha256:" in block for block in blocks)
    assert not re.search(r"://|index|find-links", lock)


def test_the_version_stands_in_one_place():
    assert "version" in PROJECT["project"]["dynamic"]
    assert f"version: {VERSION}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    sections = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").split("\n## ")[1:]
    # What is not released yet stands above the version.
    versions = sections[1:] if sections[0].startswith("Unreleased\n") else sections
    assert versions[0].startswith(f"{VERSION},")
    # What changes numbers comes first.
    assert all(section.split("\n### ")[1].startswith("Results change\n") for section in sections)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """The wheel, built from a copy of what it is made of."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    shutil.copytree(ROOT / "src", source / "src", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", "NOTICE"):
        shutil.copyfile(ROOT / name, source / name)
    line = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(line, cwd=source, check=True, capture_output=True)
    return next(folder.glob("bridgehead-*.whl"))


def test_the_wheel_carries_every_file_of_the_package_and_its_licences(wheel):
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
    package = {str(path.relative_to(ROOT / "src")) for path in (ROOT / "src" / "bridgehead").rglob("*") if path.is_file()}
    package = {name for name in package if "__pycache__" not in name}
    assert package <= inside
    assert "bridgehead/cases/toy/region/region.toml" in inside
    assert "bridgehead/cases/yangtze/region/places.csv" in inside
    info = f"bridgehead-{VERSION}.dist-info"
    assert {f"{info}/licenses/LICENSE", f"{info}/licenses/NOTICE"} <= inside
    assert wheel.stat().st_size < 10e6


@pytest.mark.slow
def test_the_wheel_works_where_there_is_no_checkout(wheel, tmp_path):
    """Installed into an environment of its own, with only its dependencies beside it."""
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "venv")], check=True)
    python = tmp_path / "venv" / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", str(wheel)], check=True)
    site = Path(subprocess.check_output([python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], text=True).strip())
    (site / "dependencies.pth").write_text(str(Path(pytest.__file__).parents[1]) + "\n")
    command, new = python.with_name("bridgehead"), tmp_path / "region"
    environment = {"PATH": str(python.parent), "HOME": str(tmp_path), "LANG": "C.UTF-8"}
    for arguments in (["--version"], ["new", str(new)], ["check", str(new)], ["check", "yangtze"]):
        subprocess.run([command, *arguments], check=True, cwd=tmp_path, env=environment, capture_output=True)
    where = subprocess.check_output(
        [python, "-c", "import bridgehead; print(bridgehead.__file__)"], text=True, cwd=tmp_path, env=environment
    )
    assert str(tmp_path) in where


@pytest.mark.skipif(shutil.which("make") is None, reason="no make on this machine")
@pytest.mark.parametrize(("version", "reason"), [("Python 3.9.1", "is Python 3.9.1"), ("", "is ")])
def test_make_says_at_once_that_the_python_is_too_old(tmp_path, version, reason):
    shutil.copyfile(ROOT / "Makefile", tmp_path / "Makefile")
    (tmp_path / "requirements").mkdir()
    for name in ("requirements/run.txt", "pyproject.toml"):
        (tmp_path / name).touch()
    old = tmp_path / "old-python"
    old.write_text(f'#!/bin/sh\n[ "$1" = --version ] && echo "{version}"\nexit 1\n')
    old.chmod(0o755)
    answer = subprocess.run(["make", "PYTHON=./old-python", "appraise"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert answer.returncode != 0
    assert f"Bridgehead needs Python 3.11, 3.12 or 3.13; './old-python' {reason}" in answer.stdout
    assert "make PYTHON=python3.12 appraise" in answer.stdout
    assert not (tmp_path / ".venv").exists()
