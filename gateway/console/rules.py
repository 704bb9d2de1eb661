"""The rules of routing in force, as the configuration file has them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from starlette.responses import Response

from gateway.console.visit import Visit
from gateway.operations.trying import Outlook, outlook
from gateway.route import Rule
from schemas.errors import Misconfigured


async def show_rules(visit: Visit) -> Response:
    """Every rule in order, the default destinations and the directory."""
    return _page(visit, "", None, ())


async def take_trial(visit: Visit) -> Response:
    """Try changed rules on the reports in the ledger. Nothing is written."""
    desk, routes = visit.desk, (visit.form.get("routes") or [""])[0]
    if not routes.strip():
        raise visit.wrong("routes", "error.needed", field=visit.told("rules.routes"))
    try:
        found = await outlook(desk.ledger, desk.vault, desk.config, routes)
    except Misconfigured as error:
        return _page(visit, routes, None, error.problems)
    return _page(visit, routes, found, ())


def _page(visit: Visit, routes: str, found: Outlook | None, problems: Sequence[str]) -> Response:
    rules = visit.desk.config.rules
    conditions = [(rule, _conditions(rule)) for rule in rules.rules]
    shown = {"rules": rules, "conditions": conditions, "routes": routes, "found": found, "problems": problems}
    return visit.page("rules.html", 422 if problems else 200, here="/rules", **shown)


def _conditions(rule: Rule) -> list[tuple[str, str]]:
    return [(name, _spelled(getattr(rule.when, name))) for name in rule.when.given()]


def _spelled(value: Any) -> str:
    return ", ".join(sorted(map(str, value))) if isinstance(value, frozenset) else str(value).lower()
