"""Who gains and who loses: a zone's gain by where it came from, provinces of work, and origins of people."""

from __future__ import annotations

import polars as pl

from bridgehead.report.charts import Bar, diverging_bars, waterfall
from bridgehead.report.figures.frame import Html, Page, chooser, finite, note, panel, section
from bridgehead.report.figures.numbers import Unit, amount, unit_of
from bridgehead.report.figures.places import change_variables
from bridgehead.report.figures.summary import BN, zone_rows
from bridgehead.report.figures.words import Both, load_text, say, span

__all__ = ["gains"]

STEPS = ("zone_sides", "host_counties", "provinces", "elsewhere")
SHOWN_ORIGINS = 12


def gains(page: Page) -> Html:
    """One panel group a solved scenario, of which the page shows the chosen one."""
    groups = []
    for key in page.solved:
        hidden = "" if key == page.lead else " hidden"
        name = f'<h3 class="chosen">{span(page.names.scenario(key))}</h3>'
        pair = f'<div class="pair">{_provinces(page, key)}{_origins(page, key)}</div>'
        groups.append(f'<div class="of-scenario" data-of="{key}"{hidden}>{name}{_zone(page, key)}{pair}</div>')
    return section("gains", [f'<div class="bar">{chooser(page, "scenario", say("words.scenario"))}</div>', *groups])


def _zone(page: Page, key: str) -> str:
    rows = zone_rows(page, key)
    if rows.get("net", (None, ""))[0] is None:
        return note(say("gains.no_zone"), "sub") if page.names.joint and not page.names.is_zone(key) else ""
    unit = unit_of(rows["net"][1])
    steps = [_bar(name, rows[name][0], unit) for name in STEPS if name in rows]
    chart = waterfall(steps, _bar("net", rows["net"][0], unit, "hero"), say("gains.zone_title"))
    return str(panel(say("gains.zone_title"), f'<div class="zone-result">{chart}{_beside(rows)}</div>', say("gains.zone_sub")))


def _bar(name: str, value: float | None, unit: Unit, css: str = "") -> Bar:
    return Bar(say(f"gains.row_{name}"), value, amount(value, unit, signed=True, named=False), css)


def _beside(rows: dict) -> str:
    """Welfare and what else the table gives, in figures beside the waterfall; net first."""
    known = load_text("strings")["gains"]
    order = ["net", "welfare", *[name for name in rows if name not in (*STEPS, "net", "welfare")]]
    parts = []
    for name in order:
        if name not in rows:
            continue
        value, unit = rows[name]
        title = say(f"gains.row_{name}") if f"row_{name}" in known else Both(name.replace("_", " "), name.replace("_", " "))
        parts.append(f"<dt>{span(title)}</dt><dd>{span(amount(value, unit_of(unit), signed=True))}</dd>")
    return f'<dl class="figures">{"".join(parts)}</dl>'


def _provinces(page: Page, key: str) -> str:
    frame = page.tables["places_change"].filter(pl.col("scenario") == key)
    money = next((v for v in change_variables(page) if v.money), None)
    if money is None or "province" not in page.region.places.columns:
        return ""
    level = page.region.places.select("place", "province")
    sums = frame.join(level, on="place").group_by("province", maintain_order=True).agg(pl.col(money.column).sum())
    drawn = [row for row in sums.to_dicts() if row["province"] in page.shapes.labels or not page.shapes.labels]
    drawn.sort(key=lambda row: list(page.shapes.labels).index(row["province"]) if page.shapes.labels else 0)
    bars = []
    for row in drawn:
        value = finite(row[money.column])
        bars.append(Bar(page.names.jurisdiction(str(row["province"])), value, amount(value, money.unit, signed=True, named=False)))
    total = finite(sum(row[money.column] or 0.0 for row in drawn))
    bars.append(Bar(say("words.provinces_all"), total, amount(total, money.unit, signed=True, named=False), "hero"))
    sub = Both(*(f"{s} {u}" for s, u in zip(say("gains.province_sub"), ("", ""), strict=True)))
    return str(panel(say("gains.province"), diverging_bars(bars, say("gains.province")), sub))


def _origins(page: Page, key: str) -> str:
    frame = page.tables["origins"].filter(pl.col("scenario") == key)
    money = next((c for c in ("equivalent_variation", "welfare_bn_yuan", "ev_bn_yuan", "ev", "equivalent_variation_bn_yuan") if c in frame.columns), None)
    column = money or next((c for c in ("welfare_change_percent", "welfare_change") if c in frame.columns), None)
    if column is None:
        return ""
    unit, sub = (unit_of(BN), say("gains.origin_sub_money")) if money else (unit_of("%"), say("gains.origin_sub_percent"))
    rows = [(str(row["origin"]), finite(row[column])) for row in frame.to_dicts()]
    bars = _origin_bars(page, rows, unit, summed=money is not None)
    return str(panel(say("gains.origin"), diverging_bars(bars, say("gains.origin")), sub))


def _origin_bars(page: Page, rows: list, unit: Unit, *, summed: bool) -> list[Bar]:
    """The region's own origins first, then the most affected others, and the rest as one bar where they can be added."""
    own = [row for row in rows if row[0] in page.shapes.labels]
    rest = sorted((row for row in rows if row not in own), key=lambda row: -abs(row[1] or 0.0))
    shown = own + rest[: SHOWN_ORIGINS - len(own)]
    left = rest[SHOWN_ORIGINS - len(own) :]
    bars = [Bar(page.names.jurisdiction(name), value, amount(value, unit, signed=True, named=False)) for name, value in shown]
    if left and summed:
        value = sum(value or 0.0 for _, value in left)
        bars.append(Bar(say("gains.others", n=len(left)), value, amount(value, unit, signed=True, named=False), "soft"))
    return bars
