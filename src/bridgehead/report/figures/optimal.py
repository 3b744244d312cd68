"""Optimal plans: where a little more would be worth most, and the plan that does best beside the plan as it is."""

from __future__ import annotations

import polars as pl

from bridgehead.report.figures.frame import Html, Page, finite, note, panel, section, table
from bridgehead.report.figures.matrix import direction_class
from bridgehead.report.figures.numbers import amount, per, plain, unit_of
from bridgehead.report.figures.sharing import bn_of, government_names
from bridgehead.report.figures.stillmap import still_map
from bridgehead.report.figures.words import Both, both, load_text, say, span
from bridgehead.report.maps import zone_sides
from bridgehead.report.planes import Axis, Mark, plane

__all__ = ["optimal"]

SHOWN_PAIRS = 10
PEOPLE = ("commuting", "migration")
"""Flows of people: from home, which is the receiver of a passage, to where they go."""


def optimal(page: Page) -> Html:
    """Shadow prices as maps and a table of borders, then the optimum."""
    parts = [_maps(page), _borders(page), _optimum(page)]
    found = [part for part in parts if part]
    return section("optimal", found or [note(say("optimal.none"))])


def _maps(page: Page) -> str:
    """Two still maps: welfare a km2 of construction land, and welfare a yuan of R&D."""
    rows = page.tables["shadow_prices"]
    if rows.is_empty():
        return ""
    guessed = set(rows.filter(pl.col("inferred").cast(pl.String).str.to_lowercase() == "true")["place"])
    figures = []
    for column, unit, marked in (("land", f"million_{page.region.meta.currency}/(km2 year)", guessed), ("research", "1", set())):
        values = {place: finite(value) for place, value in zip(rows["place"], rows[column], strict=True)}
        shown = {place: value for place, value in values.items() if place in page.shapes.paths}
        if any(value is not None for value in shown.values()):
            figures.append(still_map(page, shown, say(f"optimal.map_{column}"), unit_of(unit), marked & set(shown)))
    if not figures:
        return ""
    return f'<h3>{span(say("optimal.prices"))}</h3><p class="sub">{span(say("optimal.prices_sub"))}</p><div class="prices">{"".join(figures)}</div>{_sides(page)}'


def _sides(page: Page) -> str:
    """The prices at the sides of the zone, in words: they are too small to be seen on the map."""
    found = {row["place"]: row for row in page.tables.rows("shadow_prices")}
    unit, said = unit_of(f"million_{page.region.meta.currency}/(km2 year)"), []
    for place in zone_sides(page.region.places):
        row = found.get(place)
        if row is not None and finite(row["land"]) is not None:
            said.append(
                say(
                    "optimal.side",
                    place=page.names.place(place),
                    land=amount(finite(row["land"]), unit),
                    research=plain(finite(row["research"])),
                )
            )
    return "".join(note(each, "sub") for each in said)


def _borders(page: Page) -> str:
    """A point of each flow between the zone's own provinces, both ways; and the dearest points of all pairs inside the region."""
    rows = page.tables["shadow_prices_borders"]
    if rows.is_empty():
        return ""
    inside = set(page.shapes.labels)
    kept = rows.filter(pl.col("receiver").is_in(inside) & pl.col("supplier").is_in(inside))
    kept = (kept if kept.height else rows).sort("per_point", descending=True, maintain_order=True)
    own = _own_provinces(page)
    mine = kept.filter(pl.col("receiver").is_in(own) & pl.col("supplier").is_in(own))
    unit = unit_of(f"million_{page.region.meta.currency}/year")
    dearest = _border_table(page, kept.head(SHOWN_PAIRS))
    if mine.is_empty():
        return str(panel(say("optimal.borders"), dearest, say("optimal.borders_sub", unit=unit.label)))
    more = f'<details class="more-detail"><summary>{span(say("optimal.dearest"))}</summary>{dearest}</details>'
    return str(panel(say("optimal.borders"), _border_table(page, mine) + more, say("optimal.borders_sub", unit=unit.label)))


def _own_provinces(page: Page) -> set[str]:
    """The provinces of the zone's sides."""
    sides = set(zone_sides(page.region.places))
    rows = page.region.places.filter(pl.col("place").is_in(sides))
    return set(rows["province"].cast(pl.String)) if "province" in rows.columns else set()


def _border_table(page: Page, rows: pl.DataFrame) -> Html:
    unit, lines = unit_of(f"million_{page.region.meta.currency}/year"), []
    for row in rows.to_dicts():
        known = load_text("levers")["flow"].get(row["flow"], {"en": row["flow"], "zh": row["flow"]})
        sector = page.names.jurisdiction(row["sector"]) if row["sector"] else both("")
        what = Both(f"{known['en']}{', ' if sector.en else ''}{sector.en}", f"{known['zh']}{'，' if sector.zh else ''}{sector.zh}")
        sides = ("receiver", "supplier") if row["flow"] in PEOPLE else ("supplier", "receiver")
        ends = [page.names.jurisdiction(str(row[side])) for side in sides]
        money = [amount(finite(row[name]), unit, named=False) for name in ("per_point", "per_point_cost")]
        lines.append([what, Both(f"{ends[0].en} → {ends[1].en}", f"{ends[0].zh} → {ends[1].zh}"), plain(finite(row["passage"])), *money])
    heads = [say(f"optimal.head.{name}") for name in ("flow", "pair", "passage", "point", "cost")]
    return table(heads, lines, css="compact", numbers=(2, 3, 4))


def _optimum(page: Page) -> str:
    """The plan that does best, beside the plan: what is chosen, what it brings, who gains, and the front of two needs."""
    if page.tables["optimum_choice"].is_empty():
        return str(note(say("optimal.no_question"))) if page.names.joint else ""
    goal = next(row for row in page.tables.rows("optimum_measures") if row["role"] == "raise")
    name = both(goal["measure"], goal["measure_zh"])
    head = f"<h3>{span(say('optimal.optimum', goal=name))}</h3>"
    body = f'<div class="pair wide-left">{_choice(page, goal)}{_budgets(page)}</div>{_measures(page)}{_front(page)}'
    return head + body + _honest(page)


def _choice(page: Page, goal: dict) -> str:
    unit, lines = unit_of(goal["unit"]), []
    for row in page.tables.rows("optimum_choice"):
        if not (finite(row["plan"]) or finite(row["optimum"])):
            continue
        own = unit_of(row["unit"])
        label = page.names.place(row["what"]) if row["kind"] != "border" else both(row["what"])
        numbers = [amount(finite(row[name]), own) for name in ("plan", "optimum")]
        lines.append([label, *numbers, amount(finite(row["worth"]), per(unit, own), named=False)])
    heads = [say("optimal.head.where"), say("optimal.head.plan"), say("optimal.head.optimum"), say("optimal.head.worth", unit=unit.label)]
    body = table(heads, lines, css="compact", numbers=(1, 2, 3)) + _largest(page) + _guessed(page)
    return str(panel(say("optimal.choice"), body, say("optimal.choice_sub")))


def _guessed(page: Page) -> str:
    """That land is chosen among places whose construction land is inferred, where it is."""
    inferred = page.tables["shadow_prices"].filter(pl.col("inferred").cast(pl.String).str.to_lowercase() == "true")["place"]
    chosen = [row["what"] for row in page.tables.rows("optimum_choice") if row["kind"] == "land"]
    return str(note(say("optimal.inferred"), "sub")) if set(chosen) & set(inferred) else ""


def _largest(page: Page) -> str:
    """Where most of an amount goes in the plan, as a share of it, and what share the optimum gives that place."""
    said = []
    for kind in ("land", "research"):
        rows = [row for row in page.tables.rows("optimum_choice") if row["kind"] == kind]
        totals = [sum(finite(row[name]) or 0.0 for row in rows) for name in ("plan", "optimum")]
        if rows and min(totals) > 0:
            top = max(rows, key=lambda row: finite(row["plan"]) or 0.0)
            shares = [f"{100 * (finite(top[name]) or 0.0) / total:.1f} %" for name, total in zip(("plan", "optimum"), totals, strict=True)]
            said.append(note(say("optimal.largest", place=page.names.place(top["what"]), plan=shares[0], optimum=shares[1]), "sub"))
    return "".join(said)


def _budgets(page: Page) -> str:
    rows, names, unit = page.tables.rows("optimum_budgets"), government_names(page), bn_of(page)
    if not rows:
        return ""
    lines = []
    for row in rows:
        numbers = [
            amount(None if (v := finite(row[name])) is None else v / 1000, unit, signed=True, named=False) for name in ("plan", "optimum")
        ]
        lines.append([names.get(row["government"], both(row["government"])), *numbers])
    heads = [say("sharing.head.government"), say("optimal.head.plan"), say("optimal.head.optimum")]
    return str(
        panel(say("optimal.budgets"), table(heads, lines, css="compact", numbers=(1, 2)), say("optimal.budgets_sub", unit=unit.label))
    )


def _measures(page: Page) -> str:
    """First lines of the needs: the plan's change and the optimum's, shaded where the optimum is better or worse."""
    lines = []
    for row in page.tables.rows("optimum_measures"):
        if not row["role"] and str(row["line"]) != "1":
            continue
        unit = unit_of(row["unit"])
        plan, best = finite(row["plan"]), finite(row["optimum"])
        gap = None if plan is None or best is None else best - plan
        shade = direction_class(gap, row["better"], abs(gap)) if gap and abs(gap) > 1e-6 * abs(plan or best) else "flat"
        pill = Html(f'<span class="pill {shade}">{span(amount(best, unit, signed=True, named=False))}</span>')
        government = "" if row["role"] else page.names.government(str(row["need"]).split(".")[0])
        role = say(f"optimal.role.{row['role']}") if row["role"] else government
        lines.append([role, both(row["measure"], row["measure_zh"]), amount(plan, unit, signed=True, named=False), pill, unit.label])
    heads = ["", say("words.measure"), say("optimal.head.plan"), say("optimal.head.optimum"), say("optimal.head.unit")]
    body = f'<div class="glance">{table(heads, lines, css="compact", numbers=(2, 3))}</div>'
    return str(panel(say("optimal.measures"), body, say("optimal.measures_sub")))


def _front(page: Page) -> str:
    """The Pareto front of two needs, with the plan as it is."""
    rows = page.tables["optimum_front"]
    if rows.height < 2:
        return ""
    first = rows.row(0, named=True)
    ends = [(first["first_need"], str(first["first_line"])), (first["second_need"], str(first["second_line"]))]
    found = {(row["need"], str(row["line"])): row for row in page.tables.rows("optimum_measures")}
    if not all(end in found for end in ends):
        return ""
    axes, units = [], []
    for end in ends:
        unit, name = unit_of(found[end]["unit"]), both(found[end]["measure"], found[end]["measure_zh"])
        units.append(unit)
        axes.append(Axis(Both(f"{name.en}, {unit.label.en}", f"{name.zh}，{unit.label.zh}"), unit.scale_en, unit.scale_zh))
    marks = []
    for row in rows.to_dicts():
        x, y = row["first_change"], row["second_change"]
        said = [amount(v, u, signed=True) for v, u in zip((x, y), units, strict=True)]
        marks.append(Mark(x, y, both(""), Both(f"{said[0].en}; {said[1].en}", f"{said[0].zh}；{said[1].zh}"), "rule"))
    plan = [finite(found[end]["plan"]) for end in ends]
    if None not in plan:
        marks.append(Mark(plan[0], plan[1], say("optimal.plan_mark"), say("optimal.plan_mark"), "apart"))
    chart = plane((), marks, say("optimal.front"), (axes[0], axes[1]), joined=True, width=620)
    return str(panel(say("optimal.front"), chart, say("optimal.front_sub")))


def _honest(page: Page) -> str:
    """That it is a local optimum, from how many starts, and how well its first-order conditions hold."""
    starts = page.tables["optimum_starts"]
    same = starts.filter(pl.col("same_plan").cast(pl.String).str.to_lowercase() == "true")
    left = max((finite(value) or 0.0 for value in same["stationarity"]), default=0.0)
    return str(note(say("optimal.honest", count=starts.height, agree=same.height, left=f"{100 * left:.2g} %"), "note"))
