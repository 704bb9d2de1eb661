"""Posting reports past the framework answers as it would, and nothing else goes that way."""

from __future__ import annotations

from typing import Any, cast

import httpx
import pytest

from gateway.api import reports
from gateway.api.app import build_api
from gateway.api.state import Face
from schemas.errors import Overloaded, Unauthenticated


class Refusing:
    """Knows nobody."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    async def channel_of(self, authorization: str | None) -> None:
        raise self._error


def client(error: Exception) -> httpx.AsyncClient:
    nothing = cast(Any, None)
    face = Face(nothing, cast(Any, Refusing(error)), nothing, nothing, 1000, "", {}, *[nothing] * 6)
    transport = httpx.ASGITransport(app=build_api(face), raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://dalam:8080")


@pytest.mark.parametrize(
    ("error", "status", "header"),
    [
        (Unauthenticated("send the key"), 401, "www-authenticate"),
        (Overloaded("too many", retry_after=7), 429, "retry-after"),
        (RuntimeError("rahasia"), 500, "content-length"),
    ],
)
async def test_what_goes_wrong_is_a_problem_like_everywhere(error: Exception, status: int, header: str) -> None:
    async with client(error) as api:
        answer = await api.post(reports.POSTED, content=b"{}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert header in answer.headers
    assert answer.json()["status"] == status
    assert "rahasia" not in answer.text


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", reports.POSTED, 405), ("POST", f"{reports.POSTED}x", 404)]
)
async def test_other_methods_and_addresses_are_the_frameworks(method: str, path: str, status: int) -> None:
    async with client(Unauthenticated("send the key")) as api:
        answer = await api.request(method, path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
