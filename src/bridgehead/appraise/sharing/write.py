"""A sharing on disk: its tables, and the certificate of every set of levers that coalitions solved."""

from __future__ import annotations

import json
from pathlib import Path

from bridgehead.appraise.sharing.result import Sharing
from bridgehead.appraise.sharing.tables import sharing_tables
from bridgehead.appraise.write import write_table

SCENARIO = "scenario.toml"


def write_sharing(found: Sharing, folder: Path) -> list[Path]:
    """Every table as CSV and Parquet, certificates/levers_N_M.json of every solved set of levers (numbered in the scenario's order), and
    scenario.toml where the plan was a file; returns the files."""
    (folder / "certificates").mkdir(parents=True, exist_ok=True)
    files = []
    if found.scenario.text is not None:
        files.append(folder / SCENARIO)
        files[-1].write_bytes(found.scenario.text.encode("utf-8"))
    for name, table in sharing_tables(found).items():
        files += write_table(table, folder, name)
    for levers in dict.fromkeys(found.table.acting(group) for group in found.table.groups):
        certificate = found.table.outcome(levers).certificate
        if certificate is not None:
            files.append(folder / "certificates" / f"levers_{'_'.join(str(n + 1) for n in levers)}.json")
            files[-1].write_text(json.dumps(certificate.as_dict(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return files
