"""Solving one scenario for the page: changes by place and a certificate at once, the slower part of the certificate on request."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from bridgehead.appraise.tables import place_columns
from bridgehead.appraise.zone import zone_rows
from bridgehead.report.web.engine.baseline import certificate_view, columns_of
from bridgehead.report.web.engine.further import totals_of
from bridgehead.report.web.engine.hot import Hot, Result
from bridgehead.report.web.engine.reading import scenario_asked
from bridgehead.report.web.engine.words import unit


def solve(hot: Hot, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The answer to a scenario. Without a certified solution it holds the reason, the worst place and market, and no numbers."""
    since = time.perf_counter()
    result = hot.result(scenario_asked(hot, arguments))
    head = {
        "key": result.key, "region": hot.id, "name": result.scenario.name, "kind": result.kind, "text": result.text,
        "data_hash": hot.region.folder_hash, "number": arguments.get("number"),
    }  # fmt: skip
    found = head | (_refused(hot, result) if result.context is None else _numbers(result, hot))
    return found | {"milliseconds": round(1000.0 * (time.perf_counter() - since), 1)}


def warm(hot: Hot) -> dict[str, Any]:
    """Compile what a first question needs, by answering one: some seconds once, that no user waits for."""
    from bridgehead.policy import scenario_text

    scenarios = list(hot.presets.values())
    if scenarios:
        text = scenario_text(scenarios[-1])
        solve(hot, {"text": text})
        certificate(hot, text)
    return {"warm": len(scenarios)}


def _numbers(result: Result, hot: Hot) -> dict[str, Any]:
    now = result.context
    abroad = ~now.mainland.mask
    changes = {name: np.where(abroad, np.nan, values).tolist() for name, values in place_columns(now).items()}
    return {
        "outcome": "solved",
        "certificate": certificate_view(result.solved.certificate),
        "places": {name: values.tolist() for name, values in columns_of(result.solved.equilibrium).items()},
        "changes": changes,
        "noise": now.noise,
        "totals": totals_of(now) | {"unit": unit("bn money/year", hot.region.meta.currency)},
        "zone": [{k: v for k, v in row.items() if k != "scenario"} for row in zone_rows(now, hot.shares, "")] if hot.shares else [],
        "levers_found": list(result.solved.notes),
    }


def _refused(hot: Hot, result: Result) -> dict[str, Any]:
    held = result.solved.certificate
    worst = dict(held.worst) if held is not None else {}
    if worst.get("place") in hot.region.place_ids:
        name = hot.names.place(worst["place"])
        worst |= {"place_name": name.en, "place_name_zh": name.zh}
    view = None if held is None else certificate_view(held)
    return {"outcome": "not_solved", "reason": result.solved.reason, "worst": worst, "certificate": view}


def certificate(hot: Hot, text: str) -> dict[str, Any]:
    """The whole certificate of a scenario, with the smallest singular value, which takes as long as the rest."""
    result = hot.result(text)
    held = result.solved.certificate
    if held is None:
        return {"key": result.key, "outcome": "not_solved", "reason": result.solved.reason, "complete": True}
    result = with_weakest(hot, result)
    return {"key": result.key} | certificate_view(result.solved.certificate)


def with_weakest(hot: Hot, result: Result) -> Result:
    """The result with its smallest singular value: the solution is certified again where it stands, once."""
    held = result.solved.certificate
    if not held.solved or held.smallest_singular_value is not None:
        return result
    from bridgehead import models

    equilibrium = models.solve(hot.baseline, result.solved.equilibrium.given, name=result.scenario.name)
    complete = replace(result, solved=replace(result.solved, equilibrium=equilibrium))
    hot.results[result.key] = complete
    return complete
