"""X and Instagram: proofs of who asks, and of all that they send only what is said to the account."""

from __future__ import annotations

import hmac
from base64 import b64encode
from hashlib import sha256
from typing import Any

import orjson
import pytest

from adapters.channels.instagram.adapter import ADAPTER as INSTAGRAM
from adapters.channels.x.adapter import ADAPTER as X
from adapters.contract import Inbound, InboundMessage, InboundRequest, Unreadable
from schemas.errors import BadSignature, Malformed
from tests.unit.adapters.channels.golden import given, request_of

SECRETS = {"consumer_secret": "rahasia"}
ME = "2244994945"


def challenged(token: str, secrets: dict[str, str] = SECRETS) -> bytes | None:
    answer = X.handshake(InboundRequest("GET", "", {"crc_token": token}, {}, b""), secrets)
    return answer.body if answer else None


def post(**change: Any) -> dict[str, Any]:
    return {
        "id_str": "1",
        "text": "@kota jalan rusak",
        "user": {"id_str": "7", "name": "Warga"},
        "entities": {"user_mentions": [{"id_str": ME}]},
    } | change


def read(*posts: Any, account: Any = ME) -> list[Inbound]:
    body = orjson.dumps({"for_user_id": account, "tweet_create_events": list(posts)})
    return list(X.parse(InboundRequest("POST", "", {}, {}, body)))


def test_the_challenge_is_answered_with_its_hmac() -> None:
    expected = b64encode(hmac.new(b"rahasia", b"MTcxMjAw-a_b", sha256).digest()).decode()
    assert orjson.loads(challenged("MTcxMjAw-a_b") or b"") == {"response_token": f"sha256={expected}"}


@pytest.mark.parametrize("token", ['{"for_user_id":"1"}', "[1]", "dua kata", "a\n", "é", "a" * 201])
def test_no_text_that_could_be_a_delivery_is_ever_signed(token: str) -> None:
    with pytest.raises(BadSignature):
        challenged(token)


def test_without_a_secret_no_challenge_is_answered() -> None:
    with pytest.raises(BadSignature):
        challenged("abc", {})


def test_a_get_without_a_challenge_is_no_handshake() -> None:
    assert challenged("") is None
    assert X.handshake(InboundRequest("POST", "", {"crc_token": "abc"}, {}, b""), SECRETS) is None


@pytest.mark.parametrize("signature", ["", "sha256=", "sha1=x", "sha256=" + "A" * 44])
def test_another_signature_of_x_is_refused(signature: str) -> None:
    with pytest.raises(BadSignature, match="consumer secret"):
        X.verify(InboundRequest("POST", "", {}, {"x-twitter-webhooks-signature": signature}, b"{}"), SECRETS)


@pytest.mark.parametrize(
    "one",
    [
        post(user={"id_str": ME, "name": "Kota"}),
        post(retweeted_status={"id_str": "9"}),
        post(entities={"user_mentions": [{"id_str": "3"}]}),
        post(entities={}),
        post(entities=None),
    ],
    ids=["own", "repost", "other-mention", "no-mention", "no-entities"],
)
def test_what_is_not_said_to_the_account_is_passed_over(one: dict[str, Any]) -> None:
    assert read(one) == []
    assert [part.message_id for part in read(one, post(id_str="2"))] == ["2"]


@pytest.mark.parametrize(
    "change",
    [{"id_str": None}, {"user": None}, {"user": {"name": "x"}}, {"user": "x"}],
    ids=str,
)
def test_a_post_of_another_shape_is_set_aside(change: dict[str, Any]) -> None:
    [part] = read(post(**change))
    assert isinstance(part, Unreadable)
    assert part.reason == "post_incomplete"


@pytest.mark.parametrize("account", [None, "", [], {}])
def test_without_the_account_nothing_is_passed_over(account: Any) -> None:
    [part] = read(post(), account=account)
    assert isinstance(part, Unreadable)


def test_numbers_do_for_ids() -> None:
    [part] = read(post(id_str=None, id=5, user={"id": 7}, entities={"user_mentions": [{"id": int(ME)}]}))
    assert part.message_id == "5"


@pytest.mark.parametrize(
    "change",
    [
        {"coordinates": {"coordinates": [200, 100]}},
        {"coordinates": {"coordinates": ["a", "b"]}},
        {"coordinates": {"coordinates": [1]}},
        {"place": {"full_name": 5.5}},
        {"created_at": "kemarin"},
        {
            "extended_entities": {
                "media": [{"media_url_https": "javascript:1"}, "x", {"video_info": {"variants": ["x"]}}]
            }
        },
    ],
    ids=str,
)
def test_a_detail_of_another_shape_costs_only_itself(change: dict[str, Any]) -> None:
    [part] = read(post(**change))
    assert isinstance(part, InboundMessage)
    assert (part.content, part.location, part.sent_at, part.attachments) == ("@kota jalan rusak", None, None, ())


def test_instagrams_time_of_sending_makes_no_other_message() -> None:
    again = given("instagram", "comment")
    again["body"]["entry"][0]["time"] += 60
    assert INSTAGRAM.parse(request_of(given("instagram", "comment"))) == INSTAGRAM.parse(request_of(again))


@pytest.mark.parametrize("body", [b"[]", b"[1]", b"1", b"null", b"{"])
def test_what_is_no_delivery_of_instagram_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        INSTAGRAM.parse(InboundRequest("POST", "", {}, {}, body))


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ({}, "not_of_instagram"),
        ({"object": "page", "entry": [{}]}, "not_of_instagram"),
        ({"object": "instagram", "entry": []}, "not_of_instagram"),
        ({"object": "instagram", "entry": ["x"]}, "entry_without_changes"),
        ({"object": "instagram", "entry": [{"id": "1"}]}, "entry_without_changes"),
        (
            {"object": "instagram", "entry": [{"changes": [{"field": "comments", "value": {"text": "a"}}]}]},
            "comment_without_id",
        ),
    ],
)
def test_what_instagram_does_not_explain_is_set_aside(document: Any, reason: str) -> None:
    [part] = INSTAGRAM.parse(InboundRequest("POST", "", {}, {}, orjson.dumps(document)))
    assert isinstance(part, Unreadable)
    assert part.reason == reason
