"""The table of needs: rows grouped by government, columns strategies, zones and the zones together, as a heat map."""

from __future__ import annotations

import re

from bridgehead.report.figures.frame import Html, Page, finite, note, section
from bridgehead.report.figures.numbers import Unit, amount, brief, level, plain, unit_of
from bridgehead.report.figures.words import Both, attributes, both, escape, load_text, say, span

__all__ = ["direction_class", "ends", "first_lines", "is_unsure", "needs", "range_text", "sourced", "told"]

# Shares of the row's largest effect at which the shade deepens; the legend names the same numbers.
SHADES = (0.01, 0.1, 0.5)
EXACT_ZERO = 0.0
UNSURE = 0.1
"""A sign is unsure where at least this share of an ensemble's draws has the other one."""


def is_unsure(found: dict) -> bool:
    """Whether fewer than nine draws of ten agree on the sign; found: a row of the table of ranges."""
    return UNSURE < found["positive"] < 1.0 - UNSURE


def range_text(found: dict, unit: Unit) -> Both:
    """5 to 95 % of an ensemble's draws, without the unit."""
    return Both(*(f"{brief(found['p5'] * scale)} … {brief(found['p95'] * scale)}" for scale in (unit.scale_en, unit.scale_zh)))


def ends(found: dict, unit: Unit, tip: Both | None = None) -> str:
    """The range below a number, dotted where its sign is not sure."""
    css, more = "ends unsure" if is_unsure(found) else "ends", f" {attributes('data-tip', tip)}" if tip else ""
    return f'<small class="{css}"{more}>{span(range_text(found, unit))}</small>'


def first_lines(page: Page) -> list[dict]:
    """The rows of line 1 in the table's order."""
    return [row for row in page.tables.rows("matrix") if str(row["line"]) == "1"]


def direction_class(value: float | None, better: str, largest: float | None) -> str:
    """The CSS class of a cell: good or bad for the need, four shades by its share of the row's largest effect."""
    if value is None or not largest or abs(value) < 1e-14:
        return "flat"
    share = abs(value) / largest
    depth = 1 + sum(share >= bound for bound in SHADES)
    good = (value > 0) == (better != "down")
    return f"{'good' if good else 'bad'}-{depth}"


def told(text: str) -> Both:
    """A note of the tables in both languages: known ones word for word, known beginnings with the rest kept."""
    notes = load_text("notes")
    if text in notes["whole"]:
        return both(text, notes["whole"][text])
    for entry in notes["pattern"]:
        found = re.fullmatch(entry["en"], text)
        if found:
            return both(text, found.expand(entry["zh"]))
    return both(text)


def sourced(text: str) -> Both:
    """A source in both languages; only those that are no publication have Chinese words. The builder's own file is left out."""
    said = re.sub(r"^elasticities\.csv[,:] ", "", text)
    return both(said, load_text("notes")["source"].get(said))


def needs(page: Page) -> Html:
    """The section with the whole table, its legend, and the reasons of empty cells."""
    reasons = _Reasons()
    body = _table(page, reasons)
    button = f'<button type="button" class="tool" id="all-lines" aria-pressed="false">{span(say("needs.all_lines"))}</button>'
    parts = [f'<div class="bar">{_legend()}{button}</div>', body, note(say("needs.long_run"))]
    if page.tables["ranges"].height:
        parts.insert(2, note(say("needs.ranges", draws=f"{page.tables['ranges']['draws'].max():,}")))
    if page.names.joint:
        parts.append(note(say("needs.upper")))
    parts.append(reasons.listed())
    return section("needs", parts)


class _Reasons:
    """Numbers the reasons of empty cells in the order they are met."""

    def __init__(self) -> None:
        self.known: dict[Both, int] = {}

    def mark(self, reason: Both) -> str:
        """The number of a reason; reasons that differ in the figures in brackets alone are one (the cell's tip has the figures)."""
        reason = Both(*(re.sub(r" ?[(（][^()（）]*\d[^()（）]*[)）]", "", text) for text in reason))
        number = self.known.setdefault(reason, len(self.known) + 1)
        return f'<sup><a href="#why-{number}">{number}</a></sup>'

    def listed(self) -> str:
        if not self.known:
            return ""
        items = "".join(f'<li id="why-{number}">{span(reason)}</li>' for reason, number in self.known.items())
        return f'<div class="reasons"><h4>{span(say("needs.reasons"))}</h4><ol>{items}</ol></div>'


def _legend() -> str:
    bounds = ["&lt; 1 %", "1–10 %", "10–50 %", "&gt; 50 %"]

    def side(kind: str, name: str) -> str:
        swatches = "".join(f'<i class="{kind}-{depth + 1}">{bound}</i>' for depth, bound in enumerate(bounds))
        return f'<span class="swatches"><b>{span(say(name))}</b>{swatches}</span>'

    title = span(say("needs.legend"))
    return f'<div class="legend"><span class="dim">{title}</span>{side("good", "needs.legend_good")}{side("bad", "needs.legend_bad")}</div>'


def _groups(page: Page) -> list[tuple[str, Both, list[str]]]:
    groups: dict[str, list[str]] = {}
    for key in page.scenarios:
        kind = page.names.scenarios.get(key, {}).get("kind", "other")
        group = {"zone": "zones", "joint": "joint"}.get(kind) or str(page.names.scenarios.get(key, {}).get("government") or "other")
        groups.setdefault(group, []).append(key)
    titles = {"zones": say("words.zones"), "joint": both("", ""), "other": say("words.scenarios")}
    return [(group, titles.get(group) or page.names.government(group), keys) for group, keys in groups.items()]


def _head(page: Page) -> str:
    groups = _groups(page)
    top = "".join(f'<th colspan="{len(keys)}" scope="colgroup" class="group">{span(title)}</th>' for _, title, keys in groups)
    names = []
    for group, _, keys in groups:
        for index, key in enumerate(keys):
            css = f"col{' first' if index == 0 else ''}{' joint' if group == 'joint' else ''}"
            full = page.names.scenario(key)
            names.append(f'<th scope="col" class="{css}" {attributes("title", full)}>{span(page.names.short(key))}</th>')
    first = f'<th rowspan="2" scope="col">{span(say("words.need"))}</th>'
    first += f'<th rowspan="2" scope="col" class="num">{span(say("words.baseline"))}</th>'
    return f"<thead><tr>{first}{top}</tr><tr>{''.join(names)}</tr></thead>"


def _table(page: Page, reasons: _Reasons) -> str:
    status = {(row["need"], str(row["line"]), row["scenario"]): row for row in page.tables.rows("matrix_long")}
    for row in page.tables.rows("ranges"):
        status.get((row["need"], str(row["line"]), row["scenario"]), {})["range"] = row
    rows, government, columns = [], None, len(page.scenarios) + 2
    listed = page.tables.rows("matrix")
    for row in listed:
        if row["government"] != government:
            government = row["government"]
            rows.append(f'<tr class="gov"><th colspan="{columns}" scope="rowgroup">{span(page.names.government(government))}</th></tr>')
        more = sum(other["need"] == row["need"] for other in listed) - 1
        rows.append(_row(page, row, status, reasons, more))
    return f'<div class="scroll"><table class="matrix">{_head(page)}<tbody>{"".join(rows)}</tbody></table></div>'


def _row(page: Page, row: dict, status: dict, reasons: _Reasons, more: int) -> str:
    line = str(row["line"])
    values = [finite(row.get(key)) for key in page.scenarios]
    largest = max((abs(value) for value in values if value is not None), default=None)
    starts = {keys[0] for _, _, keys in _groups(page)}
    cells = []
    for key, value in zip(page.scenarios, values, strict=True):
        found = status.get((row["need"], line, key), {})
        css = " first" if key in starts else ""
        css += " joint" if key == page.names.joint else ""
        cells.append(_cell(page, key, value, row, largest, found, reasons, css))
    first = line == "1"
    css = "one" if first else "two"
    head = _row_head(page, row, more if first else 0)
    return f'<tr class="{css}" data-need="{escape(row["need"])}">{head}{_baseline(row)}{"".join(cells)}</tr>'


def _row_head(page: Page, row: dict, more: int) -> str:
    line = str(row["line"])
    unit = unit_of(row["unit"])
    better = say("words.better_down") if row["better"] == "down" else say("words.better_up")
    arrow = "↓" if row["better"] == "down" else "↑"
    measure = page.names.measure(row["need"], line, row.get("measure") or "")
    mark = f'<span class="arrow" {attributes("title", better)}>{arrow}</span>'
    small = f'<span class="measure">{span(measure)} {mark} <em>{span(unit.label)}</em></span>'
    if line != "1":
        return f'<th scope="row">{small}</th>'
    entry = page.names.needs.get(row["need"], {})
    name = page.names.need(row["need"])
    more_than_name = str(entry.get("quote") or name.en).casefold() != name.en.casefold()
    quote = both(entry["quote"], entry.get("quote_zh")) if more_than_name else None
    # The founding document's own words, where they are more than the need's name.
    quoted = f'<span class="quote">{span(_quoted(quote))}</span>' if quote else ""
    toggle = ""
    if more:
        label = attributes("aria-label", say("needs.more"))
        toggle = f'<button type="button" class="more" aria-expanded="false" data-more="{escape(row["need"])}" {label}>+</button>'
    return f'<th scope="row">{toggle}<strong>{span(name)}</strong>{quoted}{small}</th>'


def _quoted(text: Both) -> Both:
    return Both(f'"{text.en}"', f"“{text.zh}”")


def _baseline(row: dict) -> str:
    unit = unit_of(row["unit"])
    value = finite(row.get("baseline"))
    return f'<td class="num base">{span(level(value, unit, named=False))}</td>'


def _cell(page: Page, key: str, value: float | None, row: dict, largest: float | None, found: dict, reasons: _Reasons, css: str) -> str:
    unit = unit_of(row["unit"])
    name = page.names.scenario(key)
    written = str(found.get("note") or "").strip()
    if value is None:
        reason = told(written) if written else say("needs.undefined")
        if key not in page.solved:
            unsolved = say("needs.unsolved")
            reason = Both(f"{unsolved.en}: {reason.en}", f"{unsolved.zh}：{reason.zh}") if written else unsolved
        tip = say("needs.tip_none", scenario=name, reason=reason)
        return f'<td class="num none{css}" {attributes("data-tip", tip)}>–{reasons.mark(reason)}</td>'
    base = level(finite(row.get("baseline")), unit)
    tip = say("needs.tip", scenario=name, value=amount(value, unit, signed=True), baseline=base)
    mark = reasons.mark(told(written)) if written and value == EXACT_ZERO else ""
    numbers = Both(brief(value * unit.scale_en), brief(value * unit.scale_zh))
    if abs(value) < 1e-12:
        numbers = Both(plain(0.0), plain(0.0))
    shade = direction_class(value, row["better"], largest)
    below, tip = _range(found.get("range"), unit, tip)
    return f'<td class="num {shade}{css}" {attributes("data-tip", tip)}>{span(numbers)}{mark}{below}</td>'


def _range(found: dict | None, unit: Unit, tip: Both) -> tuple[str, Both]:
    """(5 to 95 % of an ensemble's draws below a cell, the cell's tip with them); nothing where no draw has a number."""
    if found is None or not found["draws"]:
        return "", tip
    positive = f"{100 * found['positive']:.0f} %"
    more = say("needs.tip_range", range=range_text(found, unit), positive=positive, draws=f"{found['draws']:,}")
    return ends(found, unit), Both(f"{tip.en} {more.en}", f"{tip.zh}{more.zh}")
