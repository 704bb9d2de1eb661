"""Every rule by which the national system's answers are read."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.contract import Case, Fault, Reply, Step
from schemas.handoff import Outcome, OutcomeKind, Repeat
from tests.fakes.cases import ACCEPTED_AT, TRACKING_CODE, a_case, a_file, a_report, an_addition
from tests.unit.adapters.sp4n.builders import CREATED, an_adapter, answered, created, uploaded

DELIVERED, DEFERRED = OutcomeKind.DELIVERED, OutcomeKind.DEFERRED
REFUSED, UNCERTAIN = OutcomeKind.REFUSED, OutcomeKind.UNCERTAIN

TWO_FILES = a_case(files=(a_file(), a_file(name="surat.pdf", media_type="application/pdf")))
LATER = an_addition(prior={"complaint": CREATED, "pass_on": {"institution": "4"}})
HEAD = f"{TRACKING_CODE} [tambahan 1]"


def read(step: str, case: Case, reply: Reply, **options: Any) -> Outcome:
    return an_adapter(**options).read(case, Step(step, Repeat.HARMLESS), reply, ACCEPTED_AT)


def lists(images: Any, docs: Any, **more: Any) -> dict[str, Any]:
    return {"results": {"images": images, "docs": docs}, **more}


@pytest.mark.parametrize(
    ("body", "kind", "reason"),
    [
        (lists([{"id": 1}], [{"id": 2}]), DELIVERED, "uploaded"),
        (lists([{"id": "1"}, {"id": 2}], None), DELIVERED, "uploaded"),
        (lists([], [{"id": 1}, {"id": 2}], success=False), DELIVERED, "uploaded"),
        (lists([{"id": 1}], []), UNCERTAIN, "file_count"),
        (lists([{"id": 1}, {"id": 2}, {"id": 3}], []), UNCERTAIN, "file_count"),
        (lists([{"id": 1}, {"id": None}], []), UNCERTAIN, "file_count"),
        (lists([{"id": 1}, {"id": True}], []), UNCERTAIN, "file_count"),
        (lists([1, 2], []), UNCERTAIN, "file_count"),
        (lists([{"id": 1}], [], errors={"attachments.1": ["Terlalu besar."]}), REFUSED, "files_refused"),
        ({"status": "error"}, REFUSED, "files_refused"),
        ({}, UNCERTAIN, "file_count"),
        (b"<html>", UNCERTAIN, "file_count"),
        (b"", UNCERTAIN, "file_count"),
    ],
)
def test_an_upload_is_done_when_there_are_as_many_ids_as_files(body: Any, kind: OutcomeKind, reason: str) -> None:
    outcome = read("files", TWO_FILES, answered(body))

    assert (outcome.kind, outcome.reason) == (kind, reason)


def test_both_lists_of_files_are_one_images_first() -> None:
    body = lists([{"id": 9}], [{"id": 3}])

    assert read("files", TWO_FILES, answered(body)).yields == {"ids": [9, 3]}


@pytest.mark.parametrize("reply", [answered({}), answered(b"x", 404), answered(b"", 500)])
def test_when_no_file_could_be_had_any_answer_will_do(reply: Reply) -> None:
    outcome = read("files", a_case(files=()), reply)

    assert (outcome.kind, outcome.reason, outcome.yields) == (DELIVERED, "no_files", {"ids": []})


def test_without_an_answer_the_empty_upload_is_tried_again() -> None:
    assert read("files", a_case(), Reply(fault=Fault("connect_refused", sent=False))).kind is DEFERRED


@pytest.mark.parametrize(
    ("body", "kind", "reason"),
    [
        ({"complaint_id": 77}, DELIVERED, "created"),
        ({"complaint_id": "77"}, DELIVERED, "created"),
        ({"results": {"complaint": {"id": 77}}}, DELIVERED, "created"),
        ({"complaint_id": 77, "results": {"complaint": {"id": 5}}}, DELIVERED, "created"),
        ({"complaint_id": 77, "success": False, "errors": {"title": ["x"]}}, DELIVERED, "created"),
        ({"complaint_id": None, "results": {"complaint": {"id": 77}}}, DELIVERED, "created"),
        ({"success": False, "errors": {"title": ["Wajib."], "location_id": ["Wajib."]}}, REFUSED, "invalid_fields"),
        ({"errors": {"title": ["Wajib."], "server": ["Gagal."]}}, UNCERTAIN, "error_without_id"),
        ({"success": True, "errors": {"title": ["Wajib."]}}, UNCERTAIN, "error_without_id"),
        ({"errors": ["Gagal mengirim surel."]}, UNCERTAIN, "error_without_id"),
        ({"success": False}, UNCERTAIN, "error_without_id"),
        ({"status": "error"}, UNCERTAIN, "error_without_id"),
        ({"status": "GAGAL"}, UNCERTAIN, "error_without_id"),
        ({"status": False}, UNCERTAIN, "error_without_id"),
        ({"status": 401, "message": "Unauthenticated."}, UNCERTAIN, "error_without_id"),
        ({"error": "x"}, UNCERTAIN, "error_without_id"),
        ({"status": "success"}, UNCERTAIN, "no_reference"),
        ({"status": 200}, UNCERTAIN, "no_reference"),
        ({"complaint_id": 0}, UNCERTAIN, "no_reference"),
        ({"complaint_id": True}, UNCERTAIN, "no_reference"),
        ({"complaint_id": -7}, UNCERTAIN, "no_reference"),
        ({"complaint_id": ""}, UNCERTAIN, "no_reference"),
        ({"complaint_id": "../../etc"}, UNCERTAIN, "no_reference"),
        ({"complaint_id": 7.5}, UNCERTAIN, "no_reference"),
        ({"results": []}, UNCERTAIN, "no_reference"),
        ([{"complaint_id": 77}], UNCERTAIN, "no_reference"),
        (b"<html>masuk</html>", UNCERTAIN, "no_reference"),
        (b'{"complaint_id": 77', UNCERTAIN, "no_reference"),
        (b"", UNCERTAIN, "no_reference"),
    ],
)
def test_only_an_id_proves_a_complaint(body: Any, kind: OutcomeKind, reason: str) -> None:
    outcome = read("complaint", uploaded(1), answered(body))

    assert (outcome.kind, outcome.reason) == (kind, reason)
    assert (outcome.receipt is not None) == (kind is DELIVERED)


def test_an_identity_field_counts_as_sent_only_when_it_was() -> None:
    reply = answered({"errors": {"emailUser": ["Surel tidak sah."]}})

    assert read("complaint", uploaded(1), reply).kind is UNCERTAIN


def test_the_receipt_of_a_complaint_names_it_and_its_page() -> None:
    page = "https://www.lapor.example/pengaduan/{tracking_id}"
    outcome = read("complaint", uploaded(1), answered({"complaint_id": 77, "tracking_id": 88}), public_url=page)

    assert outcome.yields == {"complaint_id": "77", "tracking_id": "88"}
    assert outcome.receipt is not None
    assert outcome.receipt.reference == "77"
    assert outcome.receipt.public_url == "https://www.lapor.example/pengaduan/88"
    assert outcome.receipt.received_at == ACCEPTED_AT


@pytest.mark.parametrize("body", [{"complaint_id": 77}, {"complaint_id": 77, "tracking_id": "<8>"}])
def test_without_a_tracking_id_there_is_no_page(body: dict[str, Any]) -> None:
    page = "https://www.lapor.example/pengaduan/{tracking_id}"
    outcome = read("complaint", uploaded(1), answered(body), public_url=page)

    assert outcome.receipt is not None
    assert outcome.receipt.public_url is None


@pytest.mark.parametrize("step", ["pass_on", "followup", "continuation_2"])
@pytest.mark.parametrize(
    ("body", "kind", "reason"),
    [
        (b"", DELIVERED, "acknowledged"),
        (b" \n", DELIVERED, "acknowledged"),
        ({}, DELIVERED, "acknowledged"),
        ([], DELIVERED, "acknowledged"),
        (None, DELIVERED, "acknowledged"),
        ({"status": "success"}, DELIVERED, "acknowledged"),
        ({"success": False}, UNCERTAIN, "error_in_answer"),
        ({"errors": {"reason": ["x"]}}, UNCERTAIN, "error_in_answer"),
        (b"<html>", UNCERTAIN, "unreadable"),
        (b"{", UNCERTAIN, "unreadable"),
    ],
)
def test_an_acknowledgement_is_anything_that_does_not_say_the_opposite(
    step: str, body: Any, kind: OutcomeKind, reason: str
) -> None:
    outcome = read(step, LATER if step == "followup" else created(), answered(body))

    assert (outcome.kind, outcome.reason) == (kind, reason)
    assert (outcome.receipt is not None) == (kind is DELIVERED)


def test_passing_on_tells_to_whom() -> None:
    outcome = read("pass_on", created(), answered(b"", 204))

    assert outcome.yields == {"institution": "4"}
    assert outcome.receipt is not None
    assert (outcome.receipt.reference, outcome.receipt.extra) == ("5000001", {"institution": "4"})


def test_a_later_message_has_no_number_of_its_own() -> None:
    outcome = read("followup", LATER, answered({"status": "success"}))

    assert outcome.receipt is not None
    assert (outcome.receipt.reference, outcome.receipt.extra) == (None, {"complaint_id": "5000001"})


@pytest.mark.parametrize(
    ("step", "status", "body", "kind", "reason"),
    [
        ("complaint", 409, {}, UNCERTAIN, "conflict"),
        ("pass_on", 409, {}, UNCERTAIN, "no_authority"),
        ("pass_on", 403, {}, UNCERTAIN, "no_authority"),
        ("pass_on", 422, {"message": "Bukan kewenangan Anda."}, UNCERTAIN, "no_authority"),
        ("pass_on", 422, b"<html>", UNCERTAIN, "no_authority"),
        ("pass_on", 422, {"errors": {"complaint": ["Tidak berwenang."]}}, UNCERTAIN, "no_authority"),
        ("pass_on", 422, {"errors": {"reason": ["Tidak dikenal."]}}, REFUSED, "http_422"),
        ("pass_on", 404, {}, DEFERRED, "http_404"),
        ("pass_on", 400, {}, REFUSED, "http_400"),
        ("complaint", 422, {"errors": {"title": ["Wajib."]}}, REFUSED, "http_422"),
        ("complaint", 403, {}, DEFERRED, "http_403"),
        ("complaint", 500, {}, UNCERTAIN, "http_500"),
        ("complaint", 503, {}, UNCERTAIN, "http_503"),
        ("complaint", 429, {}, DEFERRED, "http_429"),
        ("files", 409, {}, DEFERRED, "conflict"),
        ("files", 413, {}, REFUSED, "http_413"),
        ("followup", 403, {}, DEFERRED, "http_403"),
    ],
)
def test_some_statuses_mean_something_else_here(
    step: str, status: int, body: Any, kind: OutcomeKind, reason: str
) -> None:
    case = LATER if step == "followup" else created(files=(a_file(),))
    outcome = read(step, case, answered(body, status))

    assert (outcome.kind, outcome.reason, outcome.status) == (kind, reason, status)


def test_a_fault_is_never_overruled() -> None:
    outcome = read("pass_on", created(), Reply(fault=Fault("connect_refused", sent=False)))

    assert (outcome.kind, outcome.reason) == (DEFERRED, "connect_refused")


@pytest.mark.parametrize(
    ("data", "kind", "reason"),
    [
        ({"disposition_id": 4}, DELIVERED, "passed_on"),
        ({"disposition_id": "4"}, DELIVERED, "passed_on"),
        ({"disposition_id": 207}, DELIVERED, "passed_on"),
        ({"disposition_id": 9021}, REFUSED, "not_found"),
        ({"disposition_id": "9021"}, REFUSED, "not_found"),
        ({"disposition_id": None}, DEFERRED, "no_disposition"),
        ({}, DEFERRED, "no_disposition"),
        ([{"disposition_id": 4}], DEFERRED, "no_disposition"),
    ],
)
def test_a_complaint_was_passed_on_when_it_lies_with_somebody_else(data: Any, kind: OutcomeKind, reason: str) -> None:
    outcome = read("find_pass_on", created(), answered({"results": {"data": data}}))

    assert (outcome.kind, outcome.reason) == (kind, reason)
    if kind is DELIVERED:
        assert outcome.yields == {"institution": str(data["disposition_id"])}


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", {"results": None}])
def test_a_disposition_that_cannot_be_read_is_asked_for_again(body: Any) -> None:
    assert read("find_pass_on", created(), answered(body)).kind is DEFERRED


@pytest.mark.parametrize(
    ("results", "kind", "reason"),
    [
        ({"data": [{"content": f"{HEAD}\n\nisi"}]}, DELIVERED, "found"),
        ({"data": [{"content": f"<p>{HEAD}</p><p>isi</p>"}]}, DELIVERED, "found"),
        ({"data": [{"content": f" <b>{HEAD.replace(' ', '&nbsp;')}</b>"}]}, DELIVERED, "found"),
        ({"data": [{"content": None}, {"content": HEAD}]}, DELIVERED, "found"),
        ({"data": []}, REFUSED, "not_found"),
        ({"data": [{"content": f"{TRACKING_CODE} [tambahan 11]"}]}, REFUSED, "not_found"),
        ({"data": [{"content": f"Kata pelapor: {HEAD}"}]}, REFUSED, "not_found"),
        ({"data": [{"content": "Terima kasih."}], "total": 1}, REFUSED, "not_found"),
        ({"data": [{"content": "Terima kasih."}], "total": 2}, DEFERRED, "list_not_whole"),
        ({"data": [{"content": "Terima kasih."}, {"id": 3}]}, DEFERRED, "list_not_whole"),
        ({"data": [7]}, DEFERRED, "list_not_whole"),
        ({"data": None}, DEFERRED, "no_list"),
        ({}, DEFERRED, "no_list"),
    ],
)
def test_a_follow_up_is_found_by_how_it_begins(results: Any, kind: OutcomeKind, reason: str) -> None:
    outcome = read("find_followup", LATER, answered({"results": results}))

    assert (outcome.kind, outcome.reason) == (kind, reason)
    assert (outcome.receipt is not None) == (kind is DELIVERED)


def test_the_rest_of_a_long_complaint_is_found_by_its_own_head() -> None:
    case = created(report=a_report(content="Jembatan putus. " * 40))
    listed = {"results": {"data": [{"content": f"{TRACKING_CODE} [lanjutan 2]\n\nisi"}]}}

    assert read("find_continuation_2", case, answered(listed), content_limit=200).kind is DELIVERED
    assert read("find_continuation_3", case, answered(listed), content_limit=200).reason == "not_found"


def test_where_the_text_of_a_follow_up_stands_can_be_told() -> None:
    listed = {"results": {"data": [{"isi": HEAD}]}}

    assert read("find_followup", LATER, answered(listed), followup_text_field="isi").kind is DELIVERED
    assert read("find_followup", LATER, answered(listed)).kind is DEFERRED
