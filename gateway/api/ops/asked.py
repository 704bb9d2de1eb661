"""Requests of operations read, their answers written, and both described in the OpenAPI document."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import orjson
from fastapi import Request
from pydantic import ValidationError
from starlette.responses import Response

from gateway.api.bodies import read_body
from gateway.api.operators import OPERATOR_SECURITY, operator_may, problems_of
from gateway.api.state import Ops, face_of
from gateway.ledger import Ledger
from gateway.roles import Permission
from gateway.user_access import Operator
from gateway.vault import Archived, Erased
from schemas.base import Schema
from schemas.errors import Conflict, Invalid

LIMIT = 256 * 1024
"""Bytes of a request's body: a thousand ids and more."""
MOST = 500
"""Rows in one page of a list."""

S = TypeVar("S", bound=Schema)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request of somebody who may make it."""

    request: Request
    operator: Operator
    ledger: Ledger
    ops: Ops
    now: datetime

    @property
    def actor(self) -> str:
        """How the record of actions names who asks."""
        return self.operator.actor

    async def body(self, schema: type[S]) -> S:
        """What was sent. Raises Invalid with place and problem of each field that is wrong, TooLarge."""
        raw = await read_body(self.request, LIMIT)
        try:
            return schema.model_validate_json(raw or b"{}")
        except ValidationError as error:
            raise Invalid("the body does not fit; see `errors`", problems_in(error.errors())) from error


def unreadable(error: Erased) -> Conflict:
    """What to answer when a report's content is asked for that is not here."""
    return Conflict(error.detail if isinstance(error, Archived) else "this report was erased: its key is destroyed")


async def asked(request: Request, permission: Permission) -> Asked:
    """Who asks, if they may. Raises Unauthenticated or Forbidden."""
    operator = await operator_may(request, permission)
    face = face_of(request)
    return Asked(request, operator, face.ledger, face.ops, face.ops.clock.now())


def problems_in(errors: Any) -> list[dict[str, str]]:
    """Place and problem of each error of a validation, without what was sent."""
    return [{"at": ".".join(map(str, one["loc"])), "problem": str(one["msg"])} for one in errors]


def answer(value: object, status: int = 200) -> Response:
    """A JSON answer; ids, times and words of a closed list are spelled as everywhere."""
    return Response(orjson.dumps(value, default=str), status, media_type="application/json")


def page(rows: list[Any], limit: int, cursor: UUID | None) -> dict[str, Any]:
    """A page of a list of which one row more than `limit` was read. `next`: the cursor of the page after it."""
    more = len(rows) > limit
    return {"rows": rows[:limit], "next": str(cursor) if more and cursor else None}


def published(
    said: str, *names: str, rows: bool = False, body: type[Schema] | None = None, problems: tuple[str, ...] = ()
) -> dict[str, Any]:
    """What a route's decorator is told for the OpenAPI document.

    `names` are the fields of the answer, or with `rows` those of each row of a page.
    """
    shown: dict[str, Any] = {"type": "object", "properties": {name: {} for name in names}}
    if rows:
        cursor = {"type": ["string", "null"], "description": "The cursor of the next page; null after the last"}
        shown = {"type": "object", "properties": {"rows": {"type": "array", "items": shown}, "next": cursor}}
    extra: dict[str, Any] = {"security": OPERATOR_SECURITY}
    if body is not None:
        content = {"application/json": {"schema": _in_one_piece(body)}}
        extra["requestBody"] = {"required": True, "content": content}
        problems = (*problems, "413", "422")
    responses: dict[str, Any] = {"200": {"description": said, "content": {"application/json": {"schema": shown}}}}
    return {"responses": responses | problems_of("422", *problems), "openapi_extra": extra}


def _in_one_piece(body: type[Schema]) -> dict[str, Any]:
    """The schema of a body with its parts where they are named: in the whole document no name would find them."""
    whole = body.model_json_schema()
    parts = whole.pop("$defs", {})

    def filled(value: Any) -> Any:
        if isinstance(value, dict):
            named = parts.get(str(value.get("$ref")).removeprefix("#/$defs/"))
            return (
                filled({**{key: one for key, one in value.items() if key != "$ref"}, **named})
                if named
                else {key: filled(one) for key, one in value.items()}
            )
        return [filled(one) for one in value] if isinstance(value, list) else value

    made: dict[str, Any] = filled(whole)
    return made
