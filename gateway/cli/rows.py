"""The columns of each table that commands print, with their headings."""

from __future__ import annotations

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
USER_KEY_HEADINGS = {"id": "key", "user": "user", "created_at": "made", "revoked_at": "revoked"}
SESSION_HEADINGS = {
    "id": "session",
    "user": "user",
    "created_at": "begun",
    "seen_at": "seen",
    "address": "address",
    "agent": "browser",
}
ALERT_HEADINGS = {
    "state": "state",
    "raised_at": "since",
    "cleared_at": "over",
    "title": "what",
    "todo": "what to do",
}
HOOK_HEADINGS = {"name": "hook", "url": "address", "private": "inside", "created_at": "made"}
AUDIT_HEADINGS = {"at": "at", "actor": "who", "action": "did", "subject": "to", "detail": "detail"}
VIEW_HEADINGS = {"name": "view", "owner": "owner", "shared": "shared", "query": "filter"}
LOG_HEADINGS = {
    "started_at": "begun",
    "tracking_code": "report",
    "channel": "channel",
    "destination": "destination",
    "step": "step",
    "outcome": "outcome",
    "reason": "reason",
    "state": "state",
    "reference": "reference",
}
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
