"""Equilibria: solving a model from fundamentals, and certifying what was found (model.md §4 "Map", §8)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from bridgehead.errors import Fault, SolveError
from bridgehead.models.engine import Engine
from bridgehead.models.identities import identities
from bridgehead.models.regional import with_block_balance
from bridgehead.models.separation import blocks_of, finer_blocks
from bridgehead.solve import Certificate, Factored, judge, make_room, newton_krylov, refined_singular_value, smallest_singular_value
from bridgehead.version import VERSION

DENSE_LIMIT = 400
"""Up to this many unknowns the Jacobian is formed whole for the certificate; beyond, it is only multiplied."""

WHOLE_LIMIT = 8000
"""Up to this many unknowns the Jacobian is formed whole where products do not tell the distance."""

WEAK = 1e-3
"""A smallest singular value below this is a sign of a nearly separate block that the prices of the data did not show."""

MEASURED = 0.05
"""A distance is measured when (I − J) times it gives the gap but for this share."""

FINER_ROUNDS = 2
"""How often blocks are looked for again at the prices found."""

MONEY_ACROSS = 0.1
"""A block whose shared money exceeds this share of its goods flows is warned of (model.md §8 trap iii)."""


@dataclass(frozen=True, eq=False)
class Equilibrium:
    """A solved state with its certificate. `state` is by name, in the region's place order; `given` the fundamentals.

    When the certificate does not say "solved" the numbers are not an equilibrium: `require` raises, and nothing may show them.
    """

    state: dict[str, np.ndarray]
    certificate: Certificate
    given: dict[str, Any]
    x: np.ndarray
    engine: Engine
    labels: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def solved(self) -> bool:
        """Whether the certificate holds."""
        return self.certificate.solved

    def require(self) -> Equilibrium:
        """The equilibrium itself; SolveError with the worst variable and place when it is not one."""
        if not self.solved:
            worst = self.certificate.worst
            where = f"{worst.get('variable', '')} at {worst.get('place', '')}" if worst else ""
            raise SolveError(
                "the scenario has no certified solution; no number of it is shown",
                [Fault(self.certificate.reason, where, cure="Ease the scenario, or ask for several starts")],
            )
        return self


def solve_from(
    engine: Engine,
    given: Mapping[str, Any],
    start: np.ndarray,
    reference: dict[str, np.ndarray],
    labels: dict,
    *,
    weakest: bool = True,
    single: bool = False,
) -> Equilibrium:
    """The equilibrium of `given` from the logs `start`; `reference` is the state whose prices tell what borders let through.

    Never raises for want of convergence: the certificate tells. Nearly separate blocks are balanced by their own flows. single:
    solve with kernels rounded to float32; the certificate is of the exact kernels, so that its distance includes the rounding.
    """
    folded = engine.fold(engine.select(given))
    blocks, disconnected = blocks_of({**given, **folded}, reference)
    if disconnected:
        return _refused(engine, given, start, reference, labels)
    found = _in_blocks(engine, given, folded, blocks, start, labels, weakest=weakest, single=single)
    for _ in range(FINER_ROUNDS):
        finer = blocks if single or not badly_pinned(found) else finer_blocks(blocks, {**given, **folded}, found.state)
        if finer.max() == blocks.max():
            break
        blocks = finer
        again = _in_blocks(engine, given, folded, blocks, found.x, labels, weakest=weakest)
        if again.solved or not found.solved:
            steps = found.certificate.steps + again.certificate.steps
            found = replace(again, certificate=replace(again.certificate, steps=steps))
    return found


def badly_pinned(found: Equilibrium) -> bool:
    """Whether a solve failed, or rests on a nearly singular system, at a finite state: a sign of blocks not yet seen.

    A passage that is all but shut one way alone shows much crossing at the prices of the data; prices then move until both ways
    balance, and little is left to pin them.
    """
    weak = found.certificate.smallest_singular_value
    return bool(np.isfinite(found.certificate.gap)) and (not found.solved or (weak is not None and weak < WEAK))


def _in_blocks(
    engine: Engine,
    given: Mapping[str, Any],
    folded: dict,
    blocks: np.ndarray,
    start: np.ndarray,
    labels: dict,
    *,
    weakest: bool = True,
    single: bool = False,
) -> Equilibrium:
    """The equilibrium with the given blocks of places balanced by their own flows, certified."""
    used, inputs = engine, folded
    if blocks.max() > 0:
        used, given, inputs = balanced(engine, given, folded, blocks)
    x, steps = used.run_solve(jnp.asarray(start), single_kernels(inputs) if single else inputs)
    x, steps = np.asarray(x), int(steps)
    if single:
        return certify(used, dict(given), inputs, x, steps, labels, weakest=weakest, precision="float32 kernels")
    gap = float(np.max(np.abs(np.asarray(used.run_update(jnp.asarray(x), inputs)) - x)))
    if not gap <= used.method.tolerance:
        x, more = polish(used, inputs, x)
        steps += more
    return certify(used, dict(given), inputs, x, steps, labels, weakest=weakest)


def single_kernels(folded: Mapping[str, Any]) -> dict[str, Any]:
    """The fundamentals with every dense kernel in float32."""
    return {name: value.single() if hasattr(value, "single") else value for name, value in folded.items()}


def balanced(engine: Engine, given: Mapping[str, Any], folded: dict, blocks: np.ndarray) -> tuple[Engine, dict, dict]:
    """The engine and fundamentals that balance the given blocks of places."""
    seen = engine.__dict__.setdefault("_block_counts", set())
    if int(blocks.max()) not in seen:  # another number of blocks is compiled anew
        make_room()
        seen.add(int(blocks.max()))
    hot = jnp.asarray(np.eye(blocks.max() + 1)[blocks].T)
    if not hasattr(engine, "_balanced"):
        object.__setattr__(engine, "_balanced", Engine(with_block_balance(engine.model), engine.layout, engine.method))
    return engine._balanced, {**given, "blocks": hot}, {**folded, "blocks": hot}


def polish(engine: Engine, folded: dict, x: np.ndarray) -> tuple[np.ndarray, int]:
    """Newton–Krylov from where the acceleration stalled."""

    def update(y: np.ndarray) -> np.ndarray:
        return np.asarray(engine.run_update(jnp.asarray(y), folded))

    def jacobian(y: np.ndarray, v: np.ndarray) -> np.ndarray:
        return np.asarray(engine.run_jvp(jnp.asarray(y), jnp.asarray(v), folded))

    return newton_krylov(update, jacobian, x, tolerance=engine.method.tolerance)


def certify(
    engine: Engine,
    given: dict,
    folded: dict,
    x: np.ndarray,
    steps: int,
    labels: dict,
    *,
    weakest: bool = True,
    precision: str = "float64",
) -> Equilibrium:
    """The state at x, and its certificate: gap, distance, identities, warnings, and smallest singular value if asked for."""
    point = jnp.asarray(x)
    gap = np.asarray(engine.run_update(point, folded)) - x
    written = engine.run_state(point, folded)
    state = to_numpy(written)
    if not np.isfinite(gap).all():
        distance, smallest, left = float("inf"), None, np.where(np.isfinite(gap), 0.0, np.inf)
        errors = {"finite": float("inf")}
    else:
        left, smallest = distance_left(engine, folded, x, gap, weakest=weakest)
        distance, errors = float(np.max(np.abs(left))), identities({**given, **folded}, state, written.get("claims", ()))
    outcome, reason = judge(distance, errors, precision)
    warnings = money_warnings(state, given, labels)
    if outcome != "solved" and warnings:
        reason = "; ".join([reason, *warnings])
    certificate = Certificate(
        outcome=outcome,
        reason=reason,
        gap=float(np.max(np.abs(gap))),
        estimated_distance=distance,
        smallest_singular_value=smallest,
        worst=worst_of(engine, left, labels),
        identities=errors,
        uniqueness_radius=None,
        steps=steps,
        precision=precision,
        warnings=warnings,
    )
    return Equilibrium(state, certificate, given, x, engine, labels)


def distance_left(engine: Engine, folded: dict, x: np.ndarray, gap: np.ndarray, *, weakest: bool = True) -> tuple[np.ndarray, float | None]:
    """((I − J)⁻¹ gap, smallest singular value of I − J): whole for small regions, by products for large ones.

    A distance that cannot be measured, because I − J is singular or because no products come near it, is infinite.
    """
    if x.size <= DENSE_LIMIT:
        shifted = np.eye(x.size) - np.asarray(engine.run_jacobian(jnp.asarray(x), folded))
        smallest = float(np.linalg.svd(shifted, compute_uv=False)[-1])
        factored = Factored.of(shifted)
        return (np.full(x.size, np.inf) if factored.singular or not smallest > 0 else factored.solve(gap)), smallest
    left, missed = engine.run_shifted(jnp.asarray(x), jnp.asarray(gap), folded, 1e-3)
    value, vector = weakest_of(engine, folded, x) if weakest else (None, None)
    if not missed <= MEASURED or (value is not None and value < WEAK):
        return exact_distance(engine, folded, x, gap, vector)
    return np.asarray(left), value


def exact_distance(
    engine: Engine, folded: dict, x: np.ndarray, gap: np.ndarray, vector: np.ndarray | None
) -> tuple[np.ndarray, float | None]:
    """As `distance_left`, from the whole Jacobian of a large region: where products come too slowly near the answer.

    vector: near the weakest one, where the smallest singular value is asked for.
    """
    nothing = np.full(x.size, np.inf), None
    if x.size > WHOLE_LIMIT:
        return nothing
    factored = engine.factored(x, folded)
    if factored.singular:
        return nothing
    product = engine.inverses(x, folded, 1e-2)[0]
    value = None if vector is None else refined_singular_value(product, factored.solve, factored.solve_transposed, vector)[0]
    return factored.solve(gap), value


def weakest_of(engine: Engine, folded: dict, x: np.ndarray) -> tuple[float, np.ndarray]:
    """Smallest singular value of I − J and its right vector, started from the last one found with this engine."""
    functions = engine.inverses(x, folded, 1e-2)
    near = getattr(engine, "_weakest", None)
    if near is not None:
        return refined_singular_value(*functions, near)
    value, vector = smallest_singular_value(*functions, np.cos(np.arange(1, x.size + 1)))
    object.__setattr__(engine, "_weakest", vector)
    return value, vector


def worst_of(engine: Engine, left: np.ndarray, labels: dict) -> dict[str, str]:
    """The unknown and place with the largest distance left."""
    name, index = engine.layout.where(int(np.argmax(np.abs(left))))
    places, sectors = labels.get("places", ()), labels.get("sectors", ())
    place = places[index[0]] if index[0] < len(places) else str(index[0])
    if len(index) > 1:
        name = f"{name} of {sectors[index[1]] if index[1] < len(sectors) else index[1]}"
    return {"variable": name, "place": place}


def money_warnings(state: dict, given: dict, labels: dict) -> tuple[str, ...]:
    """Warnings of nearly separate blocks: which they are, and money that crosses where goods cannot."""
    if "block_goods" not in state:
        return ()
    places = np.array(labels.get("places", range(len(state["wage"]))))
    blocks = np.asarray(given["blocks"])
    found = []
    for number, members in enumerate(blocks):
        names = ", ".join(str(p) for p in places[members > 0][:3])
        goods, money = state["block_goods"][number], state["block_received"][number] + state["block_paid"][number]
        found.append(f"nearly separate block {number + 1} ({names}, …): balanced by the flows that cross alone")
        if money - goods > MONEY_ACROSS * goods:
            found.append(
                f"money shared across the border of block {number + 1} is {(money - goods) / goods:.3g} times the goods that "
                "cross it: rents, transfers, taxes or commuters' earnings pay across a border that goods cannot"
            )
    return tuple(found)


def to_numpy(state: dict[str, Any]) -> dict[str, np.ndarray]:
    """The state as NumPy arrays, without the claims that only the map needs."""
    return {name: np.asarray(value) for name, value in state.items() if name != "claims"}


def _refused(engine: Engine, given: Mapping, x: np.ndarray, reference: dict, labels: dict) -> Equilibrium:
    reason = (
        "the economy falls into parts between which nothing at all passes: there is one numeraire a part, and "
        "results that compare parts are undefined"
    )
    certificate = Certificate("not_solved", reason, float("inf"), float("inf"), None, {}, {}, None, 0, warnings=("disconnected",))
    return Equilibrium({}, certificate, dict(given), x, engine, labels)


def solve(
    baseline: Any,
    given: Mapping[str, Any] | None = None,
    *,
    start: np.ndarray | None = None,
    name: str = "",
    weakest: bool = True,
    single: bool = False,
) -> Equilibrium:
    """The equilibrium of other fundamentals, from the baseline's unknowns or from `start` (logs).

    weakest: whether the certificate measures the smallest singular value too, most of its cost on large regions. single: kernels in float32, half the memory, and a certificate to 1e-6. What is built on a baseline
    without certificate has none either. Never raises for want of convergence: look at `certificate`, or call `require()`.
    """
    used = baseline.given if given is None else given
    begin = baseline.equilibrium.x if start is None else start
    reference, labels = baseline.equilibrium.state, baseline.equilibrium.labels
    found = solve_from(baseline.engine, used, begin, reference, labels, weakest=weakest, single=single)
    if given is not None and found.certificate.solved and not baseline.equilibrium.certificate.solved:
        reason = "the baseline that it would be compared with has no certificate; nothing that rests on it is shown"
        found = replace(found, certificate=replace(found.certificate, outcome="not_solved", reason=reason))
    return stamped(found, baseline.region.folder_hash, name)


def stamped(equilibrium: Equilibrium, folder_hash: str, name: str) -> Equilibrium:
    """The equilibrium with a certificate that names what was solved: a hash of the data and the fundamentals, and the version."""
    digest = hashlib.sha256(folder_hash.encode())
    digest.update(name.encode())
    leaves, _ = jax.tree_util.tree_flatten(equilibrium.given)
    for leaf in leaves:
        digest.update(np.ascontiguousarray(np.asarray(leaf)).tobytes())
    return replace(equilibrium, certificate=equilibrium.certificate.with_input(digest.hexdigest(), VERSION))
