"""What the HTTP face is given to serve: values and functions, wired once at start."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from fastapi import Request

from adapters.contract import Destination
from gateway.access_book import AccessBook
from gateway.clock import Clock
from gateway.config import Config
from gateway.inbox import Inbox
from gateway.intake import Intake
from gateway.keyring import KeyRing
from gateway.ledger import Ledger
from gateway.metrics import Metrics
from gateway.operations.checking import Checker
from gateway.receipting import Receipting
from gateway.receipts.callbacks import Callbacks
from gateway.receipts.later import Later
from gateway.settings import Settings
from gateway.spans import Spans
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


def georeport_of(vault: Vault, settings: Settings) -> GeoReport:
    """What they need, as the settings say."""
    stage = "production" if settings.is_production else "test"
    return GeoReport(vault, settings.open311_jurisdiction, settings.contact, stage)


@dataclass(frozen=True)
class Ops:
    """What operations need besides.

    `review_within`: seconds after which what waits for review goes on by itself; 0 never. `learns`: what people decide
    in review is kept to learn from. `hashing` bounds the
    passwords that are worked on at once: each takes 64 MiB.
    """

    vault: Vault
    ring: KeyRing
    config: Config
    clock: Clock
    destinations: Mapping[str, Destination]
    checker: Checker
    review_within: float = 0.0
    learns: bool = False
    hashing: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(2))


@dataclass(frozen=True)
class Face:
    """Everything that a route may use. `checks` say whether it is ready; `notes` are only told beside them."""

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
    ops: Ops
    spans: Spans | None = None
    notes: dict[str, Check] = field(default_factory=dict)


def face_of(request: Request) -> Face:
    """The face that this request's application serves."""
    face: Face = request.app.state.face
    return face
