"""Accounts in the store: made at the command line, asked for in the browser."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable

import sqlalchemy as sa

from bridgehead.errors import DataError, Fault
from bridgehead.report.web.accounts import LOCAL, NOBODY, Session, check_password, hashed, matches
from bridgehead.report.web.store import Store, now, signed_out, users

RESERVED = (LOCAL, "token")
FRESH = 5.0
"""Seconds for which what was looked up about an account holds."""


def add_user(store: Store, name: str, password: str) -> bool:
    """Make an account, or give one a new password, which ends its sessions. True where it is new. DataError for a short password."""
    why = check_password(password)
    if why or not name.strip() or len(name) > 80 or name in RESERVED:
        raise DataError("the account is not made", [Fault(why or "the name cannot be used", name)])
    with store.change() as connection:
        epoch = connection.execute(sa.select(users.c.epoch).where(users.c.name == name)).scalar()
        values = {"hash": hashed(password), "active": True}
        if epoch is not None:
            connection.execute(sa.update(users).where(users.c.name == name).values(**values, epoch=epoch + 1))
        else:
            connection.execute(sa.insert(users).values(name=name, epoch=1, created=now(), **values))
    return epoch is None


def remove_user(store: Store, name: str) -> None:
    """Close an account; what it saved stays. DataError where there is none."""
    with store.change() as connection:
        closed = connection.execute(sa.update(users).where(users.c.name == name).values(active=False, epoch=users.c.epoch + 1)).rowcount
    if not closed:
        raise DataError("the account is not closed", [Fault("there is no such account", name)])


def any_users(store: Store) -> bool:
    """Whether the store has accounts; then everybody signs in."""
    with store.read() as connection:
        return connection.execute(sa.select(users.c.name).where(users.c.active).limit(1)).first() is not None


def sign_in(store: Store, name: str, password: str) -> int | None:
    """The epoch of an account whose password this is; None where it is not, after as long."""
    with store.read() as connection:
        row = connection.execute(sa.select(users.c.hash, users.c.epoch).where(users.c.name == name, users.c.active)).first()
    good = matches(password, row.hash if row else NOBODY)
    return row.epoch if row and good else None


def is_current(store: Store, session: Session) -> bool:
    """Whether a session's account still is as it was when it signed in."""
    with store.read() as connection:
        epoch = connection.execute(sa.select(users.c.epoch).where(users.c.name == session.user, users.c.active)).scalar()
    return epoch == session.epoch


class People:
    """Who may come in, looked up at most every few seconds: every request asks."""

    def __init__(self, store: Store, token: str, clock: Callable[[], float] = time.monotonic) -> None:
        self.store, self.token, self.clock = store, token, clock
        self._any: tuple[float, bool] = (float("-inf"), False)
        with store.read() as connection:
            self.gone = set(connection.scalars(sa.select(signed_out.c.id)))
        self._known: dict[tuple[str | None, int], tuple[float, bool]] = {}

    def any(self) -> bool:
        """Whether there are accounts."""
        now = self.clock()
        if now - self._any[0] > FRESH:
            self._any = (now, any_users(self.store))
        return self._any[1]

    def sign_out(self, session: Session) -> None:
        """End a session for whoever holds a copy of its cookie, until it would have ended anyway."""
        with self.store.change() as connection:
            connection.execute(sa.delete(signed_out).where(signed_out.c.until < time.time()))
            connection.execute(sa.delete(signed_out).where(signed_out.c.id == session.id))
            connection.execute(sa.insert(signed_out).values(id=session.id, until=session.until))
        self.gone.add(session.id)

    def current(self, session: Session) -> bool:
        """Whether a session may still go on."""
        if session.id in self.gone:
            return False
        if session.user == LOCAL:
            return not self.token and not self.any()
        if session.user == "token":
            return bool(self.token) and session.epoch == token_epoch(self.token)
        key, now = (session.user, session.epoch), self.clock()
        since, good = self._known.get(key, (float("-inf"), False))
        if now - since > FRESH:
            good = is_current(self.store, session)
            self._known[key] = (now, good)
        return good


def token_epoch(token: str) -> int:
    """A number of a token, so that sessions opened with it end when it is changed."""
    return int.from_bytes(hashlib.sha256(token.encode()).digest()[:6])
