"""The HTTP client against a server that misbehaves: each fault comes back as what it is."""

from __future__ import annotations

import pytest

from adapters.contract import Fault
from adapters.http import HttpClient, Limits, classify
from adapters.simulator import FaultRule
from schemas.handoff import OutcomeKind
from tests.fakes.stand import Stand, get, raw_server
from tests.unit.adapters.http.conftest import LOCAL

D, R, U = OutcomeKind.DEFERRED, OutcomeKind.REFUSED, OutcomeKind.UNCERTAIN

MISCHIEF = [
    # rule, what the reply says (status, truncated, fault), what that means, whether the destination took it
    (FaultRule("refused"), (0, False, Fault("connect_refused", sent=False)), (D, "connect_refused"), False),
    (FaultRule("reset_before"), (0, False, Fault("connection_reset", sent=True)), (U, "connection_reset"), False),
    (FaultRule("reset_after"), (0, False, Fault("connection_reset", sent=True)), (U, "connection_reset"), True),
    (FaultRule("stall_before"), (0, False, Fault("read_timeout", sent=True)), (U, "read_timeout"), False),
    (FaultRule("stall_after"), (0, False, Fault("read_timeout", sent=True)), (U, "read_timeout"), True),
    (FaultRule("stall_headers"), (0, False, Fault("read_timeout", sent=True)), (U, "read_timeout"), True),
    (FaultRule("stall_body"), (200, True, None), (U, "truncated"), True),
    (FaultRule("trickle"), (200, True, None), (U, "truncated"), True),
    (FaultRule("truncated"), (200, True, None), (U, "truncated"), True),
    (FaultRule("close_mid_headers"), (0, False, Fault("disconnected", sent=True)), (U, "disconnected"), True),
    (FaultRule("enormous"), (200, True, None), (U, "truncated"), True),
    (FaultRule("bomb"), (200, True, None), (U, "truncated"), True),
    (FaultRule("redirect"), (302, False, None), (U, "http_302"), False),
    (FaultRule("redirect", status=307), (307, False, None), (D, "redirect_refused"), False),
    (FaultRule("status"), (503, False, None), (U, "http_503"), False),
    (FaultRule("status", retry_after="5"), (503, False, None), (D, "http_503"), False),
    (FaultRule("status", status=422), (422, False, None), (R, "http_422"), False),
    (FaultRule("status_after"), (500, False, None), (U, "http_500"), True),
    (FaultRule("html"), (200, False, None), None, True),
    (FaultRule("no_id"), (200, False, None), None, True),
    (FaultRule("malformed"), (200, False, None), None, True),
]


@pytest.mark.parametrize("fresh", [False, True], ids=["pooled", "fresh"])
@pytest.mark.parametrize(
    ("rule", "expected", "meaning", "taken"), MISCHIEF, ids=[f"{row[0].kind}-{row[0].status or ''}" for row in MISCHIEF]
)
async def test_each_mischief_comes_back_as_what_it_is(
    stand: Stand,
    quick_client: HttpClient,
    rule: FaultRule,
    expected: tuple[int, bool, Fault | None],
    meaning: tuple[OutcomeKind, str] | None,
    taken: bool,
    fresh: bool,
) -> None:
    await stand.simulator.set_faults([rule])

    reply = await quick_client.send(stand.call(fresh=fresh))

    assert expected == (reply.status, reply.truncated, reply.fault)
    outcome = classify(reply)
    assert meaning == (None if outcome is None else (outcome.kind, outcome.reason))
    assert taken == (len(stand.simulator.book) == 1)
    assert len(reply.body) <= 4096


@pytest.mark.parametrize("rule", [row[0] for row in MISCHIEF], ids=lambda rule: rule.kind)
async def test_not_sent_is_said_only_when_the_destination_saw_no_byte(
    stand: Stand, quick_client: HttpClient, rule: FaultRule
) -> None:
    await stand.simulator.set_faults([rule])

    reply = await quick_client.send(stand.call())

    claims_unsent = reply.fault is not None and not reply.fault.sent
    assert claims_unsent == (stand.simulator.bytes_seen == 0)


async def test_the_client_works_on_after_every_mischief(stand: Stand, quick_client: HttpClient) -> None:
    for rule, *_ in MISCHIEF:
        await stand.simulator.set_faults([rule])
        await quick_client.send(stand.call())
        await stand.simulator.set_faults([])

        assert (await quick_client.send(stand.call())).status == 200, rule.kind


async def test_an_enormous_answer_is_read_to_the_cap_and_no_further(stand: Stand, quick_client: HttpClient) -> None:
    await stand.simulator.set_faults([FaultRule("enormous")])

    assert len((await quick_client.send(stand.call())).body) == 4096


async def test_a_bomb_is_unpacked_to_the_cap_and_no_further(stand: Stand) -> None:
    client = HttpClient(Limits(reply_bytes=100_000), allow_private=LOCAL)
    await stand.simulator.set_faults([FaultRule("bomb")])
    reply = await client.send(stand.call())
    await client.aclose()

    assert (len(reply.body), reply.truncated) == (100_000, True)


async def test_a_status_stands_even_if_the_rest_breaks_off(stand: Stand, quick_client: HttpClient) -> None:
    head = b"HTTP/1.1 422 Unprocessable\r\ncontent-length: 100\r\n\r\n{"
    server, url, _ = await raw_server(head)
    reply = await quick_client.send(get(url))
    server.close()

    assert (reply.status, reply.body, reply.truncated) == (422, b"{", True)
    outcome = classify(reply)
    assert outcome is not None
    assert OutcomeKind.REFUSED is outcome.kind


async def test_what_is_not_http_may_have_been_taken(client: HttpClient) -> None:
    server, url, _ = await raw_server(b"BUKAN HTTP\r\n\r\n")
    reply = await client.send(get(url))
    server.close()

    assert Fault("bad_response", sent=True) == reply.fault


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "POST"])
async def test_a_dead_kept_connection_never_makes_a_second_request(client: HttpClient, method: str) -> None:
    server, url, seen = await raw_server(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")
    await client.send(get(url))
    reply = await client.send(get(url, method))
    server.close()

    assert Fault("disconnected", sent=True) == reply.fault
    assert len(seen) == 2


async def test_redirects_are_never_followed(stand: Stand, client: HttpClient) -> None:
    for status in (301, 302, 303, 307, 308):
        await stand.simulator.set_faults([FaultRule("redirect", status=status)])
        assert status == (await client.send(get(stand.simulator.url))).status

    assert len(stand.simulator.requests) == 5


async def test_a_redirect_to_nonsense_is_still_a_redirect(client: HttpClient) -> None:
    server, url, _ = await raw_server(b"HTTP/1.1 301 Moved\r\nlocation: http://[:::/\r\ncontent-length: 0\r\n\r\n")
    reply = await client.send(get(url))
    server.close()

    assert (reply.status, reply.fault) == (301, None)
