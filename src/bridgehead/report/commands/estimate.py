"""`bridgehead estimate`: borders and decays from flows, or the region's passages from its moments."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from bridgehead.report.commands.common import REGION_HELP, out_folder
from bridgehead.report.shell import Shell

PAGE = "estimate.html"
RegionArgument = Annotated[str | None, typer.Argument(metavar="REGION", help=REGION_HELP)]
FlowsOption = Annotated[
    Path | None,
    typer.Option("--flows", metavar="FILE", help="Observed flows, CSV or Parquet: a row a pair, or a square. Without it: moments."),
]
FlowOption = Annotated[str, typer.Option("--flow", metavar="commuting|trade|migration", help="What flows.")]
DistanceOption = Annotated[Path | None, typer.Option("--distance", metavar="FILE", help="Distance of every pair, km (see --scale).")]
MinutesOption = Annotated[Path | None, typer.Option("--minutes", metavar="FILE", help="Travel time of every pair, minutes (see --scale).")]
PlacesOption = Annotated[Path | None, typer.Option("--places", metavar="FILE", help="Places with a column a level of jurisdictions.")]
LevelOption = Annotated[list[str] | None, typer.Option("--level", help="A level whose borders are estimated; repeatable; default: all.")]
RowsOption = Annotated[
    str | None,
    typer.Option("--rows", metavar="SIDE", help="What the rows of squares are: home or work, buyer or seller, origin or destination."),
]
ColumnsOption = Annotated[
    str | None,
    typer.Option("--columns", metavar="A=B,…", help="The flows table's own names: home=…,work=…,value=…; other columns are left."),
]
SectorOption = Annotated[str | None, typer.Option("--sector", help="The sector of trade, or `all` for the sum.")]
AbsentOption = Annotated[
    str, typer.Option("--absent", metavar="zero|missing", help="What a pair without a row is; by default it is refused.")
]
ScaleOption = Annotated[float, typer.Option("--scale", help="Multiplies distance or time: 0.001 for metres, 0.5 for round trips.")]
NoneOption = Annotated[
    float | None, typer.Option("--none-above", help="Distances or times from here on, as in the file, stand for no way.")
]
DecayOption = Annotated[
    str | None,
    typer.Option(
        "--decay", metavar="exponential|power|bins", help="How flows fall with distance; default: exponential for commuting, else power."
    ),
]
OwnOption = Annotated[str, typer.Option("--own", metavar="exclude|dummy", help="Flows inside a place: left out, or with a dummy.")]
ByPairOption = Annotated[bool, typer.Option("--by-pair", help="A border for every pair of jurisdictions instead of one a level.")]
WithinOption = Annotated[float | None, typer.Option("--within", help="Only pairs that near, km or minutes.")]
ClusterOption = Annotated[
    str | None, typer.Option("--cluster", metavar="SIDE+SIDE|SIDE|pair", help="What residuals may share; default: both sides of the flow.")
]
SmoothOption = Annotated[bool, typer.Option("--smooth", help="Fill observed zeros with the prediction, totals kept: smoothed.csv.")]
QuickOption = Annotated[bool, typer.Option("--quick", help="No other specifications; no profiles.")]
OutOption = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", parser=out_folder, help="Write the estimates, tables and a page with pictures there.")
]


@dataclass(frozen=True)
class Wish:
    """What the user asked for, as far as it is about flows."""

    flow: str
    decay: str | None
    own: str
    by_pair: bool
    within: float | None
    cluster: str | None
    absent: str
    smooth: bool
    quick: bool
    sector: str | None


def estimate(
    shell: Shell, region: RegionArgument = None, flows: FlowsOption = None, flow: FlowOption = "commuting", distance: DistanceOption = None,
    minutes: MinutesOption = None, places: PlacesOption = None, level: LevelOption = None, rows: RowsOption = None,
    columns: ColumnsOption = None, sector: SectorOption = None, absent: AbsentOption = "refuse", scale: ScaleOption = 1.0,
    none_above: NoneOption = None, decay: DecayOption = None, own: OwnOption = "exclude", by_pair: ByPairOption = False,
    within: WithinOption = None, cluster: ClusterOption = None, smooth: SmoothOption = False, quick: QuickOption = False, out: OutOption = None,
) -> None:  # fmt: skip
    """Estimate borders and decays from flows (PPML), or fit a region's commuting passages to its moments, each with standard errors."""
    from bridgehead.report.commands.common import Clock

    clock, given = Clock(), dict(locals())
    asked = {name: _noted(name, value) for name, value in given.items() if name not in ("shell", "out", "clock", "Clock")}
    if flows is None:
        _from_moments(shell, "yangtze" if region is None else region, clock, out, quick=quick, given=_given(given), asked=asked)
        return
    wish = Wish(flow, decay, own, by_pair, within, cluster, absent, smooth, quick, sector)
    check_wish(wish, distance, minutes, scale, rows)
    source = _source(
        wish, region, flows, distance or minutes, places, level, rows, columns, scale, none_above, measure="minutes" if minutes else "km"
    )
    _from_flows(shell, wish, source, clock, out, asked)


def _noted(name: str, value: Any) -> Any:
    """An option as run.json notes it: files and regions from the root, so that `rerun` finds them."""
    from bridgehead.report.commands.common import region_name

    if isinstance(value, Path):
        return str(value.resolve())
    return region_name(value) if name == "region" and value is not None else value


OF_FLOWS = ("distance", "minutes", "places", "level", "rows", "columns", "sector", "none_above", "decay", "within", "cluster")


def _given(values: dict[str, Any]) -> list[str]:
    """Options that are about flows and were given without any."""
    given = [name for name in OF_FLOWS if values[name] is not None]
    defaults = {"flow": "commuting", "absent": "refuse", "scale": 1.0, "own": "exclude", "by_pair": False, "smooth": False}
    return given + [name for name, default in defaults.items() if values[name] != default]


def check_wish(wish: Wish, distance: Path | None, minutes: Path | None, scale: float, rows: str | None) -> None:
    """DataError listing every option that cannot be meant."""
    from bridgehead.calibrate.estimation.tables import WORDS
    from bridgehead.errors import DataError, Faults, did_you_mean

    faults = Faults("the command is not understood", DataError)
    sides = WORDS.get(wish.flow, ())
    choices = {
        "--flow": (wish.flow, tuple(WORDS)), "--decay": (wish.decay, ("exponential", "power", "bins")), "--own": (wish.own, ("exclude", "dummy")),
        "--absent": (wish.absent, ("refuse", "zero", "missing")),
    }  # fmt: skip
    if sides:
        choices |= {"--rows": (rows, sides), "--cluster": (wish.cluster, ("+".join(sides), *sides, "pair"))}
    for option, (value, known) in choices.items():
        if value is not None and value not in known:
            faults.add(f"'{value}' is not known", place=option, expected=" or ".join(known), cure=did_you_mean(value, known))
    if distance is not None and minutes is not None:
        faults.add("--distance and --minutes are both given", expected="one of them")
    for option, value in (("--scale", scale), ("--within", wish.within)):
        if value is not None and not 0 < value < float("inf"):
            faults.add(f"{value:g} cannot be used", place=option, expected="a number above 0")
    if wish.smooth and wish.decay == "bins":
        faults.add("classes of distance predict nothing between them", place="--smooth", expected="--decay exponential or power")
    faults.raise_if_any()


def _source(
    wish: Wish, region: str | None, flows: Path, cost: Path | None, places: Path | None, level: list[str] | None, rows: str | None,
    columns: str | None, scale: float, none_above: float | None, *, measure: str,
) -> Any:  # fmt: skip
    """Where the pairs come from."""
    from bridgehead.calibrate.estimation.pairs import Source
    from bridgehead.calibrate.estimation.tables import PairTable
    from bridgehead.report.commands.common import load_region

    table = PairTable(flows, wish.flow, columns=_columns(columns), rows=rows, sector=wish.sector)
    costs = None if cost is None else PairTable(cost, wish.flow, measure, rows=rows)
    data = None if region is None else load_region(region)
    return Source(table, costs, places, data, tuple(level or ()), wish.absent, scale, none_above)


def _columns(text: str | None) -> dict[str, str]:
    """home=a,work=b,value=c as a mapping."""
    from bridgehead.errors import DataError, Fault

    pairs = [part.partition("=") for part in (text or "").split(",") if part.strip()]
    wrong = [key for key, sign, own in pairs if not sign or not own.strip()]
    if wrong:
        raise DataError("the command is not understood", [Fault(f"'{wrong[0]}' names no column", "--columns", "home=…,work=…,value=…")])
    return {key.strip(): own.strip() for key, _, own in pairs}


def _from_flows(shell: Shell, wish: Wish, source: Any, clock: Any, out: Path | None, asked: dict[str, Any]) -> None:
    """Read, estimate, write, show."""
    from contextlib import nullcontext

    from bridgehead.calibrate.estimation.gravity import CLUSTERS, require_pyfixest
    from bridgehead.calibrate.estimation.pairs import read_source
    from bridgehead.calibrate.estimation.result import estimate_gravity
    from bridgehead.calibrate.estimation.sample import Specification
    from bridgehead.calibrate.estimation.smooth import smooth as fill_zeros
    from bridgehead.report.estimate.terminal import show_flows
    from bridgehead.report.output import staged_folder
    from bridgehead.report.terminal import progress_bar, step

    require_pyfixest()
    with nullcontext() if out is None else staged_folder(out) as folder:
        with step(shell, shell.text("steps.read")), clock.stage("read"):
            pairs = read_source(source)
        decay = wish.decay or ("exponential" if wish.flow == "commuting" or pairs.measure == "minutes" else "power")
        plan = Specification(decay, wish.own, wish.by_pair, wish.within)
        cluster = _cluster(wish) or CLUSTERS[0]
        with progress_bar(shell, shell.text("steps.estimate")) as progress, clock.stage("estimate"):
            told = _told(shell, progress)
            result = estimate_gravity(pairs, plan, cluster=cluster, sector=wish.sector, others=not wish.quick, progress=told)
        smoothed = fill_zeros(result.fit) if wish.smooth else None
        if folder is not None:
            _write_flows(folder, result, smoothed, lang=shell.lang)
            clock.write(folder, verb="estimate", asked=asked, language=shell.lang)
    show_flows(shell, result, smoothed)
    _close(shell, out)
    shell.document(_flows_document(result, smoothed, clock, out))


def _cluster(wish: Wish) -> str | None:
    """The cluster in the estimation's own words."""
    from bridgehead.calibrate.estimation.tables import WORDS

    first, second = WORDS[wish.flow]
    return {first: "receiver", second: "supplier", f"{first}+{second}": "receiver+supplier", "pair": "pair", None: None}[wish.cluster]


def _told(shell: Shell, progress: Any) -> Any:
    """Progress with the specification's name in the call's language."""
    from bridgehead.report.estimate.words import tell

    def told(done: int, total: int, key: str) -> None:
        label = shell.choose(*tell(f"spec.{key}", within="…", unit="")) if key else ""
        progress(done, total, label)

    return told


def _write_flows(folder: Path, result: Any, smoothed: Any, *, lang: str) -> None:
    from bridgehead.calibrate.estimates import FILE_NAME, write_estimates
    from bridgehead.calibrate.estimation.write import flow_tables
    from bridgehead.report.estimate.page_flows import flows_page

    write_estimates(result.estimates, folder / FILE_NAME)
    for name, table in flow_tables(result, smoothed).items():
        if name == "fitted":
            table.write_parquet(folder / f"{name}.parquet")
        else:
            table.write_csv(folder / f"{name}.csv", line_terminator="\n")
    (folder / PAGE).write_text(flows_page(result, smoothed, lang=lang), encoding="utf-8")


def _from_moments(shell: Shell, region: str, clock: Any, out: Path | None, *, quick: bool, given: list[str], asked: dict[str, Any]) -> None:
    """Fit the passages of fit.toml to the moments, write, show."""
    from contextlib import nullcontext

    from bridgehead.calibrate.baseline import settings
    from bridgehead.calibrate.estimation.minimum_distance import estimate_moments
    from bridgehead.errors import DataError, Fault
    from bridgehead.report.commands.common import load_region
    from bridgehead.report.estimate.terminal import show_moments
    from bridgehead.report.figures.fit import fitted_name
    from bridgehead.report.output import staged_folder
    from bridgehead.report.terminal import progress_bar, step

    if given:
        faults = [
            Fault("it is about flows, and none are given", f"--{name.replace('_', '-')}", "", "name them: --flows FILE") for name in given
        ]
        raise DataError("the command is not understood", faults)
    with nullcontext() if out is None else staged_folder(out) as folder:
        with step(shell, shell.text("steps.read")), clock.stage("read"):
            data = load_region(region)
            arrays, parameters = settings(data, {})
        with progress_bar(shell, shell.text("steps.estimate")) as progress, clock.stage("estimate"):

            def told(done: int, total: int, name: str) -> None:
                progress(done, total, shell.choose(*fitted_name(name)) if name else "")

            result = estimate_moments(data, arrays, parameters, profiles=not quick, progress=told)
        if folder is not None:
            _write_moments(folder, result, data, lang=shell.lang)
            clock.write(folder, verb="estimate", asked=asked, language=shell.lang)
    show_moments(shell, result)
    _close(shell, out)
    shell.document(_moments_document(result, clock, out))


def _write_moments(folder: Path, result: Any, region: Any, *, lang: str) -> None:
    from bridgehead.calibrate.estimates import FILE_NAME, write_estimates
    from bridgehead.calibrate.estimation.write import moment_tables
    from bridgehead.report.estimate.page_moments import moments_page

    write_estimates(result.estimates, folder / FILE_NAME)
    for stem, table in moment_tables(result).items():
        table.write_csv(folder / f"{stem}.csv", line_terminator="\n")
    (folder / PAGE).write_text(moments_page(result, region, lang=lang), encoding="utf-8")


def _close(shell: Shell, out: Path | None) -> None:
    from bridgehead.report.terminal import file_list

    if out is not None:
        shell.show(file_list(shell, out, first=PAGE))


def _flows_document(result: Any, smoothed: Any, clock: Any, out: Path | None) -> dict[str, Any]:
    from bridgehead.calibrate.estimation.remarks import remarks
    from bridgehead.calibrate.estimation.write import left_table, smoothed_facts
    from bridgehead.report.commands.common import written_files

    return {
        "method": "ppml", "flow": result.pairs.flow, "measure": result.pairs.measure, "data_hash": result.pairs.data_hash,
        "describe": result.estimates.describe, "standard_errors": result.estimates.standard_errors,
        "coefficients": result.coefficients, "alternatives": result.alternatives, "by_distance": result.by_distance,
        "pairs": result.fit.sample.count, "zeros": result.fit.sample.zeros, "left_out": left_table(result),
        "first_order_gap": result.fit.gap, "remarks": remarks(result), "notes": [*result.pairs.notes, *result.fit.notes],
        "smoothed": smoothed_facts(smoothed), "estimates": result.estimates.model_dump(exclude_none=True),
        "seconds": clock.seconds, "out": out, "files": [] if out is None else written_files(out),
    }  # fmt: skip


def _moments_document(result: Any, clock: Any, out: Path | None) -> dict[str, Any]:
    from bridgehead.report.commands.common import written_files

    known = result.identification
    return {
        "method": "moments", "numbers": result.numbers, "moments": result.moments, "profiles": result.profiles, "depends": result.depends,
        "distance": result.distance, "freedom": result.freedom, "p_value": result.p_value, "scale": result.scale,
        "identification": {
            "names": known.names, "rank": known.rank, "condition": known.condition, "singular_values": known.singular_values,
            "sums": known.sums, "nearly": known.nearly, "unseen": known.unseen, "extended_rank": known.extended_rank,
        },
        "notes": result.notes, "estimates": result.estimates.model_dump(exclude_none=True),
        "seconds": clock.seconds, "out": out, "files": [] if out is None else written_files(out),
    }  # fmt: skip
