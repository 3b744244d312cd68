"""Who gains and who loses: a zone's gain by where it came from, provinces of work, origins of people, and open borders."""

from __future__ import annotations

import polars as pl

from bridgehead.report.charts import Bar, diverging_bars, waterfall
from bridgehead.report.figures.frame import Html, Page, chooser, finite, note, panel, section, table
from bridgehead.report.figures.numbers import Unit, amount, plain, unit_of
from bridgehead.report.figures.summary import BN, zone_sums
from bridgehead.report.figures.words import Both, both, load_text, say, span

__all__ = ["gains"]

STEPS = ("zone", "host", "province", "elsewhere")
FACTS = ("residents", "jobs", "jobs_per_resident", "share_inside", "mean_minutes", "excess_commuting")
SHARES = ("share_inside", "excess_commuting")
SHOWN_ORIGINS = 11


def gains(page: Page) -> Html:
    """One panel group a solved scenario, of which the page shows the chosen one; then what the border itself is."""
    groups = []
    for key in page.solved:
        hidden = "" if key == page.lead else " hidden"
        name = f'<h3 class="chosen">{span(page.names.scenario(key))}</h3>'
        pair = f'<div class="pair">{_provinces(page, key)}{_origins(page, key)}</div>'
        groups.append(f'<div class="of-scenario" data-of="{key}"{hidden}>{name}{_zone(page, key)}{pair}{_facts(page, key)}</div>')
    chosen = f'<div class="bar">{chooser(page, "scenario", say("words.scenario"))}</div>'
    return section("gains", [chosen, *groups, _opening(page)])


def _zone(page: Page, key: str) -> str:
    sums, unit = zone_sums(page, key, "value_added"), unit_of(BN)
    if "net" not in sums:
        return note(say("gains.no_zone"), "sub") if page.names.joint and not page.names.is_zone(key) else ""
    steps = [_bar(name, sums[name], unit) for name in STEPS if name in sums]
    chart = waterfall(steps, _bar("net", sums["net"], unit, "hero"), say("gains.zone_title"))
    body = f'<div class="zone-result">{chart}{_zone_table(page, key)}</div>'
    return str(panel(say("gains.zone_title"), body, say("gains.zone_sub")))


def _bar(name: str, value: float | None, unit: Unit, css: str = "") -> Bar:
    return Bar(say(f"gains.row_{name}"), value, amount(value, unit, signed=True, named=False), css)


def _zone_table(page: Page, key: str) -> str:
    """Value added and welfare of every row beside each other, net first; per cent last and small."""
    unit = unit_of(BN)
    rows = page.tables["zone_results"].filter(pl.col("scenario") == key).to_dicts()
    rows.sort(key=lambda row: row["group"] != "net")
    lines = []
    for row in rows:
        name = _zone_name(page, row)
        label = Html(f"<strong>{span(say('gains.row_net'))}</strong>") if row["group"] == "net" else name
        numbers = [amount(finite(row.get(column)), unit, signed=True, named=False) for column in ("value_added", "welfare")]
        percent = amount(finite(row.get("value_added_percent")), unit_of("%"), signed=True)
        living = amount(finite(row.get("value_of_living_percent")), unit_of("%"), signed=True)
        lines.append([label, *numbers, *(Html(f'<span class="dim">{span(text)}</span>') for text in (percent, living))])
    heads = [say("gains.share"), say("gains.value_added"), say("gains.welfare"), say("gains.value_added_percent"), say("gains.living")]
    return f'<div>{table(heads, lines, css="compact", numbers=(1, 2, 3, 4))}<p class="sub">{span(say("gains.zone_table"))}</p></div>'


def _zone_name(page: Page, row: dict) -> Both:
    """The row's own name; a jurisdiction the tables give only as an id in the Chinese name is looked up."""
    place = str(row["row"]).partition(".")[2]
    if row["group"] == "province":
        known = page.names.jurisdiction(place)
        return Both(f"Rest of {known.en}", f"{known.zh}其余部分")
    return both(row.get("name") or row["row"], row.get("name_zh"))


def _provinces(page: Page, key: str) -> str:
    frame = page.tables["places_change"].filter(pl.col("scenario") == key)
    if "value_added_change" not in frame.columns or "province" not in page.region.places.columns:
        return ""
    level = page.region.places.select("place", pl.col("province").cast(pl.String))
    sums = frame.join(level, on="place").group_by("province", maintain_order=True).agg(pl.col("value_added_change").cast(pl.Float64).sum())
    found = {name: value / 1000.0 for name, value in sums.iter_rows()}
    drawn = [name for name in page.shapes.labels if name in found]
    unit, title = unit_of(BN), say("gains.province")

    def bar(name: Both, value: float, css: str = "") -> Bar:
        return Bar(name, value, amount(value, unit, signed=True, named=False), css)

    bars = [bar(page.names.jurisdiction(name), found[name]) for name in drawn]
    rest = [value for name, value in found.items() if name not in drawn]
    if rest:
        bars.append(bar(say("gains.elsewhere"), sum(rest)))
    bars.append(bar(say("gains.row_net"), sum(found.values()), "hero"))
    return str(panel(title, diverging_bars(bars, title), say("gains.province_sub")))


def _origins(page: Page, key: str) -> str:
    frame = page.tables["origins"].filter(pl.col("scenario") == key)
    money = "ev_bn" in frame.columns
    column = next((c for c in ("ev_bn", "welfare_change_percent") if c in frame.columns), None)
    if column is None:
        return ""
    unit, sub = (unit_of(BN), say("gains.origin_sub_money")) if money else (unit_of("%"), say("gains.origin_sub_percent"))
    rows = [(str(row["origin"]), finite(row[column]), finite(row.get("welfare_change_percent"))) for row in frame.to_dicts()]
    title = say("gains.origin")
    return str(panel(title, diverging_bars(_origin_bars(page, rows, unit, money=money), title), sub))


def _origin_bars(page: Page, rows: list, unit: Unit, *, money: bool) -> list[Bar]:
    """The region's own origins first, then the most affected others, and the rest as one bar where they can be added."""
    own = [row for row in rows if row[0] in page.shapes.labels]
    rest = sorted((row for row in rows if row not in own), key=lambda row: -abs(row[1] or 0.0))
    shown, left = own + rest[: SHOWN_ORIGINS - len(own)], rest[SHOWN_ORIGINS - len(own) :]
    bars = []
    for name, value, percent in shown:
        text = amount(value, unit, signed=True, named=False)
        if money and percent is not None:
            small = amount(percent, unit_of("%"), signed=True)
            text = Both(f"{text.en} ({small.en})", f"{text.zh}（{small.zh}）")
        bars.append(Bar(page.names.jurisdiction(name), value, text))
    if left and money:
        value = sum(value or 0.0 for _, value, _ in left)
        bars.append(Bar(say("gains.others", n=len(left)), value, amount(value, unit, signed=True, named=False), "soft"))
    return bars


def _facts(page: Page, key: str) -> str:
    """Jobs and homes of the sides, baseline beside scenario."""
    frame = page.tables["zone_facts"]
    now = frame.filter(pl.col("scenario") == key).to_dicts()
    before = {row["row"]: row for row in frame.filter(pl.col("scenario") == "baseline").to_dicts()}
    if not now:
        return ""
    lines = []
    for row in now:
        old = before.get(row["row"], {})
        lines.append([both(row.get("name") or row["row"], row.get("name_zh")), *[_then_now(name, old, row) for name in FACTS]])
    heads = [say("gains.share"), *[say(f"gains.{name}") for name in FACTS]]
    body = table(heads, lines, css="compact", numbers=range(1, 1 + len(FACTS)))
    return str(panel(say("gains.facts"), body, say("gains.facts_sub")))


def _then_now(name: str, old: dict, new: dict) -> str:
    def one(row: dict) -> str:
        value = finite(row.get(name))
        if name in SHARES and value is not None:
            return f"{100 * value:.0f} %"
        return plain(value)

    return f"{one(old)} → {one(new)}" if old else one(new)


def _flow(flow: str, one: Both, other: Both) -> Both:
    known = load_text("levers")["flow"].get(flow, {"en": flow, "zh": flow})
    return Both(f"{known['en']}, {one.en} – {other.en}", f"{known['zh']}，{one.zh}–{other.zh}")


def _opening(page: Page) -> str:
    """The provincial part of a border beside everything that was fitted, the latter marked as an upper bound."""
    rows = page.tables.rows("opening")
    if not rows:
        return ""
    unit, lines = unit_of(BN), []
    for row in rows:
        part = say(f"opening.{row['part']}") if row["part"] in ("provincial_part", "everything") else both(row["part"])
        sides = [page.names.jurisdiction(str(row.get(side) or "–")) for side in ("one", "other")]
        flow = _flow(str(row["flow"]), *sides)
        upper = str(row.get("upper_bound")).lower() == "true"
        mark = f' <span class="tag">{span(say("options.upper"))}</span>' if upper else ""
        money = [amount(finite(row.get(c)), unit, signed=True, named=False) for c in ("net_gain", "gain_one", "gain_other", "welfare")]
        people = f"{plain(finite(row.get('commuters_before')))} → {plain(finite(row.get('commuters_after')))}"
        lines.append([flow, Html(span(part) + mark), *money, people])
    one, other = (page.names.jurisdiction(str(rows[0].get(side, "–"))) for side in ("one", "other"))
    heads = [say("opening.what"), "", say("opening.net"), one, other, say("opening.welfare"), say("opening.commuters")]
    body = table(heads, lines, css="compact", numbers=(2, 3, 4, 5, 6)) + f'<p class="sub">{span(say("opening.unit"))}</p>'
    return str(panel(say("opening.title"), body, say("opening.sub")))
