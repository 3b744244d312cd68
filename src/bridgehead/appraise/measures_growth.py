"""Measures of growth: value added, productivity, research, structure (model.md §10, case-yangtze.md §5)."""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np

from bridgehead.appraise import outcomes
from bridgehead.appraise.context import Context
from bridgehead.appraise.sets import Places
from bridgehead.appraise.values import NOISE_MONEY, Value, measure, undefined
from bridgehead.kernels import is_traced, module_of

Level: TypeAlias = str
Sector: TypeAlias = str


@measure("net_gain", "money", change=True)
def net_gain(now: Context, of: Places) -> Value:
    """ΔG of a set, million a year: net, for what one place takes from another of the set cancels (model.md §10)."""
    return Value(now.gain(of), scale=float(now.real_before[of.mask].sum()))


@measure("relocated", "money", change=True)
def relocated(now: Context, of: Places) -> Value:
    """The sum of the set's losses in G, million a year (model.md §10): what moved and was not made."""
    change = (now.real_after - now.real_before)[of.mask]
    return Value(outcomes.relocated(change), scale=float(now.real_before[of.mask].sum()))


@measure("real_value_added", "money")
def real_value_added(now: Context, of: Places) -> Value:
    """G of a set, million a year at baseline prices (model.md §10)."""
    return Value(now.real_after[of.mask].sum())


@measure("spillover_multiplier", "ratio", change=True, smooth=False)
def spillover_multiplier(now: Context, of: Places, zone: Places) -> Value:
    """(ΔG of the set − ΔG of the zone) / ΔG of the zone: gained elsewhere for each unit gained in the zone (case-yangtze.md §5)."""
    inside = now.gain(zone)
    if is_noise(now, inside, float(now.real_before[of.mask].sum())):
        return undefined(f"the zone's own gain ({inside / 1000:.3g} bn a year) is below the noise")
    return Value((now.gain(of) - inside) / inside)


@measure("gain_less_losses", "money")
def gain_less_losses(now: Context, of: Places, within: Places) -> Value:
    """G of a set, less what the rest of `within` as a whole loses: G_B + min(0, ΔG of the rest), million a year (case-yangtze.md §5)."""
    rest = now.gain(within.without(of))
    note = "" if is_traced(rest) else f"the rest changes by {rest / 1000:.3g} bn a year"
    return Value(now.real_after[of.mask].sum() + module_of(rest).minimum(0.0, rest), note=note)


@measure("districts_rising", "count", change=True, smooth=False)
def districts_rising(now: Context, of: Places, by: Level) -> Value:
    """How many jurisdictions of a level inside the set have ΔG > 0 beyond the solver's error (case-yangtze.md §5)."""
    cells = np.asarray(now.region.cells(by))[of.mask]
    before = np.bincount(cells, weights=now.real_before[of.mask])
    after = np.bincount(cells, weights=now.real_after[of.mask])
    change, slack = after - before, now.noise * before
    count = len(set(cells.tolist()))
    rise, fall = int((change > slack).sum()), int((change < -slack).sum())
    return Value(float(rise), note=f"of {count}: {rise} rise, {fall} fall, {count - rise - fall} unchanged", scale=1.0)


@measure("tfp", "log", change=True)
def tfp(now: Context, of: Places) -> Value:
    """TFP_B = Σ ω_is Δ log A_is, log points: density and ideas included (model.md §10)."""
    gain = outcomes.productivity_gain(now.after.state["productivity"], now.before.state["productivity"], now.weights(of))
    return Value(gain, scale=1.0)


@measure("tfp_share_of_growth", "share", change=True, smooth=False)
def tfp_share_of_growth(now: Context, of: Places) -> Value:
    """TFP_B / Δ log G_B, only where both are positive (model.md §10)."""
    before = float(now.real_before[of.mask].sum())
    gain = now.gain(of)
    productivity = tfp(now, of).number or 0.0
    if is_noise(now, gain, before):
        return undefined(f"growth ({gain / 1000:.3g} bn a year) is below the noise")
    if gain <= 0:
        return undefined("real value added does not grow")
    if productivity <= now.noise:
        return undefined("productivity does not grow")
    return Value(productivity / math.log1p(gain / before))


@measure("research_intensity", "share", moved_by=("research",), still="R&D spending moves by research levers alone, and none is pulled")
def research_intensity(now: Context, of: Places) -> Value:
    """Σ RD_i over the set's value added in the baseline (case-yangtze.md §5)."""
    if "research" not in now.after.given:
        return undefined("the region has no research facts")
    return Value(now.after.array("research")[of.mask].sum() / now.real_before[of.mask].sum())


@measure("core_over_whole", "ratio")
def core_over_whole(now: Context, core: Places, whole: Places) -> Value:
    """G a head of the core over G a head of the whole (case-yangtze.md §5).

    Heads are population where every place of the whole has it, moving with its employed residents; else employed residents.
    """
    people, note = _heads(now, whole)
    a_head = [now.real_after[s.mask].sum() / people[s.mask].sum() for s in (core, whole)]
    return Value(a_head[0] / a_head[1], note=note)


def _heads(now: Context, whole: Places) -> tuple[np.ndarray, str]:
    residents, base = now.after.state["residents"], now.before.state["residents"]
    population = np.asarray(now.region.fact("population"), dtype=float)
    if np.isfinite(population[whole.mask]).all():
        return population * residents / np.where(base > 0, base, 1.0), ""
    return residents, "a head of employed residents: population is not known for every place"


@measure("nonprimary_jobs", "share")
def nonprimary_jobs(now: Context, of: Places, sector: Sector = "primary") -> Value:
    """Share of jobs outside a sector, jobs of a sector = β_s Y_is / w_i (case-yangtze.md §5)."""
    state = now.after.state
    jobs = outcomes.jobs_by_sector(state["output"], now.after.array("labour_share"), state["wage"])[of.mask]
    out = now.region.sector_mask(sector)
    return Value(1.0 - jobs[:, out].sum() / jobs.sum())


def is_noise(now: Context, money: float, scale: float) -> bool:
    """Whether a change in money is below the noise: 0.05 bn a year, or the certificates' error × 100 (model.md §10)."""
    return abs(money) < max(NOISE_MONEY, now.noise * scale)
