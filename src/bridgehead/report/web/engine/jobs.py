"""What takes longer than a moment: paths over years, sharing between governments, and reports. Each tells how far it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bridgehead.policy import scenario_text
from bridgehead.report.figures.words import both, load_text
from bridgehead.report.shell import Shell, plain_data
from bridgehead.report.web.engine.hot import Hot
from bridgehead.report.web.engine.process import Tell
from bridgehead.report.web.engine.reading import as_json, read_text
from bridgehead.report.web.engine.words import named, unit
from bridgehead.version import VERSION


def path(hot: Hot, arguments: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """The region year by year, with and without a scenario at its dates: by place, by jurisdiction and as a whole."""
    from bridgehead.appraise.path_run import paths_of
    from bridgehead.models.path_settings import MYOPIC, path_settings, path_years
    from bridgehead.report.path_files import write_path

    options, region, scenario = arguments["options"], hot.region, read_text(arguments["scenario"], hot.region)
    movers = options.get("movers") or MYOPIC
    years = path_years(region.meta.year, options.get("from"), options.get("until") or 2050, options.get("step") or 1, movers=movers)
    settings = path_settings(region, years, movers=movers)
    plan = scenario if scenario.levers else None
    result = paths_of(hot.baseline, settings, plan, report=tell)
    write_path(Path(arguments["folder"]), result, plan)
    return _path_view(hot, result) | {"fit": result.tables["fit_summary"].to_dicts(), "name": scenario.name, "run": _run(hot, scenario)}


def _run(hot: Hot, scenario: Any) -> dict[str, Any]:
    """Which data, version and scenario the figures came from."""
    return {"data_hash": hot.region.folder_hash, "version": VERSION, "name": scenario.name, "levers": len(scenario.levers)}


def _path_view(hot: Hot, result: Any) -> dict[str, Any]:
    years, sides = list(result.settings.shown), ("baseline", "scenario")[: 1 + result.compared]
    path, places = result.tables["path"], result.tables["places"]
    variables = path["variable"].unique(maintain_order=True).to_list()
    units = dict(zip(path["variable"], path["unit"], strict=True))
    words = load_text("terminal")["path"]["variable"]
    size = len(hot.region.place_ids)
    by_place = {
        variable: {side: part[side].to_numpy().reshape(len(years), size).tolist() for side in sides}
        for variable in variables
        if (part := places.filter(places["variable"] == variable)) is not None
    }
    groups = []
    for (level, name), part in path.group_by("level", "jurisdiction", maintain_order=True):
        values = {v: {side: rows[side].to_list() for side in sides} for (v,), rows in part.group_by("variable", maintain_order=True)}
        said = both(hot.region.meta.name, hot.region.meta.name_zh) if level == "inside" else hot.names.jurisdiction(name)
        groups.append({"level": level, "id": name, **named(hot.names.places.get(name) or said), "values": values})
    currency = hot.region.meta.currency
    return {
        "years": years,
        "movers": result.settings.movers,
        "assumed": list(result.settings.assumed),
        "notes": list(result.notes),
        "variables": [{"id": v, **named(both(*words[v].values())), "unit": unit(units[v], currency)} for v in variables],
        "inside": next(group["values"] for group in groups if group["level"] == "inside"),
        "jurisdictions": [group for group in groups if group["level"] != "inside"],
        "places": by_place,
        "welfare": result.tables["totals"]["welfare_in_money"].to_list() if result.compared else None,
        "welfare_unit": unit("million_money/year", currency),
        "certificates": result.tables["certificates"].select("path", "year", "outcome", "estimated_distance").to_dicts(),
    }


def share(hot: Hot, arguments: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """Every coalition solved and the gain divided by seven rules: the document of `bridgehead share --json`, in both languages."""
    from bridgehead.appraise.sharing import share as share_plan
    from bridgehead.report.share import document

    options, scenario = arguments["options"], read_text(arguments["scenario"], hot.region)
    terms = {key: options.get(key) for key in ("governments", "years", "discount")}
    found = share_plan(hot.baseline, scenario, kind=options.get("value") or "budget", progress=tell, **terms)
    documents = {lang: plain_data(document(Shell(lang=lang, json=True), found)) for lang in ("en", "zh")}
    _write_documents(Path(arguments["folder"]), "share", documents, scenario)
    return documents | {"run": _run(hot, scenario)}


def _write_documents(folder: Path, name: str, documents: dict[str, Any], scenario: Any) -> None:
    """What is shown, as files to keep, beside the scenario."""
    for lang, made in documents.items():
        (folder / f"{name}.{lang}.json").write_text(json.dumps(made, ensure_ascii=False, indent=1), encoding="utf-8")
    (folder / "scenario.toml").write_text(scenario_text(scenario), encoding="utf-8")


def appraise(hot: Hot, arguments: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """An appraisal folder and its report in `arguments["folder"]`: of one scenario, or of the region's strategies and zones."""
    from bridgehead.appraise import appraise as appraise_region
    from bridgehead.appraise import write_appraisal
    from bridgehead.report.html import write_report
    from bridgehead.report.ranges import agreeing, ranges_for

    scenario = read_text(arguments["scenario"], hot.region)
    plans = {scenario.name: scenario} if scenario.levers else None
    folder, lang = Path(arguments["folder"]), arguments["options"].get("lang") or "en"
    appraisal = appraise_region(hot.baseline, plans, progress=tell)
    ranges, notice = agreeing(Shell(lang=lang), ranges_for(None, hot.region, plans, None), appraisal)
    write_appraisal(appraisal, folder)
    if ranges is not None:
        ranges.write(folder)
    tell(1, 1, "report")
    write_report(folder, hot.region, folder / "report.html", lang=lang)
    return {"unsolved": appraisal.unsolved, "warnings": [*appraisal.warnings, *notice], "run": _run(hot, scenario)}


def optimise(hot: Hot, arguments: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """The best plan for a question beside the scenario as it is: the document of `bridgehead optimise --json` in both languages, and
    the plan as a scenario."""
    from bridgehead.appraise.optimise import optimise as find_optimum
    from bridgehead.appraise.optimise import read_problem
    from bridgehead.appraise.optimise.write import write_optimum
    from bridgehead.report.optimise import document

    scenario = read_text(arguments["scenario"], hot.region)
    asked = {"format": 1} | (arguments["options"].get("problem") or {})
    found = find_optimum(hot.baseline, read_problem(asked), scenario if scenario.levers else None, progress=tell)
    write_optimum(found, Path(arguments["folder"]))
    documents = {lang: plain_data(document(Shell(lang=lang, json=True), found)) for lang in ("en", "zh")}
    return documents | {"scenario": as_json(found.scenario.text or ""), "run": _run(hot, scenario)}


def ensemble(hot: Hot, arguments: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """How sure the answers are: many draws of what is not known, kept in `arguments["kept"]` as they come, so that a run that is stopped
    goes on. The document of `bridgehead ensemble --json`, with the names of what was drawn."""
    from bridgehead.ensemble import Asked, EnsemblePlan, run_ensemble
    from bridgehead.ensemble.result import summed_up, write_tables
    from bridgehead.report.doctor import usable_cores
    from bridgehead.report.ensemble.page import ensemble_page
    from bridgehead.report.ensemble.terminal import document

    options, scenario = arguments["options"], read_text(arguments["scenario"], hot.region)
    asked = Asked(**{key: options[key] for key in ("draws", "seed", "method", "batch", "paths", "until") if key in options})
    plan = EnsemblePlan.of(hot.region, asked, scenarios={scenario.name: scenario} if scenario.levers else None)
    # One core stays free for the page.
    workers = max(1, usable_cores() - 1)
    store, used = run_ensemble(plan, Path(arguments["kept"]), Path(arguments["region_folder"]), workers=workers, progress=tell)
    result = summed_up(plan, store)
    out = Path(arguments["folder"])
    write_tables(result, out)
    (out / "report.html").write_text(ensemble_page(result, lang=options["lang"]), encoding="utf-8")
    took = {"draws_made": used.made, "draws_kept": used.kept, "worker_seconds": used.seconds}
    more = {"good": result.good, "lead": result.lead, "took": took, "names": _factor_names(result), "run": _run(hot, scenario)}
    return plain_data(document(result)) | more


def _factor_names(result: Any) -> list[dict[str, str]]:
    """What is drawn, by id, with names in both languages."""
    from bridgehead.report.ensemble.terminal import facts_zh, names_for
    from bridgehead.report.ensemble.words import factor_name

    names, facts = names_for(result), facts_zh(result)
    return [{"id": factor.name, **named(factor_name(factor, names, facts))} for factor in result.plan.factors]
