"""Files inside a JSON report: decoded strictly, counted before they are decoded."""

from __future__ import annotations

import base64
from hashlib import sha256
from typing import Any

import orjson
import pytest

from adapters.channels.native.adapter import ADAPTER
from adapters.channels.native.files import REQUEST_LIMIT
from adapters.contract import InboundFile, InboundMessage, InboundRequest
from schemas.errors import Invalid, TooLarge
from schemas.report import ATTACHMENT_LIMIT


def report(*contents: str, message_id: str = "loket-1") -> dict[str, Any]:
    files = [{"name": "foto.jpg", "media_type": "image/jpeg", "content_base64": content} for content in contents]
    return {"message_id": message_id, "content": "Jalan rusak.", "attachments": files}


def parse(document: Any) -> list[InboundMessage]:
    return list(ADAPTER.parse(InboundRequest("POST", "", {}, {}, orjson.dumps(document))))


def encoded(size: int) -> str:
    return base64.b64encode(bytes(size)).decode()


def test_a_file_comes_with_its_bytes() -> None:
    [message] = parse(report(base64.b64encode(b"\xff\xd8foto").decode()))
    assert message.files == (InboundFile("foto.jpg", "image/jpeg", b"\xff\xd8foto"),)
    assert message.attachments == ()


def test_the_bytes_are_not_kept_twice() -> None:
    content = encoded(100_000)
    [message] = parse(report(content))
    digest = f"sha256:{sha256(content.encode()).hexdigest()}"
    assert orjson.loads(message.raw)["attachments"] == [
        {"name": "foto.jpg", "media_type": "image/jpeg", "content_base64": digest}
    ]


def test_other_bytes_make_another_message() -> None:
    assert parse(report(encoded(3)))[0].raw != parse(report(encoded(6)))[0].raw


@pytest.mark.parametrize(
    "content", ["%%%%", "QUJD\n", "QUI", "QQ==QQ==", "=QQ=", "data:image/png;base64,QUJD", "QUJDé", "QUJ_"]
)
def test_what_is_no_base64_is_refused_with_its_place(content: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse([report(message_id="loket-0"), report("QUJD", content)])
    [error] = caught.value.errors
    assert (error["at"], error["problem"][:13]) == ("1.attachments.1.content_base64", "is not base64")
    assert content not in error["problem"]


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(Invalid) as caught:
        parse(report(""))
    assert caught.value.errors[0] == {
        "at": "attachments.0.content_base64",
        "problem": "is an empty file: leave it out or send its bytes",
    }


def test_a_file_of_just_20_megabytes_is_taken() -> None:
    [message] = parse(report(encoded(ATTACHMENT_LIMIT)))
    assert len(message.files[0].content) == 20 * 1024 * 1024


def test_a_larger_file_is_too_large() -> None:
    with pytest.raises(TooLarge, match=r"attachments.0 is larger than 20 MB"):
        parse(report(encoded(ATTACHMENT_LIMIT + 1)))


def test_all_files_of_a_request_are_counted_together() -> None:
    third = encoded(REQUEST_LIMIT // 3 - 10)
    [message] = parse(report(third, third, third))
    assert len(message.files) == 3
    with pytest.raises(TooLarge, match="60 MB together"):
        parse([report(third, third), report(third, encoded(60), message_id="loket-2")])
