"""The library of scenarios, and links that reopen a view."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool

from bridgehead.report.web.asked import Change, Copy, LinkAsked, Restore, Saved
from bridgehead.report.web.engine.reading import as_json, parsed
from bridgehead.report.web.library import MOST_TEXT, Library, NotThere
from bridgehead.report.web.routes_regions import described, ready
from bridgehead.report.web.routes_results import ask, attachment, body_of
from bridgehead.report.web.saved import EntryView, HistoryView, LibraryView, LinkMade, LinkView, RevisionView
from bridgehead.report.web.store import Store, links, now
from bridgehead.report.web.views import Problem

router = APIRouter(tags=["library"])
PROBLEMS = {404: {"model": Problem}, 409: {"model": Problem}, 422: {"model": Problem}}


def library_of(request: Request) -> Library:
    """The server's library."""
    return request.app.state.services.library


def who_of(request: Request) -> str:
    """The name under which the session changes things."""
    return request.state.session.user


Shelf = Annotated[Library, Depends(library_of)]
Who = Annotated[str, Depends(who_of)]


def entry_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """A saved scenario as it is shown."""
    keys = ("id", "region", "name", "note", "revision", "owner", "created", "changed", "changed_by")
    content = as_json(row["text"])
    return {key: row[key] for key in keys} | {"name_zh": content.get("name_zh") or row["name"], "scenario": content}


async def text_of(request: Request, region: str, scenario: Mapping[str, Any] | None = None, text: str | None = None) -> str:
    """The text of a scenario that fits a region; all its faults where it does not."""
    entry = await ready(await described(request, region))
    answer = await ask(request, entry, "check", {"scenario": scenario, "text": text})
    return json.loads(body_of(answer))["text"]


def is_same(one: str, other: str) -> bool:
    """Whether two texts say the same, however they are written."""
    first, second = ({"lever": []} | parsed(text) for text in (one, other))
    return first == second


@router.get("/api/scenarios", response_model=LibraryView)
async def saved(shelf: Shelf, region: str | None = None) -> dict[str, Any]:
    """What is saved, the latest change first."""
    rows = await run_in_threadpool(shelf.all, region)
    return {"scenarios": [entry_of(row) for row in rows]}


@router.post("/api/scenarios", response_model=EntryView, status_code=201, responses=PROBLEMS)
async def save(request: Request, shelf: Shelf, who: Who, asked: Saved) -> dict[str, Any]:
    """Save a new scenario."""
    text = await text_of(request, asked.region, asked.scenario)
    return entry_of(await run_in_threadpool(shelf.add, asked.region, text, asked.note, who))


@router.post(
    "/api/scenarios/import", response_model=EntryView, status_code=201, responses=PROBLEMS,
    openapi_extra={"requestBody": {"content": {"application/toml": {"schema": {"type": "string"}}}, "required": True}},
)  # fmt: skip
async def bring(request: Request, shelf: Shelf, who: Who, region: str) -> dict[str, Any]:
    """Save a scenario file as it is; it leaves again byte for byte."""
    body = await request.body()
    if len(body) > MOST_TEXT:
        raise HTTPException(413, {"error": f"a scenario file of more than {MOST_TEXT} bytes is not taken", "code": "size"})
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise HTTPException(422, {"error": "the text cannot be read: save it as UTF-8", "code": "text"}) from error
    text = await text_of(request, region, text=text)
    return entry_of(await run_in_threadpool(shelf.add, region, text, "", who, action="imported"))


@router.get("/api/scenarios/{id}", response_model=EntryView, responses=PROBLEMS)
async def one(shelf: Shelf, id: int) -> dict[str, Any]:
    """A saved scenario."""
    return entry_of(await run_in_threadpool(shelf.find, id))


@router.put("/api/scenarios/{id}", response_model=EntryView, responses=PROBLEMS)
async def change(request: Request, shelf: Shelf, who: Who, id: int, asked: Change) -> dict[str, Any]:
    """Change a scenario, its name or its note; 409 with what it is now where somebody else was quicker."""
    row = await run_in_threadpool(shelf.find, id)
    content, text = asked.scenario, None
    if asked.name is not None:
        content = (content or as_json(row["text"])) | {"name": asked.name}
    if content is not None:
        text = await text_of(request, row["region"], content)
        text = row["text"] if is_same(text, row["text"]) else text
    return entry_of(await run_in_threadpool(shelf.change, id, asked.revision, who, text=text, note=asked.note))


@router.delete("/api/scenarios/{id}", status_code=204, responses=PROBLEMS)
async def delete(shelf: Shelf, who: Who, id: int) -> None:
    """Delete a scenario; its history stays."""
    await run_in_threadpool(shelf.delete, id, who)


@router.post("/api/scenarios/{id}/duplicate", response_model=EntryView, status_code=201, responses=PROBLEMS)
async def duplicate(request: Request, shelf: Shelf, who: Who, id: int, asked: Copy) -> dict[str, Any]:
    """A copy under another name."""
    row = await run_in_threadpool(shelf.find, id)
    content = as_json(row["text"]) | {"name": asked.name or f"{row['name']} (2)"}
    text = await text_of(request, row["region"], content)
    return entry_of(await run_in_threadpool(shelf.add, row["region"], text, row["note"], who, action="duplicated"))


@router.post("/api/scenarios/{id}/restore", response_model=EntryView, responses=PROBLEMS)
async def restore(shelf: Shelf, who: Who, id: int, asked: Restore) -> dict[str, Any]:
    """An earlier revision as the newest, also of a deleted scenario."""
    return entry_of(await run_in_threadpool(shelf.restore, id, asked.revision, who))


@router.get("/api/scenarios/{id}/history", response_model=HistoryView, responses=PROBLEMS)
async def history(shelf: Shelf, id: int) -> dict[str, Any]:
    """Who changed what when."""
    return {"id": id, "history": await run_in_threadpool(shelf.history, id)}


@router.get("/api/scenarios/{id}/revisions/{revision}", response_model=RevisionView, responses=PROBLEMS)
async def revision(shelf: Shelf, id: int, revision: int) -> dict[str, Any]:
    """A scenario as it was."""
    row = await run_in_threadpool(shelf.revision, id, revision)
    keys = ("revision", "at", "who", "action", "name", "note")
    return {"id": id, **{key: row[key] for key in keys}, "scenario": as_json(row["text"]), "text": row["text"]}


@router.get("/api/scenarios/{id}/scenario.toml", responses=PROBLEMS)
async def scenario_file(shelf: Shelf, id: int) -> Response:
    """The scenario as a file for the command line: an imported one byte for byte."""
    row = await run_in_threadpool(shelf.find, id)
    return Response(row["text"].encode(), media_type="application/toml", headers=attachment(f"{row['name']}.toml"))


@router.post("/api/links", response_model=LinkMade, status_code=201, responses=PROBLEMS)
async def link(request: Request, who: Who, asked: LinkAsked) -> dict[str, str]:
    """Keep a view; the link's id reopens it."""
    state = json.dumps(asked.state, ensure_ascii=False, separators=(",", ":"))
    most = request.app.state.services.settings.limits.link_bytes
    if len(state.encode()) > most:
        raise HTTPException(413, {"error": f"a view of more than {most} bytes is not kept", "code": "size"})
    id = secrets.token_urlsafe(9)
    services = request.app.state.services
    await run_in_threadpool(services.runs.keep)  # a link may name a result of this very moment
    await run_in_threadpool(_keep_link, services.store, id, state, who)
    return {"id": id}


def _keep_link(store: Store, id: str, state: str, who: str) -> None:
    with store.change() as connection:
        connection.execute(sa.insert(links).values(id=id, state=state, created=now(), who=who))


@router.get("/api/links/{id}", response_model=LinkView, responses=PROBLEMS)
async def view(request: Request, id: str) -> dict[str, Any]:
    """What a link reopens."""
    return {"state": json.loads(await run_in_threadpool(_find_link, request.app.state.services.store, id))}


def _find_link(store: Store, id: str) -> str:
    with store.read() as connection:
        state = connection.execute(sa.select(links.c.state).where(links.c.id == id)).scalar()
    if state is None:
        raise NotThere
    return state
