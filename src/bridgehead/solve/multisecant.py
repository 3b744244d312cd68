"""Fixed points of maps that are too dear to compile into one loop: Anderson's acceleration on the host (Walker & Ni 2011)."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np


@dataclass
class Multisecant:
    """Steps x ← x + f − (ΔX + ΔF) γ, with f = F(x) − x and γ the least-squares solution of ΔF γ = f.

    memory: how many differences are kept. As the step solves the secant system it also tells how far the solution is.
    """

    memory: int = 6
    _last: tuple[np.ndarray, np.ndarray] | None = None
    _moves: list[np.ndarray] = field(default_factory=list)
    _gaps: list[np.ndarray] = field(default_factory=list)

    def step(self, x: np.ndarray, gap: np.ndarray) -> np.ndarray:
        """Where to go from x, given f(x): an estimate of the solution less x. Remembers both."""
        if self._last is not None:
            self._moves = [*self._moves, x - self._last[0]][-self.memory :]
            self._gaps = [*self._gaps, gap - self._last[1]][-self.memory :]
        self._last = (x, gap)
        if not self._gaps:
            return gap
        moves, gaps = np.array(self._moves), np.array(self._gaps)
        length = np.linalg.norm(gaps, axis=1)
        scale = np.where(length > 0, 1.0 / np.where(length > 0, length, 1.0), 0.0)[:, None]
        weight = np.linalg.lstsq((gaps * scale).T, gap, rcond=1e-12)[0]
        return gap - weight @ ((moves + gaps) * scale)
