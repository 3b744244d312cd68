"""What a block is: it reads what its arguments name, and writes what it declares."""

from __future__ import annotations

import inspect
from functools import lru_cache
from typing import Any, Protocol, runtime_checkable


@runtime_checkable
class Block(Protocol):
    """One market or one decision. A frozen dataclass with `role`, `writes` and `__call__(names it reads) -> {name: value}`.

    `role` is the name under which a model can swap it for another ("Trade" is gravity or free trade). For an unknown of the
    model, the value a block writes is the new guess.
    """

    role: str
    writes: tuple[str, ...]

    def __call__(self, **reads: Any) -> dict[str, Any]: ...


def reads_of(block: Block) -> tuple[str, ...]:
    """The names a block reads: the arguments of its call."""
    return _arguments(type(block))


@lru_cache(maxsize=256)
def _arguments(kind: type) -> tuple[str, ...]:
    """The arguments of a class's call."""
    return tuple(name for name in inspect.signature(kind.__call__).parameters if name != "self")
