"""What others see of a report: never its reporter, of an anonymous one only that it is there, of a secret one nothing.

Public is a report that passed screening, is owed to at least one destination, came by a channel that publishes, and
that its reporter did not ask to hide, with whichever message. The key of a channel shows its own reports too, whatever
their state, with the same parts left out. One that follows an earlier report of the same event stands as that one does,
and is found by its id.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from pydantic import TypeAdapter

from gateway.casework import MESSAGE_PART, REPORT_PART
from gateway.georeport.services import service_of
from gateway.joining import joined
from gateway.ledger.published import PublishedRow
from gateway.ledger.values import HandoffRow
from gateway.vault import Vault
from schemas.handoff import HandoffState
from schemas.report import Location, Message, Report
from schemas.status import TERMINAL
from schemas.status import status_of as event_status

_DESCRIPTION = 4000
_report = TypeAdapter(Report)
_message = TypeAdapter(Message)


def shown(row: PublishedRow, vault: Vault, *, own: bool) -> dict[str, Any] | None:
    """The request as GeoReport tells it (GET Service Requests), or None when it is not for this reader.

    Raises Erased when the key of the report was destroyed meanwhile.
    """
    report = _opened(row, vault)
    if report.is_secret and not own:
        return None
    open_to_all = not (report.is_anonymous or report.is_secret)
    place = report.location if open_to_all else None
    service = service_of(row.report.category_id)
    return {
        "service_request_id": str(row.report.id),
        "status": status_of(row),
        "status_notes": _notes(row),
        "service_name": service.name,
        "service_code": service.code,
        "description": report.content[:_DESCRIPTION] if open_to_all else None,
        "agency_responsible": ", ".join(each.destination for each in _standing(row.handoffs)) or None,
        "service_notice": None,
        "requested_datetime": w3(row.report.received_at),
        "updated_datetime": w3(_updated(row)),
        "expected_datetime": None,
        "address": _address(place) if place else None,
        "address_id": None,
        "zipcode": None,
        "lat": place.latitude if place else None,
        "long": place.longitude if place else None,
        "media_url": None,
    }


def updates(row: PublishedRow, vault: Vault, since: datetime, until: datetime, *, own: bool) -> list[dict[str, Any]]:
    """What happened to a request in a time, as FixMyStreet's extension tells it: who received it, which status it has.

    What an agency wrote is left out: it may name the reporter.
    """
    told = [one for one in (*_receipts(row), *_statuses(row)) if since <= one.at <= until]
    if not told or (_opened(row, vault).is_secret and not own):
        return []
    return [
        {
            "update_id": one.id,
            "service_request_id": str(row.report.id),
            "status": "CLOSED" if one.closes else "OPEN",
            "updated_datetime": w3(one.at),
            "description": one.text,
            "media_url": None,
        }
        for one in told
    ]


def status_of(row: PublishedRow) -> str:
    """`closed` once nobody has anything left to do about it; `open` as long as somebody has."""
    ended = {watch.handoff_id for watch in row.watches if watch.closed}
    left = [handoff for handoff in _standing(row.handoffs) if handoff.id not in ended]
    return "closed" if row.handoffs and not left else "open"


@dataclass(frozen=True, slots=True)
class _Update:
    id: str
    at: datetime
    text: str
    closes: bool = False


def _receipts(row: PublishedRow) -> Iterator[_Update]:
    delivered = {watch.handoff_id: watch.delivered_at for watch in row.watches}
    for handoff in row.handoffs:
        if handoff.state is HandoffState.DELIVERED:
            yield _Update(
                _update_id(row, handoff.report_id, handoff.id),
                delivered.get(handoff.id) or handoff.updated_at,
                _received(handoff),
            )


def _statuses(row: PublishedRow) -> Iterator[_Update]:
    for event in row.events:
        if event.status_name is not None:
            closes = event_status(event.status_name) in TERMINAL
            yield _Update(
                _update_id(row, event.report_id, event.id),
                event.at,
                f"{event.destination}: {event.status_name}.",
                closes,
            )


def _update_id(row: PublishedRow, owner: UUID, identity: UUID) -> str:
    """An id of its own for what happened to the report that this one follows: both may be read by one client."""
    return str(identity if owner == row.report.id else uuid5(row.report.id, str(identity)))


def w3(time: datetime) -> str:
    """A time as the specification writes it, with its zone and without fractions."""
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _opened(row: PublishedRow, vault: Vault) -> Report:
    key = vault.open_key(row.report.id, row.key.wrapped, row.key.master_key_id)
    report = _report.validate_json(key.open(REPORT_PART, row.report.sealed_report))
    later = [_message.validate_json(key.open(MESSAGE_PART, message.sealed_message)) for message in row.later]
    return joined(report, later)


def _standing(its: Sequence[HandoffRow]) -> list[HandoffRow]:
    return [handoff for handoff in its if handoff.state is not HandoffState.CANCELLED]


def _notes(row: PublishedRow) -> str | None:
    """Who received it, and how it stands there."""
    named = {watch.handoff_id: watch.status_name for watch in row.watches}
    received = [handoff for handoff in row.handoffs if handoff.state is HandoffState.DELIVERED]
    notes = [_received(each) + (f" {name}." if (name := named.get(each.id)) else "") for each in received]
    return " ".join(notes) or None


def _received(handoff: HandoffRow) -> str:
    number = f", nomor {handoff.reference}" if handoff.reference else ""
    return f"Diterima {handoff.destination}{number}."


def _updated(row: PublishedRow) -> datetime:
    changed = [each.updated_at for each in row.handoffs] + [each.changed_at for each in row.watches]
    return max([row.report.last_message_at, *changed])


def _address(place: Location) -> str | None:
    """From the most specific to the most general, as the specification asks."""
    parts = (place.address, place.village, place.district, place.regency, place.province)
    return ", ".join(part for part in parts if part) or None
