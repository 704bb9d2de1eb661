"""A mention names ids only: its words are asked for with the token, which goes to the Graph API and nowhere else."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from adapters.channels.instagram.adapter import ADAPTER
from adapters.channels.instagram.mentions import GraphApi
from adapters.contract import Call, Fault, InboundMessage, InboundRequest, Reply, Unreadable
from schemas.errors import Busy, GatewayError, NotFound
from schemas.report import Attachment
from tests.fakes.instagram import ACCOUNT, COMMENT, POST, InstagramGraph, comment, delivery, post
from tests.fakes.pouring import collected

TEXT = "@dinaskota jembatan gantung di Desa Sukamaju putus sejak Senin"
PICTURE = "https://scontent.cdninstagram.com/v/1.jpg"


def read(document: Any) -> Any:
    [part] = ADAPTER.parse(InboundRequest("POST", "", {}, {}, orjson.dumps(document)))
    return part


def raw_of(**value: str) -> bytes:
    part = read(delivery(**value))
    assert isinstance(part, Unreadable)
    assert part.to_fetch
    return part.raw


async def told(raw: bytes, reply: Reply, token: str = "t0ken", url: str = "https://graph.example/v25.0/") -> Any:
    async def send(call: Call) -> Reply:
        return reply

    return read(orjson.loads(await GraphApi(send, url, token).with_words(raw)))


async def test_a_comments_words_are_asked_for_as_meta_documents_it() -> None:
    async with InstagramGraph((200, comment(TEXT))) as graph:
        options = {"graph_url": f"http://127.0.0.1:{graph.port}/v25.0", "private_hosts": ["127.0.0.1"]}
        raw = await ADAPTER.fetch_words(raw_of(comment_id=COMMENT, media_id=POST), {"access_token": "t0ken"}, options)
    assert graph.tokens == {"Bearer t0ken"}
    assert graph.asked == [f"/v25.0/{ACCOUNT}?fields=mentioned_comment.comment_id({COMMENT}){{id,text,timestamp}}"]
    part = read(orjson.loads(raw))
    assert isinstance(part, InboundMessage)
    assert (part.message_id, part.content, part.reporter) == (COMMENT, TEXT, None)
    assert part.sent_at == datetime(2026, 3, 2, 8, 15, 30, tzinfo=UTC)
    assert read(orjson.loads(part.raw)) == part


async def test_a_post_brings_its_caption_its_picture_and_who_wrote_it() -> None:
    document = post(TEXT, media_type="IMAGE", media_url=PICTURE)
    part = await told(raw_of(media_id=POST), Reply(200, {}, orjson.dumps(document)))
    assert (part.message_id, part.content, part.reporter.name) == (POST, TEXT, "@warga_contoh")
    assert [(one.name, one.media_type, one.source) for one in part.attachments] == [("foto.jpg", "image/jpeg", PICTURE)]


@pytest.mark.parametrize("more", [{"media_type": "CAROUSEL_ALBUM", "media_url": PICTURE}, {"media_type": "IMAGE"}, {}])
async def test_a_post_without_a_picture_of_its_own_brings_none(more: dict[str, str]) -> None:
    part = await told(raw_of(media_id=POST), Reply(200, {}, orjson.dumps(post(TEXT, **more))))
    assert part.attachments == ()


async def test_a_mention_without_a_word_is_no_report() -> None:
    part = await told(raw_of(media_id=POST), Reply(200, {}, orjson.dumps(post(" ", timestamp="kemarin"))))
    assert (part.reason, part.to_fetch) == ("mention_is_empty", False)


def test_a_mention_without_an_id_cannot_be_asked_for() -> None:
    part = read(delivery())
    assert (part.reason, part.to_fetch) == ("mention_without_id", False)


def refused(status: int, code: int) -> Reply:
    return Reply(status, {}, orjson.dumps({"error": {"message": "x", "type": "OAuthException", "code": code}}))


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (refused(400, 190), Busy),
        (refused(400, 4), Busy),
        (refused(500, 1), Busy),
        (Reply(429, {"retry-after": "60"}, b""), Busy),
        (Reply(fault=Fault("timeout", sent=True)), Busy),
        (Reply(200, {}, b"{"), Busy),
        (Reply(200, {}, b"[]"), Busy),
        (Reply(200, {}, b"{}"), Busy),
        (Reply(302, {"location": "https://elsewhere.example"}, b""), Busy),
        (refused(400, 100), NotFound),
        (refused(404, 803), NotFound),
    ],
)
async def test_a_refusal_says_whether_another_try_may_help(reply: Reply, error: type[GatewayError]) -> None:
    with pytest.raises(error):
        await told(raw_of(media_id=POST), reply)


async def test_without_a_token_or_without_https_nothing_is_asked() -> None:
    for token, url in (("", "https://graph.example"), ("t0ken", "http://graph.example")):
        with pytest.raises(Busy):
            await told(raw_of(media_id=POST), Reply(200, {}, orjson.dumps(post(TEXT))), token, url)


@pytest.mark.parametrize("identity", ["1){id}&x=", "../me", "١٢", "-1"])
async def test_only_numbers_go_into_the_request(identity: str) -> None:
    with pytest.raises(NotFound):
        await told(raw_of(media_id=identity), Reply(200, {}, orjson.dumps(post(TEXT))))


@pytest.mark.parametrize("raw", [b"[]", b"{}", b'{"entry":[]}', b'{"entry":[{"changes":[{"value":1}]}]}'])
async def test_what_is_no_mention_is_not_asked_for(raw: bytes) -> None:
    with pytest.raises(NotFound):
        await told(raw, Reply(200, {}, b"{}"))


async def test_the_graph_api_is_not_sought_inside() -> None:
    with pytest.raises(Busy, match="address_blocked"):
        await ADAPTER.fetch_words(raw_of(media_id=POST), {"access_token": "t"}, {"graph_url": "https://127.0.0.1:1"})


@pytest.mark.parametrize(
    "source",
    [
        "https://elsewhere.example/1.jpg",
        "https://notcdninstagram.com/1.jpg",
        "https://cdninstagram.com.example/1.jpg",
        "https://[::1/1.jpg",
        "",
    ],
)
async def test_pictures_come_from_instagrams_own_hosts_only(source: str) -> None:
    with pytest.raises(NotFound, match="Instagram's pictures"):
        await collected(ADAPTER.fetch, Attachment(name="foto.jpg", source=source), {}, {})
