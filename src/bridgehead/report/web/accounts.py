"""Who may come in: passwords kept as scrypt hashes, sessions as signed cookies, tokens for programs."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time
from dataclasses import dataclass, replace

COST = {"n": 2**15, "r": 8, "p": 1, "maxmem": 64 * 1024 * 1024}
"""scrypt: 32 MiB and some tens of milliseconds a try."""

LEAST_PASSWORD = 10
SESSION_SECONDS = 12 * 3600
LOCAL = "local"
"""The user of a server that only its own machine reaches and that asks nobody who they are."""


def hashed(password: str) -> str:
    """A password as it is kept: algorithm, cost, salt and hash."""
    salt = secrets.token_bytes(16)
    made = hashlib.scrypt(password.encode(), salt=salt, dklen=32, **COST)
    return "$".join(("scrypt", f"{COST['n']},{COST['r']},{COST['p']}", salt.hex(), made.hex()))


def matches(password: str, kept: str) -> bool:
    """Whether a password is the one kept; takes as long when it is not."""
    _, cost, salt, made = kept.split("$")
    n, r, p = (int(part) for part in cost.split(","))
    found = hashlib.scrypt(password.encode(), salt=bytes.fromhex(salt), n=n, r=r, p=p, dklen=32, maxmem=COST["maxmem"])
    return hmac.compare_digest(found, bytes.fromhex(made))


NOBODY = hashed(secrets.token_hex(16))
"""Compared with where a name is unknown, so that an answer's time does not tell which names there are."""


@dataclass(frozen=True)
class Session:
    """One browser or program: who it is (None: not signed in), its own number, and when it ends."""

    user: str | None
    id: str
    until: float
    epoch: int = 0

    @property
    def queue(self) -> str:
        """Whose turn it takes in queues: a person's where there are accounts, else the session's."""
        return self.user if self.user not in (None, LOCAL) else self.id


class Seal:
    """Signs and reads sessions with a secret that only this server's store holds. Nothing about them is kept on the server."""

    def __init__(self, secret: bytes) -> None:
        self.secret = secret

    def _sign(self, purpose: str, text: str) -> str:
        return hmac.new(self.secret, f"{purpose}\0{text}".encode(), hashlib.sha256).hexdigest()

    def new(self, user: str | None, *, epoch: int = 0) -> Session:
        """A session that begins now."""
        return Session(user, secrets.token_hex(8), time.time() + SESSION_SECONDS, epoch)

    def longer(self, session: Session) -> Session:
        """The same session, which lasts its full time from now."""
        return replace(session, until=time.time() + SESSION_SECONDS)

    def cookie(self, session: Session) -> str:
        """A session as the value of a cookie."""
        content = json.dumps([session.user, session.id, session.until, session.epoch])
        text = base64.urlsafe_b64encode(content.encode()).decode()
        return f"{text}.{self._sign('session', text)}"

    def read(self, cookie: str | None) -> Session | None:
        """The session of a cookie; None for one that is not ours, changed or over."""
        text, dot, sign = (cookie or "").rpartition(".")
        if not dot or not same(sign, self._sign("session", text)):
            return None
        session = Session(*json.loads(base64.urlsafe_b64decode(text)))
        return session if session.until > time.time() else None

    def csrf(self, session: Session) -> str:
        """What a page of ours must send along with every change: no other site can know it."""
        return self._sign("csrf", session.id)

    def is_csrf(self, session: Session, sent: str | None) -> bool:
        """Whether a page sent its session's token."""
        return same(sent or "", self.csrf(session))


def same(sent: str, kept: str) -> bool:
    """Whether two secrets are one, in a time that does not tell how much of them is."""
    return hmac.compare_digest(sent.encode(), kept.encode())


def check_password(password: str) -> str | None:
    """Why a password is not taken; None where it is."""
    return None if len(password) >= LEAST_PASSWORD else f"a password has at least {LEAST_PASSWORD} characters"
