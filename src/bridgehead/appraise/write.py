"""An appraisal on disk (formats.md, "Appraisal folder"): the same bytes for the same input, times in run.json alone."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

import polars as pl

from bridgehead.appraise.columns import BASELINE
from bridgehead.appraise.engine import Solved
from bridgehead.appraise.result import Appraisal
from bridgehead.models import write_solution
from bridgehead.models.results import to_json
from bridgehead.policy import scenario_text


def write_appraisal(appraisal: Appraisal, folder: Path | str, *, flows: Collection[str] | None = None) -> list[Path]:
    """Write all tables (CSV and Parquet), certificates, solutions and run.json; returns the files.

    certificates/ID.json of the baseline and of every column (of an unsolved one too: it says why). solutions/ID/ of what is
    solved; the tables of pairs (commuters, trade), which are large, for the baseline and for the columns named in `flows` (default:
    the zones together). The folder may exist; files of other names in it stay.
    """
    folder = Path(folder)
    files = [path for name, table in appraisal.tables.items() for path in write_table(table, folder, name)]
    files += _certificates(appraisal, folder / "certificates")
    files += write_solution(appraisal.baseline.equilibrium, appraisal.baseline, folder / "solutions" / BASELINE)
    for id, solved in appraisal.solved.items():
        if solved.ok:
            text = scenario_text(solved.scenario)
            where = folder / "solutions" / file_name(id)
            paired = solved.scenario.kind == "joint" if flows is None else id in flows
            files += write_solution(solved.equilibrium, appraisal.baseline, where, scenario=text, flows=paired)
    if appraisal.optimum is not None:
        files += _optimum(appraisal, folder)
    run = folder / "run.json"
    run.write_text(
        json.dumps(
            {"seconds": appraisal.seconds, "warnings": list(appraisal.warnings), "notes": list(appraisal.baseline.notes)},
            indent=2,
            ensure_ascii=False,
        )
        + "\n",
        encoding="utf-8",
    )
    return [*files, run]


def _optimum(appraisal: Appraisal, folder: Path) -> list[Path]:
    """optimum.toml, the plan found as a scenario file, with its certificate and solution."""
    found = appraisal.optimum
    scenario, certificate = folder / "optimum.toml", folder / "certificates" / "optimum.json"
    scenario.write_bytes(found.scenario.text.encode("utf-8"))
    certificate.write_text(to_json(found.solved.certificate.as_dict()), encoding="utf-8")
    where = folder / "solutions" / "optimum"
    written = write_solution(found.solved.equilibrium, appraisal.baseline, where, scenario=found.scenario.text, flows=False)
    return [scenario, certificate, *written]


def write_table(table: pl.DataFrame, folder: Path, name: str) -> list[Path]:
    """One table as CSV and as Parquet."""
    folder.mkdir(parents=True, exist_ok=True)
    csv, parquet = folder / f"{name}.csv", folder / f"{name}.parquet"
    table.write_csv(csv, line_terminator="\n")
    table.write_parquet(parquet)
    return [csv, parquet]


def _certificates(appraisal: Appraisal, folder: Path) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    contents: dict[str, Any] = {BASELINE: appraisal.baseline.equilibrium.certificate.as_dict()}
    contents |= {id: _certificate(solved) for id, solved in appraisal.solved.items()}
    for id, content in contents.items():
        path = folder / f"{file_name(id)}.json"
        path.write_text(to_json(content), encoding="utf-8")
        files.append(path)
    return files


def _certificate(solved: Solved) -> dict[str, Any]:
    if solved.certificate is None:
        return {"outcome": "not_solved", "reason": solved.reason}
    return solved.certificate.as_dict() | ({"found": list(solved.notes)} if solved.notes else {})


def file_name(id: str) -> str:
    """An id as the name of a file: signs that file systems refuse become '_'."""
    return "".join(c if c.isalnum() or c in "._-+" else "_" for c in id)
