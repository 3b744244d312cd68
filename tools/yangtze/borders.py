"""borders.csv: passages of every ordered pair at `prefecture` and `regime` for the five flows.

Receiver first: home, buyer, origin, learner; then supplier: work, seller, destination, source. Zone sides and Kunshan
carry their host's passages at `prefecture`, zone sides at `regime`, and pass freely to and from their host.
Commuting at `prefecture` holds starting values (a first fit's); calibration fits them to the moments.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from tools.yangtze import assumptions as rules
from tools.yangtze.labels import ABROAD, FOUR, host_prefecture, province_of_regime
from tools.yangtze.regions import place_rows
from tools.yangtze.sources import Sources

FLOWS = ("commuting", "trade", "migration", "spillover", "ideas")
# log passages home -> work of a first fit, prefecture and province together
SUM_FOUND = {
    ("shanghai", "jiangsu"): -3.7,
    ("jiangsu", "shanghai"): -4.8,
    ("shanghai", "zhejiang"): -2.9,
    ("zhejiang", "shanghai"): -6.2,
}
SUM_OTHER = 0.5 * (-3.7 - 4.8)  # pairs without a moment: the mean of Shanghai and Jiangsu
KUNSHAN_MORE = 1.4  # between Kunshan and Shanghai, both ways


def border_rows(sources: Sources) -> Iterator[dict]:
    """Rows of borders.csv."""
    places = place_rows(sources)
    regimes = list(dict.fromkeys(row["regime"] for row in places))
    prefectures = {row["prefecture"]: row["province"] for row in places}
    for flow in FLOWS:
        for receiver, supplier in _pairs(regimes):
            passage = regime_passage(flow, receiver, supplier)
            yield _row("regime", flow, receiver, supplier, passage)
    for flow in FLOWS:
        for receiver, supplier in _pairs(list(prefectures)):
            passage = 1.0
            if flow == "commuting":
                passage = prefecture_commuting(receiver, supplier, prefectures[receiver], prefectures[supplier])
            yield _row("prefecture", flow, receiver, supplier, passage)


def _pairs(names: list[str]) -> Iterator[tuple[str, str]]:
    return ((receiver, supplier) for receiver in names for supplier in names if receiver != supplier)


def _row(level: str, flow: str, receiver: str, supplier: str, passage: float) -> dict:
    number = float(f"{passage:.8g}")
    return {"level": level, "flow": flow, "receiver": receiver, "supplier": supplier, "passage": number}


def regime_passage(flow: str, receiver: str, supplier: str) -> float:
    """The provincial part of a passage; 1 between a zone side and its host."""
    one, two = province_of_regime(receiver), province_of_regime(supplier)
    if one == two:
        return 1.0
    if ABROAD in (one, two):
        return {"commuting": 0.0, "spillover": rules.IDEAS_ABROAD, "ideas": rules.IDEAS_ABROAD}.get(flow, 1.0)
    if flow == "commuting":
        return math.exp(rules.COMMUTING_PROVINCIAL) if one in FOUR and two in FOUR else 0.0
    return {
        "trade": (1.0 + rules.GOODS_BORDER) ** -rules.TRADE_ELASTICITY,
        "migration": rules.MIGRATION_FACTOR**-rules.HOME_DISPERSION,
        "spillover": math.exp(rules.IDEAS_PROVINCIAL),
        "ideas": math.exp(rules.IDEAS_PROVINCIAL),
    }[flow]


def prefecture_commuting(receiver: str, supplier: str, receiver_province: str, supplier_province: str) -> float:
    """Starting value of the municipal part of commuting; 1 within a host, and 1 outside, where the regime is closed."""
    inside = receiver_province in FOUR and supplier_province in FOUR
    if not inside or host_prefecture(receiver) == host_prefecture(supplier):
        return 1.0
    log = SUM_FOUND.get((receiver_province, supplier_province), SUM_OTHER) - rules.COMMUTING_PROVINCIAL
    if "kunshan" in (receiver, supplier) and "shanghai" in (receiver_province, supplier_province):
        log += KUNSHAN_MORE
    return math.exp(log)
