"""Every address of operations, in one place."""

from __future__ import annotations

from fastapi import APIRouter

from gateway.api.ops import alerts, channels, destinations, handoffs, log, people, reports, review, watching

router = APIRouter()
for _part in (watching, alerts, log, handoffs, reports, review, destinations, channels, people):
    router.include_router(_part.router)
