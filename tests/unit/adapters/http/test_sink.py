"""A body that a sink wants is given to it as it comes, and is then not in the reply."""

from __future__ import annotations

import gzip
from collections.abc import Mapping

import pytest

from adapters.http import HttpClient, Limits
from adapters.simulator import Book, SimulatedAnswer, Simulator
from tests.fakes.stand import Taker, get, raw_server

BODY = b"isi berkas " * 50_000


class Collecting:
    """Wants the bodies of successes; `error` is raised at the first piece."""

    def __init__(self, error: Exception | None = None) -> None:
        self.pieces: list[bytes] = []
        self._error = error

    def wants(self, status: int, headers: Mapping[str, str]) -> bool:
        return status == 200 and "x-refused" not in headers

    async def take(self, piece: bytes) -> None:
        if self._error:
            raise self._error
        self.pieces.append(piece)


async def answered(
    answer: SimulatedAnswer, sink: Collecting, limits: Limits | None = None
) -> tuple[int, bytes, bool, bytes]:
    simulator = Simulator(Taker(answer), book=Book())
    await simulator.start()
    client = HttpClient(limits or Limits(reply_bytes=len(BODY)), allow_private=frozenset({"127.0.0.1"}))
    try:
        reply = await client.send(get(simulator.url), sink)
        return reply.status, reply.body, reply.truncated, b"".join(sink.pieces)
    finally:
        await client.aclose()
        await simulator.stop()


@pytest.mark.parametrize(("coding", "packed"), [("identity", BODY), ("gzip", gzip.compress(BODY))])
async def test_a_wanted_body_comes_in_pieces(coding: str, packed: bytes) -> None:
    sink = Collecting()
    assert await answered(SimulatedAnswer(200, {"content-encoding": coding}, packed), sink) == (200, b"", False, BODY)
    assert len(sink.pieces) > 1


@pytest.mark.parametrize("answer", [SimulatedAnswer(404, {}, b"x"), SimulatedAnswer(200, {"x-refused": "1"}, b"x")])
async def test_a_body_that_it_does_not_want_is_in_the_reply(answer: SimulatedAnswer) -> None:
    assert await answered(answer, Collecting()) == (answer.status, b"x", False, b"")


async def test_more_than_the_limit_is_never_given_nor_taken_for_whole() -> None:
    status, body, truncated, given = await answered(
        SimulatedAnswer(200, {}, BODY), Collecting(), Limits(reply_bytes=100_000)
    )
    assert (status, body, truncated, len(given) <= 100_000) == (200, b"", True, True)


async def test_what_breaks_off_is_truncated() -> None:
    server, url, _ = await raw_server(b"HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\nseparuh")
    sink, client = Collecting(), HttpClient(Limits(), allow_private=frozenset({"127.0.0.1"}))
    reply = await client.send(get(url), sink)
    server.close()
    await client.aclose()
    assert (reply.status, reply.truncated, b"".join(sink.pieces)) == (200, True, b"separuh")


async def test_what_the_sink_raises_passes_through() -> None:
    with pytest.raises(LookupError):
        await answered(SimulatedAnswer(200, {}, BODY), Collecting(LookupError()))
