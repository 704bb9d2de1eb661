"""Who may do what by the API: people with keys of their own, in the roles that they have in the console.

A route of operations begins with `operator = await operator_may(request, Permission.REPAIR)` and hands `operator.actor`
to the function of the ledger that does the work, which keeps it in the record of actions. In the OpenAPI document
`operation["security"] = OPERATOR_SECURITY` says so.
"""

from __future__ import annotations

from typing import Any

import orjson
import structlog
from fastapi import APIRouter, Request
from starlette.responses import Response

from gateway.api.state import face_of
from gateway.roles import ALLOWED, Permission
from gateway.user_access import Operator, operator_of

log = structlog.get_logger("gateway.api")
router = APIRouter(tags=["operations"])

OPERATOR_SECURITY: list[dict[str, list[str]]] = [{"operatorKey": []}]
_SCHEME = {"type": "http", "scheme": "bearer", "bearerFormat": "sgk_<id>_<secret>"}
_WHO = {
    "type": "object",
    "required": ["name", "role", "may"],
    "properties": {
        "name": {"type": "string"},
        "role": {"type": "string"},
        "may": {"type": "array", "items": {"enum": [one.value for one in Permission]}},
    },
}


async def operator_may(request: Request, permission: Permission) -> Operator:
    """Whose key the request carries, if their role allows what is asked.

    Raises Unauthenticated (401) for no key, one that is unknown or revoked, or whose user is locked out; Forbidden
    (403) for a role that is not allowed it.
    """
    operator = await operator_of(face_of(request).ledger, request.headers.get("authorization"))
    operator.require(permission)
    log.info("operator.asked", key=operator.key, method=request.method, path=request.url.path)
    return operator


@router.get("/v1/ops/me", summary="Whose key this is, and what it may do")
async def get_me(request: Request) -> Response:
    """The user of the key, their role and what the role allows."""
    operator = await operator_may(request, Permission.LOOK)
    allowed = sorted(one.value for one in ALLOWED[operator.role])
    told = {"name": operator.name, "role": operator.role.value, "may": allowed}
    return Response(orjson.dumps(told), media_type="application/json")


def describe_operators(document: dict[str, Any]) -> None:
    """The scheme of the keys and the address above, in the OpenAPI document."""
    document["components"]["securitySchemes"]["operatorKey"] = _SCHEME
    describe_operation(document["paths"]["/v1/ops/me"]["get"], "Who asks", _WHO)


def describe_operation(operation: dict[str, Any], said: str, schema: dict[str, Any], *problems: str) -> None:
    """Complete an operation that operators may ask for: its key, its answer, the problems besides 401, 403 and 503."""
    operation["security"] = OPERATOR_SECURITY
    answer = {"200": {"description": said, "content": {"application/json": {"schema": schema}}}}
    operation["responses"] = answer | problems_of(*problems)


def problems_of(*statuses: str) -> dict[str, Any]:
    """The answers of these statuses, and of those that every address of operations may give, as problem details."""
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    every = sorted({"401", "403", "503", *statuses})
    return {status: {"description": _PROBLEMS[status], "content": content} for status in every}


_PROBLEMS = {
    "400": "The body is not JSON",
    "401": "No key, one that is unknown or revoked, or whose user is locked out",
    "403": "The role of the user is not allowed this",
    "404": "There is no such thing",
    "409": "It does not fit what is recorded",
    "413": "The body is too large",
    "422": "A field or parameter is missing or wrong",
    "503": "Nothing was changed; try again after `Retry-After` seconds",
}
