"""What takes longer than a moment: paths over years, sharing between governments, and reports. Each tells how far it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bridgehead.report.figures.words import both, load_text
from bridgehead.report.shell import Shell, plain_data
from bridgehead.report.web.engine.hot import Hot
from bridgehead.report.web.engine.process import Tell
from bridgehead.report.web.engine.reading import read_text
from bridgehead.report.web.engine.words import named, unit


def path(hot: Hot, arguments: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """The region year by year, with and without a scenario at its dates: by place, by jurisdiction and as a whole."""
    from bridgehead.appraise.path_fit import fit_summary, path_fit
    from bridgehead.appraise.path_tables import path_tables
    from bridgehead.models.path import run_path
    from bridgehead.models.path_settings import path_settings, path_years
    from bridgehead.policy import Context
    from bridgehead.policy.schedule import Schedule

    options, region, baseline = arguments["options"], hot.region, hot.baseline
    start = options.get("from") or region.meta.year
    settings = path_settings(region, path_years(start, options.get("until") or 2050, options.get("step") or 1))
    scenario = read_text(arguments["scenario"], region)
    own = Schedule(Context.of(baseline), settings.years[0])
    plans = [("baseline", own)] + ([(scenario.name, own.beside(scenario))] if scenario.levers else [])
    count, found = len(settings.years), []
    for number, (name, schedule) in enumerate(plans):

        def told(done: int, _: int, label: str, before: int = number * count) -> None:
            tell(before + done, len(plans) * count, label)

        found.append(run_path(baseline, settings, schedule.given, name=name, report=told))
    tables = path_tables(baseline, *found)
    return _path_view(hot, settings, tables, found) | {"fit": fit_summary(path_fit(baseline, found[0])), "name": scenario.name}


def _path_view(hot: Hot, settings: Any, tables: Any, found: list[Any]) -> dict[str, Any]:
    years, sides = list(settings.years), ("baseline", "scenario")[: len(found)]
    variables = tables.path["variable"].unique(maintain_order=True).to_list()
    units = dict(zip(tables.path["variable"], tables.path["unit"], strict=True))
    words = load_text("terminal")["path"]["variable"]
    size = len(hot.region.place_ids)
    by_place = {
        variable: {side: part[side].to_numpy().reshape(len(years), size).tolist() for side in sides}
        for variable in variables
        if (part := tables.places.filter(tables.places["variable"] == variable)) is not None
    }
    groups = []
    for (level, name), part in tables.path.group_by("level", "jurisdiction", maintain_order=True):
        values = {v: {side: rows[side].to_list() for side in sides} for (v,), rows in part.group_by("variable", maintain_order=True)}
        said = both(hot.region.meta.name, hot.region.meta.name_zh) if level == "inside" else hot.names.jurisdiction(name)
        groups.append({"level": level, "id": name, **named(hot.names.places.get(name) or said), "values": values})
    return {
        "years": years,
        "assumed": list(settings.assumed),
        "variables": [{"id": v, **named(both(*words[v].values())), "unit": unit(units[v], hot.region.meta.currency)} for v in variables],
        "inside": next(group["values"] for group in groups if group["level"] == "inside"),
        "jurisdictions": [group for group in groups if group["level"] != "inside"],
        "places": by_place,
        "welfare": tables.totals["welfare_in_money"].to_list() if len(found) > 1 else None,
        "welfare_unit": unit("million_money/year", hot.region.meta.currency),
        "certificates": [
            {"path": side, "year": point.year, "outcome": held.outcome, "estimated_distance": held.estimated_distance}
            for side, one in zip(sides, found, strict=True)
            for point in one.years
            if (held := point.equilibrium.certificate) is not None
        ],
    }


def share(hot: Hot, arguments: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """Every coalition solved and the gain divided by seven rules: the document of `bridgehead share --json`, in both languages."""
    from bridgehead.appraise.sharing import share as share_plan
    from bridgehead.report.share import document

    options, scenario = arguments["options"], read_text(arguments["scenario"], hot.region)
    terms = {key: options.get(key) for key in ("governments", "years", "discount")}
    found = share_plan(hot.baseline, scenario, kind=options.get("value") or "budget", progress=tell, **terms)
    return {lang: plain_data(document(Shell(lang=lang, json=True), found)) for lang in ("en", "zh")}


def appraise(hot: Hot, arguments: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """An appraisal folder and its report in `arguments["folder"]`: of one scenario, or of the region's strategies and zones."""
    from bridgehead.appraise import appraise as appraise_region
    from bridgehead.appraise import write_appraisal
    from bridgehead.report.html import write_report

    scenario = read_text(arguments["scenario"], hot.region)
    plans = {scenario.name: scenario} if scenario.levers else None
    folder, lang = Path(arguments["folder"]), arguments["options"].get("lang") or "en"
    appraisal = appraise_region(hot.baseline, plans, progress=tell)
    write_appraisal(appraisal, folder)
    tell(1, 1, "report")
    write_report(folder, hot.region, folder / "report.html", lang=lang)
    return {"unsolved": appraisal.unsolved, "warnings": list(appraisal.warnings)}
