"""A queue in which nobody waits for all of somebody else's: users take turns, and each has room for a few."""

from __future__ import annotations

import asyncio
import itertools
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


class Superseded(Exception):
    """A newer question of the same view took this one's place before it was begun."""


class Crowded(Exception):
    """The user already has as many questions waiting as one may have."""


@dataclass(eq=False)
class Waiting:
    """One question that waits: of whom, about which region, for which view, and the worker that would know it best."""

    user: str
    region: str
    call: str
    arguments: dict[str, Any]
    view: str | None = None
    prefer: int | None = None
    answer: asyncio.Future[Any] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class FairQueue:
    """Questions by user, taken in turns (round robin); of one user and view only the newest waits."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.users: OrderedDict[str, deque[Waiting]] = OrderedDict()
        self.changed = asyncio.Condition()

    def __len__(self) -> int:
        return sum(map(len, self.users.values()))

    async def put(self, one: Waiting) -> None:
        """Queue a question. Crowded where the user has too many; an older one of the same view is answered Superseded."""
        async with self.changed:
            own = self.users.setdefault(one.user, deque())
            if one.view is not None:
                for older in [each for each in own if each.view == one.view]:
                    own.remove(older)
                    if not older.answer.done():
                        older.answer.set_exception(Superseded())
            if len(own) >= self.most:
                raise Crowded
            own.append(one)
            self.changed.notify_all()

    async def take(self, fits: Callable[[Waiting], bool]) -> Waiting:
        """The next question that `fits`, whose user goes to the end of the line; waits until there is one."""
        async with self.changed:
            while True:
                found = self._next(fits)
                if found is not None:
                    return found
                await self.changed.wait()

    def _next(self, fits: Callable[[Waiting], bool]) -> Waiting | None:
        for user, own in list(self.users.items()):
            for one in [each for each in own if each.answer.done()]:
                own.remove(one)
            found = next((one for one in own if fits(one)), None)
            if found is not None:
                own.remove(found)
                self.users.move_to_end(user)
            if not own:
                self.users.pop(user, None)
            if found is not None:
                return found
        return None

    async def stir(self) -> None:
        """Let those who wait look again: a worker has become able to take more."""
        async with self.changed:
            self.changed.notify_all()


TICKET = itertools.count(1)
"""Numbers of calls, unique within the server."""
