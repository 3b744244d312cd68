"""What `bridgehead estimate` prints."""

from __future__ import annotations

import math
from typing import Any

from rich.text import Text

from bridgehead.calibrate.estimation.remarks import remarks
from bridgehead.calibrate.estimation.tables import WORDS
from bridgehead.report.estimate.words import (
    clustered,
    column_name,
    count,
    interval,
    left_name,
    level_name,
    note_text,
    number_name,
    per_cent,
    remark_text,
    short_name,
    signed,
    spec_name,
    tell,
)
from bridgehead.report.figures.fit import moment_name
from bridgehead.report.figures.numbers import plain
from bridgehead.report.shell import Shell
from bridgehead.report.terminal import WORSE, plain_table

__all__ = ["show_flows", "show_moments"]


def show_flows(shell: Shell, result: Any, smoothed: Any = None) -> None:
    """The estimates from flows, their standard errors by cluster, other specifications, and what must be said."""

    def words(key: str, **values: object) -> str:
        return shell.choose(*tell(key, **values))

    fit, sides = result.fit, WORDS[result.pairs.flow]
    shell.show(Text(words("terminal.title", flow=tell(f"flow.{result.pairs.flow}")), style="bold"), _coefficients(shell, result))
    by = clustered(result.cluster, sides)
    counts = " × ".join(count(fit.clusters[part]) for part in result.cluster.split("+"))
    how = tell("terminal.clustered", by=by, counts=counts)
    sample = fit.sample
    left = "; ".join(f"{shell.choose(*left_name(entry.key, sides))} {count(entry.pairs)}{_named(entry)}" for entry in sample.left)
    share = f"{100 * sample.zeros / sample.count:.1f}"
    used = {"used": count(sample.count), "zeros": count(sample.zeros), "share": share, "left": left or words("terminal.nothing")}
    shell.show(words("terminal.sample", **used), words("terminal.errors", how=how, gap=f"{fit.gap:.0e}"), _clusters(shell, result))
    if result.alternatives.height > 1:
        shell.show(_alternatives(shell, result))
    for note in (*result.pairs.notes, *fit.notes):
        shell.show("! " + shell.choose(*note_text(note, sides)))
    if smoothed is not None:
        shell.show(*smoothed_lines(shell, smoothed, result))
    for remark in remarks(result):
        shell.show(
            Text("! " + shell.choose(*remark_text(remark, result.fit)), style=WORSE if remark["key"] in ("form", "chosen", "few") else "")
        )


def smoothed_lines(shell: Shell, smoothed: Any, result: Any) -> list[str]:
    """What smoothing the zeros did."""
    total = count(float(result.pairs.value[result.pairs.value > 0].sum()))
    values = {"filled": count(smoothed.filled), "people": count(smoothed.people), "total": total, "left": count(smoothed.left)}
    lines = [shell.choose(*tell("terminal.smoothed", moved=f"{100 * math.expm1(smoothed.moved):.2g}", **values))]
    if smoothed.above:
        lines.append("! " + shell.choose(*tell("terminal.smoothed_above", above=count(smoothed.above), smallest=plain(smoothed.smallest))))
    return lines


def _named(entry: Any) -> str:
    """The places or borders left out, the first of them."""
    if not entry.names:
        return ""
    return f" ({', '.join(entry.names[:3])}{', …' if len(entry.names) > 3 else ''})"


def _coefficients(shell: Shell, result: Any) -> Any:
    heads = [shell.choose(*tell(f"word.{key}")) for key in ("name", "value", "error", "interval", "percent", "interval")]
    rows = []
    for row in result.coefficients.to_dicts():
        ends = "" if row["percent"] is None else f"{per_cent(row['percent_low'])} … {per_cent(row['percent_high'])}"
        cells = [shell.choose(*number_name(row["name"], result.fit)), _digits(row["value"]), _digits(row["standard_error"])]
        rows.append(
            [*cells, f"{_digits(row['low'])} … {_digits(row['high'])}", "" if row["percent"] is None else per_cent(row["percent"]), ends]
        )
    return plain_table(heads, rows, numbers=(1, 2, 3, 4, 5))


def _digits(value: float) -> str:
    """Four digits where a decay is small, three decimals else."""
    return signed(value) if abs(value) >= 0.1 or value == 0 else f"{value:.4f}".replace("-", "−")


def _clusters(shell: Shell, result: Any) -> Any:
    from bridgehead.calibrate.estimation.gravity import CLUSTERS

    sides = WORDS[result.pairs.flow]
    heads = [shell.choose(*tell("word.name")), *(shell.choose(*clustered(cluster, sides)) for cluster in CLUSTERS)]
    rows = []
    for number, name in enumerate(result.fit.names):
        errors = [_digits(float(result.fit.errors(cluster)[number])) for cluster in CLUSTERS]
        rows.append([shell.choose(*number_name(name, result.fit)), *errors])
    return plain_table(heads, rows, title=shell.choose(*tell("terminal.clusters")), numbers=(1, 2, 3, 4))


def _alternatives(shell: Shell, result: Any) -> Any:
    names = [name for name in result.fit.names if name != "own"]
    first = [tell("spec_head.specification"), *(column_name(name, result.fit) for name in names)]
    heads = [*first, *(tell(f"spec_head.{key}") for key in ("pairs", "zeros", "deviance"))]
    rows = []
    for row in result.alternatives.to_dicts():
        title = shell.choose(*spec_name(row, result.pairs.measure))
        if row["reason"]:
            rows.append([title, row["reason"], *[""] * (len(heads) - 2)])
            continue
        cells = [spec_cell(row, name) for name in names]
        rows.append([title, *cells, count(row["pairs"]), count(row["zeros"]), "–" if row["deviance"] is None else plain(row["deviance"])])
    right = range(1, len(heads))
    return plain_table([shell.choose(*head) for head in heads], rows, title=shell.choose(*tell("terminal.others")), numbers=right)


def spec_cell(row: dict[str, Any], name: str) -> str:
    """An estimate with its standard error in brackets; a dash where the specification has none."""
    value, error = row.get(name), row.get(f"{name}.standard_error")
    return "–" if value is None else f"{_digits(value)} ({_digits(error)})"


def show_moments(shell: Shell, result: Any) -> None:
    """The passages from moments, the moments, and what cannot be told apart."""

    def words(key: str, **values: object) -> str:
        return shell.choose(*tell(key, **values))

    title = words("moments.title", count=result.moments.height, numbers=result.numbers.height)
    shell.show(Text(title, style="bold"), _numbers(shell, result), misfit_line(shell, result), _moments(shell, result))
    known = result.identification
    values = {"rank": known.rank, "numbers": known.fitted, "condition": plain(known.condition), "all": len(known.names)}
    shell.show(words("moments.identified", count=result.moments.height, extended=known.extended_rank, **values))
    for line in identified_lines(known):
        shell.show(Text("! " + shell.choose(*line), style=WORSE))
    shell.show(_depends(shell, result))
    for note in result.notes:
        shell.show("! " + shell.choose(*note_text(note)))


def misfit_line(shell: Shell, result: Any) -> str:
    """How far the moments are missed, and what that does to the standard errors."""
    if not result.freedom:
        return shell.choose(*tell("moments.exact"))
    values = {
        "distance": plain(result.distance),
        "freedom": result.freedom,
        "p": plain(result.p_value),
        "root": plain(math.sqrt(result.scale)),
    }
    return shell.choose(*tell("moments.misfit", **values))


def identified_lines(known: Any) -> list[Any]:
    """What the moments fix only together, hardly tell apart, or do not see."""
    lines = [tell("moments.sum", group=given_names(group)) for group in known.sums]
    lines += [tell("moments.nearly", group=given_names(group)) for group in known.nearly]
    return lines + ([tell("moments.unseen", names=", ".join(known.unseen))] if known.unseen else [])


def given_names(group: tuple[str, ...]) -> Any:
    """A group of numbers as a sum, each by its name."""
    from bridgehead.report.figures.words import Both

    parts = [given_name(group[0]), *(Both(*(f"{name[0]} {text}" for text in given_name(name[1:]))) for name in group[1:])]
    return Both(" ".join(part.en for part in parts), " ".join(part.zh for part in parts))


def given_name(name: str) -> Any:
    """A number by its name: of fit.toml, of fit.toml at another level, or a parameter."""
    from bridgehead.report.figures.words import Both, both, load_text

    own, _, level = name.removesuffix(")").partition(" (")
    known = load_text("parameters").get(own)
    title = both(known["en"], known["zh"]) if known and "en" in known else short_name(own)
    at = level_name(level)
    return Both(f"{title.en} ({at.en})", f"{title.zh}（{at.zh}）") if level else title


def _numbers(shell: Shell, result: Any) -> Any:
    keys = ("word.name", "word.value", "moments.stated", "moments.widened", "moments.profile", "moments.passage")
    rows = []
    for row in result.numbers.to_dicts():
        errors = [signed(row["standard_error_stated"]), signed(row["standard_error"])]
        ends = f"{_share(row['low'])} … {_share(row['high'])}"
        rows.append([shell.choose(*short_name(row["name"])), signed(row["value"]), *errors, interval(row["low"], row["high"]), ends])
    return plain_table([shell.choose(*tell(key)) for key in keys], rows, numbers=(1, 2, 3, 4, 5))


def _share(log: float) -> str:
    """A log passage as what it lets through."""
    return "∞" if log == math.inf else f"{plain(100 * math.exp(log))} %"


def _moments(shell: Shell, result: Any) -> Any:
    heads = [shell.choose(*tell(f"moments.{key}")) for key in ("moment", "data", "model", "stated_error", "residual", "status")]
    rows = [
        [
            shell.choose(*moment_name(row["name"])),
            plain(row["data"]),
            plain(row["model"]),
            plain(row["error"]),
            signed(row["residual"]),
            row["status"],
        ]
        for row in result.moments.to_dicts()
    ]
    return plain_table(heads, rows, title=shell.choose(*tell("moments.list")), numbers=(1, 2, 3, 4))


def _depends(shell: Shell, result: Any) -> Any:
    """Numbers across, what they answer to down."""
    names = result.numbers["name"].to_list()
    rows = []
    for on in result.depends["on"].unique(maintain_order=True):
        part = {row["name"]: row for row in result.depends.to_dicts() if row["on"] == on}
        rows.append([shell.choose(*depends_name(on, part[names[0]]["unit"])), *(signed(part[name]["change"]) for name in names)])
    heads = ["", *(shell.choose(*short_name(name)) for name in names)]
    return plain_table(heads, rows, title=shell.choose(*tell("moments.depends")), numbers=range(1, len(heads)))


def depends_name(on: str, unit: float) -> Any:
    """What is taken as given, and by how much it rises."""
    if "(" in on:
        return tell("moments.on_passage", name=given_name(on))
    return tell("moments.on_parameter", name=given_name(on), unit=plain(unit))
