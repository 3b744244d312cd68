"""`bridgehead serve`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from bridgehead.report.commands.common import REGION_HELP
from bridgehead.report.shell import Shell

EXTRA = "web"
NEEDED = ("fastapi", "uvicorn", "sqlalchemy")
CaseArgument = Annotated[str, typer.Argument(metavar="CASE", help=REGION_HELP)]
PortOption = Annotated[int, typer.Option("--port", min=0, max=65535, help="Where to listen; 0 for any free port.")]
HostOption = Annotated[
    str, typer.Option("--host", help="The address to listen on. Beyond this machine's own it takes user accounts or a token.")
]
DatabaseOption = Annotated[
    str | None, typer.Option("--database", metavar="URL", help="postgresql://… for a team, in place of SQLite in the store.")
]
StoreOption = Annotated[Path | None, typer.Option("--store", metavar="DIR", help="Where things are kept; default: the user's data folder.")]
AllowOption = Annotated[
    list[str] | None, typer.Option("--allow-host", metavar="NAME", help="A further name under which browsers reach it; repeatable.")
]
WorkersOption = Annotated[int, typer.Option("--workers", min=1, max=64, help="Solving processes; each holds the region in memory.")]
CertificateOption = Annotated[Path | None, typer.Option("--tls-cert", metavar="FILE", help="Speak HTTPS with this certificate …")]
KeyOption = Annotated[Path | None, typer.Option("--tls-key", metavar="FILE", help="… and its key.")]
AddUserOption = Annotated[
    str | None, typer.Option("--add-user", metavar="NAME", help="Make an account, or change its password, and leave.")
]
RemoveUserOption = Annotated[str | None, typer.Option("--remove-user", metavar="NAME", help="Close an account and leave.")]


def serve(
    shell: Shell,
    case: CaseArgument = "yangtze",
    port: PortOption = 8347,
    host: HostOption = "127.0.0.1",
    database: DatabaseOption = None,
    store: StoreOption = None,
    allow_host: AllowOption = None,
    workers: WorkersOption = 2,
    tls_cert: CertificateOption = None,
    tls_key: KeyOption = None,
    add_user: AddUserOption = None,
    remove_user: RemoveUserOption = None,
) -> None:
    """Open the workbench: a page on which levers move a map, in a browser on this machine."""
    require_extra()
    from bridgehead.report.commands.common import find_region
    from bridgehead.report.web.settings import Settings, data_folder

    settings = Settings(
        case=case, host=host, port=port, store=store or data_folder(), database=database, workers=workers,
        token=os.environ.get("BRIDGEHEAD_TOKEN", ""), hosts=tuple(name.lower() for name in allow_host or ()),
        certificate=tls_cert, key=tls_key,
    )  # fmt: skip
    if add_user is not None or remove_user is not None:
        _accounts(shell, settings, add_user, remove_user)
        return
    _require_pair(tls_cert, tls_key)
    _require_readable(find_region(case))
    from bridgehead.report.web.serve import run

    def tell(address: str) -> None:
        shell.show(shell.text("serve.open", address=address), shell.text("serve.stop"))
        shell.document({"address": address, "store": "database" if database else str(settings.store)})
        sys.stdout.flush()

    run(settings, tell)


def _require_readable(folder: Path) -> None:
    """DataError with every fault of a user's own folder, before anything is opened; the package's cases are known to be fine."""
    from bridgehead.cases import case_folder, case_names
    from bridgehead.region import read_region

    if folder not in [case_folder(name) / "region" for name in case_names()]:
        read_region(folder)


def require_extra() -> None:
    """DataError that names the extra where its packages are not installed."""
    from importlib.util import find_spec

    from bridgehead.errors import DataError, Fault

    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        fault = Fault(f"not installed: {', '.join(missing)}", cure=f'`pip install "bridgehead[{EXTRA}]"` installs them')
        raise DataError("the workbench needs packages that come with an extra", [fault])


def _require_pair(certificate: Path | None, key: Path | None) -> None:
    from bridgehead.errors import DataError, Fault

    faults = [Fault("there is no such file", str(path)) for path in (certificate, key) if path is not None and not path.is_file()]
    if (certificate is None) != (key is None):
        faults.append(Fault("a certificate and its key go together", "", "both --tls-cert and --tls-key"))
    if faults:
        raise DataError("HTTPS cannot be spoken", faults)


def _accounts(shell: Shell, settings: Any, add: str | None, remove: str | None) -> None:
    """Make or close an account. The password comes from BRIDGEHEAD_PASSWORD, or is asked for."""
    from bridgehead.report.web.store import Store
    from bridgehead.report.web.users import add_user, remove_user

    kept = Store.open(settings.database, settings.store)
    if remove is not None:
        remove_user(kept, remove)
        shell.show(shell.text("serve.closed", name=remove))
    if add is not None:
        password = os.environ.get("BRIDGEHEAD_PASSWORD") or typer.prompt(shell.text("serve.password"), hide_input=True)
        new = add_user(kept, add, password)
        shell.show(shell.text("serve.added" if new else "serve.changed", name=add))
    shell.document({"added": add, "removed": remove})
