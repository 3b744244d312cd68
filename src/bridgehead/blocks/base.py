"""What a block is: it reads what its arguments name, and writes what it declares."""

from __future__ import annotations

import inspect
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
    signature = inspect.signature(type(block).__call__)
    return tuple(name for name in signature.parameters if name != "self")
