"""What others see of a report, and what they never see."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from gateway.casework import REPORT_PART
from gateway.georeport.shown import shown, status_of, updates
from gateway.keyring import make_key_ring
from gateway.ledger.published import PublishedRow
from gateway.ledger.values import EventRow, HandoffRow, KeyRow, ReportRow, WatchRow
from gateway.vault import Vault
from schemas.handoff import HandoffKind, HandoffState
from schemas.report import Location, Report
from schemas.status import EventKind, EventSource

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
VAULT = Vault(make_key_ring(lambda size: bytes([1]) * size))
REPORT_ID, HANDOFF_ID = UUID(int=1), UUID(int=2)
REPORT = Report(
    title="Lampu padam",
    content="Lampu jalan padam.",
    category_id=1398,
    location=Location(latitude=-6.2, longitude=106.8, address="Gang Kenanga", regency="Kota Contoh"),
)


def handoff(state: HandoffState = HandoffState.DELIVERED) -> HandoffRow:
    return HandoffRow(
        id=HANDOFF_ID,
        report_id=REPORT_ID,
        channel="kota",
        destination="sp4n",
        kind=HandoffKind.REPORT,
        first_sequence=0,
        last_sequence=0,
        parameters={},
        state=state,
        progress={},
        uncertain_step=None,
        released=False,
        tries=1,
        step_tries=1,
        due_at=None,
        rung_at=None,
        owner=None,
        priority=1,
        clock_from=AT,
        stage=None,
        reason=None,
        evidence=None,
        reference="5000001",
        created_at=AT,
        updated_at=AT + timedelta(minutes=1),
    )


def row(report: Report = REPORT, state: HandoffState = HandoffState.DELIVERED) -> PublishedRow:
    key = VAULT.new_key(REPORT_ID)
    stored = ReportRow(
        id=REPORT_ID,
        tracking_code="K7RM-4XQ9-HT3C",
        channel="kota",
        received_at=AT,
        last_message_at=AT,
        classification=report.classification.value,
        verdict="accept",
        decision=None,
        sealed_report=key.seal(REPORT_PART, report.model_dump_json().encode()),
        category_id=report.category_id,
    )
    return PublishedRow(stored, KeyRow(REPORT_ID, key.wrapped, key.master_key_id), (), (handoff(state),))


def said(name: str, *, minutes: int = 5) -> EventRow:
    at = AT + timedelta(minutes=minutes)
    return EventRow(
        UUID(int=minutes), REPORT_ID, HANDOFF_ID, "sp4n", EventSource.POLL, name, EventKind.STATUS, at, status_name=name
    )


def watch(*, closed: bool = False, name: str | None = None) -> WatchRow:
    at = AT + timedelta(minutes=9)
    return WatchRow(HANDOFF_ID, REPORT_ID, "sp4n", at, delivered_at=AT, status_name=name, closed=closed)


def test_a_public_report_is_told_without_its_code() -> None:
    told = shown(row(), VAULT, own=False)
    assert told is not None
    assert told["status_notes"] == "Diterima sp4n, nomor 5000001."
    assert (told["address"], told["lat"], told["service_code"]) == ("Gang Kenanga, Kota Contoh", -6.2, "1398")
    assert (told["requested_datetime"], told["updated_datetime"]) == ("2026-03-02T08:00:00Z", "2026-03-02T08:01:00Z")
    assert "K7RM" not in str(told)


@pytest.mark.parametrize("own", [True, False])
def test_of_an_anonymous_report_only_that_it_is_there(own: bool) -> None:
    told = shown(row(REPORT.model_copy(update={"is_anonymous": True})), VAULT, own=own)
    assert told is not None
    assert [told[name] for name in ("description", "address", "lat", "long")] == [None] * 4


def test_a_secret_report_is_there_for_its_own_channel_only() -> None:
    secret = row(REPORT.model_copy(update={"is_secret": True}))
    told = shown(secret, VAULT, own=True)
    assert shown(secret, VAULT, own=False) is None
    assert told is not None
    assert told["description"] is None
    assert updates(secret, VAULT, AT, AT + timedelta(days=1), own=False) == []


@pytest.mark.parametrize(
    ("state", "watches", "status"),
    [
        (HandoffState.DELIVERED, (), "open"),
        (HandoffState.DELIVERED, (watch(),), "open"),
        (HandoffState.DELIVERED, (watch(closed=True),), "closed"),
        (HandoffState.CANCELLED, (), "closed"),
        (HandoffState.PARKED, (), "open"),
    ],
)
def test_a_request_is_closed_once_nobody_has_anything_left_to_do(
    state: HandoffState, watches: tuple[WatchRow, ...], status: str
) -> None:
    assert status_of(replace(row(state=state), watches=watches)) == status


def test_a_report_that_is_owed_to_nobody_yet_is_open() -> None:
    assert status_of(replace(row(), handoffs=())) == "open"


def test_updates_tell_who_received_it_and_each_status_in_the_time_that_was_asked_for() -> None:
    heard = replace(row(), events=(said("Dalam Proses"), said("Selesai", minutes=8)), watches=(watch(name="Selesai"),))
    told = updates(heard, VAULT, AT, AT + timedelta(minutes=8), own=False)
    assert [(each["description"], each["status"]) for each in told] == [
        ("Diterima sp4n, nomor 5000001.", "OPEN"),
        ("sp4n: Dalam Proses.", "OPEN"),
        ("sp4n: Selesai.", "CLOSED"),
    ]
    assert [
        each["description"]
        for each in updates(heard, VAULT, AT + timedelta(minutes=6), AT + timedelta(days=1), own=False)
    ] == ["sp4n: Selesai."]
    request = shown(heard, VAULT, own=False)
    assert request is not None
    assert request["status_notes"] == "Diterima sp4n, nomor 5000001. Selesai."
