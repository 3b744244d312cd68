"""Own regions: bring one, take it away as a zip, delete it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import ValidationError

from bridgehead.errors import DataError, Fault
from bridgehead.report.web.asked import Upload
from bridgehead.report.web.routes_regions import Described
from bridgehead.report.web.routes_results import attachment
from bridgehead.report.web.uploads import REFUSED, Files, decoded, folder_files, packed, unpacked
from bridgehead.report.web.views import Problem, RegionHead

router = APIRouter(tags=["regions"])
BODIES = {
    "application/zip": {"schema": {"type": "string", "format": "binary"}},
    "application/json": {"schema": Upload.model_json_schema(ref_template="#/components/schemas/{model}")},
}


@router.post(
    "/api/regions", response_model=RegionHead, status_code=202,
    responses={413: {"model": Problem}, 422: {"model": Problem}}, openapi_extra={"requestBody": {"content": BODIES, "required": True}},
)  # fmt: skip
async def bring(request: Request) -> dict[str, Any]:
    """Bring a region folder, as a zip or file by file. 422 lists every fault with file and row, and nothing is kept."""
    body = await request.body()
    services = request.app.state.services
    files = await run_in_threadpool(_files, request.headers.get("content-type", ""), body, services.settings.limits)
    return (await services.own.take(files, request.state.session.user)).head()


def _files(kind: str, body: bytes, limits: Any) -> Files:
    if kind.startswith("application/zip") or body.startswith(b"PK"):
        return unpacked(body, limits)
    try:
        return decoded(Upload.model_validate_json(body).files, limits)
    except ValidationError as error:
        fault = Fault("it is neither a zip nor a list of files", expected='a zip, or {"files": [{"name": …, "base64": …}]}')
        raise DataError(REFUSED, [fault]) from error


@router.delete("/api/regions/{region}", status_code=204, responses={404: {"model": Problem}, 403: {"model": Problem}})
async def remove(request: Request, region: str) -> None:
    """Delete an own region; scenarios saved for it stay in the library."""
    services = request.app.state.services
    entry = services.regions.entries.get(region)
    if entry is None:
        raise HTTPException(404, {"error": f"there is no region '{region}'", "code": "region"})
    if not entry.own:
        raise HTTPException(403, {"error": "a case of the package is not deleted", "code": "case"})
    if entry.who != request.state.session.user:
        raise HTTPException(403, {"error": f"'{entry.who}' brought this region, and deletes it", "code": "owner"})
    await services.own.remove(region)


@router.get("/api/regions/{region}/download", responses={404: {"model": Problem}})
async def download(request: Request, entry: Described) -> Response:
    """The region folder as a zip, for the command line."""
    own = request.app.state.services.own
    body = await run_in_threadpool(own.archive, entry.id) if entry.own else None
    if body is None:
        body = await run_in_threadpool(lambda: packed(folder_files(entry.folder)))
    return Response(body, media_type="application/zip", headers=attachment(f"{entry.id}.zip"))
