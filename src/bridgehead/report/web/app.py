"""The web application: routes, and what they share."""

from __future__ import annotations

import contextlib
import logging
import tomllib
from collections.abc import AsyncIterator
from importlib import resources
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles

from bridgehead.cases import case_folder, case_names
from bridgehead.errors import BridgeheadError
from bridgehead.report.web import routes_library, routes_regions, routes_results, routes_session
from bridgehead.report.web.accounts import Seal
from bridgehead.report.web.fair import Crowded, Superseded
from bridgehead.report.web.guard import Guard, Rate
from bridgehead.report.web.library import Changed, Library, NotThere
from bridgehead.report.web.pool import Pool
from bridgehead.report.web.regions import Entry, Regions
from bridgehead.report.web.runs import Runs
from bridgehead.report.web.settings import Settings
from bridgehead.report.web.store import Store
from bridgehead.report.web.users import People
from bridgehead.version import VERSION

LOG = logging.getLogger("bridgehead.web")
STATIC = Path(str(resources.files("bridgehead.report.web").joinpath("static")))


class Services:
    """What the routes of one server use."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self.settings, self.store = settings, store
        self.seal = Seal(store.secret)
        self.people = People(store, settings.token)
        self.sign_ins = Rate(settings.limits.sign_ins_a_minute / 60.0, settings.limits.sign_ins_a_minute)
        self.pool = Pool(settings.workers, settings.limits.waiting_solves)
        self.regions = Regions(self.pool)
        self.runs = Runs(store)
        self.library = Library(store)
        self.default = self._known_regions()

    def _known_regions(self) -> str:
        """Make the cases and the server's own region known; the id of the latter."""
        for name in case_names():
            folder = case_folder(name) / "region"
            self.regions.add(Entry(name, folder, title=title_of(folder)))
        case = self.settings.case
        if case in self.regions.entries:
            return case
        folder = Path(case).resolve()
        id = "".join(c if c.isalnum() or c in "_-" else "-" for c in folder.name) or "region"
        id = id if id not in self.regions.entries else f"{id}-folder"
        self.regions.add(Entry(id, folder, title=title_of(folder)))
        return id

    async def start(self) -> None:
        """Start the solving processes and open the server's region on all of them."""
        await self.pool.start()
        self.regions.open(self.default, everywhere=True)

    async def end(self) -> None:
        """Keep what is to be kept, and end everything."""
        await self.pool.end()
        self.runs.keep()
        self.store.close()


def title_of(folder: Path) -> dict[str, Any]:
    """What region.toml says a region is called, before the region is read; its folder's name where it says nothing."""
    try:
        meta = tomllib.loads((folder / "region.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        meta = {}
    name = meta.get("name", folder.name)
    return {"name": name, "name_zh": meta.get("name_zh", name), "year": meta.get("year"), "currency": meta.get("currency")}


def create_app(settings: Settings, store: Store) -> FastAPI:
    """The application of one server."""
    services = Services(settings, store)

    @contextlib.asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        await services.start()
        try:
            yield
        finally:
            await services.end()

    about = "Regions, scenarios, certified solutions and what they rest on. See docs/workbench.md."
    # The interactive pages of FastAPI load scripts from elsewhere; ours load nothing from anywhere.
    app = FastAPI(title="Bridgehead", version=VERSION, description=about, lifespan=life, docs_url=None, redoc_url=None)
    app.state.services = services
    for module in (routes_session, routes_regions, routes_results, routes_library):
        app.include_router(module.router)
    _add_page(app)
    _add_errors(app)
    app.add_middleware(GZipMiddleware, minimum_size=2000, compresslevel=1)
    app.add_middleware(Guard, settings=settings, seal=services.seal, is_current=services.people.current, accounts=services.people.any)
    return app


def _add_page(app: FastAPI) -> None:
    @app.get("/healthz", tags=["server"])
    async def health() -> dict[str, Any]:
        """Whether the server works, how far its regions are, and how many questions wait."""
        services: Services = app.state.services
        regions = {entry.id: entry.state for entry in services.regions.entries.values() if entry.state != "closed"}
        workers = sum(worker.alive for worker in services.pool.workers)
        return {"status": "ok", "version": VERSION, "regions": regions, "workers": workers, "waiting": len(services.pool.queue)}

    @app.get("/", include_in_schema=False)
    async def page() -> FileResponse:
        return FileResponse(STATIC / "index.html", headers={"cache-control": "no-cache"})

    app.mount("/static", StaticFiles(directory=STATIC), name="static")


def _add_errors(app: FastAPI) -> None:
    def said(status: int, error: str, code: str = "", faults: list[dict[str, Any]] | None = None, **headers: str) -> JSONResponse:
        return JSONResponse({"error": error, "code": code, "faults": faults or []}, status, headers=headers)

    @app.exception_handler(BridgeheadError)
    async def known(_: Request, error: BridgeheadError) -> JSONResponse:
        return said(422, error.message, "", [fault.as_dict() for fault in error.faults])

    @app.exception_handler(RequestValidationError)
    async def malformed(_: Request, error: RequestValidationError) -> JSONResponse:
        faults = [
            {"cause": item["msg"].removeprefix("Value error, "), "place": ".".join(map(str, item["loc"])), "expected": "", "cure": ""}
            for item in error.errors()
        ]
        return said(422, "the request is not understood", "request", faults)

    @app.exception_handler(HTTPException)
    async def plain(_: Request, error: HTTPException) -> JSONResponse:
        detail = error.detail if isinstance(error.detail, dict) else {"error": str(error.detail)}
        return JSONResponse({"code": "", "faults": []} | detail, error.status_code, headers=error.headers)

    @app.exception_handler(NotThere)
    async def lost(_: Request, __: NotThere) -> JSONResponse:
        return said(404, "there is no such entry", "saved")

    @app.exception_handler(Changed)
    async def changed(_: Request, error: Changed) -> JSONResponse:
        body = {"error": str(error), "code": "changed", "faults": [], "current": routes_library.entry_of(error.current)}
        return JSONResponse(body, 409)

    @app.exception_handler(Superseded)
    async def superseded(_: Request, __: Superseded) -> JSONResponse:
        return said(409, "a newer question took this one's place", "superseded")

    @app.exception_handler(Crowded)
    async def crowded(_: Request, __: Crowded) -> JSONResponse:
        return said(429, "too many of your questions wait already", "crowded", **{"retry-after": "1"})

    @app.exception_handler(Exception)
    async def bug(_: Request, error: Exception) -> JSONResponse:
        LOG.exception("a request failed", exc_info=error)
        return said(500, f"a fault of Bridgehead, not of the input: {type(error).__name__}", "fault")
