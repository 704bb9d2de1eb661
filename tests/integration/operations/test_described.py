"""Every address answers as the published document says, whatever it is asked within its own description."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from gateway.ledger.user_keys import add_user_key
from gateway.ledger.users import UserRow, add_user
from gateway.roles import Role
from gateway.user_access import make_user_key
from tests.integration.backends import EMBEDDED, backend
from tests.integration.installation import Installation, installation

LONG = os.environ.get("SP4N_TEST_LONG") == "1"
EACH = 30 if LONG else 1
DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "openapi.json"
CHECKS: list[Any] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
OF_OPERATORS = ("/v1/ops", "/v1/review")
Ask = Callable[[Case], httpx.Response]


async def an_operator(it: Installation) -> str:
    """The key of somebody who may do everything."""
    now = it.gateway.clock.now()
    await it.ledger.write(add_user, UserRow("ani", Role.ADMIN, "no password", now, now), "uji")
    row, key = make_user_key("ani", os.urandom(40), now)
    await it.ledger.write(add_user_key, row, "uji")
    return key


async def send(it: Installation, asked: dict[str, Any], what: dict[str, Any]) -> httpx.Response:
    """The answer, with its request read once more: it is shown when the answer is wrong."""
    answer = await it.api.request(asked["method"], asked["url"], headers=asked["headers"], **what)
    await answer.request.aread()
    return answer


def try_all(ask: Ask) -> int:
    """Ask each address as its description allows; the number of addresses."""
    operations = [found.ok() for found in schemathesis.openapi.from_path(DOCUMENT).get_all_operations()]
    for operation in operations:

        @settings(
            max_examples=EACH,
            database=None,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(operation.as_strategy())
        def answered(case: Case) -> None:
            case.validate_response(ask(case), checks=CHECKS)

        answered()
    return len(operations)


@pytest.mark.timeout(3600 if LONG else 300)
async def test_every_address_answers_as_it_is_described(tmp_path: Path) -> None:
    with backend(EMBEDDED, tmp_path) as place:
        async with installation(tmp_path, place) as it:
            operator, loop = await an_operator(it), asyncio.get_running_loop()

            def ask(case: Case) -> httpx.Response:
                key = operator if case.path.startswith(OF_OPERATORS) else it.key
                asked = case.as_transport_kwargs(base_url="http://gateway", headers={"authorization": f"Bearer {key}"})
                body = asked.pop("data", None)
                content = {"content": body} if isinstance(body, bytes | str) else {"data": body}
                given = {name: value for name, value in asked.items() if name in ("json", "files", "params") and value}
                return asyncio.run_coroutine_threadsafe(send(it, asked, content | given), loop).result(60)

            assert await asyncio.to_thread(try_all, ask) >= 70
