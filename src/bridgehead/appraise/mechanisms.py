"""Which mechanism moves a cell: each mechanism of a scenario acts alone, and the cell's change is computed anew."""

from __future__ import annotations

from collections.abc import Mapping

from bridgehead.appraise.cells import Cell

NAMES: dict[str, tuple[str, str]] = {
    "commuting": ("commuting border", "通勤边界"),
    "goods": ("goods border", "商品边界"),
    "movers": ("movers and registration", "迁移与户籍"),
    "spillover": ("spillovers", "集聚溢出"),
    "ideas": ("ideas across borders", "跨界知识"),
    "foreign_trade": ("foreign trade cost", "对外贸易成本"),
    "land": ("land release", "土地供应"),
    "productivity": ("productivity", "生产率"),
    "research": ("R&D spending", "研发经费"),
    "amenity": ("services and amenity", "公共服务与宜居"),
    "public_money": ("public money", "公共资金"),
}
"""Names of mechanisms, English and Chinese, by the ids that levers give (policy, `mechanisms`)."""


def mechanism_name(mechanism: str) -> tuple[str, str]:
    """The name of a mechanism, or of several that one lever cannot part ('commuting+spillover')."""
    pairs = [NAMES.get(part, (part.replace("_", " "), part)) for part in mechanism.split("+")]
    return " and ".join(en for en, _ in pairs), "与".join(zh for _, zh in pairs)


def main_mechanism(alone: Mapping[str, Cell]) -> str | None:
    """The mechanism whose change alone is largest; None when none moves the cell."""
    sizes = {name: abs(cell.change) for name, cell in alone.items() if cell.change}
    return max(sizes, key=lambda name: sizes[name]) if sizes else None


def statement(cell: Cell, alone: Mapping[str, Cell], unit: str) -> tuple[str, str]:
    """What moves a cell, in English and Chinese, with its change alone and the change of all together."""
    if cell.change is None:
        return f"–: {cell.note}", "–"
    main = main_mechanism(alone)
    if main is None or cell.change == 0:
        return f"nothing: {cell.note or 'no mechanism of this scenario reaches it'}", "无"
    en, zh = mechanism_name(main)
    said = f"{cell.change:+.3g} {'' if unit == '1' else unit}".strip()
    if len(alone) == 1:
        return f"{en}: {said}", f"{zh}：{said}"
    part = f"{alone[main].change:+.3g}"
    return f"{en}: {part} alone, {said} with all", f"{zh}：单独 {part}，合计 {said}"
