"""Running the server: the checks before it listens, uvicorn, and where it says it is."""

from __future__ import annotations

import contextlib
import logging
import socket
from collections.abc import Callable

import uvicorn

from bridgehead.errors import DataError, Fault
from bridgehead.report.web.app import create_app
from bridgehead.report.web.settings import Settings, require_guarded
from bridgehead.report.web.store import Store
from bridgehead.report.web.users import any_users


def run(settings: Settings, tell: Callable[[str], None]) -> None:
    """Serve until interrupted; `tell` hears the address once it is bound. DataError where it cannot be opened as asked."""
    store = Store.open(settings.database, settings.store)
    require_guarded(settings, accounts=any_users(store))
    bound = _bound(settings)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    config = uvicorn.Config(
        create_app(settings, store), log_level="warning", access_log=False, server_header=False, date_header=True,
        ssl_certfile=settings.certificate, ssl_keyfile=settings.key, timeout_graceful_shutdown=3, ws="none",
        proxy_headers=False, h11_max_incomplete_event_size=64 * 1024,
    )  # fmt: skip
    tell(address_of(settings, bound.getsockname()[1]))
    # Ctrl-C is how a server is meant to end: what it kept is kept, and nothing was interrupted.
    with contextlib.suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[bound])


def _bound(settings: Settings) -> socket.socket:
    """A socket that listens where the settings say; DataError where something else does already."""
    try:
        family = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0][0]
        bound = socket.socket(family, socket.SOCK_STREAM)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((settings.host, settings.port))
    except OSError as error:
        fault = Fault(error.strerror or str(error), f"{settings.host}:{settings.port}", cure="name another with --port or --host")
        raise DataError("the workbench cannot listen", [fault]) from error
    bound.listen(2048)
    return bound


def address_of(settings: Settings, port: int) -> str:
    """The address to open in a browser."""
    host = "localhost" if settings.host in ("127.0.0.1", "::1") else settings.host
    host = f"[{host}]" if ":" in host else host
    return f"http{'s' if settings.secure else ''}://{host}:{port}/"
