"""Channels: how much comes through each, how much of it is turned away, and the keys that open them."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta

from starlette.responses import Response

from gateway.channels import ENTROPY_BYTES, make_key
from gateway.console.visit import Visit
from gateway.ledger.activity import not_understood_since, reports_since
from gateway.ledger.channels import add_credential, list_channels, list_credentials, load_channel, revoke_credential
from schemas.errors import Invalid, NotFound

_DAY = timedelta(days=1)


async def show_channels(visit: Visit) -> Response:
    """All of them with their keys."""
    return await _page(visit, None)


async def take_key(visit: Visit) -> Response:
    """Make another key for a channel and show it, this one time."""
    name = visit.request.path_params["name"]
    channel = await visit.desk.ledger.read(load_channel, name)
    if channel is None:
        raise NotFound(visit.told("error.nothing_here"))
    if channel.sealed_secrets is not None or channel.closed_at is not None:
        raise Invalid(visit.told("channels.no_keys"))
    row, key = make_key(name, os.urandom(ENTROPY_BYTES), visit.now)
    await visit.desk.ledger.write(add_credential, row, visit.actor)
    return await _page(visit, (name, key))


async def take_revoke(visit: Visit) -> Response:
    """Refuse a key from now on."""
    await visit.desk.ledger.write(revoke_credential, visit.request.path_params["key"], visit.actor, visit.now)
    return visit.go("/channels", done="revoked")


async def _page(visit: Visit, made: tuple[str, str] | None) -> Response:
    ledger = visit.desk.ledger
    came: dict[str, dict[str, int]] = defaultdict(dict)
    for (channel, verdict), count in (await ledger.read(reports_since, visit.now - _DAY)).items():
        came[channel][verdict] = count
    accepted: dict[str, int] = defaultdict(int)
    for row in await visit.desk.books.get():
        accepted[row.channel] += row.accepted
    credentials = await ledger.read(list_credentials)
    return visit.page(
        "channels.html",
        here="/channels",
        channels=await ledger.read(list_channels),
        keys={row.channel: [one for one in credentials if one.channel == row.channel] for row in credentials},
        came=came,
        accepted=accepted,
        unread=await ledger.read(not_understood_since, visit.now - _DAY),
        refused=_by_channel(visit.desk.turned_away()),
        made=made,
    )


def _by_channel(counts: Mapping[tuple[str, str], int]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for (channel, reason), count in counts.items():
        if count:
            found[channel][reason] = count
    return found
