"""The simulator's server: it takes what real clients send, in whatever pieces, and can be steered while it runs."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest

from adapters.simulator import Book, FaultRule, Simulator
from tests.fakes.stand import Stand, Taker


async def _told(stand: Stand, *pieces: bytes) -> bytes:
    """Everything that the server says to these bytes until it closes or the client does."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(stand.port))
    for piece in pieces:
        writer.write(piece)
        await writer.drain()
    writer.write_eof()
    told = await reader.read()
    writer.close()
    return told


async def test_a_chunked_request_is_put_together(stand: Stand) -> None:
    head = b"POST /a?x=1&y= HTTP/1.1\r\nHost: h\r\nX-Token: T\r\nTransfer-Encoding: chunked\r\n\r\n"
    await _told(stand, head, b"3\r\nabc\r\n", b"2\r\nde\r\n0\r\n\r\n")

    [request] = stand.app.seen
    assert (request.method, request.path, request.query) == ("POST", "/a", {"x": "1", "y": ""})
    assert (request.headers["x-token"], request.body, request.number) == ("T", b"abcde", 1)


async def test_requests_in_one_piece_are_answered_one_by_one(stand: Stand) -> None:
    one = b"POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{}"
    told = await _told(stand, one + one + one[:30], one[30:])

    assert told.count(b"HTTP/1.1 200 OK") == 3
    assert [request.number for request in stand.app.seen] == [1, 2, 3]


async def test_a_client_that_asks_whether_to_go_on_is_told(stand: Stand) -> None:
    told = await _told(stand, b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n", b"{}")

    assert told.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK")


@pytest.mark.parametrize(
    "request_head",
    [b"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", b"GET / HTTP/1.0\r\n\r\n"],
)
async def test_the_connection_ends_when_the_client_wishes(stand: Stand, request_head: bytes) -> None:
    assert b"connection: close" in await _told(stand, request_head)


async def test_what_is_not_http_is_answered_400(stand: Stand) -> None:
    assert (await _told(stand, b"halo\r\n\r\n")).startswith(b"HTTP/1.1 400 Bad Request")
    assert stand.app.seen == []


async def test_a_request_that_breaks_off_is_seen_but_not_taken(stand: Stand) -> None:
    await _told(stand, b"POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc")

    assert [(seen.path, seen.taken) for seen in stand.simulator.requests] == [("/a", False)]
    assert stand.app.seen == []


@pytest.mark.parametrize(("kind", "taken"), [("status", False), ("status_after", True), ("html", True)])
async def test_what_was_seen_tells_whether_it_was_taken(stand: Stand, kind: str, taken: bool) -> None:
    await stand.simulator.set_faults([FaultRule(kind)])
    async with httpx.AsyncClient() as client:
        await client.post(stand.simulator.url + "/a")

    [seen] = stand.simulator.requests
    assert (seen.number, seen.method, seen.taken, seen.fault) == (1, "POST", taken, kind)


async def test_an_outage_begins_with_the_request_that_it_names_and_ends_when_told(stand: Stand) -> None:
    await stand.simulator.set_faults([FaultRule("refused", request=2)])
    async with httpx.AsyncClient() as client:
        assert (await client.get(stand.simulator.url)).status_code == 200
        with pytest.raises(httpx.ConnectError):
            await client.get(stand.simulator.url)
        await stand.simulator.set_faults([])
        assert (await client.get(stand.simulator.url)).status_code == 200

    assert len(stand.app.seen) == 2


async def test_an_outage_can_end_by_itself() -> None:
    simulator = Simulator(Taker(), book=Book(), faults=[FaultRule("refused", seconds=0.05)])
    await simulator.start()
    async with httpx.AsyncClient() as client, asyncio.timeout(20):
        with pytest.raises(httpx.ConnectError):
            await client.get(simulator.url)
        while True:
            try:
                answer = await client.get(simulator.url)
                break
            except httpx.ConnectError:
                continue
    await simulator.stop()

    assert answer.status_code == 200


async def test_faults_and_books_are_steered_over_http(stand: Stand) -> None:
    control = stand.simulator.url + "/_simulator/"
    async with httpx.AsyncClient() as client:
        told = await client.post(control + "faults", content="status:status=418\n\nhtml:request=2\n")
        assert [rule["kind"] for rule in told.json()["faults"]] == ["status", "html"]
        assert (await client.get(control + "faults")).json() == told.json()
        assert (await client.post(stand.simulator.url + "/a")).status_code == 418
        await client.delete(control + "faults")
        assert (await client.post(stand.simulator.url + "/b")).status_code == 200
        book = (await client.get(control + "book")).json()
        requests = (await client.get(control + "requests")).json()["requests"]

    assert book == {"entries": [{"path": "/b", "bytes": 0}]}
    assert [(seen["path"], seen["taken"]) for seen in requests] == [("/a", False), ("/b", True)]


async def test_a_rule_that_does_not_exist_changes_nothing(stand: Stand) -> None:
    await stand.simulator.set_faults([FaultRule("html", times=0)])
    async with httpx.AsyncClient() as client:
        told = await client.post(stand.simulator.url + "/_simulator/faults", content="no_id\nexplode")
        page = await client.get(stand.simulator.url)

    assert (told.status_code, page.headers["content-type"]) == (422, "text/html; charset=utf-8")
    assert "explode" in told.json()["detail"]


async def test_an_application_may_have_switches_of_its_own(stand: Stand) -> None:
    await stand.simulator.set_faults([FaultRule("html", times=0)])
    async with httpx.AsyncClient() as client:
        told = await client.post(stand.simulator.url + "/_simulator/status", content=b"x")

    assert told.json() == {"id": 7, "pesan": "Laporan diterima dengan baik"}
    assert stand.simulator.requests == []


async def test_a_simulator_started_again_goes_on_with_its_book_and_port(tmp_path: Path) -> None:
    port = 0
    for count in (1, 2):
        simulator = Simulator(Taker(), book=Book(tmp_path / "book.jsonl"))
        port = await simulator.start(port=port)
        async with httpx.AsyncClient() as client:
            await client.post(simulator.url + "/a")
            book = (await client.get(simulator.url + "/_simulator/book")).json()
        await simulator.stop()
        assert len(book["entries"]) == count


async def test_stopping_ends_connections_that_are_held(stand: Stand) -> None:
    await stand.simulator.set_faults([FaultRule("stall_after")])
    async with httpx.AsyncClient() as client:
        held = asyncio.create_task(client.post(stand.simulator.url))
        await stand.app.took.wait()
        await stand.simulator.stop()
        with pytest.raises(httpx.TransportError):
            await held


async def test_it_listens_on_ipv6_too() -> None:
    simulator = Simulator(Taker(), book=Book())
    try:
        await simulator.start("::1")
    except OSError:
        pytest.skip("this machine has no IPv6")
    async with httpx.AsyncClient() as client:
        assert (await client.get(simulator.url)).status_code == 200
    await simulator.stop()
