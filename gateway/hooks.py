"""Webhooks that are told of alerts: their secrets sealed, events made in plain words, each sent once and signed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlsplit
from uuid import UUID

from standardwebhooks import Webhook

from adapters.contract import Call
from adapters.http import HttpClient, Limits, classify
from gateway.alerts.conditions import GRAVE
from gateway.alerts.lasting import Alert, State
from gateway.alerts.words import explained
from gateway.ledger.alert_hooks import HookRow
from gateway.vault import Vault

_SECRET = "signing_secret"  # noqa: S105 - the name of a secret
_TIMES = Limits(connect=5.0, read=10.0, total=15.0, reply_bytes=4096, connections=2)


def event_of(alert: Alert) -> dict[str, object]:
    """What a hook is told of an alert: plain words in both languages, no identity, no text of a report."""
    at = alert.cleared_at or alert.raised_at or alert.last_at
    data = {
        "id": str(alert.id),
        "kind": alert.kind.value,
        "subject": alert.subject,
        "grave": alert.kind in GRAVE,
        "since": _spelled(alert.since),
        "detail": dict(alert.detail),
        **explained(alert.kind, alert.subject, alert.detail),
    }
    kind = "alert.cleared" if alert.state is State.CLEARED else "alert.raised"
    return {"type": kind, "timestamp": _spelled(at), "data": data}


def trial_event(at: datetime) -> dict[str, object]:
    """What a hook is told to try it out."""
    return {"type": "alert.test", "timestamp": _spelled(at), "data": {"title": {"id": "Uji coba", "en": "A test"}}}


async def deliver(vault: Vault, hook: HookRow, identity: UUID, body: str, at: datetime) -> str | None:
    """Send an event once, signed as Standard Webhooks says; None when it was taken, else why not."""
    secret = vault.open_secrets(_place(hook.name), hook.sealed_secret, hook.master_key_id)[_SECRET]
    utc = at.astimezone(UTC)  # the library's sign() writes UTC over whatever zone it is given
    headers = (
        ("content-type", "application/json"),
        ("webhook-id", str(identity)),
        ("webhook-timestamp", str(int(utc.timestamp()))),
        ("webhook-signature", Webhook(secret).sign(str(identity), utc, body)),
    )
    host = urlsplit(hook.url).hostname or ""
    client = HttpClient(_TIMES, allow_private=frozenset({host}) if hook.private else frozenset())
    try:
        reply = await client.send(Call("POST", hook.url, headers, body.encode(), str(identity)))
    finally:
        await client.aclose()
    outcome = classify(reply, utc)
    return outcome.reason if outcome else None


def sealed_hook(vault: Vault, name: str, url: str, secret: str, now: datetime, *, private: bool) -> HookRow:
    """The row of a hook, its secret sealed."""
    sealed, master_key_id = vault.seal_secrets(_place(name), {_SECRET: secret})
    return HookRow(name, url, private, sealed, master_key_id, now)


def resealed_hook(vault: Vault, hook: HookRow) -> HookRow:
    """The same under the current master key."""
    opened = vault.open_secrets(_place(hook.name), hook.sealed_secret, hook.master_key_id)
    sealed, master_key_id = vault.seal_secrets(_place(hook.name), opened)
    return replace(hook, sealed_secret=sealed, master_key_id=master_key_id)


def _place(name: str) -> str:
    """Under what a hook's secret is sealed: no channel can be called so."""
    return f"alert hook {name}"


def _spelled(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
