"""The one-page summary: headline numbers, each government's needs at a glance, and what to know before quoting."""

from __future__ import annotations

import polars as pl

from bridgehead.report.figures.frame import Html, Page, finite, section, table
from bridgehead.report.figures.matrix import direction_class, first_lines
from bridgehead.report.figures.numbers import amount, unit_of
from bridgehead.report.figures.words import Both, both, say, span

__all__ = ["summary"]

BN = "bn yuan/year"


def summary(page: Page) -> Html:
    """The first page: cards, needs at a glance, five cautions."""
    reads = "".join(f"<li>{span(say(f'summary.read_{i}'), markup='html')}</li>" for i in range(1, 6))
    cautions = f'<aside class="read"><h3>{span(say("summary.read"))}</h3><ul>{reads}</ul></aside>'
    return section("summary", [_cards(page), _glance(page), cautions])


def zone_rows(page: Page, scenario: str) -> dict[str, tuple[float | None, str]]:
    """The rows of zone_results of one scenario: row to (number, unit)."""
    frame = page.tables["zone_results"]
    column = next((name for name in ("value", "change", "bn_yuan", "bn yuan/year") if name in frame.columns), None)
    if column is None:
        return {}
    rows = frame.filter(pl.col("scenario") == scenario).to_dicts()
    return {row["row"]: (finite(row[column]), row.get("unit") or BN) for row in rows}


def _cards(page: Page) -> str:
    cards = [_net_card(page), *_zone_cards(page), _certified_card(page)]
    return f'<div class="cards">{"".join(card for card in cards if card)}</div>'


def _card(title: Both, value: Both, sub: Both, css: str = "") -> str:
    return f'<div class="card {css}"><h3>{span(title)}</h3><p class="big">{_big(value)}</p><p>{span(sub)}</p></div>'


def _big(value: Both) -> str:
    """The number large and its unit small."""

    def split(text: str) -> str:
        number, _, unit = text.partition(" ")
        return f"{number} <small>{unit}</small>" if unit else number

    return span(Both(split(value.en), split(value.zh)), markup="html")


def _net_card(page: Page) -> str:
    if page.lead is None:
        return ""
    rows = zone_rows(page, page.lead)
    value, unit = rows.get("net", (None, BN))
    if value is None:
        value, unit = _from_matrix(page, page.lead)
    if value is None:
        return ""
    title = both(f"{page.names.short(page.lead).en}: {say('summary.net').en.lower()}", f"{page.names.short(page.lead).zh}：{say('summary.net').zh}")
    return _card(title, amount(value, unit_of(unit), signed=True), say("summary.net_sub"), "lead-card")


def _from_matrix(page: Page, scenario: str) -> tuple[float | None, str]:
    lines = first_lines(page)
    money = [row for row in lines if row["unit"] == BN]
    return (finite(money[0].get(scenario)), BN) if money else (None, BN)


def _zone_cards(page: Page) -> list[str]:
    rows = zone_rows(page, page.lead) if page.lead else {}
    cards = []
    if rows.get("zone_sides", (None, ""))[0] is not None:
        value, unit = rows["zone_sides"]
        net = rows.get("net", (None, ""))[0]
        moved = None if net is None else value - net
        if moved is not None and moved > 0:
            sub = say("summary.sides_sub", moved=amount(moved, unit_of(unit)))
        else:
            sub = say("summary.sides_none")
        cards.append(_card(say("summary.sides"), amount(value, unit_of(unit), signed=True), sub))
    if rows.get("welfare", (None, ""))[0] is not None:
        value, unit = rows["welfare"]
        cards.append(_card(say("summary.welfare"), amount(value, unit_of(unit), signed=True), say("summary.welfare_sub")))
    return cards


def _certified_card(page: Page) -> str:
    count = f"{len(page.solved)} / {len(page.scenarios)}"
    css = "" if len(page.solved) == len(page.scenarios) else "warn"
    sub = say("summary.certified_sub")
    return f'<div class="card {css}"><h3>{span(say("summary.certified"))}</h3><p class="big">{count}</p><p>{span(sub)}</p></div>'


def _glance(page: Page) -> str:
    if page.lead is None:
        return ""
    lead = page.names.short(page.lead)
    heads = [say("words.need"), say("words.measure"), say("summary.does", lead=lead), say("summary.strongest")]
    rows, last = [], None
    for row in first_lines(page):
        if row["government"] != last:
            last = row["government"]
            rows.append([Html(f'<span class="gov gov-{len(rows) and 1}">{span(page.names.government(last))}</span>'), "", "", ""])
        rows.append(_glance_row(page, row))
    body = table(heads, rows, css="glance")
    return f'<h3>{span(say("summary.needs"))}</h3><p class="sub">{span(say("summary.needs_sub", lead=lead))}</p>{body}'


def _glance_row(page: Page, row: dict) -> list[object]:
    unit = unit_of(row["unit"])
    value = finite(row.get(page.lead))
    shade = direction_class(value, row["better"], abs(value) if value else None)
    shown = Html(f'<span class="pill {shade}">{span(amount(value, unit, signed=True))}</span>')
    return [page.names.need(row["need"]), page.names.measure(row["need"], row["line"], row.get("measure") or ""), shown, _strongest(page, row)]


def _strongest(page: Page, row: dict) -> Html | str:
    sign = -1.0 if row["better"] == "down" else 1.0
    single = [key for key in page.solved if key != page.names.joint]
    values = {key: finite(row.get(key)) for key in single}
    helped = {key: sign * value for key, value in values.items() if value is not None and sign * value > 0}
    if not helped:
        return Html(span(say("words.none")))
    best = max(helped, key=lambda key: helped[key])
    return Html(f'{span(page.names.short(best))} <span class="dim">{span(amount(values[best], unit_of(row["unit"]), signed=True))}</span>')
