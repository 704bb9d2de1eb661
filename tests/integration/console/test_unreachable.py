"""While the ledger cannot be reached a form is answered with itself: it is sent once more when the ledger is back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import httpx

from gateway.console.app import build_console
from gateway.console.desk import BASE
from gateway.console.texts import told
from gateway.ledger import Ledger
from gateway.roles import Role
from schemas.errors import LedgerUnavailable
from tests.integration.console.stand import Stand, post


class Gone:
    """A ledger that nobody reaches."""

    async def read(self, *_: Any, **__: Any) -> Any:
        """Fail as a ledger does."""
        raise LedgerUnavailable("the database cannot be reached")

    write = read


async def cut_off(stand: Stand) -> httpx.AsyncClient:
    """A browser whose user signed in before the ledger went away."""
    browser = await stand.signed_in(Role.REVIEWER)
    desk = replace(stand.desk, ledger=cast("Ledger", Gone()))
    away = Stand(desk, build_console(desk), stand.clock).browser(**dict(browser.cookies))
    away.headers["x-csrf"] = browser.headers["x-csrf"]
    return away


async def test_what_was_typed_is_sent_once_more_by_the_button_of_the_answer(stand: Stand) -> None:
    browser = await cut_off(stand)
    answer = await post(browser, "/review/give-up", here=f"{BASE}/review", why="bukan <laporan>", id=["1", "2"])
    token = browser.headers["x-csrf"]
    kept = [f'name="{name}" value="{value}"' for name, value in (("why", "bukan &lt;laporan&gt;"), ("id", "2"))]
    assert (answer.status_code, [text in answer.text for text in [*kept, f'value="{token}"']]) == (503, [True] * 3)
    assert f'action="{BASE}/review/give-up"' in answer.text
    assert told("id", "error.busy") in answer.text
    assert "the database" not in answer.text


async def test_a_page_is_asked_for_once_more_and_a_password_is_never_repeated(stand: Stand) -> None:
    browser = await cut_off(stand)
    page = await browser.get(f"{BASE}/log?state=parked")
    assert (page.status_code, f'href="{BASE}/log?state=parked"' in page.text) == (503, True)
    answer = await post(browser, "/me/password", here=f"{BASE}/me", old="rahasia lama", new="rahasia baru")
    assert (answer.status_code, "rahasia" in answer.text) == (503, False)
