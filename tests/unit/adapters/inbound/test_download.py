"""Files are fetched over https, over a few redirects, with credentials that go to their own domain only."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.contract import Call, Fault, Reply
from adapters.http import HttpClient, Limits, Sink
from adapters.inbound.download import Credentials, Send, download
from adapters.inbound.download import fetched as fetch
from adapters.inbound.links import linked_file
from schemas.errors import Busy, GatewayError, NotFound, TooLarge
from schemas.report import ATTACHMENT_LIMIT, Attachment
from tests.fakes.pouring import Basket, Script
from tests.unit.adapters.channels.graph import GraphServer

PHOTO = b"\xff\xd8 foto jalan"
API = "https://api.twilio.example/Media/ME1"
STORE = "https://store.example/abc"
CREDENTIALS = Credentials("twilio.example", ("Authorization", "Basic rahasia"))
NOBODY: frozenset[str] = frozenset()


async def fetched(
    send: Send, url: str, open_hosts: frozenset[str] = NOBODY, credentials: Credentials | None = None
) -> bytes:
    basket = Basket()
    await fetch(send, url, basket.take, open_hosts, credentials)
    return basket.content


def moved(to: str, status: int = 307) -> Reply:
    return Reply(status, {"location": to}, b"")


async def test_a_redirect_is_followed_without_the_credentials() -> None:
    script = Script(moved(STORE), Reply(200, {}, PHOTO))
    assert await fetched(script.send, API, NOBODY, CREDENTIALS) == PHOTO
    assert script.seen == [(API, "Basic rahasia"), (STORE, "")]


async def test_a_redirect_within_the_domain_keeps_them() -> None:
    script = Script(moved("/Media/ME2", 302), Reply(200, {}, PHOTO))
    assert await fetched(script.send, API, NOBODY, CREDENTIALS) == PHOTO
    assert script.seen[1] == ("https://api.twilio.example/Media/ME2", "Basic rahasia")


@pytest.mark.parametrize("url", ["https://twilio.example.jahat.example/x", "https://jahattwilio.example/x", STORE])
async def test_credentials_go_to_their_own_domain_only(url: str) -> None:
    script = Script(Reply(200, {}, PHOTO))
    await fetched(script.send, url, NOBODY, CREDENTIALS)
    assert script.seen == [(url, "")]


async def test_redirects_without_an_end_are_given_up() -> None:
    script = Script(*(moved(API) for _ in range(10)))
    with pytest.raises(NotFound, match="without an end"):
        await fetched(script.send, API, NOBODY)
    assert len(script.calls) == 4


@pytest.mark.parametrize(
    "url",
    ["http://media.example/x", "ftp://media.example/x", "file:///etc/passwd", "", "https://", "https://[x", "//x"],
)
@pytest.mark.parametrize("by_redirect", [False, True])
async def test_nothing_is_fetched_without_https(url: str, by_redirect: bool) -> None:
    if by_redirect and url in ("", "//x", "https://"):
        return
    script = Script(moved(url))
    with pytest.raises(NotFound, match="address"):
        await fetched(script.send, API if by_redirect else url, NOBODY)
    assert len(script.calls) == by_redirect


ANSWERS = [
    (Reply(fault=Fault("connect_refused", sent=False)), Busy, 30, "connect_refused"),
    (Reply(401), Busy, 900, "credentials"),
    (Reply(403), Busy, 900, "credentials"),
    (Reply(404), NotFound, None, "404"),
    (Reply(410), NotFound, None, "410"),
    (Reply(429, {"retry-after": "77"}), Busy, 77, "429"),
    (Reply(500), Busy, 300, "500"),
    (Reply(304), NotFound, None, "304"),
    (Reply(200, {}, PHOTO, truncated=True), Busy, 30, "broke off"),
    (Reply(200, {"content-length": str(ATTACHMENT_LIMIT + 1)}, PHOTO, truncated=True), TooLarge, None, "20 MB"),
    (Reply(200, {}, bytes(ATTACHMENT_LIMIT + 1), truncated=True), TooLarge, None, "20 MB"),
]


@pytest.mark.parametrize(("reply", "error", "wait", "words"), ANSWERS)
async def test_a_refused_file_says_whether_another_try_helps(
    reply: Reply, error: type[GatewayError], wait: float | None, words: str
) -> None:
    with pytest.raises(error, match=words) as caught:
        await fetched(Script(reply).send, STORE, NOBODY)
    assert getattr(caught.value, "retry_after", None) == wait


@given(st.integers(0, 700), st.dictionaries(st.sampled_from(["location", "content-length"]), st.text()), st.binary())
async def test_any_answer_gives_bytes_or_one_of_the_named_errors(
    status: int, headers: dict[str, str], body: bytes
) -> None:
    script = Script(Reply(status, headers, body), *(Reply(404) for _ in range(3)))
    with suppress(Busy, NotFound, TooLarge):
        assert await fetched(script.send, STORE, NOBODY) == body


async def test_over_the_network_a_private_address_is_not_reached_unless_opened() -> None:
    async with GraphServer(PHOTO) as server:
        url = f"://127.0.0.1:{server.port}/file"
        with pytest.raises(Busy, match="address_blocked"):
            await download(Attachment(name="foto.jpg", source=f"https{url}"), {}, Basket().take, CREDENTIALS)
        assert server.seen == []
        opened = {"private_hosts": ["127.0.0.1"]}
        basket = Basket()
        await download(Attachment(name="foto.jpg", source=f"http{url}"), opened, basket.take, CREDENTIALS)
        assert basket.content == PHOTO
        assert server.seen == [("/file", "Basic rahasia")]


@pytest.mark.parametrize(
    "inside", ["https://[::1]/", "https://169.254.169.254/", "https://localhost/", "https://0x7f.1/"]
)
async def test_a_redirect_leads_to_no_inside_address(inside: str) -> None:
    client = HttpClient(Limits())
    answers = [Reply(302, {"location": inside})]

    async def send(call: Call, sink: Sink | None) -> Reply:
        return answers.pop() if answers else await client.send(call, sink)

    with pytest.raises(Busy, match="address_blocked"):
        await fetched(send, STORE, NOBODY)
    await client.aclose()


async def test_an_attachment_without_an_address_is_not_found() -> None:
    with pytest.raises(NotFound):
        await download(Attachment(name="foto.jpg"), {}, Basket().take)


def test_credentials_never_show_themselves() -> None:
    assert "rahasia" not in repr(CREDENTIALS)


@pytest.mark.parametrize(
    ("url", "name", "kind", "expected"),
    [
        ("https://a.example/x/foto.JPG?y=1", "", "", ("foto.JPG", "image/jpeg")),
        ("https://a.example/x/foto.jpg", "jalan.jpg", "image/png; q=1", ("jalan.jpg", "image/png")),
        ("https://a.example/ME1", "", "video/mp4", ("file-", "video/mp4")),
        ("https://a.example/" + "x" * 200 + ".jpg", "", "", ("file-", "image/jpeg")),
    ],
)
def test_a_file_behind_a_link_has_a_name_and_a_type(url: str, name: str, kind: str, expected: tuple[str, str]) -> None:
    file = linked_file(url, name=name, media_type=kind)
    assert file is not None
    assert (file.name.startswith(expected[0]), file.media_type, file.source) == (True, expected[1], url)


@pytest.mark.parametrize(
    "url", ["", "foto.jpg", "ftp://a.example/x", "https://", "https://[", "https://a/" + "x" * 2048]
)
def test_an_address_that_cannot_be_kept_is_no_file(url: str) -> None:
    assert linked_file(url) is None
