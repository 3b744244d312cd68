"""The question, the decision asked, and the options: what each strategy and zone is as levers."""

from __future__ import annotations

from bridgehead.report.charts import Bar, diverging_bars
from bridgehead.report.figures.frame import Html, Page, finite, panel, section, table
from bridgehead.report.figures.matrix import first_lines
from bridgehead.report.figures.numbers import amount, unit_of
from bridgehead.report.figures.words import Both, both, load_text, say, span

__all__ = ["options", "question"]


def question(page: Page) -> Html:
    """What is asked and decided, the project, what each government needs, and how the answer is found."""
    project = say("question.project") if page.names.joint == "sci_tech_city" else say("question.project_plain")
    pairs = [("question.decision_h", say("question.decision")), ("question.project_h", project), ("question.how_h", say("question.how"))]
    blocks = [f"<div><h3>{span(say(head))}</h3><p>{span(text)}</p></div>" for head, text in pairs]
    return section("question", [f'<div class="columns">{"".join(blocks)}</div>', _needs(page)])


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
    rows = [row for row in first_lines(page) if row["unit"] in ("bn yuan/year", "bn yuan")]
    if not rows:
        return ""
    row, unit = rows[0], unit_of(rows[0]["unit"])
    bars = []
    for key in page.scenarios:
        value = finite(row.get(key))
        shown = amount(value, unit, signed=True, named=False) if key in page.solved else say("words.not_solved")
        bars.append(Bar(page.names.short(key), value, shown, "" if key != page.names.joint else "hero"))
    return panel(say("options.compare"), diverging_bars(bars, say("options.compare"), width=760, label_width=190), say("options.compare_sub"))


def _levers(page: Page) -> str:
    heads = [say("options.option"), say("options.does"), say("options.magnitudes"), say("words.source")]
    rows = []
    for key in page.scenarios:
        entry = page.names.scenarios.get(key)
        if entry is None:
            continue
        title = Html(f"<strong>{span(page.names.scenario(key))}</strong><br>{_kind(page, entry)}")
        described = both(entry.get("describe", ""), entry.get("describe_zh"))
        magnitudes = _unique(_magnitude(lever) for lever in entry.get("lever", []))
        sources = _unique(both(lever.get("source", "")) for lever in entry.get("lever", []))
        rows.append([title, described, _listed(magnitudes), _listed(sources)])
    return str(table(heads, rows, css="options"))


def _kind(page: Page, entry: dict) -> str:
    if entry["kind"] == "joint":
        return ""
    name = say("words.zones") if entry["kind"] == "zone" else page.names.government(entry["government"])
    return f'<span class="dim">{span(name)}</span>'


def _unique(texts) -> list[Both]:
    return [text for text in dict.fromkeys(texts) if text.en]


def _listed(texts: list[Both]) -> Html:
    return Html("<br>".join(span(text) for text in texts))


def _magnitude(lever: dict) -> Both:
    """A lever's verb, its number and its range, such as "goods passage: open 0.1 [0.05–0.25]"."""
    words = load_text("levers")
    kind = lever.get("flow") or lever["lever"]
    name = words["kind"].get(kind, {"en": kind, "zh": kind})
    key = next((k for k in ("open", "set", "multiply", "add_km2", "add", "raise_value_added") if k in lever), None)
    if key is None:
        return both(name["en"], name["zh"])
    verb = words["verb"][key]
    span_text = f" [{lever['low']:g}–{lever['high']:g}]" if "low" in lever and "high" in lever else ""
    via = words["via"].get(lever.get("via", ""), {"en": "", "zh": ""})
    number = f"{lever[key]:g}{span_text}"
    return Both(f"{name['en']}{via['en']}: {verb['en']} {number}", f"{name['zh']}{via['zh']}：{verb['zh']} {number}")


