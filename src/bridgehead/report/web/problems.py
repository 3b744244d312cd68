"""Every error as one kind of answer: what is wrong, a short code, and all faults of the input."""

from __future__ import annotations

import logging
from typing import Any

import sqlalchemy as sa
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from bridgehead.errors import BridgeheadError
from bridgehead.report.web.fair import Crowded, Superseded
from bridgehead.report.web.guard import Refused
from bridgehead.report.web.library import Changed, NotThere
from bridgehead.report.web.routes_library import entry_of

LOG = logging.getLogger("bridgehead.web")


def said(status: int, error: str, code: str = "", faults: list[dict[str, Any]] | None = None, **headers: str) -> JSONResponse:
    """The answer."""
    return JSONResponse({"error": error, "code": code, "faults": faults or []}, status, headers=headers)


def add_problems(app: FastAPI) -> None:
    """Let an application answer with them."""
    for kind, handler in {
        BridgeheadError: _known, RequestValidationError: _malformed, HTTPException: _plain, NotThere: _lost, Changed: _changed,
        Refused: _refused, OverflowError: _unfit, UnicodeError: _unfit, sa.exc.DataError: _unfit,
        Superseded: _superseded, Crowded: _crowded, Exception: _bug,
    }.items():  # fmt: skip
        app.add_exception_handler(kind, handler)


async def _known(_: Request, error: BridgeheadError) -> JSONResponse:
    return said(422, error.message, "", [fault.as_dict() for fault in error.faults])


async def _malformed(_: Request, error: RequestValidationError) -> JSONResponse:
    faults = [
        {"cause": item["msg"].removeprefix("Value error, "), "place": ".".join(map(str, item["loc"])), "expected": "", "cure": ""}
        for item in error.errors()
    ]
    return said(422, "the request is not understood", "request", faults)


async def _plain(request: Request, error: HTTPException) -> JSONResponse:
    if isinstance(error.__cause__, Refused):  # met while the body was read
        return await _refused(request, error.__cause__)
    detail = error.detail if isinstance(error.detail, dict) else {"error": str(error.detail)}
    return JSONResponse({"code": "", "faults": []} | detail, error.status_code, headers=error.headers)


async def _refused(_: Request, error: Refused) -> JSONResponse:
    return said(error.status, error.error, error.code)


async def _unfit(_: Request, __: Exception) -> JSONResponse:
    return said(422, "a number or text of the request is none that can be kept", "request")


async def _lost(_: Request, __: NotThere) -> JSONResponse:
    return said(404, "there is no such entry", "saved")


async def _changed(_: Request, error: Changed) -> JSONResponse:
    return JSONResponse({"error": str(error), "code": "changed", "faults": [], "current": entry_of(error.current)}, 409)


async def _superseded(_: Request, __: Superseded) -> JSONResponse:
    return said(409, "a newer question took this one's place", "superseded")


async def _crowded(_: Request, __: Crowded) -> JSONResponse:
    return said(429, "too many of your questions wait already", "crowded", **{"retry-after": "1"})


async def _bug(_: Request, error: Exception) -> JSONResponse:
    LOG.exception("a request failed", exc_info=error)
    return said(500, f"a fault of Bridgehead, not of the input: {type(error).__name__}", "fault")
