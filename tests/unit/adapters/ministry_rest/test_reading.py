"""A ministry's answers: what proves a delivery, what leaves it open, what refuses it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.contract import Reply
from schemas.handoff import Outcome, OutcomeKind
from tests.fakes.cases import HANDOFF_ID, REPORT_ID, a_case
from tests.unit.adapters.ministry_rest.builders import a_ministry, answered

AT = datetime(2026, 3, 2, 1, 20, tzinfo=UTC)
KEY = str(HANDOFF_ID)
RECEIPT = '{"receipt": {"reference": "KEM-1"}}'

DELIVERED, DEFERRED, REFUSED, UNCERTAIN = (
    OutcomeKind.DELIVERED,
    OutcomeKind.DEFERRED,
    OutcomeKind.REFUSED,
    OutcomeKind.UNCERTAIN,
)


def of_post(reply: Reply, **options: Any) -> Outcome:
    ministry = a_ministry(**options)
    step = ministry.next_step(a_case())
    assert step is not None
    return ministry.read(a_case(), step, reply, AT)


def of_lookup(reply: Reply, **options: Any) -> Outcome:
    ministry = a_ministry(repeat="lookup", **options)
    return ministry.read(a_case(), ministry.lookup_step(a_case(), "post"), reply, AT)


# ----------------------------------------------------------------------------------------------------------- references


@pytest.mark.parametrize(
    ("body", "reference"),
    [
        (RECEIPT, "KEM-1"),
        ('{"reference": " KEM-2 ", "id": 9}', "KEM-2"),
        ('{"id": 900719925474099312}', "900719925474099312"),
        ('{"receipt": {"reference": null}, "id": "a/b"}', "a/b"),
        ('{"receipt": {"reference": "KEM-3"}, "error": null, "errors": [], "success": true, "status": 201}', "KEM-3"),
        ('{"receipt": {"reference": "KEM-4"}, "status": "diterima", "code": "00", "error": false}', "KEM-4"),
    ],
)
def test_the_reference_is_read(body: str, reference: str) -> None:
    outcome = of_post(answered(body, 201))
    assert outcome.receipt is not None
    assert (outcome.kind, outcome.receipt.reference, outcome.yields) == (DELIVERED, reference, {"reference": reference})
    assert outcome.receipt.received_at == AT


@pytest.mark.parametrize(
    ("pointer", "body"),
    [
        ("/data/0/nomor", '{"data": [{"nomor": "X"}]}'),
        ("/a~1b/m~0n", '{"a/b": {"m~n": "X"}}'),
        ("/", '{"": "X"}'),
    ],
)
def test_the_reference_is_read_where_the_entry_says(pointer: str, body: str) -> None:
    outcome = of_post(answered(body), reference_pointers=[pointer])
    assert outcome.yields == {"reference": "X"}


@pytest.mark.parametrize(
    "body",
    [
        "{}",
        "[]",
        "null",
        '"KEM-1"',
        '{"reference": ""}',
        '{"reference": true}',
        '{"reference": 1.5}',
        '{"reference": {"id": 1}}',
        '{"reference": "a\\u0000b"}',
        json.dumps({"reference": "9" * 256}),
        json.dumps({"id": str(REPORT_ID)}),
        json.dumps({"id": KEY}),
    ],
)
def test_what_can_be_no_reference_leaves_it_open(body: str) -> None:
    assert (of_post(answered(body)).kind, of_post(answered(body)).reason) == (UNCERTAIN, "no_reference")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://kementerian.example/k/1", "https://kementerian.example/k/1"),
        ("javascript:alert(1)", None),
        ("https://a b", None),
        (7, None),
    ],
)
def test_a_public_page_is_kept_only_if_it_is_an_address(url: object, expected: str | None) -> None:
    body = json.dumps({"receipt": {"reference": "KEM-1", "public_url": url}})
    receipt = of_post(answered(body)).receipt
    assert receipt is not None
    assert receipt.public_url == expected


# --------------------------------------------------------------------------------------------------- no JSON, no number


@pytest.mark.parametrize(
    ("reply", "needed", "otherwise"),
    [
        (answered("", 204), "no_reference", DELIVERED),
        (answered("OK", content_type="text/plain; charset=utf-8"), "no_reference", DELIVERED),
        (answered("{}"), "no_reference", DELIVERED),
        (answered("<html>Masuk</html>", content_type="text/html"), "not_json", UNCERTAIN),
        (answered('{"receipt": {', content_type="application/json"), "not_json", UNCERTAIN),
        (answered('{"success": false}'), "error_in_200", UNCERTAIN),
        (answered('{"meta": {"code": 500}}'), "error_in_200", UNCERTAIN),
    ],
    ids=lambda value: value.body.decode()[:20] if isinstance(value, Reply) else str(value),
)
def test_an_answer_without_a_reference(reply: Reply, needed: str, otherwise: OutcomeKind) -> None:
    strict, lenient = of_post(reply), of_post(reply, requires_reference=False)
    assert (strict.kind, strict.reason) == (UNCERTAIN, needed)
    assert lenient.kind is otherwise
    if otherwise is DELIVERED:
        assert lenient.receipt is not None
        assert (lenient.receipt.reference, lenient.yields) == (None, {})


# ----------------------------------------------------------------------------------------------------- error in a 2xx


@pytest.mark.parametrize(
    ("body", "kind", "reason"),
    [
        ('{"error": "gagal menyimpan"}', UNCERTAIN, "error_in_200"),
        ('{"success": false, "message": "Server sibuk"}', UNCERTAIN, "error_in_200"),
        ('{"success": "false"}', UNCERTAIN, "error_in_200"),
        ('{"status": "GAGAL"}', UNCERTAIN, "error_in_200"),
        ('{"errors": [{"title": "wajib"}]}', UNCERTAIN, "error_in_200"),
        ('{"status": 500}', UNCERTAIN, "error_in_200"),
        ('{"code": "409", "success": false}', UNCERTAIN, "error_in_200"),
        ('{"code": 410}', UNCERTAIN, "error_in_200"),
        ('{"status": 422, "message": "judul wajib"}', REFUSED, "error_422_in_200"),
        ('{"status": 422, "id": "permintaan-77"}', REFUSED, "error_422_in_200"),
        ('{"error": {"code": "400"}}', REFUSED, "error_400_in_200"),
        ('{"meta": {"code": 401, "status": "error"}, "data": null}', DEFERRED, "error_401_in_200"),
        ('{"error": "ya", "receipt": {"reference": "KEM-1"}}', UNCERTAIN, "error_in_200"),
        ('{"status": 422, "receipt": {"reference": "KEM-1"}}', UNCERTAIN, "error_in_200"),
        ('{"success": false, "id": "permintaan-77"}', UNCERTAIN, "error_in_200"),
    ],
)
def test_an_error_inside_a_200_is_never_a_delivery(body: str, kind: OutcomeKind, reason: str) -> None:
    outcome = of_post(answered(body))
    assert (outcome.kind, outcome.reason, outcome.status) == (kind, reason, 200)
    assert outcome.receipt is None


# ----------------------------------------------------------------------------------------------------------- conflicts


@pytest.mark.parametrize(
    ("repeat", "body", "kind"),
    [
        ("dedupes", RECEIPT, DELIVERED),
        ("dedupes", '{"id": "galat-1"}', DEFERRED),
        ("dedupes", "sedang diproses", DEFERRED),
        ("lookup", RECEIPT, UNCERTAIN),
        ("neither", RECEIPT, REFUSED),
    ],
)
def test_a_conflict_means_what_the_ministry_promised(repeat: str, body: str, kind: OutcomeKind) -> None:
    outcome = of_post(answered(body, 409), repeat=repeat)
    assert outcome.kind is kind
    assert outcome.yields == ({"reference": "KEM-1"} if kind is DELIVERED else {})


def test_a_conflict_that_says_when_to_come_back_is_heard() -> None:
    assert of_post(answered("{}", 409, retry_after="45")).retry_after == 45


def test_a_conflict_that_was_cut_short_proves_nothing() -> None:
    outcome = of_post(Reply(409, body=RECEIPT.encode(), truncated=True))
    assert outcome.kind is DEFERRED


# ------------------------------------------------------------------------------------------------------------- look-up

ABSENT = [
    answered('{"detail": "tidak ada"}', 404),
    answered("", 404),
    answered("[]"),
    answered('{"cases": []}'),
    answered('{"data": [], "meta": {"total": 0}}'),
]
FOUND = [
    answered(RECEIPT),
    answered(json.dumps({"idempotency_key": KEY, "reference": "KEM-1"})),
    answered(json.dumps([{"key": "lain", "id": 1}, {"key": KEY, "reference": "KEM-1"}])),
    answered(json.dumps({"items": [{"idempotency_key": KEY, "receipt": {"reference": "KEM-1"}}]})),
    answered(json.dumps({"receipt": {"reference": "KEM-1"}, "items": []})),
]
UNCLEAR = [
    answered("<html>404</html>", 404),
    answered("<html>Masuk</html>"),
    answered(""),
    answered("null"),
    answered("{}"),
    answered('{"message": "tidak ditemukan", "id": "permintaan-8"}'),
    answered(json.dumps([{"reference": "KEM-7"}])),
    answered(json.dumps([KEY])),
    answered(json.dumps({"data": [{"reference": "KEM-7"}, {"reference": "KEM-8"}]})),
    answered(json.dumps({"idempotency_key": "lain", "receipt": {"reference": "KEM-7"}})),
    answered(json.dumps({"idempotency_key": KEY})),
    answered('{"success": false, "data": []}'),
    Reply(200, body=b"[]", truncated=True),
    answered("{}", 500),
]


@pytest.mark.parametrize("reply", ABSENT, ids=lambda reply: reply.body.decode()[:40])
def test_a_look_up_finds_that_it_is_not_there(reply: Reply) -> None:
    outcome = of_lookup(reply)
    assert (outcome.kind, outcome.reason) == (REFUSED, "not_found")


@pytest.mark.parametrize("reply", FOUND, ids=lambda reply: reply.body.decode()[:40])
def test_a_look_up_finds_the_case(reply: Reply) -> None:
    outcome = of_lookup(reply)
    assert outcome.receipt is not None
    assert (outcome.kind, outcome.yields, outcome.receipt.reference) == (DELIVERED, {"reference": "KEM-1"}, "KEM-1")


@pytest.mark.parametrize("reply", UNCLEAR, ids=lambda reply: reply.body.decode()[:40])
@pytest.mark.parametrize("requires_reference", [True, False])
def test_a_look_up_that_cannot_be_told_is_asked_again(reply: Reply, requires_reference: bool) -> None:
    outcome = of_lookup(reply, requires_reference=requires_reference)
    named = reply.body == json.dumps({"idempotency_key": KEY}).encode()
    assert outcome.kind is (DELIVERED if named and not requires_reference else UNCERTAIN)


@pytest.mark.parametrize(("status", "kind"), [(401, DEFERRED), (403, DEFERRED), (429, DEFERRED), (502, UNCERTAIN)])
def test_a_look_up_that_cannot_be_made_now_says_nothing_about_the_case(status: int, kind: OutcomeKind) -> None:
    outcome = of_lookup(answered("{}", status))
    assert (outcome.kind, outcome.reason) == (kind, f"http_{status}")


# ------------------------------------------------------------------------------------------------ the entry's own rules

RULES = {
    "refuse_when": [{"status": 200, "body": [{"pointer": "/hasil/kode", "matches": "^E4"}], "reason": "ditolak"}],
    "defer_when": [{"status": "2xx", "body": [{"pointer": "/hasil/kode", "equals": "PENUH"}]}],
    "accept_when": [{"status": 422, "body": [{"pointer": "/nomor", "exists": True}], "reason": "sudah_ada"}],
}


def ruled(reply: Reply, **options: Any) -> Outcome:
    settings = {"answers": RULES, "reference_pointers": ["/nomor"], **options}
    return of_post(reply, **settings)


def test_a_success_that_carries_an_error_inside_is_none() -> None:
    outcome = ruled(answered('{"nomor": "K-1", "hasil": {"kode": "E41"}}'))
    assert (outcome.kind, outcome.reason, outcome.status) == (REFUSED, "ditolak", 200)


def test_a_rule_that_defers_minds_the_time_that_the_answer_asks_for() -> None:
    outcome = ruled(answered('{"hasil": {"kode": "PENUH"}}', 202, retry_after="90"))
    assert (outcome.kind, outcome.reason, outcome.retry_after) == (DEFERRED, "deferred_by_rule", 90)


def test_an_error_that_is_a_success_is_one_if_it_has_its_reference() -> None:
    accepted = ruled(answered('{"nomor": "K-1"}', 422))
    assert (accepted.kind, accepted.reason, accepted.yields) == (DELIVERED, "sudah_ada", {"reference": "K-1"})
    doubtful = ruled(answered('{"nomor": ""}', 422))
    assert (doubtful.kind, doubtful.reason) == (UNCERTAIN, "no_reference")
    assert ruled(answered('{"nomor": ""}', 422), requires_reference=False).kind is DELIVERED


def test_what_no_rule_knows_is_read_as_ever() -> None:
    assert ruled(answered('{"nomor": "K-1"}')).kind is DELIVERED
    assert ruled(answered("{}", 422)).kind is REFUSED
