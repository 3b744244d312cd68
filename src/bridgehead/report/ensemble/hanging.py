"""Which conclusions hang on inferred data, and what is drawn jointly: said alike on the terminal and on the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bridgehead.appraise.needs import Row
from bridgehead.ensemble.factors import jointly
from bridgehead.ensemble.result import Result
from bridgehead.region.bounds import bound_draws
from bridgehead.report.ensemble.words import factor_name, tell
from bridgehead.report.figures.names import Names
from bridgehead.report.figures.words import Both, both

__all__ = ["Hanging", "hanging", "joint_words", "need_of"]


@dataclass(frozen=True)
class Hanging:
    """pairs: draws made twice with other data, 0 where none are drawn; signs, values: cells whose sign flips, whose variance is mostly
    the data's (`data_share`)."""

    pairs: int
    signs: tuple[tuple[Row, str], ...]
    values: tuple[tuple[Row, str], ...]

    def words(self, names: Names, *, scenarios: bool) -> list[Both]:
        """One sentence each; scenarios: whether cells are named with their scenario."""
        if not self.pairs:
            return [tell("page.word.too_few_pairs")]
        return [
            tell(f"page.word.{key}_hang", pairs=self.pairs, cells=_listed(cells, names, scenarios=scenarios))
            if cells
            else tell(f"page.word.no_{key}_hang", pairs=self.pairs)
            for key, cells in (("sign", self.signs), ("value", self.values))
        ]


def hanging(result: Result, scenarios: Sequence[str]) -> Hanging | None:
    """The first lines of some scenarios that hang on inferred data; None where the region has no bounds, and nothing was drawn."""
    if not bound_draws(result.plan.region).names:
        return None
    first = {row.key: row for row in result.plan.needs.rows if row.line == "1"}
    told = [
        r
        for r in result.tables["data_share"].to_dicts()
        if r["share"] is not None and r["scenario"] in scenarios and (r["need"], r["line"]) in first
    ]

    def where(key: str) -> tuple[tuple[Row, str], ...]:
        return tuple((first[r["need"], r["line"]], r["scenario"]) for r in told if r[key])

    return Hanging(max((r["pairs"] for r in told), default=0), where("hangs"), where("driven"))


def need_of(row: Row, names: Names) -> Both:
    """The need a row belongs to, with its government where that is more than the need."""
    government, name = names.government(row.government), both(row.name, row.name_zh)
    if row.government == "all" or government == name:
        return name
    return Both(f"{government.en} · {name.en}", f"{government.zh} · {name.zh}")


def _listed(cells: Sequence[tuple[Row, str]], names: Names, *, scenarios: bool) -> Both:
    """Needs by name, each once, with the scenarios in which it is so."""
    by_need: dict[Both, list[Both]] = {}
    for row, scenario in cells:
        by_need.setdefault(need_of(row, names), []).append(names.short(scenario))
    if not scenarios:
        return Both(", ".join(need.en for need in by_need), "、".join(need.zh for need in by_need))
    return Both(
        "; ".join(f"{need.en} ({', '.join(each.en for each in where)})" for need, where in by_need.items()),
        "；".join(f"{need.zh}（{'、'.join(each.zh for each in where)}）" for need, where in by_need.items()),
    )


def joint_words(plan: Any, names: Names, facts: dict[str, str]) -> Both | None:
    """What is drawn jointly because data identify it jointly; None where nothing is."""
    known = {factor.name: factor for factor in plan.factors}
    parts: dict[str, list[Both]] = {}
    for factor in plan.factors:
        other = jointly(factor, plan.factors)
        if other is not None:
            parts.setdefault(other, []).append(factor_name(factor, names, facts))
    if not parts and plan.estimates is None:
        return None
    named = {other: factor_name(known[other], names, facts) for other in parts}
    english = [f"{named[other].en}: {', '.join(each.en for each in those)}" for other, those in parts.items()]
    chinese = [f"{named[other].zh}：{'、'.join(each.zh for each in those)}" for other, those in parts.items()]
    if plan.estimates is not None:
        english.append(str(tell("page.word.joint_estimates").en))
        chinese.append(str(tell("page.word.joint_estimates").zh))
    return tell("page.word.joint", parts=Both("; ".join(english), "；".join(chinese)))
