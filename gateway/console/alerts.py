"""Alerts: what is wrong now with what to do, and what was."""

from __future__ import annotations

from starlette.responses import Response

from gateway.alerts.lasting import State
from gateway.console.visit import Visit
from gateway.ledger.alerts import list_alerts
from gateway.operations.rows import alert_row

_SHOWN = 100


async def show_alerts(visit: Visit) -> Response:
    """Those that are raised first, then those that are over."""
    rows = [alert_row(one) for one in await visit.desk.ledger.read(list_alerts, raised=False, limit=_SHOWN)]
    raised = [row for row in rows if row["state"] == State.RAISED]
    return visit.page("alerts.html", raised=raised, over=[row for row in rows if row["state"] != State.RAISED])
