"""Sessions: who one is, signing in and out."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel

from bridgehead.report.web.accounts import Session, same
from bridgehead.report.web.asked import SignIn
from bridgehead.report.web.guard import COOKIE, Rate, client_of
from bridgehead.report.web.users import sign_in, token_epoch
from bridgehead.report.web.views import Problem
from bridgehead.version import VERSION

router = APIRouter(tags=["session"])


class SessionView(BaseModel):
    """Who the session is of. Its `csrf` goes along with every change as the header X-CSRF-Token."""

    user: str | None
    signed_in: bool
    accounts: bool
    token: bool
    csrf: str
    version: str
    limits: dict[str, Any]


def view_of(request: Request, session: Session) -> dict[str, Any]:
    """What a session is told of itself."""
    services = request.app.state.services
    limits = services.settings.limits
    return {
        "user": session.user, "signed_in": session.user is not None, "accounts": services.people.any(),
        "token": bool(services.settings.token), "csrf": services.seal.csrf(session), "version": VERSION,
        "limits": {"upload_bytes": limits.upload_bytes, "jobs_per_user": limits.jobs_per_user, "link_bytes": limits.link_bytes},
    }  # fmt: skip


def _set(request: Request, response: Response, session: Session) -> dict[str, Any]:
    services = request.app.state.services
    session = services.seal.longer(session)
    response.set_cookie(COOKIE, services.seal.cookie(session), httponly=True, samesite="strict", secure=services.settings.secure, path="/")
    return view_of(request, session)


@router.get("/api/session", response_model=SessionView)
async def session(request: Request, response: Response) -> dict[str, Any]:
    """The session, a new one where there is none: sets the cookie and tells what to send along with changes."""
    return _set(request, response, request.state.session)


@router.post("/api/session", response_model=SessionView, responses={401: {"model": Problem}, 429: {"model": Problem}})
async def enter(request: Request, response: Response, asked: SignIn) -> dict[str, Any]:
    """Sign in with a name and password, or with the server's token."""
    services = request.app.state.services
    rate: Rate = services.sign_ins
    if rate.wait(client_of(request.scope)):
        raise HTTPException(429, {"error": "too many tries: wait a minute", "code": "rate"}, {"retry-after": "60"})
    token = services.settings.token
    if asked.token is not None and token and same(asked.token, token):
        return _set(request, response, services.seal.new("token", epoch=token_epoch(token)))
    if asked.name is not None and asked.password is not None:
        epoch = await run_in_threadpool(sign_in, services.store, asked.name, asked.password)
        if epoch is not None:
            return _set(request, response, services.seal.new(asked.name, epoch=epoch))
    raise HTTPException(401, {"error": "the name and password, or the token, are not right", "code": "password"})


@router.delete("/api/session")
async def leave(request: Request, response: Response) -> dict[str, bool]:
    """Sign out: the cookie is taken back, and the session is over for whoever has a copy of it."""
    services = request.app.state.services
    await run_in_threadpool(services.people.sign_out, request.state.session)
    response.delete_cookie(COOKIE, path="/")
    return {"signed_in": False}
