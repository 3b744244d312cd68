"""How one server is set up."""

from __future__ import annotations

import ipaddress
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

from bridgehead.errors import DataError, Fault

DEFAULT_PORT = 8347
MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """What one request, one user and one upload may take."""

    body_bytes: int = MEGABYTE
    upload_bytes: int = 64 * MEGABYTE
    unpacked_bytes: int = 256 * MEGABYTE
    upload_files: int = 100
    unpack_ratio: int = 200
    waiting_solves: int = 8
    answer_seconds: float = 120.0
    jobs_per_user: int = 4
    requests_a_second: float = 40.0
    burst: int = 400
    sign_ins_a_minute: int = 10
    own_regions: int = 20
    own_places: int = 1500
    link_bytes: int = 32 * 1024


@dataclass(frozen=True)
class Settings:
    """One server: what it shows, where it listens, where it keeps things, who may come in.

    case: a case or region folder. database: a SQLAlchemy address, None for SQLite in `store`. token: a shared secret, "" for none.
    hosts: further names under which browsers may reach it. workers: solving processes.
    """

    case: str = "yangtze"
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    store: Path = field(default_factory=lambda: data_folder())
    database: str | None = None
    token: str = ""
    hosts: tuple[str, ...] = ()
    workers: int = 2
    certificate: Path | None = None
    key: Path | None = None
    limits: Limits = field(default_factory=Limits)

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        return is_loopback(self.host)

    @property
    def secure(self) -> bool:
        """Whether it speaks HTTPS."""
        return self.certificate is not None


def is_loopback(host: str) -> bool:
    """Whether an address or name is this machine's own loopback.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def data_folder() -> Path:
    """Where the workbench keeps what is saved: $BRIDGEHEAD_DATA, or `bridgehead` in the user's data folder."""
    chosen = os.environ.get("BRIDGEHEAD_DATA")
    if chosen:
        return Path(chosen)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home())) / "bridgehead"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "bridgehead"
    base = os.environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "bridgehead"


def require_guarded(settings: Settings, *, accounts: bool) -> None:
    """DataError where others could reach the server and nothing would ask who they are."""
    if settings.loopback or settings.token or accounts:
        return
    cure = "`bridgehead serve --add-user NAME` makes an account; or set BRIDGEHEAD_TOKEN to a long secret"
    fault = Fault("everybody who reaches this address could use the workbench", settings.host, "user accounts or a token", cure)
    raise DataError("the workbench is not opened to other machines", [fault])
