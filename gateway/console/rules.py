"""The rules of routing in force, as the configuration file has them."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from gateway.console.visit import Visit
from gateway.route import Rule


async def show_rules(visit: Visit) -> Response:
    """Every rule in order, the default destinations and the directory."""
    rules = visit.desk.config.rules
    return visit.page("rules.html", rules=rules, conditions=[(rule, _conditions(rule)) for rule in rules.rules])


def _conditions(rule: Rule) -> list[tuple[str, str]]:
    return [(name, _spelled(getattr(rule.when, name))) for name in rule.when.given()]


def _spelled(value: Any) -> str:
    return ", ".join(sorted(map(str, value))) if isinstance(value, frozenset) else str(value).lower()
