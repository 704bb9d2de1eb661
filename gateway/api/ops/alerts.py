"""Alerts: what is wrong and what was; the webhooks that are told."""

from __future__ import annotations

from typing import Annotated

import orjson
from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from gateway.api.ops.asked import MOST, answer, asked, published
from gateway.hooks import deliver, trial_event
from gateway.ledger.alert_hooks import add_hook, drop_hook, list_hooks
from gateway.ledger.alerts import list_alerts
from gateway.operations.hooks import make_hook
from gateway.operations.rows import alert_row, hook_row
from gateway.roles import Permission
from schemas.base import Schema
from schemas.errors import NotFound
from schemas.ids import new_id

router = APIRouter(prefix="/v1/ops/alerts", tags=["operations"])

_ROW = ("id", "kind", "subject", "state", "grave", "since", "raised_at", "cleared_at", "title", "meaning", "todo")
_HOOK = ("name", "url", "private", "created_at")


class NewHook(Schema):
    """A webhook. Without a secret one is made; `private`: the host may be an inside address, and http."""

    url: str = Field(max_length=2000)
    name: str | None = Field(None, max_length=63)
    secret: str | None = Field(None, max_length=120)
    private: bool = False


@router.get("", summary="What is wrong now", **published("Newest first", *_ROW, rows=True))
async def get_alerts(
    request: Request,
    every: Annotated[bool, Query(alias="all", description="Those too that are over")] = False,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
) -> Response:
    """Each with what it means and what to do, in Indonesian and English."""
    one = await asked(request, Permission.LOOK)
    rows = await one.ledger.read(list_alerts, raised=not every, limit=limit)
    return answer({"rows": [alert_row(row) for row in rows], "next": None})


@router.get("/hooks", summary="Who is told", **published("By name", *_HOOK, rows=True))
async def get_hooks(request: Request) -> Response:
    """The webhooks of alerts, without their secrets."""
    one = await asked(request, Permission.SET_UP)
    return answer({"rows": [hook_row(hook) for hook in await one.ledger.read(list_hooks)], "next": None})


@router.post(
    "/hooks", summary="Tell a webhook of alerts", **published("The secret, once", *_HOOK, "secret", body=NewHook)
)
async def post_hook(request: Request) -> Response:
    """Every alert that is raised or cleared is posted there, signed as Standard Webhooks says, and tried again."""
    one = await asked(request, Permission.SET_UP)
    new = await one.body(NewHook)
    hook, secret = make_hook(one.ops.vault, new.name, new.url, new.secret, one.now, private=new.private)
    await one.ledger.write(add_hook, hook, one.actor)
    return answer(hook_row(hook) | {"secret": secret})


@router.post("/hooks/{name}/drop", summary="Tell it nothing more", **published("Done", problems=("404",)))
async def post_drop(request: Request, name: str) -> Response:
    """What it was still owed is forgotten."""
    one = await asked(request, Permission.SET_UP)
    if not await one.ledger.write(drop_hook, name, one.actor, one.now):
        raise NotFound(f"there is no hook {name}")
    return answer({})


@router.post(
    "/hooks/{name}/test",
    summary="Try it out",
    **published("`problem` is null when it took it", "problem", problems=("404",)),
)
async def post_test(request: Request, name: str) -> Response:
    """Send a test event now."""
    one = await asked(request, Permission.SET_UP)
    hook = next((each for each in await one.ledger.read(list_hooks) if each.name == name), None)
    if hook is None:
        raise NotFound(f"there is no hook {name}")
    body = orjson.dumps(trial_event(one.now)).decode()
    return answer({"problem": await deliver(one.ops.vault, hook, new_id(one.now), body, one.now)})
