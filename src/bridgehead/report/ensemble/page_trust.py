"""With and without a background, what hangs on inferred data, what was set apart, and what was drawn."""

from __future__ import annotations

from typing import Any

import polars as pl

from bridgehead.ensemble.plan import STARTS_EVERY
from bridgehead.ensemble.solving import BACKGROUND
from bridgehead.ensemble.tables import FITTED
from bridgehead.report.ensemble.cells import Cells
from bridgehead.report.ensemble.hanging import hanging, joint_words
from bridgehead.report.ensemble.words import per_cent, tell
from bridgehead.report.figures.frame import Html, note, table
from bridgehead.report.figures.matrix import sourced
from bridgehead.report.figures.numbers import change, plain, unit_of
from bridgehead.report.figures.words import Both, both, span

__all__ = ["apart", "background", "data", "how"]


def _lead(key: str, **values: object) -> str:
    return f'<p class="lead">{span(tell(f"page.lead.{key}", **values))}</p>'


def background(cells: Cells, id: str, name: Both) -> str:
    """First lines of the lead scenario and zones, without and with the background, and the difference."""
    found = {
        (r["need"], r["line"], r["scenario"]): r for r in cells.result.tables["backgrounds"].filter(pl.col("background") == id).to_dicts()
    }
    heads = [
        tell("terminal.need"),
        tell("terminal.unit"),
        name,
        *(tell(f"page.word.{key}") for key in ("without", "with", "difference", "chance")),
    ]
    rows = []
    for row in cells.result.plan.needs.rows:
        if row.line != "1":
            continue
        unit, own = unit_of(row.unit), found[row.need, row.line, cells.result.lead]
        alone = found[row.need, row.line, BACKGROUND]
        texts = [_range(alone, "with", unit), *(_range(own, kind, unit) for kind in ("without", "with", "difference"))]
        title = Html(f"<strong>{span(cells.need(row))}</strong><br>{span(cells.title(row))}")
        rows.append([title, unit.label, *texts, per_cent(own["difference_positive"])])
    caption = f"<h3>{span(cells.names.scenario(cells.result.lead))}</h3>"
    return _lead("background", name=name) + caption + table(heads, rows, css="compact drivers", numbers=range(2, len(heads)))


def _range(found: dict[str, Any], kind: str, unit: Any) -> object:
    if found[f"{kind}_median"] is None:
        return "–"

    def one(scale: float) -> str:
        low, middle, high = (change(found[f"{kind}_{name}"] * scale) for name in ("p5", "median", "p95"))
        return f"<b>{middle}</b><br><small>{low} … {high}</small>"

    english, chinese = one(unit.scale_en), one(unit.scale_zh)
    return Html(english if english == chinese else f'<span class="en">{english}</span><span class="zh">{chinese}</span>')


def data(cells: Cells) -> str:
    """First lines whose sign flips in a tenth of the pairs, for the lead scenario and the zones."""
    table_ = cells.result.tables["data_share"]
    shown = [s for s in cells.result.draws.scenarios if cells.names.is_zone(s)] or cells.result.draws.scenarios
    told = hanging(cells.result, shown)
    if told is None:
        return note(tell("page.word.no_bounds"))
    first = {row.key: row for row in cells.result.plan.needs.rows if row.line == "1"}
    wanted = [r for r in table_.to_dicts() if (r["need"], r["line"]) in first and r["scenario"] in shown and r["pairs"]]
    pairs = int(table_["pairs"].max() or 0)
    lead = _lead("data", pairs=pairs)
    chosen = sorted((r for r in wanted if r["share"] is not None), key=lambda r: -r["share"])[:12]
    heads = [tell("terminal.need"), tell("page.word.scenario"), tell("page.word.share"), tell("page.word.flips")]
    rows = []
    for r in chosen:
        row = first[r["need"], r["line"]]
        share, low, high = (per_cent(min(max(r[key], 0.0), 1.0)) for key in ("share", "low", "high"))  # few pairs can give more than all
        share = f"{share} ({low}–{high})"
        share = Html(f"<b>{share}</b>") if r["driven"] else share
        flips = Html(f"<b>{per_cent(r['flips'])}</b>") if r["hangs"] else per_cent(r["flips"])
        rows.append(
            [Html(f"<strong>{span(cells.need(row))}</strong><br>{span(cells.title(row))}"), cells.names.short(r["scenario"]), share, flips]
        )
    verdict = "".join(note(each) for each in told.words(cells.names, scenarios=True))
    return lead + verdict + (table(heads, rows, css="compact", numbers=(2, 3)) if rows else "")


def apart(cells: Cells) -> str:
    """Draws by outcome and cause, and how right the rest is."""
    result = cells.result
    heads = [tell("page.word.outcome"), tell("page.word.cause"), tell("page.word.draws")]
    rows = [[_outcome(r["outcome"]), r["cause"], f"{r['draws']:,}"] for r in result.tables["failures"].to_dicts() if not r["twin"]]
    made = result.tables["certificates"]
    numbers = {
        "solves": f"{int(made['solves'].sum()):,}",
        "distance": f"{made['distance'].max():.1e}",
        "identity": f"{made['identity'].max():.1e}",
    }
    own = result.draws.draws.filter(pl.col("draw").is_in(result.draws.good.tolist()))
    radius, real = own[FITTED + "spectral_radius"], own[FITTED + "largest_real_part"]
    stable = {
        "median": f"{radius.median():.2f}",
        "largest": f"{radius.max():.2f}",
        "real": f"{real.max():.2f}",
        "overshoot": int((radius >= 1).sum()),
    }
    remarks = note(tell("page.word.certificates", **numbers, every=STARTS_EVERY)) + note(tell("page.word.radius", **stable))
    return _lead("apart") + table(heads, rows, css="compact", numbers=(2,)) + remarks


def _outcome(name: str) -> Both:
    return tell(f"outcome.{name}")


def how(cells: Cells) -> str:
    """Every number that is drawn, with its range, distribution and source."""
    plan = cells.result.plan
    method = tell(f"method.{plan.asked.method}")
    heads = [tell(f"page.word.{key}") for key in ("factor", "kind")] + [
        tell("terminal.default"),
        tell("page.word.low"),
        tell("page.word.high"),
    ]
    heads += [tell("page.word.distribution"), tell("page.word.source")]
    rows = []
    for r in cells.result.tables["factors"].to_dicts():
        kind = tell(f"kind.{r['kind']}") if r["kind"] != "estimate" else tell("kind.parameter")
        numbers = [plain(r[key]) for key in ("value", "low", "high")]
        rows.append([cells.factor(r["factor"]), kind, *numbers, tell(f"distribution.{r['distribution']}"), sourced(r["source"] or "")])
    joint = joint_words(plan, cells.names, cells.facts)
    opening = _lead("how", method=method, seed=plan.asked.seed, hash=plan.hash[:12]) + ("" if joint is None else note(joint))
    return opening + table(heads, rows, css="compact", numbers=(2, 3, 4)) + note(both(plan.form.describe))
