"""What the HTTP face is given to serve: values and functions, wired once at start."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fastapi import Request

from gateway.access_book import AccessBook
from gateway.inbox import Inbox
from gateway.intake import Intake
from gateway.ledger import Ledger
from gateway.metrics import Metrics
from gateway.receipting import Receipting
from gateway.receipts.callbacks import Callbacks
from gateway.receipts.later import Later
from gateway.vault import Vault

Check = Callable[[], Awaitable[str | None]]
"""Answers None when the part is ready, or what is wrong with it."""


@dataclass(frozen=True, slots=True)
class GeoReport:
    """What the Open311 addresses need besides. `stage` is `production` or `test`, as discovery tells it."""

    vault: Vault
    jurisdiction: str | None = None
    contact: str | None = None
    stage: str = "production"


@dataclass(frozen=True)
class Face:
    """Everything that a route may use."""

    intake: Intake
    access: AccessBook
    ledger: Ledger
    metrics: Metrics
    max_body_bytes: int
    public_url: str
    checks: dict[str, Check]
    georeport: GeoReport
    callbacks: Callbacks
    inbox: Inbox
    later: Later
    receipting: Receipting


def face_of(request: Request) -> Face:
    """The face that this request's application serves."""
    face: Face = request.app.state.face
    return face
