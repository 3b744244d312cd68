"""Ideas as flows: who uses whose research, what a scenario adds, and the same beside what has been observed."""

from __future__ import annotations

import polars as pl

from bridgehead.report.figures.frame import Html, Page, chooser, finite, note, panel, section, table
from bridgehead.report.figures.names import spoken
from bridgehead.report.figures.numbers import amount, plain, unit_of
from bridgehead.report.figures.words import Both, load_text, say, span

__all__ = ["BN", "ideas", "ratio"]

BASELINE = "baseline"
BN = "bn yuan/year"
SHADES = 5
FAR = 1000
"""Ratios beyond say only that one side is next to nothing: ideas fall to e⁻²⁰ over a thousand km."""


def ideas(page: Page) -> Html:
    """The section; a sentence where the region has no research."""
    rows = page.tables["idea_flows"]
    if rows.is_empty():
        return section("ideas", [note(say("ideas.none"))])
    level = str(rows["level"][0])
    kept = rows.filter(pl.col("level") == level)
    parts = [
        panel(say("ideas.baseline"), _matrix(page, kept.filter(pl.col("scenario") == BASELINE), "baseline"), say("ideas.baseline_sub"))
    ]
    groups = []
    for key in page.solved:
        part = kept.filter(pl.col("scenario") == key)
        if part.height:
            hidden = "" if key == page.lead else " hidden"
            groups.append(f'<div class="of-scenario" data-of="{key}"{hidden}>{_matrix(page, part, "change")}</div>')
    if groups:
        chosen = f'<div class="bar">{chooser(page, "scenario", say("words.scenario"))}</div>'
        parts.append(panel(say("ideas.change"), chosen + "".join(groups), say("ideas.change_sub")))
    return section("ideas", [*parts, _observed(page)])


def _matrix(page: Page, rows: pl.DataFrame, column: str) -> Html:
    """Receivers down, sources across, shaded by size; the share of all that the receiver uses stands below its value."""
    sources, receivers = (rows[name].unique(maintain_order=True).to_list() for name in ("source", "receiver"))
    found = {(row["receiver"], row["source"]): row for row in rows.to_dicts()}
    unit, scale = unit_of(BN), 1e-3
    others = [abs(finite(row[column]) or 0.0) for (receiver, source), row in found.items() if receiver != source or column == "change"]
    largest = max(others, default=0.0)
    lines = []
    for receiver in receivers:
        cells = [_name(page, str(receiver))]
        for source in sources:
            row = found[receiver, source]
            value = finite(row[column]) or 0.0
            text = span(amount(scale * value, unit, signed=column == "change", named=False))
            own = receiver == source and column == "baseline"
            shade = "own" if own else _shade(value, largest)
            second = f"{100 * row['share']:.1f} %" if column == "baseline" else _percent(row)
            cells.append(Html(f'<span class="heat {shade}"><b>{text}</b><small>{second}</small></span>'))
        lines.append(cells)
    heads = [say("ideas.receiver"), *(_name(page, str(source)) for source in sources)]
    return table(heads, lines, css="compact heatmap", numbers=range(1, len(sources) + 1))


def _percent(row: dict) -> str:
    value = finite(row["change_percent"])
    return "–" if value is None else f"{value:+.2g} %".replace("-", "−") if value else "0"


def _shade(value: float, largest: float) -> str:
    if largest <= 0 or value == 0:
        return "heat-0"
    depth = min(SHADES, 1 + int(SHADES * (abs(value) / largest) ** 0.5 * 0.999))
    return f"heat-{depth}" if value > 0 else f"cold-{depth}"


def _name(page: Page, key: str) -> Both:
    return say(f"ideas.{key}") if key in ("elsewhere", "abroad") else page.names.jurisdiction(key)


def _observed(page: Page) -> str:
    """What has been observed beside the model, with a verdict on signs and rankings alone."""
    rows = page.tables.rows("idea_fit")
    if not rows:
        return str(note(say("ideas.no_fit")))
    words = load_text("terminal")["path"]
    lines = []
    for row in rows:
        flow = words["flows"].get(row["flow"], {"en": spoken(str(row["flow"])), "zh": spoken(str(row["flow"]))})
        check = words["check"][row["check"]]
        name = Both(f"{flow['en']}: {check['en']}", f"{flow['zh']}：{check['zh']}")
        money = str(row["unit"]).startswith("million_")
        unit = unit_of(BN) if money else unit_of("1")
        numbers = [amount(None if (v := finite(row[side])) is None else v * (1e-3 if money else 1.0), unit) for side in ("data", "model")]
        if row["check"] == "ranking":
            numbers = [ratio(finite(row[side])) for side in ("data", "model")]
        agrees = row["agrees"]
        verdict = (
            ""
            if agrees is None
            else Html(f'<span class="{"ok" if agrees else "bad"}">{span(say("ideas.agrees" if agrees else "ideas.differs"))}</span>')
        )
        lines.append([name, _ends(page, row), str(row["year"]), *numbers, verdict])
    heads = [say("ideas.observed"), say("ideas.ends"), say("time.year"), say("words.data"), say("words.model"), say("ideas.sign")]
    judged = [row["agrees"] for row in rows if row["agrees"] is not None]
    body = table(heads, lines, css="compact", numbers=(3, 4))
    body += f'<p class="sub">{span(say("ideas.observed_note", right=sum(judged), count=len(judged)))}</p>'
    return str(panel(say("ideas.fit"), body, say("ideas.fit_sub")))


def ratio(value: float | None) -> str:
    """How many times the second the first is; where one of them is next to nothing, that and no number."""
    return plain(value) if value is None or 1 / FAR < value < FAR else f"> {FAR:,}" if value >= FAR else f"< 1/{FAR:,}"


def _ends(page: Page, row: dict) -> Both:
    def said(names: str) -> Both:
        parts = [page.names.place(name) if name in page.names.places else page.names.jurisdiction(name) for name in names.split("+")]
        return Both(", ".join(part.en for part in parts), "、".join(part.zh for part in parts))

    source = said(str(row["from"]))
    ends = [said(part) for part in str(row["to"]).split(" / ")]
    first = Both(f"{source.en} → {ends[0].en}", f"{source.zh} → {ends[0].zh}")
    if len(ends) == 1:
        return first
    return Both(f"{first.en}, against {ends[1].en}", f"{first.zh}，对比{ends[1].zh}")
