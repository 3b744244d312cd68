"""When is an answer right: what is measured of every solve, and what is said of it (model.md §8)."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import Any

SOLVED_DISTANCE = 1e-8
"""An equilibrium is solved when its estimated distance to the solution is at most this, in logs."""

SINGLE_DISTANCE = 1e-6
"""The same where kernels were rounded to float32: their rounding is part of the distance."""

IDENTITY_TOLERANCE = 1e-8
"""Market identities that the map does not use must hold to this, as shares of what they balance."""


@dataclass(frozen=True)
class Certificate:
    """How right an equilibrium is.

    gap: largest undamped |F(x) − x| in logs. estimated_distance: largest |(I − J)⁻¹ gap|, how far the solution still is.
    smallest_singular_value: of I − J (near 0: the answer is badly pinned). worst: the variable and place of the largest distance.
    identities: largest error of each identity, as a share. uniqueness_radius: the Allen–Arkolakis–Li spectral radius where the
    closure has one, else None. warnings: what a reader must know beside the numbers. starts, spread: how many starts were made, and
    the largest log difference between their answers (None with one start).
    """

    outcome: str
    reason: str
    gap: float
    estimated_distance: float
    smallest_singular_value: float | None
    worst: dict[str, str]
    identities: dict[str, float]
    uniqueness_radius: float | None
    steps: int
    precision: str = "float64"
    input_hash: str = ""
    version: str = ""
    warnings: tuple[str, ...] = field(default_factory=tuple)
    starts: int = 1
    spread: float | None = None

    @property
    def solved(self) -> bool:
        """Whether the numbers may be shown."""
        return self.outcome == "solved"

    def as_dict(self) -> dict[str, Any]:
        """The certificate as a plain mapping, for JSON."""
        fields = asdict(self)
        fields["warnings"] = list(self.warnings)
        return fields

    def with_input(self, input_hash: str, version: str) -> Certificate:
        """The same certificate naming what was solved and by which version."""
        return replace(self, input_hash=input_hash, version=version)

    def line(self, *, seconds: float | None = None, lang: str = "en") -> str:
        """The certificate in one line; seconds are printed, never stored."""
        zh = lang == "zh"
        several = "" if self.spread is None else f" · {self.starts} 个起点相差 {self.spread:.1e}"
        if not zh and self.spread is not None:
            several = f" · spread over {self.starts} starts {self.spread:.1e}"
        time = several + ("" if seconds is None else (f" · {seconds:.2f} 秒" if zh else f" · {seconds:.2f} s"))
        if not self.solved:
            return (f"未求解：{self.reason}" if zh else f"not solved: {self.reason}") + time
        worst = max(self.identities.values(), default=0.0)
        weak = "–" if self.smallest_singular_value is None else f"{self.smallest_singular_value:.2g}"
        if zh:
            return (
                f"已认证 · 距均衡 {self.estimated_distance:.1e} · 间隙 {self.gap:.1e} · 恒等式 {worst:.1e}"
                f" · 最小奇异值 {weak} · {self.steps} 次求值{time}"
            )
        return (
            f"certified · distance {self.estimated_distance:.1e} · gap {self.gap:.1e} · identities {worst:.1e}"
            f" · smallest singular value {weak} · {self.steps} evaluations{time}"
        )


def judge(distance: float, identities: dict[str, float], precision: str = "float64") -> tuple[str, str]:
    """(outcome, reason): solved when the estimated distance and every identity are within their tolerances."""
    single = precision != "float64"
    most = SINGLE_DISTANCE if single else SOLVED_DISTANCE
    if not distance <= most:
        return "not_solved", f"the estimated distance to an equilibrium is {distance:.1e}, more than {most:.0e}"
    allowed = SINGLE_DISTANCE if single else IDENTITY_TOLERANCE
    for name, error in identities.items():
        if not error <= allowed:
            return "not_solved", f"the identity '{name}' misses by {error:.1e}, more than {allowed:.0e}"
    return "solved", ""
