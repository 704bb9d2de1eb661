"""What the Python peers share: the tables, the HTTP face that keeps a report, and the settings."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import asyncpg
import orjson
from fastapi import FastAPI, Response
from pydantic import BaseModel

DATABASE_URL = os.environ["DATABASE_URL"]
BROKER_URL = os.environ.get("BROKER_URL", "")
DESTINATIONS = tuple(os.environ["DESTINATION_URLS"].split(","))
TABLES = """
CREATE TABLE IF NOT EXISTS reports (id bigserial PRIMARY KEY, message_id text UNIQUE, body text NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE IF NOT EXISTS attempts (id bigserial PRIMARY KEY, report_id bigint NOT NULL, destination text NOT NULL,
  status int NOT NULL, answer text NOT NULL, ended_at timestamptz NOT NULL DEFAULT now());
"""
KEEP = "INSERT INTO reports (message_id, body) VALUES ($1, $2) RETURNING id"
RECORD = "INSERT INTO attempts (report_id, destination, status, answer) VALUES ($1, $2, $3, $4)"
HEADERS = {"Content-Type": "application/json"}


class Report(BaseModel):
    """What is posted."""

    message_id: str
    title: str
    content: str
    classification: str
    location: dict[str, str | float]
    incident_date: str
    is_anonymous: bool
    is_secret: bool
    reporter: dict[str, str]
    extra: dict[str, str | int]


def face(
    enqueue: Callable[[int, str], Awaitable[None]],
    opened: Callable[[], Awaitable[None]] | None = None,
    closed: Callable[[], Awaitable[None]] | None = None,
) -> FastAPI:
    """An application that commits each report, then gives its hand-offs to the queue, then answers."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.pool = await asyncpg.create_pool(DATABASE_URL, min_size=4, max_size=16)
        if opened:
            await opened()
        yield
        if closed:
            await closed()
        await app.state.pool.close()

    app = FastAPI(lifespan=lifespan)

    @app.post("/reports", status_code=202)
    async def take(report: Report) -> Response:
        body = orjson.dumps(report.model_dump()).decode()
        number = await app.state.pool.fetchval(KEEP, report.message_id, body)
        await enqueue(number, body)
        return Response(b'{"id":%d}' % number, 202, media_type="application/json")

    return app
