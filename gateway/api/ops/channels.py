"""Channels: what comes through each, and the keys that open them."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from datetime import timedelta

from fastapi import APIRouter, Request
from starlette.responses import Response

from gateway.api.ops.asked import answer, asked, published
from gateway.api.state import face_of
from gateway.channels import ENTROPY_BYTES, make_key
from gateway.ledger.activity import not_understood_since, reports_since
from gateway.ledger.channels import add_credential, list_channels, list_credentials, load_channel, revoke_credential
from gateway.operations.rows import channel_row, credential_row
from gateway.roles import Permission
from schemas.errors import Invalid, NotFound

router = APIRouter(prefix="/v1/ops/channels", tags=["operations"])

_DAY = timedelta(days=1)
_ROW = ("name", "kind", "keys", "created_at", "closed_at", "last_day", "not_understood", "refused", "credentials")


@router.get("", summary="List channels", **published("By name", *_ROW, rows=True))
async def get_channels(request: Request) -> Response:
    """Each with its keys by their public half, what came in the last day by verdict, and what was not understood.

    `refused` counts, by reason, what this process turned away since it began.
    """
    one = await asked(request, Permission.LOOK)
    keys = await one.ledger.read(list_credentials)
    valid = Counter(key.channel for key in keys if key.revoked_at is None)
    came: dict[str, dict[str, int]] = defaultdict(dict)
    for (channel, verdict), count in (await one.ledger.read(reports_since, one.now - _DAY)).items():
        came[channel][verdict] = count
    unread, refused = (
        await one.ledger.read(not_understood_since, one.now - _DAY),
        face_of(request).metrics.turned_away(),
    )
    rows = [
        channel_row(row, valid[row.name])
        | {
            "last_day": came[row.name],
            "not_understood": unread.get(row.name, 0),
            "refused": {reason: count for (channel, reason), count in refused.items() if channel == row.name},
            "credentials": [credential_row(key) for key in keys if key.channel == row.name],
        }
        for row in await one.ledger.read(list_channels)
    ]
    return answer({"rows": rows, "next": None})


@router.post(
    "/{name}/keys", summary="Make a key for a channel", **published("Shown once", "id", "key", problems=("404", "422"))
)
async def post_key(request: Request, name: str) -> Response:
    """Another key, shown this one time. The others stay valid until they are revoked."""
    one = await asked(request, Permission.SET_UP)
    channel = await one.ledger.read(load_channel, name)
    if channel is None:
        raise NotFound(f"there is no channel {name}")
    if channel.sealed_secrets is not None or channel.closed_at is not None:
        raise Invalid("this channel is closed, or proves itself by its vendor's secret: it has no keys")
    row, key = make_key(name, os.urandom(ENTROPY_BYTES), one.now)
    await one.ledger.write(add_credential, row, one.actor)
    return answer({"id": row.id, "key": key})


@router.post("/keys/{key}/revoke", summary="Revoke a channel's key", **published("Done", "changed"))
async def post_revoke(request: Request, key: str) -> Response:
    """Requests with it are refused, after two seconds at the latest."""
    one = await asked(request, Permission.SET_UP)
    return answer({"changed": await one.ledger.write(revoke_credential, key, one.actor, one.now)})
