"""A model: blocks sorted so that every name is written before it is read, and cut at the unknowns into a map x = F(x)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from bridgehead.blocks.base import Block, reads_of
from bridgehead.errors import Faults, ModelError, did_you_mean

State = dict[str, Any]


@dataclass(frozen=True)
class Model:
    """Blocks and unknowns. `pass_once` is one evaluation of the economy; its fixed point is the equilibrium.

    A cycle of blocks is cut by an unknown: reading it gives the guess, and the value a block writes for it is the new guess.
    `closing` rescales the new guesses (the numeraire).
    """

    blocks: tuple[Block, ...]
    unknowns: tuple[str, ...]
    closing: Callable[[State, State, Mapping[str, Any]], State]
    name: str = "regional"

    def __post_init__(self) -> None:
        _ = self.order

    @cached_property
    def writers(self) -> dict[str, Block]:
        """The one block that writes each name."""
        faults = Faults("these blocks do not make a model", ModelError)
        writers: dict[str, Block] = {}
        for block in self.blocks:
            for name in block.writes:
                if name in writers:
                    faults.add(
                        f"'{name}' is written by {_name(writers[name])} and by {_name(block)}",
                        expected="one writer a name",
                        cure="swap one of the two blocks out",
                    )
                writers[name] = block
        for name in self.unknowns:
            if name not in writers:
                faults.add(f"no block writes the unknown '{name}'", cure=did_you_mean(name, writers))
        faults.raise_if_any()
        return writers

    @cached_property
    def order(self) -> tuple[Block, ...]:
        """The blocks sorted: each after the writers of what it reads. ModelError names a cycle that no unknown cuts."""
        done: list[Block] = []
        path: list[Block] = []

        def visit(block: Block) -> None:
            if block in done:
                return
            if block in path:
                cycle = " -> ".join(_name(b) for b in [*path[path.index(block) :], block])
                raise ModelError(f"the blocks go round in a cycle that no unknown cuts: {cycle}")
            path.append(block)
            for name in reads_of(block):
                writer = self.writers.get(name)
                if writer is not None and name not in self.unknowns:
                    visit(writer)
            path.pop()
            done.append(block)

        for block in self.blocks:
            visit(block)
        return tuple(done)

    @cached_property
    def reads_given(self) -> tuple[str, ...]:
        """The names that the fundamentals must hold."""
        names = {name for block in self.blocks for name in reads_of(block)}
        return tuple(sorted(names - set(self.writers)))

    def swap(self, **blocks: Block) -> Model:
        """The same model with other blocks in the named roles: `model.swap(Trade=FreeTrade())`."""
        roles = {block.role for block in self.blocks}
        faults = Faults("the model has no such roles to swap", ModelError)
        for role, block in blocks.items():
            if role not in roles:
                faults.add(f"'{role}'", cure=did_you_mean(role, roles))
            elif block.role != role:
                faults.add(f"{_name(block)} plays the role '{block.role}', not '{role}'")
        faults.raise_if_any()
        swapped = tuple(blocks.get(block.role, block) for block in self.blocks)
        return Model(swapped, self.unknowns, self.closing, self.name)

    def check_given(self, given: Mapping[str, Any]) -> None:
        """ModelError naming every fundamental that is missing."""
        faults = Faults(f"the model '{self.name}' cannot be evaluated", ModelError)
        for name in self.reads_given:
            if name not in given:
                readers = ", ".join(_name(b) for b in self.blocks if name in reads_of(b))
                faults.add(f"'{name}' is not given; {readers} reads it", cure=did_you_mean(name, given))
        faults.raise_if_any()

    def pass_once(self, given: Mapping[str, Any], guess: State) -> tuple[State, State]:
        """One pass: (state, new guess). In `state` an unknown has its guessed value."""
        names: State = {**given, **guess}
        written: State = {}
        for block in self.order:
            values = block(**{name: names[name] for name in reads_of(block)})
            for name in block.writes:
                written[name] = values[name]
                if name not in self.unknowns:
                    names[name] = values[name]
        state = {name: guess.get(name, value) for name, value in written.items()}
        update = {name: written[name] for name in self.unknowns}
        return state, self.closing(update, state, given)


def _name(block: Block) -> str:
    return type(block).__name__
