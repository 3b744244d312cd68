"""The page of an estimation from flows."""

from __future__ import annotations

from typing import Any

import numpy as np

from bridgehead.calibrate.estimation.remarks import remarks
from bridgehead.calibrate.estimation.tables import WORDS
from bridgehead.report.document import document, hero
from bridgehead.report.estimate import charts
from bridgehead.report.estimate.frame import card, key, list_of, part
from bridgehead.report.estimate.terminal import spec_cell
from bridgehead.report.estimate.words import (
    clustered,
    column_name,
    count,
    left_name,
    note_text,
    number_name,
    per_cent,
    remark_text,
    signed,
    spec_name,
    tell,
)
from bridgehead.report.figures.frame import Html, panel, table
from bridgehead.report.figures.numbers import plain
from bridgehead.report.figures.words import Both, both, span

SECTIONS = ("result", "fit", "distance", "other", "sample", "how")


def flows_page(result: Any, smoothed: Any = None, *, lang: str = "en") -> str:
    """One self-contained page: estimates, observed against fitted, residuals by distance, other specifications, what was left out."""
    flow, sides = tell(f"flow.{result.pairs.flow}"), WORDS[result.pairs.flow]
    title = tell("page.title_flows", flow=flow)
    ask = tell("page.ask_flows", a=tell(f"word.{sides[0]}"), b=tell(f"word.{sides[1]}"))
    where = tell("page.where", hash=result.pairs.data_hash[:12])
    head = hero([tell("page.product"), where], title, ask, _period(result))
    shown = [name for name in SECTIONS if name != "other" or result.alternatives.height > 1]
    made = {"result": _result, "fit": _fit, "distance": _distance, "other": _other, "sample": _sample, "how": _how}
    body = "".join(part(name, made[name](result, smoothed)) for name in shown)
    contents = [(name, tell(f"page.section.{name}")) for name in shown]
    return document(title, where, contents, head + body, lang=lang)


def _period(result: Any) -> Both:
    """The estimator in a sentence."""
    sample, sides = result.fit.sample, WORDS[result.pairs.flow]
    by = tell("terminal.clustered", by=clustered(result.cluster, sides), counts=count(result.fit.clusters[result.cluster]))
    plan = sample.specification
    words = {"form": tell(f"spec.{plan.decay}"), "unit": tell(f"word.{result.pairs.measure}"), "own": tell(f"page.own_{plan.own}")}
    return tell("page.period_flows", pairs=count(sample.count), zeros=count(sample.zeros), errors=by, **words)


def _result(result: Any, smoothed: Any) -> str:
    rows = result.coefficients.to_dicts()
    cards = [_card(row, result) for row in rows if row["kind"] in ("log_passage", "decay", "elasticity")][:4]
    sample = result.fit.sample
    zeros = f"{100 * sample.zeros / sample.count:.1f} %"
    cards.append(card(tell("page.card.zeros"), both(zeros), tell("page.card.zeros_sub", pairs=count(sample.count))))
    borders = [row for row in rows if row["kind"] == "log_passage"]
    chart = ""
    if borders:
        bars = [
            charts.Interval(number_name(row["name"], result.fit), row["value"], row["low"], row["high"], both(per_cent(row["percent"])))
            for row in borders
        ]
        chart = panel(tell("page.chart.interval"), charts.intervals(bars, tell("page.chart.interval")))
    told = list_of(
        [remark_text(remark, result.fit) for remark in remarks(result)]
        + [note_text(note, WORDS[result.pairs.flow]) for note in (*result.pairs.notes, *result.fit.notes)]
    )
    return f'<div class="cards">{"".join(cards)}</div>{chart}{_table(result)}{told}'


def _card(row: dict[str, Any], result: Any) -> Html:
    title = number_name(row["name"], result.fit)
    if row["percent"] is not None:
        below = tell(
            "page.card.percent", low=f"{row['percent_low']:+.0f}".replace("-", "−"), high=f"{row['percent_high']:+.0f}".replace("-", "−")
        )
        log = tell("page.card.log", value=signed(row["value"]), error=signed(row["standard_error"]))
        return card(title, both(per_cent(row["percent"])), Both(f"{below.en}; {log.en}", f"{below.zh}；{log.zh}"), lead=True)
    ends = tell("page.card.interval", low=plain(row["low"]), high=plain(row["high"]))
    return card(title, both(plain(row["value"])), ends)


def _table(result: Any) -> str:
    """The numbers, and beside them their standard errors by what residuals may share."""
    from bridgehead.calibrate.estimation.gravity import CLUSTERS

    sides = WORDS[result.pairs.flow]
    rows, errors = [], []
    for row in result.coefficients.to_dicts():
        name, ends = number_name(row["name"], result.fit), f"{_small(row['low'])} … {_small(row['high'])}"
        share = "" if row["percent"] is None else per_cent(row["percent"])
        rows.append([name, _small(row["value"]), _small(row["standard_error"]), ends, share])
        errors.append([name, *(_small(row[f"standard_error_{cluster.replace('+', '_')}"]) for cluster in CLUSTERS)])
    heads = [tell(f"word.{key}") for key in ("name", "value", "error", "interval", "percent")]
    left = panel(tell("page.section.result"), table(heads, rows, css="compact", numbers=range(1, 5)))
    by = [tell("word.name"), *(clustered(cluster, sides) for cluster in CLUSTERS)]
    right = panel(tell("terminal.clusters"), table(by, errors, css="compact", numbers=range(1, 5)))
    return f'<div class="pair">{left}{right}</div>'


def _small(value: float) -> str:
    return signed(value) if abs(value) >= 0.1 or value == 0 else f"{value:.4f}".replace("-", "−")


def _fit(result: Any, smoothed: Any) -> str:
    sample = result.fit.sample
    observed, fitted = sample.pairs.value[sample.used], result.fit.fitted[sample.used]

    def tip(number: int, x: float, y: float) -> Both:
        return tell("page.chart.cell", count=count(number), observed=plain(x), fitted=plain(y))

    title = tell("page.chart.density", pairs=count(int((observed > 0).sum())))
    axes = (tell("page.chart.observed"), tell("page.chart.fitted"))
    return panel(title, charts.density(observed, np.nan_to_num(fitted), title, axes, tip))


def _distance(result: Any, smoothed: Any) -> str:
    unit = tell(f"word.{result.pairs.measure}")
    series = []
    for across, css in ((False, "checked"), (True, "fitted")):
        rows = [row for row in result.by_distance.to_dicts() if row["across"] == across and row["fitted"] > 0]
        ends = max(row["to"] for row in result.by_distance.to_dicts()[:-2]) if result.by_distance.height > 2 else float("inf")
        rows = [row for row in rows if row["to"] <= ends]
        series.append((css, [_point(row, unit) for row in rows]))
    title = tell("page.chart.ratio", unit=unit)
    keys = key([("checked", tell("page.chart.within")), ("fitted", tell("page.chart.across"))])
    axis = tell("page.chart.axis", unit=unit) if result.pairs.measure == "km" else tell("page.chart.axis_minutes")
    return panel(title, charts.ratios([part for part in series if part[1]], title, axis) + keys)


def _point(row: dict[str, Any], unit: Both) -> charts.Point:
    numbers = {"from": plain(row["from"]), "to": plain(row["to"]), "observed": plain(row["observed"]), "fitted": plain(row["fitted"])}
    tip = tell("page.chart.class", unit=unit, **numbers)
    return charts.Point((row["from"] + row["to"]) / 2, row["observed"] / row["fitted"], row["observed"], tip)


def _other(result: Any, smoothed: Any) -> str:
    names = [name for name in result.fit.names if name != "own"]
    rows, solved = [], [row for row in result.alternatives.to_dicts() if not row["reason"]]
    heads = [tell("spec_head.specification"), *(column_name(name, result.fit) for name in names)]
    heads += [tell(f"spec_head.{name}") for name in ("pairs", "zeros", "deviance", "r2")]
    for row in result.alternatives.to_dicts():
        title = spec_name(row, result.pairs.measure)
        if row["reason"]:
            rows.append([title, row["reason"], *[""] * (len(heads) - 2)])
            continue
        ends = ["–" if row[name] is None else plain(row[name]) for name in ("deviance", "pseudo_r2")]
        rows.append([title, *(spec_cell(row, name) for name in names), count(row["pairs"]), count(row["zeros"]), *ends])
    pictures = [_by_specification(name, solved, result) for name in names if name.startswith("border.")]
    return "".join(pictures[:4]) + str(table(heads, rows, css="compact", numbers=range(1, len(heads))))


def _by_specification(name: str, rows: list[dict[str, Any]], result: Any) -> Html:
    """A border in every specification, with normal 95 % intervals."""
    bars = []
    for row in rows:
        value, error = row.get(name), row.get(f"{name}.standard_error")
        if value is not None:
            css = "fitted" if row["specification"] == "asked" else "checked"
            low, high = value - 1.96 * error, value + 1.96 * error
            bars.append(
                charts.Interval(spec_name(row, result.pairs.measure), value, low, high, both(f"{signed(value)} ({signed(error)})"), css)
            )
    title = tell("page.chart.border_of", name=number_name(name, result.fit))
    return panel(title, charts.intervals(bars, title, label_width=280))


def _sample(result: Any, smoothed: Any) -> str:
    from bridgehead.calibrate.estimation.write import left_table

    sides = WORDS[result.pairs.flow]
    rows = []
    for row in left_table(result).to_dicts():
        used = row["reason"] == "used"
        title = tell("spec_head.pairs") if used else left_name(row["reason"], sides)
        names = row["names"].split()
        more = f", … ({len(names)})" if len(names) > 8 else ""
        rows.append([title if not used else tell("page.section.sample_used"), count(row["pairs"]), ", ".join(names[:8]) + more])
    return str(table([tell("word.reason"), tell("spec_head.pairs"), ""], rows, css="compact", numbers=(1,)))


def _how(result: Any, smoothed: Any) -> str:
    sides = WORDS[result.pairs.flow]
    lines = [tell("page.how.model", a=tell(f"word.{sides[0]}"), b=tell(f"word.{sides[1]}")), tell("page.how.zeros")]
    if smoothed is not None:
        total = count(float(result.pairs.value[result.pairs.value > 0].sum()))
        values = {"filled": count(smoothed.filled), "people": count(smoothed.people), "total": total, "left": count(smoothed.left)}
        lines.append(tell("terminal.smoothed", moved=f"{100 * np.expm1(smoothed.moved):.2g}", **values))
        if smoothed.above:
            lines.append(tell("terminal.smoothed_above", above=count(smoothed.above), smallest=plain(smoothed.smallest)))
    lines.append(tell("page.how.file"))
    return f'<ul class="limits">{"".join(f"<li>{span(line)}</li>" for line in lines)}</ul>'
