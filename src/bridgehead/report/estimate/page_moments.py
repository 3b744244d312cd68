"""The page of an estimation from moments."""

from __future__ import annotations

import math
from typing import Any

from bridgehead.calibrate.estimation.minimum_distance import threshold
from bridgehead.report.document import document, hero
from bridgehead.report.estimate import charts
from bridgehead.report.estimate.frame import card, list_of, part
from bridgehead.report.estimate.terminal import depends_name, identified_lines
from bridgehead.report.estimate.words import interval, note_text, short_name, signed, tell
from bridgehead.report.figures.fit import moment_name
from bridgehead.report.figures.frame import panel, table
from bridgehead.report.figures.numbers import plain
from bridgehead.report.figures.words import Both, both, span

SECTIONS = ("result", "moments", "identification", "how")


def moments_page(result: Any, region: Any, *, lang: str = "en") -> str:
    """One self-contained page: numbers with intervals, moments, what cannot be told apart, profiles."""
    name = both(region.meta.name, region.meta.name_zh)
    title = tell("page.title_moments", region=name)
    where = tell("page.where", hash=result.estimates.data_hash[:12])
    head = hero([tell("page.product"), name], title, tell("page.ask_moments"), _misfit(result))
    made = {"result": _result, "moments": _moments, "identification": _identification, "how": _how}
    body = "".join(part(name, made[name](result)) for name in SECTIONS)
    return document(title, where, [(name, tell(f"page.section.{name}")) for name in SECTIONS], head + body, lang=lang)


def _misfit(result: Any) -> Both:
    if not result.freedom:
        return tell("moments.exact")
    values = {
        "distance": plain(result.distance),
        "freedom": result.freedom,
        "p": plain(result.p_value),
        "root": plain(math.sqrt(result.scale)),
    }
    return tell("moments.misfit", **values)


def _result(result: Any) -> str:
    numbers = result.numbers.to_dicts()
    counts = {"moments": result.moments.height, "numbers": len(numbers)}
    cards = [card(tell("page.card.spare"), both(result.freedom), tell("page.card.spare_sub", **counts), lead=True)]
    if result.freedom:
        cards.append(card(tell("page.card.misfit"), both(plain(result.distance)), tell("page.card.misfit_sub", p=plain(result.p_value))))
    bars = [charts.Interval(short_name(row["name"]), row["value"], row["low"], row["high"], both(_share(row["value"]))) for row in numbers]
    chart = panel(tell("page.chart.interval"), charts.intervals(bars, tell("page.chart.interval")))
    heads = [tell(key) for key in ("word.name", "word.value", "moments.stated", "moments.widened", "moments.profile", "moments.passage")]
    rows = []
    for row in numbers:
        errors = [signed(row["standard_error_stated"]), signed(row["standard_error"])]
        ends = f"{_share(row['low'])} … {_share(row['high'])}"
        rows.append([short_name(row["name"]), signed(row["value"]), *errors, interval(row["low"], row["high"]), ends])
    below = table(heads, rows, css="compact", numbers=range(1, 6))
    return f'<div class="cards">{"".join(cards)}</div>{chart}{panel(tell("page.section.result"), below)}{list_of(note_text(note) for note in result.notes)}'


def _share(log: float) -> str:
    return "∞" if log == math.inf else f"{plain(100 * math.exp(log))} %"


def _moments(result: Any) -> str:
    rows = result.moments.to_dicts()
    bars = []
    for row in rows:
        gap, error = math.log(row["model"] / row["data"]), row["error"]
        css = "checked" if "inferred" in str(row["status"]) else "fitted"
        bars.append(
            charts.Interval(
                moment_name(row["name"]), gap, gap - error, gap + error, both(f"{plain(row['data'])} → {plain(row['model'])}"), css
            )
        )
    title = tell("moments.list")
    heads = [tell(f"moments.{key}") for key in ("moment", "data", "model", "stated_error", "residual", "status")]
    lines = [
        [moment_name(row["name"]), plain(row["data"]), plain(row["model"]), plain(row["error"]), signed(row["residual"]), row["status"]]
        for row in rows
    ]
    return f"{panel(title, charts.intervals(bars, title, label_width=250), tell('page.lead.moments_axis'))}{table(heads, lines, css='compact', numbers=range(1, 5))}"


def _identification(result: Any) -> str:
    known = result.identification
    values = {"rank": known.rank, "numbers": known.fitted, "condition": plain(known.condition), "all": len(known.names)}
    first = tell("moments.identified", count=result.moments.height, extended=known.extended_rank, **values)
    lines = list_of([first, *identified_lines(known)])
    return lines + _profiles(result) + _depends(result)


def _profiles(result: Any) -> str:
    if result.profiles.is_empty():
        return ""
    reach = threshold(result.distance, result.freedom)
    pictures = []
    for name in result.numbers["name"].to_list():
        points = [(row["value"], row["distance"]) for row in result.profiles.to_dicts() if row["name"] == name]
        pictures.append(f"<div><h4>{span(short_name(name))}</h4>{charts.profile(points, short_name(name), reach)}</div>")
    return str(
        panel(
            tell("page.chart.profile"),
            f'<div class="columns">{"".join(pictures)}</div>',
            tell("page.chart.profile_sub", reach=plain(reach)),
        )
    )


def _depends(result: Any) -> str:
    names = result.numbers["name"].to_list()
    rows = []
    for on in result.depends["on"].unique(maintain_order=True):
        of = {row["name"]: row for row in result.depends.to_dicts() if row["on"] == on}
        rows.append([depends_name(on, of[names[0]]["unit"]), *(signed(of[name]["change"]) for name in names)])
    heads = ["", *(short_name(name) for name in names)]
    return str(panel(tell("moments.depends"), table(heads, rows, css="compact wrap", numbers=range(1, len(heads)))))


def _how(result: Any) -> str:
    lines = [tell("page.how.few"), tell("remark.part"), tell("page.how.file")]
    return f'<ul class="limits">{"".join(f"<li>{span(line)}</li>" for line in lines)}</ul>'
