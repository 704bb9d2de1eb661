"""The HTTP client when an exchange goes well: whole requests go out, whole answers come back."""

from __future__ import annotations

import gzip
import warnings
import zlib

import httpx
import pytest
import respx

from adapters.contract import Call
from adapters.http import HttpClient, Limits, classify
from adapters.simulator import Book, SimulatedAnswer, Simulator
from schemas.handoff import OutcomeKind
from tests.fakes.stand import Stand, Taker, get, raw_server


async def test_an_answer_comes_back_whole(stand: Stand, client: HttpClient) -> None:
    reply = await client.send(stand.call())

    assert (200, stand.app.answer.body, False, None) == (reply.status, reply.body, reply.truncated, reply.fault)
    assert reply.headers["content-type"] == "application/json"
    assert classify(reply) is None


async def test_the_request_arrives_as_it_was_built(stand: Stand, client: HttpClient) -> None:
    url = stand.simulator.url + "/pengaduan/1%2F2?halaman=1"
    await client.send(
        Call("POST", url, (("Token", "{abc}"), ("Accept", "application/json")), b'{"judul":"Jalan"}', "k")
    )

    [request] = stand.app.seen
    assert (request.method, request.path, request.query) == ("POST", "/pengaduan/1/2", {"halaman": "1"})
    assert request.body == b'{"judul":"Jalan"}'
    assert tuple(request.headers[name] for name in ("token", "accept", "content-length")) == (
        "{abc}",
        "application/json",
        "17",
    )
    assert request.headers["user-agent"] == "sp4n-gateway"


async def test_a_large_body_arrives_whole_with_its_length_and_without_complaint(
    stand: Stand, client: HttpClient
) -> None:
    body = bytes(range(256)) * 12_000
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        reply = await client.send(stand.call(body=body))

    [request] = stand.app.seen
    assert reply.status == 200
    assert body == request.body
    assert (str(len(body)), None) == (request.headers["content-length"], request.headers.get("transfer-encoding"))
    assert "host" in request.headers


@pytest.mark.parametrize("method", ["GET", "DELETE", "POST"])
async def test_an_empty_body_is_no_body(stand: Stand, client: HttpClient, method: str) -> None:
    await client.send(stand.call(method, body=b""))

    assert stand.app.seen[0].body == b""


async def test_calls_share_a_connection_unless_they_ask_for_one_of_their_own(stand: Stand, client: HttpClient) -> None:
    for _ in range(3):
        await client.send(stand.call())
    assert stand.simulator.connections == 1

    for _ in range(2):
        await client.send(stand.call(fresh=True))
    assert stand.simulator.connections == 3
    assert stand.app.seen[-1].headers["connection"] == "close"


async def test_cookies_are_not_kept(client: HttpClient) -> None:
    app = Taker(SimulatedAnswer(200, {"set-cookie": "sesi=1; Path=/"}, b"{}"))
    simulator = Simulator(app, book=Book())
    await simulator.start()
    for _ in range(2):
        await client.send(get(simulator.url))
    await simulator.stop()

    assert "cookie" not in app.seen[1].headers


async def test_a_proxy_in_the_environment_is_ignored(
    stand: Stand, client: HttpClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")

    assert (await client.send(stand.call())).status == 200


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzip.compress(b"isi balasan", mtime=0)),
        ("GZIP", gzip.compress(b"isi balasan", mtime=0)),
        ("deflate", zlib.compress(b"isi balasan")),
        ("deflate", zlib.compress(b"isi balasan")[2:-4]),
        ("identity", b"isi balasan"),
    ],
)
async def test_packed_answers_are_unpacked(client: HttpClient, coding: str, packed: bytes) -> None:
    simulator = Simulator(Taker(SimulatedAnswer(200, {"content-encoding": coding}, packed)), book=Book())
    await simulator.start()
    reply = await client.send(get(simulator.url))
    await simulator.stop()

    assert (reply.body, reply.truncated) == (b"isi balasan", False)


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("br", b"\x0b\x02\x80abc\x03"),
        ("gzip", b"bukan gzip"),
        ("gzip", gzip.compress(b"isi balasan" * 9, mtime=0)[:-12]),
    ],
)
async def test_what_cannot_be_unpacked_is_not_whole(client: HttpClient, coding: str, packed: bytes) -> None:
    simulator = Simulator(Taker(SimulatedAnswer(200, {"content-encoding": coding}, packed)), book=Book())
    await simulator.start()
    reply = await client.send(get(simulator.url))
    await simulator.stop()

    assert reply.truncated
    outcome = classify(reply)
    assert outcome is not None
    assert (outcome.kind, outcome.reason) == (OutcomeKind.UNCERTAIN, "truncated")


async def test_informational_answers_are_passed_over(client: HttpClient) -> None:
    early = b"HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"
    server, url, _ = await raw_server(early)
    reply = await client.send(get(url))
    server.close()

    assert (reply.status, reply.body, reply.truncated) == (200, b"{}", False)


async def test_another_transport_can_take_the_place_of_the_network() -> None:
    router = respx.Router()
    route = router.post("https://lapor.contoh.go.id/laporan").respond(201, json={"id": 7})
    client = HttpClient(Limits(), transport=httpx.MockTransport(router.async_handler))
    reply = await client.send(Call("POST", "https://lapor.contoh.go.id/laporan", (), b"{}", "k"))

    assert (reply.status, reply.body) == (201, b'{"id":7}')
    assert route.called


@pytest.mark.parametrize(
    "error", [httpx.ConnectTimeout, httpx.ConnectError, httpx.ReadTimeout, httpx.RemoteProtocolError]
)
async def test_an_httpx_error_alone_never_proves_that_nothing_was_sent(error: type[httpx.TransportError]) -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise error("gagal", request=request)

    reply = await HttpClient(Limits(), transport=httpx.MockTransport(fail)).send(get("https://lapor.contoh.go.id/"))

    assert reply.fault is not None
    assert reply.fault.sent
