"""The chain behind a place's result: lever → passage → flows → market access → wage → rent → welfare, with numbers and equations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from bridgehead.appraise import outcomes
from bridgehead.appraise.commuting import mean_minutes
from bridgehead.appraise.context import Context, World
from bridgehead.appraise.engine import ENGINE
from bridgehead.appraise.sets import Places
from bridgehead.errors import LabelError, did_you_mean
from bridgehead.kernels import passages_of

KERNELS = {
    "commuting": ("commuting passage", "通勤通行系数"),
    "trade": ("goods passage", "商品通行系数"),
    "spillover": ("spillover passage", "溢出通行系数"),
    "knowledge": ("ideas passage", "知识通行系数"),
}
NUMBERS = {
    "research": ("R&D spending", "研发经费", "m {c}/year", "RD"),
    "productivity_fundamental": ("own productivity", "自身生产率", "1", "ā"),
    "amenity_fundamental": ("own amenity", "自身宜居度", "1", "b̄"),
    "home_supply": ("land for homes", "住宅用地", "1", "h̄"),
    "work_supply": ("land for work", "产业用地", "1", "h̄ᶜ"),
    "migration_kept": ("real income kept by movers", "迁移者保留的实际收入", "1", "D^(1/ν)"),
}


@dataclass(frozen=True)
class Step:
    """One link of the chain: a quantity of the place before and after, the equation that moves it, and where that stands.

    stage: 'lever' · 'flows' · 'market' · 'wage' · 'rent' · 'welfare'. What moves per cent is change_percent, None from 0.
    """

    stage: str
    name: str
    name_zh: str
    before: float
    after: float
    unit: str
    equation: str
    source: str

    @property
    def change_percent(self) -> float | None:
        """100 (after / before − 1)."""
        return 100.0 * (self.after / self.before - 1.0) if self.before else None

    def text(self, lang: str = "en") -> str:
        """The step in one line, English or Chinese."""
        name, unit = (self.name_zh, f" {self.unit}") if lang == "zh" else (self.name, f" {self.unit}")
        percent = "" if self.change_percent is None else f" ({self.change_percent:+.3g} %)"
        return f"{name}: {self.before:.6g} → {self.after:.6g}{'' if self.unit == '1' else unit}{percent}"

    def as_dict(self) -> dict[str, Any]:
        """The step as a plain mapping, for `--json`."""
        return {**self.__dict__, "change_percent": self.change_percent}


def explain_place(baseline: Any, equilibrium: Any, place: str) -> list[Step]:
    """The chain from what a scenario changes at a place, or at its borders, to what it does there.

    LabelError with the nearest id for an unknown place; SolveError when the scenario has no certified solution.
    """
    region = baseline.region
    if place not in region.place_ids:
        raise LabelError(f"unknown place '{place}'; {did_you_mean(place, region.place_ids)}")
    equilibrium.require()
    here = region.place_ids.index(place)
    context = Context(World(baseline, baseline.equilibrium, ENGINE), World(baseline, equilibrium, ENGINE))
    chain = [*_levers(context, here), *_flows(context, here), *_market(context, here)]
    return [*chain, *_wage(context, here), *_rent(context, here), *_welfare(context, here)]


def _levers(now: Context, here: int) -> list[Step]:
    """What the scenario changes at this place: its own numbers, and passages of its jurisdictions."""
    steps = []
    for name in sorted(now.moved()):
        before, after = now.before.given.get(name), now.after.given[name]
        if name in KERNELS:
            steps += _passages(now, name, before, after, here)
        elif name in NUMBERS:
            steps += _numbers(now, name, np.asarray(before), np.asarray(after), here)
    return steps


def _passages(now: Context, name: str, before: Any, after: Any, here: int) -> list[Step]:
    en, zh = KERNELS[name]
    old, new = passages_of(before), passages_of(after)
    steps = []
    for level in old:
        jurisdictions = now.region.jurisdictions(level)
        own = int(now.region.cells(level)[here])
        first, second = (np.asarray(x[level]).reshape(-1, len(jurisdictions), len(jurisdictions)) for x in (old, new))
        for sector, receiver, supplier in np.argwhere(first != second):
            if own in (receiver, supplier) and (first[0] != second[0]).any() <= (sector == 0):
                what = f"{jurisdictions[receiver]} ← {jurisdictions[supplier]}"
                values = float(first[sector, receiver, supplier]), float(second[sector, receiver, supplier])
                equation = "(K_f x)_n = Σ_J′ f[J(n), J′] (K (x 1_J′))_n"
                steps.append(Step("lever", f"{en}, {what}", f"{zh}，{what}", *values, "1", equation, "model page §3"))
    return steps


def _numbers(now: Context, name: str, before: np.ndarray, after: np.ndarray, here: int) -> list[Step]:
    en, zh, unit, symbol = NUMBERS[name]
    if name == "migration_kept":
        labels, pairs = now.region.origin_names, zip(before[:, here], after[:, here], strict=True)
    else:
        labels = now.region.sector_names if before.ndim == 2 else ("",)
        pairs = zip(np.atleast_1d(before[here]), np.atleast_1d(after[here]), strict=True)
    steps = []
    for label, (old, new) in zip(labels, pairs, strict=True):
        if old != new:
            tail = f", {label}" if label else ""
            said = unit.format(c=now.region.meta.currency)
            steps.append(Step("lever", en + tail, zh + tail, float(old), float(new), said, symbol, "model page §2, §4"))
    return steps


def _flows(now: Context, here: int) -> list[Step]:
    """Commuters and goods across the place's edge, and the ideas it uses."""
    equation = "C_ni = R_n K_ni e_i w_i^ε / W_n^ε"
    steps = []
    for axis, en, zh in ((0, "people who come in to work", "流入通勤者"), (1, "residents who go out to work", "流出通勤者")):
        before, after = (float(w.commuters.sum(axis=axis)[here] - w.commuters[here, here]) for w in (now.before, now.after))
        steps.append(Step("flows", en, zh, before, after, "person", equation, "model page §4"))
    money = f"m {now.region.meta.currency}/year"
    for axis, en, zh in ((1, "goods sold elsewhere", "对外销售"), (2, "goods bought elsewhere", "外部采购")):
        before, after = (float(w.trade.sum(axis=(0, axis))[here] - w.trade[:, here, here].sum()) for w in (now.before, now.after))
        steps.append(Step("flows", en, zh, before, after, money, "X_ni,s = X_ns T_ni,s c_is^(−θ) P_ns^θ", "model page §4"))
    if now.before.ideas is not None:
        before, after = (float(w.ideas[here] @ w.array("research")) for w in (now.before, now.after))
        steps.append(
            Step("flows", "ideas within reach", "可及知识存量", 1.0, after / before, "baseline = 1", "Z_i = Σ_j N_ij RD_j", "model page §4")
        )
    return steps


def _market(now: Context, here: int) -> list[Step]:
    """What buyers would pay for the place's goods, and how productive it is."""
    weights = now.weights(Places("here", np.arange(len(now.region.place_ids)) == here))
    access = np.exp(outcomes.access_gain(_buyers(now.after), _buyers(now.before), weights))
    able = np.exp(outcomes.productivity_gain(now.after.state["productivity"], now.before.state["productivity"], weights))
    return [
        Step(
            "market",
            "market access of its firms",
            "企业市场可达性",
            1.0,
            float(access),
            "baseline = 1",
            "Σ_n T_ni,s X_ns P_ns^θ",
            "model page §4, Trade",
        ),
        Step(
            "market",
            "productivity",
            "生产率",
            1.0,
            float(able),
            "baseline = 1",
            "A_is = ā_is Z_i^χ (Σ_j S_ij L_j / land_i)^λ",
            "model page §4, Firms",
        ),
    ]


def _buyers(world: World) -> np.ndarray:
    """Σ_n T_ni,s X_ns P_ns^θ_s [place, sector]."""
    state = world.state
    return np.einsum("sni,ns->is", world.trade_kernel, state["spending"] * state["price_index"] ** world.array("trade_elasticity"))


def _state_step(now: Context, here: int, name: str, stage: str, said: tuple[str, str, str], equation: str) -> Step:
    en, zh, unit = said
    return Step(stage, en, zh, float(now.before.state[name][here]), float(now.after.state[name][here]), unit, equation, "model page §4")


def _wage(now: Context, here: int) -> list[Step]:
    money = f"m {now.region.meta.currency}/(person year)"
    return [
        _state_step(now, here, "wage", "wage", ("wage", "工资", money), "w_i L_i = Σ_s β_s Y_is"),
        _state_step(now, here, "jobs", "wage", ("jobs", "就业岗位", "person"), "L_i = Σ_n C_ni"),
        _state_step(now, here, "consumer_price", "wage", ("consumer price", "消费价格", "1"), "P_n = Π_s P_ns^(α_s/(1−α_H))"),
        _state_step(now, here, "access", "wage", ("access to jobs", "就业可达性", money), "W_n = (Σ_i K_ni e_i w_i^ε)^(1/ε)"),
    ]


def _rent(now: Context, here: int) -> list[Step]:
    unit = f"{now.region.meta.currency}/(m2 day)"
    return [
        _state_step(now, here, "rent_home", "rent", ("home rent", "住宅租金", unit), "r_n h̄ (r/P)^η = α_H I_n"),
        _state_step(now, here, "rent_work", "rent", ("work rent", "产业用房租金", unit), "q_n h̄ᶜ (q/P)^η = Σ_s γ_s Y_ns"),
    ]


def _welfare(now: Context, here: int) -> list[Step]:
    before, after = now.before.state, now.after.state
    ratio = after["value"][here] / before["value"][here]
    home = np.arange(len(now.region.place_ids)) == here
    gain = outcomes.welfare_by_home(after["welfare"] / before["welfare"], before["people"], before["income"], before["residents"])
    money = f"m {now.region.meta.currency}/year"
    income = float(before["income"][here])
    steps = [
        Step("welfare", "value of living there", "居住价值", 1.0, float(ratio), "baseline = 1",
             "V_n = b_n W_n y_n / (P_n^(1−α_H) r_n^α_H)", "model page §4"),
        _state_step(now, here, "residents", "welfare", ("residents", "居民", "person"), "R_n = Σ_g M_g D_gn V_n^ν / Σ_m D_gm V_m^ν"),
        Step("welfare", "real value added", "实际增加值", float(now.real_before[here]), float(now.real_after[here]), money,
             "G_i = Σ_s (β_s + γ_s) Y_is P_i⁰ / P_i", "model page §10"),
        Step("welfare", "income and welfare of those who lived there", "原居民收入与福利", income, income + float(gain[here]), money,
             "EV_n = Σ_g (U_g / U_g⁰ − 1) R_gn⁰ I_n⁰ / R_n⁰", "model page §10"),
    ]  # fmt: skip
    if now.region.inside[here]:
        times = [mean_minutes(now.before.commuters, now.arrays.minutes, home), mean_minutes(now.after.commuters, now.minutes, home)]
        steps.insert(0, Step("welfare", "minutes to work", "通勤时间", *times, "minutes", "Σ_i C_ni t_ni / R_n", "model page §10"))
    return steps


def by_stage(steps: list[Step]) -> Mapping[str, list[Step]]:
    """The steps of each stage, in the chain's order."""
    found: dict[str, list[Step]] = {}
    for step in steps:
        found.setdefault(step.stage, []).append(step)
    return found
