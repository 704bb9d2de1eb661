"""One box that finds anything: a report by its code or a reference, a reporter by phone number or NIK, a reason."""

from __future__ import annotations

from starlette.responses import Response

from gateway.console.visit import Visit
from gateway.ledger.views import reports_named
from gateway.operations.searching import reporter_hash
from gateway.reporters import reporter_key
from schemas.errors import Forbidden


async def find(visit: Visit) -> Response:
    """Lead to what was searched for.

    It is sent by POST, and a reporter is looked up under a keyed hash: no number stands in an address, a log or the
    ledger. That somebody looked for a reporter is recorded.
    """
    text = visit.field("q")
    if not text:
        return visit.go("/log")
    found = await visit.desk.ledger.read(reports_named, text)
    if len(found) == 1:
        return visit.go(f"/reports/{found[0]}")
    if found:
        return visit.go("/log", find=text)
    if not visit.may("reveal"):
        if reporter_key(visit.desk.vault, text) is not None:
            raise Forbidden(visit.told("cause.looking_for_reporters"), cause="looking_for_reporters")
        return visit.go("/log", reason=text)
    desk = visit.desk
    key = await reporter_hash(desk.ledger, desk.vault, text, actor=visit.actor, now=visit.now)
    return visit.go("/log", reason=text) if key is None else visit.go("/log", reporter=key.hex())
