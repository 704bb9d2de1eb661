"""Forms whose session ended while they were filled in: nothing is done, and nothing that was typed is lost."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx
import pytest

from gateway.console.desk import BASE
from gateway.console.kept import KEPT_COOKIE
from gateway.console.sessions import COOKIE, IDLE, SIGN_IN_COOKIE, WHOLE
from gateway.console.texts import told
from gateway.ledger.set_aside import list_parked
from gateway.ledger.workers import register
from gateway.roles import Role
from schemas.handoff import HandoffState, ParkStage
from tests.integration.console.stand import PASSWORD, Stand, post
from tests.integration.console.test_sign_in import try_to_sign_in
from tests.integration.ledger.doing import brought_to, handoff, keep
from tests.integration.ledger.making import SP4N, a_report, a_worker

TYPED = "bukan <laporan>"
KEPT = 'value="bukan &lt;laporan&gt;"'
REVIEW = f"{BASE}/review?stage=screen"


async def begun(stand: Stand, name: str = "ani") -> httpx.AsyncClient:
    """A reviewer who has signed in with a password, before a report that waits."""
    await stand.add_person(name, Role.REVIEWER)
    await keep(stand.desk.ledger, a_report("wamid.1", parked=ParkStage.SCREEN))
    browser = stand.browser()
    await try_to_sign_in(browser, PASSWORD, name)
    page = (await browser.get(REVIEW)).text
    token = re.search(r'name="csrf" value="([0-9a-f]+)"', page)
    assert token is not None
    browser.headers["x-csrf"] = token[1]
    return browser


async def give_up(stand: Stand, browser: httpx.AsyncClient, **more: str) -> httpx.Response:
    (held,) = await stand.desk.ledger.read(list_parked)
    return await post(browser, "/review/give-up", here=REVIEW, id=str(held.id), why=TYPED, **more)


@pytest.mark.parametrize("pause", [IDLE, WHOLE])
async def test_who_signs_in_again_finds_the_form_as_it_was_and_presses_once_more(
    stand: Stand, pause: timedelta
) -> None:
    browser = await begun(stand)
    stand.clock.at += pause
    late = await give_up(stand, browser)
    assert late.status_code == 303
    door = await browser.get(late.headers["location"])
    assert told("id", "sign_in.kept") in door.text
    entered = await try_to_sign_in(browser, PASSWORD, next=REVIEW)
    page = await browser.get(entered.headers["location"])
    assert (page.status_code, KEPT in page.text, " checked" in page.text) == (200, True, True)
    assert told("id", "returned.session") in page.text
    assert len(await stand.desk.ledger.read(list_parked)) == 1
    assert KEPT not in (await browser.get(REVIEW)).text


async def test_nobody_else_is_shown_what_was_typed(stand: Stand) -> None:
    browser = await begun(stand)
    await stand.add_person("budi", Role.REVIEWER)
    stand.clock.at += IDLE
    await give_up(stand, browser)
    await try_to_sign_in(browser, PASSWORD, "budi")
    page = await browser.get(REVIEW)
    assert (page.status_code, KEPT in page.text) == (200, False)


async def test_what_no_page_of_ours_sent_is_not_kept(stand: Stand) -> None:
    browser = await begun(stand)
    stand.clock.at += IDLE
    browser.headers["x-csrf"] = "0" * 64
    late = await give_up(stand, browser)
    assert (late.headers["location"], KEPT_COOKIE in browser.cookies) == (f"{BASE}/sign-in", False)


async def test_what_is_too_long_for_a_cookie_is_not_half_kept(stand: Stand) -> None:
    browser = await begun(stand)
    stand.clock.at += IDLE
    late = await give_up(stand, browser, into="x" * 4000)
    assert (late.status_code, KEPT_COOKIE in browser.cookies) == (303, False)
    assert told("id", "sign_in.ended") in (await browser.get(late.headers["location"])).text


async def test_a_password_is_never_kept(stand: Stand) -> None:
    browser = await begun(stand)
    stand.clock.at += IDLE
    await post(browser, "/me/password", here=f"{BASE}/me", old=PASSWORD, new="kuda laut biru sekali")
    entered = await try_to_sign_in(browser, PASSWORD, next=f"{BASE}/me")
    page = await browser.get(entered.headers["location"])
    assert (told("id", "returned.session") in page.text, "kuda laut" in page.text) == (True, False)


@pytest.mark.parametrize(("site", "kept"), [("same-origin", True), ("cross-site", False), (None, False)])
async def test_a_form_of_an_earlier_session_comes_back_only_to_where_it_came_from(
    stand: Stand, site: str | None, kept: bool
) -> None:
    browser = await begun(stand)
    browser.headers["x-csrf"] = "0" * 64
    if site:
        browser.headers["sec-fetch-site"] = site
    answer = await give_up(stand, browser)
    assert (answer.status_code, KEPT in answer.text) == (403, kept)
    assert told("id", "returned.token" if kept else "cause.form_expired") in answer.text
    assert len(await stand.desk.ledger.read(list_parked)) == 1


async def test_signing_in_on_a_page_that_was_open_too_long_asks_for_the_password_once_more(stand: Stand) -> None:
    await stand.add_person("ani")
    browser = stand.browser()
    fields = {"name": "ani", "password": PASSWORD, "here": f"{BASE}/sign-in?next={BASE}/log", "csrf": "x"}
    answer = await browser.post(f"{BASE}/sign-in", data=fields)
    assert (answer.status_code, 'value="ani"' in answer.text, f'value="{BASE}/log"' in answer.text) == (403, True, True)
    assert (SIGN_IN_COOKIE in browser.cookies, PASSWORD in answer.text) == (True, False)


async def test_a_sign_in_that_lacks_something_says_what_and_keeps_the_name(stand: Stand) -> None:
    await stand.add_person("ani")
    answer = await try_to_sign_in(stand.browser(), "", here=f"{BASE}/sign-in")
    assert (answer.status_code, 'value="ani"' in answer.text) == (422, True)
    assert told("id", "error.needed", field=told("id", "field.password")) in answer.text
    wrong = await try_to_sign_in(stand.browser(), "bukan kata sandinya")
    assert (wrong.status_code, 'value="ani"' in wrong.text, "autofocus" in wrong.text) == (403, True, True)


async def test_a_cancelling_that_comes_too_late_is_previewed_once_more_with_its_reason(stand: Stand) -> None:
    worker = a_worker()
    await stand.desk.ledger.write(register, worker)
    row = await brought_to(stand.desk.ledger, worker, HandoffState.PARKED, a_report("wamid.1", SP4N))
    browser = await stand.signed_in(Role.OPERATOR)
    chosen = {"here": f"{BASE}/parked/preview", "id": str(row.id), "action": "cancel"}
    stand.clock.at += IDLE
    late = await post(browser, "/parked/cancel", why=TYPED, **chosen)
    assert late.headers["location"].endswith("next=%2Fconsole%2Fparked%2Fpreview")
    again = await stand.signed_in(Role.OPERATOR, "again")
    again.cookies.set(KEPT_COOKIE, browser.cookies[KEPT_COOKIE])
    page = await again.get(f"{BASE}/parked/preview")
    assert (page.status_code, KEPT in page.text, "Batalkan 1 kiriman?" in page.text) == (200, True, True)
    assert (await handoff(stand.desk.ledger, row.id)).state is HandoffState.PARKED


async def test_a_preview_of_nothing_leads_to_the_queue(stand: Stand) -> None:
    browser = await stand.signed_in(Role.OPERATOR)
    assert (await browser.get(f"{BASE}/parked/preview")).headers["location"] == f"{BASE}/parked"


async def test_a_list_that_is_looked_at_for_long_leads_back_to_itself(stand: Stand) -> None:
    browser = await begun(stand)
    stand.clock.at += IDLE
    asked = {"hx-request": "true", "hx-current-url": f"http://console{BASE}/log?state=parked"}
    answer = await browser.get(f"{BASE}/log?state=parked", headers=asked)
    where = f"{BASE}/sign-in?next=%2Fconsole%2Flog%3Fstate%3Dparked"
    assert (answer.status_code, answer.headers["hx-redirect"]) == (204, where)
    assert browser.cookies.get(COOKIE)
