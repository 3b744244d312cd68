"""What `bridgehead ensemble` prints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.text import Text

from bridgehead.ensemble.result import Result
from bridgehead.report.ensemble.hanging import hanging, joint_words, need_of
from bridgehead.report.ensemble.words import factor_name, per_cent, sign_css, tell
from bridgehead.report.figures.names import Names, names_of
from bridgehead.report.figures.numbers import change, unit_of
from bridgehead.report.shell import Shell
from bridgehead.report.terminal import BETTER, WORSE, plain_table

__all__ = ["facts_zh", "names_for", "show"]


def names_for(result: Result) -> Names:
    """Names of the needs, scenarios and levers of a result."""
    rows = result.plan.needs.rows
    needs = [
        {"need": r.need, "line": r.line, "name": r.name, "name_zh": r.name_zh, "measure": r.title, "measure_zh": r.title_zh} for r in rows
    ]
    return names_of(result.plan.region, needs, [])


def facts_zh(result: Result) -> dict[str, str]:
    """Chinese names of inferred figures."""
    return {data.name: data.name_zh for data in result.plan.form.data if data.name_zh}


def show(shell: Shell, result: Result, used: Any, seconds: float) -> None:
    """The lead scenario's needs in ranges, what was set apart, how right the rest is, and what it took."""

    def words(key: str, **values: object) -> str:
        return shell.choose(*tell(f"terminal.{key}", **values))

    shell.show(_needs(shell, result), Text(words("kept", **_counts(shell, result))), _certificates(shell, result))
    shell.show(*_told(shell, result))
    if used.made:
        rate = f"{used.made / max(seconds, 1e-9):.2g}"
        took = {"made": used.made, "kept": used.kept, "rate": rate, "seconds": f"{seconds:.0f}", "memory": f"{used.memory / 1e9:.1f}"}
        shell.show(words("took", **took))
    if used.lost_workers:
        shell.show(Text("! " + words("lost", count=used.lost_workers), style=WORSE))
    for note in result.notes:
        shell.show("! " + words(note, fewest=result.fewest))


def _told(shell: Shell, result: Result) -> list[str]:
    """What hangs on inferred data, and what is drawn jointly."""
    names = names_for(result)
    found = hanging(result, [result.lead])
    told = [tell("page.word.no_bounds")] if found is None else found.words(names, scenarios=False)
    joint = joint_words(result.plan, names, facts_zh(result))
    return [shell.choose(*each) for each in (*told, *(() if joint is None else (joint,)))]


def _needs(shell: Shell, result: Result) -> Any:
    names, drivers = names_for(result), result.drivers(result.lead)
    facts, factors = facts_zh(result), {f.name: f for f in result.plan.factors}
    ranges = {(r["need"], r["line"]): r for r in result.tables["ranges"].to_dicts() if r["scenario"] == result.lead}
    rows = []
    for row in result.plan.needs.rows:
        if row.line != "1":
            continue
        found, unit = ranges[row.key], unit_of(row.unit)
        scale = unit.scale_zh if shell.lang == "zh" else unit.scale_en
        shown = [change(None if found[key] is None else found[key] * scale) for key in ("default", "median", "p5", "p95")]
        driver = drivers.get(row.key)
        name = "" if driver is None else shell.choose(*factor_name(factors[driver], names, facts))
        both_ends = f"{shown[2]} … {shown[3]}" if found["draws"] else "–"
        chance = Text(per_cent(found["positive"]), style=_colour(found, row.better))
        rows.append(
            (
                shell.choose(*need_of(row, names)),
                shell.choose(row.title, row.title_zh),
                shell.choose(*unit.label),
                shown[0],
                shown[1],
                both_ends,
                chance,
                name,
            )
        )
    heads = [
        shell.choose(*tell(f"terminal.{key}")) for key in ("need", "measure", "unit", "default", "median", "range", "positive", "driver")
    ]
    title = tell("terminal.title", scenario=names.scenario(result.lead), draws=result.good)
    return plain_table(heads, rows, title=shell.choose(*title), numbers=(3, 4, 5, 6))


def _colour(found: Mapping[str, Any], better: str) -> str:
    """Blue where nine draws of ten are better, orange where they are worse."""
    return {"good": BETTER, "bad": WORSE}.get(sign_css(found, better), "dim")


def _counts(shell: Shell, result: Result) -> dict[str, object]:
    apart = [f"{shell.choose(*tell(f'outcome.{name}'))} {count}" for name, count in result.outcomes.items() if name != "ok" and count]
    return {"ok": result.good, "draws": sum(result.outcomes.values()), "apart": "; ".join(apart) or shell.choose(*tell("terminal.none"))}


def _certificates(shell: Shell, result: Result) -> Text:
    table = result.tables["certificates"]
    solves, bad = int(table["solves"].sum()), result.unsolved_members
    text = Text("✗ " if bad else "✓ ", style=f"bold {WORSE if bad else BETTER}")
    numbers = {"solves": f"{solves:,}", "distance": f"{table['distance'].max():.1e}", "identity": f"{table['identity'].max():.1e}"}
    line = tell("terminal.certified", **numbers) if not bad else tell("terminal.uncertified", bad=bad, all=f"{solves + bad:,}")
    return text.append(shell.choose(*line), style="default not bold")


def show_draw(shell: Shell, plan: Any, again: Any) -> None:
    """One draw: its outcome, the numbers drawn, the lead scenario's cells, and whether the stored draw is the same."""
    from bridgehead.ensemble.tables import FACTOR, cell_name

    row = again.draws.to_dicts()[0]
    title = tell("terminal.draw_title", number=row["draw"], outcome=tell(f"outcome.{row['outcome']}"))
    drawn = [(name.removeprefix(FACTOR), f"{value:.6g}") for name, value in row.items() if name.startswith(FACTOR)]
    shell.show(Text(shell.choose(*title) + (f": {row['cause']}" if row["cause"] else ""), style="bold"))
    shell.show(plain_table([shell.choose(*tell("page.word.factor")), shell.text("calibrate.value")], drawn, numbers=(1,)))
    scenarios = [r for r in again.cells.to_dicts() if not r["background"]]
    if scenarios:
        lead = next((r for r in scenarios if r["scenario"] == plan.columns.joint), scenarios[-1])
        cells = [(r.title, r.unit, change(lead[cell_name(*r.key)])) for r in plan.needs.rows]
        shell.show(plain_table([lead["scenario"], shell.choose(*tell("terminal.unit")), ""], cells, numbers=(2,)))
    if again.identical is not None:
        columns = ", ".join(again.differing[:3]) + (" …" if len(again.differing) > 3 else "")
        shell.show(shell.choose(*tell("terminal.same" if again.identical else "terminal.differs", columns=columns)))
    else:
        shell.show(shell.choose(*tell("terminal.not_stored")))


def document(result: Result) -> dict[str, object]:
    """The result for machines."""
    names = (
        "ranges",
        "ranking",
        "shapley",
        "sobol",
        "tornado",
        "backgrounds",
        "paths",
        "data_share",
        "failures",
        "certificates",
        "factors",
    )
    return {
        "plan": result.plan.manifest,
        "outcomes": result.outcomes,
        "unsolved": result.unsolved_members,
        "notes": result.notes,
        **{name: result.tables[name] for name in names},
    }
