"""`bridgehead path`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from bridgehead.report.commands.common import ClosureOption, OutOption, RegionArgument
from bridgehead.report.commands.solve import ScenarioOption
from bridgehead.report.shell import Shell

FromOption = Annotated[int | None, typer.Option("--from", help="The first year; the default is the region's.")]
UntilOption = Annotated[int, typer.Option("--until", help="The last year.")]
StepOption = Annotated[int, typer.Option("--step", help="Years between two solved ones.")]
WeakestOption = Annotated[bool, typer.Option("--full", help="Certificates with the smallest singular value, which takes longer.")]


def path(
    shell: Shell,
    region: RegionArgument,
    out: OutOption,
    scenario: ScenarioOption = None,
    start: FromOption = None,
    until: UntilOption = 2050,
    step: StepOption = 1,
    closure: ClosureOption = None,
    full: WeakestOption = False,
) -> None:
    """Solve a region year by year, with and without a scenario, and write both paths side by side."""
    from bridgehead.appraise.path_fit import fit_summary, path_fit
    from bridgehead.appraise.path_tables import path_tables
    from bridgehead.calibrate import calibrate
    from bridgehead.models.path_settings import path_settings, path_years
    from bridgehead.report.commands import common
    from bridgehead.report.output import staged_folder
    from bridgehead.report.terminal import file_list
    from bridgehead.report.terminal import step as busy

    clock = common.Clock()
    with staged_folder(out) as folder:
        with busy(shell, shell.text("steps.read")), clock.stage("read"):
            data = common.load_region(region, closure)
            plan = None if scenario is None else common.find_scenario(scenario, data)
            settings = path_settings(data, path_years(data.meta.year if start is None else start, until, step))
        with busy(shell, shell.text("steps.calibrate")), clock.stage("calibrate"):
            baseline = calibrate(data)
            baseline.equilibrium.require()
        with clock.stage("path"):
            paths = _run(shell, baseline, settings, plan, weakest=full)
        tables, fit = path_tables(baseline, *paths), path_fit(baseline, paths[0])
        _write(folder, baseline, paths, plan, tables, fit)
        if closure is not None:
            (folder / "closure.toml").write_bytes(closure.read_bytes())
        clock.write(folder, verb="path", region_folder=common.region_name(region))
    summary = fit_summary(fit)
    shell.show(*_shown(shell, paths, tables, summary, clock.seconds["path"]), file_list(shell, out))
    shell.document(_document(paths, tables, summary, clock, out))


def _run(shell: Shell, baseline: Any, settings: Any, plan: Any, *, weakest: bool) -> list[Any]:
    """The baseline's path and, where there is one, the scenario's, under one progress bar."""
    from bridgehead.models.path import run_path
    from bridgehead.policy import Context
    from bridgehead.policy.schedule import Schedule
    from bridgehead.report.terminal import progress_bar

    own = Schedule(Context.of(baseline), settings.years[0])
    plans = [("baseline", own)] + ([] if plan is None else [(plan.name, own.beside(plan))])
    count, found = len(settings.years), []
    with progress_bar(shell, shell.text("steps.path")) as report:
        for name, schedule in plans:
            before = len(found) * count

            def told(done: int, _total: int, label: str, before: int = before) -> None:
                report(before + done, len(plans) * count, label)

            found.append(run_path(baseline, settings, schedule.given, name=name, weakest=weakest, report=told))
    return found


def certificate_table(paths: list[Any]) -> Any:
    """Every year's certificate, one row a path and year."""
    import polars as pl

    rows = []
    for number, found in enumerate(paths):
        for point in found.years:
            held = point.equilibrium.certificate
            row = {"path": "scenario" if number else "baseline", "year": point.year, "outcome": held.outcome}
            row |= {"estimated_distance": held.estimated_distance, "gap": held.gap, "worst_identity": max(held.identities.values())}
            row |= {"smallest_singular_value": held.smallest_singular_value, "steps": held.steps, "warnings": "; ".join(held.warnings)}
            rows.append(row)
    return pl.DataFrame(rows, schema_overrides={"smallest_singular_value": pl.Float64}, infer_schema_length=None)


def parameter_rows(baseline: Any, settings: Any) -> list[dict[str, Any]]:
    """The path's parameters with range and source: the region's, or the package's defaults as assumptions."""
    from bridgehead.models.path_settings import DEFAULTS, OF_SECTOR

    own = baseline.region.parameters
    names = [*DEFAULTS, *(name for name in own if name.startswith(OF_SECTOR))]
    entries = [(name, DEFAULTS[name] if name in settings.assumed else own[name]) for name in names]
    return [{"name": name, "value": e.value, "low": e.low, "high": e.high, "source": e.source} for name, e in entries]


def _write(folder: Path, baseline: Any, paths: list[Any], plan: Any, tables: Any, fit: Any) -> None:
    import polars as pl

    from bridgehead.models.results import to_json
    from bridgehead.policy import scenario_text
    from bridgehead.version import VERSION

    parameters = parameter_rows(baseline, paths[0].settings)
    csv = {"path": tables.path, "origins": tables.origins, "totals": tables.totals, "fit": fit, "certificates": certificate_table(paths)}
    for name, table in {**csv, "parameters": pl.DataFrame(parameters, infer_schema_length=None)}.items():
        table.write_csv(folder / f"{name}.csv", line_terminator="\n")
    for name, table in {"path": tables.path, "places": tables.places, "origins": tables.origins}.items():
        table.write_parquet(folder / f"{name}.parquet")
    if plan is not None:
        (folder / "scenario.toml").write_text(scenario_text(plan), encoding="utf-8")
    region = baseline.region
    inputs = {"region": region.meta.name, "region_hash": region.folder_hash, "version": VERSION, "years": list(paths[0].settings.years)}
    inputs |= {"scenario": None if plan is None else plan.name, "closures": region.meta.closures.model_dump()}
    (folder / "inputs.json").write_text(to_json({**inputs, "parameters": baseline.parameters}), encoding="utf-8")


def _shown(shell: Shell, paths: list[Any], tables: Any, summary: list[dict[str, Any]], seconds: float) -> list[Any]:
    """The certificates in one line, the inside at a few years, and the path beside later data."""
    from bridgehead.report.figures.numbers import plain
    from bridgehead.report.terminal import plain_table

    certificates = [point.equilibrium.certificate for found in paths for point in found.years]
    worst = max(held.estimated_distance for held in certificates)
    said = shell.text("path.certified", count=len(certificates), distance=f"{worst:.1e}", seconds=f"{seconds:.1f}")
    years = paths[0].settings.years
    few = [years[round(i * (len(years) - 1) / 5)] for i in range(6)] if len(years) > 6 else years
    inside = tables.path.filter(tables.path["level"] == "inside")
    rows = []
    for row in inside.filter(inside["year"].is_in(few)).sort("variable", "year", maintain_order=True).to_dicts():
        numbers = [plain(row[name]) for name in ("baseline", "scenario", "change")]
        rows.append((shell.text(f"path.variable.{row['variable']}"), str(row["year"]), *numbers, row["unit"]))
    heads = [shell.text(f"path.{name}") for name in ("quantity", "year", "baseline", "scenario", "change", "unit")]
    assumed = paths[0].settings.assumed
    notes = [shell.text("path.assumed", names=", ".join(assumed))] if assumed else []
    return [said, plain_table(heads, rows, numbers=(1, 2, 3, 4)), *notes, *_fit_lines(shell, summary)]


def _fit_lines(shell: Shell, summary: list[dict[str, Any]]) -> list[str]:
    """How good the path is where the data say what has happened since; plainly none where they do not."""
    if not summary:
        return [shell.text("path.no_data")]
    lines = []
    for row in summary:
        good = "–" if row["correlation"] is None else f"{row['correlation']:.2f}"
        numbers = {"gap": f"{row['root_mean_square_gap']:.3f}", "spread": f"{row['data_spread']:.3f}", "correlation": good}
        lines.append(shell.text("path.fit", variable=row["variable"], year=row["year"], count=row["figures"], **numbers))
    return lines


def _document(paths: list[Any], tables: Any, summary: list[dict[str, Any]], clock: Any, out: Path) -> dict[str, Any]:
    from bridgehead.report.commands.common import written_files

    return {
        "years": list(paths[0].settings.years),
        "assumed": list(paths[0].settings.assumed),
        "path": tables.path.filter(tables.path["level"] == "inside"),
        "totals": tables.totals,
        "fit": summary,
        "certificates": certificate_table(paths),
        "seconds": clock.seconds,
        "out": out,
        "files": written_files(out),
    }
