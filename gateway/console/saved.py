"""Saved views of the delivery log: everybody's own, and those that are shared."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from starlette.responses import RedirectResponse, Response

from gateway.console.desk import BASE
from gateway.console.visit import Visit
from gateway.ledger.saved_views import SavedView, drop_view, save_view
from gateway.operations.log_query import NAMES
from schemas.ids import new_id

_NAME = 64
"""Characters of a view's name."""


async def take_view(visit: Visit) -> Response:
    """Keep what is filtered now under a name."""
    name = visit.needed("view", _NAME)
    pairs = [(key, value[:200]) for key, value in parse_qsl(visit.field("query")) if key in NAMES]
    query = urlencode(pairs)
    view = SavedView(new_id(visit.now), visit.actor, name, query, visit.field("shared") == "yes", visit.now)
    await visit.desk.ledger.write(save_view, view)
    return RedirectResponse(f"{BASE}/log?{query}&done=view_saved", 303)


async def drop(visit: Visit) -> Response:
    """Forget one of one's own views."""
    await visit.desk.ledger.write(drop_view, visit.path_id("view"), visit.actor)
    return visit.go("/log", done="view_dropped")
