"""The question, the decision asked, and the options: what each strategy and zone is as levers."""

from __future__ import annotations

from bridgehead.appraise.opening import opens_residual
from bridgehead.report.charts import Bar, diverging_bars
from bridgehead.report.figures.frame import Html, Page, finite, panel, section, table
from bridgehead.report.figures.matrix import first_lines, sourced
from bridgehead.report.figures.numbers import amount, unit_of
from bridgehead.report.figures.summary import BN, welfare_of
from bridgehead.report.figures.words import Both, both, join, load_text, say, span

__all__ = ["options", "question"]


def question(page: Page) -> Html:
    """What is asked and decided, the project, what each government needs, and how the answer is found."""
    project = say("question.project") if page.names.joint == "sci_tech_city" else say("question.project_plain")
    pairs = [("question.decision_h", say("question.decision")), ("question.project_h", project), ("question.how_h", say("question.how"))]
    blocks = [f"<div><h3>{span(say(head))}</h3><p>{span(text)}</p></div>" for head, text in pairs]
    lead = "lead" if page.names.joint else "lead_plain"
    return section("question", [f'<div class="columns">{"".join(blocks)}</div>', _needs(page)], lead=lead)


def _needs(page: Page) -> str:
    if not page.names.needs:
        return ""
    groups: dict[str, list[dict]] = {}
    for need in page.names.needs.values():
        groups.setdefault(need["government"], []).append(need)
    columns = []
    for government, members in groups.items():
        items = "".join(f"<li>{span(page.names.need(need['id']))}</li>" for need in members)
        columns.append(f'<div class="govbox"><h4>{span(page.names.government(government))}</h4><ul>{items}</ul></div>')
    return f'<h3>{span(say("question.needs_h"))}</h3><div class="columns">{"".join(columns)}</div>'


def options(page: Page) -> Html:
    """Each option's levers with magnitude, range and source, and what each is worth to the whole."""
    parts = [_worth(page)]
    if page.names.scenarios:
        parts.append(_levers(page))
    return section("options", parts)


def _worth(page: Page) -> str:
    """Two charts side by side: net value added and welfare of the mainland, option by option."""
    money = [row for row in first_lines(page) if row["unit"].startswith("bn ")]
    charts = []
    if money:
        values = {key: finite(money[0].get(key)) for key in page.scenarios}
        charts.append(_worth_chart(page, values, say("options.value_added")))
    charts.append(_worth_chart(page, welfare_of(page), say("options.welfare")))
    return panel(say("options.compare"), f'<div class="pair">{"".join(charts)}</div>', say("options.compare_sub"))


def _worth_chart(page: Page, values: dict[str, float | None], title: Both) -> str:
    unit, bars = unit_of(BN), []
    for key in page.scenarios:
        shown = amount(values.get(key), unit, signed=True, named=False) if key in page.solved else say("words.not_solved")
        bars.append(Bar(page.names.short(key), values.get(key), shown, "" if key != page.names.joint else "hero"))
    return f"<div><h4>{span(title)}</h4>{diverging_bars(bars, title, width=520, label_width=168)}</div>"


def _levers(page: Page) -> str:
    heads = [say("options.option"), say("options.does"), say("options.magnitudes"), say("words.source")]
    rows = []
    for key in page.scenarios:
        entry = page.names.scenarios.get(key)
        if entry is None:
            continue
        bound = any(_upper_bound(page, lever) for lever in _levers_of(page, key))
        tag = f' <span class="tag">{span(say("options.upper"))}</span>' if bound else ""
        title = Html(f"<strong>{span(page.names.scenario(key))}</strong>{tag}<br>{_kind(page, entry)}")
        where = _unique(both(lever.get("where") or "") for lever in _levers_of(page, key))
        described = both(entry["describe"], entry.get("describe_zh")) if entry.get("describe") else _listed(where)
        magnitudes = _magnitudes(_levers_of(page, key))
        sources = _unique(sourced(lever.get("source") or "") for lever in _levers_of(page, key))
        rows.append([title, described, _listed(magnitudes), _listed(sources)])
    return str(table(heads, rows, css="options"))


def _upper_bound(page: Page, lever: dict) -> bool:
    """Whether a lever moves passages that were fitted to flows; a user's lever says its flow and level in words."""
    fit = page.region.fit or {}
    said = f"flow: {fit.get('flow')}; level: {fit.get('level')}"
    return opens_residual(lever, page.region) or ("flow" in fit and said in (lever.get("where") or ""))


def _levers_of(page: Page, scenario: str) -> list[dict]:
    """The levers of a strategy or zone as its file has them; those of a user's scenario from levers.csv."""
    entry = page.names.scenarios[scenario]
    if entry.get("kind") == "joint":
        return [lever for zone in entry.get("zones", []) if zone in page.names.scenarios for lever in _levers_of(page, zone)]
    if entry.get("lever") is not None:
        return entry["lever"]
    rows = [row for row in page.tables.rows("levers") if row["scenario"] == scenario and finite(row["value"]) is not None]
    return [row | {row["key"]: finite(row["value"])} for row in rows]


def _kind(page: Page, entry: dict) -> str:
    if entry["kind"] == "joint":
        return ""
    if entry["kind"] == "scenario" or not entry.get("government"):
        return ""
    name = say("words.zones") if entry["kind"] == "zone" else page.names.government(entry["government"])
    return f'<span class="dim">{span(name)}</span>'


def _unique(texts) -> list[Both]:
    return [text for text in dict.fromkeys(texts) if text.en]


def _listed(texts: list[Both]) -> Html:
    return Html("<br>".join(span(text) for text in texts))


def _magnitudes(levers: list[dict]) -> list[Both]:
    """What the levers do, those of one strength together: "commuting, goods passage: open 0.1 [0.05–0.25]"."""
    words = load_text("levers")
    groups: dict[Both, list[Both]] = {}
    for lever in levers:
        key = next((k for k in ("open", "set", "multiply", "add_km2", "add", "raise_value_added") if k in lever), None)
        if key is None:
            continue
        verb, number = words["verb"][key], f"{lever[key]:.4g}"
        if finite(lever.get("low")) is not None and finite(lever.get("high")) is not None:
            number += f" [{lever['low']:.4g}–{lever['high']:.4g}]"
        kind = lever.get("flow") or lever["lever"]
        name, via = words["kind"].get(kind, {"en": kind, "zh": kind}), words["via"].get(lever.get("via", ""), {"en": "", "zh": ""})
        strength = Both(verb["en"].format(n=number), verb["zh"].format(n=number))
        names = groups.setdefault(strength, [])
        if (spoken := Both(name["en"] + via["en"], name["zh"] + via["zh"])) not in names:
            names.append(spoken)
    joined = [(join(names), strength) for strength, names in groups.items()]
    return [Both(f"{names.en}: {strength.en}", f"{names.zh}：{strength.zh}") for names, strength in joined]
