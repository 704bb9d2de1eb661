"""The desk's pages: the form with today's list beside it, the receipt, the page to sign in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from functools import cache
from importlib.resources import files
from uuid import UUID

from starlette.responses import Response

from gateway.access_book import HeldChannel
from gateway.ledger.desk_queue import DeskEntry, find_number
from gateway.ledger.views import show_report
from gateway.pins import pin_of
from gateway.public.drafts import DESK_KEY, Draft, regions
from gateway.public.pages import ZONES, page
from gateway.public.state import Public
from schemas.errors import NotFound
from schemas.handoff import HandoffState

KIND = "desk"

_ENDED = "Anda perlu masuk lagi: isi kunci loket, lalu tekan Simpan. / Sign in again: give the desk's key, then save."
_WRONG_KEY = "Kunci ini bukan kunci loket yang terbuka. / This is not the key of an open desk."


def sign_in_page(status: int = 200) -> Response:
    """The page to sign in; with another status than 200 it says that the key was wrong."""
    return page("loket_masuk.html", status, errors={} if status == 200 else {DESK_KEY: _WRONG_KEY})


def locked_page(draft: Draft) -> Response:
    """The form as it was filled in, for an officer whose session ended meanwhile: it is sent with the desk's key."""
    return page(
        "loket.html",
        403,
        desk="Loket",
        key=draft.key,
        values=draft.values(),
        errors={DESK_KEY: _WRONG_KEY if draft.desk_key else _ENDED},
        notice="",
        entries=(),
        locked=True,
        **regions(),
    )


def form_page(
    channel: HeldChannel,
    entries: Sequence[DeskEntry],
    status: int,
    draft: Draft | None,
    *,
    key: str,
    errors: dict[str, str],
    notice: str,
    names: Mapping[str, str],
) -> Response:
    """The form, with today's reports of the desk."""
    lines = [
        {
            "number": entry.number,
            "time": f"{entry.at.astimezone(_zone(channel)):%H.%M}",
            "report_id": entry.report_id,
            "code": entry.tracking_code,
            "state": state_of(entry, names),
        }
        for entry in entries
    ]
    values = draft.values() if draft else {}
    return page(
        "loket.html",
        status,
        desk=name_of(channel),
        key=key,
        values=values,
        errors=errors,
        notice=notice,
        entries=lines,
        locked=False,
        **regions(),
    )


async def receipt_page(public: Public, channel: HeldChannel, report_id: UUID, base: str) -> Response:
    """The receipt; `base` is where people reach the pages. Raises NotFound for what is not this desk's."""
    record = await public.ledger.read(show_report, report_id)
    place = await public.ledger.read(find_number, report_id)
    if record is None or place is None or record.report.channel != channel.name:
        raise NotFound("this desk has no report with that id")
    code = record.report.tracking_code
    return page(
        "loket_terima.html",
        desk=name_of(channel),
        number=place.number,
        code=code,
        pin=pin_of(public.vault, code),
        at=record.report.received_at,
        zone=zone_name(channel),
        track=f"{base}/lacak",
    )


def state_of(entry: DeskEntry, names: Mapping[str, str]) -> str:
    """What became of a report, in few words; `names` are those of destinations, as people know them."""
    if entry.held:
        return "Diperiksa petugas"
    states = {handoff.state for handoff in entry.handoffs}
    if HandoffState.PARKED in states:
        return "Terhambat"
    got = [
        names.get(handoff.destination, handoff.destination)
        for handoff in entry.handoffs
        if handoff.state is HandoffState.DELIVERED
    ]
    if got and states <= {HandoffState.DELIVERED, HandoffState.CANCELLED}:
        return f"Diterima {', '.join(got)}"
    return "Dibatalkan" if states == {HandoffState.CANCELLED} else "Diteruskan"


def name_of(channel: HeldChannel) -> str:
    """What stands on the desk's pages."""
    name = channel.options.get("name")
    return name if isinstance(name, str) and name else channel.name


def zone_name(channel: HeldChannel) -> str:
    """The desk's zone."""
    zone = channel.options.get("zone")
    return zone if isinstance(zone, str) and zone in ZONES else "WIB"


def day_of(channel: HeldChannel, now: datetime) -> date:
    """The desk's day."""
    return now.astimezone(_zone(channel)).date()


@cache
def javascript() -> bytes:
    """The desk's script."""
    return files("gateway.public").joinpath("static", "periksa.js").read_bytes()


def _zone(channel: HeldChannel) -> timezone:
    return timezone(timedelta(hours=ZONES[zone_name(channel)]))
