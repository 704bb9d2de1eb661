"""Rows of the ledger as operations sees them: named columns, nothing sealed, no identity.

The same mapping makes a table's cells and a JSON list's objects.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gateway.ledger.values import (
    ActionRow,
    BalanceRow,
    ChannelRow,
    CredentialRow,
    DestinationRow,
    GateRow,
    HandoffRow,
    ParkedRow,
    TermRow,
)

HANDOFF_HEADINGS = {
    "id": "handoff",
    "destination": "destination",
    "channel": "channel",
    "kind": "kind",
    "state": "state",
    "clock": "clock",
    "tries": "tries",
    "reason": "reason",
    "evidence": "evidence",
    "reference": "reference",
    "due_at": "due",
    "updated_at": "updated",
}

PARKED_HEADINGS = {
    "id": "id",
    "what": "what",
    "stage": "stage",
    "reason": "reason",
    "channel": "channel",
    "destination": "destination",
    "parked_at": "parked",
    "report_id": "report",
}

CHANNEL_HEADINGS = {"name": "channel", "kind": "adapter", "keys": "keys", "created_at": "made", "closed_at": "closed"}
INBOX_KEY_HEADINGS = {"id": "key", "destination": "destination", "created_at": "made", "revoked_at": "revoked"}
USER_KEY_HEADINGS = {"id": "key", "user_name": "user", "created_at": "made", "revoked_at": "revoked"}
CREDENTIAL_HEADINGS = {"id": "key", "channel": "channel", "created_at": "made", "revoked_at": "revoked"}
DESTINATION_HEADINGS = {
    "name": "destination",
    "adapter": "adapter",
    "url": "address",
    "state": "state",
    "opens_at": "opens",
    "slots": "at once",
    "not_collected": "not collected",
    "paused_by": "paused by",
    "reason": "reason",
    "synced_at": "synchronized",
}
TERM_HEADINGS = {
    "kind": "kind",
    "code": "code",
    "name": "name",
    "parent": "parent",
    "seen_at": "seen",
    "gone_at": "gone",
}
BALANCE_HEADINGS = {
    "channel": "channel",
    "destination": "destination",
    "accepted": "accepted",
    "delivered": "delivered",
    "pending": "pending",
    "uncertain": "uncertain",
    "parked": "parked",
    "cancelled": "cancelled",
    "difference": "difference",
}


def handoff_row(row: HandoffRow) -> dict[str, Any]:
    """A handoff as it stands."""
    return {
        "id": str(row.id),
        "report_id": str(row.report_id),
        "channel": row.channel,
        "destination": row.destination,
        "kind": row.kind.value,
        "state": row.state.value,
        "tries": row.tries,
        "stage": row.stage.value if row.stage else None,
        "reason": row.reason,
        "evidence": row.evidence.value if row.evidence else None,
        "reference": row.reference,
        "uncertain_step": row.uncertain_step,
        "due_at": row.due_at,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }


def parked_handoff_row(row: HandoffRow) -> dict[str, Any]:
    """A parked handoff in the list of everything that was set aside."""
    return {
        "id": str(row.id),
        "what": "handoff",
        "stage": row.stage.value if row.stage else None,
        "reason": row.reason,
        "channel": row.channel,
        "destination": row.destination,
        "parked_at": row.updated_at,
        "report_id": str(row.report_id),
    }


def parked_row(row: ParkedRow) -> dict[str, Any]:
    """A message or report that was set aside before there was a handoff of it."""
    return {
        "id": str(row.id),
        "what": "message" if row.report_id is None else "report",
        "stage": row.stage.value,
        "reason": row.reason,
        "channel": row.channel,
        "destination": None,
        "parked_at": row.parked_at,
        "report_id": str(row.report_id) if row.report_id else None,
    }


def channel_row(row: ChannelRow, keys: int) -> dict[str, Any]:
    """A channel and how many keys of it are valid."""
    return {
        "name": row.name,
        "kind": row.kind,
        "keys": keys,
        "options": dict(row.options),
        "created_at": row.created_at,
        "closed_at": row.closed_at,
    }


def credential_row(row: CredentialRow) -> dict[str, Any]:
    """A channel's key, without anything that could be used as one."""
    return {"id": row.id, "channel": row.channel, "created_at": row.created_at, "revoked_at": row.revoked_at}


def destination_row(
    name: str, adapter: str | None, url: str | None, row: DestinationRow | None, gates: Sequence[GateRow] = ()
) -> dict[str, Any]:
    """A destination: what the configuration says of it, what operations decided, and how the workers find it.

    The state is the worst that a living worker finds.
    """
    paused = row is not None and row.paused_at is not None
    found = max(gates, key=lambda gate: (gate.state != "open", gate.state), default=None)
    state = found.state if found else "open"
    return {
        "name": name,
        "adapter": adapter,
        "url": url,
        "state": "not configured" if adapter is None else "paused" if paused else state,
        "opens_at": min((gate.opens_at for gate in gates if gate.opens_at), default=None),
        "slots": sum(gate.slots for gate in gates) if gates else None,
        "workers": len(gates),
        "paused_at": row.paused_at if row else None,
        "paused_by": row.paused_by if row else None,
        "reason": row.reason if row else None,
        "synced_at": row.synced_at if row else None,
    }


def term_row(row: TermRow) -> dict[str, Any]:
    """An entry of a destination's vocabulary."""
    return {
        "kind": row.kind,
        "code": row.code,
        "name": row.name,
        "parent": row.parent,
        "seen_at": row.seen_at,
        "gone_at": row.gone_at,
    }


def balance_row(row: BalanceRow) -> dict[str, Any]:
    """One line of the books."""
    return {
        "channel": row.channel,
        "destination": row.destination,
        "accepted": row.accepted,
        "delivered": row.delivered,
        "pending": row.pending,
        "uncertain": row.uncertain,
        "parked": row.parked,
        "cancelled": row.cancelled,
        "difference": row.difference,
    }


def action_row(row: ActionRow) -> dict[str, Any]:
    """What a person did."""
    return {"at": row.at, "actor": row.actor, "action": row.action, "subject": row.subject, "detail": dict(row.detail)}
