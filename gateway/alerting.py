"""The chores of alerts: one worker looks for all, keeps what is so, and tells those who asked to be told."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import orjson
import structlog

from gateway.alerts.conditions import Limits, Sight, conditions
from gateway.alerts.lasting import USUAL, Alert, steps
from gateway.certificates import expiry_or_none
from gateway.chores import Chore
from gateway.config import DestinationConfig
from gateway.hooks import deliver, event_of
from gateway.ledger.alert_hooks import list_hooks, notices_due, settle_notice
from gateway.ledger.alerts import NewNotice, alert_sight, is_eldest, open_alerts, take_steps
from gateway.line import Tools
from gateway.retry import RetryPolicy, next_wait
from schemas.ids import new_id

log = structlog.get_logger("gateway.alerting")

_EVERY, _TELL_EVERY = 15.0, 5.0
_AT_ONCE = 50
_RETRY = RetryPolicy()


@dataclass(frozen=True, slots=True)
class Alerting:
    """What looking and telling need. `worker` is this process's; `folders` are watched for space, by their name."""

    tools: Tools
    origin: str
    destinations: Mapping[str, DestinationConfig]
    folders: Mapping[str, Path]
    limits: Limits
    worker: Callable[[], UUID]


def alerting(alert: Alerting) -> tuple[Chore, ...]:
    """The chores of a worker: name, seconds between two rounds, and what is done."""
    ledger = alert.tools.ledger

    async def look() -> None:
        if await ledger.read(is_eldest, alert.worker()):
            await look_for_alerts(alert)

    async def tell() -> None:
        if await ledger.read(is_eldest, alert.worker()):
            await tell_hooks(alert.tools)

    return (("alerts", _EVERY, look), ("alert hooks", _TELL_EVERY, tell))


async def look_for_alerts(alerting: Alerting) -> None:
    """See what is so, and keep what becomes of the alerts by it. Raises LedgerUnavailable or Tampered."""
    ledger, now = alerting.tools.ledger, alerting.tools.clock.now()
    seen = await _sight(alerting, now)
    known = await ledger.read(open_alerts)
    taken = steps(known, conditions(seen, alerting.limits), now, USUAL, lambda: new_id(now))
    if not taken:
        return
    hooks = await ledger.read(list_hooks)

    def owed(alert: Alert) -> Sequence[NewNotice]:
        body = orjson.dumps(event_of(alert)).decode()
        return [NewNotice(new_id(now), hook.name, body) for hook in hooks]

    for alert in await ledger.write(take_steps, taken, owed):
        log.warning(f"alert.{alert.state.value}", kind=alert.kind.value, subject=alert.subject)


async def tell_hooks(tools: Tools) -> None:
    """Send what hooks are owed, each once; what was not taken is tried again later. Raises LedgerUnavailable."""
    now = tools.clock.now()
    hooks = {hook.name: hook for hook in await tools.ledger.read(list_hooks)}
    for owed in await tools.ledger.read(notices_due, now, _AT_ONCE):
        hook = hooks.get(owed.hook)
        reason = await deliver(tools.vault, hook, owed.id, owed.body, now) if hook else "no_such_hook"
        ended = tools.clock.now()
        wait = None
        if reason is not None and hook is not None:
            wait = next_wait(_RETRY, owed.tries + 1, (ended - owed.made_at).total_seconds(), None, tools.chance)
            log.warning("alert.not_told", hook=owed.hook, reason=reason, tries=owed.tries + 1, given_up=wait is None)
        due_at = ended + timedelta(seconds=wait) if wait is not None else None
        await tools.ledger.write(settle_notice, owed.id, reason, due_at, ended)


async def _sight(alerting: Alerting, now: datetime) -> Sight:
    seen = await alerting.tools.ledger.read(alert_sight, now, alerting.origin)
    free, certificates = await asyncio.to_thread(_machine, alerting)
    return replace(seen, free=free, certificates=certificates)


def _machine(alerting: Alerting) -> tuple[dict[str, int], dict[str, datetime]]:
    free = {name: shutil.disk_usage(path).free for name, path in alerting.folders.items() if path.is_dir()}
    expiries = {name: expiry_or_none(one.entry) for name, one in alerting.destinations.items()}
    return free, {name: expiry for name, expiry in expiries.items() if expiry is not None}
