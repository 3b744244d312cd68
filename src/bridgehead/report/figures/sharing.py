"""Public budgets and sharing: who pays and who gains, what all could sign, every rule's split, and the money year by year."""

from __future__ import annotations

import polars as pl

from bridgehead.report.charts import Bar, waterfall
from bridgehead.report.figures.frame import Html, Page, finite, note, panel, section, table
from bridgehead.report.figures.matrix import sourced
from bridgehead.report.figures.numbers import Unit, amount, plain, unit_of
from bridgehead.report.figures.words import Both, both, join, load_text, same, say, span
from bridgehead.report.planes import Axis, Mark, plane, series

__all__ = ["bn_of", "government_names", "sharing"]

GROUPS = (
    ("shared_taxes", ("value_added_tax", "corporate_income_tax", "personal_income_tax")),
    ("other_revenue", ()),
    ("land_sales", ("land_sales",)),
    ("land_development", ("land_development",)),
    ("road", ("road",)),
    ("research_subsidy", ("research_subsidy",)),
)
"""Bars of the waterfall: items of `budgets` put together; `other_revenue` is every tax that no other bar names."""
COSTS = ("land_sales", "land_development", "road", "research_subsidy")
COST_UNITS = {"land_development": "m {currency}/km2", "research_subsidy": "share", "road": "m {currency}"}
LINES = ("plan", "second", "third", "fourth")


def sharing(page: Page) -> Html:
    """The section; a sentence where nothing is shared."""
    if page.tables["sharing"].is_empty():
        return section("sharing", [note(say("sharing.none"))])
    parts = [_waterfalls(page), _governments(page), _verdict(page), _rules(page), _years(page), _rests(page)]
    return section("sharing", [part for part in parts if part])


def bn_of(page: Page) -> Unit:
    """The unit of yearly money."""
    return unit_of(f"bn {page.region.meta.currency}/year")


def government_names(page: Page) -> dict[str, Both]:
    """Governments by id."""
    return {row["government"]: both(row["name"], row["name_zh"]) for row in page.tables.rows("sharing")}


def _bn(value: object) -> float | None:
    number = finite(value)
    return None if number is None else number / 1000.0


def _term(page: Page, name: str) -> dict:
    return next((row for row in page.tables.rows("sharing_terms") if row["name"] == name), {"value": None, "text": ""})


def _waterfalls(page: Page) -> str:
    """One waterfall a government: taxes, land sold, what the plan costs it, and what is left."""
    rows, unit = page.tables["budgets"], bn_of(page)
    if rows.is_empty():
        return ""
    charts = []
    for id, name in government_names(page).items():
        items = {row["item"]: _bn(row["change"]) or 0.0 for row in rows.filter(pl.col("government") == id).to_dicts()}
        total = items.pop("total", 0.0)
        steps = [_bar(label, value, unit) for label, value in _grouped(items) if abs(value) > 5e-7]
        title = Both(f"{name.en}: {say('sharing.waterfall').en}", f"{name.zh}：{say('sharing.waterfall').zh}")
        chart = waterfall(steps, _bar("total", total, unit, "hero"), title, width=470)
        charts.append(f"<div><h4>{span(name)}</h4>{chart}</div>")
    return str(panel(say("sharing.who"), f'<div class="trio">{"".join(charts)}</div>', say("sharing.who_sub", unit=unit.label)))


def _grouped(items: dict[str, float]) -> list[tuple[str, float]]:
    """The items of a budget by the bars of the waterfall."""
    named = {item for _, members in GROUPS for item in members}
    sums = {label: sum(items.get(item, 0.0) for item in members) for label, members in GROUPS}
    sums["other_revenue"] = sum(value for item, value in items.items() if item not in named)
    return list(sums.items())


def _bar(label: str, value: float, unit: Unit, css: str = "") -> Bar:
    return Bar(say(f"sharing.item.{label}"), value, amount(value, unit, signed=True, named=False), css)


def _governments(page: Page) -> str:
    """Each government's budget and its people's welfare side by side, never added; alone, present value, rates, what it can accept."""
    unit, lines = bn_of(page), []

    def money(value: object) -> Both:
        return amount(_bn(value), unit, signed=True, named=False)

    for row in page.tables.rows("sharing"):
        low, high = (amount(_bn(row[name]), unit, named=False) for name in ("least", "most"))
        span_of = "–" if row["least"] is None else Both(f"{low.en} … {high.en}", f"{low.zh} … {high.zh}")
        now = amount(_bn(row["present_value"]), unit, signed=True, named=False)
        rates = " / ".join(_rate(row[name]) for name in ("internal_rate", "internal_rate_without_land_sales"))
        lines.append(
            [both(row["name"], row["name_zh"]), money(row["budget"]), money(row["welfare"]), money(row["alone"]), span_of, now, rates]
        )
    heads = [say(f"sharing.head.{name}") for name in ("government", "budget", "welfare", "alone", "range", "present", "rate")]
    years, rate = _term(page, "years")["value"], _term(page, "discount")["value"]
    terms = note(say("sharing.terms", years=f"{years:g}", rate=f"{100 * rate:g}"), "sub")
    return str(
        panel(
            say("sharing.table"), table(heads, lines, css="compact", numbers=range(1, 7)) + terms, say("sharing.table_sub", unit=unit.label)
        )
    )


def _rate(value: object) -> str:
    number = finite(value)
    return "–" if number is None else "> 100 %" if number > 1 else f"{plain(100 * number)} %"


def _verdict(page: Page) -> str:
    """Whether a split exists that all would sign, and what would have to change where none does."""
    unit = bn_of(page)
    values = {name: amount(_bn(_term(page, name)["value"]), unit) for name in ("grant", "core_grant")}
    if not _term(page, "signs")["value"]:
        return str(note(say("sharing.no_split", **values), "here"))
    if _term(page, "core_empty")["value"]:
        return str(note(say("sharing.no_core", **values), "here"))
    return str(note(say("sharing.core_is"), "note"))


def _rules(page: Page) -> str:
    """The plane of the first two governments beside the rules' table, and what carries each rule out."""
    body = f'<div class="pair wide-right">{_plane(page)}<div>{_rule_table(page)}</div></div>{_instruments(page)}'
    return str(panel(say("sharing.rules"), body, say("sharing.rules_sub", unit=bn_of(page).label)))


RULE_NUMBERS = {
    rule: number
    for number, rule in enumerate(("host_keeps_all", "increment_5050", "capped_5050", "equity", "shapley", "nash", "nucleolus"), start=1)
}
"""What rules are called on the plane, and in the table beside it."""


def _numbered(rule: str) -> Both:
    name = _rule_name(rule)
    return Both(f"{RULE_NUMBERS[rule]}\u00a0{name.en}", f"{RULE_NUMBERS[rule]}\u00a0{name.zh}")


def _rule_name(rule: str) -> Both:
    known = load_text("terminal")["share"]["rule"][rule]
    return Both(known["en"], known["zh"])


def _plane(page: Page) -> str:
    rows, names, unit = page.tables.rows("sharing_frontier"), government_names(page), bn_of(page)
    one, other = (names[rows[0][side]] for side in ("one", "other"))
    corners = [(_bn(row["x"]), _bn(row["y"])) for row in rows if row["what"] == "core"]
    marks = []
    for row in rows:
        if row["what"] == "core":
            continue
        threat = row["what"] == "threat"
        name = say("sharing.threat") if threat else _rule_name(row["name"])
        short = name if threat else same(RULE_NUMBERS[row["name"]])
        x, y = (amount(_bn(row[key]), unit) for key in ("x", "y"))
        tip = Both(f"{name.en}: {one.en} {x.en}, {other.en} {y.en}", f"{name.zh}：{one.zh} {x.zh}，{other.zh} {y.zh}")
        marks.append(Mark(_bn(row["x"]), _bn(row["y"]), short, tip, row["what"]))
    axes = tuple(Axis(Both(f"{n.en}, {unit.label.en}", f"{n.zh}，{unit.label.zh}"), unit.scale_en, unit.scale_zh) for n in (one, other))
    title = say("sharing.plane")
    key = f'<p class="key"><span><i class="core"></i>{span(say("sharing.core_key"))}</span></p>' if corners else ""
    return f"<div>{plane(corners, marks, title, axes)}{key}</div>"


def _rule_table(page: Page) -> Html:
    names, unit, lines = government_names(page), bn_of(page), []
    rows = page.tables["sharing_rules"]
    for rule in rows["rule"].unique(maintain_order=True):
        mine = rows.filter(pl.col("rule") == rule).to_dicts()
        got = {row["government"]: amount(_bn(row["amount"]), unit, named=False) for row in mine}
        marks = [_mark(mine[0][key]) for key in ("individually_rational", "in_core")]
        years = "–" if mine[0]["years"] is None else f"{mine[0]['years']:g}"
        lines.append([_numbered(rule), *(got[id] for id in names), *marks, years])
    heads = [say("sharing.head.rule"), *names.values(), *(say(f"sharing.head.{name}") for name in ("rational", "core", "years"))]
    return table(heads, lines, css="compact wrapped", numbers=range(1, len(names) + 1))


def _mark(holds: object) -> Html | str:
    if holds is None:
        return "–"
    yes = str(holds).lower() == "true"
    return Html(f'<span class="{"ok" if yes else "bad"}">{"✓" if yes else "✗"}</span>')


def _instruments(page: Page) -> str:
    """What each rule is, and who pays whom."""
    items, rows = [], page.tables["sharing_rules"]
    for rule in rows["rule"].unique(maintain_order=True):
        reason = rows.filter(pl.col("rule") == rule)["reason"][0]
        if reason:
            known = load_text("terminal")["share"]["why"][reason]
            said = Both(known["en"], known["zh"])
        else:
            said = _paid(page, rule)
        items.append(f"<li><strong>{span(_rule_name(rule))}</strong> {span(say(f'sharing.is.{rule}'))} {span(said)}</li>")
    return f'<h4>{span(say("sharing.how"))}</h4><ul class="instruments">{"".join(items)}</ul>'


def _paid(page: Page, rule: str) -> Both:
    names, unit = government_names(page), bn_of(page)
    said = []
    for row in page.tables.rows("sharing_payments"):
        if row["rule"] == rule:
            values = {"payer": names[row["payer"]], "receiver": names[row["receiver"]], "amount": amount(_bn(row["amount"]), unit)}
            share = finite(row["share"])
            key = "pays" if share is None or share > 1 else "pays_share"
            said.append(say(f"sharing.{key}", **values, share="" if share is None else plain(100 * share)))
    return join(said, "; ", "；") if said else say("sharing.pays_nothing")


def _years(page: Page) -> str:
    """Budgets along the path of the plan, at its dates; else the one-period balance."""
    rows, unit, names = page.tables["path_budgets"], bn_of(page), government_names(page)
    if rows.is_empty():
        return ""
    lines = []
    for css, (id, name) in zip(LINES, names.items(), strict=False):
        mine = rows.filter(pl.col("government") == id)
        points = [(float(year), value / 1000.0) for year, value in zip(mine["year"], mine["balance"], strict=True)]
        lines.append((name, css, points))
    chart = series(lines, say("sharing.years"), Axis(unit.label, unit.scale_en, unit.scale_zh))
    heads = [say(f"sharing.head.{name}") for name in ("government", "present", "rate")]
    ends = []
    for row in page.tables.rows("path_budgets_summary"):
        rates = " / ".join(_rate(row[name]) for name in ("internal_rate", "internal_rate_without_land_sales"))
        ends.append(
            [
                names.get(row["government"], both(row["government"])),
                amount(_bn(row["present_value"]), unit, signed=True, named=False),
                rates,
            ]
        )
    body = f'<div class="pair wide-left">{chart}<div>{table(heads, ends, css="compact", numbers=(1, 2))}</div></div>'
    return str(panel(say("sharing.years"), body, say("sharing.years_sub", unit=unit.label)))


def _rests(page: Page) -> str:
    """What the budgets rest on: costs with their sources, and how far accounts and facts were apart."""
    lines = []
    for row in page.tables.rows("sharing_terms"):
        if row["name"].startswith("cost."):
            cost = row["name"].removeprefix("cost.")
            unit = unit_of(COST_UNITS[cost].format(currency=page.region.meta.currency))
            value = amount(finite(row["value"]), unit, named=False)
            lines.append([say(f"sharing.cost.{cost}", unit=unit.label), value, sourced(row["text"] or "")])
    fit = _term(page, "fit")
    parts = []
    if lines:
        parts.append(table([say("sharing.head.cost"), say("sharing.head.value"), say("words.source")], lines, css="compact", numbers=(1,)))
    if fit["value"] is not None:
        parts.append(note(say("sharing.fit", count=fit["text"], spread=plain(finite(fit["value"]))), "sub"))
        parts.append(_residuals(page))
    parts.append(note(say("sharing.accounts"), "sub"))
    return str(panel(say("sharing.rests"), "".join(parts)))


def _residuals(page: Page) -> str:
    """Observed revenue beside the accounts, by province: how far apart places are, and which are farthest."""
    rows = page.tables["budgets_fit"].filter(pl.col("log_gap").is_not_null())
    if rows.is_empty():
        return ""
    unit, lines = bn_of(page), []
    for (province,), part in rows.group_by("province", maintain_order=True):
        low, high = (part.sort("log_gap", descending=down).row(0, named=True) for down in (False, True))
        ends = [_times(page, row) for row in (low, high)]
        spread = float((part["log_gap"] ** 2).mean() ** 0.5)
        observed = amount(_bn(part["observed"].sum()), unit, named=False)
        lines.append([page.names.jurisdiction(str(province)), str(part.height), observed, plain(spread), *ends])
    heads = [say("words.province"), say("sharing.fit_places"), say("sharing.fit_observed", unit=unit.label)]
    heads += [say(f"sharing.fit_{name}") for name in ("spread", "low", "high")]
    inner = table(heads, lines, css="compact", numbers=(1, 2, 3))
    return f'<details class="more-detail"><summary>{span(say("sharing.fit_by_province"))}</summary>{inner}</details>'


def _times(page: Page, row: dict) -> Both:
    """A place with what its accounts are of the observed revenue."""
    name, times = page.names.place(row["place"]), plain(row["accounts"] / row["observed"])
    return Both(f"{name.en} ×{times}", f"{name.zh} ×{times}")
