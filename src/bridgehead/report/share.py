"""What `bridgehead share` prints: who gains what alone and together, every rule's split, and whether all would sign."""

from __future__ import annotations

from typing import Any

from rich.text import Text

from bridgehead.appraise.sharing.axioms import AXIOMS
from bridgehead.appraise.sharing.balance import balance, balance_by_year
from bridgehead.appraise.sharing.result import Sharing, Split, allocation_now
from bridgehead.report.figures.numbers import plain
from bridgehead.report.shell import Shell
from bridgehead.report.terminal import BETTER, WORSE, plain_table

__all__ = ["document", "instrument", "show_sharing", "verdict_text"]

OBJECTORS = 3


def money(shell: Shell, amount: float) -> str:
    """An amount of the result, million a year, in the language's own unit: bn, or 亿."""
    return plain(amount / (100.0 if shell.lang == "zh" else 1000.0))


def unit(shell: Shell, sharing: Sharing) -> str:
    """The unit of `money`."""
    currency = sharing.table.runner.baseline.region.meta.currency
    return shell.text("share.unit", currency="元" if currency == "yuan" and shell.lang == "zh" else currency)


def names(shell: Shell, sharing: Sharing) -> dict[str, str]:
    """The governments' names in the call's language, by id."""
    return {player.id: shell.choose(player.name, player.name_zh) for player in sharing.players}


def show_sharing(shell: Shell, sharing: Sharing) -> None:
    """Print the result for people."""
    kind = shell.text(f"share.{sharing.kind}")
    title = shell.text(
        "share.title", plan=shell.choose(sharing.scenario.name, sharing.scenario.name_zh), value=kind, unit=unit(shell, sharing)
    )
    shell.show(Text(title, style="bold"), "", _governments(shell, sharing))
    shell.show(_returns(shell, sharing), _coalitions(shell, sharing), _rules(shell, sharing))
    for split in sharing.splits:
        shell.show(
            Text(f"{shell.text(f'share.rule.{split.name}')}{shell.choose(': ', '：')}", style="bold")
            + Text(instrument(shell, sharing, split), style="not bold")
        )
    shell.show("", verdict_text(shell, sharing), "")
    for line in notes(shell, sharing):
        shell.show(f"! {line}")


def _governments(shell: Shell, sharing: Sharing) -> Any:
    """Each government's budget and welfare when all agree (the one that is valued is what it has without a rule), what it has alone, and
    what it could accept."""
    heads = ("government", "budget", "welfare", "alone", "range")
    rows, spread = [], names(shell, sharing)
    for row in balance(sharing):
        id = row["government"]
        low, high = sharing.verdict.acceptable.get(id, (None, None))
        span = "–" if low is None else f"{money(shell, low)} … {money(shell, high)}"
        budget = "–" if sharing.table.ledger is None else money(shell, row["budget"])
        rows.append((spread[id], budget, money(shell, row["welfare"]), money(shell, sharing.game({id})), span))
    return plain_table([shell.text(f"share.head.{head}") for head in heads], rows, title=shell.text("share.who"), numbers=range(1, 5))


def _returns(shell: Shell, sharing: Sharing) -> Any:
    """What each government's budget is worth now, and its internal rates of return; empty without books."""
    if sharing.table.ledger is None:
        return ""
    spread = names(shell, sharing)
    rows = [
        (spread[row["government"]], money(shell, row["present_value"]),
         *(_percent(row[name]) for name in ("internal_rate", "internal_rate_without_land_sales")))
        for row in balance(sharing)
    ]  # fmt: skip
    heads = [shell.text(f"share.head.{head}") for head in ("government", "present", "rate", "rate_without")]
    return plain_table(heads, rows, title=shell.text("share.returns"), numbers=(1, 2, 3))


def _percent(share: float | None) -> str:
    """A rate; beyond 100 % its size says nothing but that next to nothing is laid out."""
    return "–" if share is None else "> 100 %" if share > 1 else f"{plain(100 * share)} %"


def _coalitions(shell: Shell, sharing: Sharing) -> Any:
    """The value of every coalition; where there are many, of those of which the value differs from the members' sum alone."""
    label, game = names(shell, sharing), sharing.game
    groups = game.coalitions
    if len(groups) > 15:
        groups = [g for g in groups if len(g) > 1 and abs(game(g) - max(game(g - {p}) for p in g)) > game.tolerance][:15]
    rows = [(" + ".join(label[p] for p in game.players if p in g), len(sharing.table.acting(g)), money(shell, game(g))) for g in groups]
    heads = [shell.text(f"share.head.{head}") for head in ("coalition", "levers", "value")]
    return plain_table(heads, rows, title=shell.text("share.coalitions"), numbers=(1, 2))


def _rules(shell: Shell, sharing: Sharing) -> Any:
    label = names(shell, sharing)
    heads = [shell.text("share.head.rule"), *label.values(), *(shell.text(f"share.head.{head}") for head in ("rational", "core", "years"))]
    rows = []
    for split in sharing.splits:
        got = split.found.allocation
        parts = ["–"] * len(label) if got is None else [money(shell, got[id]) for id in label]
        years = "–" if split.found.years is None else f"{split.found.years:g}"
        rows.append(
            (shell.text(f"share.rule.{split.name}"), *parts, _mark(holds=split.individually_rational), _mark(holds=split.in_core), years)
        )
    return plain_table(heads, rows, title=shell.text("share.rules"), numbers=range(1, len(label) + 1))


def _mark(*, holds: bool | None) -> Text:
    return Text("–") if holds is None else Text("✓", style=BETTER) if holds else Text("✗", style=WORSE)


def instrument(shell: Shell, sharing: Sharing, split: Split) -> str:
    """What carries a split out, in one sentence: who pays whom how much a year, out of what, for how many years."""
    found, label = split.found, names(shell, sharing)
    if found.allocation is None:
        return shell.text(f"share.why.{found.why}")
    if split.name == "host_keeps_all":
        return shell.text("share.how.host")
    paid = shell.text("share.semicolon").join(_payment(shell, sharing, label, *payment) for payment in split.payments) or shell.text(
        "share.how.nothing"
    )
    if split.name in ("increment_5050", "equity"):
        shares = {key.removeprefix("share."): value for key, value in found.notes.items() if key.startswith("share.")}
        sides = shell.text("share.comma").join(f"{label.get(side, side)} {plain(100 * part)} %" for side, part in shares.items())
        return shell.text(f"share.how.{split.name}", sides=sides, paid=paid, years=f"{found.years:g}")
    if split.name == "capped_5050":
        if found.notes["yearly"] == 0:
            return shell.text("share.how.unmoved")
        amounts = {key: money(shell, found.notes[key]) for key in ("yearly", "cap", "rest")}
        return shell.text("share.how.capped", **amounts, paid=paid, years=f"{found.years:g}", unit=unit(shell, sharing))
    if split.name == "nash":
        paid += shell.text("share.how.disagreement")
    return shell.text("share.how.transfer", paid=paid, years=f"{found.years:g}")


def axioms_text(shell: Shell, split: Split) -> str:
    """The axioms a rule keeps in every game."""
    return shell.text("share.axioms", names=shell.text("share.comma").join(shell.text(f"share.axiom.{name}") for name in split.axioms))


def _payment(shell: Shell, sharing: Sharing, label: dict[str, str], payer: str, receiver: str, amount: float, part: float | None) -> str:
    values = {"payer": label[payer], "receiver": label[receiver], "amount": money(shell, amount), "unit": unit(shell, sharing)}
    if part is None:
        return shell.text("share.how.pays", **values)
    key = "pays_share" if part <= 1 else "pays_more"
    return shell.text(f"share.how.{key}", **values, share=plain(100 * part))


def verdict_text(shell: Shell, sharing: Sharing) -> Text:
    """Whether all would sign, and what would have to change where they would not."""
    verdict, label = sharing.verdict, names(shell, sharing)
    values = {"unit": unit(shell, sharing), "grant": money(shell, verdict.grant), "core": money(shell, verdict.core_grant)}
    now = money(shell, verdict.grant * sharing.present_value)
    if not verdict.signs:
        text = shell.text("share.verdict.none", **values, now=now)
        if sharing.centre_gain is not None:
            text += " " + shell.text("share.verdict.centre", gain=money(shell, sharing.centre_gain), unit=values["unit"])
        return Text("✗ " + text, style=WORSE)
    lines = [shell.text("share.verdict.empty" if verdict.core_empty else "share.verdict.core", **values)]
    if verdict.losers:
        who = shell.text("share.comma").join(f"{label[id]} ({money(shell, lack)})" for id, lack in verdict.losers.items())
        lines.append(shell.text("share.verdict.losers", who=who, unit=values["unit"]))
    else:
        lines.append(shell.text("share.verdict.status_quo"))
    return Text("✓ " + " ".join(lines), style=WORSE if verdict.core_empty else BETTER)


def notes(shell: Shell, sharing: Sharing) -> list[str]:
    """What a reader must know: levers that never act, whose welfare is counted how, assumptions, and how the accounts fit."""
    table, books = sharing.table, sharing.books
    said = [
        shell.text("share.note.never", lever=sharing.scenario.levers[n].title(), number=n + 1, who=shell.text("share.comma").join(who))
        for n, who in table.never.items()
    ]
    said.append(shell.text("share.note.terms", years=f"{books.years:g}", rate=f"{100 * books.discount:g}"))
    if any(entry["land_sales"] for entry in balance(sharing)):
        said.append(shell.text("share.note.rate"))
    said.append(shell.text("share.note.apart"))
    if sharing.kind == "welfare":
        said.append(shell.text("share.note.yuan"))
    said.append(shell.text("share.note.by_origin" if table.by_origin else "share.note.by_home"))
    if table.ledger is not None:
        said.append(shell.text("share.note.accounts" if table.ledger.rules.own else "share.note.default"))
        gaps = [row["log_gap"] for row in table.ledger.residuals if row["log_gap"] is not None]
        if gaps:
            spread = (sum(gap * gap for gap in gaps) / len(gaps)) ** 0.5
            said.append(shell.text("share.note.fit", count=len(gaps), spread=plain(spread)))
    return said


def document(shell: Shell, sharing: Sharing) -> dict[str, Any]:
    """The result for machines: million a year at the baseline's prices.

    `governments`, `coalitions` and `rules` are the game and its answers; what is known of each beside that stands in `…_details`,
    in the same order.
    """
    table, game = sharing.table, sharing.game
    groups = [{"members": [p for p in game.players if p in group], "value": game(group)} for group in table.groups]
    details = [
        {**one, "levers": [n + 1 for n in table.acting(group)], "by_government": table.member_values(group, sharing.kind)}
        for one, group in zip(groups, table.groups, strict=True)
    ]
    return {
        "scenario": sharing.scenario.id or sharing.scenario.name,
        "value": sharing.kind,
        "unit": f"million_{table.runner.baseline.region.meta.currency}/year",
        "governments": list(game.players),
        "names": {p.id: {"name": p.name, "name_zh": p.name_zh, "tier": p.tier} for p in sharing.players},
        "coalitions": groups,
        "rules": [_rule(shell, sharing, split) for split in sharing.splits],
        "coalition_details": details,
        "rule_details": [_rule_details(shell, sharing, split) for split in sharing.splits],
        "verdict": vars(sharing.verdict) | {"text": verdict_text(shell, sharing).plain, "centre_gain": sharing.centre_gain},
        "balance": balance(sharing),
        "balance_by_year": balance_by_year(sharing),
        "terms": {"years": sharing.books.years, "discount": sharing.books.discount, "status": "assumption"},
        "levers": _levers(sharing),
        "budgets": _budgets(sharing),
        "axioms": {axiom.name: {"en": axiom.says, "zh": axiom.says_zh} for axiom in AXIOMS.values()},
        "solves": [_solve(levers, table.outcome(levers)) for levers in dict.fromkeys(table.acting(group) for group in table.groups)],
        "notes": notes(shell, sharing),
    }


def _rule(shell: Shell, sharing: Sharing, split: Split) -> dict[str, Any]:
    return {
        "name": split.name,
        "allocation": split.found.allocation,
        "individually_rational": split.individually_rational,
        "in_core": split.in_core,
        "instrument": instrument(shell, sharing, split),
        "years": split.found.years,
    }


def _rule_details(shell: Shell, sharing: Sharing, split: Split) -> dict[str, Any]:
    keys = ("payer", "receiver", "amount", "share_of_gain_in_zone")
    return {
        "name": split.name,
        "present_value": allocation_now(sharing, split),
        "payments": [dict(zip(keys, payment, strict=True)) for payment in split.payments],
        "axioms": split.axioms,
        "axioms_kept_here": split.holds_here,
        "objection": None if split.objection is None else {"members": split.objection[0], "lacks": split.objection[1]},
        "details": split.found.notes,
        "reason": shell.text(f"share.why.{split.found.why}") if split.found.why else "",
    }


def _levers(sharing: Sharing) -> list[dict[str, Any]]:
    table = sharing.table
    return [
        {"number": n + 1, "lever": lever.lever, "title": lever.title(), "by": sorted(asked), "never": list(table.never.get(n, ()))}
        for n, (lever, asked) in enumerate(zip(sharing.scenario.levers, table.consents, strict=True))
    ]


def _budgets(sharing: Sharing) -> dict[str, Any] | None:
    """The accounts behind the budgets: rates, sources, totals and residuals; None without fiscal rules."""
    ledger = sharing.table.ledger
    if ledger is None:
        return None
    taxes = [{**tax.model_dump(), "effective_rate": ledger.rates[tax.id]} for tax in ledger.rules.taxes]
    numbers = {**ledger.rules.land_sales, **{f"upper.{k}": v for k, v in ledger.rules.upper.items()}}
    return {
        "taxes": taxes,
        "costs": [cost.model_dump() for cost in ledger.rules.costs.values()],
        "assumptions": {name: entry.model_dump() for name, entry in numbers.items()},
        "totals": ledger.totals,
        "residuals": ledger.residuals,
    }


def _solve(levers: tuple[int, ...], outcome: Any) -> dict[str, Any]:
    certificate = None if outcome.certificate is None else outcome.certificate.as_dict()
    return {"levers": [n + 1 for n in levers], "certificate": certificate}
