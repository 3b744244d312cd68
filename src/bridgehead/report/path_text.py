"""What `bridgehead path` says: certificates, the inside year by year, where growth comes from, and how good the path is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
from rich.text import Text

from bridgehead.report.figures.numbers import plain
from bridgehead.report.shell import Shell
from bridgehead.report.terminal import BETTER, WORSE, plain_table

SHOWN_YEARS = 5
GROWTH_ROWS = (
    "trend",
    "research",
    "learning",
    "density",
    "levers",
    "productivity",
    "real_value_added",
    "share_of_growth",
    "share_of_change",
)


def shown(shell: Shell, result: Any, seconds: float) -> list[Any]:
    """Everything that is printed for people, but the list of files."""
    years = few(result.settings.shown)
    parts = [*_certified(shell, result, seconds), _inside(shell, result, years), _growth(shell, result, years)]
    parts += [Text(f"! {note}", style=WORSE) for note in result.notes]
    assumed = result.settings.assumed
    if assumed:
        parts.append(shell.text("path.assumed", names=", ".join(assumed)))
    return [*parts, *_fit(shell, result), *_ideas(shell, result)]


def few(years: tuple[int, ...]) -> list[int]:
    """At most five of the years, evenly spread, the first and the last among them."""
    if len(years) <= SHOWN_YEARS:
        return list(years)
    return [years[round(i * (len(years) - 1) / (SHOWN_YEARS - 1))] for i in range(SHOWN_YEARS)]


def _certified(shell: Shell, result: Any, seconds: float) -> list[Any]:
    certificates = result.tables["certificates"].filter(pl.col("year").is_not_null())
    worst = certificates["estimated_distance"].max()
    lines = [Text(shell.text("path.certified", count=certificates.height, distance=f"{worst:.1e}", seconds=f"{seconds:.1f}"), style=BETTER)]
    for path in [result.base] + ([result.plan] if result.compared else []):
        held = path.certificate
        if held is not None:
            numbers = {"gap": f"{held.gap:.1e}", "distance": f"{held.estimated_distance:.1e}", "passes": held.passes}
            said = shell.text("path.forward", name=path.name, last=held.last_year, weight=f"{held.last_weight:.1%}", **numbers)
            lines.append(Text(said, style=BETTER))
    return lines


def _inside(shell: Shell, result: Any, years: list[int]) -> Any:
    """Rows: a variable of the inside and, under it, the scenario's change; columns: years."""
    table = result.tables["path"].filter(pl.col("level") == "inside")
    rows = []
    for (variable, unit), part in table.group_by("variable", "unit", maintain_order=True):
        by_year = {row["year"]: row for row in part.to_dicts()}
        name = shell.text(f"path.variable.{variable}")
        rows.append((name, *(plain(by_year[year]["baseline"]) for year in years), unit.replace("_", " ")))
        if result.compared:
            rows.append(("  " + shell.text("path.change"), *(plain(by_year[year]["change"]) for year in years), ""))
    heads = [shell.text("path.quantity"), *map(str, years), shell.text("path.unit")]
    return plain_table(heads, rows, numbers=range(1, len(years) + 1))


def _growth(shell: Shell, result: Any, years: list[int]) -> Any:
    """Where productivity since the data comes from, in per cent; of the scenario's change where there is one."""
    table = result.tables["growth"].filter(pl.col("level") == "inside")
    column = "change" if result.compared else "baseline"
    rows = []
    for source in GROWTH_ROWS:
        part = table.filter(pl.col("source") == source)
        if part.is_empty() or (source == "share_of_growth" and result.compared) or (source == "share_of_change" and not result.compared):
            continue
        values = dict(zip(part["year"], part["scenario" if source == "share_of_change" else column], strict=True))
        numbers = ("–" if values[year] is None else plain(100 * values[year]) for year in years)
        rows.append((shell.text(f"path.source.{source}"), *numbers))
    title = shell.text("path.growth_of_change" if result.compared else "path.growth")
    return plain_table([title, *map(str, years)], rows, numbers=range(1, len(years) + 1))


def _fit(shell: Shell, result: Any) -> list[Any]:
    """How good the path is where the data say what has happened since; plainly none where they do not."""
    summary = result.tables["fit_summary"]
    if summary.is_empty():
        return [shell.text("path.no_data")]
    rows = []
    for row in summary.to_dicts():
        year = shell.text("path.all_years") if row["year"] is None else str(row["year"])
        growth = [plain(100 * row[name]) for name in ("data_mean", "model_mean", "data_spread", "model_spread", "root_mean_square_gap")]
        known = [_signed(row[name]) for name in ("rank_correlation", "skill")]
        rows.append((shell.text(f"path.observed.{row['variable']}"), year, str(row["figures"]), *growth, *known))
    names = ("figures", "data_mean", "model_mean", "data_spread", "model_spread", "gap", "rank", "skill")
    heads = [shell.text("path.fit"), shell.text("path.year"), *(shell.text(f"path.fit_{name}") for name in names)]
    return [plain_table(heads, rows, numbers=range(2, 10)), *(verdict(shell, row) for row in summary.to_dicts() if row["year"] is None)]


def verdict(shell: Shell, row: dict[str, Any]) -> str:
    """How good it is, in words."""
    if row["skill"] is None:
        key = "few"
    elif row["skill"] < 0.05:
        key = "none"
    else:
        key = "little" if row["skill"] < 0.3 else "some"
    return shell.text(f"path.verdict.{key}", variable=shell.text(f"path.observed.{row['variable']}"), skill=_signed(row["skill"]))


def _signed(value: float | None) -> str:
    return "–" if value is None else f"{value:+.2f}".replace("-", "−")


def _ideas(shell: Shell, result: Any) -> list[Any]:
    """The model's flows of ideas beside what has been observed."""
    table = result.tables["idea_fit"]
    if table.is_empty():
        return []
    rows = []
    for row in table.to_dicts():
        agrees = "" if row["agrees"] is None else shell.text("path.agrees" if row["agrees"] else "path.differs")
        ends = f"{row['from']} → {row['to']}".replace("+", " + ")
        unit = "" if row["unit"] in ("1", "share") else f", {row['unit'].replace('_', ' ')}"
        name = _flow(shell, row["flow"]) + shell.choose(": ", "：") + shell.text(f"path.check.{row['check']}") + unit
        rows.append((name, ends, row["year"], plain(row["data"]), plain(row["model"]), agrees))
    heads = [shell.text(f"path.{name}") for name in ("ideas", "ends", "year", "data", "model", "verdict_head")]
    judged = table.filter(pl.col("agrees").is_not_null())
    said = shell.text("path.ideas_said", right=judged["agrees"].sum(), count=judged.height)
    return [plain_table(heads, rows, numbers=(3, 4)), said]


def _flow(shell: Shell, name: str) -> str:
    """What was observed, in the call's language where it is one of the known kinds."""
    try:
        return shell.text(f"path.flows.{name}")
    except KeyError:
        return name.replace("_", " ")


def document(result: Any, seconds: dict[str, float], out: Path) -> dict[str, Any]:
    """What `--json` prints."""
    from bridgehead.report.commands.common import written_files

    tables = result.tables
    return {
        "years": list(result.settings.shown),
        "movers": result.settings.movers,
        "assumed": list(result.settings.assumed),
        "path": tables["path"].filter(pl.col("level") == "inside"),
        "growth": tables["growth"].filter(pl.col("level") == "inside"),
        "totals": tables["totals"],
        "fit": tables["fit_summary"],
        "idea_fit": tables["idea_fit"],
        "certificates": tables["certificates"],
        "notes": list(result.notes),
        "seconds": seconds,
        "out": out,
        "files": written_files(out),
    }
