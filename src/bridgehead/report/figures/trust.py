"""What the results rest on: drivers, evidence against, assumptions, limits, certificates and citation."""

from __future__ import annotations

import re

from bridgehead.report.figures.frame import Html, Page, finite, note, panel, section, table
from bridgehead.report.figures.matrix import first_lines, is_unsure, sourced, told
from bridgehead.report.figures.names import spoken
from bridgehead.report.figures.numbers import Unit, amount, plain, unit_of
from bridgehead.report.figures.words import Both, attributes, both, load_text, say, span

__all__ = ["assumptions", "drivers", "evidence", "limits", "parameter", "trust"]

CHOICES = ("assumption", "judgement", "a convention")
"""How the source of a figure begins that rests on no publication."""
CANCELLING = 300.0
"""Per cent of the joint effect beyond which zones cancel each other, and amounts are shown in place of shares."""
UNVERIFIED = ": [from memory"
"""A figure whose publication was not looked up is an assumption until it is."""


def drivers(page: Page) -> Html:
    """Shapley split, the mechanism behind each cell, and what is not drawn."""
    parts = [_shapley(page), _mechanisms(page)]
    parts.append(panel(say("drivers.sensitivity"), note(_sensitivity(page), "plain")))
    if page.names.joint == "sci_tech_city":
        parts.append(note(say("drivers.unidentified")))
    return section("drivers", parts)


def _sensitivity(page: Page) -> Both:
    """What was drawn and how many signs are sure, or that nothing was."""
    known = [row for row in page.tables.rows("ranges") if row["draws"] and (row["p5"] or row["p95"])]
    if not known:
        return say("drivers.sensitivity_text")
    unsure = sum(map(is_unsure, known))
    return say("drivers.sensitivity_ranges", draws=f"{max(row['draws'] for row in known):,}", sure=len(known) - unsure, cells=len(known))


def _shapley(page: Page) -> str:
    """A row a need: each zone's share of the joint effect as a small bar with its number, and the joint effect."""
    rows = [row for row in page.tables.rows("shapley") if str(row["line"]) == "1"]
    if not rows:
        return ""
    zones = list(dict.fromkeys(row["zone"] for row in rows))
    found = {(row["need"], row["zone"]): row for row in rows}
    heads = [say("words.need"), *[page.names.short(zone) for zone in zones], say("drivers.joint")]
    lines, government = [], None
    for first in first_lines(page):
        if (first["need"], zones[0]) not in found:
            continue
        if first["government"] != government:
            government = first["government"]
            lines.append([Html(f'<span class="gov">{span(page.names.government(government))}</span>'), *[""] * (len(zones) + 1)])
        unit = unit_of(first["unit"])
        mine = [found.get((first["need"], zone), {}) for zone in zones]
        cancels = any(abs(finite(row.get("percent")) or 0.0) > CANCELLING for row in mine)
        cells = [_share(row, unit, cancels=cancels) for row in mine]
        joint = finite(first.get(page.names.joint or ""))
        lines.append([page.names.need(first["need"]), *cells, amount(joint, unit, signed=True)])
    body = table(heads, lines, css="glance shapley", numbers=(len(zones) + 1,))
    return str(panel(say("drivers.shapley"), body, say("drivers.shapley_sub")))


def _share(row: dict, unit: Unit, *, cancels: bool) -> Html:
    """One zone's share as a bar and a percentage; as an amount where the zones nearly cancel and shares of the rest say nothing."""
    percent, share = finite(row.get("percent")), finite(row.get("share"))
    if percent is None:
        reason = told(str(row.get("note") or "")) if row.get("note") else say("needs.undefined")
        return Html(f'<span class="share" {attributes("data-tip", reason)}>–</span>')
    width, side = min(abs(percent), 150.0) / 150.0 * 100.0, "loss" if percent < 0 else "gain"
    tip = amount(share, unit, signed=True)
    text = amount(share, unit, signed=True, named=False).en if cancels else f"{round(percent) or 0} %".replace("-", "−")
    return Html(f'<span class="share" {attributes("data-tip", tip)}><i class="{side}" style="width:{width:.0f}%"></i><b>{text}</b></span>')


def _mechanisms(page: Page) -> str:
    known = {(row["need"], row["scenario"]): row for row in page.tables.rows("mechanisms") if str(row["line"]) == "1"}
    if not known:
        return ""
    heads = [say("words.need"), *[page.names.short(key) for key in page.scenarios]]
    lines, government = [], None
    for first in first_lines(page):
        if first["government"] != government:
            government = first["government"]
            lines.append([Html(f'<span class="gov">{span(page.names.government(government))}</span>'), *[""] * len(page.scenarios)])
        cells = [_mechanism(known.get((first["need"], key))) for key in page.scenarios]
        lines.append([page.names.need(first["need"]), *cells])
    body = table(heads, lines, css="glance mechanisms")
    return str(panel(say("drivers.mechanisms"), body, say("drivers.mechanisms_sub")))


def _mechanism(row: dict | None) -> Html:
    if row is None or not row.get("mechanism"):
        text = both(row.get("moved_by") or "–", row.get("moved_by_zh")) if row else both("–")
        return Html(f'<span class="dim" {attributes("data-tip", text)}>–</span>')
    words = load_text("levers")["mechanism"]
    parts = [words.get(part, {"en": spoken(part), "zh": spoken(part)}) for part in str(row["mechanism"]).split("+")]
    name = Both(" + ".join(part["en"] for part in parts), "、".join(part["zh"] for part in parts))
    tip = both(row.get("moved_by") or name.en, row.get("moved_by_zh") or name.zh)
    return Html(f"<span {attributes('data-tip', tip)}>{span(name)}</span>")


def evidence(page: Page) -> Html:
    """What the evidence says against the project, quoted with sources."""
    items = load_text("evidence").get(page.names.joint or "", [])
    if not items:
        return section("evidence", [note(say("evidence.plain"))])
    cards = []
    for item in items:
        head, text = both(**item["head"]), both(**item["text"])
        source = f'<p class="source">{span(say("words.source"))}{span(Both(": ", "："))}{span(sourced(item["source"]))}</p>'
        cards.append(f"<article><h3>{span(head)}</h3><p>{span(text)}</p>{_here(page, item)}{source}</article>")
    return section("evidence", [f'<div class="evidence">{"".join(cards)}</div>'])


def _here(page: Page, item: dict) -> str:
    """What this appraisal itself finds beside what is quoted, from its table of openings; nothing where it has no such number."""
    found = _openings(page)
    wanted = re.findall(r"{(\w+)}", item.get("here", {}).get("en", ""))
    if not wanted or any(name not in found for name in wanted):
        return ""
    english, chinese = ({name: getattr(found[name], language) for name in wanted} for language in ("en", "zh"))
    text = Both(item["here"]["en"].format(**english), item["here"]["zh"].format(**chinese))
    return f'<p class="here">{span(text)}</p>'


def _openings(page: Page) -> dict[str, Both]:
    """Numbers of the table of openings by flow, part and column ("commuting_everything_net_gain"), money in bn (亿)."""
    unit, found = unit_of("bn yuan/year"), {}
    for row in page.tables.rows("opening"):
        for name in ("net_gain", "gain_one", "gain_other", "welfare"):
            if finite(row.get(name)) is not None:
                found[f"{row['flow']}_{row['part']}_{name}"] = amount(finite(row[name]), unit, signed=True, named=False)
        people = [finite(row.get(f"commuters_{when}")) for when in ("before", "after")]
        if None not in people:
            more = f"{people[1] - people[0]:,.0f}"
            found[f"{row['flow']}_{row['part']}_people"] = Both(more, more)
    return found


def assumptions(page: Page) -> Html:
    """Every parameter with value, range and source; unsourced ones are marked."""
    heads = [say("assumptions.parameter"), say("words.value"), say("words.range"), say("words.source")]
    rows = []
    for row in page.tables.rows("assumptions"):
        if row.get("kind") == "lever":
            continue  # the options section shows the levers' strengths, ranges and sources
        low, high = finite(row.get("low")), finite(row.get("high"))
        shown = f"{plain(low)} – {plain(high)}" if low is not None and high is not None else "–"
        value = finite(row["value"])
        source = str(row.get("source") or "").strip()
        tag = f'<span class="tag">{span(say("assumptions.unsourced"))}</span> '
        mark = tag if source.lower().startswith(CHOICES) or UNVERIFIED in source or not source else ""
        told_source = "" if source == "assumption" else span(_after_tag(sourced(source)) if mark else sourced(source))
        written = plain(value) if value is not None else row["value"]
        rows.append([parameter(str(row["name"])), written, shown, Html(mark + told_source)])
    return section("assumptions", [table(heads, rows, css="compact assumptions", numbers=(1, 2))])


def _after_tag(source: Both) -> Both:
    """A source without the word that the tag before it says already."""
    return Both(re.sub("^assumption[:;,] ", "", source.en), re.sub("^假定[：；，]", "", source.zh))


def parameter(name: str) -> Html:
    """A parameter's name in words, and as it is called in parameters.toml."""
    known = load_text("parameters").get(name)
    label = both(known["en"], known["zh"]) if known else both(spoken(name))
    return Html(f"{span(label)} <code>{name}</code>" if known else span(label))


def limits(page: Page) -> Html:
    """What the appraisal cannot say; what a path and public budgets add, and what they still leave out, where it has them."""
    listed = load_text("evidence")["limits"]
    time = "one_period" if page.tables["path"].is_empty() else "path"
    books = "no_books" if page.tables["budgets"].is_empty() else "books"
    items = listed[time] + listed[books] + listed["any"] + listed.get(page.names.joint or "", [])
    lines = "".join(f"<li>{span(Both(item['en'], item['zh']), markup='html')}</li>" for item in items)
    return section("limits", [f'<ul class="limits">{lines}</ul>'])


def trust(page: Page) -> Html:
    """The certificates of all scenarios, and how to cite."""
    columns = ("outcome", "distance", "gap", "singular", "identity", "steps")
    heads = [say("words.scenario"), *[say(f"trust.{column}") for column in columns]]
    order = ["baseline", *page.scenarios]
    listed = [key for key in order if key in page.tables.certificates]
    listed += [key for key in page.tables.certificates if key not in order]
    rows = [_certificate(page, key, page.tables.certificates[key]) for key in listed]
    parts = [table(heads, rows, css="compact certificates", numbers=(2, 3, 4, 5, 6)), note(say("trust.precise")), _cite(page)]
    return section("trust", parts)


def _certificate(page: Page, key: str, made: dict) -> list[object]:
    solved = made.get("outcome") == "solved"
    outcome = f'<span class="{"ok" if solved else "bad"}">{span(say("words.solved" if solved else "words.not_solved"))}</span>'
    if not solved:
        worst = made.get("worst") or {}
        place = page.names.place(str(worst.get("place", "–")))
        reason = say("trust.worst", variable=worst.get("variable", "–"), place=place)
        outcome += f' <span class="dim">{span(both(made.get("reason", "")))} ({span(reason)})</span>'
    identities = [abs(value) for value in (made.get("identities") or {}).values() if finite(value) is not None]
    numbers = [finite(made.get(name)) for name in ("estimated_distance", "gap", "smallest_singular_value")]
    worst_identity = plain(max(identities)) if identities else "–"
    return [page.names.scenario(key), Html(outcome), *[plain(n) for n in numbers], worst_identity, str(made.get("steps", "–"))]


def _cite(page: Page) -> str:
    meta, run = page.region.meta, page.tables.run
    baseline = page.tables.certificates.get("baseline") or {}
    version = run.get("version") or baseline.get("version") or "–"
    hashed = str(baseline.get("input_hash") or getattr(page.region, "folder_hash", ""))[:12]
    text = say("trust.cite", version=version, region=both(meta.name, meta.name_zh), year=meta.year, hash=hashed)
    head = f"<h3>{span(say('trust.cite_h'))}</h3><blockquote>{span(text)}</blockquote>"
    return f'<div class="cite">{head}<p>{span(say("trust.again"))}</p></div>'
