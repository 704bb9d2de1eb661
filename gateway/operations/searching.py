"""Finding reports by what names them, or by who reported; that somebody looked for a reporter is recorded."""

from __future__ import annotations

from datetime import datetime

from gateway.ledger import Ledger
from gateway.ledger.actions import note
from gateway.ledger.reporters import reports_of
from gateway.ledger.values import ActionRow
from gateway.ledger.views import reports_named
from gateway.operations.log_query import LogQuery
from gateway.reporters import reporter_key
from gateway.vault import Vault
from schemas.errors import Forbidden, Invalid
from schemas.ids import new_id

MOST_REPORTS = 500


async def named_in(ledger: Ledger, query: LogQuery, *, may_reveal: bool) -> LogQuery:
    """The query with the reports that it names looked up. Raises Forbidden where it names a reporter's hash that who
    asks may not look for, Invalid for what is no hash.
    """
    if query.given["reporter"]:
        if not may_reveal:
            raise Forbidden("looking for a reporter needs `reveal`", cause="looking_for_reporters")
        try:
            key = bytes.fromhex(query.given["reporter"])
        except ValueError as error:
            raise Invalid("`reporter` is the keyed hash that a search gave", cause="no_reporter_hash") from error
        return query.about(*await ledger.read(reports_of, key, MOST_REPORTS))
    if query.given["find"]:
        return query.about(*await ledger.read(reports_named, query.given["find"]))
    return query


async def reporter_hash(ledger: Ledger, vault: Vault, text: str, *, actor: str, now: datetime) -> bytes | None:
    """The keyed hash of a phone number or NIK, by which the log is filtered; None for a text that is neither.

    The search is recorded under the hash: no number stands in an address, a log or the ledger.
    """
    key = reporter_key(vault, text)
    if key is not None:
        await ledger.write(note, ActionRow(new_id(now), now, actor, "search.reporter", key.hex(), {}))
    return key
