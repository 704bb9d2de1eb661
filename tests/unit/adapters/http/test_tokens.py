"""OAuth 2 tokens: fetched once for everybody, renewed early, and never a reason to refuse."""

from __future__ import annotations

import asyncio
import base64
import json
from typing import Any
from urllib.parse import parse_qsl

import pytest

from adapters.contract import Call, Fault, Reply
from adapters.http.auth_options import OAuth2
from adapters.http.tokens import TokenSource, token_call

URL = "https://sso.example/token"


class Endpoint:
    """A token endpoint in memory, with a clock that is moved by hand."""

    def __init__(self, *answers: Reply) -> None:
        self.calls: list[Call] = []
        self.answers = list(answers)
        self.now = 1000.0
        self.asked = asyncio.Event()
        self.open = asyncio.Event()
        self.open.set()

    async def send(self, call: Call) -> Reply:
        self.calls.append(call)
        self.asked.set()
        await self.open.wait()
        return self.answers.pop(0)

    def source(self, chance: float = 1.0, **options: Any) -> TokenSource:
        known = OAuth2.model_validate({"token_url": URL, "client_id": "gateway"} | options)
        return TokenSource(known, URL, "rahasia", self.send, clock=lambda: self.now, chance=lambda: chance)


def a_token(value: str, expires_in: object = 300, **more: Any) -> Reply:
    told = {"access_token": value, "token_type": "bearer", "expires_in": expires_in} | more
    return Reply(200, body=json.dumps(told).encode())


async def test_a_token_is_kept_until_shortly_before_its_end() -> None:
    endpoint = Endpoint(a_token("satu"), a_token("dua"))
    source = endpoint.source()
    seen = []
    for now in (1000.0, 1239.9, 1240.0):
        endpoint.now = now
        seen.append(await source.current())
    assert seen == ["satu", "satu", "dua"]


async def test_how_early_it_is_renewed_is_left_to_chance() -> None:
    endpoint = Endpoint(a_token("satu"), a_token("dua"))
    source = endpoint.source(chance=0.0)
    await source.current()
    endpoint.now = 1269.9
    assert await source.current() == "satu"
    endpoint.now = 1270.0
    assert await source.current() == "dua"


@pytest.mark.parametrize(
    ("told", "holds"), [("120", 120), (None, 300), (True, 300), (-5, 300), ("x", 300), (90.5, 90.5)]
)
async def test_a_lifetime_that_cannot_be_read_is_that_of_the_entry(told: object, holds: float) -> None:
    endpoint = Endpoint(a_token("satu", told), Reply(503), a_token("dua"))
    source = endpoint.source()
    await source.current()
    endpoint.now = 1000.0 + holds - 1
    assert await source.current() == "satu"
    endpoint.now += 1
    assert await source.current() == "dua"


async def test_everybody_who_waits_shares_one_fetch() -> None:
    endpoint = Endpoint(a_token("satu"))
    endpoint.open.clear()
    source = endpoint.source()
    waiting = [asyncio.create_task(source.current()) for _ in range(20)]
    await endpoint.asked.wait()
    endpoint.open.set()
    assert await asyncio.gather(*waiting) == ["satu"] * 20
    assert len(endpoint.calls) == 1


async def test_everybody_who_waits_shares_a_failure_too() -> None:
    endpoint = Endpoint(Reply(fault=Fault("read_timeout", sent=True)))
    endpoint.open.clear()
    source = endpoint.source()
    waiting = [asyncio.create_task(source.current()) for _ in range(20)]
    await endpoint.asked.wait()
    endpoint.open.set()
    assert set(await asyncio.gather(*waiting)) == {Fault("token_unreachable", sent=False)}
    assert len(endpoint.calls) == 1


async def test_whoever_leaves_while_fetching_takes_nobody_along() -> None:
    endpoint = Endpoint(a_token("satu"), a_token("dua"))
    endpoint.open.clear()
    source = endpoint.source()
    first, second = (asyncio.create_task(source.current()) for _ in range(2))
    await endpoint.asked.wait()
    first.cancel()
    endpoint.open.set()
    assert await second == "satu"


async def test_a_token_that_still_holds_is_used_when_no_new_one_can_be_had() -> None:
    down = Reply(503)
    endpoint = Endpoint(a_token("satu"), down, down, a_token("dua"))
    source = endpoint.source()
    await source.current()
    seen = []
    for now in (1250.0, 1254.0, 1300.0, 1301.0):
        endpoint.now = now
        seen.append(await source.current())
    assert seen == ["satu", "satu", Fault("token_http_503", sent=False), "dua"]


async def test_a_refused_token_is_replaced_once_for_all_whom_it_was_refused() -> None:
    endpoint = Endpoint(a_token("satu"), a_token("dua"))
    source = endpoint.source()
    await source.current()
    assert [await source.instead_of("satu") for _ in range(3)] == ["dua", "dua", "dua"]
    assert len(endpoint.calls) == 2


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Reply(fault=Fault("dns_failed", sent=False)), "token_unreachable"),
        (Reply(fault=Fault("read_timeout", sent=True)), "token_unreachable"),
        (Reply(400, body=b'{"error":"invalid_client"}'), "token_http_400"),
        (Reply(302), "token_http_302"),
        (Reply(200, body=b"<html>"), "token_unreadable"),
        (Reply(200, body=b"[]"), "token_unreadable"),
        (a_token(""), "token_unreadable"),
        (a_token("dua kata"), "token_unreadable"),
        (a_token("satu\r\nX-Evil: 1"), "token_unreadable"),
        (a_token("satu", token_type="mac"), "token_unreadable"),
    ],
)
async def test_without_a_token_surely_nothing_was_sent(answer: Reply, reason: str) -> None:
    assert await Endpoint(answer).source().current() == Fault(reason, sent=False)


def test_the_client_proves_itself_in_the_header_with_both_parts_encoded() -> None:
    call = token_call(OAuth2(token_url=URL, client_id="klien:satu", scope="a b"), URL, "rahasia/ï")
    pair = base64.b64decode(dict(call.headers)["authorization"].removeprefix("Basic ")).decode()
    assert (pair, dict(parse_qsl(call.body.decode()))) == (
        "klien%3Asatu:rahasia%2F%C3%AF",
        {"grant_type": "client_credentials", "scope": "a b"},
    )


def test_or_in_the_body() -> None:
    options = OAuth2(token_url=URL, client_id="klien", client_authentication="post", audience="https://a.example")
    call = token_call(options, URL, "rahasia")
    assert "authorization" not in dict(call.headers)
    assert dict(parse_qsl(call.body.decode())) == {
        "grant_type": "client_credentials",
        "audience": "https://a.example",
        "client_id": "klien",
        "client_secret": "rahasia",
    }
