"""What every request passes: the right host, one's own page, a session, a rate, a size; and the headers of every answer."""

from __future__ import annotations

import ipaddress
import json
import re
import socket
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bridgehead.report.web.accounts import LOCAL, Seal, Session, same
from bridgehead.report.web.settings import Settings, is_loopback

COOKIE = "bridgehead_session"
CSRF = "x-csrf-token"
SAFE = ("GET", "HEAD", "OPTIONS")
POLICY = "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
OPEN = (("GET", "/api/session"), ("POST", "/api/session"))
"""The only calls of the API that anybody may make."""

HOST = re.compile(r"(?:\[(?P<address>[0-9A-Fa-f:.]+)\]|(?P<name>[A-Za-z0-9._-]+))(?::\d{1,5})?")
ORIGIN = re.compile(r"https?://(?P<host>.+)")

MOST_CLIENTS = 10_000
BY_TOKEN = "token"
"""The session of programs that send the server's token with every request: no cookie, so no other site can use it."""
WRONG_TOKEN = "the token is not the server's"


class Refused(Exception):
    """A request that goes no further: status, message, a short code, and seconds to wait."""

    def __init__(self, status: int, error: str, code: str = "", wait: float = 0.0) -> None:
        super().__init__(error)
        self.status, self.error, self.code, self.wait = status, error, code, wait


@dataclass(eq=False)
class Rate:
    """Token buckets: so many requests a second of one client, with room for a burst."""

    a_second: float
    burst: float
    clock: Callable[[], float] = time.monotonic

    def __post_init__(self) -> None:
        self.buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, client: str) -> float:
        """Take one token of a client; 0, or the seconds until there is one."""
        now = self.clock()
        left, since = self.buckets.pop(client, (self.burst, now))
        left = min(self.burst, left + (now - since) * self.a_second)
        spent = left >= 1.0
        self.buckets[client] = (left - 1.0 if spent else left, now)
        while len(self.buckets) > MOST_CLIENTS:
            self.buckets.popitem(last=False)
        return 0.0 if spent else (1.0 - left) / self.a_second


def host_of(header: str) -> str:
    """The name in a Host header, without its port.

    What is no name or address with a port at most, such as one with a user in front, has no name.

    >>> host_of("localhost:8347"), host_of("[::1]:80"), host_of("10.0.0.5"), host_of("evil@localhost")
    ('localhost', '::1', '10.0.0.5', '')
    """
    found = HOST.fullmatch(header)
    return "" if found is None else (found["name"] or found["address"]).lower()


def is_known_host(name: str, settings: Settings) -> bool:
    """Whether a browser may reach us by this name. A name that some other site made point to us is none (DNS rebinding)."""
    if name in settings.hosts or is_loopback(name):
        return True
    if settings.loopback:
        return False
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return name in {settings.host.lower(), socket.gethostname().lower(), socket.getfqdn().lower()}
    return True


class Guard:
    """The outermost layer. It sets `state.session` of what it lets through, and the security headers of every answer."""

    def __init__(self, app: ASGIApp, settings: Settings, seal: Seal, is_current: Callable[[Session], bool], accounts: Callable[[], bool]):
        self.app, self.settings, self.seal = app, settings, seal
        self.is_current, self.accounts = is_current, accounts
        self.rate = Rate(settings.limits.requests_a_second, settings.limits.burst)
        self.guesses = Rate(settings.limits.sign_ins_a_minute / 60.0, settings.limits.sign_ins_a_minute)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer why not."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        try:
            scope.setdefault("state", {})["session"] = self._admit(scope)
            await self.app(scope, self._measured(scope, receive), self._with_headers(scope, send))
        except Refused as refused:
            await answer(self._with_headers(scope, send), refused)

    def _admit(self, scope: Scope) -> Session:
        headers = Headers(scope=scope)
        if not is_known_host(host_of(headers.get("host", "")), self.settings):
            raise Refused(403, f"this workbench is not reached by the name '{headers.get('host', '')}'", "host")
        if "\0" in scope["path"] or b"%00" in scope.get("query_string", b""):
            raise Refused(400, "an address holds no NUL", "request")
        session, known = self._session(headers, client_of(scope))
        wait = self.rate.wait(session.queue if known and session.user else client_of(scope))
        if wait:
            raise Refused(429, "too many requests: wait a moment", "rate", wait)
        path, method = scope["path"], scope["method"]
        if path.startswith("/api/"):
            if session.user is None and (method, path) not in OPEN:
                raise Refused(401, "sign in first", "session")
            if method not in SAFE and session.id != BY_TOKEN:
                self._own_page(headers, session)
        self._size(scope, headers)
        return session

    def _session(self, headers: Headers, client: str) -> tuple[Session, bool]:
        """The session of a cookie or token, and True; a new one, of nobody where accounts or a token are asked for, and False."""
        kind, _, sent = headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer" and self.settings.token:
            if not same(sent.strip(), self.settings.token):
                # As many guesses as at the door: who guesses is not told right from wrong beyond that.
                wait = self.guesses.wait(client)
                raise Refused(429, "too many tries: wait a minute", "rate", wait) if wait else Refused(401, WRONG_TOKEN, "token")
            return Session("token", BY_TOKEN, 0.0), True
        session = self.seal.read(cookies_of(headers).get(COOKIE))
        closed = bool(self.settings.token) or self.accounts()
        if session is not None and (closed if session.user is None else self.is_current(session)):
            return session, True
        return self.seal.new(None if closed else LOCAL), False

    def _own_page(self, headers: Headers, session: Session) -> None:
        """A change comes from our own page or a program that holds the session's token; never from another site's page."""
        origin = headers.get("origin")
        if origin is not None and not self._is_ours(origin, headers.get("host", "")):
            raise Refused(403, f"requests from '{origin}' are not answered", "origin")
        if headers.get("sec-fetch-site") not in (None, "same-origin", "none"):
            raise Refused(403, "requests from other sites are not answered", "origin")
        if not self.seal.is_csrf(session, headers.get(CSRF)):
            raise Refused(403, "the session's token is missing or old: GET /api/session, and send its `csrf` as X-CSRF-Token", "session")

    def _is_ours(self, origin: str, host: str) -> bool:
        """Whether a page's origin is this server: the host it asks, or a name that was allowed (behind a proxy the two differ)."""
        found = ORIGIN.fullmatch(origin)
        return found is not None and (found["host"].lower() == host.lower() or host_of(found["host"]) in self.settings.hosts)

    def _most(self, scope: Scope) -> int:
        upload = scope["method"] == "POST" and scope["path"] == "/api/regions"
        return self.settings.limits.upload_bytes if upload else self.settings.limits.body_bytes

    def _size(self, scope: Scope, headers: Headers) -> None:
        said = headers.get("content-length", "0")
        if not said.isdigit() or int(said) > self._most(scope):
            raise Refused(413, f"more than {self._most(scope)} bytes are not taken", "size")

    def _measured(self, scope: Scope, receive: Receive) -> Receive:
        """The body as it comes, which ends at the limit whatever its head said."""
        most, had = self._most(scope), 0

        async def read() -> Message:
            nonlocal had
            message = await receive()
            had += len(message.get("body", b""))
            if had > most:
                raise Refused(413, f"more than {most} bytes are not taken", "size")
            return message

        return read

    def _with_headers(self, scope: Scope, send: Send) -> Send:
        fixed = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
        if self.settings.secure:
            fixed.append((b"strict-transport-security", b"max-age=31536000"))
        # Answers are not kept; the page's own files are asked for again and found unchanged.
        cached = (b"cache-control", b"no-cache" if scope["path"].startswith("/static/") else b"no-store")

        async def write(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [*message.get("headers", ()), *fixed]
                message["headers"] = headers if any(name == b"cache-control" for name, _ in headers) else [*headers, cached]
            await send(message)

        return write


def client_of(scope: Scope) -> str:
    """The address a request comes from."""
    return scope["client"][0] if scope.get("client") else ""


def cookies_of(headers: Headers) -> dict[str, str]:
    """Cookies by name."""
    return {name: morsel.value for name, morsel in SimpleCookie(headers.get("cookie", "")).items()}


async def answer(send: Send, refused: Refused) -> None:
    """Answer a refused request."""
    content: dict[str, Any] = {"error": refused.error, "code": refused.code, "faults": []}
    body = json.dumps(content).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    if refused.wait:
        headers.append((b"retry-after", str(max(1, round(refused.wait))).encode()))
    await send({"type": "http.response.start", "status": refused.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
