"""What `bridgehead path` says: certificates, the inside year by year, where growth comes from, and how good the path is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
from rich.text import Text

from bridgehead.report.figures.ideas import BN, ratio
from bridgehead.report.figures.numbers import amount, plain, unit_of
from bridgehead.report.figures.overtime import UNITS
from bridgehead.report.figures.words import load_text
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
        known, scale = UNITS.get(str(variable), (unit, 1.0))
        own = unit_of(known)

        def numbers(column: str, by_year: Any = by_year, scale: float = scale, own: Any = own) -> list[str]:
            values = (by_year[year][column] for year in years)
            return [shell.choose(*amount(None if value is None else scale * value, own, named=False)) for value in values]

        rows.append((name, *numbers("baseline"), shell.choose(*own.label)))
        if result.compared:
            rows.append(("  " + shell.text("path.changed"), *numbers("change"), ""))
    heads = ["", *map(str, years), shell.text("path.unit")]
    return plain_table(heads, rows, title=shell.text("path.quantity"), numbers=range(1, len(years) + 1), whole=range(1, len(years) + 1))


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
    return plain_table(["", *map(str, years)], rows, title=title, numbers=range(1, len(years) + 1))


def _fit(shell: Shell, result: Any) -> list[Any]:
    """How good the path is where the data say what has happened since (spreads are in the table); plainly none where they do not."""
    summary = result.tables["fit_summary"]
    if summary.is_empty():
        return [shell.text("path.no_data")]
    rows = []
    for row in summary.to_dicts():
        year = shell.text("path.all_years") if row["year"] is None else str(row["year"])
        growth = [plain(round(100 * row[name], 2)) for name in ("data_mean", "model_mean", "root_mean_square_gap")]
        known = [_signed(row[name]) for name in ("rank_correlation", "skill")]
        rows.append((shell.text(f"path.observed.{row['variable']}"), year, str(row["figures"]), *growth, *known))
    names = ("figures", "data_mean", "model_mean", "gap", "rank", "skill")
    heads = ["", shell.text("path.year"), *(shell.text(f"path.fit_{name}") for name in names)]
    table = plain_table(heads, rows, title=shell.text("path.fit"), numbers=range(2, 8), whole=(0, 1))
    return [table, *(verdict(shell, row) for row in summary.to_dicts() if row["year"] is None)]


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
        ends = shell.choose(" / ", "，对比").join(_places(shell, part) for part in f"{row['from']} → {row['to']}".split(" / "))
        money = str(row["unit"]).startswith("million_")
        unit = f"{shell.choose(', ', '，')}{shell.choose(*unit_of(BN).label)}" if money else ""
        name = _flow(shell, row["flow"]) + shell.choose(": ", "：") + shell.text(f"path.check.{row['check']}") + unit
        rows.append((name, ends, row["year"], *(_observed(shell, row, side, money=money) for side in ("data", "model")), agrees))
    heads = ["", *(shell.text(f"path.{name}") for name in ("ends", "year", "data", "model", "verdict_head"))]
    judged = table.filter(pl.col("agrees").is_not_null())
    said = shell.text("path.ideas_said", right=judged["agrees"].sum(), count=judged.height)
    return [plain_table(heads, rows, title=shell.text("path.ideas"), numbers=(3, 4)), said]


def _observed(shell: Shell, row: dict[str, Any], side: str, *, money: bool) -> str:
    if row["check"] == "ranking":
        return ratio(row[side])
    return shell.choose(*amount(1e-3 * row[side], unit_of(BN), named=False)) if money else plain(row[side])


def _places(shell: Shell, text: str) -> str:
    """Ids joined by + and → in words."""
    words = load_text("names")["jurisdiction"]
    sides = []
    for side in text.split(" → "):
        known = ((part, words.get(part)) for part in side.split("+"))
        sides.append(
            shell.text("share.comma").join(part if entry is None else shell.choose(entry["en"], entry["zh"]) for part, entry in known)
        )
    return " → ".join(sides)


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
