"""The web application: routes, and what they share."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import tomllib
from collections.abc import AsyncIterator
from importlib import resources
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.responses import FileResponse
from pydantic import BaseModel
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from bridgehead.cases import case_folder, case_names
from bridgehead.report.web import routes_jobs, routes_library, routes_own, routes_regions, routes_results, routes_session
from bridgehead.report.web.accounts import Seal
from bridgehead.report.web.guard import Guard, Rate, client_of
from bridgehead.report.web.jobs import Jobs
from bridgehead.report.web.library import Library
from bridgehead.report.web.own import Own
from bridgehead.report.web.pool import Pool
from bridgehead.report.web.problems import add_problems
from bridgehead.report.web.regions import Entry, Regions
from bridgehead.report.web.runs import Runs
from bridgehead.report.web.settings import Settings, is_loopback
from bridgehead.report.web.store import Store
from bridgehead.report.web.users import People
from bridgehead.version import VERSION

LOG = logging.getLogger("bridgehead.web")
STATIC = Path(str(resources.files("bridgehead.report.web").joinpath("static")))


class Health(BaseModel):
    """Whether the server works: regions that are open by state, solving processes that live, questions that wait."""

    status: str
    version: str
    regions: dict[str, str]
    workers: int
    waiting: int


class Services:
    """What the routes of one server use."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self.settings, self.store = settings, store
        self.seal = Seal(store.secret)
        self.people = People(store, settings.token)
        self.sign_ins = Rate(settings.limits.sign_ins_a_minute / 60.0, settings.limits.sign_ins_a_minute)
        self.pool = Pool(settings.workers, settings.limits.waiting_solves, settings.limits.answer_seconds)
        self.regions = Regions(self.pool, settings.limits.own_places)
        self.runs = Runs(store)
        self.library = Library(store)
        self.jobs = Jobs(store, self.regions, settings.limits.jobs_per_user, settings.store)
        self.own = Own(store, self.regions, settings.store, settings.limits.own_regions)
        self.own.known()
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
        await self.jobs.start()
        self.keeping = asyncio.create_task(self.runs.keep_often())

    async def end(self) -> None:
        """Keep what is to be kept, and end everything."""
        self.keeping.cancel()
        await self.own.end()
        await self.regions.end()
        await self.jobs.end()
        await self.pool.end()
        self.runs.keep()
        self.store.close()


class Squeeze(GZipMiddleware):
    """Answers are squeezed for other machines; within this one that would only take time."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass what goes to this machine as it is."""
        if scope["type"] == "http" and is_loopback(client_of(scope)):
            await self.app(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


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
    for module in (routes_session, routes_regions, routes_results, routes_library, routes_jobs, routes_own):
        app.include_router(module.router)
    _add_page(app)
    add_problems(app)
    app.add_middleware(Squeeze, minimum_size=2000, compresslevel=1)
    app.add_middleware(Guard, settings=settings, seal=services.seal, is_current=services.people.current, accounts=services.people.any)
    return app


def _add_page(app: FastAPI) -> None:
    @app.get("/healthz", tags=["server"], response_model=Health)
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
