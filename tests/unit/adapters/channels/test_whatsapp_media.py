"""Files are fetched in two authorised calls, checked against their digests, and the token goes only where it may."""

from __future__ import annotations

import base64
from contextlib import suppress
from hashlib import sha256
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.channels.whatsapp.adapter import ADAPTER
from adapters.channels.whatsapp.media import MediaServer
from adapters.contract import Fault, Reply
from schemas.errors import Busy, GatewayError, NotFound, TooLarge
from schemas.report import ATTACHMENT_LIMIT, Attachment
from tests.fakes.pouring import Script, collected
from tests.unit.adapters.channels.graph import GraphServer

PHOTO = b"\xff\xd8 foto jalan"
DIGEST = sha256(PHOTO).hexdigest()
GRAPH = "https://graph.example/v23.0"
LINK = "https://media.example/?mid=1"


def address(**more: Any) -> Reply:
    document = {"messaging_product": "whatsapp", "url": LINK, "mime_type": "image/jpeg", "id": "99", **more}
    return Reply(200, {"content-type": "application/json"}, orjson.dumps(document))


def refused(status: int, code: Any, **headers: str) -> Reply:
    return Reply(status, headers, orjson.dumps({"error": {"message": "x", "type": "OAuthException", "code": code}}))


async def fetched(*replies: Reply, announced: str | None = None, media_id: str = "99", open_hosts: str = "") -> bytes:
    server = MediaServer(
        Script(*replies).send, graph_url=GRAPH, token="t0ken", open_hosts=frozenset(open_hosts.split())
    )
    return await collected(server.fetch, media_id, announced)


async def test_the_address_is_asked_for_and_the_file_got_with_the_same_token() -> None:
    script = Script(address(), Reply(200, {}, PHOTO))
    server = MediaServer(script.send, graph_url=GRAPH + "/", token="t0ken", open_hosts=frozenset())
    assert await collected(server.fetch, "9/9", None) == PHOTO
    assert [(call.method, call.url, dict(call.headers)["Authorization"]) for call in script.calls] == [
        ("GET", f"{GRAPH}/9%2F9", "Bearer t0ken"),
        ("GET", LINK, "Bearer t0ken"),
    ]


@pytest.mark.parametrize(
    "digest", [DIGEST, DIGEST.upper(), base64.b64encode(bytes.fromhex(DIGEST)).decode(), "unreadable", None]
)
async def test_a_file_with_the_right_digest_is_taken(digest: str | None) -> None:
    assert (
        await fetched(address(sha256=digest, file_size=str(len(PHOTO))), Reply(200, {}, PHOTO), announced=DIGEST)
        == PHOTO
    )


@pytest.mark.parametrize(
    ("announced", "named"), [("0" * 64, None), ("0" * 64, DIGEST), (DIGEST, "0" * 64), (None, "0" * 64)]
)
async def test_a_file_with_another_digest_is_not_taken(announced: str | None, named: str | None) -> None:
    with pytest.raises(Busy, match="not the one that it announced"):
        await fetched(address(sha256=named), Reply(200, {}, PHOTO), announced=announced)


LOOK_UP = [
    (Reply(fault=Fault("connect_refused", sent=False)), Busy, 30, "connect_refused"),
    (refused(401, 190), Busy, 900, "token"),
    (refused(403, 10), Busy, 900, "token"),
    (refused(400, 190), Busy, 900, "token"),
    (refused(400, 200), Busy, 900, "token"),
    (refused(400, 4), Busy, 300, "answered 400"),
    (refused(400, 130429), Busy, 300, "answered 400"),
    (refused(400, 100), NotFound, None, "seven days"),
    (refused(404, 100), NotFound, None, "seven days"),
    (Reply(404, {}, b"<html>"), NotFound, None, "seven days"),
    (Reply(400, {}, b"[]"), NotFound, None, "seven days"),
    (Reply(400, {}, b'{"error":"x"}'), NotFound, None, "seven days"),
    (Reply(429, {"retry-after": "77"}, b""), Busy, 77, "answered 429"),
    (Reply(500, {}, b""), Busy, 300, "answered 500"),
    (Reply(503, {"retry-after": "12"}, b""), Busy, 12, "answered 503"),
    (Reply(302, {"location": "http://127.0.0.1/"}, b""), Busy, 300, "no answer to this call"),
    (Reply(200, {}, b"<html>"), Busy, 300, "no address"),
    (Reply(200, {}, b'{"url":""}'), Busy, 300, "no address"),
    (address(file_size=ATTACHMENT_LIMIT + 1), TooLarge, None, "20 MB"),
]


@pytest.mark.parametrize(("reply", "error", "wait", "words"), LOOK_UP)
async def test_a_refused_look_up_says_whether_another_try_helps(
    reply: Reply, error: type[GatewayError], wait: float | None, words: str
) -> None:
    with pytest.raises(error, match=words) as caught:
        await fetched(reply)
    assert getattr(caught.value, "retry_after", None) == wait


DOWNLOAD = [
    (Reply(fault=Fault("address_blocked", sent=False)), Busy, 30, "address_blocked"),
    (Reply(404, {}, b""), Busy, 30, "expired"),
    (Reply(410, {}, b""), Busy, 30, "expired"),
    (Reply(401, {}, b""), Busy, 900, "token"),
    (Reply(400, {}, b""), NotFound, None, "seven days"),
    (Reply(502, {}, b""), Busy, 300, "answered 502"),
    (Reply(200, {}, PHOTO, truncated=True), Busy, 30, "broke off"),
    (Reply(200, {"content-length": "tidak"}, PHOTO, truncated=True), Busy, 30, "broke off"),
    (Reply(200, {"content-length": str(ATTACHMENT_LIMIT + 1)}, PHOTO, truncated=True), TooLarge, None, "20 MB"),
    (Reply(200, {}, bytes(ATTACHMENT_LIMIT + 1), truncated=True), TooLarge, None, "20 MB"),
]


@pytest.mark.parametrize(("reply", "error", "wait", "words"), DOWNLOAD)
async def test_a_broken_download_says_whether_another_try_helps(
    reply: Reply, error: type[GatewayError], wait: float | None, words: str
) -> None:
    with pytest.raises(error, match=words) as caught:
        await fetched(address(), reply)
    assert getattr(caught.value, "retry_after", None) == wait


async def test_a_file_of_just_20_megabytes_is_taken() -> None:
    assert (
        len(await fetched(address(file_size=ATTACHMENT_LIMIT), Reply(200, {}, bytes(ATTACHMENT_LIMIT))))
        == ATTACHMENT_LIMIT
    )


@pytest.mark.parametrize(
    "url", ["http://media.example/x", "ftp://media.example/x", "file:///etc/passwd", "//x", "https//x", "https://[x"]
)
async def test_the_token_goes_nowhere_without_https(url: str) -> None:
    with pytest.raises(NotFound, match="WhatsApp named an address"):
        await fetched(address(url=url))


async def test_a_host_that_the_operator_opened_needs_no_https() -> None:
    assert (
        await fetched(address(url="http://Media.example/x"), Reply(200, {}, PHOTO), open_hosts="media.example") == PHOTO
    )


@given(st.integers(200, 599), st.binary(), st.integers(200, 599), st.binary())
async def test_any_answers_give_bytes_or_one_of_the_named_errors(
    first: int, body: bytes, second: int, content: bytes
) -> None:
    for replies in ((Reply(first, {}, body), Reply(second, {}, content)), (address(), Reply(second, {}, content))):
        with suppress(Busy, NotFound, TooLarge):
            assert await fetched(*replies) == content


async def test_an_attachment_without_a_media_id_is_not_found() -> None:
    with pytest.raises(NotFound, match="no media id"):
        await collected(ADAPTER.fetch, Attachment(name="foto.jpg"), {"access_token": "t0ken"}, {})


@pytest.mark.parametrize("secrets", [{}, {"access_token": ""}])
async def test_without_a_token_the_file_waits_for_one(secrets: dict[str, str]) -> None:
    with pytest.raises(Busy, match="no access_token") as caught:
        await collected(ADAPTER.fetch, Attachment(name="foto.jpg", source="99"), secrets, {})
    assert caught.value.retry_after == 900


async def test_over_the_network_a_private_address_is_not_reached_unless_opened() -> None:
    async with GraphServer(PHOTO) as server:
        photo = Attachment(name="foto.jpg", source="99", sha256=DIGEST)
        options = {"graph_url": f"https://127.0.0.1:{server.port}"}
        with pytest.raises(Busy, match="address_blocked"):
            await collected(ADAPTER.fetch, photo, {"access_token": "t0ken"}, options)
        assert server.seen == []
        opened = {"graph_url": f"http://127.0.0.1:{server.port}", "private_hosts": ["127.0.0.1"]}
        assert await collected(ADAPTER.fetch, photo, {"access_token": "t0ken"}, opened) == PHOTO
        assert server.seen == [("/99", "Bearer t0ken"), ("/file", "Bearer t0ken")]


async def test_over_the_network_a_larger_file_is_never_read_to_its_end() -> None:
    async with GraphServer(PHOTO, ATTACHMENT_LIMIT * 4) as server:
        opened = {"graph_url": f"http://127.0.0.1:{server.port}", "private_hosts": ["127.0.0.1"]}
        with pytest.raises(TooLarge):
            await collected(ADAPTER.fetch, Attachment(name="film.mp4", source="99"), {"access_token": "t0ken"}, opened)
        assert await server.sent() < ATTACHMENT_LIMIT * 3
