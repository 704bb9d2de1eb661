"""What keeps a request from being sent at all: no connection, no name, no web address, an address inside."""

from __future__ import annotations

import asyncio
import socket

import pytest

from adapters.contract import Fault
from adapters.http import HttpClient, Limits
from adapters.simulator import FaultRule
from tests.fakes.stand import Stand, get
from tests.unit.adapters.http.conftest import LOCAL


async def test_a_full_backlog_is_a_connect_timeout_and_nothing_was_sent() -> None:
    client = HttpClient(Limits(connect=0.3, total=5.0), allow_private=LOCAL)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        filling = [socket.socket() for _ in range(2)]
        for each in filling:
            each.setblocking(False)
            each.connect_ex(listener.getsockname())
        reply = await client.send(get(f"http://127.0.0.1:{listener.getsockname()[1]}/"))
        for each in filling:
            each.close()
    await client.aclose()

    assert Fault("connect_timeout", sent=False) == reply.fault


async def test_waiting_for_a_free_connection_ends_without_sending(stand: Stand) -> None:
    client = HttpClient(Limits(connect=0.2, read=2.0, total=2.0, connections=1), allow_private=LOCAL)
    await stand.simulator.set_faults([FaultRule("stall_after")])
    first = asyncio.create_task(client.send(stand.call()))
    await stand.app.took.wait()
    second = await client.send(stand.call())
    await first
    await client.aclose()

    assert Fault("connect_timeout", sent=False) == second.fault
    assert len(stand.app.seen) == 1


async def test_a_name_that_does_not_resolve_was_not_sent_to(
    client: HttpClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nowhere(*_: object, **__: object) -> list[object]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nowhere)

    reply = await client.send(get("http://lapor.contoh.go.id/"))

    assert Fault("dns_failed", sent=False) == reply.fault


@pytest.mark.parametrize(
    "url", ["ftp://contoh.go.id/", "contoh.go.id", "http://", "http://[::1", "file:///etc/hosts", ""]
)
async def test_what_is_no_web_address_is_not_sent(client: HttpClient, url: str) -> None:
    assert Fault("bad_url", sent=False) == (await client.send(get(url))).fault


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.1", "2130706433", "0x7f.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "10.1.2.3", "0.0.0.0"],
)
async def test_inside_addresses_are_refused_however_they_are_written(stand: Stand, host: str) -> None:
    client = HttpClient(Limits())
    port = stand.port
    reply = await client.send(get(f"http://{host}:{port}/"))
    await client.aclose()

    assert reply.fault in (Fault("address_blocked", sent=False), Fault("bad_url", sent=False))
    assert stand.simulator.connections == 0


@pytest.mark.parametrize("allowed", ["lapor.contoh.go.id", "LAPOR.contoh.go.id.", "127.0.0.1"])
async def test_an_inside_address_can_be_allowed_by_its_name_or_itself(
    stand: Stand, monkeypatch: pytest.MonkeyPatch, allowed: str
) -> None:
    _resolve_to(monkeypatch, "127.0.0.1")
    client = HttpClient(Limits(), allow_private=frozenset({allowed}))
    port = stand.port
    reply = await client.send(get(f"http://lapor.contoh.go.id:{port}/"))
    await client.aclose()

    assert reply.status == 200


async def test_a_name_that_leads_inside_is_refused(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    _resolve_to(monkeypatch, "127.0.0.1")
    client = HttpClient(Limits(), allow_private=frozenset({"lain.contoh.go.id"}))
    port = stand.port
    reply = await client.send(get(f"http://lapor.contoh.go.id:{port}/"))
    await client.aclose()

    assert Fault("address_blocked", sent=False) == reply.fault
    assert stand.simulator.connections == 0


def _resolve_to(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    def resolve(_host: str, port: int, **_: object) -> list[object]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
