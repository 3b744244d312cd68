"""The baseline: how the model meets observed moments, and how much of the data is observed."""

from __future__ import annotations

import math

from bridgehead.report.charts import coverage_bars, fit_scatter
from bridgehead.report.figures.frame import Html, Page, finite, note, panel, section, table
from bridgehead.report.figures.names import spoken
from bridgehead.report.figures.numbers import amount, plain, unit_of
from bridgehead.report.figures.words import Both, both, load_text, say, span

__all__ = ["fit", "fitted_name", "moment_name"]


MONEY = ("million_yuan/year", "bn yuan/year")


def fit(page: Page) -> Html:
    """Moments observed against model, chart and table, and coverage bars."""
    rows = [row for row in page.tables.rows("moments") if finite(row["data"]) is not None]
    parts = [_moments(page, rows)] if rows else [note(say("fit.none"))]
    parts.append(panel(say("fit.coverage"), _coverage(page), say("fit.coverage_sub")))
    parts += [note(both(said)) for said in page.tables.run.get("notes", ())]
    if page.names.joint == "sci_tech_city":
        parts.append(note(say("fit.kunshan")))
    return section("fit", parts)


def moment_name(name: str) -> Both:
    """The name of a moment as readers see it."""
    known = load_text("moments").get(name)
    return both(known["en"], known["zh"]) if known else both(spoken(name))


def _moments(page: Page, rows: list[dict]) -> str:
    points, outside = [], 0
    for row in rows:
        data, model = finite(row["data"]), finite(row["model"])
        if data is None or model is None or data <= 0 or model <= 0:
            continue
        outside += abs(math.log(model / data)) > math.log(2)
        name = moment_name(str(row["name"]))
        tip = Both(f"{name.en}: {plain(data)} observed, {plain(model)} model", f"{name.zh}：观测 {plain(data)}，模型 {plain(model)}")
        points.append((tip, data, model, "fitted" if _used(row) == "fit" else "checked"))
    chart = fit_scatter(points, say("fit.chart"), (say("fit.x"), say("fit.y")))
    sub = say("fit.chart_sub", outside=outside, all=len(points))
    left = panel(say("fit.chart"), chart + _key(), sub)
    return f'<div class="pair wide-right"><div>{left}{_fitted(page)}</div><div>{_moment_table(rows)}{note(_rms(rows), "sub")}</div></div>'


def _fitted(page: Page) -> str:
    """The numbers the calibration found, each named a residual: nothing a government could decree."""
    rows = [row for row in page.tables.rows("fitted") if finite(row["value"]) is not None]
    if not rows:
        return ""
    heads = [say("words.name"), say("words.value"), say("words.unit")]
    lines = []
    for row in rows:
        kind = load_text("moments")["fitted_kind"].get(row.get("kind"), {"en": row.get("kind") or "", "zh": ""})
        lines.append([fitted_name(str(row["name"])), plain(finite(row["value"])), both(kind["en"], kind["zh"])])
    return str(panel(say("fit.fitted"), table(heads, lines, css="compact", numbers=(1,)), say("fit.fitted_sub")))


def fitted_name(name: str) -> Both:
    """The name of a fitted number; a factor bears the name of the moment it meets."""
    _, factor, moment = name.rpartition("factor of ")
    if factor:
        return moment_name(moment)
    known = load_text("moments")["fitted"].get(name)
    return both(known["en"], known["zh"]) if known else both(spoken(name))


def _key() -> str:
    parts = []
    for css, text in (("fitted", say("words.fit")), ("checked", say("words.check"))):
        parts.append(f'<span class="en"><i class="{css}"></i>{text.en}</span><span class="zh"><i class="{css}"></i>{text.zh}</span>')
    return f'<p class="key">{"".join(parts)}</p>'


def _used(row: dict) -> str:
    return str(row.get("use") or "check").split(":")[0].split(",")[0].strip()


def _moment_table(rows: list[dict]) -> Html:
    heads = [say("words.name"), say("words.data"), say("words.model"), say("words.unit"), say("fit.gap"), say("fit.use")]
    lines = []
    for row in rows:
        data, model = finite(row["data"]), finite(row["model"])
        gap = f"×{model / data:.2f}" if data and model is not None and data > 0 else "–"
        use = say("words.fit") if _used(row) == "fit" else say("words.check")
        # Trade of a province in millions has digits nobody reads.
        unit, scale = (unit_of(MONEY[1]), 1e-3) if row.get("unit") == MONEY[0] else (unit_of(row.get("unit") or ""), 1.0)
        shown = [amount(None if value is None else scale * value, unit, named=False) for value in (data, model)]
        lines.append([moment_name(str(row["name"])), *shown, unit.label, gap, use])
    return table(heads, lines, css="compact", numbers=(1, 2, 4))


def _rms(rows: list[dict]) -> Both:
    def over(use: str) -> tuple[str, int]:
        gaps = [finite(row.get("log_gap")) for row in rows if (_used(row) == "fit") == (use == "fit")]
        known = [gap for gap in gaps if gap is not None]
        return (plain(math.sqrt(sum(g * g for g in known) / len(known))) if known else "–"), len(known)

    (fitted, n), (checked, m) = over("fit"), over("check")
    return say("fit.rms", rms=fitted, n=n, rms_check=checked, n_check=m)


def _coverage(page: Page) -> Html:
    """Whole totals as bars, and their parts by sector and province folded below."""
    rows = [row for row in page.tables.rows("coverage") if finite(row["observed"]) is not None]
    whole = [row for row in rows if "," not in str(row["total"])]
    parts = [row for row in rows if "," in str(row["total"])]
    body = coverage_bars([(_total_name(page, row), _observed(row)) for row in whole], say("fit.coverage"))
    if parts:
        lines = [[_total_name(page, row), f"{100 * _observed(row):.0f} %", f"{100 * (1 - _observed(row)):.0f} %"] for row in parts]
        heads = [say("words.name"), say("words.observed"), say("words.inferred")]
        inner = table(heads, lines, css="compact", numbers=(1, 2))
        body += f'<details class="more-detail"><summary>{span(say("fit.more_coverage"))}</summary>{inner}</details>'
    return Html(body)


def _observed(row: dict) -> float:
    observed, inferred = finite(row["observed"]) or 0.0, finite(row["inferred"]) or 0.0
    return observed / (observed + inferred) if observed + inferred else 0.0


def _total_name(page: Page, row: dict) -> Both:
    """ "value_added, province shanghai" as Value added, Shanghai."""
    words = load_text("moments")["coverage"]
    first, _, rest = str(row["total"]).partition(", ")
    known = words.get(first, {"en": spoken(first), "zh": spoken(first)})
    if not rest:
        return Both(known["en"], known["zh"])
    part = page.names.jurisdiction(rest.partition(" ")[2] or rest)
    return Both(f"{known['en']}, {part.en}", f"{known['zh']}，{part.zh}")
