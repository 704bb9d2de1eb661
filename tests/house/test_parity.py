"""Whatever the console can do, commands and API can: every page and form of it has its command and its address."""

from __future__ import annotations

from importlib import import_module
from typing import Any, cast

import pytest
from typer.main import get_command

from gateway.api.app import build_api
from gateway.cli.tree import COMMANDS
from gateway.console.routes import PAGES

OF_A_BROWSER = {"/static/{name}", "/sign-in", "/sign-in/provider", "/sign-in/return", "/language", "/sign-out"}
"""What only a browser needs: a key stands in for signing in and out."""

ELSEWHERE = {
    "GET /": ("books", "GET /v1/ops/overview"),
    "POST /search": ("log list", "POST /v1/ops/search"),
    "GET /log": ("log list", "GET /v1/ops/attempts"),
    "GET /log/follow": ("tail", "GET /v1/ops/attempts"),
    "POST /log/views": ("log save", "POST /v1/ops/views"),
    "POST /log/views/{view}/drop": ("log drop", "POST /v1/ops/views/{view}/drop"),
    "GET /reports/{report}": ("report show", "GET /v1/ops/reports/{report}"),
    "POST /reports/{report}/reveal": ("report show", "POST /v1/ops/reports/{report}/reveal"),
    "GET /parked": ("handoff list", "GET /v1/ops/queues"),
    "GET /parked/preview": ("handoff redrive", "POST /v1/ops/handoffs/redrive"),
    "POST /parked/preview": ("handoff redrive", "POST /v1/ops/handoffs/redrive"),
    "POST /parked/redrive": ("handoff redrive", "POST /v1/ops/handoffs/redrive"),
    "POST /parked/undo": ("handoff undo", "POST /v1/ops/handoffs/redrive/undo"),
    "POST /parked/cancel": ("handoff cancel", "POST /v1/ops/handoffs/cancel"),
    "GET /uncertain": ("handoff list", "GET /v1/ops/queues"),
    "POST /uncertain/resolve": ("handoff resolve", "POST /v1/ops/handoffs/resolve"),
    "GET /alerts": ("alert list", "GET /v1/ops/alerts"),
    "GET /daily": ("daily", "GET /v1/ops/daily"),
    "GET /daily/pdf": ("daily", "GET /v1/ops/daily"),
    "GET /daily/csv": ("daily", "GET /v1/ops/daily"),
    "GET /daily/chart/{name}": ("daily", "GET /v1/ops/daily/charts/{name}"),
    "GET /destinations/{name}/preview": ("destination preview", "GET /v1/ops/destinations/{name}/preview"),
    "POST /rules/try": ("route simulate", "POST /v1/ops/rules/try"),
    "GET /destinations": ("destination list", "GET /v1/ops/destinations"),
    "GET /destinations/{name}": ("destination list", "GET /v1/ops/destinations/{name}"),
    "POST /destinations/{name}/pause": ("destination pause", "POST /v1/ops/destinations/{name}/pause"),
    "POST /destinations/{name}/resume": ("destination resume", "POST /v1/ops/destinations/{name}/resume"),
    "POST /destinations/{name}/test": ("destination test", "POST /v1/ops/destinations/{name}/test"),
    "GET /channels": ("channel list", "GET /v1/ops/channels"),
    "POST /channels/{name}/keys": ("channel key add", "POST /v1/ops/channels/{name}/keys"),
    "POST /channels/keys/{key}/revoke": ("channel key revoke", "POST /v1/ops/channels/keys/{key}/revoke"),
    "GET /rules": ("route explain", "GET /v1/ops/rules"),
    "GET /journal": ("verify", "GET /v1/ops/journal"),
    "POST /journal/verify": ("verify", "POST /v1/ops/journal/verify"),
    "GET /users": ("user list", "GET /v1/ops/users"),
    "POST /users": ("user add", "POST /v1/ops/users"),
    "POST /users/{name}/role": ("user role", "POST /v1/ops/users/{name}/role"),
    "POST /users/{name}/lock": ("user lock", "POST /v1/ops/users/{name}/lock"),
    "POST /users/{name}/password": ("user password", "POST /v1/ops/users/{name}/password"),
    "GET /review": ("review list", "GET /v1/review"),
    "POST /review/release": ("review release", "POST /v1/review/{report}/release"),
    "POST /review/give-up": ("review reject", "POST /v1/review/{report}/reject"),
    "POST /review/undo": ("review undo", "POST /v1/review/undo"),
    "POST /review/merge": ("review merge", "POST /v1/review/{report}/merge"),
    "POST /review/correct": ("review correct", "POST /v1/review/{report}/correct"),
    "POST /review/onward": ("route reroute", "POST /v1/review/{report}/onward"),
    "POST /review/close": ("review reject", "POST /v1/review/{report}/reject"),
    "POST /review/export": ("review export", "POST /v1/review/export"),
    "POST /review/unlink": ("review unlink", "POST /v1/review/{report}/unlink"),
    "GET /files": ("file list", "GET /v1/ops/files"),
    "POST /files/release": ("file release", "POST /v1/ops/files/{file}/release"),
    "POST /files/keep": ("file keep", "POST /v1/ops/files/{file}/keep"),
    "GET /me": ("user sessions", "GET /v1/ops/sessions"),
    "POST /me/password": ("user password", "POST /v1/ops/me/password"),
    "POST /me/sessions/{session}/end": ("user end-session", "POST /v1/ops/sessions/{session}/end"),
    "GET /audit": ("audit", "GET /v1/ops/audit"),
}
"""Of each page of the console, by method and path: the command and the address of the API that do the same."""


def addresses() -> set[str]:
    """Every method and path of the API."""
    paths: dict[str, dict[str, Any]] = build_api(cast("Any", None)).openapi()["paths"]
    return {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}


def is_command(words: str) -> bool:
    """Whether these words call a command."""
    first, *rest = words.split()
    module = next((entry.module for entry in COMMANDS if entry.name == first), None)
    command: Any = get_command(import_module(f"gateway.cli.{module}").app) if module else None
    for word in rest:
        command = getattr(command, "commands", {}).get(word)
    return command is not None


def test_every_page_of_the_console_is_in_the_table() -> None:
    pages = {f"{page.method} {page.path}" for page in PAGES if page.path not in OF_A_BROWSER}
    assert pages == ELSEWHERE.keys()


def test_every_address_of_the_table_is_there() -> None:
    assert {address for _, address in ELSEWHERE.values()} - addresses() == set()


@pytest.mark.parametrize("words", sorted({words for words, _ in ELSEWHERE.values()}))
def test_every_command_of_the_table_is_there(words: str) -> None:
    assert is_command(words)
