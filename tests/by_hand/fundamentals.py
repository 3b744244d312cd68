"""What the model is given, worked out by hand from the region's numbers and the baseline's solution (model.md §3 and §6).

Nothing of the package is called. Borders multiply kernels; scenarios change the fundamentals as their levers say in words.
"""

from __future__ import annotations

import copy
import math
from types import SimpleNamespace

from by_hand.tables import ABROAD, INSIDE, ORIGINS, PLACES, PROVINCE, SECTORS, region_numbers

EARTH_KM = 6371.0088


def passage(numbers: SimpleNamespace, flow: str, receiver: str, supplier: str, sector: str = "") -> float:
    """f[J(receiver), J(supplier)], 1 inside a province."""
    one, other = PROVINCE.get(receiver, receiver), PROVINCE.get(supplier, supplier)
    return 1.0 if one == other else numbers.passage[flow, sector, one, other]


def kilometres(numbers: SimpleNamespace, one: str, other: str) -> float:
    """Great circle between the places; ⅔ √(land / π) inside one."""
    if one == other:
        return 2 / 3 * math.sqrt(numbers.land[one] / math.pi)
    (x1, y1), (x2, y2) = ([math.radians(v) for v in numbers.lonlat[p]] for p in (one, other))
    cosine = math.sin(y1) * math.sin(y2) + math.cos(y1) * math.cos(y2) * math.cos(x1 - x2)
    return EARTH_KM * math.acos(cosine)


def kernels(numbers: SimpleNamespace, given: SimpleNamespace) -> None:
    """The kernels of model.md §3, without their borders."""
    both = [(n, i) for n in INSIDE for i in INSIDE]
    given.commuting = {(n, i): math.exp(-numbers.commuting_decay * numbers.minutes[n, i]) for n, i in both}
    given.spillover = {(n, i): math.exp(-numbers.productivity_decay * numbers.minutes[n, i]) for n, i in both}
    given.amenity_spillover = {(n, i): math.exp(-numbers.amenity_decay * numbers.minutes[n, i]) for n, i in both}
    given.knowledge = {(n, i): math.exp(-kilometres(numbers, n, i) / numbers.knowledge_decay) for n, i in both}
    for n in INSIDE:  # abroad: such that its ideas are the share φ of Z in the data
        at_home = sum(given.knowledge[n, i] * passage(numbers, "ideas", n, i) * given.research[i] for i in INSIDE)
        from_abroad = passage(numbers, "ideas", n, ABROAD) * given.research[ABROAD]
        given.knowledge[n, ABROAD] = numbers.foreign_ideas / (1 - numbers.foreign_ideas) * at_home / from_abroad
    for n in INSIDE:
        given.knowledge[ABROAD, n] = 0.0
    given.knowledge[ABROAD, ABROAD] = 1.0


def trade_kernel(numbers: SimpleNamespace, given: SimpleNamespace, base: SimpleNamespace) -> None:
    """T_s[n, i] = μ_is τ^(−θ_s), and abroad's openness: the one factor that the baseline's flows show."""
    given.trade = {}
    for s in SECTORS:
        total = sum(base.output[i, s] for i in PLACES)
        for n in PLACES:
            for i in PLACES:
                given.trade[s, n, i] = base.output[i, s] / total * numbers.iceberg[n, i] ** -numbers.theta[s]
    s, n, i = "goods", "X", ABROAD
    bought = base.spending[n, s] * (base.price_index[n, s] / base.unit_cost[i, s]) ** numbers.theta[s]
    given.openness = base.trade[n, i, s] / (bought * given.trade[s, n, i] * passage(numbers, "trade", n, i, s))
    for s, n, i in given.trade:
        if (n == ABROAD) != (i == ABROAD):
            given.trade[s, n, i] *= given.openness


def wages_and_money(numbers: SimpleNamespace, given: SimpleNamespace, base: SimpleNamespace) -> None:
    """e_i = B_i / mean inside B; z of abroad from its trade, one common z elsewhere; α from the accounts (model.md §6.2, 6.3)."""
    bill = {i: sum(numbers.beta[s] * base.output[i, s] for s in SECTORS) for i in PLACES}
    mean = sum(bill[i] for i in INSIDE) / len(INSIDE)
    given.workplace_size = {i: bill[i] / mean for i in PLACES}
    given.inside_wage_bill = sum(bill[i] for i in INSIDE)
    earnings = {n: base.earnings_per_resident[n] * base.residents[n] for n in PLACES}
    deficit = numbers.fact[ABROAD, "imports", ""] - numbers.fact[ABROAD, "exports", ""]
    common = -deficit / sum(earnings[n] for n in INSIDE)
    given.transfer_rate = dict.fromkeys(INSIDE, common) | {ABROAD: deficit / earnings[ABROAD]}
    given.alpha = {}
    for s in SECTORS:
        given.alpha[ABROAD, s] = (1 - numbers.housing_share) * numbers.own_consumption[ABROAD, s]
        made = sum(base.output[n, s] for n in PLACES)
        used = sum(numbers.omega[s, k] * base.output[n, k] for k in SECTORS for n in PLACES)
        left = made - used - given.alpha[ABROAD, s] * base.income[ABROAD]
        for n in INSIDE:
            given.alpha[n, s] = left / sum(base.income[m] for m in INSIDE)


def reached(given: SimpleNamespace, numbers: SimpleNamespace, kernel: str, n: str, mass: dict[str, float]) -> float:
    """(Σ_j S_nj f x_j) / land_n, with the passages of the flow `spillover`."""
    weight = getattr(given, kernel)
    return sum(weight[n, j] * passage(given, "spillover", n, j) * mass[j] for j in INSIDE) / numbers.land[n]


def ideas(given: SimpleNamespace, n: str) -> float:
    """Z_n = Σ_j N_nj f RD_j."""
    return sum(given.knowledge[n, j] * passage(given, "ideas", n, j) * given.research[j] for j in PLACES)


def productivity_and_homes(numbers: SimpleNamespace, given: SimpleNamespace, base: SimpleNamespace) -> None:
    """ā, b̄, h̄ and h̄^c from the baseline's own productivity, amenity, rents and prices (model.md §6.4 to 6.6)."""
    given.a_bar, given.b_bar, given.h_home, given.h_work = {}, {}, {}, {}
    for n in PLACES:
        own = base.amenity[n]
        given.b_bar[n] = (
            own / reached(given, numbers, "amenity_spillover", n, base.residents) ** numbers.amenity_density if n in INSIDE else own
        )
        for s in SECTORS:
            given.a_bar[n, s] = base.productivity[n, s]
            if n in INSIDE:
                crowd = reached(given, numbers, "spillover", n, base.jobs) ** numbers.density_elasticity[s]
                given.a_bar[n, s] /= crowd * ideas(given, n) ** numbers.research_elasticity
        rent, work = numbers.fact[n, "rent_home", ""], numbers.fact[n, "rent_work", ""]
        paid = sum(numbers.gamma[s] * base.output[n, s] for s in SECTORS)
        eta = {use: numbers.fact[n, f"supply_elasticity_{use}", ""] for use in ("home", "work")}
        given.h_home[n] = numbers.housing_share * base.income[n] / rent * (rent / base.consumer_price[n]) ** -eta["home"]
        given.h_work[n] = paid / work * (work / base.consumer_price[n]) ** -eta["work"]


def fundamentals(numbers: SimpleNamespace, base: SimpleNamespace) -> SimpleNamespace:
    """Everything the equations take as given, at the baseline. `passage` is the borders' own copy, free to be changed."""
    given = SimpleNamespace(passage=dict(numbers.passage))
    given.research = {i: numbers.fact[i, "research_spending", ""] for i in PLACES}
    kernels(numbers, given)
    trade_kernel(numbers, given, base)
    wages_and_money(numbers, given, base)
    productivity_and_homes(numbers, given, base)
    given.kept = {
        (g, n): numbers.kept_income[g, n] * passage(given, "migration", g, n) ** (1 / numbers.home_dispersion)
        for g in ORIGINS
        for n in PLACES
    }
    return given


def opened(given: SimpleNamespace) -> None:
    """a.open: every border between A and B, f -> f^(1 − 0.25); kept income is kept · f^(1/ν)."""
    nu = region_numbers().home_dispersion
    for g, n in (("A", "Y"), ("B", "X")):
        given.kept[g, n] *= passage(given, "migration", g, n) ** (-0.25 / nu)
    for key, old in list(given.passage.items()):
        if set(key[2:]) == {"A", "B"}:
            given.passage[key] = old**0.75


def linked(given: SimpleNamespace) -> None:
    """b.links: research at X × 1.2, foreign costs × 0.9, people of A keep all at Y, B learns from A without border."""
    theta = region_numbers().theta
    given.research["X"] *= 1.2
    for s, n, i in given.trade:
        if (n == ABROAD) != (i == ABROAD):
            given.trade[s, n, i] *= 0.9 ** -theta[s]
    given.kept["A", "Y"] = 1.0
    given.passage["ideas", "", "B", "A"] = 1.0


def land_released(given: SimpleNamespace) -> None:
    """zone.land: 10 km2 more beside the 50 of the Town, and amenity × 1.05."""
    given.h_home["Y"] *= 1 + 10 / 50
    given.h_work["Y"] *= 1 + 10 / 50
    given.b_bar["Y"] *= 1.05


def firms_helped(given: SimpleNamespace) -> None:
    """zone.firms: productivity of the Town × 1.1."""
    for s in SECTORS:
        given.a_bar["Y", s] *= 1.1


def both_zones(given: SimpleNamespace) -> None:
    """new_town: the two zones together."""
    land_released(given)
    firms_helped(given)


CHANGES = {"a.open": opened, "b.links": linked, "zone.land": land_released, "zone.firms": firms_helped, "new_town": both_zones}


def changed(given: SimpleNamespace, name: str) -> SimpleNamespace:
    """The fundamentals of a scenario; the baseline's stay as they are."""
    new = copy.deepcopy(given)
    if name in CHANGES:
        CHANGES[name](new)
    return new
