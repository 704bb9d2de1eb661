"""Every address of operations, in one place."""

from __future__ import annotations

from fastapi import APIRouter

from gateway.api.ops import (
    alerts,
    channels,
    daily,
    destinations,
    files,
    handoffs,
    log,
    people,
    reports,
    review,
    rules,
    watching,
)

router = APIRouter()
for _part in (watching, alerts, daily, rules, log, handoffs, reports, review, files, destinations, channels, people):
    router.include_router(_part.router)
