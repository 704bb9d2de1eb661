"""Open311 outbound: the form, the token, the answers, and what is refused before it is sent."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

import pytest

from adapters.contract import Case, Reply
from adapters.destinations.open311.adapter import build
from adapters.destinations.open311.simulator import simulated
from adapters.simulator import Book, Simulator
from schemas.handoff import Outcome, OutcomeKind, Repeat
from tests.contracts.play import done, play_step
from tests.fakes.cases import a_case, a_location, a_report, a_reporter, a_withdrawal, an_addition
from tests.unit.adapters.open311.builders import an_entry

AT = datetime(2026, 3, 2, 1, 20, tzinfo=UTC)
DELIVERED, DEFERRED = OutcomeKind.DELIVERED, OutcomeKind.DEFERRED
REFUSED, UNCERTAIN = OutcomeKind.REFUSED, OutcomeKind.UNCERTAIN
CODES = {"119": "JALAN", "aspirasi": "USULAN"}


def sent(case: Case, **options: Any) -> dict[str, str]:
    destination = build(an_entry(**options))
    step = destination.next_step(case)
    assert step is not None
    return dict(parse_qsl(destination.build(case, step, AT).body.decode(), keep_blank_values=True))


def read(body: str, status: int = 200, case: Case | None = None, **options: Any) -> Outcome:
    destination, known = build(an_entry(**options)), case or a_case()
    step = destination.next_step(known)
    assert step is not None
    return destination.read(known, step, Reply(status, body=body.encode()), AT)


# ------------------------------------------------------------------------------------------------------------- the form


@pytest.mark.parametrize(
    ("report", "code"),
    [
        ({}, "JALAN"),
        ({"category_id": 7}, "LAIN"),
        ({"category_id": 7, "classification": "aspirasi"}, "USULAN"),
        ({"category_id": 119, "classification": "aspirasi"}, "JALAN"),
        ({"category_id": None}, "LAIN"),
    ],
)
def test_the_code_is_that_of_the_category_or_the_class(report: dict[str, Any], code: str) -> None:
    assert sent(a_case(report=a_report(**report)), service_codes=CODES)["service_code"] == code


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ({"latitude": 1e-5, "longitude": -0.00000001}, {"lat": "0.00001", "long": "-0"}),
        ({"latitude": None}, {}),
    ],
)
def test_coordinates_go_only_in_pairs_and_never_in_powers_of_ten(
    place: dict[str, Any], expected: dict[str, str]
) -> None:
    fields = sent(a_case(report=a_report(location=a_location(**place))))
    assert {name: fields[name] for name in ("lat", "long") if name in fields} == expected
    assert fields["address_string"].endswith("Kabupaten Garut, Jawa Barat")


def test_a_report_without_a_place_is_given_the_entrys_or_refused() -> None:
    nowhere = a_case(report=a_report(location=None))
    assert sent(nowhere, fallback_address="Kota Contoh")["address_string"] == "Kota Contoh"
    outcome = read("[]", case=nowhere)
    assert (outcome.kind, outcome.reason) == (REFUSED, "no_location")
    assert sent(nowhere) == {}


def test_who_reports_is_told_only_where_the_case_holds_it_and_is_not_anonymous() -> None:
    names = ("email", "first_name", "last_name", "phone")
    named = sent(a_case(reporter=a_reporter()))
    assert [named[name] for name in names] == [
        "wulandari.k@contoh.example",
        "Wulandari",
        "Kusumaningtyas",
        "+628110009988",
    ]
    anonymous = sent(a_case(reporter=a_reporter(), report=a_report(is_anonymous=True)))
    assert [name for name in names if name in anonymous or name in sent(a_case())] == []
    assert not {"3205994401990007", "Kampung Ciburial 12, Tarogong"} & set(named.values())


def test_attributes_and_the_address_of_photos_are_templates() -> None:
    options = {
        "attributes": {
            "KODE": "{tracking_code}",
            "DUSUN": "{report.location.village}",
            "NOMOR": "{report.category_id}",
        },
        "media_url": "https://lapor.example/foto/{tracking_code}",
    }
    fields = sent(a_case(report=a_report(location=a_location(village=None))), **options)
    assert {name: value for name, value in fields.items() if name.startswith(("attribute", "media"))} == {
        "attribute[KODE]": "3PKR-RFPG-C6E6",
        "attribute[NOMOR]": "119",
        "media_url": "https://lapor.example/foto/3PKR-RFPG-C6E6",
    }
    for unseen in ({"is_secret": True}, {"attachments": ()}):
        assert "media_url" not in sent(a_case(report=a_report(**unseen)), **options)


def test_a_description_has_at_most_4000_characters_and_says_that_it_was_cut() -> None:
    description = sent(a_case(report=a_report(content="é" * 9000)))["description"]
    assert len(description) == 4000
    assert description.endswith("dengan kode 3PKR-RFPG-C6E6.]")


# --------------------------------------------------------------------------------------------------------- the answers


@pytest.mark.parametrize(
    ("body", "format_"),
    [
        ('[{"service_request_id": "77", "service_notice": "ok", "account_id": null}]', "json"),
        ('[{"service_request_id": 77}]', "json"),
        ('{"service_request_id": "77"}', "json"),
        ('[{"service_request_id": "77", "token": "t"}]', "json"),
        (
            "<service_requests><request><service_request_id> 77 </service_request_id></request></service_requests>",
            "xml",
        ),
    ],
)
def test_a_number_proves_the_request(body: str, format_: str) -> None:
    outcome = read(body, 201, format=format_, public_url="https://kota.example/l/{service_request_id}")
    assert outcome.receipt is not None
    assert (outcome.kind, outcome.yields) == (DELIVERED, {"service_request_id": "77"})
    assert outcome.receipt.public_url == "https://kota.example/l/77"


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        ('[{"code": 403, "description": "kunci"}]', 200, DEFERRED),
        ('[{"code": "400", "description": "atribut"}]', 200, REFUSED),
        ('[{"code": 409}]', 200, UNCERTAIN),
        ('[{"code": 410}]', 200, UNCERTAIN),
        ('[{"code": 500}]', 200, UNCERTAIN),
        ('[{"code": 400, "description": "atribut"}]', 400, REFUSED),
        ("[]", 200, UNCERTAIN),
        ("", 200, UNCERTAIN),
        ("<x/>", 200, UNCERTAIN),
        ('[{"service_request_id": true}]', 200, UNCERTAIN),
        ('[{"service_request_id": ""}, 7]', 200, UNCERTAIN),
        ("[]", 409, UNCERTAIN),
    ],
)
def test_what_proves_nothing_leaves_it_open_unless_it_names_an_error(body: str, status: int, kind: OutcomeKind) -> None:
    assert read(body, status).kind is kind


def test_a_conflict_where_keys_are_honoured_is_tried_again() -> None:
    assert read("[]", 409, repeat="dedupes").kind is DEFERRED


def test_an_error_in_xml_is_read_too() -> None:
    errors = "<errors><error><code>404</code><description>x</description></error></errors>"
    assert read(errors, 200, format="xml").reason == "error_404_in_200"
    assert read("<errors>", 200, format="xml").kind is UNCERTAIN


def test_the_entrys_own_rules_are_looked_at_first() -> None:
    rules = {
        "refuse_when": [{"body": [{"pointer": "/0/service_notice", "matches": "DITOLAK"}], "reason": "ditolak"}],
        "defer_when": [{"status": 500}],
        "accept_when": [{"status": 422}],
    }
    refused = read('[{"service_request_id": "7", "service_notice": "DITOLAK"}]', 201, answers=rules)
    assert (refused.kind, refused.reason) == (REFUSED, "ditolak")
    assert read("[]", 500, answers=rules).kind is DEFERRED
    assert read('[{"service_request_id": "7"}]', 422, answers=rules).yields == {"service_request_id": "7"}
    assert read("[{}]", 422, answers=rules).kind is UNCERTAIN
    assert read('[{"service_request_id": "7"}]', 201, answers=rules).kind is DELIVERED


async def test_a_token_is_asked_about_until_there_is_a_number() -> None:
    simulator = Simulator(simulated(answers="token", pending=1), book=Book())
    await simulator.start()
    destination = build(an_entry(simulator.url, token_delay=30))
    case, step = a_case(), destination.next_step(a_case())
    assert step is not None
    taken = await play_step(destination, case, step)
    assert (taken.outcome.kind, taken.outcome.receipt) == (DELIVERED, None)
    case = done(case, step, taken.outcome)
    resolve = destination.next_step(case)
    assert resolve is not None
    waiting = (await play_step(destination, case, resolve)).outcome
    known = (await play_step(destination, case, resolve)).outcome
    await destination.aclose()
    await simulator.stop()
    assert resolve.repeat is Repeat.HARMLESS
    assert (waiting.kind, waiting.reason, waiting.retry_after) == (DEFERRED, "token_pending", 30)
    assert known.receipt is not None
    assert (known.kind, known.receipt.reference) == (DELIVERED, "OPEN-1")


# ---------------------------------------------------------------------------------------------------- later messages


@pytest.mark.parametrize(
    ("options", "prior", "reason"),
    [
        ({}, {"post": {"service_request_id": "1"}}, "later_messages_not_taken"),
        ({"updates": True}, {}, "no_service_request"),
        ({"updates": True}, {"post": {"token": "t"}}, "no_service_request"),
    ],
)
async def test_a_later_message_that_cannot_be_told_is_refused_unsent(
    options: dict[str, Any], prior: dict[str, Any], reason: str
) -> None:
    destination, case = build(an_entry(**options)), an_addition(prior=prior)
    step = destination.next_step(case)
    assert step is not None
    outcome = destination.read(case, step, await destination.send(destination.build(case, step, AT)), AT)
    assert (outcome.kind, outcome.reason) == (REFUSED, reason)


def test_an_update_names_the_request_and_closes_nothing() -> None:
    case = a_withdrawal(
        prior={"post": {"token": "t"}, "resolve": {"service_request_id": "OPEN-9"}}, reporter=a_reporter()
    )
    fields = sent(case, updates=True)
    assert (fields["service_request_id"], fields["status"], fields["update_id"]) == (
        "OPEN-9",
        "OPEN",
        str(case.handoff_id),
    )
    assert fields["updated_datetime"] == "2026-03-04T02:05:00Z"
    assert "phone" not in fields


def test_an_update_without_a_number_is_open() -> None:
    case = an_addition(prior={"post": {"service_request_id": "1"}})
    assert read('[{"update_id": 5}]', 200, case, updates=True).kind is DELIVERED
    assert read("[{}]", 200, case, updates=True).kind is UNCERTAIN
    assert read("[]", 500, case, updates=True).kind is UNCERTAIN
