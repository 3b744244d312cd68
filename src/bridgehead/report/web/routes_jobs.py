"""Jobs: begin, watch, cancel, resume, and take the results."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import ValidationError

from bridgehead.report.web.asked import JobAsked
from bridgehead.report.web.engine.reading import parsed
from bridgehead.report.web.jobs import ENDED, Job, Jobs, TooMany
from bridgehead.report.web.kinds import KINDS
from bridgehead.report.web.routes_regions import JSON, described, ready
from bridgehead.report.web.routes_results import ask, attachment, body_of, plan_of
from bridgehead.report.web.saved import JobList, JobView, KindList
from bridgehead.report.web.views import Problem

router = APIRouter(tags=["jobs"])
PROBLEMS = {404: {"model": Problem}, 409: {"model": Problem}, 422: {"model": Problem}, 429: {"model": Problem}}


def jobs_of(request: Request) -> Jobs:
    """The server's jobs."""
    return request.app.state.services.jobs


Board = Annotated[Jobs, Depends(jobs_of)]


async def own_job(request: Request, board: Board, id: int) -> dict[str, Any]:
    """A job that the session's user began; others' are not there. Where nobody is asked who they are, everybody is one user."""
    row = next((job.row for job in board.under_way() if job.row["id"] == id), None) or await run_in_threadpool(board.find, id)
    if row is None or row["who"] != request.state.session.user:
        raise HTTPException(404, {"error": f"there is no job {id}", "code": "job"})
    return row


Own = Annotated[dict[str, Any], Depends(own_job)]


def view_of(board: Jobs, row: dict[str, Any]) -> dict[str, Any]:
    """A job as it is shown."""
    job = next((job for job in board.under_way() if job.row["id"] == row["id"]), None)
    error = json.loads(row["error"]) if row["error"] else {}
    kind = KINDS.get(row["kind"])
    keys = ("id", "kind", "region", "name", "state", "who", "created")
    return {
        **{key: row[key] for key in keys}, **_progress(row, job), "options": json.loads(row["options"]),
        "position": board.waiting.index(job) if job in board.waiting else None, "error": error.get("error"),
        "faults": error.get("faults", []), "mine": True,
        "resumable": bool(kind and kind.resumable) and row["state"] in ("interrupted", "cancelled", "failed"),
    }  # fmt: skip


def _progress(row: dict[str, Any], job: Job | None) -> dict[str, Any]:
    if job is None:
        return {key: row[key] for key in ("done", "total", "label", "seconds")} | {"seconds_left": None}
    left = {"seconds": job.seconds, "seconds_left": job.seconds_left}
    return {"done": job.done, "total": job.total, "label": job.label, **left}


@router.get("/api/jobs/kinds", response_model=KindList)
async def kinds() -> dict[str, Any]:
    """What this server can do, and what can be set about it."""
    return {"kinds": [kind.as_dict(id) for id, kind in KINDS.items()]}


@router.post("/api/jobs", response_model=JobView, status_code=201, responses=PROBLEMS)
async def begin(request: Request, board: Board, asked: JobAsked) -> dict[str, Any]:
    """Queue a job."""
    if asked.kind not in KINDS:
        raise HTTPException(422, {"error": f"there is no job '{asked.kind}'; known are: {', '.join(KINDS)}", "code": "kind"})
    try:
        options = KINDS[asked.kind].options.model_validate(asked.options).model_dump(by_alias=True)
    except ValidationError as error:
        faults = [
            {"cause": e["msg"].removeprefix("Value error, "), "place": ".".join(map(str, e["loc"])), "expected": "", "cure": ""}
            for e in error.errors()
        ]
        raise HTTPException(422, {"error": "the options cannot be used", "faults": faults}) from error
    entry = await ready(await described(request, asked.region))
    plan = await plan_of(request, entry, asked)
    text = json.loads(body_of(await ask(request, entry, "check", plan)))["text"]
    session = request.state.session
    try:
        row = await board.submit(asked.kind, entry.id, parsed(text)["name"], text, options, session.user, session.queue)
    except TooMany as error:
        raise HTTPException(
            429, {"error": f"you have {board.most} jobs under way already", "code": "jobs"}, {"retry-after": "10"}
        ) from error
    return view_of(board, row)


@router.get("/api/jobs", response_model=JobList)
async def all_jobs(request: Request, board: Board) -> dict[str, Any]:
    """One's own jobs, the newest first."""
    rows = await run_in_threadpool(board.all, request.state.session.user)
    return {"jobs": [view_of(board, row) for row in rows]}


@router.get("/api/jobs/{id}", response_model=JobView, responses=PROBLEMS)
async def job(board: Board, row: Own) -> dict[str, Any]:
    """How far a job is."""
    return view_of(board, row)


@router.delete("/api/jobs/{id}", status_code=204, responses=PROBLEMS)
async def stop(board: Board, row: Own) -> None:
    """Cancel a job that waits or runs; forget one that has ended."""
    if row["state"] in ENDED:
        await run_in_threadpool(board.forget, row["id"])
    else:
        await board.cancel(row["id"])


@router.post("/api/jobs/{id}/resume", response_model=JobView, responses=PROBLEMS)
async def resume(board: Board, row: Own) -> dict[str, Any]:
    """Let a job go on where it was interrupted."""
    if not view_of(board, row)["resumable"]:
        raise HTTPException(409, {"error": f"a job that is {row['state']} cannot be resumed", "code": "state"})
    await ready(await described_of(board, row))
    return view_of(board, await board.resume(row))


async def described_of(board: Jobs, row: dict[str, Any]) -> Any:
    """The region of a job, open."""
    if row["region"] not in board.regions.entries:
        raise HTTPException(404, {"error": f"there is no region '{row['region']}' any more", "code": "region"})
    entry = board.regions.open(row["region"])
    await entry.described.wait()
    return entry


@router.get("/api/jobs/{id}/result", responses=PROBLEMS)
async def result(board: Board, row: Own) -> Response:
    """What a job found."""
    body = await run_in_threadpool(board.body, row["id"], "result")
    if body is None:
        raise HTTPException(409, {"error": f"the job is {row['state']} and has no result", "code": "state"})
    return Response(body, media_type=JSON)


@router.get("/api/jobs/{id}/files/{name}", responses=PROBLEMS)
async def file(board: Board, row: Own, name: str) -> Response:
    """A file that a job wrote: report.html, or everything as files.zip."""
    body = await run_in_threadpool(board.body, row["id"], name) if name != "result" else None
    if body is None:
        raise HTTPException(404, {"error": f"the job has no file '{name}'", "code": "file"})
    return Response(body, media_type="application/octet-stream", headers=attachment(name))
