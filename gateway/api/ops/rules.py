"""The rules of routing in force, and other rules tried on the reports in the ledger."""

from __future__ import annotations

from dataclasses import asdict

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from gateway.api.ops.asked import answer, asked, published
from gateway.operations.rows import rule_row
from gateway.operations.trying import outlook
from gateway.roles import Permission
from schemas.base import Schema
from schemas.errors import Invalid, Misconfigured

router = APIRouter(prefix="/v1/ops/rules", tags=["operations"])


class Routes(Schema):
    """`routes:` in YAML, and `directory:` where that changes too."""

    routes: str = Field(max_length=200_000)


@router.get("", summary="The rules of routing in force", **published("In order", "version", "default", "rules"))
async def get_rules(request: Request) -> Response:
    """As the configuration file has them."""
    one = await asked(request, Permission.LOOK)
    rules = one.ops.config.rules
    shown = {"version": rules.version, "default": list(rules.default), "rules": [rule_row(one) for one in rules.rules]}
    return answer(shown)


@router.post("/try", summary="Try other rules", **published("What they would do", "tried", "moved", body=Routes))
async def post_try(request: Request) -> Response:
    """On the reports in the ledger: which would move, be left with nobody, or show their reporter to others."""
    one = await asked(request, Permission.REPAIR)
    try:
        found = await outlook(one.ledger, one.ops.vault, one.ops.config, (await one.body(Routes)).routes)
    except Misconfigured as error:
        raise Invalid(
            "the rules do not fit; see `errors`", [{"at": "routes", "problem": p} for p in error.problems]
        ) from error
    return answer(asdict(found))
