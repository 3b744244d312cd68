"""Regions: what they are, drawn, calibrated, and which levers they have."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request, Response

from bridgehead.report.web.controls import LeversView
from bridgehead.report.web.regions import Entry
from bridgehead.report.web.views import BaselineView, FactsView, MapView, Problem, RegionList, RegionView

router = APIRouter(tags=["regions"])
JSON = "application/json"
NOT_READY = {404: {"model": Problem}, 422: {"model": Problem}, 503: {"model": Problem}}


async def described(request: Request, region: str) -> Entry:
    """A region that has been read; it is opened when first asked for."""
    regions = request.app.state.services.regions
    if region not in regions.entries:
        raise HTTPException(404, {"error": f"there is no region '{region}'", "code": "region"})
    entry = regions.open(region)
    await entry.described.wait()
    if not entry.view:
        raise HTTPException(422, entry.error)
    return entry


Described = Annotated[Entry, Depends(described)]


async def ready(entry: Described) -> Entry:
    """A region with a baseline."""
    if entry.state == "refused":
        raise HTTPException(422, entry.error)
    if entry.state != "ready":
        error = {"error": "the region is being calibrated to its data", "code": "calibrating", "state": entry.state}
        raise HTTPException(503, error, {"retry-after": "1"})
    return entry


Ready = Annotated[Entry, Depends(ready)]


@router.get("/api/regions", response_model=RegionList)
async def regions(request: Request) -> dict[str, Any]:
    """All regions this server knows."""
    services = request.app.state.services
    return {"default": services.default, "regions": [entry.head() for entry in services.regions.entries.values()]}


@router.get("/api/regions/{region}", response_model=RegionView, responses=NOT_READY)
async def region(entry: Described) -> dict[str, Any]:
    """A region: places, jurisdictions, sectors, what its map can show."""
    return entry.view | {"state": entry.state}


@router.get("/api/regions/{region}/map", responses={200: {"model": MapView}, **NOT_READY})
async def region_map(request: Request, entry: Described) -> Response:
    """The region drawn as SVG paths."""
    tag = f'"{entry.view["provenance"]["data_hash"][:32]}"'
    headers = {"etag": tag, "cache-control": "private, no-cache"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(entry.map, media_type=JSON, headers=headers)


@router.get("/api/regions/{region}/levers", responses={200: {"model": LeversView}, **NOT_READY})
async def region_levers(entry: Described) -> Response:
    """Controls made from the levers' own parameters, and the region's strategies and zones."""
    return Response(entry.levers, media_type=JSON)


@router.get("/api/regions/{region}/places/{place}/facts", responses={200: {"model": FactsView}, **NOT_READY})
async def facts(entry: Described, place: str) -> Response:
    """Every figure of a place with unit, year, source and whether it was observed."""
    if place not in entry.facts:
        raise HTTPException(404, {"error": f"there is no place '{place}'", "code": "place"})
    return Response(entry.facts[place], media_type=JSON)


@router.get("/api/regions/{region}/baseline", responses={200: {"model": BaselineView}, **NOT_READY})
async def baseline(entry: Ready) -> Response:
    """The data as a certified equilibrium: levels by place, certificate, the rows of the matrix."""
    return Response(entry.baseline, media_type=JSON)
