"""The same fields come out of a form however it is written, and of what is kept of it."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.contract import InboundFile, InboundRequest
from adapters.inbound.forms import MOST_FIELDS, URL_ENCODED_LIMIT, Form, read_form
from schemas.errors import Malformed, TooLarge
from tests.unit.adapters.channels.golden import payload_of

FIELDS = {"from": "+6281100000001", "text": "Jalan rusak & gelap = bahaya 😡\r\nbaris dua", "empty": ""}
MULTIPART = {"content-type": "multipart/form-data; boundary=batas"}
NAMES = st.text(
    st.characters(codec="ascii", exclude_categories=["Cc"], exclude_characters='"\\;'), min_size=1, max_size=8
)


def posted(body: bytes, headers: dict[str, str] | None = None) -> InboundRequest:
    return InboundRequest("POST", "", {}, headers or {}, body)


def texts(form: Form) -> dict[str, str]:
    return {name: form.text(name) for name in form.values}


def multipart(fields: dict[str, str], *files: dict[str, Any]) -> bytes:
    return payload_of({"multipart": {"boundary": "batas", "fields": fields, "files": list(files)}})


@pytest.mark.parametrize(
    "request_",
    [
        posted(urlencode(FIELDS).encode()),
        posted(json.dumps(FIELDS).encode()),
        posted(b"  " + json.dumps(FIELDS, ensure_ascii=False).encode()),
        posted(multipart(FIELDS), MULTIPART),
        InboundRequest("GET", "", FIELDS, {}, b""),
    ],
    ids=["url-encoded", "json", "json-utf8", "multipart", "query"],
)
def test_every_way_of_writing_gives_the_same_fields(request_: InboundRequest) -> None:
    assert texts(read_form(request_)) == FIELDS


@given(st.dictionaries(NAMES, st.text(max_size=30), min_size=1, max_size=5))
def test_what_is_kept_gives_the_same_fields_again(fields: dict[str, str]) -> None:
    form = read_form(posted(urlencode(fields).encode()))
    assert texts(read_form(posted(form.raw()))) == texts(form) == fields


def test_what_is_kept_is_the_same_in_any_order_and_without_what_is_new_each_time() -> None:
    one = read_form(posted(b"b=2&a=1&nonce=x")).raw("nonce")
    assert one == read_form(posted(b"a=1&nonce=y&b=2")).raw("nonce") == b'{"a":"1","b":"2"}'


def test_the_first_of_two_values_counts() -> None:
    assert texts(read_form(posted(b"a=1&a=2"))) == {"a": "1"}


def test_numbers_of_json_are_texts_and_null_is_no_field() -> None:
    assert texts(read_form(posted(b'{"a":1,"b":null,"c":true,"d":{"e":[2]}}'))) == {
        "a": "1",
        "c": "true",
        "d": '{"e":[2]}',
    }


def test_the_bytes_of_a_file_are_untouched_and_kept_by_their_digest() -> None:
    content = b"\x00\r\n--bata\r\n\xff\r\r\n"
    file = {
        "field": "attachment1",
        "name": "foto jalan.jpg",
        "media_type": "image/jpeg; x=1",
        "content_base64": base64.b64encode(content).decode(),
    }
    form = read_form(posted(multipart({"a": "1"}, file), MULTIPART))
    assert form.files == {"attachment1": InboundFile("foto jalan.jpg", "image/jpeg", content)}
    assert json.loads(form.raw())["_files"]["attachment1"].startswith("sha256:")


@pytest.mark.parametrize("charset", ["iso-8859-1", "ISO-8859-1", "tidak-ada", "idna", "punycode", "hex", "\x00", ""])
def test_a_field_is_read_in_its_character_set_or_in_utf8(charset: str) -> None:
    form = Form({"text": "caf\u00e9".encode("latin-1")})
    expected = "caf\u00e9" if charset.lower() == "iso-8859-1" else "caf\ufffd"
    assert form.text("text", charset) == expected


@pytest.mark.parametrize(
    ("body", "headers"),
    [(b"", {}), (b"&&", {}), (b'{"a":', {}), (b"", MULTIPART), (b"--batas\r\n--batas--\r\n", MULTIPART)],
)
def test_a_body_without_fields_is_malformed(body: bytes, headers: dict[str, str]) -> None:
    with pytest.raises(Malformed):
        read_form(posted(body, headers))


def test_a_url_encoded_form_has_a_limit() -> None:
    assert texts(read_form(posted(b"a=" + b"x" * (URL_ENCODED_LIMIT - 2))))["a"].startswith("x")
    with pytest.raises(TooLarge):
        read_form(posted(b"a=" + b"x" * (URL_ENCODED_LIMIT - 1)))


def test_a_form_that_breaks_off_gives_the_parts_before() -> None:
    whole = multipart({"a": "1", "b": "2"})
    assert texts(read_form(posted(whole[: whole.rindex(b"--batas")], MULTIPART))) == {"a": "1"}


@pytest.mark.parametrize(
    "body",
    [
        b"&".join(b"a%d=1" % number for number in range(MOST_FIELDS + 1)),
        multipart({f"a{number}": "1" for number in range(MOST_FIELDS + 1)}),
    ],
    ids=["url-encoded", "multipart"],
)
def test_a_form_with_too_many_fields_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed, match="fields"):
        read_form(posted(body, MULTIPART if body.startswith(b"--") else {}))


@given(st.binary(max_size=200), st.sampled_from([{}, MULTIPART, {"content-type": "multipart/form-data"}]))
def test_any_bytes_are_a_form_or_malformed(body: bytes, headers: dict[str, str]) -> None:
    try:
        form = read_form(posted(body, headers))
    except Malformed:
        return
    assert form.raw()


def test_a_part_without_a_name_is_passed_over() -> None:
    body = b"--batas\r\nContent-Disposition: form-data\r\n\r\ntanpa nama\r\n" + multipart({"text": "isi"})
    assert texts(read_form(posted(body, MULTIPART))) == {"text": "isi"}


def test_a_field_that_is_nested_too_deeply_is_refused() -> None:
    deep = "[" * 400 + "]" * 400
    with pytest.raises(Malformed, match="nested too deeply"):
        read_form(posted(f'{{"text": {deep}}}'.encode(), {"content-type": "application/json"}))
