"""The requests to a ministry: signed, keyed, addressed as the entry says."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from pydantic import ValidationError
from standardwebhooks import Webhook, WebhookVerificationError

from adapters.contract import DestinationEntry, Fault
from adapters.destinations.ministry_rest.adapter import KIND, build
from adapters.destinations.ministry_rest.simulator import SECRET
from schemas.base import Schema
from schemas.errors import Misconfigured
from schemas.handoff import OutcomeKind, Repeat
from tests.fakes.cases import HANDOFF_ID, a_case, a_file, a_withdrawal, an_addition
from tests.unit.adapters.ministry_rest.builders import URL, a_ministry, an_entry

AT = datetime(2026, 3, 2, 1, 20, tzinfo=UTC)
OTHER_SECRET = "whsec_cmFoYXNpYS1sYW1hLXlhbmctbWFzaWgtYmVybGFrdQ=="


def test_the_library_of_the_receiver_accepts_the_signature() -> None:
    ministry, case = a_ministry(), a_case()
    step = ministry.next_step(case)
    assert step is not None
    call = ministry.build(case, step, datetime.now(UTC))
    received = Webhook(SECRET).verify(call.body, dict(call.headers))
    assert received["tracking_code"] == case.tracking_code


def test_the_signature_is_of_the_instant_whatever_zone_it_is_told_in() -> None:
    ministry, case = a_ministry(), a_case()
    step = ministry.next_step(case)
    assert step is not None
    jayapura = AT.astimezone(timezone(timedelta(hours=9)))
    assert ministry.build(case, step, AT).headers == ministry.build(case, step, jayapura).headers


def test_the_key_the_webhook_id_and_the_idempotency_key_are_the_handoffs() -> None:
    ministry, case = a_ministry(), a_case()
    step = ministry.next_step(case)
    assert step is not None
    call = ministry.build(case, step, AT)
    headers = dict(call.headers)
    assert {call.key, headers["webhook-id"], headers["idempotency-key"]} == {str(HANDOFF_ID)}


def test_two_secrets_sign_side_by_side_while_one_is_replaced() -> None:
    ministry = build(an_entry(secrets={"signing_secret": f"{SECRET} {OTHER_SECRET}"}))
    step = ministry.next_step(a_case())
    assert step is not None
    call = ministry.build(a_case(), step, datetime.now(UTC))
    for secret in (SECRET, OTHER_SECRET):
        assert Webhook(secret).verify(call.body, dict(call.headers))
    with pytest.raises(WebhookVerificationError):
        Webhook(b"x" * 32).verify(call.body, dict(call.headers))


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "rahasia",
        SECRET.removeprefix("whsec_"),
        "whsec_cGVuZGVr",
        f"{SECRET[:20]}!{SECRET[20:]}",
        "whsec_" + "QUFB" * 30,
    ],
)
def test_a_signing_secret_that_is_none_is_told_at_once_and_never_shown(secret: str) -> None:
    with pytest.raises(Misconfigured) as raised:
        build(an_entry(secrets={"signing_secret": secret}))
    told = str(raised.value.problems)
    assert "destinations.kementerian-contoh.secrets.signing_secret" in told
    assert not secret or secret not in told


def test_a_bearer_token_goes_along_when_there_is_one() -> None:
    with_token = build(an_entry(secrets={"bearer_token": "token-contoh"}))
    without = build(an_entry())
    step = without.next_step(a_case())
    assert step is not None
    assert ("authorization", "Bearer token-contoh") in with_token.build(a_case(), step, AT).headers
    assert "authorization" not in dict(without.build(a_case(), step, AT).headers)


@pytest.mark.parametrize("token", ["", "dua kata", "baris\nbaru"])
def test_a_bearer_token_that_no_header_can_hold_is_told_at_once(token: str) -> None:
    with pytest.raises(Misconfigured, match="bearer token"):
        build(an_entry(secrets={"bearer_token": token}))


def test_options_of_another_kind_are_told_at_once() -> None:
    with pytest.raises(Misconfigured, match="not those of a ministry_rest"):
        build(DestinationEntry("x", URL, Schema(), {"signing_secret": SECRET}))


@pytest.mark.parametrize(
    ("url", "options", "expected"),
    [
        (URL, {}, f"{URL}/cases?idempotency_key={HANDOFF_ID}"),
        (f"{URL}/", {"path": ""}, f"{URL}?idempotency_key={HANDOFF_ID}"),
        (URL, {"path": "/cases?unit=2214"}, f"{URL}/cases?unit=2214&idempotency_key={HANDOFF_ID}"),
        (URL, {"lookup_path": "/kasus/{key}/status"}, f"{URL}/kasus/{HANDOFF_ID}/status"),
    ],
)
def test_a_look_up_goes_where_the_entry_says(url: str, options: dict[str, Any], expected: str) -> None:
    ministry = build(an_entry(url, repeat="lookup", **options))
    call = ministry.build(a_case(), ministry.lookup_step(a_case(), "post"), AT)
    assert (call.method, call.url, call.body) == ("GET", expected, b"")


@pytest.mark.parametrize(("repeat", "fresh"), [("dedupes", False), ("lookup", False), ("neither", True)])
def test_a_connection_of_its_own_only_for_what_must_not_be_repeated(repeat: str, fresh: bool) -> None:
    ministry = a_ministry(repeat=repeat)
    step = ministry.next_step(a_case())
    assert step is not None
    assert (step.repeat, ministry.build(a_case(), step, AT).fresh) == (Repeat(repeat), fresh)


@pytest.mark.parametrize(("send_files", "files"), [(False, [False] * 3), (True, [True, True, False])])
def test_bytes_are_asked_for_only_where_they_are_sent(send_files: bool, files: list[bool]) -> None:
    ministry = a_ministry(send_files=send_files)
    steps = [ministry.next_step(case) for case in (a_case(), an_addition(), a_withdrawal())]
    assert [step.files for step in steps if step] == files


@pytest.mark.parametrize(
    ("prior", "expected"),
    [({"post": {"reference": "KEM-2026-000123"}}, "KEM-2026-000123"), ({"post": {}}, None), ({}, None)],
)
def test_a_later_message_names_the_reference_that_the_report_was_given(
    prior: dict[str, dict[str, str]], expected: str | None
) -> None:
    ministry, case = a_ministry(), an_addition(prior=prior)
    step = ministry.next_step(case)
    assert step is not None
    assert json.loads(ministry.build(case, step, AT).body)["prior_reference"] == expected


async def test_a_ministry_has_no_vocabulary() -> None:
    ministry = a_ministry()
    assert await ministry.sync() == ()
    await ministry.aclose()


@pytest.mark.parametrize(
    "options",
    [
        {"path": "cases"},
        {"path": "/ca ses"},
        {"repeat": "harmless"},
        {"lookup_path": "/cases"},
        {"lookup_delay": -1},
        {"reference_pointers": []},
        {"reference_pointers": ["receipt.reference"]},
        {"reference_pointers": ["/a~2b"]},
    ],
    ids=str,
)
def test_options_that_cannot_work_are_refused(options: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        KIND.options.model_validate(options)


# --------------------------------------------------------------------------------------------------- a shape of its own

OWN = {"report": {"kode": "{tracking_code}", "berkas": "{report.attachments}", "pesan": "{messages}"}}


def test_a_body_in_its_own_shape_has_files_where_the_usual_one_has_them() -> None:
    ministry, case = a_ministry(payload=OWN, send_files=True), a_case(files=(a_file(),))
    step = ministry.next_step(case)
    assert step is not None
    body = json.loads(ministry.build(case, step, AT).body)
    usual = json.loads(a_ministry(send_files=True).build(case, step, AT).body)
    assert body == {
        "kode": case.tracking_code,
        "berkas": usual["case"]["attachments"],
        "pesan": usual["messages"],
    }


async def test_a_message_that_the_shape_does_not_know_is_refused_and_nothing_is_sent() -> None:
    ministry, case = a_ministry(payload=OWN, send_files=True), an_addition()
    step = ministry.next_step(case)
    assert step is not None
    assert not step.files
    call = ministry.build(case, step, AT)
    reply = await ministry.send(call)
    outcome = ministry.read(case, step, reply, AT)
    assert (call.url, reply.fault) == ("", Fault("not_sent", sent=False))
    assert (outcome.kind, outcome.reason) == (OutcomeKind.REFUSED, "later_messages_not_taken")
