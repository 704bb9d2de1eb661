"""Signing in: with the right password only, ever more slowly with the wrong one, and for a while only."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx
import pytest

from gateway.console.desk import BASE
from gateway.console.lockout import FREE_OF_A_NAME
from gateway.console.sessions import COOKIE, IDLE, WHOLE
from gateway.roles import Role
from tests.integration.console.stand import PASSWORD, Stand


async def try_to_sign_in(browser: httpx.AsyncClient, password: str, name: str = "ani", **more: str) -> httpx.Response:
    """Fill in the form and send it."""
    form = (await browser.get(f"{BASE}/sign-in")).text
    token = re.search(r'name="csrf" value="([0-9a-f]+)"', form)
    assert token is not None
    fields = {"csrf": token[1], "name": name, "password": password, "next": f"{BASE}/log", **more}
    return await browser.post(f"{BASE}/sign-in", data=fields)


@pytest.fixture
async def person(stand: Stand) -> Stand:
    """A console with one person."""
    await stand.add_person("ani")
    return stand


async def test_the_right_password_opens_the_page_that_was_asked_for(person: Stand) -> None:
    browser = person.browser()
    answer = await try_to_sign_in(browser, PASSWORD)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{BASE}/log")
    assert (await browser.get(f"{BASE}/log")).status_code == 200


async def test_the_cookie_is_kept_from_scripts_and_other_sites(person: Stand) -> None:
    answer = await try_to_sign_in(person.browser(), PASSWORD)
    cookie = next(one for one in answer.headers.get_list("set-cookie") if one.startswith(f"{COOKIE}="))
    assert [word in cookie for word in ("HttpOnly", "SameSite=lax", f"Path={BASE}")] == [True] * 3


@pytest.mark.parametrize(("name", "password"), [("ani", "wrong password here"), ("nobody", PASSWORD)])
async def test_a_wrong_password_and_an_unknown_name_are_answered_alike(person: Stand, name: str, password: str) -> None:
    answer = await try_to_sign_in(person.browser(), password, name)
    assert (answer.status_code, "Nama atau kata sandi salah" in answer.text) == (403, True)


async def test_nobody_is_led_to_another_site(person: Stand) -> None:
    answer = await try_to_sign_in(person.browser(), PASSWORD, next="https://elsewhere.example/console/")
    assert answer.headers["location"] == f"{BASE}/"


async def test_after_some_slips_even_the_right_password_must_wait(person: Stand) -> None:
    browser = person.browser()
    for _ in range(FREE_OF_A_NAME):
        await try_to_sign_in(browser, "wrong password here")
    early = await try_to_sign_in(browser, PASSWORD)
    person.clock.at += timedelta(seconds=15)
    assert (early.status_code, (await try_to_sign_in(browser, PASSWORD)).status_code) == (429, 303)


@pytest.mark.parametrize(("still", "expected"), [(IDLE - timedelta(seconds=1), 200), (IDLE, 303)])
async def test_a_session_ends_when_nobody_uses_it(stand: Stand, still: timedelta, expected: int) -> None:
    browser = await stand.signed_in(Role.VIEWER)
    stand.clock.at += still
    assert (await browser.get(f"{BASE}/log")).status_code == expected


async def test_a_session_ends_after_a_shift_however_it_is_used(stand: Stand) -> None:
    browser = await stand.signed_in(Role.VIEWER)
    statuses = []
    for _ in range(int(WHOLE / (IDLE / 2))):
        stand.clock.at += IDLE / 2
        statuses.append((await browser.get(f"{BASE}/log")).status_code)
    assert (set(statuses[:-1]), statuses[-1]) == ({200}, 303)


async def test_who_signed_out_is_out(stand: Stand) -> None:
    browser = await stand.signed_in(Role.VIEWER)
    await browser.post(f"{BASE}/sign-out", data={"csrf": browser.headers["x-csrf"]})
    assert (await browser.get(f"{BASE}/log")).status_code == 303


async def test_a_console_without_users_says_how_to_make_one(stand: Stand) -> None:
    answer = await stand.browser().get(f"{BASE}/")
    assert (answer.status_code, "sp4n-gateway user add" in answer.text) == (404, True)


async def test_the_language_is_remembered(person: Stand) -> None:
    browser = person.browser()
    await browser.get(f"{BASE}/language?to=en")
    assert "Sign in to the console" in (await browser.get(f"{BASE}/sign-in")).text
