"""Rules of what answers mean: in their order, for whole answers only, checked when the gateway starts."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from adapters.contract import Fault, Reply
from adapters.outbound.answers import Rules, ruling
from schemas.handoff import OutcomeKind

DELIVERED, DEFERRED, REFUSED = OutcomeKind.DELIVERED, OutcomeKind.DEFERRED, OutcomeKind.REFUSED
BODY = (
    b'{"hasil": {"kode": "E41", "pesan": "SISTEM PENUH", "angka": 1, "kosong": null}, '
    b'"daftar": [{"id": 7}], "a/b": true}'
)


def decided(reply: Reply, **rules: Any) -> tuple[OutcomeKind, str] | None:
    found = ruling(Rules.model_validate(rules), reply)
    return None if found is None else (found.kind, found.reason)


def fits(rule: dict[str, Any], status: int = 200, body: bytes = BODY, **headers: str) -> bool:
    reply = Reply(status, {name.replace("_", "-"): value for name, value in headers.items()}, body)
    return decided(reply, accept_when=[rule]) is not None


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ({"pointer": "/hasil/kode", "equals": "E41"}, True),
        ({"pointer": "/hasil/kode", "equals": "E42"}, False),
        ({"pointer": "/hasil/angka", "equals": 1}, True),
        ({"pointer": "/hasil/angka", "equals": "1"}, False),
        ({"pointer": "/hasil/angka", "equals": True}, False),
        ({"pointer": "/hasil/kosong", "equals": None}, True),
        ({"pointer": "/hasil/tiada", "equals": None}, False),
        ({"pointer": "/hasil/kosong", "exists": True}, True),
        ({"pointer": "/hasil/tiada", "exists": True}, False),
        ({"pointer": "/hasil/tiada", "exists": False}, True),
        ({"pointer": "/daftar/0/id", "equals": 7}, True),
        ({"pointer": "/daftar/1/id", "exists": True}, False),
        ({"pointer": "/a~1b", "equals": True}, True),
        ({"pointer": "/hasil/kode", "matches": "^E4"}, True),
        ({"pointer": "/hasil/kode", "matches": "^4"}, False),
        ({"pointer": "/hasil/angka", "matches": "^1$"}, True),
        ({"pointer": "/hasil/tiada", "matches": ".*"}, False),
        ({"pointer": "/hasil", "matches": '"pesan":"SISTEM'}, True),
    ],
)
def test_a_question_to_the_body(question: dict[str, Any], expected: bool) -> None:
    assert fits({"body": [question]}) is expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [(200, True), ("2xx", True), ([500, 200], True), ("4xx", False), ([201, "3xx"], False)],
)
def test_a_question_to_the_status(status: Any, expected: bool) -> None:
    assert fits({"status": status}) is expected


def test_a_question_to_a_header_in_any_case() -> None:
    assert fits({"headers": [{"name": "X-Maintenance", "exists": True}]}, x_maintenance="ya")
    assert fits({"headers": [{"name": "content-type", "matches": "json"}]}, content_type="application/json; charset=x")
    assert not fits({"headers": [{"name": "X-Maintenance", "equals": "ya"}]})


def test_all_of_a_rule_must_hold() -> None:
    both = [{"pointer": "/hasil/kode", "equals": "E41"}, {"pointer": "/hasil/angka", "equals": 2}]
    assert not fits({"body": both})
    assert not fits({"status": 201, "body": both[:1]})


def test_what_denies_stands_before_what_accepts_and_the_first_of_a_list_decides() -> None:
    every = {"status": "2xx"}
    rules = {
        "accept_when": [every],
        "defer_when": [every],
        "refuse_when": [{"status": 500, "reason": "lain"}, every | {"reason": "pertama"}, every | {"reason": "kedua"}],
    }
    seen = []
    for name in ("refuse_when", "defer_when", "accept_when"):
        seen.append(decided(Reply(200, body=BODY), **rules))
        del rules[name]
    assert seen == [(REFUSED, "pertama"), (DEFERRED, "deferred_by_rule"), (DELIVERED, "accepted_by_rule")]


@pytest.mark.parametrize(
    "reply", [Reply(200, truncated=True), Reply(fault=Fault("read_timeout", sent=True)), Reply(302)], ids=str
)
def test_no_rule_makes_certain_what_a_broken_connection_left_open(reply: Reply) -> None:
    rules = {"refuse_when": [{"status": [200]}], "accept_when": [{"status": [200]}]}
    assert decided(reply, **rules) is None


@pytest.mark.parametrize("body", [b"", b"<html>", b"[" * 100_000, b"\xff", b"null", b'"x"', b"1"])
def test_an_answer_that_has_no_such_place_does_not_fit(body: bytes) -> None:
    assert not fits({"body": [{"pointer": "/hasil/kode", "exists": True}]}, body=body)


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ({}, "fits every answer"),
        ({"reason": "apa_saja"}, "fits every answer"),
        ({"body": [{"pointer": "hasil.kode", "exists": True}]}, "`hasil.kode` is no JSON pointer"),
        ({"body": [{"pointer": "/a~2", "exists": True}]}, "`/a~2` is no JSON pointer"),
        ({"body": [{"pointer": "/a"}]}, "exactly one of"),
        ({"body": [{"pointer": "/a", "exists": True, "equals": 1}]}, "exactly one of"),
        ({"body": [{"pointer": "/a", "matches": "("}]}, "`(` is no regular expression"),
        ({"status": "2x"}, "status"),
        ({"status": 200, "reason": "Dua Kata"}, "reason"),
    ],
)
def test_a_rule_that_cannot_be_meant_is_told(rule: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError) as raised:
        Rules.model_validate({"refuse_when": [rule]})
    assert told in str(raised.value)
