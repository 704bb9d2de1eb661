"""Health for machines: alive, ready (and if not, which part), and what is measured."""

from __future__ import annotations

import asyncio

import orjson
from fastapi import APIRouter, Request
from starlette.responses import Response

from gateway.api.state import Check, face_of
from schemas.errors import LedgerUnavailable

router = APIRouter(tags=["health"])
_CHECK_SECONDS = 5.0


@router.get("/healthz", summary="The process is alive")
async def healthz(request: Request) -> Response:
    """200 as long as the event loop turns."""
    return Response(b'{"status":"ok"}', media_type="application/json")


@router.get("/readyz", summary="Every part is ready, or which is not")
async def readyz(request: Request) -> Response:
    """200 when intake can keep reports; 503 with the parts that are not ready and why. What holds sending is told."""
    face = face_of(request)
    looks = {**face.checks, **face.notes}
    answers = await asyncio.gather(*(_answer(check) for check in looks.values()))
    parts = {name: answer or "ok" for name, answer in zip(looks, answers, strict=True)}
    ready = all(parts[name] == "ok" for name in face.checks)
    body = orjson.dumps({"status": "ready" if ready else "not ready", "parts": parts})
    return Response(body, 200 if ready else 503, media_type="application/json")


@router.get("/metrics", summary="Prometheus metrics")
async def metrics(request: Request) -> Response:
    """The metrics of this process in Prometheus' text format."""
    return Response(face_of(request).metrics.exposition(), media_type="text/plain; version=0.0.4; charset=utf-8")


async def _answer(check: Check) -> str | None:
    try:
        async with asyncio.timeout(_CHECK_SECONDS):
            return await check()
    except TimeoutError:
        return f"did not answer within {_CHECK_SECONDS:g} seconds"
    except LedgerUnavailable as error:
        return error.detail
