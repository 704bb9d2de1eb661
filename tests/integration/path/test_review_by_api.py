"""The review queue by the API: listed, shown, corrected, released, given up, merged and unlinked, under who did it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway.console.desk import BASE
from gateway.ledger.actions import list_actions
from gateway.ledger.user_keys import add_user_key
from gateway.ledger.users import UserRow, add_user
from gateway.roles import Role
from gateway.user_access import make_user_key
from schemas.handoff import HandoffState
from tests.integration.backends import EMBEDDED, backend
from tests.integration.installation import SP4N, Installation, installation
from tests.integration.path.test_withheld import browser_of, commands_of

QUEUE = "/v1/review"
PRANK = "bang pinjem duit dong buat topup, nanti diganti dua kali"
LAMP = "Lampu jalan di Jl. Merdeka depan SDN 3 Cimahi padam sejak Senin, gelap sekali, kemarin ada yang jatuh"


class Officer:
    """Somebody with a key of their own."""

    def __init__(self, it: Installation, key: str) -> None:
        self.it, self.headers = it, {"authorization": f"Bearer {key}"}

    async def get(self, path: str = "", **query: Any) -> httpx.Response:
        return await self.it.api.get(f"{QUEUE}{path}", headers=self.headers, params=query)

    async def post(self, path: str, **fields: Any) -> httpx.Response:
        return await self.it.api.post(f"{QUEUE}{path}", headers=self.headers, json=fields)


async def officer(it: Installation, name: str, role: Role) -> Officer:
    now = it.gateway.clock.now()
    await it.ledger.write(add_user, UserRow(name, role, "no password", now, now), "uji")
    row, key = make_user_key(name, os.urandom(40), now)
    await it.ledger.write(add_user_key, row, "uji")
    return Officer(it, key)


async def set_aside(it: Installation, *texts: str) -> list[str]:
    accepted = await it.post(*({"message_id": f"m-{text}", "content": text} for text in texts))
    return [one["tracking_code"] for one in accepted]


async def test_what_waits_is_decided_by_whoever_may(tmp_path: Path) -> None:
    with backend(EMBEDDED, tmp_path) as place:
        async with installation(tmp_path, place) as it:
            first, second, third = await set_aside(it, PRANK, "tes tes 123", "asdfghjkl qwertyuiop")
            [lead] = await set_aside(it, LAMP)
            ani, tamu = await officer(it, "ani", Role.OPERATOR), await officer(it, "tamu", Role.VIEWER)

            page = (await ani.get(limit=2)).json()
            assert [row["tracking_code"] for row in page["rows"]] == [first, second]
            rest = (await ani.get(limit=2, after=page["next"])).json()
            assert ([row["tracking_code"] for row in rest["rows"]], rest["next"]) == ([third], None)
            assert page["rows"][0]["released_at"] > page["rows"][0]["waiting_since"]
            assert (await tamu.post(f"/{first}/reject", why="iseng")).status_code == 403

            shown = (await ani.get(f"/{first}")).json()
            assert shown["decision"]["verdict"]["findings"]
            assert PRANK not in str(shown)

            wrong = await ani.post(f"/{first}/correct", category_id=999_999)
            assert wrong.status_code == 422
            changed = (await ani.post(f"/{first}/correct", category_id=1398, region_code="32.77")).json()["changed"]
            assert changed == {"category_id": [None, 1398], "region_code": [None, "32.77"]}
            sent = await ani.post(f"/{first}/release")
            assert (sent.json()["tracking_code"], sent.json()["destinations"]) == (first, [SP4N])
            assert (await it.settled(first))[SP4N].state is HandoffState.DELIVERED
            assert (await ani.post(f"/{first}/release")).status_code == 409

            assert (await ani.post(f"/{second}/reject", why=" ")).status_code == 422
            rejected = (await ani.post(f"/{second}/reject", why="hanya mencoba")).json()
            assert (rejected["waiting_since"], rejected["actions"][0]["actor"]) == (None, "ani")

            assert (await ani.post(f"/{third}/merge", into=third)).status_code == 422
            merged = (await ani.post(f"/{third}/merge", into=lead)).json()
            assert merged["follows"] == lead
            assert (await ani.get(f"/{lead}")).json()["supporters"] == [third]
            alone = (await ani.post(f"/{third}/unlink", why="bukan ulangan")).json()
            assert alone["destinations"] == [SP4N]
            assert (await ani.get()).json()["rows"] == []
            done = {row.action for row in await it.ledger.read(list_actions, actor="ani", limit=50)}
            assert done >= {"correct", "release", "cancel_parked", "link", "unlink"}


async def test_a_joke_with_a_word_of_danger_waits_marked_as_urgent(tmp_path: Path) -> None:
    with backend(EMBEDDED, tmp_path) as place:
        async with installation(tmp_path, place) as it:
            [code] = await set_aside(it, "wkwkwk gabut iseng kebakaran")
            ani = await officer(it, "ani", Role.REVIEWER)
            [row] = (await ani.get()).json()["rows"]
            assert (row["tracking_code"], row["verdict"], row["is_priority"]) == (code, "ask", True)


async def test_commands_api_and_console_show_emergencies_first_and_then_the_soonest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with backend(EMBEDDED, tmp_path) as place:
        async with installation(tmp_path, place) as it:
            [greeting, prank, other, urgent] = [
                (await set_aside(it, text))[0]
                for text in ("halo", PRANK, "asdfghjkl qwertyuiop", "wkwkwk gabut iseng kebakaran")
            ]
            wanted = [urgent, prank, other, greeting]
            ani = await officer(it, "ani", Role.OPERATOR)
            rows = (await ani.get()).json()["rows"]
            assert [row["tracking_code"] for row in rows] == wanted
            assert [row["is_priority"] for row in rows] == [True, False, False, False]
            browser, _ = await browser_of(it, "ani")
            shown = (await browser.get(f"{BASE}/review")).text
            listed = await commands_of(it, tmp_path, monkeypatch)("review", "list", "--json")
            for page in (shown, listed):
                assert sorted(wanted, key=page.index) == wanted
            assert shown.count("DARURAT") == 1
