"""The one-page summary: headline numbers, each government's needs at a glance, and what to know before quoting."""

from __future__ import annotations

import polars as pl

from bridgehead.report.figures.frame import Html, Page, finite, section, table
from bridgehead.report.figures.matrix import direction_class, ends, first_lines, range_text
from bridgehead.report.figures.numbers import Unit, amount, unit_of
from bridgehead.report.figures.words import Both, both, say, span

__all__ = ["BN", "summary", "welfare_of", "zone_sums"]

BN = "bn yuan/year"


def summary(page: Page) -> Html:
    """The first page: cards, needs at a glance, five cautions."""
    keys = ("1", "2", "3", "4", "5") if page.names.joint == "sci_tech_city" else ("2", "3", "4_plain", "5")
    reads = "".join(f"<li>{span(say(f'summary.read_{key}'), markup='html')}</li>" for key in keys)
    cautions = f'<aside class="read"><h3>{span(say("summary.read"))}</h3><ul>{reads}</ul></aside>'
    return section("summary", [_cards(page), _glance(page), cautions])


def zone_sums(page: Page, scenario: str, column: str) -> dict[str, float]:
    """zone_results of one scenario by group (zone · host · province · elsewhere · net), bn a year."""
    sums: dict[str, float] = {}
    for row in page.tables["zone_results"].filter(pl.col("scenario") == scenario).to_dicts():
        value = finite(row.get(column))
        if value is not None:
            sums[row["group"]] = sums.get(row["group"], 0.0) + value
    return sums


def welfare_of(page: Page) -> dict[str, float | None]:
    """Welfare of the mainland's people in money by scenario, bn a year: the sum over origins."""
    frame = page.tables["origins"]
    if "ev_bn" not in frame.columns:
        return {}
    if "mainland" in frame.columns:
        frame = frame.filter(pl.col("mainland").cast(pl.String).str.to_lowercase() == "true")
    sums = frame.group_by("scenario", maintain_order=True).agg(pl.col("ev_bn").cast(pl.Float64).sum())
    return dict(zip(sums["scenario"], sums["ev_bn"], strict=True))


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
    value = zone_sums(page, page.lead, "value_added").get("net", _from_matrix(page, page.lead))
    if value is None:
        return ""
    name, net, sub = page.names.short(page.lead), say("summary.net"), say("summary.net_sub")
    title = both(f"{name.en}: {net.en.lower()}", f"{name.zh}：{net.zh}")
    row = next((row for row in first_lines(page) if row["unit"].startswith("bn ") and _near(finite(row.get(page.lead)), value)), None)
    known = {} if row is None else _ranges(page).get(row["need"], {})
    if known:
        more = say("summary.net_range", range=range_text(known, unit_of(row["unit"])), draws=f"{known['draws']:,}")
        sub = Both(f"{more.en}; {sub.en}", f"{more.zh}；{sub.zh}")
    return _card(title, amount(value, unit_of(BN), signed=True), sub, "lead-card")


def _near(one: float | None, other: float) -> bool:
    return one is not None and abs(one - other) <= 1e-6 * abs(other)


def _ranges(page: Page) -> dict[str, dict]:
    """Ranges of the first line of every need under the leading scenario, by need; {} without an ensemble."""
    return {
        row["need"]: row for row in page.tables.rows("ranges") if row["scenario"] == page.lead and str(row["line"]) == "1" and row["draws"]
    }


def _from_matrix(page: Page, scenario: str) -> float | None:
    money = [row for row in first_lines(page) if row["unit"].startswith("bn ")]
    return finite(money[0].get(scenario)) if money else None


def _zone_cards(page: Page) -> list[str]:
    if page.lead is None:
        return []
    cards, unit = [], unit_of(BN)
    sums = zone_sums(page, page.lead, "value_added")
    if "zone" in sums and "net" in sums:
        gained, lost = (amount(value, unit, signed=True, named=False) for value in _outside(page, page.lead))
        sub = say("summary.sides_sub", gained=gained, lost=lost)
        cards.append(_card(say("summary.sides"), amount(sums["zone"], unit, signed=True), sub))
    welfare = welfare_of(page).get(page.lead)
    if welfare is not None:
        cards.append(_card(say("summary.welfare"), amount(welfare, unit, signed=True), say("summary.welfare_sub")))
    return cards


def _outside(page: Page, scenario: str) -> tuple[float, float]:
    """What the rows of zone_results outside the zone gain, and what they lose, bn a year."""
    rows = page.tables["zone_results"].filter((pl.col("scenario") == scenario) & ~pl.col("group").is_in(["zone", "net"]))
    values = [finite(value) or 0.0 for value in rows["value_added"]]
    return sum(max(value, 0.0) for value in values), sum(min(value, 0.0) for value in values)


def _certified_card(page: Page) -> str:
    count = f"{len(page.solved)} / {len(page.scenarios)}"
    css = "" if len(page.solved) == len(page.scenarios) else "warn"
    sub = say("summary.certified_sub")
    return f'<div class="card {css}"><h3>{span(say("summary.certified"))}</h3><p class="big">{count}</p><p>{span(sub)}</p></div>'


def _glance(page: Page) -> str:
    if page.lead is None:
        return ""
    lead = page.names.short(page.lead)
    ranges = _ranges(page)
    does = say("summary.does_ranges" if ranges else "summary.does", lead=lead)
    heads = [say("words.need"), say("words.measure"), does, say("summary.strongest")]
    rows, last = [], None
    for row in first_lines(page):
        if row["government"] != last:
            last = row["government"]
            rows.append([Html(f'<span class="gov gov-{len(rows) and 1}">{span(page.names.government(last))}</span>'), "", "", ""])
        rows.append(_glance_row(page, row, ranges.get(row["need"])))
    body = table(heads, rows, css="glance")
    return f'<h3>{span(say("summary.needs"))}</h3><p class="sub">{span(say("summary.needs_sub", lead=lead))}</p>{body}'


def _glance_range(known: dict | None, unit: Unit) -> str:
    """The range of a need, dotted where its sign is not sure; nothing without an ensemble."""
    if known is None:
        return ""
    tip = say("summary.tip_positive", positive=f"{100 * known['positive']:.0f} %", draws=f"{known['draws']:,}")
    return ends(known, unit, tip)


def _glance_row(page: Page, row: dict, known: dict | None) -> list[object]:
    unit = unit_of(row["unit"])
    value = finite(row.get(page.lead))
    shade = direction_class(value, row["better"], abs(value) if value else None)
    shown = Html(
        f'<span class="pill {shade}">{span(amount(value, unit, signed=True))}</span>{_glance_range(known if value is not None else None, unit)}'
    )
    measure = page.names.measure(row["need"], row["line"], row.get("measure") or "")
    return [page.names.need(row["need"]), measure, shown, _strongest(page, row)]


def _strongest(page: Page, row: dict) -> Html | str:
    sign = -1.0 if row["better"] == "down" else 1.0
    single = [key for key in page.solved if key != page.names.joint]
    values = {key: finite(row.get(key)) for key in single}
    helped = {key: sign * value for key, value in values.items() if value is not None and sign * value > 0}
    if not helped:
        return Html(span(say("words.none")))
    best = max(helped, key=lambda key: helped[key])
    return Html(f'{span(page.names.short(best))} <span class="dim">{span(amount(values[best], unit_of(row["unit"]), signed=True))}</span>')
