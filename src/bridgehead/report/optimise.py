"""What `bridgehead optimise` prints: the plan found beside the plan as it is, what each brings, and how sure the answer is."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from rich.text import Text

from bridgehead.appraise.optimise.result import Optimum
from bridgehead.appraise.optimise.tables import TABLES
from bridgehead.report.figures.numbers import Unit, amount, per, plain, unit_of
from bridgehead.report.figures.words import Both
from bridgehead.report.shell import Shell
from bridgehead.report.terminal import BETTER, WORSE, plain_table

__all__ = ["document", "show_optimum"]

SHOWN = 12


def show_optimum(shell: Shell, found: Optimum) -> None:
    """Print the result for people."""
    question = found.question
    shell.show(Text(shell.choose(*question.title), style="bold"), Text(_asked(shell, found), style="not bold"), "")
    shell.show(_choice(shell, found), _measures(shell, found))
    if found.budgets:
        shell.show(_budgets(shell, found))
    if found.front is not None:
        shell.show(_front(shell, found))
    shell.show(_sure(shell, found))
    for line in _notes(shell, found):
        shell.show(f"! {line}")


def _asked(shell: Shell, found: Optimum) -> str:
    """What is raised, what is kept, and what is chosen, in one sentence."""
    question = found.question
    chosen = shell.text("share.comma").join(_amount(shell, found, choice) for choice in found.task.choices)
    text = shell.text("optimise.asked", goal=_row_name(shell, question.goal), chosen=chosen)
    if question.keep:
        kept = shell.text("share.comma").join(_row_name(shell, row) for row in question.keep)
        text += " " + shell.text("optimise.kept", kept=kept, than=shell.text(f"optimise.than.{question.than}"))
    return text


def _amount(shell: Shell, found: Optimum, choice: Any) -> str:
    if choice.kind == "border":
        key = "borders" if choice.total is None else "borders_points"
        return shell.text(f"optimise.choice.{key}", count=choice.most.size, points=plain(choice.total))
    unit = _own(found, choice)
    total = _scaled(shell, choice.total, unit)
    return shell.text(f"optimise.choice.{choice.kind}", total=total, unit=shell.choose(*unit.label), count=choice.most.size)


def _own(found: Optimum, choice: Any) -> Unit:
    """The unit of what is chosen; of a border's total it is a point, which the tables hold and people are shown."""
    return unit_of(choice.unit.format(currency=found.task.context.region.meta.currency))


def _unit(shell: Shell, unit: str) -> str:
    return shell.choose(*unit_of(unit).label)


def _scaled(shell: Shell, value: float | None, unit: Unit) -> str:
    """A number in the language's own unit, without its name."""
    return shell.choose(*amount(value, unit, named=False))


def _row_name(shell: Shell, row: Any) -> str:
    return shell.choose(row.title, row.title_zh)


def _what(shell: Shell, found: Optimum, kind: str, label: str) -> str:
    """A candidate's name: of a place, or a border as it is written."""
    region = found.task.context.region
    if kind == "border":
        return label
    row = region.places.row(region.index(label), named=True)
    return shell.choose(row["name"], row.get("name_zh"))


def _choice(shell: Shell, found: Optimum) -> Any:
    """Who gets what in the plan and in the optimum; what gets nothing in both is left out, and small ones where there are many."""
    table = TABLES["choice"](found).with_columns(pl.max_horizontal(pl.col("plan").fill_null(0.0), pl.col("optimum")).alias("size"))
    held = table.filter(pl.col("size") > 0)
    rows = []
    for row in held.sort("size", descending=True, maintain_order=True).head(SHOWN).to_dicts():
        unit = unit_of("share" if row["kind"] == "border" else row["unit"])
        numbers = [_scaled(shell, row[name], unit) for name in ("plan", "optimum")]
        worth = _scaled(shell, row["worth"], per(unit_of(found.question.goal.unit), unit))
        rows.append((_what(shell, found, row["kind"], row["what"]), *numbers, shell.choose(*unit.label), worth))
    heads = [shell.text(f"optimise.head.{name}") for name in ("what", "plan", "optimum", "unit")]
    heads.append(shell.text("optimise.head.worth", unit=_unit(shell, found.question.goal.unit)))
    title = shell.text("optimise.where")
    if held.height > SHOWN:
        title += " " + shell.text("optimise.more", count=held.height - SHOWN)
    return plain_table(heads, rows, title=title, numbers=(1, 2, 4))


def _measures(shell: Shell, found: Optimum) -> Any:
    """The goal, what is kept, and the first line of every other need."""
    rows = []
    for row in TABLES["measures"](found).to_dicts():
        if not row["role"] and row["line"] != "1":
            continue
        unit = unit_of(row["unit"])
        plan, optimum = (_change(shell, row[name], unit) for name in ("plan", "optimum"))
        role = shell.text(f"optimise.role.{row['role']}") if row["role"] else ""
        price = "" if not row["price"] else _scaled(shell, row["price"], per(unit_of(found.question.goal.unit), unit))
        marked = Text(optimum, style=_better(row))
        rows.append((shell.choose(row["measure"], row["measure_zh"]), plan, marked, shell.choose(*unit.label), role, price))
    heads = [shell.text(f"optimise.head.{name}") for name in ("measure", "plan", "optimum", "unit", "role", "price")]
    return plain_table(heads, rows, title=shell.text("optimise.brings"), numbers=(1, 2, 5))


def _better(row: dict[str, Any]) -> str:
    """Blue where the optimum is better than the plan, orange where it is worse."""
    if row["plan"] is None or row["optimum"] is None or np.isclose(row["plan"], row["optimum"], rtol=1e-6, atol=0.0):
        return ""
    return BETTER if (row["optimum"] > row["plan"]) == (row["better"] == "up") else WORSE


def _change(shell: Shell, value: float | None, unit: Any) -> str:
    return shell.choose(*amount(value, unit, signed=True, named=False))


def _budgets(shell: Shell, found: Optimum) -> Any:
    """Each government's books in the plan and in the optimum, bn a year."""
    from bridgehead.appraise.sharing.players import players_of

    scenario = found.solved.scenario
    names = {p.id: Both(p.name, p.name_zh) for p in players_of(found.task.context.region, scenario)}
    unit = unit_of(f"bn {found.task.context.region.meta.currency}/year")
    rows = []
    for row in TABLES["budgets"](found).to_dicts():
        numbers = (None if row[name] is None else row[name] / 1000.0 for name in ("plan", "optimum"))
        rows.append(
            (shell.choose(*names[row["government"]]), *(_change(shell, value, unit) for value in numbers), shell.choose(*unit.label))
        )
    heads = [shell.text(f"optimise.head.{name}") for name in ("government", "plan", "optimum", "unit")]
    return plain_table(heads, rows, title=shell.text("optimise.books"), numbers=(1, 2))


def _front(shell: Shell, found: Optimum) -> Any:
    """The plans of the front: both measures as changes from the baseline, and what one more of the second costs of the first."""
    first, second = found.front.rows
    base = [found.cells["optimum"][row.key].baseline or 0.0 for row in (first, second)]
    rows = []
    for point in found.front.points:
        rate = _scaled(shell, point.rate, per(unit_of(first.unit), unit_of(second.unit)))
        mark = Text("✓", style=BETTER) if point.optimal else Text("✗", style=WORSE)
        changes = (
            _change(shell, x - b, unit_of(row.unit)) for x, b, row in zip((point.first, point.second), base, (first, second), strict=True)
        )
        rows.append((*changes, rate, mark))
    heads = [*(f"{_row_name(shell, row)} ({_unit(shell, row.unit)})" for row in (first, second))]
    heads += [shell.text("optimise.head.rate"), shell.text("optimise.head.optimal")]
    return plain_table(heads, rows, title=shell.text("optimise.front"), numbers=(0, 1, 2))


def _sure(shell: Shell, found: Optimum) -> Text:
    """In one line: a local optimum, how well its first-order conditions hold, and the certificate of the plan's file."""
    end, held = found.found, found.solved.certificate
    text = shell.text(
        "optimise.sure",
        left=f"{end.stationarity:.1e}",
        solves=found.solves,
        steps=len(end.steps),
        distance=f"{held.estimated_distance:.1e}",
    )
    return Text(f"✓ {text}", style=BETTER)


def _notes(shell: Shell, found: Optimum) -> list[str]:
    """What a reader must know: that it is a local optimum, what one more unit is worth, what was left out."""
    said = []
    count = len(found.attempts)
    said.append(shell.text("optimise.note.one_start") if count == 1 else shell.text("optimise.note.starts", count=count, agree=found.agree))
    goal = found.question.goal
    for choice, worth in zip(found.task.choices, found.found.worth, strict=True):
        if worth is not None:
            one = Unit(Both(*(2 * (shell.text("optimise.point"),)))) if choice.kind == "border" else _own(found, choice)
            shown = _scaled(shell, worth, per(unit_of(goal.unit), one))
            said.append(shell.text("optimise.note.worth", unit=shell.choose(*one.label), worth=shown, goal=_unit(shell, goal.unit)))
    if found.question.plan is not None and found.planned is None:
        said.append(shell.text("optimise.note.other_amounts"))
    for need in found.question.skipped:
        said.append(shell.text("optimise.note.skipped", need=need))
    if found.refused:
        said.append(shell.text("optimise.note.refused", count=found.refused))
    if _rests_on_guesses(found):
        said.append(shell.text("optimise.note.inferred"))
    said.append(shell.text("optimise.note.assumed"))
    return said


def _rests_on_guesses(found: Optimum) -> bool:
    """Whether land is chosen among places whose construction land is inferred."""
    status = np.asarray(found.task.context.region.status("construction_land"))
    return any(choice.kind == "land" and (status[choice.places] != "observed").any() for choice in found.task.choices)


def document(shell: Shell, found: Optimum) -> dict[str, Any]:
    """The result for machines; every number is of the scenario solved from its own file."""
    question, end = found.question, found.found
    return {
        "title": shell.choose(*question.title),
        "raise": {"need": question.goal.need, "line": question.goal.line, "unit": question.goal.unit, "better": question.goal.better},
        "keep": [{"need": row.need, "line": row.line} for row in question.keep],
        "than": question.than,
        "local_optimum": True,
        "first_order_left": end.stationarity,
        "starts_that_agree": found.agree,
        "solves": found.solves,
        "refused": found.refused,
        "worth_of_amounts": list(end.worth),
        **{name: make(found) for name, make in TABLES.items()},
        "scenario": found.scenario.text,
        "certificate": found.solved.certificate.as_dict(),
        "notes": _notes(shell, found),
    }
