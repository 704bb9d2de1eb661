"""A mention on Instagram becomes a complaint once its words were had; until then, and after, a person sees it."""

from __future__ import annotations

import hmac
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson

from adapters.channels import CHANNELS
from gateway.arriving import Arriving
from gateway.ledger.set_aside import cancel_parked, list_parked
from gateway.readmitting import Readmission
from tests.fakes.clocks import JumpingClock
from tests.fakes.instagram import COMMENT, POST, InstagramGraph, comment, delivery
from tests.integration.backends import Backend
from tests.integration.installation import Installation, installation, until
from tests.integration.path.test_vendors import FIRST, has_complaints, make_channel

GONE = {"error": {"message": "x", "type": "OAuthException", "code": 100}}
LATER = {"error": {"message": "x", "type": "OAuthException", "code": 4}}


async def mentioned(it: Installation, graph: InstagramGraph) -> None:
    secrets = {"app_secret": "rahasia", "verify_token": "t", "access_token": "t0ken"}
    address = f"http://127.0.0.1:{graph.port}/v25.0"
    await make_channel(it, "instagram", secrets, graph_url=address, private_hosts=["127.0.0.1"])
    await delivered(it)


async def delivered(it: Installation) -> None:
    body = orjson.dumps(delivery(comment_id=COMMENT, media_id=POST))
    signature = "sha256=" + hmac.new(b"rahasia", body, sha256).hexdigest()
    answer = await it.api.post(
        "/v1/channels/instagram/webhook", content=body, headers={"x-hub-signature-256": signature}
    )
    assert answer.status_code == 200


def arriving(it: Installation, ahead: timedelta = timedelta()) -> Arriving:
    one, clock = it.gateway, JumpingClock()
    clock.ahead = ahead
    return Arriving(one.ledger, one.vault, one.access, CHANNELS, clock, one.intake)


async def aside(it: Installation) -> list[Any]:
    return list(await it.ledger.read(list_parked))


async def test_a_mention_becomes_a_complaint_when_its_words_come(tmp_path: Path, place: Backend) -> None:
    async with InstagramGraph((200, comment(FIRST))) as graph, installation(tmp_path, place) as it:
        await mentioned(it, graph)
        await until(lambda: has_complaints(it, 1))
        await delivered(it)
        await arriving(it).fetch_words()
        [complaint] = it.simulators.complaints()
        assert FIRST in complaint["fields"]["content"]
        assert (await aside(it), graph.tokens) == ([], {"Bearer t0ken"})
        [row] = await it.books()
        assert (row.channel, row.accepted) == ("instagram", 1)


async def test_words_that_are_not_there_yet_are_asked_for_again(tmp_path: Path, place: Backend) -> None:
    async with InstagramGraph((400, LATER)) as graph, installation(tmp_path, place) as it:
        await mentioned(it, graph)

        async def was_tried() -> bool:
            return [row.reason[:14] for row in await aside(it)] == ["words_awaited:"]

        await until(was_tried)
        assert [row.reason for row in await aside(it)] == ["words_awaited: Instagram answered 400"]
        await arriving(it).fetch_words()
        assert len(graph.asked) == 1  # not before its time
        graph.says = [(200, comment(FIRST))]
        await arriving(it, timedelta(minutes=10)).fetch_words()
        await until(lambda: has_complaints(it, 1))
        assert await aside(it) == []


async def test_after_76_hours_nobody_asks_any_more(tmp_path: Path, place: Backend) -> None:
    async with InstagramGraph((400, LATER)) as graph, installation(tmp_path, place) as it:
        await mentioned(it, graph)

        async def was_tried() -> bool:
            return [row.reason[:14] for row in await aside(it)] == ["words_awaited:"]

        await until(was_tried)
        for hours, told in ((75, "words_awaited"), (77, "words_not_had"), (150, "words_not_had")):
            await arriving(it, timedelta(hours=hours)).fetch_words()
            assert [row.reason for row in await aside(it)] == [f"{told}: Instagram answered 400"]
        assert len(graph.asked) == 3


async def test_what_a_person_gave_up_is_not_asked_for(tmp_path: Path, place: Backend) -> None:
    async with InstagramGraph((400, LATER)) as graph, installation(tmp_path, place) as it:
        await mentioned(it, graph)

        async def was_tried() -> bool:
            return len(graph.asked) == 1 and [row.reason[:14] for row in await aside(it)] == ["words_awaited:"]

        await until(was_tried)
        [parked] = await aside(it)
        await it.ledger.write(cancel_parked, [parked.id], "sari", "bukan laporan", it.gateway.clock.now())
        await arriving(it, timedelta(hours=1)).fetch_words()
        assert len(graph.asked) == 1


async def test_words_that_are_gone_wait_for_a_person_who_may_have_them_asked_for_again(
    tmp_path: Path, place: Backend
) -> None:
    async with InstagramGraph((400, GONE)) as graph, installation(tmp_path, place) as it:
        await mentioned(it, graph)

        async def given_up() -> bool:
            return [row.reason[:14] for row in await aside(it)] == ["words_not_had:"]

        await until(given_up)
        await arriving(it).fetch_words()
        assert len(graph.asked) == 1
        graph.says = [(200, comment(FIRST))]
        [parked] = await aside(it)
        one = it.gateway
        readmission = Readmission(one.reviewing(), one.access, one.intake.enrolment, CHANNELS, "sari", one.clock.now())
        await readmission.readmit(parked)
        await until(lambda: has_complaints(it, 1))
        assert await aside(it) == []
