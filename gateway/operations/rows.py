"""What was decided and by whom, as JSON: destinations, channels, people, rules, books, findings; no secret."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gateway.alerts.conditions import GRAVE
from gateway.alerts.lasting import Alert
from gateway.alerts.words import explained
from gateway.evidence import Verification
from gateway.ledger.alert_hooks import HookRow
from gateway.ledger.saved_views import SavedView
from gateway.ledger.sessions import SessionRow
from gateway.ledger.user_keys import UserKeyRow
from gateway.ledger.users import UserRow
from gateway.ledger.values import (
    ActionRow,
    BalanceRow,
    ChannelRow,
    CredentialRow,
    DestinationRow,
    GateRow,
    TermRow,
)
from gateway.route import Rule


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


def verification_document(found: Verification) -> dict[str, Any]:
    """What a verification found."""
    return {
        "origin": found.origin,
        "size": found.size,
        "root": found.root.hex() if found.root else None,
        "attempts": found.attempts,
        "results": found.results,
        "checkpoints": found.checkpoints,
        "handoffs": found.handoffs,
        "waiting": found.waiting,
        "whole": found.whole,
        "found": found.found,
        "findings": [
            {
                "problem": finding.problem.value,
                "subject": finding.subject.value,
                "sentence": finding.sentence,
                "attempt_id": str(finding.attempt_id) if finding.attempt_id else None,
                "report_id": str(finding.report_id) if finding.report_id else None,
                "destination": finding.destination,
                "position": finding.position,
            }
            for finding in found.findings
        ],
    }


def view_row(view: SavedView) -> dict[str, Any]:
    """A saved view of the delivery log."""
    return {
        "id": str(view.id),
        "name": view.name,
        "owner": view.owner,
        "query": view.query,
        "shared": view.shared,
        "created_at": view.created_at,
    }


def user_row(user: UserRow) -> dict[str, Any]:
    """A person, without anything of the password. `signs_in_by`: `password`, or the `provider` who says their role."""
    return {
        "name": user.name,
        "role": user.role.value,
        "signs_in_by": "provider" if user.is_from_provider else "password",
        "created_at": user.created_at,
        "locked_at": user.locked_at,
    }


def user_key_row(key: UserKeyRow) -> dict[str, Any]:
    """A person's key of the API, without anything that could be used as one."""
    return {"id": key.id, "user": key.user_name, "created_at": key.created_at, "revoked_at": key.revoked_at}


def session_row(session: SessionRow) -> dict[str, Any]:
    """A session of the console."""
    return {
        "id": str(session.id),
        "user": session.user_name,
        "created_at": session.created_at,
        "seen_at": session.seen_at,
        "address": session.address,
        "agent": session.agent,
    }


def rule_row(rule: Rule) -> dict[str, Any]:
    """A rule of routing."""
    return {
        "name": rule.name,
        "line": rule.line,
        "when": {name: _spelled(getattr(rule.when, name)) for name in rule.when.given()},
        "to": list(rule.to),
        "copies": list(rule.copies),
        "only": rule.only,
    }


def _spelled(value: Any) -> Any:
    return sorted(map(str, value)) if isinstance(value, frozenset) else value


def alert_row(alert: Alert) -> dict[str, Any]:
    """An alert with what it means and what to do, in both languages."""
    return {
        "id": str(alert.id),
        "kind": alert.kind.value,
        "subject": alert.subject,
        "state": alert.state.value,
        "grave": alert.kind in GRAVE,
        "since": alert.since,
        "raised_at": alert.raised_at,
        "cleared_at": alert.cleared_at,
        "detail": dict(alert.detail),
        **explained(alert.kind, alert.subject, alert.detail),
    }


def hook_row(hook: HookRow) -> dict[str, Any]:
    """Somebody who is told of alerts, without the secret."""
    return {"name": hook.name, "url": hook.url, "private": hook.private, "created_at": hook.created_at}
