"""The simulated ministry: it believes nobody, takes nothing twice unless told to, and remembers."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook

from adapters.contract import Case
from adapters.destinations.ministry_rest.adapter import Ministry, build
from adapters.destinations.ministry_rest.simulator import PATH, SECRET, Mode, SimulatedMinistry, simulated
from adapters.simulator import Book, SimulatedAnswer, SimulatedRequest
from tests.fakes.cases import PHOTO, a_case, a_file, a_report, a_reporter, a_withdrawal, an_addition
from tests.unit.adapters.ministry_rest.builders import an_entry

AT = datetime(2026, 3, 2, 1, 20, tzinfo=UTC)
OTHER_SECRET = "whsec_cmFoYXNpYS1sYW1hLXlhbmctbWFzaWgtYmVybGFrdQ=="


def ministry(**options: Any) -> SimulatedMinistry:
    return simulated(now=lambda: AT, **options)


def request(case: Case, adapter: Ministry | None = None, *, at: datetime = AT, name: str = "post") -> SimulatedRequest:
    """What arrives when the adapter sends the case."""
    adapter = adapter or build(an_entry())
    step = adapter.next_step(case) if name == "post" else adapter.lookup_step(case, "post")
    assert step is not None
    call = adapter.build(case, step, at)
    query = {"idempotency_key": str(case.handoff_id)} if call.method == "GET" else {}
    return SimulatedRequest(call.method, PATH, query, dict(call.headers), call.body)


def reference(answer: SimulatedAnswer) -> str:
    return json.loads(answer.body)["receipt"]["reference"]  # type: ignore[no-any-return]


def test_a_case_is_taken_and_numbered() -> None:
    book = Book()
    answer = ministry().take(request(a_case()), book)
    assert (answer.status, reference(answer)) == (201, "KEM-2026-000001")
    (entry,) = book.of("case")
    assert entry["body"]["case"]["content"] == a_case().report.content


@pytest.mark.parametrize(
    "spoilt",
    [
        {"body": b"{}"},
        {"headers": {}},
        {"headers": {"webhook-id": "x", "webhook-timestamp": "9" * 5000, "webhook-signature": "v1,eA=="}},
        {"headers": {"webhook-id": "x", "webhook-timestamp": "1772414400", "webhook-signature": "v1,\xe9 v2"}},
    ],
    ids=["body", "no headers", "timestamp", "signature"],
)
def test_what_is_not_signed_is_not_taken(spoilt: dict[str, Any]) -> None:
    book = Book()
    assert ministry().take(replace(request(a_case()), **spoilt), book).status == 401
    assert len(book) == 0


@pytest.mark.parametrize("minutes", [-6, 6])
def test_an_old_or_early_signature_is_not_taken(minutes: int) -> None:
    old = request(a_case(), at=AT + timedelta(minutes=minutes))
    assert ministry().take(old, Book()).status == 401


def test_another_secret_is_not_taken_but_both_are_while_one_is_replaced() -> None:
    other = build(an_entry(secrets={"signing_secret": OTHER_SECRET}))
    both = build(an_entry(secrets={"signing_secret": f"{OTHER_SECRET} {SECRET}"}))
    answers = [ministry().take(request(a_case(), adapter), Book()).status for adapter in (other, both)]
    assert answers == [401, 201]


def test_a_bearer_token_is_wanted_where_there_is_one() -> None:
    bearing = build(an_entry(secrets={"bearer_token": "token-contoh"}))
    wants = ministry(bearer="token-contoh")
    answers = [wants.take(request(a_case(), adapter), Book()).status for adapter in (build(an_entry()), bearing)]
    assert answers == [401, 201]


@pytest.mark.parametrize(("mode", "cases"), [("dedupes", 1), ("lookup", 2), ("neither", 2)])
def test_a_key_that_came_before(mode: Mode, cases: int) -> None:
    app, book = ministry(mode=mode), Book()
    references = [reference(app.take(request(a_case()), book)) for _ in range(2)]
    assert (len(book.of("case")), len(set(references))) == (cases, cases)


def test_a_key_that_came_before_with_another_body_is_refused() -> None:
    app, book = ministry(), Book()
    app.take(request(a_case()), book)
    other = app.take(request(a_case(report=a_report(title="Judul lain"))), book)
    assert (other.status, len(book)) == (422, 1)


@pytest.mark.parametrize(
    ("mode", "absent", "there"), [("dedupes", 404, 200), ("lookup", 404, 200), ("neither", 405, 405)]
)
def test_a_look_up(mode: Mode, absent: int, there: int) -> None:
    app, book = ministry(mode=mode), Book()
    before = app.take(request(a_case(), name="lookup"), book)
    app.take(request(a_case()), book)
    after = app.take(request(a_case(), name="lookup"), book)
    assert (before.status, after.status) == (absent, there)


def test_the_book_is_known_again_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "book.jsonl"
    first = Book(path)
    ministry().take(request(a_case()), first)
    first.close()
    again = Book(path)
    answer = ministry().take(request(a_case()), again)
    other = ministry().take(request(a_case(handoff_id=an_addition().handoff_id)), again)
    assert (answer.status, reference(answer), reference(other)) == (200, "KEM-2026-000001", "KEM-2026-000002")
    assert len(again) == 2


def test_what_comes_later_belongs_to_its_case() -> None:
    app, book = ministry(), Book()
    prior = {"post": {"reference": reference(app.take(request(a_case()), book))}}
    answers = [app.take(request(later(prior=prior)), book) for later in (an_addition, a_withdrawal)]
    assert [reference(answer) for answer in answers] == ["KEM-2026-000001/1", "KEM-2026-000001/2"]
    assert [entry["kind"] for entry in book.entries] == ["case", "addition", "withdrawal"]


@pytest.mark.parametrize("prior", [{}, {"post": {"reference": "KEM-2026-000999"}}])
def test_what_comes_later_is_refused_without_its_case(prior: dict[str, Any]) -> None:
    assert ministry().take(request(an_addition(prior=prior)), Book()).status == 422


def test_the_book_does_not_keep_the_bytes_of_files() -> None:
    book = Book()
    sending = build(an_entry(send_files=True))
    assert ministry().take(request(a_case(files=(a_file(),)), sending), book).status == 201
    (photo,) = book.entries[0]["body"]["case"]["attachments"]
    assert (photo["size"], "content_base64" in photo) == (len(PHOTO), False)


@pytest.mark.parametrize(
    "change",
    [
        lambda body: body.update(extra=1),
        lambda body: body.pop("channel"),
        lambda body: body.update(type="case.closed"),
        lambda body: body.update(accepted_at="2026-03-02T01:15:30"),
        lambda body: body["case"].update(title=""),
        lambda body: body["case"].update(is_anonymous=True, reporter=a_reporter().model_dump()),
        lambda body: body["case"]["attachments"][0].update(content_base64="AAAA"),
        lambda body: body["case"]["attachments"][0].update(content_base64="bukan!"),
    ],
)
def test_a_body_that_breaks_the_promise_is_refused(change: Any) -> None:
    sent = request(a_case())
    body = json.loads(sent.body)
    assert ministry().take(_signed_anew(sent, body), Book()).status == 201
    change(body)
    assert ministry().take(_signed_anew(sent, body), Book()).status == 422


def _signed_anew(sent: SimulatedRequest, body: dict[str, Any]) -> SimulatedRequest:
    text = json.dumps(body)
    signature = Webhook(SECRET).sign(sent.headers["webhook-id"], AT, text)
    return replace(sent, headers={**sent.headers, "webhook-signature": signature}, body=text.encode())


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"method": "PUT"}, 405),
        ({"path": "/"}, 404),
        ({"path": "/_simulator/x"}, 404),
    ],
)
def test_other_methods_and_addresses_are_none_of_it(change: dict[str, Any], status: int) -> None:
    assert ministry().take(replace(request(a_case()), **change), Book()).status == status


@pytest.mark.parametrize(
    ("header", "value", "status"), [("idempotency-key", "x", 400), ("content-type", "text/json", 415)]
)
def test_a_header_that_does_not_fit_is_refused(header: str, value: str, status: int) -> None:
    sent = request(a_case())
    spoilt = replace(sent, headers={**sent.headers, header: value})
    assert ministry().take(spoilt, Book()).status == status
