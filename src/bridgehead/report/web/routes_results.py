"""Solving scenarios, and everything about a solved one."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from bridgehead.report.web.asked import Flow, SolveAsked
from bridgehead.report.web.beside import CompareView, MechanismsView, ShadowView
from bridgehead.report.web.regions import Entry
from bridgehead.report.web.routes_regions import JSON, NOT_READY, Ready, described, ready
from bridgehead.report.web.views import (
    Certificate,
    ExplainView,
    FlowsView,
    MatrixView,
    PlaceView,
    Problem,
    SolveView,
)
from bridgehead.report.web.worker import Answer
from bridgehead.version import VERSION

router = APIRouter(tags=["results"])
NO_NUMBERS = {404: {"model": Problem}, 409: {"model": Problem}, 422: {"model": Problem}, 503: {"model": Problem}}
HEAD = 4000
"""The head of an answer, with key and outcome, stands in its first bytes: the arrays are not parsed for it."""


def body_of(answer: Answer) -> bytes:
    """The body of an answer, or its error raised."""
    if not answer.ok:
        code = "not_solved" if answer.status == 409 else ""
        raise HTTPException(answer.status, {"code": code} | answer.error)
    return answer.body


async def ask(request: Request, entry: Entry, call: str, arguments: dict[str, Any], **more: Any) -> Answer:
    """Ask a solving process on behalf of the session."""
    services = request.app.state.services
    return await services.pool.ask(request.state.session.queue, entry.id, call, arguments, **more)


async def plan_of(request: Request, entry: Entry, asked: Any) -> dict[str, Any]:
    """How a solving process is told which scenario: a saved one by its text."""
    if asked.saved is None:
        return {"scenario": asked.scenario, "preset": asked.preset}
    library = request.app.state.services.library
    row = await run_in_threadpool(library.find, asked.saved)
    if row["region"] != entry.id:
        raise HTTPException(422, {"error": f"scenario {asked.saved} belongs to the region '{row['region']}'", "code": "region"})
    return {"text": row["text"]}


@router.post("/api/regions/{region}/solve", responses={200: {"model": SolveView}, **NOT_READY, 409: {"model": Problem}})
async def solve(request: Request, entry: Ready, asked: SolveAsked) -> Response:
    """Solve a scenario: changes by place and a certificate, or the reason why there are none."""
    arguments = await plan_of(request, entry, asked) | {"number": asked.number}
    view = None if asked.view is None else f"{request.state.session.id} {asked.view}"
    answer = await ask(request, entry, "solve", arguments, view=view)
    body = body_of(answer)
    await note(request, entry, answer)
    return Response(body, media_type=JSON)


async def note(request: Request, entry: Entry, answer: Answer) -> str:
    """Note which scenario stands behind the key of an answer; the key."""
    services = request.app.state.services
    head = head_of(answer.body)
    services.pool.remember(head["key"], answer.worker)
    row = (head["key"], entry.id, head["data_hash"], head["name"], head["text"], head["outcome"])
    services.runs.note(*row, request.state.session.user)
    return head["key"]


def head_of(body: bytes) -> dict[str, Any]:
    """Key, name, text and outcome of a solve answer, which begins with them."""
    return json.loads(body[: body.index(b',"certificate":')] + b"}")


async def row_of(request: Request, key: str) -> dict[str, Any]:
    """What is known of a key."""
    runs = request.app.state.services.runs
    row = runs.known.get(key) or await run_in_threadpool(runs.find, key)
    if row is None:
        raise HTTPException(404, {"error": f"no scenario was solved here under '{key}'", "code": "key"})
    return row


async def run_of(request: Request, key: str) -> tuple[Entry, dict[str, Any]]:
    """The region and scenario behind a key; 404 where the data or the version are no longer those that the key stands for."""
    row = await row_of(request, key)
    if row["version"] != VERSION:
        error = f"'{key}' was solved by version {row['version']}; this is {VERSION}: solve its scenario again"
        raise HTTPException(404, {"error": error, "code": "version"})
    entry = await ready(await described(request, row["region"]))
    if entry.view["provenance"]["data_hash"] != row["data_hash"]:
        raise HTTPException(404, {"error": f"the data behind '{key}' are no longer those of the region '{entry.id}'", "code": "data"})
    return entry, row


async def follow(request: Request, key: str, call: str, **arguments: Any) -> Response:
    """A further question about a result."""
    entry, row = await run_of(request, key)
    if arguments.get("place", "") and arguments["place"] not in entry.places:
        raise HTTPException(404, {"error": f"there is no place '{arguments['place']}'", "code": "place"})
    answer = await ask(request, entry, call, {**arguments, "scenario": row["text"], "text": row["text"]}, key=key)
    return Response(body_of(answer), media_type=JSON)


@router.get("/api/results/{key}", responses={200: {"model": SolveView}, **NO_NUMBERS})
async def result(request: Request, key: str) -> Response:
    """The answer of `solve` again, number for number."""
    return await follow(request, key, "solve")


@router.get("/api/results/{key}/certificate", responses={200: {"model": Certificate}, **NO_NUMBERS})
async def certificate(request: Request, key: str) -> Response:
    """The whole certificate, with the smallest singular value."""
    return await follow(request, key, "certificate")


@router.get("/api/results/{key}/matrix", responses={200: {"model": MatrixView}, **NO_NUMBERS})
async def matrix(request: Request, key: str) -> Response:
    """Every need in the scenario."""
    return await follow(request, key, "matrix")


@router.get("/api/results/{key}/places/{place}", responses={200: {"model": PlaceView}, **NO_NUMBERS})
async def place(request: Request, key: str, place: str) -> Response:
    """Accounts, state and sectors of a place."""
    return await follow(request, key, "place", place=place)


@router.get("/api/results/{key}/places/{place}/flows", responses={200: {"model": FlowsView}, **NO_NUMBERS})
async def flows(
    request: Request, key: str, place: str, flow: Flow = "commuting", top: Annotated[int, Query(ge=1, le=400)] = 12
) -> Response:
    """The largest flows to and from a place."""
    return await follow(request, key, "flows", place=place, flow=flow, top=top)


@router.get("/api/results/{key}/places/{place}/explain", responses={200: {"model": ExplainView}, **NO_NUMBERS})
async def explain(request: Request, key: str, place: str) -> Response:
    """The chain from lever to welfare at a place."""
    return await follow(request, key, "explain", place=place)


@router.get("/api/results/{key}/mechanisms", responses={200: {"model": MechanismsView}, **NO_NUMBERS})
async def mechanisms(request: Request, key: str) -> Response:
    """What moves each need: every mechanism of the scenario alone."""
    return await follow(request, key, "mechanisms")


@router.get("/api/results/{key}/shadow-prices", responses={200: {"model": ShadowView}, **NO_NUMBERS})
async def shadow_prices(request: Request, key: str, of: Literal["land", "research", "passages"] = "land") -> Response:
    """What one more km² of land, one more spent on research or a wider passage is worth."""
    return await follow(request, key, "shadow_prices", of=of)


@router.get("/api/compare", responses={200: {"model": CompareView}, **NO_NUMBERS})
async def compare(request: Request, a: str, b: str) -> Response:
    """Two solved scenarios of one region beside each other."""
    entry, first = await run_of(request, a)
    other, second = await run_of(request, b)
    if entry.id != other.id:
        raise HTTPException(422, {"error": "scenarios of two regions cannot be compared", "code": "region"})
    answer = await ask(request, entry, "compare", {"a": first["text"], "b": second["text"]}, key=b)
    return Response(body_of(answer), media_type=JSON)


@router.get("/api/results/{key}/scenario.toml", responses={404: {"model": Problem}})
async def scenario_file(request: Request, key: str) -> Response:
    """The scenario as the file that the command line takes."""
    row = await row_of(request, key)
    return Response(row["text"].encode(), media_type="application/toml", headers=attachment("scenario.toml"))


MEDIA = {
    "places.csv": "text/csv", "places.parquet": "application/vnd.apache.parquet", "places.gpkg": "application/geopackage+sqlite3",
    "matrix.csv": "text/csv", "solution.zip": "application/zip", "report.pdf": "application/pdf",
}  # fmt: skip
"""The files that a result can be kept as."""


@router.get("/api/results/{key}/download/{name}", responses=NO_NUMBERS)
async def download(request: Request, key: str, name: str, lang: Literal["en", "zh"] = "en") -> Response:
    """A result as a file: places.csv, places.parquet, places.gpkg, matrix.csv, solution.zip, or report.pdf (in `lang`)."""
    if name not in MEDIA:
        raise HTTPException(404, {"error": f"there is no file '{name}'; known are: {', '.join(MEDIA)}", "code": "file"})
    answer = await follow(request, key, "file", name=name, lang=lang)
    return Response(answer.body, media_type=MEDIA[name], headers=attachment(f"{key[:8]}-{name}"))


def attachment(name: str) -> dict[str, str]:
    """The headers of a file to keep; a name of other letters is given as RFC 5987 has it."""
    plain = name.encode("ascii", "ignore").decode().replace('"', "").replace("\\", "").strip() or "file"
    plain = "".join(letter for letter in plain if letter.isprintable())
    return {"content-disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"}
